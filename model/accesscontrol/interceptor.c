/* Follows core/chaincode/accesscontrol/interceptor.go. */
#include "model/accesscontrol/internal.h"
#include "model/rt/arena.h"

struct interceptor {
    struct authenticator *auth;
    struct register_server next;
};

/* interceptedStream. Go keeps the first message in a channel that is closed behind it, which
 * nobody but the reader of the stream looks at. */
struct intercepted_stream {
    struct chaincode_stream stream;
    Protos__ChaincodeMessage *first;
};

static struct rt_error *send(void *self, Protos__ChaincodeMessage *msg)
{
    struct intercepted_stream *is = self;
    return is->stream.send(is->stream.self, msg);
}

static struct rt_error *recv(void *self, Protos__ChaincodeMessage **msg)
{
    struct intercepted_stream *is = self;
    if (!is->first)
        return is->stream.recv(is->stream.self, msg);
    *msg = is->first;
    is->first = NULL;
    return NULL;
}

static struct rt_error *register_stream(void *self, const struct register_stream *stream)
{
    struct interceptor *i = self;
    Protos__ChaincodeMessage *msg;
    struct rt_error *err = stream->stream.recv(stream->stream.self, &msg);
    if (err)
        return rt_errorf("Recv() error: %v, closing connection", err);
    err = authenticate(i->auth, msg, stream);
    if (err)
        return err;
    struct intercepted_stream *is = rt_new(struct intercepted_stream);
    *is = (struct intercepted_stream){ stream->stream, msg };
    const struct register_stream rest = { { is, send, recv }, stream->client_certificate };
    return i->next.register_stream(i->next.self, &rest);
}

struct register_server authenticator_wrap(struct authenticator *auth, struct register_server next)
{
    struct interceptor *i = rt_new(struct interceptor);
    *i = (struct interceptor){ auth, next };
    return (struct register_server){ i, register_stream };
}
