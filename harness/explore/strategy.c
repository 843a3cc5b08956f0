/* What strategies share. */
#include "harness/explore/strategy.h"

struct rt_rng strategy_rng(uint64_t seed, uint64_t use)
{
    struct rt_rng rng = { seed ^ use * 0xd1342543de82ef95u };
    rng.state = rt_rng_next(&rng);
    return rng;
}

double strategy_uniform(struct rt_rng *rng)
{
    return (double)(rt_rng_next(rng) >> 11) * 0x1p-53;
}

void strategy_done_nothing(void *self, const struct run_result *result)
{
    (void)self;
    (void)result;
}
