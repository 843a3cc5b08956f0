/* How long a message may be. What is expected was seen with comm.NewGRPCServer, comm.NewGRPCClient
 * and the shim's NewClientConnectionWithAddress of v1.4.2 over gRPC 1.15 and messages of just these
 * lengths. */
#include "mocks/chaincode/grpc_stream.h"
#include "model/comm/config.h"
#include "model/gostd/gzip.h"
#include "model/shim/message.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

enum { LIMIT = 104857600 };

#define EXHAUSTED "rpc error: code = ResourceExhausted desc = "
#define SENT EXHAUSTED "trying to send message larger than max (104857601 vs. 104857600)"
#define RECEIVED EXHAUSTED "grpc: received message larger than max (104857601 vs. 104857600)"

static const char *text_of(const struct rt_error *err)
{
    return err ? rt_cstr(err->text) : "";
}

static Protos__ChaincodeMessage *message_of(size_t len)
{
    size_t payload = len - 5; /* tag and length */
    Protos__ChaincodeMessage *m = chaincode_message_new(
            CC_MSG(UNDEFINED), rt_bytes_from(rt_alloc(payload), payload), RT_STR(""), RT_STR(""));
    assert_int_equal(wire_size(&m->base), len);
    return m;
}

/* Who sends a message of `len` bytes, and what both ends read. */
struct exchange {
    size_t len;
    bool by_peer;
    bool raw; /* by a chaincode whose gRPC has no limit of its own */
    const char *sender, *receiver;
    struct grpc_stream *stream;
};

static void receive(const struct exchange *x)
{
    Protos__ChaincodeMessage *msg = NULL;
    const struct chaincode_stream peer = grpc_stream_server(x->stream);
    const struct peer_chaincode_stream chaincode = grpc_stream_client(x->stream);
    struct rt_error *err =
            x->by_peer ? chaincode.recv(chaincode.self, &msg) : peer.recv(peer.self, &msg);
    assert_string_equal(text_of(err), x->receiver);
    assert_int_equal(!msg, err != NULL);
}

static struct rt_error *send(const struct exchange *x)
{
    const struct chaincode_stream peer = grpc_stream_server(x->stream);
    const struct peer_chaincode_stream chaincode = grpc_stream_client(x->stream);
    Protos__ChaincodeMessage *m = message_of(x->len);
    rt_bytes bytes;
    if (x->by_peer)
        return peer.send(peer.self, m);
    if (!x->raw)
        return chaincode.send(chaincode.self, m);
    assert_null(WIRE_MARSHAL(m, &bytes));
    return grpc_stream_client_send_bytes(x->stream, bytes);
}

static void exchange(void *arg)
{
    struct exchange *x = arg;
    x->stream = grpc_stream_new(rt_proc_new("peer"), 0);
    struct rt_error *err = send(x);
    assert_string_equal(text_of(err), x->sender);
    receive(x);
}

static void test_streams(void **state)
{
    static const struct exchange cases[] = {
        { .len = LIMIT, .by_peer = false, .raw = false, .sender = "", .receiver = "" },
        { .len = LIMIT, .by_peer = true, .raw = false, .sender = "", .receiver = "" },
        { .len = LIMIT, .by_peer = false, .raw = true, .sender = "", .receiver = "" },
        { .len = LIMIT + 1,
                .by_peer = false,
                .raw = false,
                .sender = SENT,
                .receiver = "rpc error: code = Canceled desc = context canceled" },
        { .len = LIMIT + 1, .by_peer = true, .raw = false, .sender = SENT, .receiver = SENT },
        { .len = LIMIT + 1, .by_peer = false, .raw = true, .sender = "", .receiver = RECEIVED },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct exchange x = cases[i];
        support_run(NULL, exchange, &x);
    }
}

static void test_calls(void **state)
{
    (void)state;
    assert_null(comm_check_received(LIMIT));
    assert_null(comm_check_sent(LIMIT, COMM_MAX_SEND_MSG_SIZE));
    assert_null(comm_check_sent(LIMIT + 1, SIZE_MAX));
    assert_null(comm_check_answer(LIMIT));
    assert_string_equal(text_of(comm_check_received(LIMIT + 1000000)),
            "grpc: received message larger than max (105857600 vs. 104857600)");
    assert_string_equal(text_of(comm_check_sent(LIMIT + 1, COMM_MAX_SEND_MSG_SIZE)),
            "trying to send message larger than max (104857601 vs. 104857600)");
    assert_string_equal(text_of(comm_check_answer(LIMIT + 5)),
            "grpc: trying to send message larger than max (104857605 vs. 104857600)");
}

/* Each length is there, and the reader, which checks sum and length, finds content and zeros. */
static void test_stored_archives(void **state)
{
    static const size_t extras[] = { 0, 1, 4, 5, 6, 63480, 63485, 63486, 63490, 65540, 131080,
        131081, 1000000 };
    static uint8_t out[1100000];
    (void)state;
    uint8_t content[2048];
    memset(content, 'x', sizeof(content));
    size_t least = gzip_store(rt_bytes_from(content, sizeof(content)), 0).len;
    for (size_t i = 0; i < sizeof(extras) / sizeof(*extras); i++) {
        rt_bytes file = gzip_store(rt_bytes_from(content, sizeof(content)), extras[i]);
        assert_int_equal(file.len, least + extras[i]);
        struct gzip_reader z;
        struct rt_error *err = gzip_reader_open(&z, file);
        size_t len = 0;
        while (!err)
            len += gzip_read(&z, out + len, sizeof(out) - len, &err);
        assert_ptr_equal(err, rt_eof);
        assert_memory_equal(out, content, sizeof(content));
        for (size_t k = sizeof(content); k < len; k++)
            assert_int_equal(out[k], 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, support_arena_begin, support_arena_end)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_streams), TEST(test_calls),
        TEST(test_stored_archives) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
