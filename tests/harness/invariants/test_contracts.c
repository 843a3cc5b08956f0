/* Invariants that check a contract between two parts: planted violations, and their kin that keep
 * it. */
#include "mocks/docker/engine.h"
#include "model/chaincode/handler_registry.h"
#include "model/container/docker_vm.h"
#include "model/rt/clock.h"
#include "tests/harness/support/story.h"
#include "tests/support/test.h"

#include "proto/chaincode_shim.pb-c.h"

static void received(int n, Protos__ChaincodeMessage__Type type)
{
    SAY(.kind = OBSERVED_RECEIVED, .handler = handler(n), .msg = message(type, ""));
}

static void sending(int n, Protos__ChaincodeMessage__Type type)
{
    SAY(.kind = OBSERVED_SENDING, .handler = handler(n), .msg = message(type, ""));
}

static void sent(int n, Protos__ChaincodeMessage__Type type, struct rt_error *err)
{
    sending(n, type);
    SAY(.kind = OBSERVED_SENT, .handler = handler(n), .msg = message(type, ""), .err = err);
}

static void notify(struct launch_state *state, struct rt_error *err)
{
    SAY(.kind = OBSERVED_LAUNCH_NOTIFIED, .state = state, .err = err, .own = !state->notified);
    state->notified = true;
    state->err = err;
}

/* Another goroutine's stream. */
struct other {
    struct launch_state *state;
    struct rt_error *err;
    bool registers;
};

static void stream_decides(void *arg)
{
    struct other *o = arg;
    SAY(.kind = OBSERVED_STREAM_BEGIN, .handler = handler(1));
    if (o->registers)
        SAY(.kind = OBSERVED_HANDLER_ADDED, .cname = CC, .handler = handler(1), .state = o->state);
    notify(o->state, o->err);
    SAY(.kind = OBSERVED_STREAM_END, .handler = handler(1), .err = rt_eof);
}

static void launch_and(bool registers, struct rt_error *err)
{
    struct other *o = rt_new(struct other);
    *o = (struct other){ rt_new(struct launch_state), err, registers };
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = CC);
    SAY(.kind = OBSERVED_LAUNCHING_ADDED, .cname = CC, .state = o->state);
    rt_go("ProcessStream", stream_decides, o);
    rt_sleep_ns(RT_MS);
    SAY(.kind = OBSERVED_LAUNCHING_REMOVED, .cname = CC, .state = o->state, .own = true);
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = CC, .err = rt_errorf("failed"), .own = true,
            .state = err ? o->state : NULL);
}

static void refused_stream_fails_launch(void *arg)
{
    (void)arg;
    launch_and(false, rt_errorf("duplicate"));
}

static void stranger_is_ready(void *arg)
{
    (void)arg;
    launch_and(false, NULL);
}

static void own_stream_fails_launch(void *arg)
{
    (void)arg;
    launch_and(true, rt_errorf("cannot send"));
}

static void launcher_fails_launch(void *arg)
{
    (void)arg;
    struct launch_state *state = rt_new(struct launch_state);
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = CC);
    SAY(.kind = OBSERVED_LAUNCHING_ADDED, .cname = CC, .state = state);
    notify(state, rt_errorf("timeout"));
    SAY(.kind = OBSERVED_LAUNCHING_REMOVED, .cname = CC, .state = state);
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = CC, .err = state->err, .own = true, .state = state);
}

static void test_decide(void **state)
{
    (void)state;
    expect_id(refused_stream_fails_launch, "decide/LaunchState failed/ProcessStream");
    expect_id(stranger_is_ready, "decide/LaunchState ready/ProcessStream");
    expect_silence(own_stream_fails_launch);
    expect_silence(launcher_fails_launch);
}

/* ---- agree ---- */

static void ends_otherwise(struct rt_error *state_err, struct rt_error *err)
{
    struct launch_state *state = rt_new(struct launch_state);
    state->notified = true;
    state->err = state_err;
    if (!err) { /* what a success needs */
        SAY(.kind = OBSERVED_HANDLER_ADDED, .cname = CC, .handler = handler(0), .state = state);
        sent(0, TYPE(REGISTERED), NULL);
        sent(0, TYPE(READY), NULL);
    }
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = CC);
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = CC, .err = err, .own = true, .state = state);
}

static void fails_though_ready(void *arg)
{
    (void)arg;
    ends_otherwise(NULL, rt_errorf("late"));
}

static void succeeds_though_failed(void *arg)
{
    (void)arg;
    ends_otherwise(rt_errorf("refused"), NULL);
}

static void says_the_same(void *arg)
{
    (void)arg;
    struct rt_error *err = rt_errorf("refused");
    ends_otherwise(NULL, NULL);
    ends_otherwise(err, err);
}

static struct check_call *endorsed(const char *lscc)
{
    struct check_call *call = rt_new(struct check_call);
    *call = (struct check_call){ .name = RT_STR("call"),
        .lscc = rt_str_from(lscc),
        .channel = RT_STR("ch"),
        .header_chaincode = RT_STR("lscc"),
        .spec_chaincode = RT_STR("lscc"),
        .chaincode = RT_STR("mycc"),
        .version = RT_STR("1.0"),
        .status = 200,
        .endorsed = true };
    return call;
}

/* An Init that has run in the call, as every deploy needs. */
static void returned(struct check_call *call)
{
    if (call->lscc.len > 0) {
        Protos__ChaincodeMessage *init = message(TYPE(INIT), "tx");
        Protos__ChaincodeMessage *reply = message(TYPE(COMPLETED), "tx");
        init->channel_id = call->channel;
        reply->payload = RT_STR("\x08\xc8\x01"); /* Response{status: 200} */
        call->txid = RT_STR("tx");
        SAY(.kind = OBSERVED_EXECUTE_BEGIN, .handler = handler(2), .msg = init);
        SAY(.kind = OBSERVED_EXECUTE_END, .handler = handler(2), .msg = init, .reply = reply);
    }
    check_call_returned(&check, call);
}

static void another_channel(void *arg)
{
    (void)arg;
    struct check_call *call = endorsed("deploy");
    call->channel_argument = RT_STR("other");
    returned(call);
}

static void another_chaincode(void *arg)
{
    (void)arg;
    struct check_call *call = endorsed("");
    call->header_chaincode = RT_STR("mycc");
    returned(call);
}

static void nothing_amiss(void *arg)
{
    (void)arg;
    struct check_call *call = endorsed("deploy");
    call->channel_argument = RT_STR("ch");
    call->escc = RT_STR("escc");
    call->vscc = RT_STR("vscc");
    returned(call);
    call = endorsed("upgrade");
    call->endorsed = false; /* it was refused: what it asked for is nobody's concern */
    call->status = 500;
    call->channel_argument = RT_STR("other");
    call->escc = RT_STR("mine");
    call->header_chaincode = RT_STR("mycc");
    returned(call);
}

static void test_agree(void **state)
{
    (void)state;
    expect_id(fails_though_ready, "agree/launch failed, LaunchState ready/story");
    expect_id(succeeds_though_failed, "agree/launch succeeded, LaunchState failed/story");
    expect_id(another_channel, "agree/channel of deploy/ProcessProposal");
    expect_id(another_chaincode, "agree/header's and payload's chaincode/ProcessProposal");
    expect_silence(says_the_same);
    expect_silence(nothing_amiss);
}

/* ---- usable ---- */

static void unknown_escc(void *arg)
{
    (void)arg;
    struct check_call *call = endorsed("deploy");
    call->escc = RT_STR("mine");
    call->vscc = RT_STR("vscc");
    returned(call);
}

static void unknown_vscc(void *arg)
{
    (void)arg;
    struct check_call *call = endorsed("upgrade");
    call->escc = RT_STR("escc");
    call->vscc = RT_STR("mine");
    returned(call);
}

static void unusable_policy(void *arg)
{
    (void)arg;
    struct check_call *call = endorsed("deploy");
    call->escc = RT_STR("escc");
    call->vscc = RT_STR("vscc");
    call->bad_policy = RT_STR("unexpected EOF");
    returned(call);
}

static void test_usable(void **state)
{
    (void)state;
    expect_id(unknown_escc, "usable/endorsement plugin/lscc deploy");
    expect_id(unknown_vscc, "usable/validation plugin/lscc upgrade");
    expect_id(unusable_policy, "usable/endorsement policy/lscc deploy");
}

/* ---- left ---- */

/* A container of CC runs, its launch has failed. */
static void container_runs(bool handler_there, struct rt_error *stop)
{
    check.engine = docker_engine_new(&(const struct engine_config){ .all_images = true });
    struct docker_transport transport = docker_engine_transport(check.engine);
    struct docker_client_getter getter = docker_client_getter_over(&transport);
    struct vm vm = docker_vm_as_vm(docker_vm_new(&(const struct docker_vm_config){
            .network_id = settings.network_id, .peer_id = settings.id, .get_client = getter }));
    rt_str env[] = { RT_STR("CORE_CHAINCODE_ID_NAME=mycc:1.0") };
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = CC);
    assert_null(vm.start(vm.self, (struct ccid){ .name = RT_STR("mycc"), .version = RT_STR("1.0") },
            (struct str_slice){ 0 }, (struct str_slice){ env, 1 }, NULL, (struct builder){ 0 }));
    if (stop)
        SAY(.kind = OBSERVED_RUNTIME_STOPPED, .cname = CC, .err = stop);
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = CC, .err = rt_errorf("timeout"), .own = true);
    if (handler_there)
        SAY(.kind = OBSERVED_HANDLER_ADDED, .cname = CC, .handler = handler(0),
                .state = rt_new(struct launch_state));
}

static void runs_on(void *arg)
{
    (void)arg;
    container_runs(false, NULL);
}

static void runs_and_is_known(void *arg)
{
    (void)arg;
    container_runs(true, NULL);
}

static void could_not_be_stopped(void *arg)
{
    (void)arg;
    container_runs(false, rt_errorf("busy"));
}

static void test_left(void **state)
{
    (void)state;
    expect_id(runs_on, "left/container/RuntimeLauncher.Launch");
    expect_silence(runs_and_is_known);
    expect_silence(could_not_be_stopped);
}

/* ---- mode ---- */

static struct world_peer dev_settings;

static void starts_in_dev_mode(void *arg)
{
    (void)arg;
    dev_settings = settings;
    dev_settings.dev_mode = true;
    check.settings = &dev_settings;
    SAY(.kind = OBSERVED_RUNTIME_START, .cname = CC);
}

static void starts_a_system_chaincode(void *arg)
{
    (void)arg;
    dev_settings = settings;
    dev_settings.dev_mode = true;
    check.settings = &dev_settings;
    SAY(.kind = OBSERVED_RUNTIME_START, .cname = RT_STR("lscc:latest"));
}

static void test_mode(void **state)
{
    (void)state;
    expect_id(starts_in_dev_mode, "mode/Runtime.Start in dev mode/story");
    expect_silence(starts_a_system_chaincode);
}

/* ---- told ---- */

static void unanswered_registration(void *arg)
{
    (void)arg;
    received(3, TYPE(REGISTER));
    sent(3, TYPE(KEEPALIVE), NULL);
}

static void refused_and_told(void *arg)
{
    (void)arg;
    received(3, TYPE(REGISTER));
    sending(3, TYPE(REGISTERED));
    received(4, TYPE(REGISTER));
    SAY(.kind = OBSERVED_STREAM_END, .handler = handler(4), .err = rt_errorf("duplicate"));
}

static void executes_on(struct rt_error *err)
{
    Protos__ChaincodeMessage *m = message(TYPE(TRANSACTION), "tx");
    SAY(.kind = OBSERVED_EXECUTE_BEGIN, .handler = handler(5), .msg = m);
    SAY(.kind = OBSERVED_STREAM_END, .handler = handler(5), .err = rt_eof);
    SAY(.kind = OBSERVED_EXECUTE_END, .handler = handler(5), .msg = m, .err = err);
}

static void waits_for_an_ended_stream(void *arg)
{
    (void)arg;
    executes_on(rt_errorf("timeout expired while executing transaction"));
}

static void hears_of_the_end(void *arg)
{
    (void)arg;
    executes_on(rt_errorf("the stream has ended"));
}

static void test_told(void **state)
{
    (void)state;
    expect_id(unanswered_registration, "told/registration/Handler.HandleRegister");
    expect_id(waits_for_an_ended_stream, "told/execution of an ended stream/Handler.Execute");
    expect_silence(refused_and_told);
    expect_silence(hears_of_the_end);
}

/* ---- order ---- */

/* READY could not be sent; what comes then is a second message of the wrong kind, or none. */
static void failed_ready(void *arg)
{
    (void)arg;
    sent(6, TYPE(REGISTERED), NULL);
    sent(6, TYPE(READY), rt_errorf("broken"));
    sent(6, TYPE(TRANSACTION), rt_errorf("broken"));
}

static void transaction_after_failed_ready(void *arg)
{
    (void)arg;
    sent(6, TYPE(REGISTERED), NULL);
    sent(6, TYPE(READY), rt_errorf("broken"));
    sent(6, TYPE(TRANSACTION), NULL);
}

static void test_order_counts_what_was_sent(void **state)
{
    (void)state;
    expect_silence(failed_ready);
    expect_finding(transaction_after_failed_ready, "order");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decide),
        cmocka_unit_test(test_agree),
        cmocka_unit_test(test_usable),
        cmocka_unit_test(test_left),
        cmocka_unit_test(test_mode),
        cmocka_unit_test(test_told),
        cmocka_unit_test(test_order_counts_what_was_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
