/* Counters with Fabric's names and labels (common/metrics, core/chaincode/metrics.go).
 *
 * A histogram keeps the number of observations and their sum. A NULL metrics counts nothing, so a
 * run that nobody asks for metrics pays nothing. */
#ifndef CCLAB_MODEL_LAB_METRICS_H
#define CCLAB_MODEL_LAB_METRICS_H

#include "model/rt/str.h"

#define METRICS_LABELS_MAX 4

/* metrics.CounterOpts, metrics.HistogramOpts. */
struct metric_opts {
    const char *name; /* "chaincode_launch_duration" */
    bool histogram;
    const char *labels[METRICS_LABELS_MAX]; /* NULL ends a shorter list */
};

/* One series: a metric with values for its labels. */
struct metric_series {
    const struct metric_opts *opts;
    rt_str values[METRICS_LABELS_MAX];
    uint64_t count;
    double sum; /* of a histogram's observations, in seconds */
    struct metric_series *next;
};

struct metrics {
    struct metric_series *series; /* in order of creation */
    struct metric_series **last;
};

/* Empty, in the current arena. */
struct metrics *metrics_new(void);
/* Counter.With(values...).Add(1); one value for each label, whose bytes are shared. */
void metrics_add(struct metrics *m, const struct metric_opts *opts, const rt_str *values);
/* Histogram.With(values...).Observe(seconds). */
void metrics_observe(
        struct metrics *m, const struct metric_opts *opts, const rt_str *values, double seconds);

extern const struct metric_opts metric_launch_duration;
extern const struct metric_opts metric_launch_failures;
extern const struct metric_opts metric_launch_timeouts;
extern const struct metric_opts metric_shim_requests_received;
extern const struct metric_opts metric_shim_requests_completed;
extern const struct metric_opts metric_shim_request_duration;
extern const struct metric_opts metric_execute_timeouts;

#endif
