/* Each invariant fails on a planted violation and is silent on what is right. */
#include <string.h>

#include "mocks/docker/engine.h"
#include "model/chaincode/handler_registry.h"
#include "model/container/docker_vm.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "tests/harness/support/story.h"
#include "tests/support/test.h"

#include "proto/chaincode_shim.pb-c.h"
#include "proto/proposal_response.pb-c.h"

static void send(int n, Protos__ChaincodeMessage__Type type, const char *tx)
{
    SAY(.kind = OBSERVED_SENDING, .handler = handler(n), .msg = message(type, tx));
    SAY(.kind = OBSERVED_SENT, .handler = handler(n), .msg = message(type, tx));
}

/* ---- what is right ---- */

static void good_launch(void *arg)
{
    (void)arg;
    struct launch_state *state = rt_new(struct launch_state);
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = CC);
    SAY(.kind = OBSERVED_LAUNCHING_ADDED, .cname = CC, .state = state);
    SAY(.kind = OBSERVED_STREAM_BEGIN, .handler = handler(0));
    SAY(.kind = OBSERVED_HANDLER_ADDED, .cname = CC, .handler = handler(0), .state = state);
    send(0, TYPE(REGISTERED), "");
    send(0, TYPE(KEEPALIVE), "");
    send(0, TYPE(READY), "");
    SAY(.kind = OBSERVED_LAUNCH_NOTIFIED, .state = state);
    state->notified = true;
    SAY(.kind = OBSERVED_LAUNCH_NOTIFIED, .state = state, .err = rt_errorf("later"));
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = CC, .own = true);
    rt_yield();
    send(0, TYPE(TRANSACTION), "tx");
    SAY(.kind = OBSERVED_REQUEST_ACCEPTED, .handler = handler(0),
            .msg = message(TYPE(GET_STATE), "tx"));
    send(0, TYPE(RESPONSE), "tx");
    SAY(.kind = OBSERVED_HANDLER_REMOVED, .cname = CC, .handler = handler(0), .own = true);
    SAY(.kind = OBSERVED_LAUNCHING_REMOVED, .cname = CC, .state = state, .own = true);
    SAY(.kind = OBSERVED_STREAM_END, .handler = handler(0), .err = rt_eof);
}

/* A waiter gets the launcher's error; the launcher forgets its launch; a true duplicate is
 * dropped. */
static void good_failure(void *arg)
{
    (void)arg;
    struct launch_state *state = rt_new(struct launch_state);
    struct rt_error *err = rt_errorf("container exited with 1");
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = CC);
    SAY(.kind = OBSERVED_LAUNCHING_ADDED, .cname = CC, .state = state);
    SAY(.kind = OBSERVED_LAUNCH_NOTIFIED, .state = state, .err = err);
    state->err = err;
    SAY(.kind = OBSERVED_LAUNCHING_REMOVED, .cname = CC, .state = state);
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = CC, .err = err);
    SAY(.kind = OBSERVED_REQUEST_ACCEPTED, .handler = handler(1),
            .msg = message(TYPE(GET_STATE), "t"));
    SAY(.kind = OBSERVED_REQUEST_DROPPED, .handler = handler(1),
            .msg = message(TYPE(GET_STATE), "t"));
    SAY(.kind = OBSERVED_STREAM_END, .handler = handler(1), .err = rt_eof);
}

static void test_silent_on_what_is_right(void **state)
{
    (void)state;
    expect_silence(good_launch);
    expect_silence(good_failure);
}

/* ---- planted violations ---- */

static void panics(void *arg)
{
    (void)arg;
    rt_panicf("close of closed channel");
}

static void blocks_in_launch(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = CC);
    rt_daemon(); /* that it is left over is another matter */
    rt_recv(rt_chan_make(0, "never"), NULL);
}

static void late(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_EXECUTE_BEGIN, .handler = handler(0),
            .msg = message(TYPE(TRANSACTION), "t"));
    rt_sleep_ns(600 * RT_SECOND);
    SAY(.kind = OBSERVED_EXECUTE_END, .handler = handler(0),
            .msg = message(TYPE(TRANSACTION), "t"));
}

static void forgets_launch(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = CC);
    SAY(.kind = OBSERVED_LAUNCHING_ADDED, .cname = CC, .state = rt_new(struct launch_state));
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = CC, .err = rt_errorf("failed"));
}

static void false_success(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_HANDLER_ADDED, .cname = CC, .handler = handler(0),
            .state = rt_new(struct launch_state));
    send(0, TYPE(REGISTERED), "");
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = CC);
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = CC);
}

static void foreign_removal(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_HANDLER_ADDED, .cname = CC, .handler = handler(0),
            .state = rt_new(struct launch_state));
    SAY(.kind = OBSERVED_HANDLER_REMOVED, .cname = CC, .handler = handler(0));
}

static void two_starts(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_RUNTIME_START, .cname = CC);
    SAY(.kind = OBSERVED_RUNTIME_START, .cname = CC);
}

static void transaction_before_ready(void *arg)
{
    (void)arg;
    send(0, TYPE(REGISTERED), "");
    send(0, TYPE(TRANSACTION), "t");
}

static void changing_error(void *arg)
{
    (void)arg;
    struct launch_state *state = rt_new(struct launch_state);
    SAY(.kind = OBSERVED_LAUNCH_NOTIFIED, .state = state);
    state->err = rt_errorf("duplicate");
}

static void dropped_request(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_REQUEST_DROPPED, .handler = handler(0),
            .msg = message(TYPE(GET_STATE), "t"));
}

static void unanswered(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_REQUEST_ACCEPTED, .handler = handler(0),
            .msg = message(TYPE(GET_STATE), "t"));
}

static void leftover(void *arg)
{
    (void)arg;
    rt_recv(rt_chan_make(0, "never"), NULL);
}

static void open_iterator(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_ITERATOR_OPENED, .object = handler(2));
}

static void uninitialised(void *arg)
{
    (void)arg;
    static struct check_call call;
    call = (struct check_call){
        .name = RT_STR("deploy"), .lscc = RT_STR("deploy"), .endorsed = true
    };
    call.chaincode = RT_STR("mycc");
    call.status = 200;
    check_call_returned(&check, &call);
}

/* The answer of a peer that has died since arrives after the next one was started. */
static void initialised_before_the_restart(void *arg)
{
    (void)arg;
    struct check_call *call = rt_new(struct check_call);
    *call = (struct check_call){ .name = RT_STR("deploy"), .lscc = RT_STR("deploy") };
    check_call_add(&check, call);
    check_restart(&check);
    call->endorsed = true;
    call->status = 200;
    call->chaincode = RT_STR("mycc");
    check_call_returned(&check, call);
}

static void accept(const char *function, const char *name, const char *version)
{
    struct check_call *call = rt_new(struct check_call);
    *call = (struct check_call){ .lscc = rt_str_from(function), .status = 200 };
    call->endorsed = strcmp(function, "install") != 0;
    call->name = call->lscc;
    call->chaincode = rt_str_from(name);
    call->version = rt_str_from(version);
    check_call_returned(&check, call);
}

/* Dashes join name and version of one container's name, one image's and one lock's. */
static void one_of_all_for_two(void *arg)
{
    (void)arg;
    accept("install", "a-b", "c");
    SAY(.kind = OBSERVED_RUNTIME_START, .cname = RT_STR("a:b-c"));
    SAY(.kind = OBSERVED_RUNTIME_STARTED, .cname = RT_STR("a:b-c"), .err = rt_errorf("no"));
}

/* A plus becomes a dash in container names, not in what images' hashes are made of. */
static void one_container_for_two(void *arg)
{
    (void)arg;
    accept("install", "a", "1+0");
    accept("install", "a", "1-0");
}

/* Accepted by a registration of the user's in dev mode alone. */
static void one_container_in_dev_mode(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = RT_STR("a:1+0"));
    SAY(.kind = OBSERVED_HANDLER_ADDED, .cname = RT_STR("a:1-0"), .handler = handler(0),
            .own = true, .state = rt_new(struct launch_state));
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = RT_STR("a:1+0"), .err = rt_errorf("no"));
}

/* The same pair again, names in another case, refused ones, ones that lscc would refuse. */
static void containers_of_their_own(void *arg)
{
    (void)arg;
    accept("install", "a", "1-0");
    accept("install", "a", "1-0");
    accept("install", "A", "1-0");
    accept("install", "a", "1_0");
    accept("install", "a-1", "1");
    SAY(.kind = OBSERVED_LAUNCH_BEGIN, .cname = RT_STR("a:1:0"));
    SAY(.kind = OBSERVED_LAUNCH_END, .cname = RT_STR("a:1:0"), .err = rt_errorf("no"));
    struct check_call *refused = rt_new(struct check_call);
    *refused = (struct check_call){
        .lscc = RT_STR("install"), .status = 500, .chaincode = RT_STR("a"), .version = RT_STR("1+0")
    };
    check_call_returned(&check, refused);
}

static void start_that_was_none(void *arg)
{
    (void)arg;
    check.engine = docker_engine_new(&(const struct engine_config){ 0 });
    SAY(.kind = OBSERVED_RUNTIME_START, .cname = CC);
    SAY(.kind = OBSERVED_RUNTIME_STARTED, .cname = CC);
}

/* The peer `id` starts CC in a container of the engine. */
static void start_in_docker(rt_str id)
{
    struct docker_transport transport = docker_engine_transport(check.engine);
    struct docker_client_getter getter = docker_client_getter_over(&transport);
    struct vm vm = docker_vm_as_vm(docker_vm_new(&(const struct docker_vm_config){
            .network_id = settings.network_id, .peer_id = id, .get_client = getter }));
    rt_str env[] = { RT_STR("CORE_CHAINCODE_ID_NAME=mycc:1.0") };
    assert_null(vm.start(vm.self, (struct ccid){ .name = RT_STR("mycc"), .version = RT_STR("1.0") },
            (struct str_slice){ 0 }, (struct str_slice){ env, 1 }, NULL, (struct builder){ 0 }));
}

static void two_containers(void *arg)
{
    (void)arg;
    check.engine = docker_engine_new(&(const struct engine_config){ .all_images = true });
    start_in_docker(settings.id);
    start_in_docker(RT_STR("peer0-renamed"));
}

/* A start removes the container that has the name. */
static void container_after_container(void *arg)
{
    (void)arg;
    check.engine = docker_engine_new(&(const struct engine_config){ .all_images = true });
    start_in_docker(settings.id);
    start_in_docker(settings.id);
}

static void start_that_was_one(void *arg)
{
    (void)arg;
    check.engine = docker_engine_new(&(const struct engine_config){ .all_images = true });
    struct launch_state *state = rt_new(struct launch_state);
    SAY(.kind = OBSERVED_RUNTIME_START, .cname = CC, .state = state);
    start_in_docker(settings.id);
    SAY(.kind = OBSERVED_RUNTIME_STARTED, .cname = CC, .state = state,
            .err = rt_errorf("context canceled"));
}

/* The engine is restarted between the start and the stop of one launch. */
static void start_before_the_engines_restart(void *arg)
{
    (void)arg;
    check.engine = docker_engine_new(&(const struct engine_config){ .all_images = true });
    struct launch_state *state = rt_new(struct launch_state);
    SAY(.kind = OBSERVED_RUNTIME_START, .cname = CC, .state = state);
    start_in_docker(settings.id);
    check.engine = docker_engine_new(&(const struct engine_config){ .all_images = true });
    SAY(.kind = OBSERVED_RUNTIME_STOP, .cname = CC, .state = state);
    SAY(.kind = OBSERVED_RUNTIME_STARTED, .cname = CC, .state = state);
    SAY(.kind = OBSERVED_RUNTIME_STOPPED, .cname = CC, .state = state, .err = rt_errorf("gone"));
}

static void stop_that_was_none(void *arg)
{
    (void)arg;
    check.engine = docker_engine_new(&(const struct engine_config){ 0 });
    SAY(.kind = OBSERVED_RUNTIME_STOP, .cname = CC);
    SAY(.kind = OBSERVED_RUNTIME_STOPPED, .cname = CC);
}

static void lost_receive_error(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_STREAM_END, .handler = handler(0),
            .err = rt_errorf("received nil message, ending chaincode support stream"));
}

static void error_as_response(void *arg)
{
    (void)arg;
    const Protos__ChaincodeMessage *request = message(TYPE(GET_STATE), "tx");
    SAY(.kind = OBSERVED_REQUEST_ACCEPTED, .handler = handler(4), .msg = request);
    SAY(.kind = OBSERVED_REQUEST_FAILED, .handler = handler(4), .msg = request,
            .err = rt_errorf("no ledger context"));
    for (int i = 0; i < 3; i++) /* what a stream begins with */
        SAY(.kind = OBSERVED_SENDING, .handler = handler(4),
                .msg = message(i == 0   ? TYPE(REGISTERED)
                               : i == 1 ? TYPE(READY)
                                        : TYPE(TRANSACTION),
                        ""));
    SAY(.kind = OBSERVED_SENDING, .handler = handler(4), .msg = message(TYPE(RESPONSE), "tx"));
}

static void untold_launch(void *arg)
{
    (void)arg;
    struct launch_state *state = rt_new(struct launch_state);
    SAY(.kind = OBSERVED_HANDLER_ADDED, .cname = CC, .handler = handler(0), .state = state);
    SAY(.kind = OBSERVED_HANDLER_REMOVED, .cname = CC, .handler = handler(0), .own = true);
    SAY(.kind = OBSERVED_STREAM_END, .handler = handler(0), .err = rt_eof);
}

static void fails_to_send(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_SENT, .handler = handler(0), .msg = message(TYPE(TRANSACTION), "tx"),
            .err = rt_errorf("transport is closing"));
}

static void untold_execution(void *arg)
{
    (void)arg;
    const Protos__ChaincodeMessage *msg = message(TYPE(TRANSACTION), "tx");
    SAY(.kind = OBSERVED_EXECUTE_BEGIN, .handler = handler(0), .msg = msg);
    rt_go("sender", fails_to_send, NULL);
    rt_sleep_ns(RT_SECOND);
    SAY(.kind = OBSERVED_EXECUTE_END, .handler = handler(0), .msg = msg,
            .err = rt_errorf("timeout expired while executing transaction"));
}

static void uninvited(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_HANDLER_ADDED, .cname = CC, .handler = handler(0));
}

static void wrong_answer(void *arg)
{
    (void)arg;
    static struct check_call call;
    call = (struct check_call){ .name = RT_STR("client: invoke mycc") };
    call.wrong = RT_STR("found status 500, expected 200");
    check_call_returned(&check, &call);
}

static void deploys_lscc(void *arg)
{
    (void)arg;
    static struct check_call call;
    call = (struct check_call){ .name = RT_STR("install"), .lscc = RT_STR("install") };
    call.endorsed = true;
    call.status = 200;
    call.chaincode = RT_STR("lscc");
    check_call_returned(&check, &call);
}

static void test_silent_on_containers_of_their_own(void **state)
{
    (void)state;
    expect_silence(containers_of_their_own);
}

static void test_planted_violations(void **state)
{
    (void)state;
    expect_finding(panics, "no-panic");
    expect_finding(blocks_in_launch, "live");
    expect_finding(late, "live");
    expect_finding(forgets_launch, "launching");
    expect_finding(false_success, "result");
    expect_finding(foreign_removal, "own");
    expect_finding(two_starts, "one");
    expect_finding(two_containers, "one");
    expect_silence(container_after_container);
    expect_silence(start_before_the_engines_restart);
    expect_silence(initialised_before_the_restart);
    expect_finding(transaction_before_ready, "order");
    expect_finding(changing_error, "once");
    expect_finding(dropped_request, "reply");
    expect_finding(unanswered, "reply");
    expect_finding(leftover, "quiesce");
    expect_finding(open_iterator, "quiesce");
    expect_finding(error_as_response, "reply");
    expect_finding(start_that_was_one, "err");
    expect_finding(stop_that_was_none, "err");
    expect_finding(lost_receive_error, "err");
    expect_finding(untold_launch, "told");
    expect_finding(untold_execution, "told");
    expect_finding(uninvited, "solicited");
    expect_finding(wrong_answer, "answer");
    expect_finding(uninitialised, "init");
    expect_finding(one_of_all_for_two, "key");
    expect_finding(one_container_for_two, "key");
    expect_finding(one_container_in_dev_mode, "key");
    expect_finding(start_that_was_none, "err");
    expect_finding(deploys_lscc, "syscc");
}

static void test_places(void **state)
{
    (void)state;
    expect_id(forgets_launch, "launching/HandlerRegistry/nobody");
    expect_id(two_containers, "one/container/DockerVM");
    expect_id(one_container_for_two, "key/container name/names");
}

static void test_every_invariant_has_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; invariants[i]; i++) {
        assert_true(strlen(invariants[i]->sentence) > 20);
        assert_ptr_equal(invariant_find(invariants[i]->name), invariants[i]);
    }
    assert_null(invariant_find("none"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silent_on_what_is_right),
        cmocka_unit_test(test_silent_on_containers_of_their_own),
        cmocka_unit_test(test_planted_violations),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_every_invariant_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
