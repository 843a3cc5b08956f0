/* SignedProposals through ProcessProposal of a modelled peer: as they come, or damaged inside and
 * then made consistent again, so that the damage gets past transaction id and signature.
 *
 * Input: one byte, then a SignedProposal. Bit 0 of the byte: sign the proposal again; bit 1: first
 * work the transaction id out again; bit 2: first put the client in as creator; bit 3: the client
 * is a member instead of the administrator. A layer that cannot be decoded stays as it is. */
#include "fuzz/findings.h"
#include "fuzz/fuzz.h"
#include "fuzz/peer_once.h"

#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#define WORLD "corpora/conformance/world/world.json"

enum { SIGN = 1, TX_ID = 2, CREATOR = 4, MEMBER = 8 };

static struct peer_once *once;

static const struct signing_identity *client(uint8_t head)
{
    const struct world *world = peer_once_world(once);
    const struct signing_identity *signer = NULL;
    for (size_t i = 0; i < world->identity_count; i++) {
        const struct world_identity *who = &world->identities[i];
        if (rt_str_is(who->name, head & MEMBER ? "user" : "admin"))
            FUZZ_CHECK(!msp_signer_new(who->mspid, who->cert_pem, who->key_pem, &signer));
    }
    FUZZ_CHECK(signer != NULL);
    return signer;
}

/* ---- making it consistent ---- */

/* The header with creator and transaction id put right; what it was if it cannot be read. */
static rt_bytes repair_header(rt_bytes in, uint8_t head, const struct signing_identity *signer)
{
    Common__Header *header;
    Common__SignatureHeader *signature_header;
    Common__ChannelHeader *channel_header;
    rt_bytes out;
    if (protoutil_get_header(in, &header) ||
            protoutil_get_signature_header(header->signature_header, &signature_header))
        return in;
    if (head & CREATOR) {
        signature_header->creator = signer->identity->serialize(signer->identity->self);
        if (WIRE_MARSHAL(signature_header, &header->signature_header))
            return in;
    }
    if ((head & TX_ID) && !protoutil_get_channel_header(header->channel_header, &channel_header)) {
        channel_header->tx_id =
                protoutil_compute_tx_id(signature_header->nonce, signature_header->creator);
        if (WIRE_MARSHAL(channel_header, &header->channel_header))
            return in;
    }
    return WIRE_MARSHAL(header, &out) ? in : out;
}

static rt_bytes repair(rt_bytes in, uint8_t head)
{
    const struct signing_identity *signer = client(head);
    Protos__SignedProposal *signed_proposal;
    Protos__Proposal *proposal;
    rt_bytes out;
    if (WIRE_UNMARSHAL(protos__signed_proposal, in, &signed_proposal))
        return in;
    if (!protoutil_get_proposal(signed_proposal->proposal_bytes, &proposal)) {
        rt_bytes header = repair_header(proposal->header, head, signer);
        rt_bytes repaired;
        if (header.data != proposal->header.data) {
            proposal->header = header;
            if (!WIRE_MARSHAL(proposal, &repaired))
                signed_proposal->proposal_bytes = repaired;
        }
    }
    if (signer->sign(signer->self, signed_proposal->proposal_bytes, &signed_proposal->signature))
        return in;
    return WIRE_MARSHAL(signed_proposal, &out) ? in : out;
}

/* ---- what has to hold ---- */

static void broken(const char *invariant, rt_str text)
{
    findings_report(findings_id("proposal", rt_str_from(invariant)), text);
}

static void check_response(const Protos__ProposalResponse *pr)
{
    if (!pr || !pr->response) {
        broken("no response", RT_STR(""));
        return;
    }
    if (pr->endorsement && pr->response->status >= 400)
        broken("a failure is endorsed", pr->response->message);
    if (pr->endorsement && (!pr->endorsement->signature.len || !pr->payload.len))
        broken("an empty endorsement", pr->response->message);
}

static void check(const struct peer_once_result *result)
{
    switch (result->end) {
    case PEER_ONCE_RESPONSE:
        check_response(result->response);
        break;
    case PEER_ONCE_ERROR:
        if (result->text.len == 0)
            broken("error without a text", RT_STR(""));
        break;
    case PEER_ONCE_PANIC:
        findings_report(findings_id("proposal", result->text), result->text);
        break;
    case PEER_ONCE_STUCK:
        broken("no answer", RT_STR(""));
        break;
    }
    if (result->end != PEER_ONCE_PANIC && result->blocked > 0)
        broken("blocked goroutines", RT_STR(""));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!once) {
        once = peer_once_new(WORLD);
        findings_open("fuzz_signed_proposal");
    }
    if (size == 0)
        return 0;
    peer_once_begin(once);
    rt_bytes in = rt_bytes_from(data + 1, size - 1);
    if (data[0] & SIGN)
        in = repair(in, data[0]);
    struct peer_once_result result = peer_once_propose(once, in);
    check(&result);
    peer_once_end(once);
    return 0;
}
