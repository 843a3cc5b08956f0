/* Commits by the rules of Fabric's kvledger: the commit lock, blocks, history, recovery. */
#include <string.h>

#include "model/crypto/crypto.h"
#include "model/ledger/validator.h"
#include "model/wire/wire.h"
#include "tests/ledger/helper_block.h"
#include "tests/ledger/helper_channel.h"
#include "tests/support/test.h"

#include "proto/kv_query_result.pb-c.h"
#include "proto/ledger.pb-c.h"
#include "proto/transaction.pb-c.h"

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
    /* SHA-256 of the DER sequence 30 08 02 02 0080 04 00 04 00, by the rules of DER. */
    Common__BlockHeader *header = WIRE_NEW(common__block_header);
    header->number = 128;
    static const uint8_t der[] = { 0x30, 0x08, 0x02, 0x02, 0x00, 0x80, 0x04, 0x00, 0x04, 0x00 };
    assert_true(
            rt_str_eq(block_header_hash(header), crypto_sha256(rt_bytes_from(der, sizeof(der)))));
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
    open_channel();
    start_peer();
    rt_go_in(peer, "main", crash_in_commit, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    struct versioned_value value;
    bool found = false;
    assert_null(state_db_get_state(&disk->state, RT_STR("cc"), RT_STR("a"), &value, &found));
    assert_true(found);
    assert_true(rt_str_is(value.value, "1"));
    start_peer();
    rt_go_in(peer, "main", after_restart, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_string_equal(all_said(), "height 3\na=9\nt1: 9 false\nt2: block 3 code 0\na=10\n");
    rt_end(rt);
    rt_machine_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commit_waits_for_simulator),
        cmocka_unit_test(test_executor_under_simulator_deadlocks),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test_setup_teardown(test_header_hash, support_arena_begin, support_arena_end),
        cmocka_unit_test(test_recovery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
