/* Names of what a chaincode may do, and which behaviours make no sense. */
#include "mocks/chaincode/behaviour.h"

#include "model/rt/names.h"

const char *chaincode_point_name(enum chaincode_point point)
{
    static const char *const names[] = RT_NAMES(CHAINCODE_POINTS);
    return rt_name(names, point);
}

const char *chaincode_death_name(enum chaincode_death death)
{
    static const char *const names[] = RT_NAMES(CHAINCODE_DEATHS);
    return rt_name(names, death);
}

const char *chaincode_trait_name(enum chaincode_trait trait)
{
    static const char *const names[] = RT_NAMES(CHAINCODE_TRAITS);
    return rt_name(names, trait);
}

const char *chaincode_tls_name(enum chaincode_tls tls)
{
    static const char *const names[] = RT_NAMES(CHAINCODE_TLS);
    return rt_name(names, tls);
}

static bool negative(const struct chaincode_delay *delay)
{
    for (size_t i = 0; i < delay->count; i++)
        if (delay->ms[i] < 0)
            return true;
    return false;
}

rt_str chaincode_behaviour_check(const struct chaincode_behaviour *b)
{
    const struct chaincode_delay *const delays[] = { &b->connect_delay, &b->register_delay,
        &b->init_delay, &b->invoke_delay, &b->request_delay, &b->exit_delay, &b->notice_delay };
    for (size_t i = 0; i < sizeof delays / sizeof *delays; i++)
        if (negative(delays[i]))
            return RT_STR("a delay is negative");
    if (b->exit_code < 0 || b->exit_code > 255)
        return RT_STR("an exit code is from 0 to 255");
    if (b->oddity == CHAINCODE_ODDITY_WRONG_NAME && b->name.len == 0)
        return RT_STR("a chaincode that registers a wrong name needs that name");
    if (b->oddity != CHAINCODE_ODDITY_WRONG_NAME && b->name.len != 0)
        return RT_STR("a name is only for a chaincode that registers a wrong name");
    bool exits = b->dies_at != CHAINCODE_POINT_NEVER && b->dies_by == CHAINCODE_DEATH_EXIT;
    if (b->exit_code != 0 && !exits && b->unreachable.count == 0)
        return RT_STR("an exit code is for a chaincode that exits, or cannot reach its peer");
    if (b->panic.data && b->dies_by != CHAINCODE_DEATH_PANIC)
        return RT_STR("what it panics with is only for a chaincode that dies by panic");
    if (b->name_count > 0 && b->oddity != CHAINCODE_ODDITY_NONE)
        return RT_STR("names that it registers as, and an oddity, exclude each other");
    if (b->name_count > 0 && b->names[0].new_stream)
        return RT_STR("the first name is registered on the first stream");
    for (size_t i = 0; i < b->name_count; i++)
        if (b->names[i].closes && !b->names[i].new_stream)
            return RT_STR("after a stream is closed the next name needs a new one");
    if (b->tls == CHAINCODE_TLS_OTHER && b->certificate_of.len == 0)
        return RT_STR("a chaincode with another's certificate needs certificate_of");
    if (b->tls != CHAINCODE_TLS_OTHER && b->certificate_of.len != 0)
        return RT_STR("certificate_of is only for a chaincode with another's certificate");
    bool open = b->dies_at == CHAINCODE_POINT_ANY || b->dies_at == CHAINCODE_POINT_DURING_LAUNCH;
    if (b->dies_at_time != 0 && (open || b->dies_at == CHAINCODE_POINT_NEVER))
        return RT_STR("the time at which a point is passed needs one certain point");
    return RT_NIL;
}
