/* Fields that are shared without a lock: in runs that look for data races, each access is a
 * scheduling point, a field has an id like any other object, and remembers the last read and the
 * last write of each agent. */
#include "model/rt/order.h"
#include "model/rt/race.h"

#include <string.h>

_Thread_local bool rt_shared_watched;

/* The last accesses of one agent; a time of 0 stands for none. */
struct mine {
    uint32_t slot;
    uint32_t read_time;
    uint32_t write_time;
    struct rt_access read;
    struct rt_access write;
};

struct rt_field {
    const void *address;
    uint32_t object;
    struct mine *accesses;
    uint32_t count;
    uint32_t cap;
};

/* ---- the table of fields ---- */

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

static struct rt_field *find(struct rt *rt, const void *address)
{
    if (!rt->fields || rt->fields_len > rt->fields_mask / 2)
        grow(rt);
    struct rt_field *field = slot(rt->fields, rt->fields_mask, address);
    if (!field->address) {
        field->address = address;
        rt->fields_len++;
    }
    return field;
}

static struct mine *accesses_of(struct rt_field *field, uint32_t slot)
{
    for (uint32_t i = 0; i < field->count; i++) {
        if (field->accesses[i].slot == slot)
            return &field->accesses[i];
    }
    rt_reserve(field->accesses, field->cap, field->count + 1);
    struct mine *mine = &field->accesses[field->count++];
    mine->slot = slot;
    return mine;
}

/* ---- races ---- */

static bool same_goroutine(const struct rt_access *a, const struct rt_access *b)
{
    return a->proc == b->proc && strcmp(a->goroutine, b->goroutine) == 0;
}

static bool known(const struct rt *rt, const char *field, const struct rt_access *a,
        const struct rt_access *b)
{
    for (size_t i = 0; i < rt->race_count; i++) {
        const struct rt_race *r = &rt->races[i];
        if (strcmp(r->field, field) == 0 &&
                ((same_goroutine(&r->first, a) && same_goroutine(&r->second, b)) ||
                        (same_goroutine(&r->first, b) && same_goroutine(&r->second, a))))
            return true;
    }
    return false;
}

/* The first agent's access was at `time`; the second one knows of it up to `seen`. */
static void report(struct rt *rt, const char *field, const struct rt_access *first,
        const struct rt_agent *by, uint32_t time, const struct rt_access *second, uint32_t seen)
{
    if (known(rt, field, first, second))
        return;
    rt_reserve(rt->races, rt->race_cap, rt->race_count + 1);
    struct rt_race *race = &rt->races[rt->race_count++];
    *race = (struct rt_race){ .field = field,
        .first = *first,
        .second = *second,
        .next_kind = RT_OP_KIND_COUNT,
        .known_kind = RT_OP_KIND_COUNT };
    if (time <= by->release_count) {
        race->next_kind = by->releases[time - 1].kind;
        race->next_name = by->releases[time - 1].name;
    }
    if (seen > 0) {
        race->known_kind = by->releases[seen - 1].kind;
        race->known_name = by->releases[seen - 1].name;
    }
}

static void compare(struct rt *rt, const struct rt_agent *a, const char *name,
        const struct mine *other, const struct rt_access *access)
{
    uint32_t seen = rt_clock_get(&a->clock, other->slot);
    const struct rt_agent *by = rt->agents.items[other->slot - 1];
    if (other->write_time > seen)
        report(rt, name, &other->write, by, other->write_time, access, seen);
    if (access->write && other->read_time > seen)
        report(rt, name, &other->read, by, other->read_time, access, seen);
}

void rt_order_access(struct rt *rt, struct rt_agent *a, const void *key, const char *name,
        bool write, const char *file, const char *function, int line)
{
    struct rt_access access = { .write = write,
        .file = file,
        .function = function,
        .line = line,
        .goroutine = a->name,
        .fiber = a->fiber,
        .proc = a->proc };
    for (uint32_t i = 0; i < a->lock_count && i < RT_RACE_LOCKS; i++)
        access.locks[i] = a->locks[i].name ? a->locks[i].name : "a lock";
    uint32_t own = rt_order_slot(rt, a);
    struct rt_field *field = find(rt, key);
    for (uint32_t i = 0; i < field->count; i++) {
        if (field->accesses[i].slot != own)
            compare(rt, a, name, &field->accesses[i], &access);
    }
    struct mine *mine = accesses_of(field, own);
    *(write ? &mine->write : &mine->read) = access;
    *(write ? &mine->write_time : &mine->read_time) = rt_clock_get(&a->clock, own);
}

const struct rt_race *rt_races(const struct rt *rt, size_t *count)
{
    *count = rt->race_count;
    return rt->races;
}

/* ---- the marks ---- */

static void refuse_stacks(const struct rt_fiber *f, const void *field, const char *name)
{
    const char *bottom = f->stack ? f->stack->bottom : NULL;
    const char *p = field;
    if (bottom && p >= bottom && p < bottom + f->stack->size)
        rt_die("the shared field %s is on a goroutine's stack, where its address does not last",
                name);
}

void rt_shared_at(enum rt_op_kind kind, const void *address, const char *name, const char *file,
        const char *function, int line)
{
    struct rt *rt = rt_machine_now;
    struct rt_fiber *f = rt->running;
    if (f) {
        refuse_stacks(f, address, name);
        struct rt_field *field = find(rt, address);
        if (!field->object)
            field->object = rt_object_new();
        rt_point(kind, field->object, name, file, line);
    }
    rt_order_access(
            rt, rt_order_agent(rt), address, name, kind == RT_OP_WRITE, file, function, line);
}

const void *rt_shared_address(const struct rt *rt, uint32_t object)
{
    for (size_t i = 0; rt->fields && i <= rt->fields_mask; i++) {
        if (rt->fields[i].address && rt->fields[i].object == object)
            return rt->fields[i].address;
    }
    return NULL;
}

/* ---- for people ---- */

static rt_str place(const struct rt_access *a)
{
    const char *file = a->file ? a->file : "model/rt";
    const char *slash = strrchr(file, '/');
    rt_str at =
            a->file ? rt_sprintf("%s:%d", slash ? slash + 1 : file, a->line) : rt_str_from(file);
    return a->function ? rt_sprintf("%s (%S)", a->function, at) : at;
}

static rt_str locks(const struct rt_access *a)
{
    if (!a->locks[0])
        return RT_STR("no lock");
    rt_str all = rt_str_from(a->locks[0]);
    for (size_t i = 1; i < RT_RACE_LOCKS && a->locks[i]; i++)
        all = rt_sprintf("%S and %s", all, a->locks[i]);
    return all;
}

static rt_str operation(enum rt_op_kind kind, const char *name)
{
    return rt_sprintf("%s%s%s", rt_op_kind_name(kind), name ? " " : "", name ? name : "");
}

rt_str rt_race_text(const struct rt_race *r)
{
    const struct rt_access *a = &r->first, *b = &r->second;
    rt_str next = r->next_kind == RT_OP_KIND_COUNT
                          ? RT_STR("the first has passed nothing on since then")
                          : rt_sprintf("what the first passed on next (%S) has not reached the "
                                       "second",
                                    operation(r->next_kind, r->next_name));
    rt_str heard = r->known_kind == RT_OP_KIND_COUNT
                           ? RT_STR("the second has never heard of the first")
                           : rt_sprintf("the last that the second has heard of the first is from "
                                        "before (%S)",
                                     operation(r->known_kind, r->known_name));
    return rt_sprintf("%s: %s by %s in %S holding %S, and %s by %s in %S holding %S, in no order: "
                      "%S; %S",
            r->field, a->write ? "written" : "read", a->goroutine, place(a), locks(a),
            b->write ? "written" : "read", b->goroutine, place(b), locks(b), next, heard);
}
