/* The stream, the rest of the environment, and asking. */
#include "tests/chaincode/helper_handler.h"

#include <string.h>

#include "proto/ccprovider.pb-c.h"
#include "proto/kv_query_result.pb-c.h"

/* ---- calls ---- */

struct rt_error *peer_side_call(struct peer_side *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str call = rt_vsprintf(format, args);
    va_end(args);
    rt_buf_printf(&p->log, "%S ", call);
    bool fails = p->fails && rt_str_has_prefix(call, rt_str_from(p->fails));
    return fails ? rt_errorf("no luck") : NULL;
}

/* ---- the rest of the environment ---- */

static struct rt_error *has_read_access(void *self, rt_str channel, rt_str ns, rt_str collection,
        const Protos__SignedProposal *signed_prop, const struct query_executor *qe, bool *allowed)
{
    struct peer_side *p = self;
    assert_ptr_equal(qe, &p->simulator.query);
    assert_ptr_equal(signed_prop, p->params.signed_prop);
    *allowed = !p->denied;
    return peer_side_call(p, "has_read_access(%S,%S,%S)", channel, ns, collection);
}

static const struct collection_store *new_store(
        void *self, rt_str channel_id, const struct peer_ledger *ledger)
{
    struct peer_side *p = self;
    (void)ledger;
    assert_true(rt_str_eq(channel_id, p->params.channel_id));
    return &p->store;
}

static const struct peer_ledger *get_ledger(void *self, rt_str cid)
{
    struct peer_side *p = self;
    return rt_str_is(cid, "other") ? &p->other_ledger : NULL;
}

static bool is_sys_cc(void *self, rt_str name)
{
    (void)self;
    return rt_str_has_prefix(name, RT_STR("sys"));
}

static bool is_not_invokable(void *self, rt_str name)
{
    (void)self;
    return rt_str_is(name, "sysprivate");
}

static struct rt_error *check_acl(
        void *self, rt_str res_name, rt_str channel_id, const Protos__SignedProposal *signed_prop)
{
    const struct peer_side *p = self;
    assert_ptr_equal(signed_prop, p->params.signed_prop);
    return peer_side_call(self, "acl(%S,%S)", res_name, channel_id);
}

static const char *simulator_name(const struct peer_side *p, const struct query_executor *qe)
{
    return !qe ? "none" : qe == &p->simulator.query ? "own" : "other";
}

static struct rt_error *definition(
        void *self, rt_str name, const struct query_executor *qe, Ccprovider__ChaincodeData **cd)
{
    *cd = WIRE_NEW(ccprovider__chaincode_data);
    (*cd)->version = RT_STR("3.0");
    return peer_side_call(self, "definition(%S,%s)", name, simulator_name(self, qe));
}

static struct rt_error *check_policy(
        void *self, rt_str name, rt_str version, const Ccprovider__ChaincodeData *cd)
{
    assert_true(rt_str_is(cd->version, "3.0"));
    return peer_side_call(self, "policy(%S,%S)", name, version);
}

static struct rt_error *invoke(void *self, struct transaction_params *params,
        const struct cc_context *cccid, Protos__ChaincodeInput *input,
        Protos__ChaincodeMessage **response)
{
    struct peer_side *p = self;
    assert_true(rt_str_eq(params->tx_id, p->params.tx_id));
    assert_ptr_equal(params->signed_prop, p->params.signed_prop);
    assert_ptr_equal(params->proposal, p->params.proposal);
    *response = chaincode_message_new(CC_MSG(COMPLETED), RT_STR("ok"), RT_NIL, RT_NIL);
    const struct tx_simulator *sim = params->tx_simulator;
    const struct history_query_executor *hqe = params->history_query_executor;
    return peer_side_call(p, "invoke(%S:%S/%S,%s,%s,%S)", cccid->name, cccid->version,
            params->channel_id, simulator_name(p, sim ? &sim->query : NULL),
            !hqe                 ? "none"
            : hqe == &p->history ? "own"
                                 : "other",
            input->args[0]);
}

static bool key_level_endorsement(void *self, rt_str cid, bool *enabled)
{
    const struct peer_side *p = self;
    assert_true(rt_str_is(cid, "ch"));
    *enabled = !p->no_capability;
    return !p->no_config;
}

/* ---- the stream ---- */

static struct rt_error *send(void *self, Protos__ChaincodeMessage *message)
{
    struct peer_side *p = self;
    rt_str type = chaincode_message_type_string((int)message->type);
    if (p->fails_send && rt_str_is(type, p->fails_send))
        return rt_errorf("broken pipe");
    if (p->send_gate)
        rt_recv(p->send_gate, NULL);
    rt_send(p->to_chaincode, message);
    return NULL;
}

static struct rt_error *receive(void *self, Protos__ChaincodeMessage **message)
{
    struct peer_side *p = self;
    void *received;
    if (!rt_recv(p->to_peer, &received))
        return p->fails && strcmp(p->fails, "receive") == 0 ? rt_errorf("no luck") : rt_eof;
    *message = received;
    return NULL;
}

static void serve(void *arg)
{
    struct peer_side *p = arg;
    p->stream_err = handler_process_stream(p->h, (struct chaincode_stream){ p, send, receive });
    rt_close(p->ended);
}

struct peer_side *peer_side_new(uint64_t variants)
{
    struct peer_side *p = rt_new(struct peer_side);
    p->to_peer = rt_chan_make(0, "to peer");
    p->to_chaincode = rt_chan_make(100, "to chaincode");
    p->ended = rt_chan_make(0, "ended");
    p->executed = rt_chan_make(0, "executed");
    p->execute_timeout_ns = RT_SECOND;
    p->results = 3;
    peer_side_make_ledger(p);
    p->store = (struct collection_store){ p, has_read_access };
    p->env.registry = handler_registry_new(true);
    p->env.registry->variants = variants;
    p->env.variants = variants;
    p->env.metrics = metrics_new();
    p->env.sys_cc_version = RT_STR("1.4.2");
    p->env.query_response_builder.max_result_limit = 2;
    p->env.ledger_getter = (struct ledger_getter){ p, get_ledger };
    p->env.system_cc_provider = (struct chaincode_syscc_provider){ p, is_sys_cc, is_not_invokable };
    p->env.acl_provider = (struct chaincode_acl_provider){ p, check_acl };
    p->env.definition_getter = (struct chaincode_lifecycle){ p, definition, NULL };
    p->env.instantiation_policy_checker = (struct instantiation_policy_checker){ p, check_policy };
    p->env.invoker = (struct chaincode_invoker){ p, invoke };
    p->env.collection_store = (struct collection_store_maker){ p, new_store };
    p->env.app_config = (struct application_config_retriever){ p, key_level_endorsement };
    p->params = (struct transaction_params){ .tx_id = RT_STR("tx1"),
        .channel_id = RT_STR("ch"),
        .signed_prop = WIRE_NEW(protos__signed_proposal),
        .proposal = WIRE_NEW(protos__proposal),
        .tx_simulator = &p->simulator,
        .history_query_executor = &p->history };
    p->env.registry->observer = p->env.observer;
    p->h = handler_new(&p->env);
    return p;
}

void peer_side_register(struct peer_side *p)
{
    Protos__ChaincodeID *id = WIRE_NEW(protos__chaincode_id);
    id->name = RT_STR("mycc:1.0");
    peer_side_say(p, CC_MSG(REGISTER), WIRE_MARSHAL_OR_PANIC(id));
    assert_int_equal(peer_side_hear(p)->type, CC_MSG(REGISTERED));
    assert_int_equal(peer_side_hear(p)->type, CC_MSG(READY));
}

void peer_side_say(struct peer_side *p, Protos__ChaincodeMessage__Type type, rt_bytes payload)
{
    rt_send(p->to_peer,
            chaincode_message_new(type, payload, p->params.tx_id, p->params.channel_id));
}

Protos__ChaincodeMessage *peer_side_hear(struct peer_side *p)
{
    void *message;
    rt_recv(p->to_chaincode, &message);
    return message;
}

struct execution {
    struct peer_side *p;
    Protos__ChaincodeMessage__Type type;
};

static void execute(void *arg)
{
    const struct execution *e = arg;
    struct peer_side *p = e->p;
    const struct cc_context cccid = { RT_STR("mycc"), RT_STR("1.0") };
    Protos__ChaincodeMessage *message =
            chaincode_message_new(e->type, RT_STR("input"), p->params.tx_id, p->params.channel_id);
    p->execute_err =
            handler_execute(p->h, &p->params, &cccid, message, p->execute_timeout_ns, &p->response);
    rt_close(p->executed);
}

Protos__ChaincodeMessage *peer_side_execute(
        struct peer_side *p, Protos__ChaincodeMessage__Type type)
{
    struct execution *e = rt_new(struct execution);
    *e = (struct execution){ p, type };
    rt_go("execute", execute, e);
    return peer_side_hear(p);
}

/* ---- asking ---- */

static rt_str calls_since(struct peer_side *p)
{
    rt_str calls = rt_str_dup(rt_buf_str(&p->log));
    p->log = (struct rt_buf){ 0 };
    return calls;
}

static Protos__ChaincodeMessage *answer(
        struct peer_side *p, Protos__ChaincodeMessage__Type type, rt_bytes payload)
{
    peer_side_say(p, type, payload);
    Protos__ChaincodeMessage *m = peer_side_hear(p);
    assert_true(rt_str_eq(m->txid, p->params.tx_id));
    assert_true(rt_str_eq(m->channel_id, p->params.channel_id));
    return m;
}

static rt_str as_text(struct peer_side *p, const Protos__ChaincodeMessage *m)
{
    return rt_sprintf("%S| %S %S", calls_since(p), chaincode_message_type_string((int)m->type),
            m->payload.data ? m->payload : RT_STR("nil"));
}

rt_str peer_side_ask(struct peer_side *p, Protos__ChaincodeMessage__Type type, rt_bytes payload)
{
    return as_text(p, answer(p, type, payload));
}

rt_str peer_side_ask_query(
        struct peer_side *p, Protos__ChaincodeMessage__Type type, rt_bytes payload)
{
    const Protos__ChaincodeMessage *m = answer(p, type, payload);
    if (m->type != CC_MSG(RESPONSE))
        return as_text(p, m);
    Protos__QueryResponse *r;
    assert_null(WIRE_UNMARSHAL(protos__query_response, m->payload, &r));
    struct rt_buf buf = { 0 };
    rt_buf_printf(&buf, "%S|", calls_since(p));
    for (size_t i = 0; i < r->n_results; i++) {
        Queryresult__KV *kv;
        assert_null(WIRE_UNMARSHAL(queryresult__kv, r->results[i]->resultbytes, &kv));
        rt_buf_printf(&buf, " %S", kv->key);
    }
    rt_buf_printf(&buf, "%s #%S", r->has_more ? " more" : "", rt_str_slice(r->id, 35, r->id.len));
    if (r->metadata.data) {
        Protos__QueryResponseMetadata *metadata;
        assert_null(WIRE_UNMARSHAL(protos__query_response_metadata, r->metadata, &metadata));
        rt_buf_printf(&buf, " %d,%S", (int)metadata->fetched_records_count, metadata->bookmark);
    }
    return rt_buf_str(&buf);
}

/* ---- tests ---- */

static void in_transaction(void *arg)
{
    const struct peer_side_case *c = arg;
    struct peer_side *p = peer_side_new(c->variants);
    rt_go("stream", serve, p);
    peer_side_register(p);
    assert_int_equal(peer_side_execute(p, CC_MSG(TRANSACTION))->type, CC_MSG(TRANSACTION));
    c->fn(p);
}

const char *peer_side_panic(const struct peer_side_case *c)
{
    static char text[200];
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ 0 });
    struct rt_proc *peer = rt_proc_new("peer");
    rt_go_in(peer, "main", in_transaction, (void *)(uintptr_t)c);
    assert_int_equal(rt_run(rt), RT_IDLE);
    rt_str panic = rt_proc_panic(peer);
    snprintf(text, sizeof(text), "%.*s", (int)panic.len, (const char *)panic.data);
    bool panicked = panic.data != NULL;
    rt_end(rt);
    rt_machine_free(rt);
    return panicked ? text : NULL;
}

void test_in_transaction(void **state)
{
    support_run(NULL, in_transaction, *state);
}

static void at_stream(void *arg)
{
    const struct peer_side_case *c = *(const struct peer_side_case **)arg;
    struct peer_side *p = peer_side_new(c->variants);
    rt_go("stream", serve, p);
    c->fn(p);
}

void peer_side_run(const struct rt_config *config, const struct peer_side_case *c)
{
    support_run(config, at_stream, &c);
}

void test_at_stream(void **state)
{
    peer_side_run(NULL, *state);
}
