/* The stream between a chaincode's process and its peer. */
#include <string.h>

#include "mocks/chaincode/behaviour.h"
#include "mocks/chaincode/grpc_stream.h"
#include "model/rt/clock.h"
#include "model/shim/message.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

/* What one run does and sees. */
struct world {
    struct rt_proc *peer;
    struct rt_proc *chaincode;
    struct grpc_stream *stream;
    struct rt_chan *connected; /* closed when there is a stream */
    void (*client)(struct world *w, struct peer_chaincode_stream end);
    struct rt_error *handler_err; /* what the handler returns; NULL: what Recv gave */
    int64_t notice_ns;
    uint32_t messages; /* that the peer read */
    bool in_order;
    rt_str peer_end;   /* the error that ended the peer's side */
    rt_str client_end; /* and the chaincode's */
};

static Protos__ChaincodeMessage *numbered(uint32_t n)
{
    return chaincode_message_new(
            CC_MSG(KEEPALIVE), RT_NIL, rt_sprintf("%u", (unsigned)n), RT_STR(""));
}

static void peer_main(void *arg)
{
    struct world *w = arg;
    void *value;
    rt_recv(w->connected, &value);
    const struct chaincode_stream end = grpc_stream_server(w->stream);
    struct rt_error *err;
    w->in_order = true;
    for (;;) {
        Protos__ChaincodeMessage *msg;
        err = end.recv(end.self, &msg);
        if (err)
            break;
        w->messages++;
        w->in_order &= rt_str_eq(msg->txid, rt_sprintf("%u", (unsigned)w->messages));
    }
    w->peer_end = err->text;
    if (w->handler_err)
        err = w->handler_err;
    grpc_stream_server_ended(w->stream, err);
}

static void client_main(void *arg)
{
    struct world *w = arg;
    w->stream = grpc_stream_new(w->peer, w->notice_ns);
    rt_close(w->connected);
    w->client(w, grpc_stream_client(w->stream));
}

/* Runs the two ends under one schedule; the texts live until the machine's next run. */
static void run(struct rt *rt, struct world *w, uint64_t seed)
{
    struct rt_rng rng = { seed };
    const struct rt_source source = random_source(&rng);
    const struct rt_config config = { .source = &source };
    rt_begin(rt, &config);
    w->messages = 0;
    w->peer_end = w->client_end = RT_STR("");
    w->peer = rt_proc_new("peer");
    w->chaincode = rt_proc_new("chaincode");
    w->connected = rt_chan_make(0, "connected");
    rt_go_in(w->peer, "handler", peer_main, w);
    rt_go_in(w->chaincode, "main", client_main, w);
    assert_int_equal(rt_run(rt), RT_IDLE);
    rt_end(rt);
}

static void send_three(struct peer_chaincode_stream end)
{
    for (uint32_t i = 1; i <= 3; i++)
        assert_null(end.send(end.self, numbered(i)));
}

static void read_to_end(struct world *w, struct peer_chaincode_stream end)
{
    Protos__ChaincodeMessage *msg;
    struct rt_error *err;
    while (!(err = end.recv(end.self, &msg)))
        continue;
    w->client_end = err->text;
}

/* ---- a clean end ---- */

static void close_cleanly(struct world *w, struct peer_chaincode_stream end)
{
    send_three(end);
    end.close_send(end.self);
    read_to_end(w, end);
    assert_ptr_equal(end.send(end.self, numbered(4)), rt_eof);
}

static void test_clean_close(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct world w = { .client = close_cleanly };
        run(rt, &w, seed);
        assert_int_equal(w.messages, 3);
        assert_true(w.in_order);
        assert_true(rt_str_is(w.peer_end, "EOF"));
        assert_true(rt_str_is(w.client_end, "rpc error: code = Unknown desc = EOF"));
    }
    rt_machine_free(rt);
}

/* ---- deaths ---- */

static void send_and_die(struct world *w, struct peer_chaincode_stream end)
{
    (void)w;
    send_three(end);
    rt_proc_exit(rt_proc_self(), 1, NULL);
}

/* What had arrived may be lost, in a piece at the end; all outcomes are found. */
static void test_chaincode_dies(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    bool seen[4] = { false };
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct world w = { .client = send_and_die };
        run(rt, &w, seed);
        assert_true(w.messages <= 3);
        assert_true(w.in_order);
        seen[w.messages] = true;
        assert_true(rt_str_is(w.peer_end, "rpc error: code = Canceled desc = context canceled"));
    }
    for (size_t i = 0; i < 4; i++)
        assert_true(seen[i]);
    rt_machine_free(rt);
}

static void test_death_seen_late(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct world w = { .client = send_and_die, .notice_ns = 5 * RT_MS };
        run(rt, &w, seed);
        assert_int_equal(w.messages, 3);
        assert_true(rt_str_is(w.peer_end, "rpc error: code = Canceled desc = context canceled"));
    }
    rt_machine_free(rt);
}

static void kill_peer(struct world *w, struct peer_chaincode_stream end)
{
    send_three(end);
    rt_proc_exit(w->peer, 2, NULL);
    read_to_end(w, end);
}

static void test_peer_dies(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct world w = { .client = kill_peer };
        run(rt, &w, seed);
        assert_true(rt_str_is(
                w.client_end, "rpc error: code = Unavailable desc = transport is closing"));
    }
    rt_machine_free(rt);
}

/* ---- what is no message ---- */

static void send_garbage(struct world *w, struct peer_chaincode_stream end)
{
    assert_null(grpc_stream_client_send_bytes(w->stream, RT_STR("\x0a\xff\xff")));
    read_to_end(w, end);
}

static void test_garbage(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    struct world w = { .client = send_garbage };
    run(rt, &w, 1);
    const char *prefix = "rpc error: code = Internal desc = grpc: failed to unmarshal the received "
                         "message ";
    assert_true(rt_str_has_prefix(w.peer_end, rt_str_from(prefix)));
    assert_true(rt_str_has_prefix(w.client_end, rt_str_from(prefix)));
    rt_machine_free(rt);
}

/* ---- behaviours ---- */

static void test_behaviour_check(void **state)
{
    (void)state;
    struct chaincode_behaviour b = { 0 };
    assert_null(chaincode_behaviour_check(&b).data);
    b.exit_code = 256;
    assert_non_null(chaincode_behaviour_check(&b).data);
    b = (struct chaincode_behaviour){ .oddity = CHAINCODE_ODDITY_WRONG_NAME };
    assert_non_null(chaincode_behaviour_check(&b).data);
    b.name = RT_STR("other:1.0");
    assert_null(chaincode_behaviour_check(&b).data);
    b = (struct chaincode_behaviour){ .dies_at = CHAINCODE_POINT_ANY, .dies_at_time = 2 };
    assert_non_null(chaincode_behaviour_check(&b).data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_close),
        cmocka_unit_test(test_chaincode_dies),
        cmocka_unit_test(test_death_seen_late),
        cmocka_unit_test(test_peer_dies),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_behaviour_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
