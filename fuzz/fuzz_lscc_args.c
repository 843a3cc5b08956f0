/* Argument lists through lscc on a modelled peer: the proposal is made of them and signed, so that
 * every input gets as far as the arguments alone decide.
 *
 * Input: one byte, whose bits 0 and 1 choose the channel (mychannel, oldchannel, none, one that
 * does not exist) and bit 2 the client (administrator, member); then the arguments, each a length
 * of two bytes, little end first, and so many bytes; the last one may be cut short. */
#include "fuzz/findings.h"
#include "fuzz/fuzz.h"
#include "fuzz/peer_once.h"

#include "model/ccprovider/filesystem.h"
#include "model/lscc/names.h"
#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#define WORLD "corpora/conformance/world/world.json"

static struct peer_once *once;

static const struct world_identity *find_identity(const char *name)
{
    const struct world *world = peer_once_world(once);
    size_t i = 0;
    while (i < world->identity_count && !rt_str_is(world->identities[i].name, name))
        i++;
    FUZZ_CHECK(i < world->identity_count); /* the world has this identity */
    return &world->identities[i];
}

/* ---- the proposal ---- */

static Protos__ChaincodeInput *read_arguments(rt_bytes in)
{
    Protos__ChaincodeInput *input = WIRE_NEW(protos__chaincode_input);
    while (in.len >= 2) {
        size_t len = in.data[0] | (size_t)in.data[1] << 8;
        in = rt_str_slice(in, 2, in.len);
        if (len > in.len)
            len = in.len;
        input->args = rt_grow(input->args, input->n_args, input->n_args + 1, sizeof(*input->args));
        input->args[input->n_args++] = rt_str_slice(in, 0, len);
        in = rt_str_slice(in, len, in.len);
    }
    return input;
}

static rt_bytes make_proposal(uint8_t head, Protos__ChaincodeInput *input)
{
    static const char *const channels[] = { "mychannel", "oldchannel", "", "nosuch" };
    const struct world_identity *who = find_identity(head & 4 ? "user" : "admin");
    const struct signing_identity *signer;
    FUZZ_CHECK(!msp_signer_new(who->mspid, who->cert_pem, who->key_pem, &signer));

    Protos__ChaincodeInvocationSpec *cis = WIRE_NEW(protos__chaincode_invocation_spec);
    cis->chaincode_spec = WIRE_NEW(protos__chaincode_spec);
    cis->chaincode_spec->type = PROTOS__CHAINCODE_SPEC__TYPE__GOLANG;
    cis->chaincode_spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    cis->chaincode_spec->chaincode_id->name = RT_STR("lscc");
    cis->chaincode_spec->input = input;

    Protos__Proposal *proposal;
    Protos__SignedProposal *signed_proposal;
    rt_str txid = RT_STR("");
    rt_bytes creator = signer->identity->serialize(signer->identity->self);
    FUZZ_CHECK(!protoutil_create_chaincode_proposal(COMMON__HEADER_TYPE__ENDORSER_TRANSACTION,
            rt_str_from(channels[head & 3]), cis, creator, RT_STR("a nonce of 24 bytes, for it"),
            peer_once_world(once)->now_ms * 1000000, NULL, &proposal, &txid));
    FUZZ_CHECK(!protoutil_get_signed_proposal(proposal, signer, &signed_proposal));
    return WIRE_MARSHAL_OR_PANIC(signed_proposal);
}

/* ---- what has to hold ---- */

/* The function asked for, if it is one of lscc's: part of a finding's id. */
static const char *function_name(const Protos__ChaincodeInput *input)
{
    static const char *const names[] = { "install", "deploy", "upgrade", "getid", "ChaincodeExists",
        "getdepspec", "GetDeploymentSpec", "getccdata", "GetChaincodeData", "getchaincodes",
        "GetChaincodes", "getinstalledchaincodes", "GetInstalledChaincodes", "GetCollectionsConfig",
        "getcollectionsconfig" };
    for (size_t i = 0; input->n_args > 0 && i < sizeof(names) / sizeof(names[0]); i++)
        if (rt_str_is(input->args[0], names[i]))
            return names[i];
    return "other";
}

static void broken(const char *function, const char *invariant, rt_str text)
{
    findings_report(findings_id(function, rt_str_from(invariant)), text);
}

/* Every installed package has a name and a version that lscc takes. */
static size_t check_packages(const char *function, const struct peer_disk *disk)
{
    struct file_system fs = memory_fs_interface(peer_disk_files(disk));
    struct file_info *entries;
    size_t count;
    if (fs.read_dir(fs.self, peer_once_world(once)->peer.chaincode_install_path, &entries, &count))
        return 0;
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t dot = rt_str_index(entries[i].name, RT_STR("."));
        if (dot < 0 ||
                lscc_is_valid_chaincode_name(rt_str_slice(entries[i].name, 0, (size_t)dot)) ||
                lscc_is_valid_chaincode_version(
                        rt_str_slice(entries[i].name, (size_t)dot + 1, entries[i].name.len)))
            broken(function, "bad package name", entries[i].name);
    }
    return count;
}

static void check_response(const char *function, bool has_channel,
        const struct peer_once_result *result, size_t installed)
{
    const Protos__ProposalResponse *pr = result->response;
    if (!pr || !pr->response) {
        broken(function, "no response", RT_STR(""));
        return;
    }
    const Protos__Response *response = pr->response;
    if ((pr->endorsement != NULL) != (response->status < 400 && has_channel))
        broken(function, "endorsement does not fit the status", response->message);
    if (response->status != 200 && response->status != 500)
        broken(function, "odd status", response->message);
    if (response->status == 500 && response->message.len == 0)
        broken(function, "failure without a message", RT_STR(""));
    bool ok = response->status == 200 && strcmp(function, "install") == 0;
    if (installed != peer_once_world(once)->package_count + (ok ? 1 : 0))
        broken(function, "packages do not fit the answer", response->message);
}

static void check(const char *function, bool has_channel, const struct peer_once_result *result)
{
    size_t installed = check_packages(function, result->disk);
    switch (result->end) {
    case PEER_ONCE_RESPONSE:
        check_response(function, has_channel, result, installed);
        break;
    case PEER_ONCE_ERROR:
        if (result->text.len == 0)
            broken(function, "error without a text", RT_STR(""));
        break;
    case PEER_ONCE_PANIC:
        findings_report(findings_id(function, result->text), result->text);
        break;
    case PEER_ONCE_STUCK:
        broken(function, "no answer", RT_STR(""));
        break;
    }
    if (result->end != PEER_ONCE_PANIC && result->blocked > 0)
        broken(function, "blocked goroutines", RT_STR(""));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!once) {
        once = peer_once_new(WORLD);
        findings_open("fuzz_lscc_args");
    }
    if (size == 0)
        return 0;
    peer_once_begin(once);
    Protos__ChaincodeInput *input = read_arguments(rt_bytes_from(data + 1, size - 1));
    struct peer_once_result result = peer_once_propose(once, make_proposal(data[0], input));
    check(function_name(input), (data[0] & 3) != 2, &result);
    peer_once_end(once);
    return 0;
}
