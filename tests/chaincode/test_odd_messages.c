/* Messages that no shim sends, against the real Handler: corpora/grpc/README.md tells how they were
 * recorded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/chaincode/helper_handler.h"

/* A stream whose chaincode's end is the test. */
struct wire {
    struct handler *h;
    struct rt_chan *to_peer; /* of rt_bytes *; NULL is EOF */
    struct rt_buf sent;      /* since the last step, a line each */
    struct rt_error *end;
    bool over;
};

static struct rt_error *wire_send(void *self, Protos__ChaincodeMessage *msg)
{
    struct wire *w = self;
    rt_buf_printf(&w->sent, "-> %S [%S] [%S] %q\n", chaincode_message_type_string((int)msg->type),
            msg->channel_id, msg->txid, msg->payload);
    return NULL;
}

static struct rt_error *wire_recv(void *self, Protos__ChaincodeMessage **msg)
{
    struct wire *w = self;
    void *bytes;
    *msg = NULL;
    rt_recv(w->to_peer, &bytes);
    if (!bytes)
        return rt_eof;
    struct rt_error *err = WIRE_UNMARSHAL(protos__chaincode_message, *(rt_bytes *)bytes, msg);
    if (!err)
        return NULL;
    *msg = NULL;
    return rt_errorf("rpc error: code = Internal desc = grpc: failed to unmarshal the received "
                     "message %v",
            err);
}

static void serve(void *arg)
{
    struct wire *w = arg;
    w->end = handler_process_stream(w->h, (struct chaincode_stream){ w, wire_send, wire_recv });
    w->over = true;
}

/* What the peer sent in a recorded step. */
static rt_str recorded(const json_t *lines)
{
    struct rt_buf text = { 0 };
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line)
    {
        if (strncmp(json_string_value(line), "-> ", 3) == 0)
            rt_buf_printf(&text, "%s\n", json_string_value(line));
    }
    return rt_buf_str(&text);
}

static void same(const char *what, size_t step, rt_str found, rt_str expected)
{
    if (!rt_str_eq(found, expected))
        fail_msg("%s, step %zu: found\n%s\nexpected\n%s", what, step, rt_cstr(found),
                rt_cstr(expected));
}

static void play(void *arg)
{
    const json_t *sequence = arg;
    const json_t *messages = json_object_get(sequence, "messages");
    const json_t *steps = json_object_get(sequence, "steps");
    char *name = json_dumps(messages, 0);
    struct peer_side *p = peer_side_new(0);
    struct wire *w = rt_new(struct wire);
    w->h = p->h;
    w->to_peer = rt_chan_make(0, "to peer");
    rt_go("ProcessStream", serve, w);
    for (size_t i = 0; i < json_array_size(steps); i++) {
        rt_bytes *bytes = rt_new(rt_bytes);
        assert_true(rt_unhex(rt_str_from(json_string_value(json_array_get(messages, i))), bytes));
        assert_false(w->over);
        rt_send(w->to_peer, bytes);
        rt_sleep_ns(RT_MS);
        same(name, i, rt_buf_str(&w->sent), recorded(json_array_get(steps, i)));
        w->sent.len = 0;
    }
    if (!w->over)
        rt_send(w->to_peer, NULL);
    rt_sleep_ns(RT_MS);
    assert_true(w->over);
    same(name, json_array_size(steps), w->end->text,
            rt_str_from(json_string_value(json_object_get(sequence, "end"))));
    free(name);
}

static void as_the_real_handler(void **state)
{
    (void)state;
    static char line[65536];
    size_t count = 0;
    FILE *file = fopen("corpora/grpc/odd-messages.jsonl", "r");
    assert_non_null(file);
    for (; fgets(line, sizeof(line), file); count++) {
        json_t *sequence = json_loads(line, 0, NULL);
        assert_non_null(sequence);
        support_run(NULL, play, sequence);
        json_decref(sequence);
    }
    fclose(file);
    assert_true(count >= 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                as_the_real_handler, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
