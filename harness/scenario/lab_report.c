/* What happened in a run, for people, and against what was expected. */
#include <inttypes.h>
#include <stdlib.h>

#include "harness/base/out.h"
#include "harness/scenario/lab_impl.h"
#include "mocks/orderer/orderer.h"
#include "model/committer/committer.h"

/* ---- expectations ---- */

static rt_str check_lacks(const struct step_expect *e, const struct lab_call *call)
{
    if (call->response && rt_str_contains(call->response->message, e->lacks))
        return rt_sprintf(
                "found the message %q, expected one without %q", call->response->message, e->lacks);
    if (call->error && rt_str_contains(call->error->text, e->lacks))
        return rt_sprintf(
                "found the error %q, expected one without %q", call->error->text, e->lacks);
    return RT_NIL;
}

/* False if all it says is what the answer must not have. */
static bool wants_response(const struct step_expect *e)
{
    return e->status != 0 || e->message.data || e->contains.data || e->payload.data ||
           !e->lacks.data;
}

static rt_str check_response(const struct step_expect *e, const struct lab_call *call)
{
    const Protos__Response *r = call->response;
    if (!r)
        return call->error ? rt_sprintf("found the error \"%v\", expected a response", call->error)
                           : RT_STR("found no response");
    if (e->status != 0 && r->status != e->status)
        return rt_sprintf("found status %d (%S), expected %lld", (int)r->status, r->message,
                (long long)e->status);
    if (e->message.data && !rt_str_eq(e->message, r->message))
        return rt_sprintf("found the message %q, expected %q", r->message, e->message);
    if (e->contains.data && !rt_str_contains(r->message, e->contains))
        return rt_sprintf("found the message %q, expected one with %q", r->message, e->contains);
    if (e->payload.data && !rt_str_eq(e->payload, r->payload))
        return rt_sprintf("found the payload %q, expected %q", r->payload, e->payload);
    return RT_NIL;
}

static rt_str check_code(const struct step_expect *e, const struct lab_call *call)
{
    if (!call->tx || !call->tx->committed)
        return rt_sprintf("found no commit, expected %S", e->code);
    rt_str code = tx_validation_code_string(call->tx->validation_code);
    return rt_str_eq(code, e->code) ? RT_NIL : rt_sprintf("found %S, expected %S", code, e->code);
}

rt_str lab_unexpected_answer(const struct lab_call *call)
{
    const struct step_expect *e = call->step->expect;
    if (!e)
        return RT_NIL;
    if (e->no_answer)
        return call->lost ? RT_NIL : RT_STR("found an answer, expected none");
    if (call->lost)
        return RT_STR("found no answer: the peer died");
    struct rt_error *err = call->error;
    if (e->no_error && err)
        return rt_sprintf("found the error %q, expected none", err->text);
    if (e->no_error && !call->response)
        return RT_NIL;
    if (e->error.data) {
        if (!err)
            return rt_sprintf("found a response, expected the error %q", e->error);
        return rt_str_eq(err->text, e->error)
                       ? RT_NIL
                       : rt_sprintf("found the error %q, expected %q", err->text, e->error);
    }
    bool by_error = err && e->contains.data && rt_str_contains(err->text, e->contains);
    rt_str wrong = e->lacks.data ? check_lacks(e, call) : RT_NIL;
    if (!wrong.data && !by_error && wants_response(e))
        wrong = check_response(e, call);
    return wrong;
}

rt_str lab_unexpected(const struct lab_call *call)
{
    const struct step_expect *e = call->step->expect;
    rt_str wrong = lab_unexpected_answer(call);
    bool code = e && e->code.data && !e->error.data && !e->no_answer;
    return wrong.data || !code ? wrong : check_code(e, call);
}

static bool begins_with_one_of(const char *id, struct json_list list)
{
    const rt_str *items = list.items;
    for (size_t i = 0; i < list.count; i++)
        if (rt_str_has_prefix(rt_str_from(id), items[i]))
            return true;
    return false;
}

bool scenario_allows(const struct scenario *s, const char *finding_id)
{
    return begins_with_one_of(finding_id, s->expect.findings) ||
           begins_with_one_of(finding_id, s->expect.must_find);
}

static int64_t running_containers(const struct lab *lab)
{
    int64_t running = 0;
    for (size_t i = 0; i < lab->container_count; i++)
        running += lab->containers[i].state == ENGINE_RUNNING;
    return running;
}

bool lab_as_expected(const struct lab *lab, const struct run_result *result)
{
    const struct scenario *s = lab->scenario;
    if ((int)result->verdict != s->expect.verdict)
        return false;
    if (s->expect.containers >= 0 && running_containers(lab) != s->expect.containers)
        return false;
    for (size_t i = 0; i < result->findings.count; i++) {
        char *id = rt_cstr_malloc(result->findings.items[i].id);
        bool allowed = s->expect.verdict != VERDICT_COMPLETED || scenario_allows(s, id);
        free(id);
        if (!allowed)
            return false;
    }
    return true;
}

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
