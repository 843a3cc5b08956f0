/* Random transactions that Fabric 1.4.2's own transaction manager simulated, validated and
 * committed over goleveldb (simulations.jsonl): what each operation returned, the read-write set,
 * the validation code after what others committed meanwhile, and the state afterwards. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "model/lab/world.h"
#include "model/ledger/deployedcc_infoprovider.h"
#include "model/ledger/lockbased_txmgr.h"
#include "model/ledger/validator.h"
#include "model/protoutil/protoutil.h"
#include "tests/ledger/helper_block.h"
#include "tests/support/test.h"

#include "proto/kv_query_result.pb-c.h"

static size_t line_number; /* of the present vector */

static void differ(const char *what, rt_str expected, rt_str actual)
{
    fail_msg("line %zu: %s: expected %s, got %s", line_number, what, rt_cstr(expected),
            rt_cstr(actual));
}

static void check(const char *what, rt_str expected, rt_str actual)
{
    if (!rt_str_eq(expected, actual))
        differ(what, expected, actual);
}

/* ---- JSON ---- */

static rt_str text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return rt_bytes_dup(json_string_value(value), json_string_length(value));
}

static rt_bytes hex(const json_t *object, const char *key)
{
    rt_bytes bytes = RT_NIL;
    rt_unhex(text(object, key), &bytes);
    return bytes;
}

static uint64_t number(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

/* ---- the state ---- */

static void add_keys(struct update_batch *batch, const json_t *keys)
{
    size_t i;
    json_t *key;
    json_array_foreach(keys, i, key)
    {
        struct versioned_value value = { RT_NIL, RT_NIL,
            HEIGHT(number(key, "Block"), number(key, "Tx")) };
        if (!json_is_true(json_object_get(key, "Del"))) {
            value.value = rt_bytes_dup(hex(key, "Value").data, hex(key, "Value").len);
            value.metadata = hex(key, "Meta");
        }
        update_batch_update(batch, text(key, "Ns"), text(key, "Key"), value);
    }
}

static void fill(struct update_batch *batch, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        char key[32];
        snprintf(key, sizeof(key), "k%05u", (unsigned)i);
        struct versioned_value value = { RT_STR("f"), RT_NIL, HEIGHT(2, i) };
        update_batch_update(batch, RT_STR("mycc"), rt_str_dup(rt_str_from(key)), value);
    }
}

/* The vector's state as a world's. */
static void load_state(const json_t *vector, struct state_db *db)
{
    struct update_batch batch = { 0 };
    add_keys(&batch, json_object_get(vector, "State"));
    fill(&batch, number(vector, "Fill"));
    struct world_key *keys = rt_new_array(struct world_key, batch.count);
    for (size_t i = 0; i < batch.count; i++) {
        const struct versioned_kv *kv = &batch.items[i];
        keys[i] = (struct world_key){ kv->ns, kv->key, kv->value.value, kv->value.metadata,
            kv->value.version.block_num, kv->value.version.tx_num };
    }
    *db = (struct state_db){ .base = keys, .base_count = batch.count };
}

/* ---- operations ---- */

static rt_str count_and_last(size_t count, rt_str last)
{
    return rt_sprintf("%zu:%S", count, last);
}

static struct rt_error *do_range(const struct tx_simulator *sim, const json_t *op, rt_bytes *result)
{
    const struct results_iterator *itr;
    const struct query_executor *qe = &sim->query;
    struct rt_error *err = qe->get_state_range_scan_iterator(
            qe->self, text(op, "Ns"), text(op, "Key"), text(op, "End"), &itr);
    int64_t most = json_integer_value(json_object_get(op, "N"));
    size_t count = 0;
    rt_str last = RT_STR("");
    for (int64_t n = 0; !err && (most < 0 || n < most); n++) {
        void *kv;
        itr->next(itr->self, &kv);
        if (!kv)
            break;
        count++;
        last = ((Queryresult__KV *)kv)->key;
    }
    *result = count_and_last(count, last);
    return err;
}

static struct rt_error *do_page(const struct tx_simulator *sim, const json_t *op, rt_bytes *result)
{
    const struct query_results_iterator *itr;
    const struct query_executor *qe = &sim->query;
    struct query_options options = { true, (int32_t)number(op, "Limit") };
    struct rt_error *err = qe->get_state_range_scan_iterator_with_metadata(
            qe->self, text(op, "Ns"), RT_STR(""), RT_STR(""), &options, &itr);
    if (err)
        return err;
    size_t count = 0;
    void *kv;
    while (!itr->results.next(itr->results.self, &kv) && kv)
        count++;
    *result = count_and_last(count, itr->get_bookmark_and_close(itr->results.self));
    return NULL;
}

static struct rt_error *do_setmeta(const struct tx_simulator *sim, const json_t *op)
{
    static const uint8_t one = 1;
    struct rt_map *metadata = rt_map_new();
    rt_bytes *values = rt_new_array(rt_bytes, 2);
    values[0] = hex(op, "Value");
    values[1] = rt_bytes_from(&one, 1);
    rt_map_put(metadata, RT_STR("VALIDATION_PARAMETER"), &values[0]);
    rt_map_put(metadata, RT_STR("b"), &values[1]);
    return sim->set_state_metadata(sim->self, text(op, "Ns"), text(op, "Key"), metadata);
}

static struct rt_error *do_getmeta(
        const struct tx_simulator *sim, const json_t *op, rt_bytes *result)
{
    struct rt_map *metadata = NULL;
    struct rt_error *err = sim->query.get_state_metadata(
            sim->query.self, text(op, "Ns"), text(op, "Key"), &metadata);
    const rt_bytes *value = rt_map_get(metadata, RT_STR("VALIDATION_PARAMETER"));
    if (value)
        *result = *value;
    return err;
}

static void do_op(const struct tx_simulator *sim, const json_t *op)
{
    rt_str name = text(op, "Op");
    rt_str ns = text(op, "Ns");
    rt_str key = text(op, "Key");
    rt_bytes result = RT_NIL;
    struct rt_error *err = NULL;
    if (rt_str_is(name, "get"))
        err = sim->query.get_state(sim->query.self, ns, key, &result);
    else if (rt_str_is(name, "put"))
        err = sim->set_state(sim->self, ns, key, hex(op, "Value"));
    else if (rt_str_is(name, "del"))
        err = sim->delete_state(sim->self, ns, key);
    else if (rt_str_is(name, "range"))
        err = do_range(sim, op, &result);
    else if (rt_str_is(name, "page"))
        err = do_page(sim, op, &result);
    else if (rt_str_is(name, "setmeta"))
        err = do_setmeta(sim, op);
    else if (rt_str_is(name, "delmeta"))
        err = sim->delete_state_metadata(sim->self, ns, key);
    else
        err = do_getmeta(sim, op, &result);
    check(rt_cstr(name), text(op, "Result"), rt_hex(result));
    check("error", text(op, "Err"), err ? err->text : RT_STR(""));
}

/* ---- committing ---- */

static void check_state(const struct state_db *db, const json_t *vector)
{
    static const char *const namespaces[] = { "lscc", "mycc", "mycc2", "a" };
    const json_t *after = json_object_get(vector, "After");
    size_t at = 0;
    for (size_t i = 0; i < 4; i++) {
        struct kv_scanner scanner;
        struct versioned_kv kv;
        kv_scanner_init(&scanner, db, rt_str_from(namespaces[i]), RT_STR(""), RT_STR(""), 0);
        while (kv_scanner_next(&scanner, &kv)) {
            bool filled = number(vector, "Fill") > 0 && i == 1 && kv.value.version.block_num == 2 &&
                          rt_str_is(kv.value.value, "f");
            if (filled)
                continue;
            const json_t *expected = json_array_get(after, at++);
            check("key after", text(expected, "Key"), kv.key);
            check("value after", text(expected, "Value"), rt_hex(kv.value.value));
            check("metadata after", text(expected, "Meta"), rt_hex(kv.value.metadata));
            check("version after",
                    height_string(HEIGHT(number(expected, "Block"), number(expected, "Tx"))),
                    height_string(kv.value.version));
        }
    }
    check("keys after", rt_sprintf("%zu", json_array_size(after)), rt_sprintf("%zu", at));
}

static void commit(struct lock_based_tx_mgr *txmgr, const json_t *vector, rt_bytes results)
{
    Common__Block *block =
            helper_make_block(results, RT_STR("tx"), number(vector, "Block"), RT_NIL);
    struct block_and_pvt_data data = { .block = block };
    struct rt_error *err = lock_based_tx_mgr_validate_and_prepare(txmgr, &data, true);
    check("validation", RT_STR(""), err ? err->text : RT_STR(""));
    const ProtobufCEnumValue *code = protobuf_c_enum_descriptor_get_value(
            &protos__tx_validation_code__descriptor, block_validation_flag(block, 0));
    check("code", text(vector, "Code"), rt_str_from(code->name));
    assert_null(lock_based_tx_mgr_commit(txmgr));
    check_state(txmgr->db, vector);
}

/* ---- the vectors ---- */

static void play(void *arg)
{
    const json_t *vector = arg;
    struct state_db db;
    load_state(vector, &db);
    struct lock_based_tx_mgr *txmgr = lock_based_tx_mgr_new(&db, &deployed_cc_info_provider);
    const struct tx_simulator *sim =
            lock_based_tx_mgr_new_tx_simulator(txmgr, rt_sprintf("tx%zu", line_number - 1));
    size_t i;
    json_t *op;
    json_array_foreach(json_object_get(vector, "Ops"), i, op) do_op(sim, op);
    struct tx_simulation_results *results;
    rt_bytes bytes = RT_NIL;
    struct rt_error *err = sim->get_tx_simulation_results(sim->self, &results);
    if (!err)
        err = ledger_pub_simulation_bytes(results, &bytes);
    check("results", text(vector, "Results"), err ? err->text : rt_hex(bytes));
    sim->query.done(sim->query.self);
    struct update_batch change = { 0 };
    add_keys(&change, json_object_get(vector, "Change"));
    state_db_apply_updates(&db, &change, HEIGHT(6, 0));
    commit(txmgr, vector, bytes);
}

static void test_simulations(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("tests/ledger/simulations.jsonl");
    json_t *vector;
    while ((vector = support_next_vector(&lines))) {
        line_number = lines.number;
        support_run(NULL, play, vector);
    }
    assert_int_equal(lines.number, 160);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_simulations) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
