/* The proposals of a scenario's steps: payload, header, signature, and what they ask for. */
#include "harness/scenario/proposal.h"

#include "harness/scenario/package.h"
#include "model/ccprovider/package.h"
#include "model/comm/config.h"
#include "model/policy/cauthdsl.h"
#include "model/protoutil/protoutil.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/common.pb-c.h"

/* Fabric's common.HeaderType_ENDORSER_TRANSACTION. */
#define ENDORSER_TRANSACTION COMMON__HEADER_TYPE__ENDORSER_TRANSACTION

static rt_bytes marshal(const void *message)
{
    rt_bytes out = RT_NIL;
    struct rt_error *err = wire_marshal(message, &out);
    return err ? RT_NIL : out;
}

static Protos__ChaincodeSpec *spec_of(int type, rt_str name, rt_str version, struct json_list args)
{
    Protos__ChaincodeSpec *spec = rt_new(Protos__ChaincodeSpec);
    protos__chaincode_spec__init(spec);
    spec->type = (Protos__ChaincodeSpec__Type)(type + 1);
    spec->chaincode_id = rt_new(Protos__ChaincodeID);
    protos__chaincode_id__init(spec->chaincode_id);
    spec->chaincode_id->name = name;
    spec->chaincode_id->version = version;
    spec->input = rt_new(Protos__ChaincodeInput);
    protos__chaincode_input__init(spec->input);
    spec->input->args = args.items;
    spec->input->n_args = args.count;
    return spec;
}

static rt_bytes deployment_spec(const struct scenario_step *step)
{
    Protos__ChaincodeDeploymentSpec cds = PROTOS__CHAINCODE_DEPLOYMENT_SPEC__INIT;
    cds.chaincode_spec = spec_of(step->type, step->chaincode, step->version, step->args);
    return marshal(&cds);
}

/* What the step asks of which chaincode. */
static Protos__ChaincodeSpec *step_spec(
        const struct scenario_step *step, rt_str channel, size_t padding)
{
    rt_bytes *args = rt_new_array(rt_bytes, 7);
    struct json_list list = { args, 0 };
    switch (step->action) {
    case STEP_INSTALL:
        args[list.count++] = RT_STR("install");
        args[list.count++] = step->bytes.data ? step->bytes : package_made(step, padding);
        break;
    case STEP_INSTANTIATE:
    case STEP_UPGRADE:
        args[list.count++] = step->action == STEP_UPGRADE ? RT_STR("upgrade") : RT_STR("deploy");
        args[list.count++] = channel;
        args[list.count++] = deployment_spec(step);
        args[list.count++] = step->policy;
        args[list.count++] = step->client.escc.data ? step->client.escc : RT_STR("escc");
        args[list.count++] = step->client.vscc.data ? step->client.vscc : RT_STR("vscc");
        if (step->client.package.data)
            args[list.count++] = step->client.package;
        break;
    default:
        return spec_of(step->type, step->chaincode, step->version, step->args);
    }
    return spec_of(0, RT_STR("lscc"), RT_STR(""), list);
}

/* 24 bytes that only this step of this scenario has. */
static rt_bytes nonce_of(
        const struct scenario *s, const struct scenario_actor *actor, size_t number)
{
    rt_str name = rt_sprintf("%S/%S/%zu", s->name, actor->name, number);
    struct rt_rng rng = { rt_str_hash(name) };
    uint64_t words[3];
    for (size_t i = 0; i < 3; i++)
        words[i] = rt_rng_next(&rng);
    uint8_t bytes[24];
    for (size_t i = 0; i < 24; i++)
        bytes[i] = (uint8_t)(words[i / 8] >> 8 * (i % 8));
    return rt_bytes_dup(bytes, sizeof(bytes));
}

/* ---- reading a proposal ---- */

/* What lscc would take the package of an install for: a plain or a signed one. */
static const Protos__ChaincodeDeploymentSpec *installed_spec(rt_bytes bytes)
{
    struct cc_package *package;
    return ccprovider_get_cc_package(bytes, &package) ? NULL : cc_package_get_dep_spec(package);
}

static const Protos__ChaincodeDeploymentSpec *deployed_spec(rt_bytes bytes)
{
    Protos__ChaincodeDeploymentSpec *cds;
    return WIRE_UNMARSHAL(protos__chaincode_deployment_spec, bytes, &cds) ? NULL : cds;
}

/* Why a policy can never be satisfied, as far as it shows by itself; no data: it may be. */
static rt_str policy_mistake(rt_bytes bytes)
{
    static const struct identity_deserializer nobody;
    const struct policy *policy;
    Common__SignaturePolicyEnvelope *envelope = NULL;
    if (bytes.len == 0)
        return RT_NIL; /* the channel's default */
    struct rt_error *err = cauthdsl_new_policy(&nobody, bytes, &policy, &envelope);
    return err ? err->text : RT_NIL;
}

static void describe_lscc(const rt_bytes *args, size_t count, struct check_call *about)
{
    bool install = count >= 2 && rt_str_is(args[0], "install");
    bool deploys = count >= 3 && (rt_str_is(args[0], "deploy") || rt_str_is(args[0], "upgrade"));
    if (!install && !deploys)
        return;
    about->lscc = args[0];
    if (deploys) {
        about->channel_argument = args[1];
        about->escc = count > 4 && args[4].len > 0 ? args[4] : RT_STR("escc");
        about->vscc = count > 5 && args[5].len > 0 ? args[5] : RT_STR("vscc");
        about->bad_policy = count > 3 ? policy_mistake(args[3]) : RT_NIL;
    }
    const Protos__ChaincodeDeploymentSpec *cds =
            install ? installed_spec(args[1]) : deployed_spec(args[2]);
    if (cds && cds->chaincode_spec && cds->chaincode_spec->chaincode_id) {
        about->chaincode = cds->chaincode_spec->chaincode_id->name;
        about->version = cds->chaincode_spec->chaincode_id->version;
    }
}

static void describe_payload(const Protos__Proposal *proposal, struct check_call *about)
{
    Protos__ChaincodeInvocationSpec *cis = NULL;
    if (protoutil_get_chaincode_invocation_spec(proposal, &cis) || !cis || !cis->chaincode_spec)
        return;
    const Protos__ChaincodeSpec *spec = cis->chaincode_spec;
    if (!spec->chaincode_id)
        return;
    about->chaincode = spec->chaincode_id->name;
    about->spec_chaincode = spec->chaincode_id->name;
    if (rt_str_is(spec->chaincode_id->name, "lscc") && spec->input)
        describe_lscc(spec->input->args, spec->input->n_args, about);
}

struct reading {
    rt_bytes bytes;
    struct check_call *about;
};

static void describe(void *arg)
{
    struct reading *r = arg;
    ProtobufCMessage *m = NULL;
    Protos__Proposal *proposal = NULL;
    Common__Header *header = NULL;
    Common__ChannelHeader *channel = NULL;
    if (wire_unmarshal(&protos__signed_proposal__descriptor, r->bytes, &m) ||
            protoutil_get_proposal(
                    ((Protos__SignedProposal *)(void *)m)->proposal_bytes, &proposal) ||
            protoutil_get_header(proposal->header, &header))
        return;
    if (!protoutil_get_channel_header(header->channel_header, &channel)) {
        r->about->channel = channel->channel_id;
        r->about->txid = channel->tx_id;
    }
    describe_payload(proposal, r->about);
    Protos__ChaincodeHeaderExtension *extension = NULL;
    if (!protoutil_get_chaincode_header_extension(header, &extension) && extension->chaincode_id)
        r->about->header_chaincode = extension->chaincode_id->name;
}

/* What any SignedProposal is about, as far as it can be read. */
static void describe_proposal(rt_bytes signed_proposal, struct check_call *about)
{
    struct reading r = { signed_proposal, about };
    rt_recover(describe, &r, NULL); /* a proposal that makes Go panic describes nothing */
}

/* ---- making one ---- */

static struct rt_error *make_signer(const struct scenario *s, rt_str name,
        const struct signing_identity **signer, rt_bytes *creator)
{
    const struct world_identity *id = world_find_identity(s->world, rt_cstr(name));
    if (!id)
        return rt_errorf("there is no identity %S", name);
    *creator = msp_new_serialized_identity(id->mspid, id->cert_pem);
    return msp_signer_new(id->mspid, id->cert_pem, id->key_pem, signer);
}

/* What makes a proposal longer and nobody reads: of an install it is in the package. */
static Protos__ChaincodeProposalPayload__TransientMapEntry *padding_entry(size_t padding)
{
    Protos__ChaincodeProposalPayload__TransientMapEntry *entry =
            WIRE_NEW(protos__chaincode_proposal_payload__transient_map_entry);
    entry->key = RT_STR("padding");
    entry->value = rt_bytes_from(rt_alloc(padding + 1), padding);
    return entry;
}

static Protos__ChaincodeProposalPayload *transient_of(
        const struct scenario_step *step, size_t padding)
{
    const struct step_transient *given = step->client.transient.items;
    Protos__ChaincodeProposalPayload *payload = WIRE_NEW(protos__chaincode_proposal_payload);
    payload->n_transientmap = step->client.transient.count;
    payload->transientmap = rt_new_array(
            Protos__ChaincodeProposalPayload__TransientMapEntry *, payload->n_transientmap + 2);
    for (size_t i = 0; i < payload->n_transientmap; i++) {
        payload->transientmap[i] =
                WIRE_NEW(protos__chaincode_proposal_payload__transient_map_entry);
        payload->transientmap[i]->key = given[i].key;
        payload->transientmap[i]->value = given[i].value;
    }
    if (padding > 0 && step->action != STEP_INSTALL)
        payload->transientmap[payload->n_transientmap++] = padding_entry(padding);
    return payload;
}

static struct rt_error *make_signed(const struct scenario *s, const struct scenario_actor *actor,
        const struct scenario_step *step, size_t number, rt_bytes creator, size_t padding,
        struct step_proposal *out)
{
    Protos__ChaincodeInvocationSpec cis = PROTOS__CHAINCODE_INVOCATION_SPEC__INIT;
    Protos__Proposal *proposal = NULL;
    Protos__SignedProposal *signed_proposal = NULL;
    rt_str txid = RT_STR("");
    cis.chaincode_spec = step_spec(step, out->channel, padding);
    rt_str channel =
            step->action == STEP_INSTALL && !step->channel.data ? RT_STR("") : out->channel;
    struct rt_error *err = protoutil_create_chaincode_proposal(ENDORSER_TRANSACTION, channel, &cis,
            creator, nonce_of(s, actor, number), s->world->now_ms * 1000000,
            transient_of(step, padding), &proposal, &txid);
    if (!err)
        err = protoutil_get_signed_proposal(proposal, out->signer, &signed_proposal);
    if (!err)
        err = wire_marshal(&signed_proposal->base, &out->bytes);
    return err;
}

/* The same with what the step changes in its layers. */
static struct rt_error *make_by_layers(const struct scenario *s, const struct scenario_actor *actor,
        const struct scenario_step *step, size_t number, rt_bytes creator,
        struct step_proposal *out)
{
    const struct signing_identity *signer = out->signer;
    rt_bytes other;
    struct rt_error *err = NULL;
    if (step->layers->signed_by.data)
        err = make_signer(s, step->layers->signed_by, &signer, &other);
    if (err)
        return err;
    struct layers_basis basis = {
        .spec = step_spec(step, out->channel, 0),
        .payload = transient_of(step, 0),
        .channel = step->action == STEP_INSTALL && !step->channel.data ? RT_STR("") : out->channel,
        .creator = creator,
        .nonce = nonce_of(s, actor, number),
        .wall_ns = s->world->now_ms * 1000000,
        .signer = signer,
    };
    return layers_make(step->layers, s->doc, &basis, &out->bytes);
}

/* The same with as many bytes as the step says. The length of a signature and those of lengths
 * depend on the padding, too, so it is tried until it fits; trials are long and live in arenas of
 * their own. */
static struct rt_error *make_sized(const struct scenario *s, const struct scenario_actor *actor,
        const struct scenario_step *step, size_t number, rt_bytes creator,
        struct step_proposal *out)
{
    size_t wanted = (size_t)step->message_bytes, padding = 0;
    for (int tries = 0; tries < 20; tries++) {
        struct step_proposal trial = *out;
        struct rt_arena *outer = rt_arena_current(), *own = rt_arena_new();
        rt_arena_use(own);
        struct rt_error *err = make_signed(s, actor, step, number, creator, padding, &trial);
        rt_arena_use(outer);
        size_t len = trial.bytes.len;
        if (!err && len == wanted)
            out->bytes = rt_bytes_dup(trial.bytes.data, len);
        rt_arena_free(own);
        if (err || len == wanted)
            return err;
        if (len > wanted + padding)
            return rt_errorf("its message has %zu bytes at least", len - padding);
        padding = wanted + padding - len;
    }
    return rt_errorf("no message of it has exactly %zu bytes", wanted);
}

/* What the command line client says instead of sending what is too long for it. */
static rt_str refusal_of(const struct scenario_step *step, size_t len)
{
    size_t max = step->max_send_bytes < 0 ? SIZE_MAX : (size_t)step->max_send_bytes;
    struct rt_error *err = comm_check_sent(len, max);
    if (!err)
        return RT_NIL;
    const char *what = step_action_name((enum step_action)step->action);
    bool calls = step->action == STEP_INVOKE || step->action == STEP_QUERY;
    return rt_sprintf("%srror endorsing %s: rpc error: code = ResourceExhausted desc = %v%s",
            step->action == STEP_INSTALL ? "E" : "e", calls ? what : "chaincode", err,
            calls ? " - proposal response: <nil>" : "");
}

/* "admin: instantiate mycc"; a captured proposal is named by what is in it. */
static rt_str call_name(const struct scenario_actor *actor, const struct scenario_step *step,
        const struct check_call *about)
{
    rt_str action = rt_str_from(step_action_name((enum step_action)step->action));
    if (step->action == STEP_SEND && about->lscc.len > 0)
        action = about->lscc;
    if (!rt_str_utf8_valid(about->chaincode) || !rt_str_utf8_valid(action))
        return rt_sprintf("%S: send", actor->name);
    return rt_sprintf("%S: %S %S", actor->name, action, about->chaincode);
}

struct rt_error *step_proposal_new(const struct scenario *s, const struct scenario_actor *actor,
        const struct scenario_step *step, size_t number, struct step_proposal *out)
{
    struct rt_error *err = NULL;
    rt_bytes creator = RT_NIL;
    *out = (struct step_proposal){ 0 };
    out->channel = step->channel.data            ? step->channel
                   : s->world->channel_count > 0 ? s->world->channels[0].name
                                                 : RT_STR("");
    if (step->as.data)
        err = make_signer(s, step->as, &out->signer, &creator);
    if (!err && step->action == STEP_SEND)
        out->bytes = step->bytes;
    else if (!err && step->layers)
        err = make_by_layers(s, actor, step, number, creator, out);
    else if (!err && step->message_bytes > 0)
        err = make_sized(s, actor, step, number, creator, out);
    else if (!err)
        err = make_signed(s, actor, step, number, creator, 0, out);
    if (err)
        return err;
    out->refusal = refusal_of(step, out->bytes.len);
    describe_proposal(out->bytes, &out->about);
    out->about.name = call_name(actor, step, &out->about);
    if (out->about.channel.len > 0)
        out->channel = out->about.channel;
    return NULL;
}
