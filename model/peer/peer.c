/* A peer's process, and the gRPC servers' part in a call and a stream. */
#include "model/peer/peer.h"

#include "model/chaincode/chaincode_support.h"
#include "model/comm/config.h"
#include "model/peer/internal.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/wire/wire.h"

struct peer *peer_start(const struct peer_config *config)
{
    struct peer *peer = rt_new(struct peer);
    peer->config = *config;
    peer->proc = rt_proc_new(config->name ? config->name : "peer");
    peer->chaincode_serves = rt_chan_make(0, "chaincode server");
    peer->serving = rt_chan_make(0, "serving");
    rt_go_in(peer->proc, "serve", peer_node_serve, peer);
    return peer;
}

struct rt_proc *peer_proc(const struct peer *peer)
{
    return peer->proc;
}

bool peer_serving(const struct peer *peer)
{
    if (peer->is_serving)
        rt_message_received(&peer->order);
    return peer->is_serving;
}

struct rt_chan *peer_serving_chan(const struct peer *peer)
{
    return peer->serving;
}

rt_str peer_chaincode_address(const struct peer *peer)
{
    return peer->endpoint;
}

bool peer_chaincode_listens(const struct peer *peer)
{
    return peer->chaincode_listens;
}

/* ---- calls ---- */

struct call_in_peer {
    struct peer *peer;
    struct peer_call *call;
};

/* Server.processUnaryRPC: what gRPC and its generated handler do with the request's bytes, the call
 * itself, and what becomes of its answer. */
static struct rt_error *handle_call(struct peer *peer, struct peer_call *call)
{
    Protos__SignedProposal *signed_prop;
    call->code = "ResourceExhausted";
    struct rt_error *err = comm_check_received(call->request.len);
    if (err)
        return err;
    err = WIRE_UNMARSHAL(protos__signed_proposal, call->request, &signed_prop);
    if (err) {
        call->code = "Internal";
        return rt_errorf("grpc: error unmarshalling request: %v", err);
    }
    Protos__ProposalResponse *response = NULL;
    err = peer->auth->process_proposal(peer->auth->self, signed_prop, &response);
    if (err) {
        call->code = "Unknown";
        return err;
    }
    err = comm_check_answer(wire_size(&response->base));
    if (err)
        return err;
    call->code = NULL;
    call->response = response;
    return NULL;
}

static void call_main(void *arg)
{
    struct call_in_peer *c = arg;
    rt_recv(c->peer->serving, NULL);
    c->call->started_ns = rt_now_ns();
    c->call->error = handle_call(c->peer, c->call);
    c->call->returned_ns = rt_now_ns();
    c->call->done = true;
    rt_close(c->call->returned);
}

struct peer_call *peer_process_proposal(
        struct peer *peer, const char *name, rt_bytes signed_proposal)
{
    struct peer_call *call = rt_new(struct peer_call);
    call->name = name;
    call->request = signed_proposal;
    call->returned = rt_chan_make(0, name);
    struct call_in_peer *c = rt_new(struct call_in_peer);
    *c = (struct call_in_peer){ peer, call };
    rt_go_in(peer->proc, name, call_main, c);
    return call;
}

struct served_stream {
    struct peer *peer;
    struct register_stream stream;
    void (*ended)(void *arg, struct rt_error *err);
    void *arg;
};

static void serve_stream(void *arg)
{
    struct served_stream *s = arg;
    rt_recv(s->peer->chaincode_serves, NULL);
    const struct register_server *server = &s->peer->chaincode_server;
    struct rt_error *err = server->register_stream(server->self, &s->stream);
    if (s->ended)
        s->ended(s->arg, err);
}

void peer_serve_chaincode(struct peer *peer, const struct register_stream *stream,
        void (*ended)(void *arg, struct rt_error *err), void *arg)
{
    struct served_stream *s = rt_new(struct served_stream);
    *s = (struct served_stream){ peer, *stream, ended, arg };
    rt_go_in(peer->proc, "ProcessStream", serve_stream, s);
}
