/* The fake runtime and the fake streams of a vector of launch.jsonl. */
#include "harness/conform/launch_impl.h"
#include "model/shim/message.h"

#include "proto/chaincode.pb-c.h"
#include "proto/proposal_response.pb-c.h"

/* ---- the fake runtime ---- */

/* Waits until an event lets this call of the runtime return. */
static struct pending *wait_for_event(
        struct play *p, const char *kind, const struct chaincode_container_info *ccci)
{
    struct pending *pending = rt_new(struct pending);
    pending->kind = kind;
    pending->cc = chaincode_container_info_cname(ccci);
    pending->done = rt_chan_make(1, "fake runtime");
    struct pending **last = &p->pendings;
    while (*last)
        last = &(*last)->next;
    *last = pending;
    void *value;
    rt_recv(pending->done, &value);
    return pending;
}

static void note_runtime(
        struct play *p, const char *kind, const struct chaincode_container_info *ccci)
{
    rt_str cc = chaincode_container_info_cname(ccci);
    json_array_append_new(p->runtime, launch_text(rt_sprintf("%s %S", kind, cc)));
}

static struct rt_error *runtime_start(
        void *self, struct chaincode_container_info *ccci, rt_bytes code_package)
{
    (void)code_package;
    note_runtime(self, "start", ccci);
    return wait_for_event(self, "start", ccci)->err;
}

static struct rt_error *runtime_wait(
        void *self, struct chaincode_container_info *ccci, int64_t *exit_code)
{
    note_runtime(self, "wait", ccci);
    const struct pending *pending = wait_for_event(self, "wait", ccci);
    *exit_code = pending->code;
    return pending->err;
}

static struct rt_error *runtime_stop(void *self, struct chaincode_container_info *ccci)
{
    struct play *p = self;
    note_runtime(p, "stop", ccci);
    return p->gate_stop ? wait_for_event(p, "stop", ccci)->err : NULL;
}

struct runtime launch_fake_runtime(struct play *p)
{
    return (struct runtime){ p, runtime_start, runtime_stop, runtime_wait };
}

void launch_release(struct play *p, const char *kind, struct rt_error *err, int64_t code)
{
    rt_str cc = launch_member(p, "cc");
    for (struct pending **at = &p->pendings; *at; at = &(*at)->next) {
        struct pending *pending = *at;
        if (strcmp(pending->kind, kind) != 0 || !rt_str_eq(pending->cc, cc))
            continue;
        *at = pending->next;
        pending->err = err;
        pending->code = code;
        rt_send(pending->done, NULL);
        return;
    }
}

/* ---- streams ---- */

static struct rt_error *stream_send(void *self, Protos__ChaincodeMessage *msg)
{
    struct fake_stream *s = self;
    if (s->send_fails)
        return rt_errorf("send broken");
    json_t *sent = json_object();
    json_object_set_new(sent, "stream", launch_text(s->name));
    json_object_set_new(sent, "type", launch_text(chaincode_message_type_string((int)msg->type)));
    if (msg->txid.len > 0)
        json_object_set_new(sent, "tx", launch_text(msg->txid));
    if ((msg->type == CC_MSG(ERROR) || msg->type == CC_MSG(RESPONSE)) && msg->payload.len > 0)
        json_object_set_new(sent, "payload", launch_text(msg->payload));
    json_array_append_new(s->play->sent, sent);
    return NULL;
}

static struct rt_error *stream_recv(void *self, Protos__ChaincodeMessage **msg)
{
    struct fake_stream *s = self;
    void *value;
    rt_recv(s->incoming, &value);
    const struct incoming *in = value;
    *msg = in->msg;
    return in->err;
}

struct fake_stream *launch_stream_named(struct play *p)
{
    rt_str name = launch_member(p, "stream");
    for (struct fake_stream *s = p->streams; s; s = s->next)
        if (rt_str_eq(s->name, name))
            return s;
    return NULL;
}

void launch_stream_give(struct play *p, Protos__ChaincodeMessage *msg, struct rt_error *err)
{
    struct fake_stream *s = launch_stream_named(p);
    if (!s)
        return;
    struct incoming *in = rt_new(struct incoming);
    *in = (struct incoming){ msg, err };
    rt_send(s->incoming, in);
}

static void serve_stream(void *arg)
{
    struct fake_stream *s = arg;
    const struct chaincode_stream stream = { s, stream_send, stream_recv };
    struct rt_error *err = chaincode_support_handle_chaincode_stream(s->play->cs, stream);
    json_t *ended = json_object();
    json_object_set_new(ended, "stream", launch_text(s->name));
    json_object_set_new(ended, "err", err ? launch_text(err->text) : json_null());
    json_array_append_new(s->play->ended, ended);
}

void launch_stream_begin(struct play *p)
{
    struct fake_stream *s = rt_new(struct fake_stream);
    s->name = launch_member(p, "stream");
    s->play = p;
    s->incoming = rt_chan_make(p->event_count + 1, "fake stream");
    s->next = p->streams;
    p->streams = s;
    rt_go_in(p->proc, "HandleChaincodeStream", serve_stream, s);
}
