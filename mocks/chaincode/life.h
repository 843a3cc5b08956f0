/* One chaincode process: its behaviour, and the points of its life. Internal to mocks/chaincode. */
#ifndef CCLAB_MOCKS_CHAINCODE_LIFE_H
#define CCLAB_MOCKS_CHAINCODE_LIFE_H

#include "mocks/chaincode/container.h"
#include "mocks/chaincode/sends.h"

struct life {
    struct chaincode_world *world;
    const struct chaincode_behaviour *behaviour;
    rt_str cname;
    struct engine_process *process; /* its container; NULL if nobody launched it */
    rt_str address;                 /* that it was told to dial; empty: the user knows */
    uint32_t passed[CHAINCODE_POINT_COUNT];
    int64_t reachable_ns; /* when the peer can be reached */
    uint32_t *sends;      /* how often it was the time for each of the behaviour's */
    bool over;            /* it has closed its stream, or hangs */
};

/* A trait of the behaviour has had its effect. */
void life_happened(struct life *life, enum chaincode_trait trait);
/* True if the behaviour has this oddity, which has its effect now. */
/* One of its messages, or of what it prints, has come, or could have. */
void life_did(struct life *life, size_t tag);
bool life_odd(struct life *life, enum chaincode_oddity oddity);
/* One of the times of a delay, which a choice takes. */
int64_t life_delay_ns(const struct chaincode_delay *delay, const char *label);
/* Sleeps for a delay. */
void life_wait(const struct chaincode_delay *delay, const char *label);
/* The same for a delay of the behaviour, which is this trait of it. */
void life_delay(struct life *life, enum chaincode_trait trait, const struct chaincode_delay *delay,
        const char *label);

/* The process passes a point: it may die here. `stream` may be NULL. */
void life_pass(struct life *life, enum chaincode_point point, struct grpc_stream *stream);

/* A stream whose messages make the process pass points and are as odd as the behaviour says. */
struct life_stream {
    struct life *life;
    struct grpc_stream *grpc;
    struct peer_chaincode_stream plain;
    struct peer_chaincode_stream stream; /* what the shim gets */
    struct rt_map *inits;                /* channel and txid of INITs in progress */
};
struct life_stream *life_stream_new(struct life *life, struct grpc_stream *grpc);

/* The process sends what its behaviour says at a point, and then passes it; `msg` is the message at
 * hand, or NULL. */
void life_reach(
        struct life_stream *s, enum chaincode_point point, const Protos__ChaincodeMessage *msg);

/* sends.c: the same without passing the point; and what stands for a message of the shim: false if
 * nothing does. */
void life_send_at(struct life_stream *stream, enum chaincode_point point,
        const Protos__ChaincodeMessage *msg);
bool life_sends_instead(struct life_stream *stream, const Protos__ChaincodeMessage *msg);

#endif
