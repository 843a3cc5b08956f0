/* What the files of mocks/launch share. */
#ifndef CCLAB_MOCKS_LAUNCH_INTERNAL_H
#define CCLAB_MOCKS_LAUNCH_INTERNAL_H

#include "mocks/launch/launch.h"
#include "model/rt/chan.h"

typedef struct Protos__ChaincodeMessage Protos__ChaincodeMessage;

/* A connection between a container and the peer. A channel is closed when its receiver can get no
 * more: both are when the connection breaks, the chaincode's when the peer's handler returns. */
struct launch_stream {
    struct launch_container *container;
    struct rt_chan *to_peer;
    struct rt_chan *to_chaincode;
    struct launch_stream *next;
};

/* The container connects: the peer serves the stream in a goroutine of its own. */
struct launch_stream *launch_stream_open(struct launch_container *c);
/* The connection is broken: what the peer sends from now on fails. */
void launch_stream_break(struct launch_stream *s);

/* The chaincode's main function; `arg` is a struct launch_container. */
void launch_chaincode_main(void *arg);

/* Waits for one of several times, which a choice takes. */
void launch_wait_for(struct chaincode_delay delay, const char *label);
/* The container exits, in the goroutine that calls; nothing if it has. */
void launch_container_exit(struct launch_container *c, int code);

#endif
