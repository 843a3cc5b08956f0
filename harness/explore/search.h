/* One search: a source of choices for one schedule after another. */
#ifndef CCLAB_HARNESS_EXPLORE_SEARCH_H
#define CCLAB_HARNESS_EXPLORE_SEARCH_H

#include "harness/explore/subject.h"

/* Each is 0 if it is not known. */
struct search_count {
    double estimate;   /* of the number of all schedules */
    double error;      /* of the estimate: one standard deviation */
    uint64_t blocked;  /* runs that turned out to be like others that were run */
    uint64_t distinct; /* of the rest: different orders of dependent steps, by their hash */
};

struct search {
    void *self;
    /* The source for the next schedule; NULL when every schedule has been seen. */
    const struct rt_source *(*next)(void *self);
    /* What the schedule came to. */
    void (*done)(void *self, const struct run_result *result);
    void (*end)(void *self);
    /* NULL, or what the search knows of its size so far. */
    void (*count)(void *self, struct search_count *count);
};

struct search_options {
    uint64_t seed;
    uint64_t depth;
};

struct search_info {
    const char *name;
    const char *sentence;
};
/* Names and sentences of the strategies; a NULL name ends the list. */
const struct search_info *search_list(void);
/* False after a report if there is no such strategy. */
bool search_new(const char *name, const struct search_options *options, struct search *search)
        RT_NONNULL_AT(2, 3);
/* True if one search must see all schedules in turn, so that batches make no sense. */
bool search_is_systematic(const char *name);

#endif
