/* Variants of chaincode support and of the container runtime: what each changes. */
#include "tests/chaincode/helper_support.h"

/* Containers of chaincodes get names of their own, system chaincodes keep theirs. */
static void distinct_names(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new((uint64_t)1 << VARIANT_FIX_NAMES_DISTINCT);
    struct chaincode_container_info ccci = {
        .name = RT_STR("a-b"), .version = RT_STR("1.0"), .container_type = RT_STR("DOCKER")
    };
    assert_null(chaincode_support_stop(f->cs, &ccci));
    ccci.container_type = RT_STR("SYSTEM");
    assert_null(chaincode_support_stop(f->cs, &ccci));
    fixture_assert_calls(f, "process(DOCKER,a-b:1.0);process(SYSTEM,a-b-1.0);");
}

static void stop_error_dropped(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new((uint64_t)1 << VARIANT_STOP_ERROR_DROPPED);
    struct chaincode_container_info ccci = { .name = RT_STR("mycc") };
    f->fails = "process";
    assert_null(chaincode_support_stop(f->cs, &ccci));
}

/* A deploy in dev mode stops the chaincode, which then is forgotten; without user's chaincodes
 * not. */
static void dev_mode_stop(void *arg)
{
    (void)arg;
    for (int user_runs_cc = 0; user_runs_cc < 2; user_runs_cc++) {
        struct fixture *f = fixture_new((uint64_t)1 << VARIANT_DEV_MODE_STOP);
        f->cs->user_runs_cc = user_runs_cc;
        f->cs->handler_registry->allow_unsolicited_registration = true;
        assert_null(fixture_legacy_init(f).err);
        fixture_assert_calls(f,
                user_runs_cc ? "launch(mycc:1.0);process(DOCKER,mycc-1.0);" : "launch(mycc:1.0);");
        struct handler *h = handler_registry_handler(f->cs->handler_registry, RT_STR("mycc:1.0"));
        assert_ptr_equal(h, user_runs_cc ? NULL : f->h);
    }
}

/* An ERROR's text is no Response, and so its own error is lost. */
static void error_payload_parsed(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new((uint64_t)1 << VARIANT_ERROR_PAYLOAD_PARSED);
    struct outcome o = fixture_execute(f, CC_MSG(ERROR), RT_STR("\377"));
    assert_true(rt_str_has_prefix(
            o.err->text, RT_STR("failed to unmarshal response for transaction tx1: ")));
}

static void own_done(void *self)
{
    rt_buf_putz(&((struct fixture *)self)->log, "done;");
}

static struct query_executor own;

static struct rt_error *new_query_executor(void *self, const struct query_executor **executor_out)
{
    own = (struct query_executor){ .self = self, .done = own_done };
    *executor_out = &own;
    return fixture_note(self, "executor");
}

static struct peer_ledger the_ledger;

static const struct peer_ledger *get_ledger(void *self, rt_str cid)
{
    the_ledger = (struct peer_ledger){ .self = self, .new_query_executor = new_query_executor };
    return rt_str_is(cid, "ch") ? &the_ledger : NULL;
}

static void second_read_lock(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new((uint64_t)1 << VARIANT_SECOND_READ_LOCK);
    f->cs->handlers.ledger_getter = (struct ledger_getter){ f, get_ledger };
    struct handler *h;
    f->fails = "executor";
    fixture_assert_error(fixture_launch(f, &h),
            "[channel ch] failed to get chaincode container info for mycc:1.0: no luck");
    f->fails = NULL;
    f->no_handler = true;
    assert_null(fixture_launch(f, &h));
    fixture_assert_calls(f, "executor;executor;info(mycc);done;launch(mycc:1.0);");
    assert_null(chaincode_support_launch(
            f->cs, RT_STR("nowhere"), RT_STR("mycc"), RT_STR("1.0"), &fixture_executor, &h));
    fixture_assert_calls(f, "info(mycc,qe);launch(mycc:1.0);");
}

static uint32_t choose_one(void *self, const struct rt_choice *c)
{
    (void)self;
    if (c->kind == RT_CHOICE_FAULT)
        assert_int_equal(c->options, 2);
    return c->kind == RT_CHOICE_FAULT;
}

static void cancelled_start(void *arg)
{
    (void)arg;
    struct chaincode_container_info ccci = {
        .name = RT_STR("mycc"), .type = RT_STR("GOLANG"), .container_type = RT_STR("DOCKER")
    };
    struct fixture *f = fixture_new((uint64_t)1 << VARIANT_CANCELLED_START);
    fixture_assert_error(f->cs->runtime.start(f->cs->runtime.self, &ccci, RT_NIL),
            "error starting container: context canceled");
    f = fixture_new(0);
    assert_null(f->cs->runtime.start(f->cs->runtime.self, &ccci, RT_NIL));
}

static void test_cancelled_start(void **state)
{
    (void)state;
    const struct rt_source source = { .choose = choose_one };
    support_run(&(struct rt_config){ .source = &source }, cancelled_start, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_GOROUTINE(distinct_names),
        IN_GOROUTINE(stop_error_dropped),
        IN_GOROUTINE(dev_mode_stop),
        IN_GOROUTINE(error_payload_parsed),
        IN_GOROUTINE(second_read_lock),
        cmocka_unit_test(test_cancelled_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
