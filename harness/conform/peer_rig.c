/* A peer with an engine, an orderer and recorded chaincodes, run for one call after another. */
#include "harness/conform/peer_rig.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/conform/conform.h"
#include "mocks/chaincode/container.h"
#include "mocks/docker/engine.h"
#include "mocks/orderer/orderer.h"
#include "model/ccprovider/filesystem.h"
#include "model/committer/committer.h"
#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

/* A proposal and what came back, by the name that a later commit uses. */
struct endorsed {
    rt_bytes signed_proposal;
    Protos__ProposalResponse *response;
};

struct peer_rig {
    struct rt *rt;
    struct peer_base *base;
    struct peer_disk *disk;
    struct chaincode_world chaincodes;
    struct engine_config engine_config;
    struct docker_engine *engine;
    struct peer *peer;
    struct orderer *orderer; /* of the first channel */
    size_t requests_seen;
    struct endorsed last;
    struct rt_map *remembered; /* of struct endorsed * */
};

/* What the recorded engine did to containers, by parts of their names. */
static const struct engine_fault recorded_faults[] = {
    { .kind = ENGINE_FAULT_STATUS,
            .op = ENGINE_OP_CREATE,
            .container = RT_STR_INIT("nocreate"),
            .status = 500,
            .message = RT_STR_INIT("create refused") },
    { .kind = ENGINE_FAULT_STATUS,
            .op = ENGINE_OP_START,
            .container = RT_STR_INIT("nostart"),
            .status = 500,
            .message = RT_STR_INIT("start refused") },
};

/* What the recorded containers did, by parts of their chaincodes' names. */
static const struct chaincode_behaviour *recorded_behaviour(
        void *self, rt_str cname, uint32_t start)
{
    static const struct chaincode_behaviour noreg = { .oddity = CHAINCODE_ODDITY_NEVER_REGISTER };
    static const struct chaincode_behaviour dies = { .dies_at = CHAINCODE_POINT_START,
        .exit_code = 7 };
    (void)self;
    (void)start;
    if (rt_str_contains(cname, RT_STR("noreg")))
        return &noreg;
    if (rt_str_contains(cname, RT_STR("dies")))
        return &dies;
    return NULL;
}

static struct rt_proc *serving_proc(void *self)
{
    return peer_proc(((struct peer_rig *)self)->peer);
}

static void stream_ended(void *arg, struct rt_error *err)
{
    grpc_stream_server_ended(arg, err);
}

static struct comm_conn *handshake(void *self, const struct comm_client_tls *client)
{
    return peer_chaincode_handshake(((struct peer_rig *)self)->peer, client);
}

static struct rt_error *serve_stream(
        void *self, struct grpc_stream *stream, rt_bytes client_certificate)
{
    const struct register_stream served = { grpc_stream_server(stream), client_certificate };
    peer_serve_chaincode(((struct peer_rig *)self)->peer, &served, stream_ended, stream);
    return NULL;
}

/* Runs until nothing more happens at the present time, and on to later times as long as `busy`
 * says so. */
static void run_while(struct peer_rig *rig, bool (*busy)(const void *arg), const void *arg)
{
    rt_run_ready(rig->rt);
    while (busy(arg)) {
        int64_t next_ns = rt_next_timer_ns(rig->rt);
        if (next_ns < 0)
            return;
        rt_run_until(rig->rt, next_ns);
        rt_run_ready(rig->rt);
    }
}

static bool starting(const void *arg)
{
    const struct peer *peer = arg;
    return !peer_serving(peer) && rt_proc_alive(peer_proc(peer));
}

static void channel_up(void *arg, rt_str channel, struct committer *committer)
{
    struct peer_rig *rig = arg;
    if (rt_str_eq(channel, peer_base_world(rig->base)->channels[0].name))
        orderer_subscribe(rig->orderer, rt_proc_self(), committer);
}

static void start_peer(struct peer_rig *rig)
{
    const struct peer_config config = {
        .base = rig->base,
        .disk = rig->disk,
        .docker = docker_engine_transport(rig->engine),
        .channel_up = channel_up,
        .channel_up_arg = rig,
    };
    rig->peer = peer_start(&config);
    run_while(rig, starting, rig->peer);
}

static void start_engine(struct peer_rig *rig)
{
    rig->chaincodes = (struct chaincode_world){
        .server = { .self = rig,
                .proc = serving_proc,
                .serve = serve_stream,
                .handshake = handshake },
        .self = rig,
        .behaviour = recorded_behaviour,
    };
    chaincode_world_init(&rig->chaincodes);
    rig->engine_config = (struct engine_config){
        .program = chaincode_program,
        .program_self = &rig->chaincodes,
        .faults = { .faults = recorded_faults,
                .count = sizeof recorded_faults / sizeof *recorded_faults },
        .all_images = true,
    };
    rig->engine = docker_engine_new(&rig->engine_config);
}

static void start_orderer(struct peer_rig *rig, const struct world_channel *channel)
{
    const struct orderer_config config = {
        .channel_id = channel->name,
        .height = channel->height,
        .last_block_hash = channel->current_block_hash,
    };
    rig->orderer = orderer_new(&config);
}

/* The identity of the world that made a proposal: it signs the transaction too. */
static struct rt_error *client_of(const struct peer_rig *rig,
        const Protos__SignedProposal *signed_proposal, const struct signing_identity **client)
{
    Protos__Proposal *proposal;
    rt_bytes creator;
    Protos__ChaincodeProposalPayload *payload;
    struct rt_error *err = protoutil_get_proposal(signed_proposal->proposal_bytes, &proposal);
    if (!err)
        err = protoutil_get_chaincode_proposal_context(proposal, &creator, &payload);
    if (err)
        return err;
    const struct world *world = peer_base_world(rig->base);
    for (size_t i = 0; i < world->identity_count; i++) {
        const struct world_identity *who = &world->identities[i];
        if (rt_str_eq(msp_new_serialized_identity(who->mspid, who->cert_pem), creator))
            return msp_signer_new(who->mspid, who->cert_pem, who->key_pem, client);
    }
    return rt_errorf("no identity of the world made this proposal");
}

struct peer_rig *peer_rig_new(const struct world *world, rt_str *error)
{
    struct rt_error *err;
    struct peer_base *base = peer_base_new(world, &err);
    if (!base) {
        *error = err->text;
        return NULL;
    }
    struct peer_rig *rig = mem_new(struct peer_rig);
    rig->base = base;
    rig->rt = rt_machine_new();
    const struct rt_config config = { .start_time_ms = world->now_ms, .max_steps = UINT64_MAX };
    rt_begin(rig->rt, &config);
    rig->remembered = rt_map_new();
    rig->disk = peer_disk_new(base);
    start_engine(rig);
    if (world->channel_count)
        start_orderer(rig, &world->channels[0]);
    start_peer(rig);
    return rig;
}

void peer_rig_restart(struct peer_rig *rig)
{
    rt_proc_exit(peer_proc(rig->peer), 0, NULL);
    rt_run_ready(rig->rt);
    start_peer(rig);
}

/* ---- calls ---- */

struct pending {
    const struct peer *peer;
    const struct peer_call *call;
};

static bool in_progress(const void *arg)
{
    const struct pending *p = arg;
    return !p->call->done && rt_proc_alive(peer_proc(p->peer));
}

static json_t *outcome(const char *kind)
{
    json_t *o = json_object();
    (void)json_object_set_new(o, "kind", json_string(kind));
    (void)json_object_set_new(o, "status", json_integer(0));
    (void)json_object_set_new(o, "message", json_string(""));
    (void)json_object_set_new(o, "payload", json_string(""));
    (void)json_object_set_new(o, "endorsed", json_false());
    return o;
}

static json_t *outcome_of_crash(const struct peer *peer)
{
    json_t *o = outcome("crash");
    (void)json_object_set_new(o, "panic", conform_text(rt_proc_panic(peer_proc(peer))));
    return o;
}

static json_t *outcome_of_error(const struct peer_call *call)
{
    json_t *o = outcome("grpc_error");
    (void)json_object_set_new(o, "grpc", json_string(call->code));
    (void)json_object_set_new(o, "message", conform_text(call->error->text));
    return o;
}

/* What the client gets: the response marshalled by gRPC and decoded again. */
static json_t *outcome_of_response(const struct peer_call *call)
{
    json_t *o = outcome("response");
    const Protos__ProposalResponse *pr = call->response;
    if (pr->response) {
        (void)json_object_set_new(o, "status", json_integer(pr->response->status));
        (void)json_object_set_new(o, "message", conform_text(pr->response->message));
        (void)json_object_set_new(o, "payload", conform_hex(pr->response->payload));
    }
    if (pr->payload.len)
        (void)json_object_set_new(o, "prp", conform_hex(pr->payload));
    (void)json_object_set_new(o, "endorsed", json_boolean(pr->endorsement != NULL));
    return o;
}

/* The outcome of a call in the form of a vector's `expect`: a new reference. */
static json_t *propose(struct peer_rig *rig, rt_bytes signed_proposal)
{
    const struct peer_call *call =
            peer_process_proposal(rig->peer, "ProcessProposal", signed_proposal);
    const struct pending pending = { rig->peer, call };
    run_while(rig, in_progress, &pending);
    rig->last = (struct endorsed){ signed_proposal, call->response };
    if (!rt_proc_alive(peer_proc(rig->peer))) {
        json_t *crash = outcome_of_crash(rig->peer);
        start_peer(rig);
        return crash;
    }
    if (!call->done)
        return outcome("no answer");
    return call->error ? outcome_of_error(call) : outcome_of_response(call);
}

void peer_rig_propose_vector(
        struct peer_rig *rig, const json_t *vector, struct conform_outcome *out)
{
    out->expected = conform_pick(json_object_get(vector, "expect"), "kind", "grpc", "status",
            "message", "payload", "prp", "endorsed", "panic", NULL);
    out->actual = propose(rig, conform_get_hex(vector, "signed_proposal"));
}

json_t *peer_rig_docker(struct peer_rig *rig)
{
    size_t count;
    const struct engine_request *requests = docker_engine_requests(rig->engine, &count);
    json_t *list = NULL;
    for (size_t i = rig->requests_seen; i < count; i++) {
        if (!list)
            list = json_array();
        rt_str line = rt_sprintf("%s %S", requests[i].method, requests[i].uri);
        (void)json_array_append_new(list, conform_text(line));
    }
    rig->requests_seen = count;
    return list;
}

void peer_rig_remove_packages(struct peer_rig *rig, const char *glob)
{
    struct file_system fs = memory_fs_interface(peer_disk_files(rig->disk));
    rt_str folder = peer_base_world(rig->base)->peer.chaincode_install_path;
    struct file_info *entries;
    size_t count;
    if (fs.read_dir(fs.self, folder, &entries, &count))
        return;
    for (size_t i = 0; i < count; i++)
        if (fnmatch(glob, rt_cstr(entries[i].name), FNM_PERIOD) == 0)
            memory_fs_remove(
                    peer_disk_files(rig->disk), rt_sprintf("%S/%S", folder, entries[i].name));
}

/* ---- commits ---- */

void peer_rig_remember(struct peer_rig *rig, const char *ref)
{
    struct endorsed *e = rt_new(struct endorsed);
    *e = rig->last;
    rt_map_put(rig->remembered, rt_str_dup(rt_str_from(ref)), e);
}

static bool uncommitted(const void *arg)
{
    return !((const struct orderer_tx *)arg)->committed;
}

static json_t *commit_error(rt_str text)
{
    json_t *o = json_object();
    (void)json_object_set_new(o, "error", conform_text(text));
    return o;
}

json_t *peer_rig_commit(struct peer_rig *rig, const char *ref)
{
    const struct endorsed *e = rt_map_get(rig->remembered, rt_str_from(ref));
    if (!e || !e->response)
        return commit_error(RT_STR("there is no such endorsement"));
    Protos__SignedProposal *signed_proposal;
    struct rt_error *err =
            WIRE_UNMARSHAL(protos__signed_proposal, e->signed_proposal, &signed_proposal);
    const struct signing_identity *client = NULL;
    if (!err)
        err = client_of(rig, signed_proposal, &client);
    Common__Envelope *envelope = NULL;
    if (!err)
        err = orderer_make_envelope(signed_proposal, client, &e->response, 1, &envelope);
    if (err)
        return commit_error(err->text);
    const struct orderer_tx *tx = orderer_order_now(rig->orderer, "commit", envelope);
    run_while(rig, uncommitted, tx);
    if (!tx->committed)
        return commit_error(RT_STR("it was not committed"));
    json_t *o = json_object();
    (void)json_object_set_new(
            o, "code", conform_text(tx_validation_code_string(tx->validation_code)));
    (void)json_object_set_new(o, "block", json_integer((json_int_t)tx->block_number));
    return o;
}
