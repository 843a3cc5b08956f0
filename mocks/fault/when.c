/* Which occurrences a fault hits. */
#include "mocks/fault/when.h"

#include "model/rt/chan.h"
#include "model/rt/choice.h"
#include "model/rt/clock.h"

bool fault_strikes(
        const struct fault_when *when, uint32_t *hits, uint32_t *struck, const char *label)
{
    if (rt_now_ns() < when->from_ms * RT_MS)
        return false;
    uint32_t hit = ++*hits;
    uint32_t first = when->first == 0 ? 1 : when->first;
    if (hit < first || (when->count > 0 && hit - first >= when->count))
        return false;
    if (struck)
        ++*struck;
    return !when->maybe || rt_choose(RT_CHOICE_FAULT, 2, label) != 0;
}

void fault_hang(int64_t ms)
{
    void *never = NULL;
    if (ms < 0)
        rt_recv(NULL, &never);
    else
        rt_sleep_ns(ms * RT_MS);
}
