/* Launch, Execute and their errors, Stop, and what chaincode support passes on. By
 * core/chaincode/{chaincode_support,container_runtime}.go. */
#include "tests/chaincode/helper_support.h"

/* ---- Launch ---- */

static void launches(void *arg)
{
    struct fixture *f = fixture_new(0);
    struct handler *h;
    (void)arg;
    assert_null(fixture_launch(f, &h));
    assert_ptr_equal(h, f->h);
    fixture_assert_calls(f, "info(mycc,qe);launch(mycc:1.0);");
    assert_null(fixture_launch(f, &h)); /* it is there */
    assert_ptr_equal(h, f->h);
    fixture_assert_calls(f, "");
}

static void launch_errors(void *arg)
{
    struct fixture *f = fixture_new(0);
    struct handler *h;
    (void)arg;
    f->fails = "info";
    fixture_assert_error(fixture_launch(f, &h),
            "[channel ch] failed to get chaincode container info for mycc:1.0: no luck");
    f->fails = "launch";
    fixture_assert_error(
            fixture_launch(f, &h), "[channel ch] could not launch chaincode mycc:1.0: no luck");
    assert_null(h);
    fixture_assert_calls(f, "info(mycc,qe);info(mycc,qe);launch(mycc:1.0);");
}

/* The handler that is gone again is no error in 1.4.2, which wraps a nil error. */
static void handler_gone(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    struct handler *h;
    f->no_handler = true;
    assert_null(fixture_launch(f, &h));
    assert_null(h);
    f = fixture_new((uint64_t)1 << VARIANT_FIX_HANDLER_GONE);
    f->no_handler = true;
    fixture_assert_error(fixture_launch(f, &h),
            "[channel ch] claimed to start chaincode container for mycc:1.0 but could not find "
            "handler: handler is gone");
}

static void launch_init(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    struct chaincode_container_info ccci = { .name = RT_STR("mycc"), .version = RT_STR("1.0") };
    f->fails = "launch";
    fixture_assert_error(chaincode_support_launch_init(f->cs, &ccci), "no luck");
    f->fails = NULL;
    assert_null(chaincode_support_launch_init(f->cs, &ccci));
    assert_null(chaincode_support_launch_init(f->cs, &ccci));
    fixture_assert_calls(f, "launch(mycc:1.0);launch(mycc:1.0);");
}

/* ---- Execute ---- */

static void executes(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    struct outcome o = fixture_execute(f, CC_MSG(COMPLETED), fixture_response());
    assert_null(o.err);
    assert_int_equal(o.response->status, 200);
    assert_true(rt_str_is(o.response->payload, "p"));
    assert_null(o.event);
    assert_int_equal(f->asked->type, CC_MSG(TRANSACTION));
    assert_true(rt_str_is(f->asked->txid, "tx1") && rt_str_is(f->asked->channel_id, "ch"));
    Protos__ChaincodeInput *asked;
    assert_null(WIRE_UNMARSHAL(protos__chaincode_input, f->asked->payload, &asked));
    assert_true(WIRE_EQUAL(asked, fixture_input()));
    fixture_assert_calls(f, "info(mycc);launch(mycc:1.0);");
}

/* An event is the transaction's and the chaincode's, whatever the chaincode wrote; also of a
 * failure. */
static void events(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    Protos__ChaincodeEvent event = PROTOS__CHAINCODE_EVENT__INIT;
    event.chaincode_id = event.tx_id = RT_STR("forged");
    f->answer.chaincode_event = &event;
    struct outcome o = fixture_execute(f, CC_MSG(COMPLETED), fixture_response());
    assert_ptr_equal(o.event, &event);
    assert_true(rt_str_is(event.chaincode_id, "mycc") && rt_str_is(event.tx_id, "tx1"));
    o = fixture_execute(f, CC_MSG(ERROR), RT_STR("boom"));
    fixture_assert_error(o.err, "transaction returned with failure: boom");
    assert_null(o.response);
    assert_ptr_equal(o.event, &event);
}

static void execute_errors(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    struct outcome o = fixture_execute(f, CC_MSG(COMPLETED), RT_STR("\377"));
    assert_true(rt_str_has_prefix(
            o.err->text, RT_STR("failed to unmarshal response for transaction tx1: ")));
    assert_null(o.response);
    assert_null(o.event);
    assert_int_equal(rt_now_ns(), 0);
    o = fixture_execute(f, 0, RT_NIL);
    fixture_assert_error(o.err,
            "failed to execute transaction tx1: error sending: timeout expired while "
            "executing transaction");
    assert_int_equal(rt_now_ns(), 7 * RT_SECOND);
    assert_null(o.response);
    f = fixture_new(0);
    f->fails = "launch";
    o = fixture_execute(f, CC_MSG(COMPLETED), fixture_response());
    fixture_assert_error(o.err,
            "failed to execute transaction tx1: [channel ch] could not launch chaincode "
            "mycc:1.0: no luck");
}

/* Decorations go with the input, in order of their names; none of the client's stay. */
static void decorations(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    static const rt_bytes one = RT_STR_INIT("1"), two = RT_STR_INIT("2");
    struct rt_map *map = rt_map_new();
    rt_map_put(map, RT_STR("b"), (void *)(uintptr_t)&two);
    rt_map_put(map, RT_STR("a"), (void *)(uintptr_t)&one);
    struct transaction_params params = fixture_params(map);
    Protos__ChaincodeInput *input = fixture_input(), *asked;
    Protos__ChaincodeMessage *response;
    f->answer.type = CC_MSG(COMPLETED);
    assert_null(chaincode_support_invoke_init(f->cs, &params, &mycc, input, &response));
    assert_int_equal(f->asked->type, CC_MSG(INIT));
    assert_int_equal(response->type, CC_MSG(COMPLETED));
    assert_null(WIRE_UNMARSHAL(protos__chaincode_input, f->asked->payload, &asked));
    assert_int_equal(asked->n_decorations, 2);
    assert_true(rt_str_is(asked->decorations[0]->key, "a"));
    assert_true(rt_str_is(asked->decorations[0]->value, "1"));
    assert_true(rt_str_is(asked->decorations[1]->key, "b"));
    assert_true(rt_str_is(asked->decorations[1]->value, "2"));
    params = fixture_params(NULL);
    assert_null(chaincode_support_invoke(f->cs, &params, &mycc, input, &response));
    assert_int_equal(f->asked->type, CC_MSG(TRANSACTION));
    assert_null(WIRE_UNMARSHAL(protos__chaincode_input, f->asked->payload, &asked));
    assert_int_equal(asked->n_decorations, 0);
}

static void legacy_inits(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    f->fails = "launch";
    struct outcome o = fixture_legacy_init(f);
    fixture_assert_error(o.err, "no luck");
    assert_null(o.response);
    assert_null(o.event);
    f->fails = NULL;
    o = fixture_legacy_init(f);
    assert_null(o.err);
    assert_int_equal(o.response->status, 200);
    assert_int_equal(f->asked->type, CC_MSG(INIT));
    fixture_assert_calls(f, "launch(mycc:1.0);launch(mycc:1.0);");
    f = fixture_new(0);
    f->no_handler = true;
    o = fixture_legacy_init(f);
    assert_null(o.err);
    assert_null(o.response);
}

/* ---- what it passes on ---- */

static void stops(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    struct chaincode_container_info ccci = {
        .name = RT_STR("mycc"), .version = RT_STR("1.0"), .container_type = RT_STR("DOCKER")
    };
    struct chaincode_provider provider = chaincode_support_provider(f->cs);
    assert_null(provider.stop(provider.self, &ccci));
    f->fails = "process";
    fixture_assert_error(provider.stop(provider.self, &ccci), "error stopping container: no luck");
    fixture_assert_calls(f, "process(DOCKER,mycc-1.0);process(DOCKER,mycc-1.0);");
    int64_t code = 0;
    fixture_assert_error(f->cs->runtime.wait(f->cs->runtime.self, &ccci, &code), "no luck");
    assert_int_equal(code, -1);
    ccci.type = RT_STR("GOLANG");
    fixture_assert_error(f->cs->runtime.start(f->cs->runtime.self, &ccci, RT_NIL),
            "error starting container: no luck");
    ccci.type = RT_STR("COBOL");
    fixture_assert_error(f->cs->runtime.start(f->cs->runtime.self, &ccci, RT_NIL),
            "unknown chaincodeType: COBOL");
}

static void environment(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    f->params.config.keepalive_ns = 11;
    struct chaincode_support *cs = chaincode_support_new(&f->params);
    assert_int_equal(cs->execute_timeout_ns, 7 * RT_SECOND);
    assert_int_equal(cs->handlers.keepalive_ns, 11);
    assert_true(rt_str_is(cs->handlers.sys_cc_version, "1.4.2"));
    assert_int_equal(cs->handlers.query_response_builder.max_result_limit, 100);
    assert_ptr_equal(cs->handlers.metrics, f->metrics);
    assert_true(cs->user_runs_cc);
    assert_true(cs->handler_registry->allow_unsolicited_registration);
    const struct container_runtime *runtime = cs->runtime.self;
    assert_null(runtime->config.cert_generator);
    assert_true(rt_str_is(runtime->config.peer_address, "peer0:7052"));
    static const char *const env[] = { "CORE_CHAINCODE_LOGGING_LEVEL=info",
        "CORE_CHAINCODE_LOGGING_SHIM=warning", "CORE_CHAINCODE_LOGGING_FORMAT=format" };
    assert_int_equal(runtime->config.common_env.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(rt_str_is(runtime->config.common_env.items[i], env[i]));
    const struct runtime_launcher *launcher = cs->launcher.self;
    assert_int_equal(launcher->startup_timeout_ns, 9 * RT_SECOND);
    assert_ptr_equal(launcher->metrics, f->metrics);
    assert_ptr_equal(launcher->registry, cs->handler_registry);
    /* The certificates' generator is for TLS. */
    static const struct cert_generator generator;
    f->params.cert_generator = &generator;
    f->params.ca_cert = RT_STR("ca");
    f->params.config.tls_enabled = true;
    f->params.user_runs_cc = false;
    cs = chaincode_support_new(&f->params);
    runtime = cs->runtime.self;
    assert_ptr_equal(runtime->config.cert_generator, &generator);
    assert_true(rt_str_is(runtime->config.ca_cert, "ca"));
    assert_false(cs->user_runs_cc);
    assert_false(cs->handler_registry->allow_unsolicited_registration);
}

/* A single decoration, too. */
static void one_decoration(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    static const rt_bytes one = RT_STR_INIT("1");
    struct rt_map *map = rt_map_new();
    rt_map_put(map, RT_STR("a"), (void *)(uintptr_t)&one);
    struct transaction_params params = fixture_params(map);
    Protos__ChaincodeInput *asked;
    Protos__ChaincodeMessage *response;
    f->answer.type = CC_MSG(COMPLETED);
    assert_null(chaincode_support_invoke(f->cs, &params, &mycc, fixture_input(), &response));
    assert_null(WIRE_UNMARSHAL(protos__chaincode_input, f->asked->payload, &asked));
    assert_int_equal(asked->n_decorations, 1);
    assert_true(rt_str_is(asked->decorations[0]->value, "1"));
}

/* ---- what its watcher hears ---- */

static void observe(void *self, const struct observed *event)
{
    struct fixture *f = self;
    if (event->kind == OBSERVED_INVOKE_FAILED)
        rt_buf_printf(&f->log, "%S failed: %S;", event->cname, event->err->text);
}

static void failure_is_observed(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(0);
    struct observer *observer = rt_new(struct observer);
    *observer = (struct observer){ f, observe };
    f->params.observer = observer;
    fixture_renew(f);
    assert_null(fixture_execute(f, CC_MSG(COMPLETED), fixture_response()).err);
    fixture_assert_calls(f, "info(mycc);launch(mycc:1.0);");
    assert_non_null(fixture_execute(f, CC_MSG(ERROR), RT_STR("boom")).err);
    fixture_assert_calls(f, "mycc failed: transaction returned with failure: boom;");
    assert_ptr_equal(f->cs->handlers.observer, observer);
    assert_ptr_equal(f->cs->handler_registry->observer, observer);
    assert_ptr_equal(
            ((struct runtime_launcher *)chaincode_support_new(&f->params)->launcher.self)->observer,
            observer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_GOROUTINE(launches),
        IN_GOROUTINE(launch_errors),
        IN_GOROUTINE(handler_gone),
        IN_GOROUTINE(launch_init),
        IN_GOROUTINE(executes),
        IN_GOROUTINE(events),
        IN_GOROUTINE(execute_errors),
        IN_GOROUTINE(decorations),
        IN_GOROUTINE(legacy_inits),
        IN_GOROUTINE(stops),
        IN_GOROUTINE(environment),
        IN_GOROUTINE(one_decoration),
        IN_GOROUTINE(failure_is_observed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
