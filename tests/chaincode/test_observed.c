/* What chaincode support tells its watcher, event by event: the invariants live on it
 * (model/lab/observer.h). */
#include "model/rt/trace.h"
#include "tests/chaincode/helper_handler.h"

#include <string.h>

static struct rt_buf told;
static struct peer_side *side;

static void observe(void *self, const struct observed *event)
{
    (void)self;
    rt_buf_printf(&told, "%s", observed_kind_name(event->kind));
    if (event->msg)
        rt_buf_printf(&told, " %S", chaincode_message_type_string((int)event->msg->type));
    if (event->reply)
        rt_buf_printf(&told, " -> %S", chaincode_message_type_string((int)event->reply->type));
    if (event->cname.len)
        rt_buf_printf(&told, " %S", event->cname);
    if (event->object)
        rt_buf_putz(&told, " object");
    if (event->simulator)
        rt_buf_printf(&told, " %s", event->simulator == side ? "simulator" : "?");
    if (event->own)
        rt_buf_putz(&told, " own");
    if (event->err)
        rt_buf_printf(&told, " (%S)", event->err->text);
    if (event->handler)
        assert_ptr_equal(event->handler, side->h);
    rt_buf_putz(&told, "; ");
}

static const struct observer observer = { NULL, observe };

static void watch(struct peer_side *p)
{
    side = p;
    told = (struct rt_buf){ 0 };
    p->env.observer = p->env.registry->observer = p->h->tx_contexts.observer = &observer;
}

static void assert_told(const char *expected)
{
    assert_string_equal(rt_cstr(rt_buf_str(&told)), expected);
    told = (struct rt_buf){ 0 };
}

static rt_bytes get_a(void)
{
    Protos__GetState get = PROTOS__GET_STATE__INIT;
    get.key = RT_STR("a");
    return WIRE_MARSHAL_OR_PANIC(&get);
}

/* A life: registration, a request, one that fails, the answer, the end. */
static void life(struct peer_side *p)
{
    watch(p);
    peer_side_register(p);
    rt_sleep_ns(1);
    assert_told("stream begins; received REGISTER; handler added mycc:1.0; sending REGISTERED; "
                "sent REGISTERED; sending READY; sent READY; ");
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    rt_sleep_ns(1);
    assert_told("execute begins TRANSACTION; sending TRANSACTION; sent TRANSACTION; ");
    (void)peer_side_ask(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    assert_told("received GET_STATE; request accepted GET_STATE; simulator used simulator; "
                "sending RESPONSE; sent RESPONSE; ");
    p->fails = "get_state";
    p->fails_send = "ERROR";
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_recv(p->ended, NULL);
    rt_recv(p->executed, NULL);
    rt_sleep_ns(1);
    assert_told(
            "received GET_STATE; request accepted GET_STATE; simulator used simulator; "
            "request failed GET_STATE (no luck); sending ERROR; "
            "sent ERROR ([tx1] error sending ERROR: broken pipe); "
            "handler removed mycc:1.0 own; "
            "stream ends (received error while sending message, ending chaincode support "
            "stream: [tx1] error sending ERROR: broken pipe); execute ends TRANSACTION -> ERROR; ");
}

/* The second one of two requests at once. */
static void dropped(struct peer_side *p)
{
    watch(p);
    p->gate = rt_chan_make(0, "gate");
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    assert_told("received GET_STATE; request accepted GET_STATE; simulator used simulator; "
                "received GET_STATE; request dropped GET_STATE; ");
}

/* Iterators, whose they are and when they are used and closed. */
static void iterators(struct peer_side *p)
{
    watch(p);
    peer_side_register(p);
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    rt_sleep_ns(1);
    told = (struct rt_buf){ 0 };
    Protos__GetStateByRange range = PROTOS__GET_STATE_BY_RANGE__INIT;
    p->results = 0;
    (void)ASK_QUERY(p, GET_STATE_BY_RANGE, &range);
    rt_sleep_ns(1);
    assert_told("received GET_STATE_BY_RANGE; request accepted GET_STATE_BY_RANGE; "
                "simulator used simulator; iterator opened object simulator; "
                "iterator used object; iterator closed object; sending RESPONSE; sent RESPONSE; ");
    Protos__QueryMetadata metadata = PROTOS__QUERY_METADATA__INIT;
    metadata.pagesize = 1;
    range.metadata = WIRE_MARSHAL_OR_PANIC(&metadata);
    (void)ASK_QUERY(p, GET_STATE_BY_RANGE, &range);
    rt_sleep_ns(1);
    assert_told("received GET_STATE_BY_RANGE; request accepted GET_STATE_BY_RANGE; "
                "simulator used simulator; iterator opened object simulator; "
                "iterator used object; iterator closed object; sending RESPONSE; sent RESPONSE; ");
    Protos__GetHistoryForKey history = PROTOS__GET_HISTORY_FOR_KEY__INIT;
    (void)ASK_QUERY(p, GET_HISTORY_FOR_KEY, &history);
    rt_sleep_ns(1);
    assert_told("received GET_HISTORY_FOR_KEY; request accepted GET_HISTORY_FOR_KEY; "
                "iterator opened object; iterator used object; iterator closed object; "
                "sending RESPONSE; sent RESPONSE; ");
}

static void call_cc(struct peer_side *p)
{
    Protos__ChaincodeInput input = PROTOS__CHAINCODE_INPUT__INIT;
    input.n_args = 1;
    input.args = &(rt_bytes)RT_STR_INIT("f");
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    id.name = RT_STR("cc");
    Protos__ChaincodeSpec spec = PROTOS__CHAINCODE_SPEC__INIT;
    spec.chaincode_id = &id;
    spec.input = &input;
    (void)ASK(p, INVOKE_CHAINCODE, &spec);
    rt_sleep_ns(1);
}

static void calls(struct peer_side *p)
{
    watch(p);
    call_cc(p);
    assert_told("received INVOKE_CHAINCODE; request accepted INVOKE_CHAINCODE; "
                "simulator used simulator; sending RESPONSE; sent RESPONSE; ");
}

/* An access to a collection is a use of the simulator, too. */
static void access_is_a_use(struct peer_side *p)
{
    watch(p);
    Protos__GetState get = PROTOS__GET_STATE__INIT;
    get.collection = RT_STR("c");
    get.key = RT_STR("a");
    p->denied = true;
    (void)ASK(p, GET_STATE, &get);
    rt_sleep_ns(1);
    assert_true(strstr(rt_cstr(rt_buf_str(&told)), "simulator used simulator; request failed"));
}

/* What a new handler has from its environment. */
static void new_handler(struct peer_side *p)
{
    side = p;
    told = (struct rt_buf){ 0 };
    p->env.observer = &observer;
    p->env.variants = WITH(READY_OVERTAKEN);
    const struct handler *h = handler_new(&p->env);
    assert_int_equal(h->state, HANDLER_CREATED);
    assert_string_equal(h->serial_lock.name, "Handler.serialLock");
    assert_ptr_equal(h->tx_contexts.observer, &observer);
    assert_int_equal(h->tx_contexts.variants, WITH(READY_OVERTAKEN));
}

/* ---- marks ---- */

/* Accesses to fields that several goroutines share without a lock, in the order of a run. */
static void told_step(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        int64_t choice_index)
{
    (void)self, (void)time_ns, (void)choice_index, (void)fiber;
    if (op->kind == RT_OP_READ || op->kind == RT_OP_WRITE)
        rt_buf_printf(&told, "%s %s;", rt_op_kind_name(op->kind), op->object_name);
}

static void marks_of_a_life(struct peer_side *p)
{
    told = (struct rt_buf){ 0 };
    peer_side_register(p);
    rt_sleep_ns(1);
    assert_told("write Handler.chatStream;write Handler.errChan;read Handler.chatStream;"
                "read Handler.state;write Handler.chaincodeID;write Handler.ccInstance;"
                "read Handler.chatStream;write Handler.state;read Handler.chatStream;"
                "write Handler.state;read Handler.chaincodeID;read Handler.chatStream;");
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    rt_sleep_ns(1);
    assert_told("read Handler.chatStream;");
    Protos__GetState private = PROTOS__GET_STATE__INIT;
    private.collection = RT_STR("c");
    for (int i = 0; i < 2; i++) {
        (void)ASK(p, GET_STATE, &private);
        rt_sleep_ns(1);
        assert_told(i == 0 ? "read Handler.state;read Handler.chaincodeID;read Handler.ccInstance;"
                             "read Handler.ccInstance;"
                             "read TransactionContext.AllowedCollectionAccess;"
                             "write TransactionContext.AllowedCollectionAccess;"
                             "read Handler.chatStream;read Handler.chatStream;"
                           : "read Handler.state;read Handler.chaincodeID;read Handler.ccInstance;"
                             "read Handler.ccInstance;"
                             "read TransactionContext.AllowedCollectionAccess;"
                             "read Handler.chatStream;read Handler.chatStream;");
    }
    (void)peer_side_ask(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    assert_told("read Handler.state;read Handler.chaincodeID;read Handler.ccInstance;"
                "read Handler.chatStream;read Handler.chatStream;");
    p->fails_send = "RESPONSE";
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_recv(p->ended, NULL);
    rt_sleep_ns(1);
    assert_told("read Handler.state;read Handler.chaincodeID;read Handler.ccInstance;"
                "read Handler.chatStream;read Handler.chatStream;read Handler.errChan;"
                "read Handler.chaincodeID;");
}

/* What requests of one query share. */
static void marks_of_a_query(struct peer_side *p)
{
    peer_side_register(p);
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    rt_sleep_ns(1);
    told = (struct rt_buf){ 0 };
    Protos__GetStateByRange range = PROTOS__GET_STATE_BY_RANGE__INIT;
    p->results = 1;
    (void)ASK_QUERY(p, GET_STATE_BY_RANGE, &range);
    rt_sleep_ns(1);
    assert_told("read Handler.state;read Handler.chaincodeID;read Handler.ccInstance;"
                "write PendingQueryResult;write TransactionContext.totalReturnCount;"
                "write PendingQueryResult;"
                "read Handler.chatStream;read Handler.chatStream;");
}

/* The variable that the variant shares between receiving and the loop. */
static void marks_of_the_error(struct peer_side *p)
{
    told = (struct rt_buf){ 0 };
    peer_side_say(p, CC_MSG(KEEPALIVE), RT_NIL);
    rt_sleep_ns(1);
    assert_told("write Handler.chatStream;write Handler.errChan;write err;"
                "read Handler.chatStream;write err;read err;write err;read Handler.chatStream;");
}

static void test_marks(void **state)
{
    (void)state;
    struct rt_sink sink = { .step = told_step };
    peer_side_run(&(struct rt_config){ .sink = &sink, .track_races = true },
            &(struct peer_side_case){ marks_of_the_error, WITH(SHARED_RECEIVE_ERROR) });
    peer_side_run(&(struct rt_config){ .sink = &sink, .track_races = true },
            &(struct peer_side_case){ marks_of_a_query, 0 });
    peer_side_run(&(struct rt_config){ .sink = &sink, .track_races = true },
            &(struct peer_side_case){ marks_of_a_life, 0 });
}

/* ---- notes ---- */

static void told_note(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    (void)self, (void)time_ns, (void)fiber;
    rt_buf_printf(&told, "%S; ", text);
}

static void notes_of_a_life(struct peer_side *p)
{
    told = (struct rt_buf){ 0 };
    peer_side_register(p);
    rt_sleep_ns(1);
    assert_told("mycc:1.0 is ready; ");
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    p->fails = "get_state";
    (void)peer_side_ask(p, CC_MSG(GET_STATE), get_a());
    assert_told("GET_STATE failed: transaction ID: tx1: no luck; ");
    p->gate = rt_chan_make(0, "gate");
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    peer_side_say(p, CC_MSG(GET_STATE), get_a());
    rt_sleep_ns(1);
    assert_told("[tx1] another request is pending for mycc:1.0, GET_STATE is dropped; ");
    p->fails_send = "ERROR";
    rt_close(p->gate);
    rt_recv(p->ended, NULL);
    assert_told("GET_STATE failed: transaction ID: tx1: no luck; "
                "[tx1] error sending ERROR: broken pipe; "
                "stream of mycc:1.0 ends: received error while sending message, ending chaincode "
                "support stream: [tx1] error sending ERROR: broken pipe; deregistered mycc:1.0; ");
}

static void notes_of_a_failure(struct peer_side *p)
{
    told = (struct rt_buf){ 0 };
    p->fails_send = "READY";
    peer_side_say(p, CC_MSG(REGISTER), RT_STR("\377"));
    peer_side_say(p, CC_MSG(REGISTER), RT_NIL);
    rt_sleep_ns(1);
    assert_told("REGISTER cannot be decoded: unexpected EOF; "
                "failed to start : [] error sending READY: broken pipe; ");
}

static void notes_of_a_call(struct peer_side *p)
{
    peer_side_register(p);
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    rt_sleep_ns(1);
    told = (struct rt_buf){ 0 };
    call_cc(p);
    assert_told("[tx1] mycc:1.0 calls cc on channel ch; ");
}

static void test_notes(void **state)
{
    (void)state;
    struct rt_sink sink = { .note = told_note };
    const struct rt_config config = { .sink = &sink };
    peer_side_run(&config, &(struct peer_side_case){ notes_of_a_life, 0 });
    peer_side_run(&config, &(struct peer_side_case){ notes_of_a_failure, 0 });
    peer_side_run(&config, &(struct peer_side_case){ notes_of_a_call, 0 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_STREAM(life),
        IN_TRANSACTION(dropped),
        AT_STREAM(iterators),
        IN_TRANSACTION(calls),
        IN_TRANSACTION(access_is_a_use),
        AT_STREAM(new_handler),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
