/* What the files that play launch.jsonl share. */
#ifndef CCLAB_HARNESS_CONFORM_LAUNCH_IMPL_H
#define CCLAB_HARNESS_CONFORM_LAUNCH_IMPL_H

#include <jansson.h>

#include "harness/conform/launch_play.h"
#include "mocks/launch/alone.h"
#include "model/rt/rt.h"

/* A call of the fake runtime that has not returned yet. */
struct pending {
    const char *kind; /* "start", "wait", "stop" */
    rt_str cc;
    struct rt_chan *done;
    struct rt_error *err;
    int64_t code;
    struct pending *next;
};

struct fake_stream {
    rt_str name;
    struct play *play;
    struct rt_chan *incoming; /* of struct incoming * */
    bool send_fails;
    bool ended;
    struct fake_stream *next;
};

/* What a Recv gives. */
struct incoming {
    Protos__ChaincodeMessage *msg;
    struct rt_error *err;
};

struct call {
    struct play *play;
    rt_str name;
    enum launch_ask ask;
    struct cc_context cccid;
    rt_str tx;
    bool returned;
    bool panicked;
    rt_str panic;
    struct rt_error *err;
    Protos__Response *response;
    struct call *next;
};

struct play {
    struct rt *rt;
    struct rt_proc *proc;
    const json_t *vector;
    struct chaincode_support *cs;
    bool gate_stop;
    size_t event_count;
    struct pending *pendings;
    struct fake_stream *streams;
    struct call *calls;
    const json_t *event;
    /* What happened since the last observation. */
    json_t *returned;
    json_t *sent;
    json_t *ended;
    json_t *runtime;
};

/* A string of the present event; empty if it has none. */
rt_str launch_member(struct play *p, const char *key);
json_t *launch_text(rt_str s);

/* The fake runtime: its calls wait until an event lets them return. */
struct runtime launch_fake_runtime(struct play *p);
/* Lets the oldest pending call of a kind return; nothing if there is none. */
void launch_release(struct play *p, const char *kind, struct rt_error *err, int64_t code);

/* The stream that the present event names begins, and chaincode support serves it. */
void launch_stream_begin(struct play *p);
/* The stream that the present event names; NULL if there is none. */
struct fake_stream *launch_stream_named(struct play *p);
/* What the peer receives next on it. */
void launch_stream_give(struct play *p, Protos__ChaincodeMessage *msg, struct rt_error *err);

#endif
