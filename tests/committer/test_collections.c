/* Collections of a deploy or an upgrade: what lscc says of them, and what the validation of the
 * block says, against 1.4.2's own functions. Each line of collections.jsonl has the argument
 * (`arg`), the writes, the collections in the state, and `err` of kind `kind` or `panic` of
 * validateRWSetAndCollection, `lscc_err` of putChaincodeCollectionData. */
#include "model/committer/committer_impl.h"
#include "model/committer/lscc_validation.h"
#include "model/lscc/collections.h"
#include "model/msp/msp.h"
#include "model/policy/channelconfig.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

#include <string.h>

static const char *text(json_t *vector, const char *key)
{
    return json_string_value(json_object_get(vector, key));
}

static rt_bytes hex(json_t *value)
{
    rt_bytes out = RT_NIL;
    if (value)
        assert_true(rt_unhex(rt_str_from(json_string_value(value)), &out));
    return value && !out.data ? rt_bytes_from("", 0) : out;
}

/* ---- the state ---- */

static struct rt_error *get_state(
        void *self, rt_str ns, const rt_str *keys, size_t count, rt_bytes **values)
{
    json_t *vector = self;
    (void)ns, (void)keys;
    assert_int_equal(count, 1);
    if (text(vector, "state_err"))
        return rt_errorf("%s", text(vector, "state_err"));
    *values = rt_new_array(rt_bytes, 1);
    (*values)[0] = hex(json_object_get(vector, "state"));
    return NULL;
}

static void done(void *self)
{
    (void)self;
}

static struct rt_error *new_query_executor(void *self, const struct query_executor **qe)
{
    struct query_executor *made = rt_new(struct query_executor);
    *made = (struct query_executor){
        .self = self, .get_state_multiple_keys = get_state, .done = done
    };
    *qe = made;
    return NULL;
}

/* ---- the validation ---- */

struct play {
    json_t *vector;
    struct rt_error *err;
};

static Kvrwset__KVRWSet *writes_of(json_t *vector)
{
    Kvrwset__KVRWSet *set = WIRE_NEW(kvrwset__kvrwset);
    size_t i;
    json_t *pair;
    set->writes = rt_new_array(Kvrwset__KVWrite *, 8);
    json_array_foreach(json_object_get(vector, "writes"), i, pair)
    {
        set->writes[i] = WIRE_NEW(kvrwset__kvwrite);
        set->writes[i]->key = rt_str_from(json_string_value(json_array_get(pair, 0)));
        set->writes[i]->value = hex(json_array_get(pair, 1));
        set->n_writes++;
    }
    return set;
}

static void validate(void *arg)
{
    struct play *play = arg;
    json_t *v = play->vector;
    struct channel_config channel = { .capabilities = { .v11 = true,
                                              .v12 = json_is_true(json_object_get(v, "v12")) } };
    const struct peer_ledger ledger = { .self = v, .new_query_executor = new_query_executor };
    const struct committer c = {
        .config = { .channel_id = RT_STR("ch"), .channel = &channel, .ledger = &ledger }
    };
    Ccprovider__ChaincodeData *cd = WIRE_NEW(ccprovider__chaincode_data);
    cd->name = RT_STR("mycc");
    cd->version = RT_STR("1.0");
    rt_bytes args[6] = { RT_STR("ch") };
    args[5] = hex(json_object_get(v, "arg"));
    const struct lscc_invocation in = {
        .func = rt_str_from(text(v, "func")),
        .args = args,
        .arg_count = args[5].data ? 6 : 5,
        .lscc_rw_set = writes_of(v),
        .cd_rw_set = cd,
    };
    play->err = validate_rwset_and_collection(&c, &in);
}

static bool same(json_t *vector, const char *key, rt_str found)
{
    json_t *value = json_object_get(vector, key);
    return value &&
           rt_str_eq(found, rt_bytes_from(json_string_value(value), json_string_length(value)));
}

static bool validated_as_recorded(json_t *vector)
{
    struct play play = { .vector = vector };
    rt_str panic;
    if (rt_recover(validate, &play, &panic))
        return same(vector, "panic", panic);
    if (!play.err)
        return !text(vector, "err") && !text(vector, "panic");
    bool execution = rt_error_is(play.err, vscc_execution_failure_error);
    return same(vector, "err", play.err->text) &&
           strcmp(text(vector, "kind"), execution ? "execution" : "policy") == 0;
}

/* ---- lscc ---- */

static rt_str get_channel_id(void *self)
{
    (void)self;
    return RT_STR("ch");
}

static struct rt_error *put_state(void *self, rt_str key, rt_bytes value)
{
    (void)value;
    assert_true(rt_str_is(key, "mycc~collection"));
    *(bool *)self = true;
    return NULL;
}

static const struct channel_config *no_channel(void *self, rt_str cid)
{
    (void)self, (void)cid;
    return NULL;
}

static bool written_as_recorded(json_t *vector)
{
    bool written = false;
    const struct chaincode_stub stub = {
        .self = &written, .get_channel_id = get_channel_id, .put_state = put_state
    };
    const struct peer_operations peer = { .msp_mgmt = msp_mgmt_new(NULL),
        .get_channel_config = no_channel };
    struct life_cycle_sys_cc lscc = { .peer = &peer };
    Ccprovider__ChaincodeData *cd = WIRE_NEW(ccprovider__chaincode_data);
    rt_bytes arg = hex(json_object_get(vector, "arg"));
    cd->name = RT_STR("mycc");
    cd->version = RT_STR("1.0");
    struct rt_error *err = lscc_put_chaincode_collection_data(&lscc, &stub, cd, arg);
    if (err)
        return !written && same(vector, "lscc_err", err->text);
    return !text(vector, "lscc_err") && written == (arg.len > 0);
}

/* ---- all ---- */

static void collections_are_judged_as_recorded(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("tests/committer/collections.jsonl");
    size_t wrong = 0, right = 0;
    json_t *vector;
    while ((vector = support_next_vector(&lines))) {
        bool validated = validated_as_recorded(vector), written = written_as_recorded(vector);
        if (validated && written) {
            right++;
            continue;
        }
        print_error("line %zu: %s differs: %s\n", lines.number,
                validated ? "lscc" : "the validation", lines.line);
        wrong++;
    }
    assert_true(right > 500);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                collections_are_judged_as_recorded, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
