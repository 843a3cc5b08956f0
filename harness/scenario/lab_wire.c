/* What surrounds the actors: engine, peer, ordering service, and the ways between them. */
#include "harness/scenario/lab_peer.h"
#include "model/rt/trace.h"

/* ---- the Docker engine ---- */

/* The peer's way to the engine, with a note of each answer. */
struct connection {
    struct docker_transport transport;
    void *connection;
};

static struct rt_error *dial(void *self, const struct http_request *request, void **connection)
{
    struct peer_lab *lab = self;
    struct connection *c = rt_new(struct connection);
    c->transport = docker_engine_transport(lab->engine);
    *connection = c;
    return c->transport.dial(c->transport.self, request, &c->connection);
}

static struct rt_error *exchange(void *self, void *connection, const struct http_request *request,
        struct http_response *response)
{
    struct connection *c = connection;
    (void)self;
    struct rt_error *err =
            c->transport.exchange(c->transport.self, c->connection, request, response);
    if (err)
        rt_note("Docker: %s %S: %v", request->method, request->uri, err);
    else
        rt_note("Docker: %s %S: %d", request->method, request->uri, response->status);
    return err;
}

struct docker_transport lab_docker(struct peer_lab *lab)
{
    return (struct docker_transport){ .self = lab, .dial = dial, .exchange = exchange };
}

void lab_start_engine(struct peer_lab *lab)
{
    const struct scenario_docker *docker = &lab->lab.scenario->docker;
    struct engine_config *config = rt_new(struct engine_config);
    *config = (struct engine_config){
        .program = chaincode_program,
        .program_self = &lab->chaincodes,
        .faults = { docker->faults, docker->fault_count,
                lab_hits(&lab->lab, lab->lab.scenario->fault_effects) },
        .delays_ns = docker->delays_ns,
        .delay_count = docker->delay_count,
        .all_images = docker->all_images,
        .all_networks = docker->all_networks,
        .networks = docker->networks,
        .no_bridge = docker->no_bridge,
        .registry = { docker->refused, docker->refused_count,
                lab_hits(&lab->lab, lab->lab.scenario->registry_effects), docker->words },
    };
    lab->engine = docker_engine_new(config);
    lab->lab.check.engine = lab->engine;
    for (size_t i = 0; i < docker->image_count; i++) {
        docker_engine_add_image(lab->engine, docker->images[i].reference);
        if (docker->images[i].holds.data)
            docker_engine_image_holds(
                    lab->engine, docker->images[i].reference, docker->images[i].holds);
    }
    for (size_t i = 0; i < docker->container_count; i++)
        docker_engine_add_container(lab->engine, &docker->containers[i]);
}

void lab_stop_containers(struct peer_lab *lab)
{
    size_t count;
    struct engine_container_info *containers = docker_engine_containers(lab->engine, &count);
    for (size_t i = 0; i < count; i++)
        if (containers[i].proc && rt_proc_alive(containers[i].proc))
            rt_proc_exit(containers[i].proc, 137, NULL);
}

/* ---- chaincodes ---- */

void lab_run_user(struct peer_lab *lab, rt_str cname)
{
    rt_reserve(lab->users, lab->user_cap, lab->user_count + 1);
    lab->users[lab->user_count++] = chaincode_run_by_user(&lab->chaincodes, cname);
}

void lab_stop_users(struct peer_lab *lab)
{
    for (size_t i = 0; i < lab->user_count; i++)
        if (rt_proc_alive(lab->users[i]))
            rt_proc_exit(lab->users[i], 137, NULL);
}

static struct rt_proc *server_proc(void *self)
{
    struct lab_node *node = self;
    struct rt_proc *proc = node->peer ? peer_proc(node->peer) : NULL;
    return proc && rt_proc_alive(proc) ? proc : NULL;
}

static void stream_ended(void *arg, struct rt_error *err)
{
    grpc_stream_server_ended(arg, err);
}

static struct comm_conn *handshake(void *self, const struct comm_client_tls *client)
{
    const struct lab_node *node = self;
    return peer_chaincode_listens(node->peer) ? peer_chaincode_handshake(node->peer, client) : NULL;
}

static bool is_at(void *self, rt_str address)
{
    const struct lab_node *node = self;
    return node->peer && peer_chaincode_listens(node->peer) &&
           rt_str_eq(address, peer_chaincode_address(node->peer));
}

static struct rt_error *serve(void *self, struct grpc_stream *stream, rt_bytes client_certificate)
{
    struct lab_node *node = self;
    if (!server_proc(node) || !peer_chaincode_listens(node->peer))
        return rt_errorf("connection refused");
    const struct register_stream served = { grpc_stream_server(stream), client_certificate };
    peer_serve_chaincode(node->peer, &served, stream_ended, stream);
    return NULL;
}

/* The first of those that are there, so the first peer for who was told no address. */
static const struct chaincode_support_server *server_at(void *self, rt_str address)
{
    const struct peer_lab *lab = self;
    for (size_t i = 1; address.len > 0 && i < lab->node_count; i++)
        if (!is_at(&lab->nodes[0], address) && is_at(&lab->nodes[i], address))
            return &lab->nodes[i].server;
    return &lab->nodes[0].server;
}

static bool fits(const struct scenario_behaviour *b, rt_str cname, uint32_t start)
{
    if (b->launch > 0 && b->launch != start)
        return false;
    return scenario_entry_fits(b->chaincode, cname);
}

static const struct chaincode_behaviour *behaviour(void *self, rt_str cname, uint32_t start)
{
    struct lab *lab = &((struct peer_lab *)self)->lab;
    const struct scenario *s = lab->scenario;
    for (size_t i = 0; i < s->behaviour_count; i++) {
        if (!fits(&s->behaviours[i], cname, start))
            continue;
        lab_hits(lab, s->behaviour_effects)[i]++;
        return &s->behaviours[i].behaviour;
    }
    return NULL;
}

static void happened(
        void *self, const struct chaincode_behaviour *behaviour, enum chaincode_trait trait)
{
    struct lab *lab = &((struct peer_lab *)self)->lab;
    const struct scenario *s = lab->scenario;
    for (size_t i = 0; i < s->behaviour_count; i++)
        if (&s->behaviours[i].behaviour == behaviour)
            lab_hits(lab, s->trait_effects)[i * CHAINCODE_TRAIT_COUNT + (size_t)trait]++;
}

static void did(void *self, size_t tag)
{
    lab_hits(&((struct peer_lab *)self)->lab, tag)[0]++;
}

/* ---- the peer ---- */

static void on_peer_exit(void *arg, struct rt_proc *proc)
{
    (void)proc;
    rt_close((struct rt_chan *)arg);
}

struct orderer *lab_orderer(const struct peer_lab *lab, rt_str channel)
{
    const struct world *world = lab->lab.scenario->world;
    const struct world_channel *found = world_find_channel(world, channel);
    return found ? lab->orderers[found - world->channels] : NULL;
}

static void channel_up(void *arg, rt_str channel, struct committer *committer)
{
    orderer_subscribe(lab_orderer(arg, channel), rt_proc_self(), committer);
}

void lab_start_chaincodes(struct peer_lab *lab)
{
    for (size_t i = 0; i < lab->node_count; i++)
        lab->nodes[i].server = (struct chaincode_support_server){ .self = &lab->nodes[i],
            .proc = server_proc,
            .serve = serve,
            .is_at = is_at,
            .handshake = handshake };
    lab->chaincodes.server = lab->nodes[0].server;
    lab->chaincodes.server_at = lab->node_count > 1 ? server_at : NULL;
    lab->chaincodes.self = lab;
    lab->chaincodes.behaviour = behaviour;
    lab->chaincodes.happened = happened;
    lab->chaincodes.did = did;
    lab->chaincodes.variants = lab->lab.variants;
}

/* What only the first peer has: faults, others to gossip with, who counts and who checks. */
static void add_first(struct lab_node *node, struct peer_config *config)
{
    struct peer_lab *lab = node->lab;
    config->certificate_fails = lab_certificate_fails;
    config->certificate_fails_self = lab;
    config->gossip = lab->gossip;
    config->metrics = lab->lab.metrics;
    config->observer = &lab->lab.observer;
}

static const struct observer only_notes = { NULL, lab_note_event };

void lab_start_peer(struct lab_node *node)
{
    struct peer_lab *lab = node->lab;
    struct peer_config *config = rt_new(struct peer_config);
    *config = (struct peer_config){
        .name = node->number > 0 ? rt_cstr(lab->lab.check.others[node->number - 1].name) : NULL,
        .base = node->base,
        .disk = node->disk,
        .chaincode_address = node->chaincode_address,
        .files = disk_interface(node->files),
        .docker = lab_docker(lab),
        .observer = &only_notes,
        .variants = lab->lab.variants,
        .system_chaincodes = { node->system_chaincodes, system_chaincode_wrap,
                system_chaincode_start },
        .channel_up = channel_up,
        .channel_up_arg = lab,
    };
    if (node->number == 0)
        add_first(node, config);
    node->peer = peer_start(config);
    node->peer_died = rt_chan_make(0, "peer.died");
    rt_proc_on_exit(peer_proc(node->peer), on_peer_exit, node->peer_died);
    if (node->number == 0)
        lab->lab.check.peer = peer_proc(node->peer);
    else
        lab->lab.check.others[node->number - 1].proc = peer_proc(node->peer);
}

void lab_start_orderers(struct peer_lab *lab)
{
    const struct scenario *s = lab->lab.scenario;
    lab->orderers = rt_new_array(struct orderer *, s->world->channel_count + 1);
    for (size_t i = 0; i < s->world->channel_count; i++) {
        const struct world_channel *channel = &s->world->channels[i];
        struct orderer_config config = {
            .channel_id = channel->name,
            .height = channel->height,
            .last_block_hash = channel->current_block_hash,
            .latencies_ns = s->orderer_delays_ns,
            .latency_count = s->orderer_delay_count,
        };
        lab->orderers[i] = orderer_new(&config);
    }
}
