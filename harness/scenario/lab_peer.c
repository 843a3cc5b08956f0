/* A whole peer as a lab: how it is made, comes up, and what is left of it. */
#include "harness/scenario/lab_peer.h"
#include "model/rt/clock.h"

/* ---- making it ---- */

static bool make_proposals(struct peer_lab *lab, struct lab_actor *a)
{
    const struct scenario_step *steps = a->actor->steps.items;
    a->proposals = rt_new_array(struct step_proposal, a->actor->steps.count);
    for (size_t i = 0; i < a->actor->steps.count; i++) {
        if (steps[i].action > STEP_SEND)
            continue;
        struct rt_error *err =
                step_proposal_new(lab->lab.scenario, a->actor, &steps[i], i, &a->proposals[i]);
        if (err) {
            diag_at(json_place(lab->lab.scenario->doc, steps[i].node),
                    "this step cannot be made: %s", rt_cstr(err->text));
            return false;
        }
    }
    return true;
}

static struct peer_lab *peer_lab(struct lab *lab)
{
    return (struct peer_lab *)lab;
}

static bool make(struct lab *self)
{
    struct peer_lab *lab = peer_lab(self);
    const struct scenario *s = lab->lab.scenario;
    const struct scenario_actor *actors = s->actors.items;
    if (!lab_make_nodes(lab))
        return false;
    if (!lab_make_gossip(lab))
        return false;
    lab->actors = rt_new_array(struct lab_actor, s->actors.count);
    for (size_t i = 0; i < s->actors.count; i++) {
        lab->actors[i] = (struct lab_actor){ .lab = lab, .actor = &actors[i] };
        if (!make_proposals(lab, &lab->actors[i]))
            return false;
    }
    return true;
}

static void free_nodes(struct lab *self)
{
    lab_free_nodes(peer_lab(self));
}

/* ---- a run ---- */

/* Runs, as long as it takes, until the peer serves, has died, or waits for ever; true if it
 * serves. */
static bool come_up(struct lab_node *node)
{
    struct lab *lab = &node->lab->lab;
    struct rt *machine = lab->machine;
    int64_t end_ns = lab->scenario->max_ms * RT_MS, next_ns;
    enum rt_stop stop = rt_run_ready(machine);
    while (stop != RT_STEP_LIMIT && stop != RT_STOPPED && !peer_serving(node->peer) &&
            rt_proc_alive(peer_proc(node->peer)) && (next_ns = rt_next_timer_ns(machine)) >= 0 &&
            next_ns <= end_ns) {
        stop = rt_run_until(machine, next_ns);
        if (stop != RT_STEP_LIMIT && stop != RT_STOPPED)
            stop = rt_run_ready(machine);
    }
    lab->step_limit = stop == RT_STEP_LIMIT;
    return peer_serving(node->peer);
}

/* Everything is started and the peer serves; no choice is asked meanwhile. */
static bool boot(struct lab *self)
{
    struct peer_lab *lab = peer_lab(self);
    lab->users = NULL;
    lab->user_count = lab->user_cap = 0;
    lab->clients = rt_proc_new("client");
    chaincode_world_init(&lab->chaincodes);
    lab_certificates_begin(lab);
    lab_begin_nodes(lab);
    lab_start_engine(lab);
    lab_start_orderers(lab);
    lab_start_gossip(lab);
    lab_start_chaincodes(lab);
    if (self->scenario->start_explored)
        return true;
    for (size_t i = 0; i < lab->node_count; i++) {
        lab_start_peer(&lab->nodes[i]);
        if (!come_up(&lab->nodes[i]))
            return false;
    }
    rt_trace_begin(lab->lab.machine);
    return true;
}

/* Keeps what reports tell about the engine. */
static void look_at_engine(struct lab *self)
{
    struct peer_lab *lab = peer_lab(self);
    size_t count;
    const struct engine_request *requests = docker_engine_requests(lab->engine, &count);
    lab->lab.containers = docker_engine_containers(lab->engine, &lab->lab.container_count);
    lab->lab.requests = rt_grow(requests, count, count + 1, sizeof(*requests));
    lab->lab.request_count = count;
    lab_look_at_gossip(lab);
}

/* The peer starts while the actors act; what it has from its start is not left over later. */
static void await_serving(void *arg)
{
    struct peer_lab *lab = arg;
    const struct lab_node *first = &lab->nodes[0];
    struct rt_case cases[] = { RT_RECV(peer_serving_chan(first->peer)), RT_RECV(first->peer_died) };
    if (rt_select(cases, 2) == 0)
        lab->lab.check.first_fiber = rt_fibers_started(lab->lab.machine) + 1;
}

static void act(struct lab *self)
{
    struct peer_lab *lab = peer_lab(self);
    if (self->scenario->start_explored) {
        for (size_t i = 0; i < lab->node_count; i++)
            lab_start_peer(&lab->nodes[i]);
        rt_go_in(lab->clients, "start", await_serving, lab);
    }
    for (size_t i = 0; i < self->scenario->actors.count; i++)
        rt_go_in(lab->clients, rt_cstr(lab->actors[i].actor->name), lab_act, &lab->actors[i]);
}

static void stop_containers(struct lab *self)
{
    lab_stop_containers(peer_lab(self));
    lab_stop_users(peer_lab(self));
}

/* Goroutines touch what they have; what the actors may touch besides hangs at the lab. */
static size_t roots(const struct lab *self, const void **roots)
{
    const struct peer_lab *lab = (const struct peer_lab *)self;
    const struct lab_node *first = &lab->nodes[0];
    const void *all[] = { first->peer, lab->engine, first->disk, lab->orderers, first->peer_died,
        lab->users, self->calls, lab->gossip.self, lab_other_roots(lab) };
    memcpy(roots, all, sizeof(all));
    return sizeof(all) / sizeof(*all);
}

const struct lab_kind lab_kind_peer = {
    .size = sizeof(struct peer_lab),
    .make = make,
    .free = free_nodes,
    .boot = boot,
    .act = act,
    .look = look_at_engine,
    .stop_containers = stop_containers,
    .roots = roots,
};
