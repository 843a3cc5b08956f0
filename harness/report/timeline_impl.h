/* What a timeline has collected. Internal to report. */
#ifndef CCLAB_HARNESS_REPORT_TIMELINE_IMPL_H
#define CCLAB_HARNESS_REPORT_TIMELINE_IMPL_H

#include "harness/report/timeline.h"

enum row_weight {
    ROW_OP,    /* a lock, a channel operation: only with all_ops */
    ROW_STORY, /* what a reader wants to see */
};

struct row {
    int64_t time_ns;
    uint32_t fiber; /* id; 0: none */
    enum row_weight weight;
    enum rt_op_kind op; /* of a step; YIELD for notes and choices */
    bool marked;        /* a choice other than 0 led to it */
    char *text;
};

/* A goroutine that has rows. */
struct lane_owner {
    char *name; /* "peer/ProcessProposal" */
    bool seen;
};

struct timeline {
    struct rt_sink sink;
    struct row *rows;
    size_t count;
    size_t cap;
    struct lane_owner *owners; /* by fiber id */
    size_t owner_count;
    bool switched; /* the last choice of a goroutine was not 0 */
};

#endif
