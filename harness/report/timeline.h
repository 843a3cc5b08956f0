/* A run, drawn: one column for each goroutine, virtual time downwards.
 *
 * Collects what a run tells its sink and renders it afterwards. On a wide terminal each goroutine's
 * column holds its text; otherwise columns are lanes of two characters with the text at their
 * right. A mark shows where a choice other than the dullest one was taken. Equal rows that follow
 * each other are folded. */
#ifndef CCLAB_HARNESS_REPORT_TIMELINE_H
#define CCLAB_HARNESS_REPORT_TIMELINE_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/json/spec.h"
#include "model/rt/trace.h"

struct timeline;

struct timeline_style {
    int width;  /* columns of the terminal */
    bool plain; /* ASCII only, no columns: one line an event */
    bool color;
    bool all_ops;    /* every lock and channel operation, not only what tells a story */
    int64_t from_ns; /* rows before this time are left out */
    int64_t to_ns;   /* and after this; 0: no end */
};

struct timeline *timeline_new(void);
void timeline_free(struct timeline *t);
/* To be given to a run. */
struct rt_sink *timeline_sink(struct timeline *t);
/* Draws what was collected. */
void timeline_render(const struct timeline *t, FILE *to, const struct timeline_style *style);

/* A sink that passes everything on to two others; either may be NULL. */
struct sink_tee {
    struct rt_sink sink;
    struct rt_sink *a;
    struct rt_sink *b;
};
/* The sink, which is the tee's; NULL if both are. */
struct rt_sink *sink_tee_init(struct sink_tee *tee, struct rt_sink *a, struct rt_sink *b);

/* A sink that writes JSON lines, one an event, to a stream. */
struct sink_json {
    struct rt_sink sink;
    FILE *to;
};
struct rt_sink *sink_json_init(struct sink_json *s, FILE *to);
extern const struct json_spec trace_spec; /* of a line */

#endif
