/* What happened in a run, for people. */
#include <inttypes.h>
#include <stdlib.h>

#include "harness/base/out.h"
#include "harness/scenario/lab_impl.h"
#include "mocks/orderer/orderer.h"
#include "model/committer/committer.h"

/* ---- for people ---- */

static void print_call(const struct lab_call *call, FILE *to)
{
    const Protos__Response *r = call->response;
    fprintf(to, "  %-28s ", out_shown(call->check.name));
    if (call->lost)
        fprintf(to, "no answer, the peer died");
    else if (!call->check.returned)
        fprintf(to, "has not returned");
    else if (r)
        fprintf(to, "status %d%s%s%s", (int)r->status, r->message.len ? " " : "",
                out_shown(r->message),
                !call->call            ? ""
                : call->check.endorsed ? ", endorsed"
                                       : ", not endorsed");
    else if (call->error)
        fprintf(to, "error: %s", out_shown(call->error->text));
    else
        fprintf(to, "no error");
    if (call->tx && call->tx->committed)
        fprintf(to, ", %s in block %" PRIu64,
                rt_cstr(tx_validation_code_string(call->tx->validation_code)),
                call->tx->block_number);
    fputc('\n', to);
    rt_str prints = lab_prints(call);
    if (prints.data)
        fprintf(to, "    the command prints: %s\n", out_shown(prints));
}

static void print_metrics(const struct metrics *m, FILE *to)
{
    fprintf(to, "Metrics:\n");
    for (const struct metric_series *s = m->series; s; s = s->next) {
        fprintf(to, "  %s", s->opts->name);
        for (size_t i = 0; i < METRICS_LABELS_MAX && s->opts->labels[i]; i++)
            fprintf(to, "%s%s=\"%s\"", i == 0 ? "{" : ",", s->opts->labels[i],
                    out_shown(s->values[i]));
        fprintf(to, "%s %" PRIu64, s->opts->labels[0] ? "}" : "", s->count);
        if (s->opts->histogram)
            fprintf(to, ", %.3f s in all", s->sum);
        fputc('\n', to);
    }
}

static void print_idle(const struct lab *lab, FILE *to)
{
    if (lab->idle_count > 0)
        fprintf(to, "Without effect:\n");
    for (size_t i = 0; i < lab->idle_count; i++)
        fprintf(to, "  %s:%d:%d: %s\n", lab->idle[i].place.file, lab->idle[i].place.line,
                lab->idle[i].place.column, out_shown(lab->idle[i].sentence));
}

void lab_print(const struct lab *lab, FILE *to)
{
    struct rt_arena *before = rt_arena_use(rt_machine_arena(lab->machine));
    fprintf(to, "Calls:\n");
    for (const struct lab_call *c = lab->calls; c; c = c->next)
        print_call(c, to);
    fprintf(to, "Containers:%s\n", lab->container_count == 0 ? " none" : "");
    for (size_t i = 0; i < lab->container_count; i++) {
        const struct engine_container_info *c = &lab->containers[i];
        fprintf(to, "  %s (%s)%s%s\n", out_shown(c->name), engine_state_name(c->state),
                c->image.len > 0 ? ", image " : "", out_shown(c->image));
    }
    print_idle(lab, to);
    if (lab->metrics)
        print_metrics(lab->metrics, to);
    rt_arena_use(before);
}
