/* One invocation: lscc behind the real shim, and the peer's handler played by hand. */
#include "tests/lscc/helper_lab_internal.h"

#include "model/ccprovider/platforms.h"
#include "model/lscc/lscc.h"
#include "model/policy/aclmgmt.h"
#include "model/policy/channelconfig.h"
#include "model/policy/policychecker.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/clock.h"
#include "model/wire/wire.h"

#include "proto/chaincode_shim.pb-c.h"
#include "proto/kv_query_result.pb-c.h"

#define TYPE(name) PROTOS__CHAINCODE_MESSAGE__TYPE__##name

struct lab_run {
    struct lscc_lab *lab;
    const struct chaincode *lscc;
    struct rt_chan *to_cc;
    struct rt_chan *from_cc;
    rt_str channel;
    rt_str tx_id;
    Protos__SignedProposal *proposal;
    rt_bytes input; /* marshalled ChaincodeInput */
    struct lscc_answer answer;
};

/* ---- the peer as lscc sees it ---- */

static const struct channel_config *get_channel_config(void *self, rt_str cid)
{
    const struct lab_channel *channel = lab_find_channel(self, cid);
    return channel ? channel->config : NULL;
}

static const struct peer_ledger *get_ledger(void *self, rt_str cid)
{
    (void)self;
    (void)cid;
    return NULL;
}

static const struct policy_manager *manager(void *self, rt_str channel_id)
{
    const struct channel_config *config = get_channel_config(self, channel_id);
    return config ? config->policy_manager : NULL;
}

static struct rt_error *register_nothing(void *self, struct ccid ccid, const struct chaincode *cc)
{
    (void)self;
    (void)ccid;
    (void)cc;
    return NULL;
}

static const struct chaincode *make_lscc(struct lscc_lab *lab)
{
    struct package_store *packages =
            package_store_new(memory_fs_interface(lab->fs), lab->install_path);
    struct msp_mgmt *mgmt = msp_mgmt_new(lab->local_msp);
    for (size_t i = 0; i < lab->channel_count; i++)
        msp_mgmt_set_manager(mgmt, lab->channels[i].name, lab->channels[i].config->msp_manager);
    struct peer_operations *peer = rt_new(struct peer_operations);
    *peer = (struct peer_operations){
        .self = lab,
        .msp_mgmt = mgmt,
        .get_ledger = get_ledger,
        .get_channel_config = get_channel_config,
    };
    struct channel_policy_manager_getter *getter = rt_new(struct channel_policy_manager_getter);
    *getter = (struct channel_policy_manager_getter){ lab, manager };
    struct acl_resource_getter *resources = rt_new(struct acl_resource_getter);
    *resources = (struct acl_resource_getter){ lab, get_channel_config };
    const struct policy_checker *checker = policy_checker_new(getter, lab->local_msp);
    const struct acl_provider *acl = aclmgmt_new_acl_provider(resources, checker);

    struct scc_provider *sccp =
            scc_provider_new(peer, (struct registrar){ .register_cc = register_nothing },
                    RT_STR("latest"), (struct scc_whitelist){ 0 });
    struct life_cycle_sys_cc *lscc = lscc_new(
            &sccp->interface, acl, checker, peer, packages, platforms_default_registry(), NULL);
    static const struct self_describing_sys_cc cscc = { .name = RT_STR_INIT("cscc") };
    static const struct self_describing_sys_cc qscc = { .name = RT_STR_INIT("qscc") };
    scc_provider_register_sys_cc(sccp, &lscc->scc);
    scc_provider_register_sys_cc(sccp, &cscc);
    scc_provider_register_sys_cc(sccp, &qscc);
    scc_provider_register_sys_cc(sccp, scc_lifecycle_new());
    return &lscc->chaincode;
}

/* ---- the handler ---- */

static void send(struct lab_run *run, int type, rt_bytes payload)
{
    Protos__ChaincodeMessage *msg = WIRE_NEW(protos__chaincode_message);
    msg->type = (Protos__ChaincodeMessage__Type)type;
    msg->txid = run->tx_id;
    msg->channel_id = run->channel;
    msg->payload = payload;
    if (type == TYPE(TRANSACTION))
        msg->proposal = run->proposal;
    rt_send(run->to_cc, msg);
}

static void fail(struct lab_run *run, const char *operation, struct rt_error *err)
{
    send(run, TYPE(ERROR),
            rt_sprintf("%s failed: transaction ID: %S: %v", operation, run->tx_id, err));
}

static void get_state(struct lab_run *run, rt_bytes payload)
{
    Protos__GetState *get;
    struct rt_error *err = WIRE_UNMARSHAL(protos__get_state, payload, &get);
    if (err) {
        fail(run, "GET_STATE", rt_error_wrap(err, "unmarshal failed"));
        return;
    }
    const rt_bytes *value = rt_map_get(lab_find_channel(run->lab, run->channel)->state, get->key);
    if (run->answer.read_count < 8)
        run->answer.reads[run->answer.read_count++] = get->key;
    send(run, TYPE(RESPONSE), value ? *value : RT_NIL);
}

static void put_state(struct lab_run *run, rt_bytes payload)
{
    Protos__PutState *put;
    WIRE_UNMARSHAL(protos__put_state, payload, &put);
    if (run->answer.write_count < 8)
        run->answer.writes[run->answer.write_count++] = (struct lscc_kv){ put->key, put->value };
    send(run, TYPE(RESPONSE), RT_NIL);
}

static void get_state_by_range(struct lab_run *run)
{
    run->answer.ranged = true;
    const struct rt_map *state = lab_find_channel(run->lab, run->channel)->state;
    size_t count = rt_map_len(state);
    const struct rt_map_entry *entries = rt_map_sorted(state);
    Protos__QueryResponse *response = WIRE_NEW(protos__query_response);
    response->id = RT_STR("query");
    response->results = rt_new_array(Protos__QueryResultBytes *, count);
    for (size_t i = 0; i < count; i++) {
        Queryresult__KV *kv = WIRE_NEW(queryresult__kv);
        kv->namespace_ = RT_STR("lscc");
        kv->key = entries[i].key;
        kv->value = *(const rt_bytes *)entries[i].value;
        Protos__QueryResultBytes *bytes = WIRE_NEW(protos__query_result_bytes);
        bytes->resultbytes = WIRE_MARSHAL_OR_PANIC(kv);
        response->results[response->n_results++] = bytes;
    }
    send(run, TYPE(RESPONSE), WIRE_MARSHAL_OR_PANIC(response));
}

static void close_query(struct lab_run *run)
{
    Protos__QueryResponse *response = WIRE_NEW(protos__query_response);
    response->id = RT_STR("query");
    send(run, TYPE(RESPONSE), WIRE_MARSHAL_OR_PANIC(response));
}

/* A state operation; without a channel there is no ledger to do it on. */
static void state_operation(struct lab_run *run, const Protos__ChaincodeMessage *msg)
{
    static const struct {
        int type;
        const char *name;
    } names[] = {
        { TYPE(GET_STATE), "GET_STATE" },
        { TYPE(PUT_STATE), "PUT_STATE" },
        { TYPE(GET_STATE_BY_RANGE), "GET_STATE_BY_RANGE" },
    };
    if (run->channel.len == 0) {
        for (size_t i = 0; i < 3; i++)
            if (names[i].type == (int)msg->type)
                fail(run, names[i].name, rt_errorf("no ledger context"));
        return;
    }
    switch ((int)msg->type) {
    case TYPE(GET_STATE):
        get_state(run, msg->payload);
        break;
    case TYPE(PUT_STATE):
        put_state(run, msg->payload);
        break;
    case TYPE(GET_STATE_BY_RANGE):
        get_state_by_range(run);
        break;
    default:
        close_query(run);
        break;
    }
}

static void completed(struct lab_run *run, const Protos__ChaincodeMessage *msg)
{
    run->answer.done = true;
    if ((int)msg->type == TYPE(COMPLETED))
        WIRE_UNMARSHAL(protos__response, msg->payload, &run->answer.response);
    if (msg->chaincode_event) {
        run->answer.event_name = msg->chaincode_event->event_name;
        run->answer.event_payload = msg->chaincode_event->payload;
    }
}

static void handle(void *arg)
{
    struct lab_run *run = arg;
    void *received;
    while (rt_recv(run->from_cc, &received)) {
        const Protos__ChaincodeMessage *msg = received;
        switch ((int)msg->type) {
        case TYPE(REGISTER):
            send(run, TYPE(REGISTERED), RT_NIL);
            send(run, TYPE(READY), RT_NIL);
            send(run, TYPE(TRANSACTION), run->input);
            break;
        case TYPE(COMPLETED):
        case TYPE(ERROR):
            completed(run, msg);
            return;
        default:
            state_operation(run, msg);
            break;
        }
    }
}

static void shim(void *arg)
{
    struct lab_run *run = arg;
    rt_str env[] = { RT_STR("CORE_CHAINCODE_ID_NAME=lscc:latest") };
    rt_daemon();
    RT_DROP(shim_start_in_proc(env, 1, run->lscc, run->to_cc, run->from_cc));
}

/* ---- invocations ---- */

static void decode(struct lab_run *run, rt_bytes signed_proposal)
{
    WIRE_UNMARSHAL(protos__signed_proposal, signed_proposal, &run->proposal);
    Protos__Proposal *proposal;
    RT_DROP(protoutil_get_proposal(run->proposal->proposal_bytes, &proposal));
    Common__Header *header;
    RT_DROP(protoutil_get_header(proposal->header, &header));
    Common__ChannelHeader *chdr;
    RT_DROP(protoutil_get_channel_header(header->channel_header, &chdr));
    run->channel = chdr->channel_id;
    run->tx_id = chdr->tx_id;
    Protos__ChaincodeInvocationSpec *cis = NULL;
    RT_DROP(protoutil_get_chaincode_invocation_spec(proposal, &cis));
    if (cis && cis->chaincode_spec && cis->chaincode_spec->input)
        run->input = WIRE_MARSHAL_OR_PANIC(cis->chaincode_spec->input);
}

static struct lscc_answer run_lscc(struct lab_run *run)
{
    struct rt_proc *peer = rt_proc_new("peer");
    run->lscc = make_lscc(run->lab);
    run->to_cc = rt_chan_make(0, "to lscc");
    run->from_cc = rt_chan_make(0, "from lscc");
    rt_go_in(peer, "lscc", shim, run);
    rt_go_in(peer, "handler", handle, run);
    rt_run(run->lab->machine);
    if (!rt_proc_alive(peer)) {
        run->answer.panic = rt_proc_panic(peer);
        run->answer.done = true;
    }
    rt_end(run->lab->machine);
    return run->answer;
}

static struct lab_run *begin(struct lscc_lab *lab)
{
    rt_begin(lab->machine, &(struct rt_config){ .start_time_ms = lab->now_ms });
    struct lab_run *run = rt_new(struct lab_run);
    run->lab = lab;
    return run;
}

struct lscc_answer lscc_lab_propose(struct lscc_lab *lab, rt_bytes signed_proposal)
{
    struct lab_run *run = begin(lab);
    decode(run, signed_proposal);
    return run_lscc(run);
}

struct lscc_answer lscc_lab_invoke(struct lscc_lab *lab, rt_bytes signed_proposal,
        const char *channel, const rt_bytes *args, size_t count)
{
    struct lab_run *run = begin(lab);
    decode(run, signed_proposal);
    run->channel = rt_str_from(channel);
    Protos__ChaincodeInput *input = WIRE_NEW(protos__chaincode_input);
    input->args = rt_new_array(rt_bytes, count);
    for (size_t i = 0; i < count; i++)
        input->args[i] = args[i];
    input->n_args = count;
    run->input = WIRE_MARSHAL_OR_PANIC(input);
    return run_lscc(run);
}
