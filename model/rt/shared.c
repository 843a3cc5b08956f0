/* Fields that are shared without a lock: in runs that look for data races, each access is a
 * scheduling point, and a field has an id like any other object. */
#include "model/rt/machine.h"

struct rt_field {
    const void *address;
    uint32_t object;
};

/* Where the field is in the table, or belongs. */
static struct rt_field *slot(struct rt_field *fields, size_t mask, const void *address)
{
    uint64_t h = (uint64_t)(uintptr_t)address * 0x9e3779b97f4a7c15u;
    size_t i = (size_t)(h >> 32) & mask;
    while (fields[i].address && fields[i].address != address)
        i = (i + 1) & mask;
    return &fields[i];
}

static void grow(struct rt *rt)
{
    size_t mask = rt->fields ? 2 * rt->fields_mask + 1 : 63;
    struct rt_field *fields = rt_new_array(struct rt_field, mask + 1);
    for (size_t i = 0; rt->fields && i <= rt->fields_mask; i++) {
        if (rt->fields[i].address)
            *slot(fields, mask, rt->fields[i].address) = rt->fields[i];
    }
    rt->fields = fields;
    rt->fields_mask = mask;
}

static uint32_t field_object(struct rt *rt, const void *address)
{
    if (!rt->fields || rt->fields_len > rt->fields_mask / 2)
        grow(rt);
    struct rt_field *field = slot(rt->fields, rt->fields_mask, address);
    if (!field->address) {
        *field = (struct rt_field){ address, rt_object_new() };
        rt->fields_len++;
    }
    return field->object;
}

static void access_field(enum rt_op_kind kind, const void *field, const char *name)
{
    struct rt *rt = rt_machine_now;
    if (rt && rt->track_races && rt->running)
        rt_point(kind, field_object(rt, field), name, NULL, 0);
}

void rt_shared_read(const void *field, const char *name)
{
    access_field(RT_OP_READ, field, name);
}

void rt_shared_write(const void *field, const char *name)
{
    access_field(RT_OP_WRITE, field, name);
}
