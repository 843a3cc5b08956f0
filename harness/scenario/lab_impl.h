/* What a lab is made of. Internal to scenario. */
#ifndef CCLAB_HARNESS_SCENARIO_LAB_IMPL_H
#define CCLAB_HARNESS_SCENARIO_LAB_IMPL_H

#include "harness/scenario/lab.h"
#include "harness/scenario/proposal.h"
#include "mocks/chaincode/container.h"
#include "mocks/docker/engine.h"
#include "mocks/orderer/orderer.h"
#include "model/chaincode/metrics.h"
#include "model/peer/peer.h"
#include "model/rt/chan.h"
#include "model/rt/trace.h"

/* A call that an actor made in the present run. */
struct lab_call {
    struct check_call check; /* first */
    const struct scenario_step *step;
    struct peer_call *call;
    struct orderer_tx *tx;
    struct rt_error *tx_error; /* no transaction could be made of it */
    bool lost;                 /* the peer died before it answered */
    struct lab_call *next;
};

/* An actor in the present run. */
struct lab_actor {
    struct lab *lab;
    const struct scenario_actor *actor;
    struct step_proposal *proposals; /* one a step */
};

struct lab {
    const struct scenario *scenario;
    struct lab_options options;
    uint64_t variants;
    struct rt *machine;
    struct rt_arena *arena; /* what all runs share */
    struct peer_base *base;
    struct lab_actor *actors;

    /* ---- the present run ---- */
    struct check check;
    struct rt_source source; /* gives 0 while the peer boots and at the end, else asks `from` */
    const struct rt_source *from;
    struct rt_sink sink; /* passes on to `drawn` what the scenario is about */
    struct rt_sink *drawn;
    bool quiet;
    struct observer observer; /* writes notes and passes on to `check` */
    struct peer_disk *disk;
    struct peer *peer;
    struct rt_chan *peer_died; /* closed when the present peer dies */
    struct metrics *metrics;
    struct docker_engine *engine;
    struct chaincode_world chaincodes;
    struct orderer **orderers; /* one a channel */
    struct rt_proc *clients;
    struct lab_call *calls; /* in order */
    struct lab_call **last_call;
    int64_t last_ns; /* when the last step was, before the end of the containers */
    bool settling;   /* the containers are ended */
    bool step_limit;
    bool time_limit;
    rt_str reason;
    /* What there was when the actors had ended, before the containers were. */
    struct engine_container_info *containers;
    size_t container_count;
    const struct engine_request *requests;
    size_t request_count;
};

/* lab_wire.c: what surrounds the actors. */
void lab_start_engine(struct lab *lab);
void lab_start_peer(struct lab *lab);
/* Once the peer serves: one for each channel (a goroutine's main function; `arg` is the lab), and
 * the peer's subscription to their blocks. */
void lab_start_orderers(void *arg);
void lab_subscribe(struct lab *lab);
void lab_stop_containers(struct lab *lab);
struct docker_transport lab_docker(struct lab *lab);

/* lab_actor.c: the main function of an actor's goroutine; `arg` is a struct lab_actor. */
void lab_act(void *arg);

/* lab_report.c: what the answer of a call is wrong about; data == NULL if nothing. */
rt_str lab_unexpected(const struct lab_call *call);

#endif
