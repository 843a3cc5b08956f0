/* The strategies behind struct search. Internal to explore.
 *
 * Each makes a search from its options; all state of one is its own, so that equal seeds give equal
 * schedules. A strategy decides which goroutine goes next; what else is open (faults, select cases,
 * orders of maps) is drawn evenly, except in systematic ones, which try everything in turn. */
#ifndef CCLAB_HARNESS_EXPLORE_STRATEGY_H
#define CCLAB_HARNESS_EXPLORE_STRATEGY_H

#include "harness/explore/search.h"

/* Every choice evenly. */
void strategy_random(const struct search_options *options, struct search *search);
/* Probabilistic concurrency testing: random priorities, with depth - 1 random points at which the
 * running goroutine's drops. The number of points to choose from is learnt from run to run. Long
 * runs end with a random walk, which is fair. */
void strategy_pct(const struct search_options *options, struct search *search);
/* Partial order sampling: a random priority for each pending operation, drawn anew when the
 * operation is taken or races with one that is. */
void strategy_pos(const struct search_options *options, struct search *search);
/* Uniform random walk: a goroutine is picked in proportion to the steps it has left, as learnt. */
void strategy_urw(const struct search_options *options, struct search *search);
/* Selectively uniform random walk: the same for operations on one object, another one each run. */
void strategy_surw(const struct search_options *options, struct search *search);
/* Depth first over all choices. */
void strategy_dfs(const struct search_options *options, struct search *search);
/* The same, within a number of deviations from option 0 that grows: each costs as many delays as
 * goroutines are passed over, or one preemption. */
void strategy_delay(const struct search_options *options, struct search *search);
void strategy_preempt(const struct search_options *options, struct search *search);
/* Depth first, one of each class of schedules that differ in the order of independent steps
 * only. */
void strategy_dpor(const struct search_options *options, struct search *search);
/* Random changes to earlier schedules that showed a new order of two operations on one object. */
void strategy_feedback(const struct search_options *options, struct search *search);
/* The plain run with a few random deviations. */
void strategy_few(const struct search_options *options, struct search *search);
/* Several of the above in turn. */
void strategy_portfolio(const struct search_options *options, struct search *search);

/* Starts a generator at its own place for each use of one seed. */
struct rt_rng strategy_rng(uint64_t seed, uint64_t use);
/* Uniform in [0, 1). */
double strategy_uniform(struct rt_rng *rng);
/* For strategies that learn nothing from results. */
void strategy_done_nothing(void *self, const struct run_result *result);

/* Two numbers made one, for hashes. */
static inline uint64_t strategy_mix(uint64_t a, uint64_t b)
{
    struct rt_rng rng = { a ^ b * 0x9e3779b97f4a7c15u };
    return rt_rng_next(&rng);
}

#endif
