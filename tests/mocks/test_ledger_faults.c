/* What databases and block files that fail make of calls on a ledger. The texts are those that
 * stateleveldb, historyleveldb and fsblkstorage of v1.4.2 gave over databases that were closed, a
 * block file that was gone, and one that could not grow. */
#include "mocks/disk/ledger_plan.h"
#include "model/lab/world.h"
#include "model/ledger/kv_ledger.h"
#include "model/rt/clock.h"
#include "tests/support/test.h"

#include "proto/common.pb-c.h"

#define CHANNEL_KEY "0x6d, 0x79, 0x63, 0x68, 0x61, 0x6e, 0x6e, 0x65, 0x6c, 0x0"
#define KEY(rest)                                                                                  \
    "error retrieving leveldb key [[]byte{" CHANNEL_KEY ", " rest "}]: leveldb: closed"

static struct world_key keys[] = {
    { RT_STR_INIT("mycc"), RT_STR_INIT("a"), RT_STR_INIT("1"), RT_STR_INIT(""), 1, 0 },
    { RT_STR_INIT("mycc"), RT_STR_INIT("b"), RT_STR_INIT("2"), RT_STR_INIT(""), 1, 0 },
    { RT_STR_INIT("mycc"), RT_STR_INIT("c"), RT_STR_INIT("3"), RT_STR_INIT(""), 1, 0 },
};
static const struct world_channel channel = {
    .name = RT_STR_INIT("mychannel"),
    .height = 5,
    .state = keys,
    .state_count = 3,
};

static const struct peer_ledger *ledger_with(const struct ledger_fault *fault, uint32_t *struck)
{
    const struct peer_ledger *ledger;
    struct ledger_disk *disk = ledger_disk_new(&channel);
    disk->storage.hook =
            ledger_faults_hook((struct ledger_fault_plan){ fault, fault ? 1 : 0, struck });
    assert_null(kv_ledger_open(disk, NULL, NULL, &ledger));
    return ledger;
}

static const struct query_executor *executor_of(const struct peer_ledger *ledger)
{
    const struct query_executor *qe;
    assert_null(ledger->new_query_executor(ledger->self, &qe));
    return qe;
}

/* ---- errors and their texts ---- */

static struct rt_error *get(const struct peer_ledger *l)
{
    rt_bytes value;
    const struct query_executor *qe = executor_of(l);
    struct rt_error *err =
            qe->get_state(qe->self, RT_STR("mycc"), rt_bytes_from("a\xff\0z", 4), &value);
    qe->done(qe->self);
    return err;
}

/* Fabric drops this error, and gives no values. */
static struct rt_error *get_many(const struct peer_ledger *l)
{
    rt_str wanted[] = { RT_STR("a"), RT_STR("b") };
    rt_bytes *values;
    const struct query_executor *qe = executor_of(l);
    struct rt_error *err =
            qe->get_state_multiple_keys(qe->self, RT_STR("mycc"), wanted, 2, &values);
    qe->done(qe->self);
    assert_null(values);
    return err;
}

static struct rt_error *by_number(const struct peer_ledger *l)
{
    Common__Block *block;
    return l->get_block_by_number(l->self, 300, &block);
}

static struct rt_error *by_hash(const struct peer_ledger *l)
{
    Common__Block *block;
    return l->get_block_by_hash(l->self, rt_bytes_from("\x01\x02", 2), &block);
}

static struct rt_error *by_tx(const struct peer_ledger *l)
{
    Common__Block *block;
    return l->get_block_by_tx_id(l->self, RT_STR("tx0"), &block);
}

static struct rt_error *tx(const struct peer_ledger *l)
{
    struct Protos__ProcessedTransaction *transaction;
    return l->get_transaction_by_id(l->self, RT_STR("tx0"), &transaction);
}

static struct rt_error *code(const struct peer_ledger *l)
{
    int32_t found;
    struct rt_error *err = l->get_tx_validation_code_by_tx_id(l->self, RT_STR("tx0"), &found);
    assert_int_equal(found, -1);
    return err;
}

static void test_texts(void *arg)
{
    static const struct {
        enum storage_op op;
        struct rt_error *(*call)(const struct peer_ledger *l);
        const char *text;
    } cases[] = {
        { STORAGE_GET, get, KEY("0x6d, 0x79, 0x63, 0x63, 0x0, 0x61, 0xff, 0x0, 0x7a") },
        { STORAGE_GET, get_many, "" },
        { STORAGE_INDEX_GET, by_number, KEY("0x6e, 0x2, 0x1, 0x2c") },
        { STORAGE_INDEX_GET, by_hash, KEY("0x68, 0x1, 0x2") },
        { STORAGE_INDEX_GET, by_tx, KEY("0x62, 0x74, 0x78, 0x30") },
        { STORAGE_INDEX_GET, tx, KEY("0x74, 0x74, 0x78, 0x30") },
        { STORAGE_INDEX_GET, code, KEY("0x76, 0x74, 0x78, 0x30") },
    };
    (void)arg;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct ledger_fault fault = { .op = cases[i].op,
            .message = RT_STR("leveldb: closed") };
        uint32_t struck = 0;
        struct rt_error *err = cases[i].call(ledger_with(&fault, &struck));
        assert_string_equal(err ? rt_cstr(err->text) : "", cases[i].text);
        assert_int_equal(struck, 1);
    }
}

static void test_other_texts(void *arg)
{
    (void)arg;
    struct ledger_fault fault = { .message = RT_STR("leveldb: closed") };
    struct storage s = { RT_STR("mychannel"), { NULL, NULL } };
    assert_null(storage_write_batch(&s, STORAGE_WRITE));
    s.hook = ledger_faults_hook((struct ledger_fault_plan){ &fault, 1, NULL });
    assert_string_equal(rt_cstr(storage_write_batch(&s, STORAGE_WRITE)->text),
            "error writing batch to leveldb: leveldb: closed");
    assert_string_equal(
            rt_cstr(block_store_read_tx(&s, 300, 0)->text), KEY("0x61, 0x2, 0x1, 0x2c, 0x0"));
    fault.message = RT_STR("open F: no such file or directory");
    assert_string_equal(rt_cstr(storage_read_block_file(&s, "block file")->text),
            "error opening block file /var/hyperledger/production/ledgersData/chains/chains/"
            "mychannel/blockfile_000000: open F: no such file or directory");
}

/* ---- ranges ---- */

static size_t count_keys(const struct peer_ledger *l)
{
    const struct results_iterator *itr;
    const struct query_executor *qe = executor_of(l);
    size_t count = 0;
    assert_null(qe->get_state_range_scan_iterator(
            qe->self, RT_STR("mycc"), RT_STR(""), RT_STR(""), &itr));
    for (void *result = &count; result;) {
        assert_null(itr->next(itr->self, &result));
        count += result != NULL;
    }
    itr->close(itr->self);
    qe->done(qe->self);
    return count;
}

static void test_ranges_end_early(void *arg)
{
    (void)arg;
    const struct ledger_fault fault = { .kind = LEDGER_FAULT_CUT,
        .op = STORAGE_RANGE,
        .ns = RT_STR("mycc"),
        .when = { .first = 3, .count = 1 } };
    const struct ledger_fault other = {
        .kind = LEDGER_FAULT_CUT, .op = STORAGE_RANGE, .ns = RT_STR("othercc")
    };
    const struct peer_ledger *l = ledger_with(&fault, NULL);
    assert_int_equal(count_keys(l), 2);
    assert_int_equal(count_keys(l), 3);
    assert_int_equal(count_keys(ledger_with(&other, NULL)), 3);
}

/* ---- time and death ---- */

static void test_hang(void *arg)
{
    (void)arg;
    const struct ledger_fault fault = { .kind = LEDGER_FAULT_HANG, .op = STORAGE_GET, .ms = 700 };
    assert_null(get(ledger_with(&fault, NULL)));
    assert_int_equal(rt_now_ns(), 700 * RT_MS);
}

static void read_and_die(void *arg)
{
    RT_DROP(get(arg));
    fail_msg("the process goes on");
}

static void test_die(void *arg)
{
    (void)arg;
    const struct ledger_fault fault = {
        .kind = LEDGER_FAULT_DIE, .op = STORAGE_GET, .key = RT_STR("a")
    };
    struct rt_proc *proc = rt_proc_new("peer");
    rt_go_in(proc, "reader", read_and_die, (void *)(uintptr_t)ledger_with(&fault, NULL));
    rt_sleep_ns(RT_MS);
    assert_false(rt_proc_alive(proc));
}

/* ---- what makes no sense ---- */

static void test_checks(void **state)
{
    static const struct {
        struct ledger_fault fault;
        const char *mistake;
    } cases[] = {
        { { .kind = LEDGER_FAULT_CUT, .op = STORAGE_GET },
                "a fault \"cut\" can only happen at \"range\" or \"history-range\", not at "
                "\"get\"" },
        { { .kind = LEDGER_FAULT_ERROR, .op = STORAGE_RANGE },
                "nobody looks at an error of \"range\": what comes of it is a \"cut\"" },
        { { .kind = LEDGER_FAULT_DIE, .op = STORAGE_WRITE, .key = RT_STR_INIT("a") },
                "\"write\" has no \"namespace\" and no \"key\"" },
        { { .kind = LEDGER_FAULT_HANG, .op = STORAGE_ANY }, NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        rt_str mistake = ledger_fault_check(&cases[i].fault);
        assert_int_equal(!mistake.data, !cases[i].mistake);
        if (cases[i].mistake)
            assert_string_equal(rt_cstr(mistake), cases[i].mistake);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { IN_GOROUTINE(test_texts), IN_GOROUTINE(test_other_texts),
        IN_GOROUTINE(test_ranges_end_early), IN_GOROUTINE(test_hang), IN_GOROUTINE(test_die),
        cmocka_unit_test_setup_teardown(test_checks, support_arena_begin, support_arena_end) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
