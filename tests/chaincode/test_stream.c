/* The stream between peer and chaincode, and Execute over it: states, messages that do not belong
 * there, sends that fail, keep-alive messages, time-outs, the end. By ProcessStream,
 * HandleTransaction and Execute of core/chaincode/handler.go. */
#include "tests/chaincode/helper_handler.h"

static const char *ends_with(struct peer_side *p)
{
    rt_recv(p->ended, NULL);
    return rt_cstr(p->stream_err->text);
}

static struct handler *registered(struct peer_side *p)
{
    return handler_registry_handler(p->env.registry, RT_STR("mycc:1.0"));
}

static rt_bytes get_a(void)
{
    Protos__GetState get = PROTOS__GET_STATE__INIT;
    get.key = RT_STR("a");
    return WIRE_MARSHAL_OR_PANIC(&get);
}

/* ---- the end ---- */

/* Who ends the stream is forgotten. */
static void end_of_file(struct peer_side *p)
{
    peer_side_register(p);
    assert_ptr_equal(registered(p), p->h);
    rt_close(p->to_peer);
    (void)ends_with(p);
    assert_ptr_equal(p->stream_err, rt_eof);
    assert_null(registered(p));
}

static void receive_fails(struct peer_side *p)
{
    p->fails = "receive";
    rt_close(p->to_peer);
    assert_string_equal(ends_with(p), "receive failed: no luck");
}

static void nil_message(struct peer_side *p)
{
    rt_send(p->to_peer, NULL);
    assert_string_equal(ends_with(p), "received nil message, ending chaincode support stream");
}

/* ---- states ---- */

#define WHILE(type, state)                                                                         \
    "error handling message, ending stream: [tx1] Fabric side handler cannot handle message "      \
    "(" type ") while in " state " state"

static void request_before_register(struct peer_side *p)
{
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    assert_string_equal(ends_with(p), WHILE("GET_STATE", "created"));
}

static void completed_before_register(struct peer_side *p)
{
    peer_side_say(p, CC_MSG(COMPLETED), RT_NIL);
    assert_string_equal(ends_with(p), WHILE("COMPLETED", "created"));
}

static void register_twice(struct peer_side *p)
{
    peer_side_register(p);
    peer_side_say(p, CC_MSG(REGISTER), RT_NIL);
    assert_string_equal(ends_with(p), WHILE("REGISTER", "ready"));
    assert_null(registered(p));
}

/* Keep-alive messages are for the connection, in every state. */
static void keepalive_is_ignored(struct peer_side *p)
{
    peer_side_say(p, CC_MSG(KEEPALIVE), RT_NIL);
    peer_side_register(p);
    peer_side_say(p, CC_MSG(KEEPALIVE), RT_NIL);
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    assert_text(peer_side_ask(p, CC_MSG(GET_STATE), get_a()), "get_state(mycc,a) | RESPONSE v:a");
}

/* A REGISTERED or READY that cannot be sent leaves the state as it was. */
static void registered_fails(struct peer_side *p)
{
    p->fails_send = "REGISTERED";
    peer_side_say(p, CC_MSG(REGISTER), RT_NIL);
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    assert_string_equal(ends_with(p), WHILE("GET_STATE", "created"));
}

static void ready_fails(struct peer_side *p)
{
    p->fails_send = "READY";
    peer_side_say(p, CC_MSG(REGISTER), RT_NIL);
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    assert_string_equal(ends_with(p), "error handling message, ending stream: handle message: "
                                      "invalid state established for transaction tx1");
}

static void register_is_undecodable(struct peer_side *p)
{
    peer_side_say(p, CC_MSG(REGISTER), RT_STR("\377"));
    peer_side_say(p, CC_MSG(COMPLETED), RT_NIL);
    assert_string_equal(ends_with(p), WHILE("COMPLETED", "created"));
    assert_null(registered(p));
}

/* ---- sends that fail ---- */

#define SEND_FAILED                                                                                \
    "received error while sending message, ending chaincode support stream: [tx1] error sending "

/* Who waits is told, and the stream ends. */
static void response_fails(struct peer_side *p)
{
    p->fails_send = "RESPONSE";
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    assert_string_equal(ends_with(p), SEND_FAILED "RESPONSE: broken pipe");
    rt_recv(p->executed, NULL);
    assert_null(p->execute_err);
    assert_int_equal(p->response->type, CC_MSG(ERROR));
    assert_text(p->response->payload, "[tx1] error sending RESPONSE: broken pipe");
}

/* ---- keep-alive ---- */

static void keepalives(struct peer_side *p)
{
    p->env.keepalive_ns = 10;
    peer_side_register(p);
    for (int i = 1; i <= 3; i++) {
        const Protos__ChaincodeMessage *m = peer_side_hear(p);
        assert_int_equal(m->type, CC_MSG(KEEPALIVE));
        assert_int_equal(m->txid.len + m->channel_id.len + m->payload.len, 0);
        assert_int_equal(rt_now_ns(), 10 * i);
    }
    rt_close(p->to_peer); /* the run ends: nothing ticks on */
    (void)ends_with(p);
    assert_int_equal(rt_chan_len(p->to_chaincode), 0);
}

/* ---- requests ---- */

/* One at a time: a second one of the same transaction is dropped without an answer. */
static void second_request(struct peer_side *p)
{
    p->gate = rt_chan_make(0, "gate");
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    rt_close(p->gate);
    assert_int_equal(peer_side_hear(p)->type, CC_MSG(RESPONSE));
    rt_sleep_ns(1);
    assert_int_equal(rt_chan_len(p->to_chaincode), 0);
    assert_text(rt_buf_str(&p->log), "get_state(mycc,a) ");
    p->log = (struct rt_buf){ 0 };
    assert_text(peer_side_ask(p, CC_MSG(GET_STATE), get_a()), "get_state(mycc,a) | RESPONSE v:a");
}

static void unknown_transaction(struct peer_side *p)
{
    p->params.tx_id = RT_STR("tx9");
    assert_text(peer_side_ask(p, CC_MSG(GET_STATE), get_a()),
            "| ERROR GET_STATE failed: transaction ID: tx9: no ledger context");
    p->params.tx_id = RT_STR("tx1");
    p->params.channel_id = RT_STR("ch9");
    assert_text(peer_side_ask(p, CC_MSG(GET_STATE), get_a()),
            "| ERROR GET_STATE failed: transaction ID: tx1: no ledger context");
}

/* The series of a metric with these labels, joined. */
static const struct metric_series *series(
        struct peer_side *p, const struct metric_opts *opts, const char *labels)
{
    for (const struct metric_series *s = p->env.metrics->series; s; s = s->next) {
        struct rt_buf joined = { 0 };
        for (size_t i = 0; i < METRICS_LABELS_MAX && opts->labels[i]; i++)
            rt_buf_printf(&joined, "%s%S", i ? "," : "", s->values[i]);
        if (s->opts == opts && rt_str_is(rt_buf_str(&joined), labels))
            return s;
    }
    fail_msg("no %s with %s", opts->name, labels);
    return NULL;
}

static void request_metrics(struct peer_side *p)
{
    p->execute_timeout_ns = 10 * RT_SECOND;
    peer_side_register(p);
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    rt_sleep_ns(RT_SECOND);
    (void)peer_side_ask(p, CC_MSG(GET_STATE), get_a());
    p->fails = "get_state";
    (void)peer_side_ask(p, CC_MSG(GET_STATE), get_a());
    p->gate = rt_chan_make(0, "gate");
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(3 * RT_SECOND);
    rt_close(p->gate);
    (void)peer_side_hear(p);
    rt_sleep_ns(1);
    static const char got[] = "GET_STATE,ch,mycc:1.0:";
    static const char yes[] = "GET_STATE,ch,mycc:1.0:,true", no[] = "GET_STATE,ch,mycc:1.0:,false";
    assert_int_equal(series(p, &metric_shim_requests_received, got)->count, 3);
    assert_int_equal(series(p, &metric_shim_requests_completed, yes)->count, 1);
    assert_int_equal(series(p, &metric_shim_requests_completed, no)->count, 2);
    assert_true(series(p, &metric_shim_request_duration, yes)->sum == 0.0);
    assert_true(series(p, &metric_shim_request_duration, no)->sum == 3.0);
}

/* ---- Execute ---- */

static void completed(struct peer_side *p)
{
    peer_side_register(p);
    const Protos__ChaincodeMessage *m = peer_side_execute(p, CC_MSG(TRANSACTION));
    assert_text(m->payload, "input");
    assert_ptr_equal(m->proposal, p->params.signed_prop);
    peer_side_say(p, CC_MSG(COMPLETED), RT_STR("done"));
    rt_recv(p->executed, NULL);
    assert_null(p->execute_err);
    assert_int_equal(p->response->type, CC_MSG(COMPLETED));
    assert_text(p->response->payload, "done");
    assert_int_equal(rt_now_ns(), 0);
    assert_ptr_equal(p->params.collection_store, &p->store);
    /* The id is free again, and a late answer for nobody is dropped. */
    p->executed = rt_chan_make(0, "executed");
    peer_side_say(p, CC_MSG(ERROR), RT_STR("late"));
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    peer_side_say(p, CC_MSG(ERROR), RT_STR("bad"));
    rt_recv(p->executed, NULL);
    assert_int_equal(p->response->type, CC_MSG(ERROR));
    assert_text(p->response->payload, "bad");
}

static void timeout(struct peer_side *p)
{
    rt_recv(p->executed, NULL);
    assert_int_equal(rt_now_ns(), RT_SECOND);
    assert_string_equal(
            rt_cstr(p->execute_err->text), "timeout expired while executing transaction");
    assert_null(p->response);
    assert_int_equal(series(p, &metric_execute_timeouts, "mycc:1.0")->count, 1);
    assert_text(peer_side_ask(p, CC_MSG(GET_STATE), get_a()),
            "| ERROR GET_STATE failed: transaction ID: tx1: no ledger context");
}

static void same_id(struct peer_side *p)
{
    struct transaction_params params = p->params;
    const struct cc_context cccid = { RT_STR("mycc"), RT_STR("1.0") };
    Protos__ChaincodeMessage *m =
            chaincode_message_new(CC_MSG(TRANSACTION), RT_NIL, params.tx_id, params.channel_id);
    Protos__ChaincodeMessage *response;
    struct rt_error *err = handler_execute(p->h, &params, &cccid, m, RT_SECOND, &response);
    assert_string_equal(rt_cstr(err->text), "txid: tx1(ch) exists");
    assert_null(response);
    assert_int_equal(rt_now_ns(), 0);
}

static void proposal_without_signature(struct peer_side *p)
{
    peer_side_register(p);
    struct transaction_params params = p->params;
    params.signed_prop = NULL;
    const struct cc_context cccid = { RT_STR("mycc"), RT_STR("1.0") };
    Protos__ChaincodeMessage *m =
            chaincode_message_new(CC_MSG(TRANSACTION), RT_NIL, params.tx_id, params.channel_id);
    Protos__ChaincodeMessage *response;
    struct rt_error *err = handler_execute(p->h, &params, &cccid, m, RT_SECOND, &response);
    assert_string_equal(
            rt_cstr(err->text), "failed getting proposal context. Signed proposal is nil");
    assert_int_equal(rt_chan_len(p->to_chaincode), 0);
    (void)peer_side_execute(p, CC_MSG(TRANSACTION)); /* its id is free */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_STREAM(end_of_file),
        AT_STREAM(receive_fails),
        AT_STREAM(nil_message),
        AT_STREAM(request_before_register),
        AT_STREAM(completed_before_register),
        AT_STREAM(register_twice),
        AT_STREAM(keepalive_is_ignored),
        AT_STREAM(registered_fails),
        AT_STREAM(ready_fails),
        AT_STREAM(register_is_undecodable),
        IN_TRANSACTION(response_fails),
        AT_STREAM(keepalives),
        IN_TRANSACTION(second_request),
        IN_TRANSACTION(unknown_transaction),
        AT_STREAM(request_metrics),
        AT_STREAM(completed),
        IN_TRANSACTION(timeout),
        IN_TRANSACTION(same_id),
        AT_STREAM(proposal_without_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
