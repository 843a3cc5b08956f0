/* The order of a run's steps as far as it matters, and sets of such orders. Internal to explore.
 *
 * Two runs that differ only in the order of independent steps (footprint.h) have the same steps and
 * the same relation "happened before" between them, and so one hash; it is made of goroutines'
 * identities, what they did, and vector clocks, never of ids, which depend on the schedule. */
#ifndef CCLAB_HARNESS_EXPLORE_ORDER_H
#define CCLAB_HARNESS_EXPLORE_ORDER_H

#include "harness/explore/search.h"

/* A set of hashes. */
struct order_set {
    uint64_t *slots; /* 0: free */
    size_t cap;
    size_t count;
};
/* True if the hash is new. */
bool order_set_add(struct order_set *set, uint64_t hash) RT_NONNULL;
void order_set_free(struct order_set *set) RT_NONNULL;

struct order_watch;
/* Watches runs that any source decides. The caller owns it, and ends it with order_watch_free(). */
struct order_watch *order_watch_new(void);
/* The source for one run; `from` decides. */
const struct rt_source *order_watch_begin(
        struct order_watch *w, const struct rt_source *from) RT_NONNULL;
/* After the run: its hash. */
uint64_t order_watch_end(struct order_watch *w) RT_NONNULL;
void order_watch_free(struct order_watch *w);

#endif
