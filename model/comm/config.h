/* How long a message may be that gRPC carries to and from a peer (core/comm/config.go): both for
 * the listeners of a peer and for Fabric's own clients, the shim among them. */
#ifndef CCLAB_MODEL_COMM_CONFIG_H
#define CCLAB_MODEL_COMM_CONFIG_H

#include "model/rt/error.h"

/* MaxRecvMsgSize, MaxSendMsgSize, in bytes. */
#define COMM_MAX_RECV_MSG_SIZE ((size_t)100 * 1024 * 1024)
#define COMM_MAX_SEND_MSG_SIZE ((size_t)100 * 1024 * 1024)

/* What gRPC 1.15 says of a message of `size` bytes, without the status code, which is
 * ResourceExhausted; NULL if it is not too long. What is received by anybody (rpc_util.go,
 * server.go); what a stream or a client sends (stream.go); what a server answers (server.go). */
RT_MUST_USE struct rt_error *comm_check_received(size_t size);
RT_MUST_USE struct rt_error *comm_check_sent(size_t size, size_t max);
RT_MUST_USE struct rt_error *comm_check_answer(size_t size);

#endif
