/* What happened in a run, for machines. */
#include "harness/explore/replay.h"
#include "harness/scenario/lab_impl.h"
#include "mocks/orderer/orderer.h"
#include "model/committer/committer.h"
#include "model/rt/names.h"

/* ---- calls ---- */

struct call_told {
    rt_str call;
    int64_t began_ns;
    int64_t returned_ns;
    bool answered;
    rt_str error;
    rt_str prints;
    bool response;
    int64_t status;
    rt_str message;
    rt_bytes payload;
    bool endorsed;
    rt_str not_ordered;
    bool committed;
    uint64_t block;
    rt_str code;
};

static bool was_answered(const void *object, bool whole)
{
    (void)whole;
    return ((const struct call_told *)object)->answered;
}

static bool has_response(const void *object, bool whole)
{
    (void)whole;
    return ((const struct call_told *)object)->response;
}

static bool was_committed(const void *object, bool whole)
{
    (void)whole;
    return ((const struct call_told *)object)->committed;
}

static const struct json_spec code = { .kind = JSON_SPEC_INT, .min = INT32_MIN, .max = INT32_MAX };

#define AT(member) offsetof(struct call_told, member)
static const struct json_field call_fields[] = {
    { "call", &json_spec_text, AT(call), .required = true, .about = "Its actor and step." },
    { "began_ns", &json_spec_count, AT(began_ns), .required = true,
            .about = "When it was made, in virtual nanoseconds." },
    { "returned_ns", &json_spec_count, AT(returned_ns), .has = was_answered,
            .about = "When it was answered." },
    { "answered", &json_spec_flag, AT(answered), .required = true,
            .about = "Whether it returned before the peer died and the run ended." },
    { "error", &json_spec_text, AT(error), .about = "Its error, if it failed." },
    { "prints", &json_spec_text, AT(prints),
            .about = "What `peer chaincode` prints if it makes this call and fails." },
    { "status", &code, AT(status), .has = has_response, .about = "Of the response." },
    { "message", &json_spec_text, AT(message), .has = has_response, .about = "Of the response." },
    { "payload", &json_spec_hex, AT(payload), .has = has_response, .about = "Of the response." },
    { "endorsed", &json_spec_flag, AT(endorsed), .has = has_response,
            .about = "Whether the response came with an endorsement." },
    { "not_ordered", &json_spec_text, AT(not_ordered),
            .about = "Why no transaction could be made of the response." },
    { "block", &json_spec_count, AT(block), .has = was_committed,
            .about = "Number of the block that its transaction is in." },
    { "code", &json_spec_text, AT(code), .has = was_committed,
            .about = "The transaction's validation code." },
    { 0 },
};
#undef AT
static const struct json_spec call_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "call",
    .about = "A call that an actor made.",
    .fields = call_fields,
    .size = sizeof(struct call_told),
};
static const struct json_spec calls_spec = { .kind = JSON_SPEC_ARRAY, .element = &call_spec };

/* What is there and empty is not left out. */
static rt_str present(rt_str text)
{
    return text.data ? text : RT_STR("");
}

static struct call_told tell_call(const struct lab_call *call)
{
    const Protos__Response *r = call->response;
    struct call_told t = {
        .call = present(call->check.name),
        .began_ns = call->check.began_ns,
        .returned_ns = call->returned_ns,
        .answered = call->check.returned && !call->lost,
        .error = call->error ? present(call->error->text) : RT_NIL,
        .prints = lab_prints(call),
        .not_ordered = call->tx_error ? present(call->tx_error->text) : RT_NIL,
    };
    if (r) {
        t.response = true;
        t.status = r->status;
        t.message = present(r->message);
        t.payload = present(r->payload);
        t.endorsed = call->check.endorsed;
    }
    if (call->tx && call->tx->committed) {
        t.committed = true;
        t.block = call->tx->block_number;
        t.code = tx_validation_code_string(call->tx->validation_code);
    }
    return t;
}

static struct json_list tell_calls(const struct lab *lab)
{
    struct json_list list = { 0 };
    for (const struct lab_call *c = lab->calls; c; c = c->next)
        list.count++;
    struct call_told *told = list.items = rt_new_array(struct call_told, list.count);
    for (const struct lab_call *c = lab->calls; c; c = c->next)
        *told++ = tell_call(c);
    return list;
}

/* ---- containers and requests ---- */

static bool has_exited(const void *object, bool whole)
{
    (void)whole;
    return ((const struct engine_container_info *)object)->state == ENGINE_EXITED;
}

static const char *const states[] = RT_NAMES(ENGINE_STATES);
static const struct json_spec state = { .kind = JSON_SPEC_WORD, .words = states };

#define AT(member) offsetof(struct engine_container_info, member)
static const struct json_field container_fields[] = {
    { "name", &json_spec_text, AT(name), .required = true, .about = "Its name." },
    { "image", &json_spec_text, AT(image), .required = true,
            .about = "What it was made of; empty in a bare launch path." },
    { "state", &state, AT(state), .required = true, .about = "As Docker calls it." },
    { "exit_code", &code, AT(exit_code), .has = has_exited, .about = "Of one that has exited." },
    { 0 },
};
#undef AT
static const struct json_spec container_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "container",
    .about = "A container that there was when the actors had ended.",
    .fields = container_fields,
    .size = sizeof(struct engine_container_info),
};
static const struct json_spec containers_spec = { .kind = JSON_SPEC_ARRAY,
    .element = &container_spec };

static struct json_list tell_containers(const struct lab *lab)
{
    struct json_list list = { NULL, lab->container_count };
    struct engine_container_info *told = list.items =
            rt_new_array(struct engine_container_info, list.count);
    for (size_t i = 0; i < list.count; i++) {
        told[i] = lab->containers[i];
        told[i].name = present(told[i].name);
        told[i].image = present(told[i].image);
    }
    return list;
}

static const struct json_spec texts_spec = { .kind = JSON_SPEC_ARRAY, .element = &json_spec_name };

static struct json_list tell_requests(const struct lab *lab)
{
    struct json_list list = { NULL, lab->request_count };
    rt_str *told = list.items = rt_new_array(rt_str, list.count);
    for (size_t i = 0; i < list.count; i++)
        told[i] = rt_sprintf("%s %S", lab->requests[i].method, lab->requests[i].uri);
    return list;
}

static struct json_list tell_idle(const struct lab *lab)
{
    struct json_list list = { NULL, lab->idle_count };
    rt_str *told = list.items = rt_new_array(rt_str, list.count);
    for (size_t i = 0; i < list.count; i++)
        told[i] = lab->idle[i].sentence;
    return list;
}

struct differences {
    rt_str *items;
    size_t count;
    size_t cap;
};

static void add_difference(void *arg, struct diag_place place, const char *difference)
{
    struct differences *d = arg;
    (void)place;
    rt_reserve(d->items, d->cap, d->count + 1);
    d->items[d->count++] = rt_str_dup(rt_str_from(difference));
}

static struct json_list tell_differences(const struct lab *lab, const struct run_result *result)
{
    struct differences d = { 0 };
    if (lab->plain)
        (void)lab_differences(lab, result, add_difference, &d);
    return (struct json_list){ d.items, d.count };
}

/* ---- metrics ---- */

struct label_told {
    rt_str name; /* first: an element of a map */
    rt_str value;
};

struct metric_told {
    const struct metric_opts *opts;
    const char *name;
    struct json_list labels;
    uint64_t count;
    double sum;
};

static bool is_histogram(const void *object, bool whole)
{
    (void)whole;
    return ((const struct metric_told *)object)->opts->histogram;
}

static const struct json_spec string = { .kind = JSON_SPEC_STRING, .min = 1 };
static const struct json_spec real = { .kind = JSON_SPEC_REAL };
static const struct json_spec labels = { .kind = JSON_SPEC_MAP, .element = &json_spec_text };

#define AT(member) offsetof(struct metric_told, member)
static const struct json_field metric_fields[] = {
    { "name", &string, AT(name), .required = true, .about = "As Fabric names it." },
    { "labels", &labels, AT(labels), .required = true, .about = "The labels' values." },
    { "count", &json_spec_count, AT(count), .required = true,
            .about = "Of a counter its value, of a histogram how often it was told something." },
    { "sum", &real, AT(sum), .has = is_histogram,
            .about = "Of a histogram: what it was told in all, in seconds." },
    { 0 },
};
#undef AT
static const struct json_spec metric_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "metric",
    .about = "A metric of the peer, with values for its labels.",
    .fields = metric_fields,
    .size = sizeof(struct metric_told),
};
static const struct json_spec metrics_spec = { .kind = JSON_SPEC_ARRAY, .element = &metric_spec };

static struct json_list tell_labels(const struct metric_series *s)
{
    struct json_list list = { 0 };
    while (list.count < METRICS_LABELS_MAX && s->opts->labels[list.count])
        list.count++;
    struct label_told *told = list.items = rt_new_array(struct label_told, list.count);
    for (size_t i = 0; i < list.count; i++)
        told[i] = (struct label_told){ rt_str_from(s->opts->labels[i]), present(s->values[i]) };
    return list;
}

static struct json_list tell_metrics(const struct metrics *m)
{
    struct json_list list = { 0 };
    for (const struct metric_series *s = m->series; s; s = s->next)
        list.count++;
    struct metric_told *told = list.items = rt_new_array(struct metric_told, list.count);
    for (const struct metric_series *s = m->series; s; s = s->next)
        *told++ = (struct metric_told){ s->opts, s->opts->name, tell_labels(s), s->count, s->sum };
    return list;
}

/* ---- the run ---- */

struct run_told {
    rt_str scenario;
    int verdict;
    rt_str reason;
    uint64_t hash;
    uint64_t steps;
    int64_t virtual_ns;
    uint64_t choices;
    struct json_list findings;
    struct json_list calls;
    struct json_list containers;
    struct json_list requests;
    struct json_list idle;
    struct json_list differences;
    bool measured;
    struct json_list metrics;
};

static bool was_measured(const void *object, bool whole)
{
    (void)whole;
    return ((const struct run_told *)object)->measured;
}

#define AT(member) offsetof(struct finding, member)
static const struct json_field finding_fields[] = {
    { "id", &json_spec_text, AT(id), .required = true,
            .about = "What it is: its invariant, what is wrong, and where." },
    { "invariant", &string, AT(invariant), .required = true, .about = "The rule." },
    { "text", &json_spec_text, AT(text), .required = true, .about = "The finding in words." },
    { "time_ns", &json_spec_count, AT(time_ns), .required = true,
            .about = "When it was found, in virtual nanoseconds." },
    { 0 },
};
#undef AT
static const struct json_spec finding_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "finding",
    .about = "What is wrong in the run.",
    .fields = finding_fields,
    .size = sizeof(struct finding),
};
static const struct json_spec findings_spec = { .kind = JSON_SPEC_ARRAY, .element = &finding_spec };

#define AT(member) offsetof(struct run_told, member)
static const struct json_field fields[] = {
    { "scenario", &json_spec_text, AT(scenario), .required = true, .about = "Its name." },
    { "verdict", &verdict_spec, AT(verdict), .required = true, .about = "How the run ended." },
    { "reason", &json_spec_text, AT(reason), .required = true,
            .about = "Of a verdict other than completed, in a sentence." },
    { "hash", &json_spec_hash, AT(hash), .required = true, .about = "The hash of its trace." },
    { "steps", &json_spec_count, AT(steps), .required = true, .about = "How many it had." },
    { "virtual_ns", &json_spec_count, AT(virtual_ns), .required = true,
            .about = "How long it took, in virtual nanoseconds." },
    { "choices", &json_spec_count, AT(choices), .required = true,
            .about = "How many were made in it." },
    { "findings", &findings_spec, AT(findings), .required = true, .about = "What is wrong in it." },
    { "calls", &calls_spec, AT(calls), .required = true, .about = "What actors called, in order." },
    { "containers", &containers_spec, AT(containers), .required = true,
            .about = "Those that there were when the actors had ended." },
    { "docker", &texts_spec, AT(requests), .required = true,
            .about = "What the peer asked its Docker engine for, in order: method and path." },
    { "without_effect", &texts_spec, AT(idle), .required = true,
            .about = "What the scenario lists and the run never came to: faults, behaviours, "
                     "operators' steps." },
    { "differences", &texts_spec, AT(differences), .required = true,
            .about = "Of a plain run: what is not as the scenario expects." },
    { "metrics", &metrics_spec, AT(metrics), .has = was_measured,
            .about = "With --metrics: what the peer would export." },
    { 0 },
};
#undef AT
const struct json_spec lab_report_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "run",
    .about = "One run of a scenario.",
    .fields = fields,
    .size = sizeof(struct run_told),
};

json_t *lab_report(const struct lab *lab, const struct run_result *result, uint64_t choices)
{
    struct rt_arena *before = rt_arena_use(rt_machine_arena(lab->machine));
    struct run_told told = {
        .scenario = present(lab->scenario->name),
        .verdict = (int)result->verdict,
        .reason = present(result->reason),
        .hash = result->hash,
        .steps = result->steps,
        .virtual_ns = result->time_ns,
        .choices = choices,
        .findings = { (void *)(uintptr_t)result->findings.items, result->findings.count },
        .calls = tell_calls(lab),
        .containers = tell_containers(lab),
        .requests = tell_requests(lab),
        .idle = tell_idle(lab),
        .differences = tell_differences(lab, result),
        .measured = lab->metrics != NULL,
    };
    if (told.measured)
        told.metrics = tell_metrics(lab->metrics);
    json_t *value = json_make(&lab_report_spec, &told, true);
    rt_arena_use(before);
    return value;
}
