/* Settings, names and keys, by
 * core/chaincode/{config,active_transactions,transaction_contexts}.go and Go's strconv.Atoi. */
#include "model/chaincode/active_transactions.h"
#include "model/chaincode/cc_name.h"
#include "model/chaincode/config.h"
#include "model/chaincode/launch_config.h"
#include "model/chaincode/transaction_context.h"
#include "model/ledger/ledger.h"
#include "model/rt/clock.h"
#include "tests/support/test.h"

static void test_seconds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* 7 is the default */
    } table[] = {
        { "", 7 },
        { "0", 0 },
        { "5", 5 },
        { "+5", 5 },
        { "-5", -5 },
        { "007", 7 },
        { "123", 123 },
        { "909", 909 },
        { "+", 7 },
        { "-", 7 },
        { "5s", 7 },
        { " 5", 7 },
        { "5:", 7 },
        { "5/", 7 },
        { "+-5", 7 },
        { "--5", 7 },
        { "1.5", 7 },
        { "9223372036", 9223372036 },
        { "9223372036854775808", 7 },
        { "-9223372036854775809", 7 },
        { "99999999999999999999", 7 },
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_int_equal(chaincode_config_to_seconds(rt_str_from(table[i].text), 7),
                table[i].seconds * RT_SECOND);
    /* Numbers that an int holds but a Duration does not wrap around, as Go's product does. */
    assert_int_equal(chaincode_config_to_seconds(RT_STR("9223372036854775807"), 7), -RT_SECOND);
    assert_int_equal(chaincode_config_to_seconds(RT_STR("-9223372036854775808"), 7), 0);
    assert_int_equal(chaincode_config_to_seconds(rt_bytes_from("5\0", 2), 7), 7 * RT_SECOND);
    assert_int_equal(chaincode_config_to_seconds(rt_bytes_from("+5", 0), 7), 7 * RT_SECOND);
}

static struct chaincode_config load(int64_t execute, int64_t startup)
{
    return chaincode_config_load(
            false, RT_STR("9"), execute, startup, RT_STR("f"), RT_STR("Debug"), RT_STR("loud"));
}

static void test_load(void **state)
{
    (void)state;
    struct chaincode_config c = load(RT_SECOND - 1, 5 * RT_SECOND - 1);
    assert_false(c.tls_enabled);
    assert_int_equal(c.keepalive_ns, 9 * RT_SECOND);
    assert_int_equal(c.execute_timeout_ns, 30 * RT_SECOND);
    assert_int_equal(c.startup_timeout_ns, 5 * RT_SECOND);
    assert_true(rt_str_is(c.log_format, "f"));
    assert_true(rt_str_is(c.log_level, "Debug"));
    assert_true(rt_str_is(c.shim_log_level, "INFO"));
    c = load(RT_SECOND, 5 * RT_SECOND + 1);
    assert_int_equal(c.execute_timeout_ns, RT_SECOND);
    assert_int_equal(c.startup_timeout_ns, 5 * RT_SECOND + 1);
    c = chaincode_config_load(true, RT_STR("x"), 0, 0, RT_STR(""), RT_STR(""), RT_STR("critical"));
    assert_true(c.tls_enabled);
    assert_int_equal(c.keepalive_ns, 0);
    assert_true(rt_str_is(c.log_level, "INFO"));
    assert_true(rt_str_is(c.shim_log_level, "critical"));
}

static void test_log_levels(void **state)
{
    (void)state;
    static const char *const levels[] = { "CRITICAL", "error", "Warning", "NOTICE", "info",
        "dEBUG" };
    for (size_t i = 0; i < 6; i++)
        assert_true(chaincode_config_is_log_level(rt_str_from(levels[i])));
    static const char *const others[] = { "", "WARN", "DEBUGS", "DEBU", "info ", "trace" };
    for (size_t i = 0; i < 6; i++)
        assert_false(chaincode_config_is_log_level(rt_str_from(others[i])));
}

/* ---- names ---- */

static void assert_name(const char *name, const char *cc, const char *version, const char *channel)
{
    struct chaincode_instance ci = parse_name(rt_str_from(name));
    assert_true(rt_str_is(ci.chaincode_name, cc));
    assert_true(rt_str_is(ci.chaincode_version, version));
    assert_true(rt_str_is(ci.chain_id, channel));
}

static void test_names(void **state)
{
    (void)state;
    assert_name("", "", "", "");
    assert_name("cc", "cc", "", "");
    assert_name("cc:1.0", "cc", "1.0", "");
    assert_name("cc/ch", "cc", "", "ch");
    assert_name("cc:1.0/ch", "cc", "1.0", "ch");
    assert_name("cc:1:2/ch/d:3", "cc", "1:2", "ch/d:3");
    assert_name("/:", "", "", ":");
    assert_name(":", "", "", "");
}

/* What is logged of a launch, with nothing, one argument, one file. */
static void test_launch_config(void **state)
{
    (void)state;
    struct launch_config lc = { 0 };
    assert_string_equal(rt_cstr(launch_config_string(&lc)), "Args:[],Envs:[],Files:[]");
    lc.args = str_slice_append(lc.args, RT_STR("x"));
    lc.envs = str_slice_append(lc.envs, RT_STR("A=1"));
    lc.files = rt_map_new();
    static const rt_bytes content = RT_STR_INIT("secret");
    rt_map_put(lc.files, RT_STR("/f"), (void *)(uintptr_t)&content);
    assert_string_equal(
            rt_cstr(launch_config_string(&lc)), "executable:\"x\",Args:[x],Envs:[A=1],Files:[/f]");
}

/* ---- transactions ---- */

/* A key is channel and id, joined; so some that differ share one. */
static void test_active_transactions(void **state)
{
    (void)state;
    struct active_transactions a;
    active_transactions_init(&a);
    assert_string_equal(a.mutex.name, "ActiveTransactions");
    assert_true(rt_str_is(new_tx_key(RT_STR("ch"), RT_STR("tx")), "chtx"));
    assert_true(rt_str_is(new_tx_key(RT_STR("c"), RT_STR("tx")), "ctx"));
    assert_true(rt_str_is(new_tx_key(RT_STR(""), RT_STR("tx")), "tx"));
    assert_true(active_transactions_add(&a, RT_STR("ch"), RT_STR("tx")));
    assert_false(active_transactions_add(&a, RT_STR("ch"), RT_STR("tx")));
    assert_false(active_transactions_add(&a, RT_STR(""), RT_STR("chtx")));
    assert_true(active_transactions_add(&a, RT_STR(""), RT_STR("tx")));
    active_transactions_remove(&a, RT_STR("ch"), RT_STR("tx"));
    assert_true(active_transactions_add(&a, RT_STR("ch"), RT_STR("tx")));
    assert_false(active_transactions_add(&a, RT_STR(""), RT_STR("tx")));
}

static void test_transaction_contexts(void **state)
{
    (void)state;
    struct transaction_contexts c = { 0 };
    transaction_contexts_init(&c);
    assert_string_equal(c.mutex.name, "TransactionContexts");
    struct transaction_params params = { .tx_id = RT_STR("tx"), .channel_id = RT_STR("c") };
    params.is_init_transaction = true;
    struct transaction_context *t = NULL, *other = NULL;
    assert_null(transaction_contexts_create(&c, &params, &t));
    assert_true(rt_str_is(t->chain_id, "c"));
    assert_true(t->is_init_transaction);
    assert_string_equal(t->query_mutex.name, "TransactionContext.queryMutex");
    assert_int_equal(rt_chan_cap(t->response_notifier), 1);
    struct rt_error *err = transaction_contexts_create(&c, &params, &other);
    assert_string_equal(rt_cstr(err->text), "txid: tx(c) exists");
    assert_null(other);
    assert_ptr_equal(transaction_contexts_get(&c, RT_STR("c"), RT_STR("tx")), t);
    assert_ptr_equal(transaction_contexts_get(&c, RT_STR(""), RT_STR("ctx")), t);
    assert_null(transaction_contexts_get(&c, RT_STR(""), RT_STR("tx")));
    params.channel_id = RT_STR("");
    assert_null(transaction_contexts_create(&c, &params, &other));
    transaction_contexts_delete(&c, RT_STR("c"), RT_STR("tx"));
    assert_null(transaction_contexts_get(&c, RT_STR("c"), RT_STR("tx")));
    assert_ptr_equal(transaction_contexts_get(&c, RT_STR(""), RT_STR("tx")), other);
}

/* ---- queries of a transaction ---- */

static int closed; /* iterators, so far */

static void closes(void *self)
{
    (void)self;
    closed++;
}

static rt_str bookmark(void *self)
{
    (void)self;
    return RT_STR("bm");
}

static void assert_forgotten(struct transaction_context *t, rt_str id)
{
    assert_null(transaction_context_get_query_iterator(t, id));
    assert_null(transaction_context_get_pending_query_result(t, id));
    assert_null(transaction_context_get_total_return_count(t, id));
}

/* A query is known by its id until it is cleaned up; only a page's iterator has a bookmark. */
static void test_query_contexts(void **state)
{
    (void)state;
    struct transaction_context t = { 0 };
    const struct results_iterator results = { .close = closes };
    const struct query_iterator plain = { .results = &results };
    const struct query_iterator page = { .results = &results, .get_bookmark_and_close = bookmark };
    closed = 0;
    transaction_context_cleanup_query_context(&t, RT_STR("a"));
    transaction_context_initialize_query_context(&t, RT_STR("a"), &plain);
    transaction_context_initialize_query_context(&t, RT_STR("b"), &page);
    transaction_context_initialize_query_context(&t, RT_STR("c"), &plain);
    assert_ptr_equal(transaction_context_get_query_iterator(&t, RT_STR("b")), &page);
    assert_int_equal(*transaction_context_get_total_return_count(&t, RT_STR("b")), 0);
    assert_int_equal(transaction_context_get_pending_query_result(&t, RT_STR("b"))->size, 0);
    assert_true(rt_str_is(
            transaction_context_cleanup_query_context_with_bookmark(&t, RT_STR("b")), "bm"));
    assert_forgotten(&t, RT_STR("b"));
    assert_true(rt_str_is(
            transaction_context_cleanup_query_context_with_bookmark(&t, RT_STR("c")), ""));
    assert_forgotten(&t, RT_STR("c"));
    assert_int_equal(closed, 0);
    transaction_context_cleanup_query_context(&t, RT_STR("a"));
    assert_forgotten(&t, RT_STR("a"));
    assert_int_equal(closed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seconds),
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_log_levels),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_launch_config),
        cmocka_unit_test(test_active_transactions),
        cmocka_unit_test(test_transaction_contexts),
        cmocka_unit_test(test_query_contexts),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
