/* The lab of a whole peer: its world, a Docker engine, an ordering service. Internal to
 * scenario. */
#ifndef CCLAB_HARNESS_SCENARIO_LAB_PEER_H
#define CCLAB_HARNESS_SCENARIO_LAB_PEER_H

#include "harness/scenario/lab_impl.h"
#include "harness/scenario/proposal.h"
#include "mocks/chaincode/container.h"
#include "mocks/chaincode/system.h"
#include "mocks/disk/disk.h"
#include "mocks/gossip/peers.h"
#include "mocks/orderer/orderer.h"
#include "model/peer/peer.h"

struct peer_lab;

/* An actor in the present run. */
struct lab_actor {
    struct peer_lab *lab;
    const struct scenario_actor *actor;
    struct step_proposal *proposals; /* one a step */
};

/* A peer of the lab. The first one is checked, and has the scenario's faults. */
struct lab_node {
    struct peer_lab *lab;
    size_t number; /* 0: the first */
    const struct world *world;
    struct peer_base *base;

    /* ---- the present run ---- */
    struct peer_disk *disk;
    struct disk *files; /* the disk's files, with faults */
    struct system_chaincodes *system_chaincodes;
    struct peer *peer;
    rt_str chaincode_address; /* of the last restart that gave one; data == NULL: the world's */
    struct chaincode_support_server server;
    struct rt_chan *peer_died; /* closed when the present peer dies */
};

struct peer_lab {
    struct lab lab;
    struct lab_node *nodes; /* by number */
    size_t node_count;
    struct lab_actor *actors;
    struct gossip_peer_config *gossip_peers; /* as the scenario's */

    /* ---- the present run ---- */
    uint32_t *certificate_hits; /* by fault: occurrences that it applies to */
    struct docker_engine *engine;
    struct gossip_network gossip;
    struct chaincode_world chaincodes;
    struct rt_proc **users; /* chaincodes that nobody launched */
    size_t user_count;
    size_t user_cap;
    struct orderer **orderers; /* one a channel */
    struct rt_proc *clients;
};

/* lab_wire.c: what surrounds the actors. */
void lab_start_engine(struct peer_lab *lab);
/* One for each channel. */
void lab_start_orderers(struct peer_lab *lab);
/* The one of a channel; NULL if the world has no such channel. */
struct orderer *lab_orderer(const struct peer_lab *lab, rt_str channel);
/* Its channels take the orderers' blocks as they come up. */
void lab_start_peer(struct lab_node *node);
/* Who chaincodes reach. */
void lab_start_chaincodes(struct peer_lab *lab);
void lab_stop_containers(struct peer_lab *lab);
/* Runs a chaincode that nobody launches, and ends all of them. */
void lab_run_user(struct peer_lab *lab, rt_str cname);
void lab_stop_users(struct peer_lab *lab);
struct docker_transport lab_docker(struct peer_lab *lab);

/* lab_certificates.c: at the begin of a run, and for struct peer_config. */
void lab_certificates_begin(struct peer_lab *lab);
struct rt_error *lab_certificate_fails(
        void *self, enum peer_certificate certificate, rt_str chaincode);

/* lab_gossip.c: the other peers, made for all runs (false after a report), and started in one; and
 * which of them were asked in it. */
bool lab_make_gossip(struct peer_lab *lab);
void lab_start_gossip(struct peer_lab *lab);
void lab_look_at_gossip(struct peer_lab *lab);

/* lab_nodes.c: the lab's peers: made for all runs (false after a report), their disks at the begin
 * of one, and freed. */
bool lab_make_nodes(struct peer_lab *lab);
void lab_begin_nodes(struct peer_lab *lab);
void lab_free_nodes(struct peer_lab *lab);
/* Those things of a run that calls may touch: of `lab->nodes` beside the first. */
const void *lab_other_roots(const struct peer_lab *lab);

/* lab_actor.c: the main function of an actor's goroutine; `arg` is a struct lab_actor. */
void lab_act(void *arg);

#endif
