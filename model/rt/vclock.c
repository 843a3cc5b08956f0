/* Vector clocks; their memory is the run's. */
#include "model/rt/order.h"

#include <string.h>

static void lengthen(struct rt_clock *c, uint32_t len)
{
    rt_reserve(c->at, c->cap, len);
    for (; c->len < len; c->len++)
        c->at[c->len] = 0;
}

void rt_clock_set(struct rt_clock *c, uint32_t slot, uint32_t time)
{
    lengthen(c, slot + 1);
    c->at[slot] = time;
}

void rt_clock_join(struct rt_clock *to, const struct rt_clock *from)
{
    lengthen(to, from->len);
    for (uint32_t i = 0; i < from->len; i++) {
        if (from->at[i] > to->at[i])
            to->at[i] = from->at[i];
    }
}

void rt_clock_copy(struct rt_clock *to, const struct rt_clock *from)
{
    lengthen(to, from->len);
    to->len = from->len;
    if (from->len)
        memcpy(to->at, from->at, from->len * sizeof(*from->at));
}
