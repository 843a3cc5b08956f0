#include "mocks/chaincode/behaviour.h"

static const char *const points[] = {
#define POINT_NAME(name, text) text,
    CHAINCODE_POINTS(POINT_NAME)
};
static const char *const deaths[] = {
#define DEATH_NAME(name, text) text,
    CHAINCODE_DEATHS(DEATH_NAME)
};
static const char *const oddities[] = {
#define ODDITY_NAME(name, text) text,
    CHAINCODE_ODDITIES(ODDITY_NAME)
};

/* The index of a name, or count. */
static size_t find(const char *const *names, size_t count, rt_str name)
{
    size_t i = 0;
    while (i < count && !rt_str_is(name, names[i]))
        i++;
    return i;
}

const char *chaincode_point_name(enum chaincode_point point)
{
    return points[point];
}

enum chaincode_point chaincode_point_from(rt_str name)
{
    return (enum chaincode_point)find(points, CHAINCODE_POINT_COUNT, name);
}

const char *chaincode_death_name(enum chaincode_death death)
{
    return deaths[death];
}

enum chaincode_death chaincode_death_from(rt_str name)
{
    return (enum chaincode_death)find(deaths, CHAINCODE_DEATH_COUNT, name);
}

const char *chaincode_oddity_name(enum chaincode_oddity oddity)
{
    return oddities[oddity];
}

enum chaincode_oddity chaincode_oddity_from(rt_str name)
{
    return (enum chaincode_oddity)find(oddities, CHAINCODE_ODDITY_COUNT, name);
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
    bool open = b->dies_at == CHAINCODE_POINT_ANY || b->dies_at == CHAINCODE_POINT_DURING_LAUNCH;
    if (b->dies_at_time != 0 && (open || b->dies_at == CHAINCODE_POINT_NEVER))
        return RT_STR("the time at which a point is passed needs one certain point");
    return RT_NIL;
}
