/* The ledger by the rules of Fabric's lockbasedtxmgr and kvledger: what is refused and with which
 * words, private data, the commit lock, blocks, history, recovery. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/ledger/kv_ledger.h"
#include "model/ledger/ledger_util.h"
#include "model/ledger/validator.h"
#include "model/peer/world.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"
#include "tests/ledger/helper_block.h"

#include "proto/ccprovider.pb-c.h"
#include "proto/collection.pb-c.h"
#include "proto/kv_query_result.pb-c.h"
#include "proto/kv_rwset.pb-c.h"
#include "proto/ledger.pb-c.h"
#include "proto/rwset.pb-c.h"
#include "proto/transaction.pb-c.h"

/* ---- what a test says: lines, compared at the end, outside of goroutines ---- */

static struct rt_buf said;

static void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str text = rt_vsprintf(format, args);
    va_end(args);
    rt_buf_put_str(&said, text);
    rt_buf_put_byte(&said, '\n');
}

static void say_err(struct rt_error *err)
{
    say("%v", err);
}

/* ---- a channel ---- */

static struct ledger_disk *disk;
static const struct peer_ledger *ledger;
static struct rt_proc *peer;

static rt_bytes chaincode_data(void)
{
    Ccprovider__ChaincodeData *data = WIRE_NEW(ccprovider__chaincode_data);
    data->name = RT_STR("cc");
    data->version = RT_STR("1");
    return WIRE_MARSHAL_OR_PANIC(data);
}

static rt_bytes collections(void)
{
    Common__CollectionConfigPackage *package = WIRE_NEW(common__collection_config_package);
    Common__CollectionConfig *config = WIRE_NEW(common__collection_config);
    config->payload_case = COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG;
    config->static_collection_config = WIRE_NEW(common__static_collection_config);
    config->static_collection_config->name = RT_STR("secret");
    package->config = &config;
    package->n_config = 1;
    return WIRE_MARSHAL_OR_PANIC(package);
}

static void open_channel(void)
{
    struct world_key state[] = {
        { RT_STR("cc"), RT_STR("a"), RT_STR("1"), RT_NIL, 1, 0 },
        { RT_STR("cc"), RT_STR("b"), RT_STR("2"), RT_NIL, 1, 0 },
        { RT_STR("lscc"), RT_STR("cc"), chaincode_data(), RT_NIL, 1, 0 },
        { RT_STR("lscc"), RT_STR("cc~collection"), collections(), RT_NIL, 1, 0 },
        { RT_STR("lscc"), RT_STR("other"), chaincode_data(), RT_NIL, 1, 0 },
    };
    struct world_channel *channel = rt_new(struct world_channel);
    channel->name = RT_STR("ch");
    channel->height = 2;
    channel->state_count = sizeof(state) / sizeof(state[0]);
    channel->state = rt_new_array(struct world_key, channel->state_count);
    memcpy(channel->state, state, sizeof(state));
    disk = ledger_disk_new(channel);
}

static void start_peer(void)
{
    peer = rt_proc_new("peer");
    kv_ledger_open(disk, NULL, &ledger);
}

static const struct tx_simulator *simulator(const char *tx_id)
{
    const struct tx_simulator *sim;
    ledger->new_tx_simulator(ledger->self, rt_str_from(tx_id), &sim);
    return sim;
}

static rt_bytes finish(const struct tx_simulator *sim, struct tx_simulation_results **results)
{
    rt_bytes bytes = RT_NIL;
    sim->get_tx_simulation_results(sim->self, results);
    ledger_pub_simulation_bytes(*results, &bytes);
    sim->query.done(sim->query.self);
    return bytes;
}

/* Commits a read-write set as transaction `tx_id` and says its code. */
static void commit_pvt(rt_bytes results, const char *tx_id, Rwset__TxPvtReadWriteSet *pvt)
{
    Common__BlockchainInfo *info;
    ledger->get_blockchain_info(ledger->self, &info);
    Common__Block *block =
            helper_make_block(results, rt_str_from(tx_id), info->height, info->currentblockhash);
    struct block_and_pvt_data data = { block, &pvt, pvt ? 1 : 0 };
    struct rt_error *err = ledger->commit_with_pvt_data(ledger->self, &data);
    if (err)
        say_err(err);
    else
        say("%s: block %llu code %d", tx_id, (unsigned long long)block->header->number,
                (int)block_validation_flag(block, 0));
}

static void commit(rt_bytes results, const char *tx_id)
{
    commit_pvt(results, tx_id, NULL);
}

static rt_bytes put_set(const char *key, const char *value)
{
    struct tx_simulation_results *results;
    const struct tx_simulator *sim = simulator("put");
    sim->set_state(sim->self, RT_STR("cc"), rt_str_from(key), value ? rt_str_from(value) : RT_NIL);
    return finish(sim, &results);
}

static void say_state(const char *key)
{
    const struct query_executor *qe;
    rt_bytes value;
    ledger->new_query_executor(ledger->self, &qe);
    qe->get_state(qe->self, RT_STR("cc"), rt_str_from(key), &value);
    say("%s=%S", key, value.data ? value : RT_STR("nil"));
    qe->done(qe->self);
}

/* Runs a test's goroutine in a fresh peer and compares what it said; returns how many goroutines
 * were left. */
static uint32_t run(rt_fn fn, const char *expected)
{
    struct rt *rt = rt_machine_new();
    struct rt_config config = { 0 };
    rt_begin(rt, &config);
    said = (struct rt_buf){ 0 };
    open_channel();
    start_peer();
    rt_go_in(peer, "main", fn, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    uint32_t left;
    rt_fibers(rt, &left);
    if (rt_proc_panic(peer).data)
        say("panic: %S", rt_proc_panic(peer));
    char *text = rt_cstr(rt_buf_str(&said));
    assert_string_equal(text, expected);
    rt_end(rt);
    rt_machine_free(rt);
    return left;
}

/* ---- what is refused ---- */

static void refused(void *arg)
{
    (void)arg;
    const struct results_iterator *itr;
    const struct query_results_iterator *page;
    struct tx_simulation_results *results;
    rt_bytes value;
    void *kv;
    const struct tx_simulator *sim = simulator("t");
    say_err(sim->query.execute_query(sim->query.self, RT_STR("cc"), RT_STR("{}"), &itr));
    say_err(sim->query.execute_query_with_metadata(
            sim->query.self, RT_STR("cc"), RT_STR("{}"), NULL, &page));
    say_err(sim->set_state(sim->self, RT_STR("cc"), RT_STR("a"), RT_STR("x")));
    say_err(sim->execute_update(sim->self, RT_STR("")));
    sim->query.done(sim->query.self);

    sim = simulator("u");
    sim->query.get_state_range_scan_iterator(
            sim->query.self, RT_STR("cc"), RT_STR(""), RT_STR(""), &itr);
    itr->next(itr->self, &kv);
    sim->get_tx_simulation_results(sim->self, &results);
    say_err(sim->get_tx_simulation_results(sim->self, &results));
    sim->query.done(sim->query.self);
    sim->query.done(sim->query.self);
    itr->next(itr->self, &kv);
    say("%s", kv ? "a result after Done" : "exhausted after Done");
    say_err(sim->query.get_state(sim->query.self, RT_STR("cc"), RT_STR("a"), &value));
    say_err(sim->set_state(sim->self, RT_STR("cc"), RT_STR("a"), RT_STR("x")));
}

static void test_refused(void **state)
{
    (void)state;
    run(refused, "ExecuteQuery not supported for leveldb\n"
                 "ExecuteQueryWithMetadata not supported for leveldb\n"
                 "txid [t]: Transaction has already performed a paginated query. Writes are not "
                 "allowed\n"
                 "not supported\n"
                 "this function should only be called once on a transaction simulator instance\n"
                 "exhausted after Done\n"
                 "this instance should not be used after calling Done()\n"
                 "this instance should not be used after calling Done()\n");
}

/* ---- private data ---- */

static void collections_checked(void *arg)
{
    (void)arg;
    rt_bytes value;
    const struct results_iterator *itr;
    struct rt_map *metadata;
    const struct tx_simulator *sim = simulator("t");
    void *self = sim->query.self;
    say_err(sim->query.get_private_data(self, RT_STR("cc"), RT_STR("none"), RT_STR("k"), &value));
    say_err(sim->query.get_private_data(
            self, RT_STR("other"), RT_STR("secret"), RT_STR("k"), &value));
    say_err(sim->set_private_data(
            self, RT_STR("unknown"), RT_STR("secret"), RT_STR("k"), RT_STR("v")));
    say_err(sim->query.get_private_data_metadata_by_hash(
            self, RT_STR("cc"), RT_STR("secret"), RT_STR("h"), &metadata));
    say_err(sim->query.get_private_data_range_scan_iterator(
            self, RT_STR("cc"), RT_STR("secret"), RT_STR(""), RT_STR(""), &itr));
    say_err(sim->set_private_data(self, RT_STR("cc"), RT_STR("secret"), RT_STR("k"), RT_STR("v")));
    sim->query.done(self);
}

static void test_collections_checked(void **state)
{
    (void)state;
    run(collections_checked,
            "collection [none] not defined in the collection config for chaincode [cc]\n"
            "collection config not defined for chaincode [other], pass the collection "
            "configuration upon chaincode definition/instantiation\n"
            "collection config not defined for chaincode [unknown], pass the collection "
            "configuration upon chaincode definition/instantiation\n"
            "retrieving private data metadata by keyhash is not supported in simulation. This "
            "function is only available for query as yet\n"
            "<nil>\n"
            "txid [t]: Transaction has already performed queries on pvt data. Writes are not "
            "allowed\n");
}

static void say_private(const char *key)
{
    const struct query_executor *qe;
    rt_bytes value = RT_NIL;
    ledger->new_query_executor(ledger->self, &qe);
    struct rt_error *err = qe->get_private_data(
            qe->self, RT_STR("cc"), RT_STR("secret"), rt_str_from(key), &value);
    say("%s=%S %v", key, value.data ? value : RT_STR("nil"), err);
    qe->done(qe->self);
}

static rt_bytes put_private(const char *value, struct tx_simulation_results **results)
{
    const struct tx_simulator *sim = simulator("p");
    sim->set_private_data(
            sim->self, RT_STR("cc"), RT_STR("secret"), RT_STR("k"), rt_str_from(value));
    return finish(sim, results);
}

static void private_data(void *arg)
{
    (void)arg;
    struct tx_simulation_results *results;
    rt_bytes set = put_private("v", &results);
    Rwset__NsReadWriteSet *ns = results->pub->ns_rwset[0];
    Kvrwset__HashedRWSet *hashed;
    WIRE_UNMARSHAL(kvrwset__hashed_rwset, ns->collection_hashed_rwset[0]->hashed_rwset, &hashed);
    say("%S %S", ns->namespace_, ns->collection_hashed_rwset[0]->collection_name);
    say("%x", hashed->hashed_writes[0]->key_hash);
    say("%x", hashed->hashed_writes[0]->value_hash);
    say("%t", rt_str_eq(ns->collection_hashed_rwset[0]->pvt_rwset_hash,
                      ledger_compute_hash(
                              results->pvt->ns_pvt_rwset[0]->collection_pvt_rwset[0]->rwset)));
    commit_pvt(set, "t1", results->pvt);
    say_private("k");
    /* A block that comes without its private writes leaves the hash alone. */
    commit(put_private("w", &results), "t2");
    say_private("k");
}

static void test_private_data(void **state)
{
    (void)state;
    /* sha256("k") and sha256("v"), by sha256sum. */
    run(private_data,
            "cc secret\n"
            "8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a\n"
            "4c94485e0c21ae6c41ce1dfe7b6bfaceea5ab68e40a2476f50208e526f506080\n"
            "true\n"
            "t1: block 2 code 0\n"
            "k=v <nil>\n"
            "t2: block 3 code 0\n"
            "k=nil private data matching public hash version is not available. Public hash "
            "version = {BlockNum: 3, TxNum: 0}, Private data version = {BlockNum: 2, TxNum: 0}\n");
}

/* ---- the commit lock ---- */

static void commit_in_background(void *arg)
{
    const rt_bytes *set = arg;
    commit(*set, "t1");
}

static rt_bytes *start_commit(const char *key, const char *value)
{
    rt_bytes *set = rt_new(rt_bytes);
    *set = put_set(key, value);
    return set;
}

static void commit_waits_for_simulator(void *arg)
{
    (void)arg;
    rt_bytes value;
    rt_bytes *set = start_commit("a", "9");
    const struct tx_simulator *sim = simulator("reader");
    rt_go("committer", commit_in_background, set);
    rt_sleep_ns(1);
    sim->query.get_state(sim->query.self, RT_STR("cc"), RT_STR("a"), &value);
    say("the simulator sees %S", value);
    sim->query.done(sim->query.self);
    rt_sleep_ns(1);
    say_state("a");
}

static void test_commit_waits_for_simulator(void **state)
{
    (void)state;
    run(commit_waits_for_simulator, "the simulator sees 1\nt1: block 2 code 0\na=9\n");
}

static void executor_under_simulator(void *arg)
{
    (void)arg;
    rt_bytes *set = start_commit("a", "9");
    const struct tx_simulator *sim = simulator("reader");
    (void)sim;
    rt_go("committer", commit_in_background, set);
    rt_sleep_ns(1);
    say("before");
    say_state("a"); /* waits for the commit, which waits for the simulator */
    say("after");
}

static void test_executor_under_simulator_deadlocks(void **state)
{
    (void)state;
    assert_int_equal(run(executor_under_simulator, "before\n"), 2);
}

/* ---- blocks and history ---- */

static void say_history(const char *key)
{
    const struct history_query_executor *history;
    const struct results_iterator *itr;
    ledger->new_history_query_executor(ledger->self, &history);
    history->get_history_for_key(history->self, RT_STR("cc"), rt_str_from(key), &itr);
    void *result;
    while (!itr->next(itr->self, &result) && result) {
        const Queryresult__KeyModification *m = result;
        say("%S: %S %t", m->tx_id, m->value.data ? m->value : RT_STR("nil"), (bool)m->is_delete);
    }
}

static void blocks(void *arg)
{
    (void)arg;
    Protos__ProcessedTransaction *tx;
    Common__Block *block;
    Common__BlockchainInfo *info;
    int32_t code;
    rt_bytes late = put_set("b", "late");
    struct tx_simulation_results *results;
    const struct tx_simulator *sim = simulator("reader");
    rt_bytes value;
    sim->query.get_state(sim->query.self, RT_STR("cc"), RT_STR("a"), &value);
    rt_bytes reads_a = finish(sim, &results);
    commit(put_set("a", "5"), "t1");
    commit(put_set("a", NULL), "t2");
    commit(reads_a, "t3");
    commit(late, "t4");
    say_history("a");
    ledger->get_tx_validation_code_by_tx_id(ledger->self, RT_STR("t3"), &code);
    say("t3 %d", (int)code);
    ledger->get_transaction_by_id(ledger->self, RT_STR("t4"), &tx);
    say("t4 %d %t", (int)tx->validationcode, tx->transactionenvelope != NULL);
    ledger->get_block_by_tx_id(ledger->self, RT_STR("t2"), &block);
    say("t2 in %llu", (unsigned long long)block->header->number);
    ledger->get_blockchain_info(ledger->self, &info);
    ledger->get_block_by_hash(ledger->self, info->currentblockhash, &block);
    say("height %llu, last %llu", (unsigned long long)info->height,
            (unsigned long long)block->header->number);
    struct rt_error *err = ledger->get_transaction_by_id(ledger->self, RT_STR("none"), &tx);
    say("%v %t", err, rt_error_is(err, ledger_not_found_in_index_err));
    say_err(ledger->get_block_by_number(ledger->self, 6, &block));
    say_err(ledger->get_block_by_number(ledger->self, 1, &block));
    Common__Block *wrong = helper_make_block(late, RT_STR("t5"), 9, RT_NIL);
    struct block_and_pvt_data data = { .block = wrong };
    say_err(ledger->commit_with_pvt_data(ledger->self, &data));
}

static void test_blocks(void **state)
{
    (void)state;
    run(blocks, "t1: block 2 code 0\nt2: block 3 code 0\nt3: block 4 code 11\n"
                "t4: block 5 code 0\nt1: 5 false\nt2: nil true\nt3 11\nt4 0 true\nt2 in 3\n"
                "height 6, last 5\nEntry not found in index true\nEntry not found in index\n"
                "cclab: block 1 is older than this world's records\n"
                "block number should have been 6 but was 9\n");
}

static void test_header_hash(void **state)
{
    (void)state;
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    /* SHA-256 of the DER sequence 30 08 02 02 0080 04 00 04 00, by the rules of DER. */
    Common__BlockHeader *header = WIRE_NEW(common__block_header);
    header->number = 128;
    static const uint8_t der[] = { 0x30, 0x08, 0x02, 0x02, 0x00, 0x80, 0x04, 0x00, 0x04, 0x00 };
    assert_true(rt_str_eq(
            block_header_hash(header), ledger_compute_hash(rt_bytes_from(der, sizeof(der)))));
    rt_arena_use(before);
    rt_arena_free(arena);
}

/* ---- a crash between storing a block and changing the state ---- */

static void crash_in_commit(void *arg)
{
    (void)arg;
    rt_bytes *set = start_commit("a", "9");
    simulator("reader");
    rt_go("committer", commit_in_background, set);
    rt_sleep_ns(1);
    say("height %llu", (unsigned long long)block_store_height(&disk->blocks));
    rt_proc_exit(peer, 9, NULL);
}

static void after_restart(void *arg)
{
    (void)arg;
    say_state("a");
    say_history("a");
    commit(put_set("a", "10"), "t2");
    say_state("a");
}

static void test_recovery(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    struct rt_config config = { 0 };
    rt_begin(rt, &config);
    said = (struct rt_buf){ 0 };
    open_channel();
    start_peer();
    rt_go_in(peer, "main", crash_in_commit, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    struct versioned_value value;
    assert_true(state_db_get_state(&disk->state, RT_STR("cc"), RT_STR("a"), &value));
    assert_true(rt_str_is(value.value, "1"));
    start_peer();
    rt_go_in(peer, "main", after_restart, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_string_equal(
            rt_cstr(rt_buf_str(&said)), "height 3\na=9\nt1: 9 false\nt2: block 3 code 0\na=10\n");
    rt_end(rt);
    rt_machine_free(rt);
}

/* ---- panics that an orderly transaction can cause ---- */

static rt_bytes many_keys(unsigned from, unsigned to)
{
    struct tx_simulation_results *results;
    const struct tx_simulator *sim = simulator("many");
    for (unsigned i = from; i < to; i++)
        sim->set_state(
                sim->self, RT_STR("wide"), rt_sprintf("k%d", (int)(100000 + i)), RT_STR("v"));
    return finish(sim, &results);
}

static void phantoms_after_2550(void *arg)
{
    (void)arg;
    commit(many_keys(0, 2550), "t1");
    const struct results_iterator *itr;
    struct tx_simulation_results *results;
    const struct tx_simulator *sim = simulator("reader");
    sim->query.get_state_range_scan_iterator(
            sim->query.self, RT_STR("wide"), RT_STR(""), RT_STR(""), &itr);
    void *result;
    while (!itr->next(itr->self, &result) && result)
        continue;
    rt_bytes set = finish(sim, &results);
    commit(many_keys(2550, 2600), "t2");
    commit(set, "t3");
    commit(many_keys(2600, 2601), "t4");
    commit(set, "t5");
}

static void test_phantoms_after_2550(void **state)
{
    (void)state;
    /* Seen in the real one: 50 phantoms are a conflict, 51 kill the peer. */
    run(phantoms_after_2550, "t1: block 2 code 0\nt2: block 3 code 0\nt3: block 4 code 12\n"
                             "t4: block 5 code 0\n"
                             "panic: runtime error: index out of range\n");
}

static void empty_value(void *arg)
{
    (void)arg;
    /* On the wire an empty value is no value, but it is no delete either. */
    commit(put_set("a", ""), "t1");
}

static void test_empty_value(void **state)
{
    (void)state;
    run(empty_value, "panic: Nil value not allowed. Instead call 'Delete' function\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_collections_checked),
        cmocka_unit_test(test_private_data),
        cmocka_unit_test(test_commit_waits_for_simulator),
        cmocka_unit_test(test_executor_under_simulator_deadlocks),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_header_hash),
        cmocka_unit_test(test_recovery),
        cmocka_unit_test(test_phantoms_after_2550),
        cmocka_unit_test(test_empty_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
