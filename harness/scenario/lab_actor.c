/* What actors do. */
#include "harness/scenario/lab_peer.h"
#include "model/container/docker_vm.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

/* ---- proposals ---- */

/* Invariants hear of calls to the first peer; of others only what the scenario expects counts. */
static void tell_returned(
        struct lab *lab, const struct scenario_step *step, struct check_call *call)
{
    if (step->peer_number == 0)
        check_call_returned(&lab->check, call);
    else
        check_call_elsewhere(&lab->check, call);
}

/* The client has its answer. */
static void returned(struct peer_lab *lab, struct lab_call *call)
{
    if (call->step->expect && call->step->expect->always)
        call->check.wrong = lab_unexpected_answer(call);
    tell_returned(&lab->lab, call->step, &call->check);
}

/* What invariants look at in an answer. */
static void describe_answer(const struct peer_call *p, struct check_call *check)
{
    if (!p->response || !p->response->response)
        return;
    check->status = p->response->response->status;
    check->endorsed = p->response->endorsement != NULL;
}

static void take_answer(struct peer_lab *lab, struct lab_call *call)
{
    const struct peer_call *p = call->call;
    if (!p->done) {
        call->lost = true;
        call->check.returned = true;
        rt_note("%S: no answer, the peer died", call->check.name);
        return;
    }
    call->returned_ns = p->returned_ns;
    call->error = p->error;
    if (p->error)
        rt_note("%S: error %v", call->check.name, p->error);
    describe_answer(p, &call->check);
    if (p->response && p->response->response) {
        const Protos__Response *r = p->response->response;
        call->response = r;
        rt_note("%S: status %d%s%S%s", call->check.name, (int)r->status,
                r->message.len > 0 ? " " : "", r->message,
                call->check.endorsed ? ", endorsed" : "");
    }
    returned(lab, call);
}

/* The client's --waitForEvent; false: it has waited in vain. */
static bool await_commit(struct lab_call *call)
{
    const struct json_list *list = &call->step->event_timeout_ms;
    if (list->count == 0) {
        rt_recv(call->tx->done, NULL);
        return true;
    }
    uint32_t i = rt_choose(RT_CHOICE_DELAY, (uint32_t)list->count, "how long a client waits");
    int64_t ns = ((const int64_t *)list->items)[i] * RT_MS;
    struct rt_case cases[] = { RT_RECV(call->tx->done), RT_RECV(rt_after(ns, "waitForEvent")) };
    if (rt_select(cases, 2) == 0)
        return true;
    call->error = rt_errorf("timed out waiting for txid on all peers");
    return false;
}

static void commit(
        struct peer_lab *lab, struct lab_call *call, const struct step_proposal *proposal)
{
    ProtobufCMessage *signed_proposal = NULL;
    Common__Envelope *envelope = NULL;
    struct orderer *orderer = lab_orderer(lab, proposal->channel);
    Protos__ProposalResponse *response = call->call->response;
    if (!response || !orderer)
        return;
    call->tx_error =
            wire_unmarshal(&protos__signed_proposal__descriptor, proposal->bytes, &signed_proposal);
    if (!call->tx_error)
        call->tx_error = orderer_make_envelope(
                (const void *)signed_proposal, proposal->signer, &response, 1, &envelope);
    if (call->tx_error) {
        rt_note("%S: not ordered: %v", call->check.name, call->tx_error);
        return;
    }
    call->tx = orderer_broadcast(orderer, rt_cstr(call->check.name), envelope);
    if (!await_commit(call)) {
        rt_note("%S: %v", call->check.name, call->error);
        return;
    }
    rt_note("%S: committed in block %lu", call->check.name, (unsigned long)call->tx->block_number);
}

/* Goroutine that waits for an answer which the actor does not wait for. */
struct waiter {
    struct peer_lab *lab;
    struct lab_call *call;
    struct rt_chan *died;
};

/* True when the peer has answered or died. */
static void until_over(struct waiter *w)
{
    struct rt_case cases[] = { RT_RECV(w->call->call->returned), RT_RECV(w->died) };
    rt_select(cases, 2);
}

/* The peer goes on with a call whose client has gone: what it does and answers counts. */
static void answer_nobody(void *arg)
{
    struct waiter *w = arg;
    rt_daemon();
    until_over(w);
    if (!w->call->call->done)
        return;
    struct check_call late = w->call->check;
    late.wrong = RT_NIL;
    describe_answer(w->call->call, &late);
    rt_note("%S: the peer has done it, and nobody gets its answer", late.name);
    tell_returned(&w->lab->lab, w->call->step, &late);
}

static void give_up(struct waiter *w, const char *text)
{
    struct lab_call *call = w->call;
    call->error = rt_errorf("%s", text);
    call->returned_ns = rt_now_ns();
    rt_note("%S: the client gives up: %v", call->check.name, call->error);
    rt_go("answer to nobody", answer_nobody, w);
    returned(w->lab, call);
}

/* What a client waits with: its context's deadline, or what cancels it. */
static struct rt_timer *patience(const struct scenario_step *step, const char **text)
{
    const struct json_list *list =
            step->timeout_ms.count > 0 ? &step->timeout_ms : &step->cancel_ms;
    *text = step->timeout_ms.count > 0 ? "context deadline exceeded" : "context canceled";
    if (list->count == 0)
        return NULL;
    uint32_t i = rt_choose(RT_CHOICE_DELAY, (uint32_t)list->count, "how long a client waits");
    return rt_timer_new(((const int64_t *)list->items)[i] * RT_MS, *text);
}

static void await(void *arg)
{
    struct waiter *w = arg;
    const char *text;
    struct rt_timer *timer = patience(w->call->step, &text);
    if (!timer) {
        until_over(w);
        take_answer(w->lab, w->call);
        return;
    }
    struct rt_case cases[] = { RT_RECV(w->call->call->returned), RT_RECV(w->died),
        RT_RECV(rt_timer_chan(timer)) };
    if (rt_select(cases, 3) == 2) {
        give_up(w, text);
        return;
    }
    (void)rt_timer_stop(timer);
    take_answer(w->lab, w->call);
}

/* The client finds a mistake in what it is told, and sends nothing. */
static void refuse(struct peer_lab *lab, struct lab_call *call, rt_str text)
{
    call->error = rt_error_new(text);
    call->returned_ns = rt_now_ns();
    rt_note("%S: the client refuses it: %S", call->check.name, text);
    if (call->step->expect && call->step->expect->always)
        call->check.wrong = lab_unexpected_answer(call);
    tell_returned(&lab->lab, call->step, &call->check);
}

static void propose(struct peer_lab *lab, const struct scenario_step *step,
        const struct step_proposal *proposal)
{
    struct lab_call *call = lab_call_add(&lab->lab, step, &proposal->about);
    rt_str refusal = step->client.refusal.data ? step->client.refusal : proposal->refusal;
    if (refusal.data) {
        refuse(lab, call, refusal);
        return;
    }
    const struct lab_node *node = &lab->nodes[step->peer_number];
    if (!rt_proc_alive(peer_proc(node->peer))) {
        call->lost = true;
        call->check.returned = true;
        rt_note("%S: connection refused, there is no peer", call->check.name);
        return;
    }
    char *name = rt_cstr(rt_sprintf("ProcessProposal(%S)", call->check.name));
    call->call = peer_process_proposal(node->peer, name, proposal->bytes);
    struct waiter *w = rt_new(struct waiter);
    *w = (struct waiter){ lab, call, node->peer_died };
    if (step->no_wait) {
        rt_go("await", await, w);
        return;
    }
    await(w);
    if (step->commit && call->response)
        commit(lab, call, proposal);
}

/* ---- operators ---- */

static bool is_meant(
        const struct scenario_step *step, const struct engine_container_info *container)
{
    if (step->container.data)
        return rt_str_contains(container->name, step->container);
    return container->chaincode.data && step_means(step, container->chaincode);
}

static bool find_container(
        struct peer_lab *lab, const struct scenario_step *step, struct engine_container_info *info)
{
    size_t count;
    struct engine_container_info *all = docker_engine_containers(lab->engine, &count);
    for (size_t i = 0; i < count; i++) {
        if (is_meant(step, &all[i])) {
            *info = all[i];
            return true;
        }
    }
    return false;
}

static void operate(struct peer_lab *lab, const struct scenario_step *step)
{
    struct engine_container_info info;
    if (!find_container(lab, step, &info)) {
        lab_found_nothing(&lab->lab, step);
        return;
    }
    struct docker_client client = docker_client_new(lab_docker(lab));
    struct rt_error *err = NULL;
    if (step->action == STEP_STOP_CONTAINER)
        err = client.stop_container(client.self, info.id, 10);
    else if (step->action == STEP_KILL_CONTAINER)
        err = client.kill_container(client.self, info.id);
    else if (step->action == STEP_START_CONTAINER)
        err = client.start_container(client.self, info.id);
    else
        err = client.remove_container(client.self, info.id, true);
    rt_note("%s %S: %v", step_action_name((enum step_action)step->action), info.name, err);
    if (err)
        lab_did_nothing(&lab->lab, step, info.name, err);
}

/* What the names of a chaincode's images begin with; with a version, of the one. */
static rt_str image_prefix(const struct peer_lab *lab, const struct scenario_step *step)
{
    const struct world_peer *peer = &lab->nodes[step->peer_number].world->peer;
    struct ccid ccid = { .name = step->chaincode, .version = step->version };
    return rt_sprintf("%S-", rt_str_lower(docker_vm_get_vm_name(peer->network_id, peer->id, ccid)));
}

static void remove_image(struct peer_lab *lab, const struct scenario_step *step)
{
    struct str_slice all = docker_engine_images(lab->engine);
    rt_str prefix = step->image.data ? RT_NIL : image_prefix(lab, step);
    size_t i = 0;
    while (i < all.count && !(step->image.data ? rt_str_contains(all.items[i], step->image)
                                               : rt_str_has_prefix(all.items[i], prefix)))
        i++;
    if (i == all.count) {
        lab_found_nothing(&lab->lab, step);
        return;
    }
    struct docker_client client = docker_client_new(lab_docker(lab));
    struct rt_error *err = client.remove_image(client.self, all.items[i], true);
    rt_note("remove-image %S: %v", all.items[i], err);
}

static void restart_peer(struct peer_lab *lab, const struct scenario_step *step)
{
    struct lab_node *node = &lab->nodes[step->peer_number];
    if (node->number == 0)
        rt_note("the peer is restarted");
    else
        rt_note("the peer %S is restarted", step->peer);
    if (step->chaincode_address.data)
        node->chaincode_address = step->chaincode_address;
    rt_proc_exit(peer_proc(node->peer), 137, NULL);
    if (node->number == 0)
        check_restart(&lab->lab.check);
    lab_start_peer(node);
    struct peer *peer = node->peer;
    struct rt_case cases[] = { RT_RECV(peer_serving_chan(peer)), RT_RECV(node->peer_died) };
    if (!peer_serving(peer) && rt_proc_alive(peer_proc(peer)))
        rt_sleep_ns(RT_MS);
    if (!peer_serving(peer) && rt_proc_alive(peer_proc(peer)))
        rt_select(cases, 2);
    if (node->peer != peer || node->number > 0)
        return; /* somebody else has restarted it meanwhile, or nobody checks it */
    lab->lab.check.first_fiber = rt_fiber_id(rt_self()) + 1;
}

static void restart_docker(struct peer_lab *lab)
{
    rt_note("the Docker engine is restarted");
    docker_engine_restart(lab->engine);
}

/* ---- steps ---- */

static void act_once(void *arg, size_t number)
{
    const struct lab_actor *a = arg;
    struct peer_lab *lab = a->lab;
    const struct scenario_step *step = (const struct scenario_step *)a->actor->steps.items + number;
    switch ((enum step_action)step->action) {
    case STEP_INSTALL:
    case STEP_INSTANTIATE:
    case STEP_UPGRADE:
    case STEP_INVOKE:
    case STEP_QUERY:
    case STEP_PROPOSE:
    case STEP_SEND:
        propose(lab, step, &a->proposals[number]);
        break;
    case STEP_RESTART_PEER:
        restart_peer(lab, step);
        break;
    case STEP_RESTART_DOCKER:
        restart_docker(lab);
        break;
    case STEP_STOP_CONTAINER:
    case STEP_KILL_CONTAINER:
    case STEP_START_CONTAINER:
    case STEP_REMOVE_CONTAINER:
        operate(lab, step);
        break;
    case STEP_REMOVE_IMAGE:
        remove_image(lab, step);
        break;
    case STEP_CONNECT:
        lab_run_user(lab, rt_sprintf("%S:%S", step->chaincode, step->version));
        break;
    case STEP_SLEEP:
    case STEP_LAUNCH:
    case STEP_INIT:
    case STEP_COUNT:
        break;
    }
}

void lab_act(void *arg)
{
    const struct lab_actor *a = arg;
    lab_follow(a->actor, act_once, arg);
}
