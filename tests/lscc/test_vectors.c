/* Every recorded proposal to lscc of peer-lscc.jsonl and peer-install.jsonl, answered by lscc. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/protoutil/protoutil.h"
#include "model/wire/wire.h"
#include "proto/chaincode_event.pb-c.h"
#include "proto/kv_rwset.pb-c.h"
#include "proto/rwset.pb-c.h"
#include "tests/lscc/helper_lab.h"
#include "tests/support/test.h"

#define WORLD "corpora/conformance/world/world.json"

struct tally {
    size_t refused_before; /* the endorser refuses the proposal before lscc sees it */
    size_t failed_after;   /* lscc is content, the endorser then is not */
    size_t responses;
    size_t panics;
    size_t rwsets;
    size_t wrong;
};

static rt_bytes hex(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    rt_bytes out = RT_NIL;
    if (value)
        assert_true(rt_unhex(rt_str_from(json_string_value(value)), &out));
    return out;
}

static rt_str text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return value ? rt_bytes_from(json_string_value(value), json_string_length(value)) : RT_STR("");
}

static bool wrong(const json_t *vector, const char *what, rt_bytes expected, rt_bytes got)
{
    fprintf(stderr, "%s (%s): %s\n  expected %s\n  got      %s\n",
            json_string_value(json_object_get(vector, "id")),
            json_string_value(json_object_get(vector, "note")), what, rt_cstr(rt_quote(expected)),
            rt_cstr(rt_quote(got)));
    return false;
}

static bool same(const json_t *vector, const char *what, rt_bytes expected, rt_bytes got)
{
    return rt_str_eq(expected, got) || wrong(vector, what, expected, got);
}

/* ---- the read-write set and the event, as endorsed ---- */

static bool same_keys(
        const json_t *vector, const Kvrwset__KVRWSet *set, const struct lscc_answer *answer)
{
    bool ok = true;
    for (size_t i = 0; i < set->n_writes; i++) {
        const Kvrwset__KVWrite *w = set->writes[i];
        bool found = false;
        for (size_t j = 0; j < answer->write_count; j++)
            found |= rt_str_eq(answer->writes[j].key, w->key) &&
                     rt_str_eq(answer->writes[j].value, w->value);
        if (!found)
            ok = wrong(vector, "a write is missing", w->key, RT_STR(""));
    }
    if (set->n_writes != answer->write_count)
        ok = wrong(vector, "number of writes", rt_sprintf("%zu", set->n_writes),
                rt_sprintf("%zu", answer->write_count));
    for (size_t i = 0; i < set->n_reads; i++) {
        bool found = false;
        for (size_t j = 0; j < answer->read_count; j++)
            found |= rt_str_eq(answer->reads[j], set->reads[i]->key);
        if (!found)
            ok = wrong(vector, "a read is missing", set->reads[i]->key, RT_STR(""));
    }
    if (set->n_reads < answer->read_count)
        ok = wrong(vector, "too many reads", RT_STR(""), answer->reads[0]);
    if ((set->n_range_queries_info > 0) != answer->ranged)
        ok = wrong(vector, "range query", RT_STR(""), RT_STR(""));
    return ok;
}

/* A failed transaction has no simulation results in its payload beyond what lscc did before. */
static bool same_results(
        const json_t *vector, rt_bytes prp, const struct lscc_answer *answer, struct tally *tally)
{
    Protos__ProposalResponsePayload *payload;
    Protos__ChaincodeAction *action;
    Rwset__TxReadWriteSet *results;
    assert_null(protoutil_get_proposal_response_payload(prp, &payload));
    assert_null(protoutil_get_chaincode_action(payload->extension, &action));
    assert_null(WIRE_UNMARSHAL(rwset__tx_read_write_set, action->results, &results));
    bool ok = true, found = false;
    for (size_t i = 0; i < results->n_ns_rwset; i++) {
        if (!rt_str_is(results->ns_rwset[i]->namespace_, "lscc"))
            continue;
        Kvrwset__KVRWSet *set;
        assert_null(WIRE_UNMARSHAL(kvrwset__kvrwset, results->ns_rwset[i]->rwset, &set));
        ok &= same_keys(vector, set, answer);
        found = true;
        tally->rwsets++;
    }
    if (!found && answer->write_count > 0)
        ok = wrong(vector, "writes where none are expected", RT_STR(""), answer->writes[0].key);
    if (action->events.len > 0 && answer->event_name.len > 0) {
        Protos__ChaincodeEvent *event;
        assert_null(WIRE_UNMARSHAL(protos__chaincode_event, action->events, &event));
        ok &= same(vector, "event name", event->event_name, answer->event_name);
        ok &= same(vector, "event payload", event->payload, answer->event_payload);
    } else if (answer->event_name.len > 0) {
        ok = wrong(vector, "event where none is expected", RT_STR(""), answer->event_name);
    }
    return ok;
}

/* ---- one vector ---- */

static bool is_deployment(const char *note)
{
    return strstr(note, "deploy") || strstr(note, "upgrade");
}

static bool check_response(const json_t *vector, const json_t *expect,
        const struct lscc_answer *answer, struct tally *tally)
{
    if (answer->panic.data || !answer->response)
        return wrong(vector, "no response", text(expect, "message"), answer->panic);
    rt_bytes prp = hex(expect, "prp");
    int64_t status = json_integer_value(json_object_get(expect, "status"));
    bool after = status == 500 && answer->response->status == 200;
    if (after && is_deployment(json_string_value(json_object_get(vector, "note")))) {
        tally->failed_after++;
        return true;
    }
    bool ok = same(vector, "message", text(expect, "message"), answer->response->message);
    ok &= same(vector, "payload", hex(expect, "payload"), answer->response->payload);
    if (status != answer->response->status)
        ok = wrong(vector, "status", rt_sprintf("%lld", (long long)status),
                rt_sprintf("%d", answer->response->status));
    tally->responses++;
    return (prp.len == 0 || same_results(vector, prp, answer, tally)) && ok;
}

static bool check_vector(struct lscc_lab *lab, const json_t *vector, struct tally *tally)
{
    const json_t *expect = json_object_get(vector, "expect");
    const char *kind = json_string_value(json_object_get(expect, "kind"));
    if (strcmp(kind, "grpc_error") == 0) {
        assert_true(rt_str_has_prefix(text(expect, "message"), RT_STR("access denied: channel")));
        tally->refused_before++;
        return true;
    }
    struct lscc_answer answer = lscc_lab_propose(lab, hex(vector, "signed_proposal"));
    bool ok = answer.done || wrong(vector, "no answer", RT_STR(""), RT_STR(""));
    if (strcmp(kind, "response") == 0) {
        ok &= check_response(vector, expect, &answer, tally);
    } else if (!answer.panic.data && answer.response && answer.response->status == 200 &&
               is_deployment(json_string_value(json_object_get(vector, "note")))) {
        tally->failed_after++;
    } else {
        ok &= same(vector, "panic", text(expect, "panic"), answer.panic);
        tally->panics++;
    }
    const json_t *cleanup = json_object_get(vector, "cleanup");
    if (cleanup)
        lscc_lab_remove_packages(lab, json_string_value(cleanup));
    return ok;
}

static struct tally play(const char *path)
{
    struct tally tally = { 0 };
    struct lscc_lab *lab = lscc_lab_new(WORLD);
    struct support_lines lines = support_lines_of(path);
    json_t *vector;
    while ((vector = support_next_vector(&lines))) {
        if (!check_vector(lab, vector, &tally))
            tally.wrong++;
        rt_arena_reset(rt_arena_current());
    }
    lscc_lab_free(lab);
    fprintf(stderr,
            "%s: %zu responses, %zu panics, %zu read-write sets; %zu refused before lscc, %zu "
            "failed after it; %zu wrong\n",
            path, tally.responses, tally.panics, tally.rwsets, tally.refused_before,
            tally.failed_after, tally.wrong);
    return tally;
}

static void test_lscc_vectors(void **state)
{
    (void)state;
    struct tally tally = play("corpora/conformance/peer-lscc.jsonl");
    assert_int_equal(tally.wrong, 0);
    assert_true(tally.responses > 200);
}

static void test_install_vectors(void **state)
{
    (void)state;
    struct tally tally = play("corpora/conformance/peer-install.jsonl");
    assert_int_equal(tally.wrong, 0);
    assert_true(tally.responses > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lscc_vectors),
        cmocka_unit_test(test_install_vectors),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
