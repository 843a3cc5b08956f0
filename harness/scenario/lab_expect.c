/* A run against what its scenario expects: each difference with the place of who expects it. */
#include <string.h>

#include "harness/scenario/lab_impl.h"
#include "mocks/orderer/orderer.h"
#include "model/committer/committer.h"

/* ---- answers ---- */

/* What is wrong about an answer, and the member of "expect" that says so. */
struct wrong {
    const char *member; /* NULL: nothing is wrong */
    rt_str text;
};

#define WRONG(member, ...) ((struct wrong){ member, rt_sprintf(__VA_ARGS__) })
static const struct wrong right;

static struct wrong check_lacks(const struct step_expect *e, const struct lab_call *call)
{
    if (call->response && rt_str_contains(call->response->message, e->lacks))
        return WRONG("lacks", "found the message %q, expected one without %q",
                call->response->message, e->lacks);
    if (call->error && rt_str_contains(call->error->text, e->lacks))
        return WRONG("lacks", "found the error %q, expected one without %q", call->error->text,
                e->lacks);
    return right;
}

/* Of those that want a response, the first that is given; NULL: none does. */
static const char *wants_response(const struct step_expect *e)
{
    return e->status != 0     ? "status"
           : e->message.data  ? "message"
           : e->contains.data ? "contains"
           : e->payload.data  ? "payload"
                              : NULL;
}

static struct wrong check_response(
        const struct step_expect *e, const struct lab_call *call, const char *wanted)
{
    const Protos__Response *r = call->response;
    if (!r && call->error)
        return WRONG(wanted, "found the error \"%v\", expected a response", call->error);
    if (!r)
        return WRONG(wanted, "found no response");
    if (e->status != 0 && r->status != e->status)
        return WRONG("status", "found status %d (%S), expected %lld", (int)r->status, r->message,
                (long long)e->status);
    if (e->message.data && !rt_str_eq(e->message, r->message))
        return WRONG("message", "found the message %q, expected %q", r->message, e->message);
    if (e->contains.data && !rt_str_contains(r->message, e->contains))
        return WRONG(
                "contains", "found the message %q, expected one with %q", r->message, e->contains);
    if (e->payload.data && !rt_str_eq(e->payload, r->payload))
        return WRONG("payload", "found the payload %q, expected %q", r->payload, e->payload);
    return right;
}

/* A response whose status is not below 400 is a failure, as for the endorser. */
static struct wrong check_no_error(const struct lab_call *call)
{
    if (call->error)
        return WRONG("no_error", "found the error %q, expected none", call->error->text);
    if (call->response && call->response->status >= 400)
        return WRONG("no_error", "found status %d (%S), expected no error",
                (int)call->response->status, call->response->message);
    return right;
}

static struct wrong check_error(const struct step_expect *e, const struct lab_call *call)
{
    if (!call->error && call->response)
        return WRONG("error", "found a response of status %d (%S), expected the error %q",
                (int)call->response->status, call->response->message, e->error);
    if (!call->error)
        return WRONG("error", "found no error, expected %q", e->error);
    return rt_str_eq(call->error->text, e->error)
                   ? right
                   : WRONG("error", "found the error %q, expected %q", call->error->text, e->error);
}

static struct wrong check_prints(const struct step_expect *e, const struct lab_call *call)
{
    rt_str prints = lab_prints(call);
    if (!prints.data)
        return WRONG(
                "prints", "found that the command succeeds, expected that it prints %q", e->prints);
    return rt_str_eq(prints, e->prints)
                   ? right
                   : WRONG("prints", "found that the command prints %q, expected %q", prints,
                             e->prints);
}

static struct wrong check_answer(const struct lab_call *call)
{
    const struct step_expect *e = call->step->expect;
    if (!e)
        return right;
    if (e->no_answer)
        return call->lost ? right : WRONG("no_answer", "found an answer, expected none");
    if (call->lost)
        return e->prints.data ? check_prints(e, call)
                              : WRONG("expect", "found no answer: the peer died");
    struct wrong wrong = e->no_error ? check_no_error(call) : right;
    if (e->prints.data)
        wrong = check_prints(e, call);
    if (wrong.member || (e->no_error && !call->response))
        return wrong;
    if (e->error.data)
        return check_error(e, call);
    bool by_error =
            call->error && e->contains.data && rt_str_contains(call->error->text, e->contains);
    wrong = e->lacks.data ? check_lacks(e, call) : right;
    const char *wanted = wants_response(e);
    return wrong.member || by_error || !wanted ? wrong : check_response(e, call, wanted);
}

static struct wrong check_code(const struct step_expect *e, const struct lab_call *call)
{
    if (!call->tx || !call->tx->committed)
        return WRONG("code", "found no commit, expected %S", e->code);
    rt_str code = tx_validation_code_string(call->tx->validation_code);
    return rt_str_eq(code, e->code) ? right : WRONG("code", "found %S, expected %S", code, e->code);
}

static struct wrong check_call_whole(const struct lab_call *call)
{
    const struct step_expect *e = call->step->expect;
    if (e && !call->check.returned)
        return WRONG("expect", "it has not returned");
    struct wrong wrong = check_answer(call);
    bool code = e && e->code.data && !e->error.data && !e->no_answer;
    return wrong.member || !code ? wrong : check_code(e, call);
}

rt_str lab_unexpected_answer(const struct lab_call *call)
{
    return check_answer(call).text;
}

rt_str lab_unexpected(const struct lab_call *call)
{
    return check_call_whole(call).text;
}

/* ---- what may be found ---- */

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

/* ---- the whole run ---- */

static int64_t running_containers(const struct lab *lab)
{
    int64_t running = 0;
    for (size_t i = 0; i < lab->container_count; i++)
        running += lab->containers[i].state == ENGINE_RUNNING;
    return running;
}

static rt_str wrong_containers(const struct lab *lab)
{
    int64_t wanted = lab->scenario->expect.containers, running = running_containers(lab);
    if (wanted < 0 || running == wanted)
        return RT_NIL;
    return rt_sprintf("found %lld %s that %s at the end, expected %lld", (long long)running,
            running == 1 ? "container" : "containers", running == 1 ? "runs" : "run",
            (long long)wanted);
}

static rt_str wrong_verdict(const struct lab *lab, enum verdict verdict)
{
    enum verdict wanted = (enum verdict)lab->scenario->expect.verdict;
    if (verdict == wanted)
        return RT_NIL;
    return rt_sprintf("found the verdict %s%s%S, expected %s", verdict_name(verdict),
            lab->reason.len > 0 ? ": " : "", lab->reason, verdict_name(wanted));
}

void lab_hold_always(struct lab *lab)
{
    if (!lab->scenario->expect.always)
        return;
    rt_str containers = wrong_containers(lab);
    if (containers.data)
        check_outcome(&lab->check, "containers", containers);
    if (lab->scenario->expect.all_struck && lab->idle_count > 0)
        check_outcome(&lab->check, "all_struck", lab->idle[0].sentence);
}

enum verdict lab_hold_verdict(struct lab *lab, enum verdict verdict)
{
    rt_str wrong = wrong_verdict(lab, verdict);
    if (!lab->scenario->expect.always || verdict != VERDICT_COMPLETED || !wrong.data)
        return verdict;
    if (!check_outcome(&lab->check, "verdict", wrong))
        return verdict;
    lab->reason = wrong;
    return VERDICT_VIOLATED;
}

/* ---- differences ---- */

struct telling {
    const struct lab *lab;
    lab_tell *tell;
    void *arg;
    size_t count;
};

static void tell(struct telling *t, const struct json_node *node, const char *member, rt_str text)
{
    const struct json_node *at = node ? json_member(node, member) : NULL;
    const struct json_node *place = at ? at : node ? node : t->lab->scenario->doc->root;
    t->count++;
    if (t->tell)
        t->tell(t->arg, json_place(t->lab->scenario->doc, place), rt_cstr(text));
}

static const struct json_node *expect_of(const struct json_node *node)
{
    const struct json_node *expect = json_member(node, "expect");
    return expect ? expect : node;
}

/* A run that does not end well may show anything. */
static bool may_show(const struct scenario *s, rt_str id)
{
    return s->expect.verdict != VERDICT_COMPLETED || scenario_allows(s, rt_cstr(id));
}

/* An answer that is always so is a finding where it is not, which may be what is expected. */
static bool is_expected_finding(const struct scenario *s, const struct lab_call *call)
{
    return call->check.wrong.data &&
           may_show(s, rt_sprintf("answer/%S/ProcessProposal", call->check.name));
}

static void tell_calls(struct telling *t)
{
    for (const struct lab_call *c = t->lab->calls; c; c = c->next) {
        struct wrong wrong = check_call_whole(c);
        if (wrong.member && !is_expected_finding(t->lab->scenario, c))
            tell(t, expect_of(c->step->node), wrong.member,
                    rt_sprintf("%S: %S", c->check.name, wrong.text));
    }
}

static void tell_findings(
        struct telling *t, const struct run_result *result, const struct json_node *expect)
{
    const struct scenario *s = t->lab->scenario;
    for (size_t i = 0; i < result->findings.count; i++) {
        const struct finding *f = &result->findings.items[i];
        if (!may_show(s, f->id) && strcmp(f->invariant, "answer") != 0) /* told with its place */
            tell(t, expect, "findings",
                    rt_sprintf("found %S: %S, which is not expected", f->id, f->text));
    }
}

size_t lab_differences(
        const struct lab *lab, const struct run_result *result, lab_tell *hear, void *arg)
{
    struct rt_arena *before = rt_arena_use(rt_machine_arena(lab->machine));
    const struct scenario *s = lab->scenario;
    struct telling t = { lab, hear, arg, 0 };
    const struct json_node *expect = expect_of(s->doc->root);
    rt_str containers = wrong_containers(lab), verdict = wrong_verdict(lab, result->verdict);
    if (s->expect.verdict != VERDICT_UNEXPECTED)
        tell_calls(&t);
    if (containers.data)
        tell(&t, expect, "containers", containers);
    for (size_t i = 0;
            i < lab->idle_count && s->expect.all_struck && s->expect.verdict != VERDICT_UNEXPECTED;
            i++)
        tell(&t, expect, "all_struck", lab->idle[i].sentence);
    tell_findings(&t, result, expect);
    bool follows = result->verdict == VERDICT_UNEXPECTED || result->verdict == VERDICT_VIOLATED ||
                   result->verdict == VERDICT_LEAK;
    if (verdict.data && (t.count == 0 || !follows)) /* else why is told above */
        tell(&t, expect, "verdict", verdict);
    rt_arena_use(before);
    return t.count;
}

bool lab_as_expected(const struct lab *lab, const struct run_result *result)
{
    return lab_differences(lab, result, NULL, NULL) == 0;
}
