/* The stream between a chaincode's process and its peer, as gRPC 1.15 makes it.
 *
 * Messages are encoded and decoded on the way and arrive in order; a sender waits while the other
 * side does not read and the stream's window is used up (mocks/chaincode/flow.h). A
 * message that is longer than Fabric lets gRPC carry ends the stream. A
 * chaincode that closes its side gives the peer EOF; one that dies, "context canceled", and what it
 * sent before may or may not still be read, as a choice. When the peer's handler returns, the
 * chaincode gets its error as a status. */
#ifndef CCLAB_MOCKS_CHAINCODE_GRPC_STREAM_H
#define CCLAB_MOCKS_CHAINCODE_GRPC_STREAM_H

#include "model/container/ccintf.h"
#include "model/rt/rt.h"
#include "model/shim/shim.h"

struct grpc_stream;

/* A stream whose chaincode's end belongs to the running goroutine's process, and whose peer's end
 * belongs to `peer`. `notice_ns` is how long the death of either takes to be seen by the other. */
struct grpc_stream *grpc_stream_new(struct rt_proc *peer, int64_t notice_ns);

/* The peer's end. */
struct chaincode_stream grpc_stream_server(struct grpc_stream *s);
/* The peer's handler has returned err. */
void grpc_stream_server_ended(struct grpc_stream *s, struct rt_error *err);

/* The chaincode's end. */
struct peer_chaincode_stream grpc_stream_client(struct grpc_stream *s);
/* Sends bytes that need not be a message. */
RT_MUST_USE struct rt_error *grpc_stream_client_send_bytes(struct grpc_stream *s, rt_bytes bytes);
/* Ends the chaincode's side, in a way that is no access of the chaincode's own (clientStream's
 * fields are marked in send and close_send alone). */
void grpc_stream_client_half_close(struct grpc_stream *s);
/* The chaincode's process stops, as one that is paused or cut off: its gRPC answers no pings. The
 * peer pings after two hours of silence and closes the connection 20 s later, or after the
 * stream's `notice_ns` if that is given. */
void grpc_stream_client_freeze(struct grpc_stream *s);

#endif
