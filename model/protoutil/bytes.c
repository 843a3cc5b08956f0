/* Follows protos/utils/{proputils,txutils}.go: encoding, hashes and transaction ids. */
#include "model/crypto/crypto.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

/* Go's proto.Marshal of a nil pointer. */
static struct rt_error *marshal_or_nil(const ProtobufCMessage *m, rt_bytes *out)
{
    *out = RT_NIL;
    if (!m)
        return rt_errorf("proto: Marshal called with nil");
    return wire_marshal(m, out);
}
#define MARSHAL(m, out) marshal_or_nil((m) ? &(m)->base : NULL, (out))

#define GET_BYTES(name, ctype, text)                                                               \
    struct rt_error *name(const ctype *m, rt_bytes *out)                                           \
    {                                                                                              \
        return rt_error_wrap(MARSHAL(m, out), "error " text);                                      \
    }

GET_BYTES(protoutil_get_bytes_proposal, Protos__Proposal, "marshaling Proposal")
GET_BYTES(protoutil_get_bytes_header, Common__Header, "marshaling Header")
GET_BYTES(
        protoutil_get_bytes_signature_header, Common__SignatureHeader, "marshaling SignatureHeader")
GET_BYTES(protoutil_get_bytes_chaincode_proposal_payload, Protos__ChaincodeProposalPayload,
        "marshaling ChaincodeProposalPayload")
GET_BYTES(protoutil_get_bytes_response, Protos__Response, "marshaling Response")
GET_BYTES(protoutil_get_bytes_chaincode_event, Protos__ChaincodeEvent, "marshaling ChaincodeEvent")
GET_BYTES(protoutil_get_bytes_chaincode_action_payload, Protos__ChaincodeActionPayload,
        "marshaling ChaincodeActionPayload")
GET_BYTES(protoutil_get_bytes_proposal_response, Protos__ProposalResponse,
        "marshaling ProposalResponse")
GET_BYTES(protoutil_get_bytes_transaction, Protos__Transaction, "unmarshaling Transaction")
GET_BYTES(protoutil_get_bytes_payload, Common__Payload, "marshaling Payload")
GET_BYTES(protoutil_get_bytes_envelope, Common__Envelope, "marshaling Envelope")

struct rt_error *protoutil_get_bytes_proposal_response_payload(rt_bytes hash,
        const Protos__Response *response, rt_bytes results, rt_bytes events,
        const Protos__ChaincodeID *ccid, rt_bytes *out)
{
    *out = RT_NIL;
    Protos__ChaincodeAction action = PROTOS__CHAINCODE_ACTION__INIT;
    action.events = events;
    action.results = results;
    action.response = (Protos__Response *)(uintptr_t)response;
    action.chaincode_id = (Protos__ChaincodeID *)(uintptr_t)ccid;
    Protos__ProposalResponsePayload payload = PROTOS__PROPOSAL_RESPONSE_PAYLOAD__INIT;
    struct rt_error *err = WIRE_MARSHAL(&action, &payload.extension);
    if (err)
        return rt_error_wrap(err, "error marshaling ChaincodeAction");
    payload.proposal_hash = hash;
    return rt_error_wrap(WIRE_MARSHAL(&payload, out), "error marshaling ProposalResponsePayload");
}

struct rt_error *protoutil_get_bytes_proposal_payload_for_tx(
        const Protos__ChaincodeProposalPayload *payload, rt_bytes *out)
{
    *out = RT_NIL;
    if (!payload)
        return rt_errorf("nil arguments");
    Protos__ChaincodeProposalPayload stripped = PROTOS__CHAINCODE_PROPOSAL_PAYLOAD__INIT;
    stripped.input = payload->input;
    return protoutil_get_bytes_chaincode_proposal_payload(&stripped, out);
}

rt_str protoutil_compute_tx_id(rt_bytes nonce, rt_bytes creator)
{
    rt_bytes parts[] = { nonce, creator };
    return rt_hex(crypto_sha256_parts(parts, 2));
}

struct rt_error *protoutil_check_tx_id(rt_str txid, rt_bytes nonce, rt_bytes creator)
{
    rt_str computed = protoutil_compute_tx_id(nonce, creator);
    if (rt_str_eq(txid, computed))
        return NULL;
    return rt_errorf("invalid txid. got [%S], expected [%S]", txid, computed);
}

struct rt_error *protoutil_compute_proposal_binding(const Protos__Proposal *proposal, rt_bytes *out)
{
    *out = RT_NIL;
    if (!proposal)
        return rt_errorf("proposal is nil");
    if (proposal->header.len == 0)
        return rt_errorf("proposal's header is nil");
    Common__Header *header;
    struct rt_error *err = protoutil_get_header(proposal->header, &header);
    if (err)
        return err;
    Common__ChannelHeader *channel_header;
    err = protoutil_get_channel_header(header->channel_header, &channel_header);
    if (err)
        return err;
    Common__SignatureHeader *signature_header;
    err = protoutil_get_signature_header(header->signature_header, &signature_header);
    if (err)
        return err;
    uint8_t epoch[8];
    for (unsigned i = 0; i < sizeof epoch; i++)
        epoch[i] = (uint8_t)(channel_header->epoch >> (8 * i));
    rt_bytes parts[] = { signature_header->nonce, signature_header->creator,
        rt_bytes_from(epoch, sizeof epoch) };
    *out = crypto_sha256_parts(parts, 3);
    return NULL;
}

static bool hash_arguments_nil(const Common__Header *header, rt_bytes payload)
{
    return !header || !header->channel_header.data || !header->signature_header.data ||
           !payload.data;
}

struct rt_error *protoutil_get_proposal_hash2(
        const Common__Header *header, rt_bytes cc_prop_payload, rt_bytes *out)
{
    *out = RT_NIL;
    if (hash_arguments_nil(header, cc_prop_payload))
        return rt_errorf("nil arguments");
    rt_bytes parts[] = { header->channel_header, header->signature_header, cc_prop_payload };
    *out = crypto_sha256_parts(parts, 3);
    return NULL;
}

struct rt_error *protoutil_get_proposal_hash1(
        const Common__Header *header, rt_bytes cc_prop_payload, rt_bytes *out)
{
    *out = RT_NIL;
    if (hash_arguments_nil(header, cc_prop_payload))
        return rt_errorf("nil arguments");
    Protos__ChaincodeProposalPayload *payload;
    struct rt_error *err = protoutil_get_chaincode_proposal_payload(cc_prop_payload, &payload);
    if (err)
        return err;
    rt_bytes stripped;
    err = protoutil_get_bytes_proposal_payload_for_tx(payload, &stripped);
    if (err)
        return err;
    return protoutil_get_proposal_hash2(header, stripped, out);
}
