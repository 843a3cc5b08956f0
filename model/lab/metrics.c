/* Follows core/chaincode/metrics.go. */
#include "model/lab/metrics.h"

#include "model/rt/arena.h"

const struct metric_opts metric_launch_duration = { "chaincode_launch_duration", true,
    { "chaincode", "success" } };
const struct metric_opts metric_launch_failures = { "chaincode_launch_failures", false,
    { "chaincode" } };
const struct metric_opts metric_launch_timeouts = { "chaincode_launch_timeouts", false,
    { "chaincode" } };
const struct metric_opts metric_shim_requests_received = { "chaincode_shim_requests_received",
    false, { "type", "channel", "chaincode" } };
const struct metric_opts metric_shim_requests_completed = { "chaincode_shim_requests_completed",
    false, { "type", "channel", "chaincode", "success" } };
const struct metric_opts metric_shim_request_duration = { "chaincode_shim_request_duration", true,
    { "type", "channel", "chaincode", "success" } };
const struct metric_opts metric_execute_timeouts = { "chaincode_execute_timeouts", false,
    { "chaincode" } };

struct metrics *metrics_new(void)
{
    struct metrics *m = rt_new(struct metrics);
    m->last = &m->series;
    return m;
}

static size_t label_count(const struct metric_opts *opts)
{
    size_t n = 0;
    while (n < METRICS_LABELS_MAX && opts->labels[n])
        n++;
    return n;
}

static struct metric_series *find(
        struct metrics *m, const struct metric_opts *opts, const rt_str *values)
{
    size_t n = label_count(opts);
    for (struct metric_series *s = m->series; s; s = s->next) {
        size_t same = 0;
        while (s->opts == opts && same < n && rt_str_eq(s->values[same], values[same]))
            same++;
        if (s->opts == opts && same == n)
            return s;
    }
    struct metric_series *s = rt_new(struct metric_series);
    s->opts = opts;
    for (size_t i = 0; i < n; i++)
        s->values[i] = values[i];
    *m->last = s;
    m->last = &s->next;
    return s;
}

void metrics_add(struct metrics *m, const struct metric_opts *opts, const rt_str *values)
{
    if (m)
        find(m, opts, values)->count++;
}

void metrics_observe(
        struct metrics *m, const struct metric_opts *opts, const rt_str *values, double seconds)
{
    if (!m)
        return;
    struct metric_series *s = find(m, opts, values);
    s->count++;
    s->sum += seconds;
}
