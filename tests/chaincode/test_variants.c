/* Variants of the handler (model/lab/variants.h): what each changes, and that 1.4.2 differs. */
#include "model/chaincode/handler_internal.h"
#include "tests/chaincode/helper_handler.h"

#include <string.h>

static rt_bytes get_a(void)
{
    Protos__GetState get = PROTOS__GET_STATE__INIT;
    get.key = RT_STR("a");
    return WIRE_MARSHAL_OR_PANIC(&get);
}

static rt_str get(struct peer_side *p)
{
    return peer_side_ask(p, CC_MSG(GET_STATE), get_a());
}

static rt_str invoke_without(struct peer_side *p, bool id, bool input)
{
    Protos__ChaincodeSpec *spec = WIRE_NEW(protos__chaincode_spec);
    if (!id) {
        spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
        spec->chaincode_id->name = RT_STR("sys");
    }
    if (!input) {
        spec->input = WIRE_NEW(protos__chaincode_input);
        spec->input->n_args = 1;
        spec->input->args = rt_new(rt_bytes);
        spec->input->args[0] = RT_STR("f");
    }
    return ASK(p, INVOKE_CHAINCODE, spec);
}

static void nil_parts(struct peer_side *p)
{
#define MISSING                                                                                    \
    "| ERROR INVOKE_CHAINCODE failed: transaction ID: tx1: chaincode id or input is missing"
    assert_text(invoke_without(p, true, false), MISSING);
    assert_text(invoke_without(p, false, true), MISSING);
    assert_text(invoke_without(p, true, true), MISSING);
    assert_true(rt_str_has_prefix(
            invoke_without(p, false, false), RT_STR("invoke(sys:1.4.2/ch,own,own,f) | RESPONSE ")));
    Protos__PutStateMetadata put = PROTOS__PUT_STATE_METADATA__INIT;
    Protos__StateMetadata metadata = PROTOS__STATE_METADATA__INIT;
    put.metadata = &metadata;
    assert_text(ASK(p, PUT_STATE_METADATA, &put), "set_state_metadata(mycc,,=) | RESPONSE nil");
    put.metadata = NULL;
    assert_text(ASK(p, PUT_STATE_METADATA, &put),
            "| ERROR PUT_STATE_METADATA failed: transaction ID: tx1: metadata is missing");
}

static void error_as_response(struct peer_side *p)
{
    p->fails = "get_state";
    assert_text(
            get(p), "get_state(mycc,a) | RESPONSE GET_STATE failed: transaction ID: tx1: no luck");
}

static void private_data_in_init(struct peer_side *p)
{
    peer_side_register(p);
    (void)peer_side_execute(p, CC_MSG(INIT));
    Protos__PutState put = PROTOS__PUT_STATE__INIT;
    put.collection = RT_STR("c");
    assert_text(ASK(p, PUT_STATE, &put), "set_private_data(mycc,c,,) | RESPONSE nil");
}

static void history_of_caller(struct peer_side *p)
{
    Protos__ChaincodeSpec *spec = WIRE_NEW(protos__chaincode_spec);
    spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    spec->chaincode_id->name = RT_STR("sys/other");
    spec->input = WIRE_NEW(protos__chaincode_input);
    spec->input->n_args = 1;
    spec->input->args = rt_new(rt_bytes);
    spec->input->args[0] = RT_STR("f");
    assert_true(rt_str_has_prefix(ASK(p, INVOKE_CHAINCODE, spec),
            RT_STR("new_simulator(tx1) new_history invoke(sys:1.4.2/other,other,own,f) done ")));
}

/* ---- crashes ---- */

static void says_after_timeout(struct peer_side *p, Protos__ChaincodeMessage__Type type)
{
    rt_recv(p->executed, NULL);
    peer_side_say(p, type, RT_NIL);
    rt_sleep_ns(1);
}

static void next_after_timeout(struct peer_side *p)
{
    says_after_timeout(p, CC_MSG(QUERY_STATE_NEXT));
}

static void close_after_timeout(struct peer_side *p)
{
    says_after_timeout(p, CC_MSG(QUERY_STATE_CLOSE));
}

static void get_after_timeout(struct peer_side *p)
{
    says_after_timeout(p, CC_MSG(GET_STATE));
}

static void invokes_nobody(struct peer_side *p)
{
    (void)invoke_without(p, true, false);
}

#define NIL_POINTER "runtime error: invalid memory address or nil pointer dereference"

/* The old bugs, and one of 1.4.2, that end the peer. */
static void test_crashes(void **state)
{
    (void)state;
    static const struct {
        void (*fn)(struct peer_side *p);
        uint64_t variants;
        bool crashes;
    } table[] = {
        { next_after_timeout, WITH(QUERY_AFTER_TIMEOUT), true },
        { next_after_timeout, 0, false },
        { close_after_timeout, WITH(QUERY_AFTER_TIMEOUT), true },
        { close_after_timeout, 0, false },
        { get_after_timeout, WITH(QUERY_AFTER_TIMEOUT), false },
        { invokes_nobody, 0, true },
        { invokes_nobody, WITH(FIX_NIL_REQUEST_PARTS), false },
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const char *panic =
                peer_side_panic(&(struct peer_side_case){ table[i].fn, table[i].variants });
        if (table[i].crashes)
            assert_string_equal(panic, NIL_POINTER);
        else
            assert_null(panic);
    }
}

/* ---- Execute that waits for its requests ---- */

static void completes_with_a_request_open(struct peer_side *p)
{
    p->gate = rt_chan_make(0, "gate");
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    peer_side_say(p, CC_MSG(COMPLETED), RT_NIL);
    rt_sleep_ns(1);
}

/* What is open when the stream ends is closed at once, or by the last request that uses it. */
static void stream_ends_with_a_request_open(struct peer_side *p, const char *at_the_end)
{
    Protos__GetStateByRange range = PROTOS__GET_STATE_BY_RANGE__INIT;
    (void)ASK_QUERY(p, GET_STATE_BY_RANGE, &range);
    p->gate = rt_chan_make(0, "gate");
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    rt_close(p->to_peer);
    rt_recv(p->ended, NULL);
    assert_text(rt_buf_str(&p->log), at_the_end);
    rt_close(p->gate);
    rt_sleep_ns(1);
    assert_true(rt_str_contains(rt_buf_str(&p->log), RT_STR("get_state(mycc,a) ")));
    assert_true(rt_str_contains(rt_buf_str(&p->log), RT_STR("close ")));
}

static void iterators_closed_in_use(struct peer_side *p)
{
    stream_ends_with_a_request_open(p, "close ");
}

static void iterators_closed_after_use(struct peer_side *p)
{
    stream_ends_with_a_request_open(p, "");
}

/* Nobody uses them: they are closed at once, too. */
static void iterators_not_in_use(struct peer_side *p)
{
    Protos__GetStateByRange range = PROTOS__GET_STATE_BY_RANGE__INIT;
    (void)ASK_QUERY(p, GET_STATE_BY_RANGE, &range);
    assert_text(get(p), "get_state(mycc,a) | RESPONSE v:a");
    rt_close(p->to_peer);
    rt_recv(p->ended, NULL);
    assert_text(rt_buf_str(&p->log), "close ");
    /* and who comes then finds nothing */
    assert_null(transaction_contexts_acquire(&p->h->tx_contexts, RT_STR("ch"), RT_STR("tx1")));
}

static void init_out_of_band(struct peer_side *p)
{
    peer_side_register(p);
    p->fails_send = "INIT";
    const struct cc_context cccid = { RT_STR("mycc"), RT_STR("1.0") };
    Protos__ChaincodeMessage *m =
            chaincode_message_new(CC_MSG(INIT), RT_NIL, p->params.tx_id, RT_STR("ch"));
    struct rt_error *err = handler_execute(p->h, &p->params, &cccid, m, RT_SECOND, &p->response);
    assert_string_equal(rt_cstr(err->text), "[tx1] error sending INIT: broken pipe");
    p->fails_send = "TRANSACTION";
    m = chaincode_message_new(CC_MSG(TRANSACTION), RT_NIL, p->params.tx_id, RT_STR("ch"));
    assert_null(handler_execute(p->h, &p->params, &cccid, m, RT_SECOND, &p->response));
    assert_int_equal(p->response->type, CC_MSG(ERROR));
}

static void request_outlives(struct peer_side *p)
{
    completes_with_a_request_open(p);
    assert_true(rt_chan_closed(p->executed));
}

static void request_is_waited_for(struct peer_side *p)
{
    completes_with_a_request_open(p);
    assert_false(rt_chan_closed(p->executed));
    rt_close(p->gate);
    rt_recv(p->executed, NULL);
    assert_int_equal(p->response->type, CC_MSG(COMPLETED));
    assert_text(get(p), "get_state(mycc,a) | RESPONSE v:a"); /* the answer to the open one */
}

/* ---- answers ---- */

/* The second answer of a transaction blocks the stream with the lock held, or is dropped. */
static void surplus_answer(struct peer_side *p)
{
    for (int i = 0; i < 4; i++)
        peer_side_say(p, CC_MSG(COMPLETED), RT_NIL);
    rt_recv(p->executed, NULL);
    rt_close(p->to_peer);
    rt_recv(p->ended, NULL);
    assert_ptr_equal(p->stream_err, rt_eof);
}

struct notifies {
    struct peer_side *p;
    bool done;
};

static void notifies_twice(void *arg)
{
    struct notifies *n = arg;
    for (int i = 0; i < 2; i++)
        handler_notify(n->p->h,
                chaincode_message_new(CC_MSG(COMPLETED), RT_NIL, RT_STR("tx2"), RT_STR("ch")));
    n->done = true;
}

/* Two answers for one who does not read them. */
static bool two_answers_pass(struct peer_side *p)
{
    struct transaction_params params = p->params;
    params.tx_id = RT_STR("tx2");
    struct transaction_context *context;
    assert_null(transaction_contexts_create(&p->h->tx_contexts, &params, &context));
    struct notifies n = { p, false };
    rt_go("notifies", notifies_twice, &n);
    rt_sleep_ns(1);
    bool passed = n.done;
    rt_recv(context->response_notifier, NULL);
    rt_sleep_ns(1);
    assert_true(n.done);
    return passed;
}

static void second_answer_blocks(struct peer_side *p)
{
    assert_false(two_answers_pass(p));
}

static void second_answer_does_not_block(struct peer_side *p)
{
    assert_true(two_answers_pass(p));
}

static void notify_closes_iterators(struct peer_side *p)
{
    Protos__GetStateByRange range = PROTOS__GET_STATE_BY_RANGE__INIT;
    (void)ASK_QUERY(p, GET_STATE_BY_RANGE, &range);
    peer_side_say(p, CC_MSG(COMPLETED), RT_NIL);
    rt_recv(p->executed, NULL);
    rt_sleep_ns(1);
    assert_text(rt_buf_str(&p->log), "close ");
    assert_int_equal(p->response->type, CC_MSG(COMPLETED));
}

/* ---- ends ---- */

static void stream_end_notifies(struct peer_side *p)
{
    rt_close(p->to_peer);
    rt_recv(p->executed, NULL);
    assert_int_equal(rt_now_ns(), 0);
    assert_string_equal(rt_cstr(p->execute_err->text), "chaincode stream terminated");
}

static void answers_are_heard(struct peer_side *p)
{
    peer_side_say(p, CC_MSG(COMPLETED), RT_STR("done"));
    rt_recv(p->executed, NULL);
    assert_null(p->execute_err);
    assert_text(p->response->payload, "done");
}

static void timeouts_are_timeouts(struct peer_side *p)
{
    rt_recv(p->executed, NULL);
    assert_string_equal(
            rt_cstr(p->execute_err->text), "timeout expired while executing transaction");
    assert_null(p->response);
}

/* The error is in the variable unless the loop has come round meanwhile. */
static void shared_receive_error(struct peer_side *p)
{
    peer_side_register(p);
    rt_close(p->to_peer);
    rt_recv(p->ended, NULL);
    assert_ptr_equal(p->stream_err, rt_eof);
}

static void stream_end_is_not_noticed(struct peer_side *p)
{
    rt_close(p->to_peer);
    rt_recv(p->executed, NULL);
    assert_int_equal(rt_now_ns(), RT_SECOND);
}

static void registration_failure_ends(struct peer_side *p)
{
    p->fails_send = "READY";
    peer_side_say(p, CC_MSG(REGISTER), RT_NIL);
    rt_recv(p->ended, NULL);
    assert_string_equal(rt_cstr(p->stream_err->text),
            "error handling message, ending stream: [] error sending READY: broken pipe");
}

static uint32_t being_sent(void)
{
    uint32_t count, sends = 0;
    struct rt_fiber *const *fibers = rt_fibers(rt_current(), &count);
    for (uint32_t i = 0; i < count; i++)
        sends += strcmp(rt_fiber_name(fibers[i]), "serialSendAsync") == 0;
    return sends;
}

/* ---- sends that fail ---- */

/* Only the stream hears of it, and only if it was an INIT or TRANSACTION. */
static void dropped_failures(struct peer_side *p)
{
    p->fails_send = "RESPONSE";
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    assert_false(rt_chan_closed(p->ended));
    rt_recv(p->executed, NULL);
    assert_string_equal(
            rt_cstr(p->execute_err->text), "timeout expired while executing transaction");
    p->fails_send = "TRANSACTION";
    struct transaction_params params = p->params;
    const struct cc_context cccid = { RT_STR("mycc"), RT_STR("1.0") };
    Protos__ChaincodeMessage *m =
            chaincode_message_new(CC_MSG(TRANSACTION), RT_NIL, params.tx_id, params.channel_id);
    assert_non_null(handler_execute(p->h, &params, &cccid, m, RT_SECOND, &p->response));
    assert_null(p->response);
    assert_true(rt_chan_closed(p->ended));
}

/* Errors of sends that come after the end block their goroutines, but for the repair. */
static void send_errors_after_the_end(struct peer_side *p, uint32_t left)
{
    p->fails_send = "ERROR";
    rt_close(p->to_peer);
    rt_recv(p->ended, NULL);
    p->fails_send = "TRANSACTION";
    for (int i = 0; i < 3; i++) {
        struct transaction_params params = p->params;
        params.tx_id = rt_sprintf("late%d", i);
        const struct cc_context cccid = { RT_STR("mycc"), RT_STR("1.0") };
        Protos__ChaincodeMessage *m =
                chaincode_message_new(CC_MSG(TRANSACTION), RT_NIL, params.tx_id, RT_STR("ch"));
        assert_null(handler_execute(p->h, &params, &cccid, m, RT_SECOND, &p->response));
        assert_int_equal(p->response->type, CC_MSG(ERROR));
    }
    rt_sleep_ns(2 * RT_SECOND);
    assert_int_equal(being_sent(), left);
}

static void send_errors_leak(struct peer_side *p)
{
    send_errors_after_the_end(p, 2); /* the channel holds one */
}

static void send_errors_do_not_leak(struct peer_side *p)
{
    send_errors_after_the_end(p, 0);
}

/* The repair still tells the stream that there is. */
static void send_error_ends_the_stream(struct peer_side *p)
{
    p->fails_send = "RESPONSE";
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_recv(p->ended, NULL);
    assert_string_equal(rt_cstr(p->stream_err->text),
            "received error while sending message, ending chaincode support stream: "
            "[tx1] error sending RESPONSE: broken pipe");
}

/* ---- keep-alive ---- */

/* Another message that cannot be sent does not stand for a keep-alive message. */
static void keepalive_beside_a_response(struct peer_side *p)
{
    p->env.keepalive_ns = 10;
    peer_side_register(p);
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    p->send_gate = rt_chan_make(0, "gate");
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(55);
    assert_int_equal(being_sent(), 2);
    rt_close(p->to_peer);
}

static uint32_t piled(struct peer_side *p)
{
    p->env.keepalive_ns = 10;
    peer_side_register(p);
    p->send_gate = rt_chan_make(0, "gate");
    rt_sleep_ns(55);
    uint32_t blocked = being_sent();
    rt_close(p->send_gate);
    for (uint32_t i = 0; i < blocked; i++)
        assert_int_equal(peer_side_hear(p)->type, CC_MSG(KEEPALIVE));
    (void)peer_side_hear(p); /* and they come again */
    assert_int_equal(rt_now_ns(), 60);
    rt_close(p->to_peer);
    return blocked;
}

static void keepalives_pile(struct peer_side *p)
{
    assert_int_equal(piled(p), 5);
}

static void keepalives_do_not_pile(struct peer_side *p)
{
    assert_int_equal(piled(p), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TRANSACTION_WITH(nil_parts, WITH(FIX_NIL_REQUEST_PARTS)),
        IN_TRANSACTION_WITH(error_as_response, WITH(ERROR_AS_RESPONSE)),
        AT_STREAM_WITH(private_data_in_init, WITH(PRIVATE_DATA_IN_INIT)),
        IN_TRANSACTION_WITH(history_of_caller, WITH(HISTORY_OF_CALLER)),
        cmocka_unit_test(test_crashes),
        IN_TRANSACTION(request_outlives),
        IN_TRANSACTION_WITH(request_is_waited_for, WITH(FIX_REQUEST_OUTLIVES)),
        IN_TRANSACTION(iterators_closed_in_use),
        IN_TRANSACTION_WITH(iterators_closed_after_use, WITH(FIX_ITERATORS_IN_USE)),
        IN_TRANSACTION_WITH(iterators_not_in_use, WITH(FIX_ITERATORS_IN_USE)),
        AT_STREAM_WITH(init_out_of_band, WITH(INIT_OUT_OF_BAND)),
        IN_TRANSACTION_WITH(surplus_answer, WITH(FIX_NOTIFY_BLOCKS)),
        IN_TRANSACTION(notify_closes_iterators),
        IN_TRANSACTION_WITH(notify_closes_iterators, WITH(NOTIFY_HOLDS_LOCK)),
        IN_TRANSACTION_WITH(notify_closes_iterators, WITH(FIX_NOTIFY_BLOCKS)),
        IN_TRANSACTION_WITH(stream_end_notifies, WITH(FIX_STREAM_END_NOTIFIES)),
        IN_TRANSACTION_WITH(answers_are_heard, WITH(FIX_STREAM_END_NOTIFIES)),
        IN_TRANSACTION_WITH(timeouts_are_timeouts, WITH(FIX_STREAM_END_NOTIFIES)),
        AT_STREAM_WITH(shared_receive_error, WITH(SHARED_RECEIVE_ERROR)),
        IN_TRANSACTION(stream_end_is_not_noticed),
        AT_STREAM_WITH(registration_failure_ends, WITH(FIX_REGISTER_FAILURE_ENDS)),
        IN_TRANSACTION_WITH(dropped_failures, WITH(SEND_FAILURE_DROPPED)),
        IN_TRANSACTION(send_errors_leak),
        IN_TRANSACTION_WITH(send_errors_do_not_leak, WITH(FIX_SEND_ERROR_LEAK)),
        IN_TRANSACTION_WITH(send_error_ends_the_stream, WITH(FIX_SEND_ERROR_LEAK)),
        AT_STREAM_WITH(keepalive_beside_a_response, WITH(FIX_KEEPALIVE_PILE)),
        IN_TRANSACTION(second_answer_blocks),
        IN_TRANSACTION_WITH(second_answer_does_not_block, WITH(FIX_NOTIFY_BLOCKS)),
        AT_STREAM(keepalives_pile),
        AT_STREAM_WITH(keepalives_do_not_pile, WITH(FIX_KEEPALIVE_PILE)),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
