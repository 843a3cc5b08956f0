/* Follows protos/utils/{commonutils,proputils,txutils}.go: decoding. */
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

/* Getters that return the partial message along with the error. */
#define GETTER(name, ctype, wtype, text)                                                           \
    struct rt_error *name(rt_bytes in, ctype **out)                                                \
    {                                                                                              \
        return rt_error_wrap(WIRE_UNMARSHAL(wtype, in, out), "error unmarshaling " text);          \
    }

GETTER(protoutil_get_proposal, Protos__Proposal, protos__proposal, "Proposal")
GETTER(protoutil_get_header, Common__Header, common__header, "Header")
GETTER(protoutil_get_channel_header, Common__ChannelHeader, common__channel_header, "ChannelHeader")
GETTER(protoutil_get_chaincode_proposal_payload, Protos__ChaincodeProposalPayload,
        protos__chaincode_proposal_payload, "ChaincodeProposalPayload")
GETTER(protoutil_get_proposal_response, Protos__ProposalResponse, protos__proposal_response,
        "ProposalResponse")
GETTER(protoutil_get_proposal_response_payload, Protos__ProposalResponsePayload,
        protos__proposal_response_payload, "ProposalResponsePayload")
GETTER(protoutil_get_chaincode_action, Protos__ChaincodeAction, protos__chaincode_action,
        "ChaincodeAction")
GETTER(protoutil_get_response, Protos__Response, protos__response, "Response")
GETTER(protoutil_get_chaincode_events, Protos__ChaincodeEvent, protos__chaincode_event,
        "ChaicnodeEvent")
GETTER(protoutil_get_transaction, Protos__Transaction, protos__transaction, "Transaction")
GETTER(protoutil_get_chaincode_action_payload, Protos__ChaincodeActionPayload,
        protos__chaincode_action_payload, "ChaincodeActionPayload")
GETTER(protoutil_unmarshal_payload, Common__Payload, common__payload, "Payload")
GETTER(protoutil_unmarshal_envelope, Common__Envelope, common__envelope, "Envelope")
GETTER(protoutil_unmarshal_block, Common__Block, common__block, "Block")

/* Getters that return nil along with the error. */
#define GETTER_OR_NIL(name, ctype, wtype, text)                                                    \
    struct rt_error *name(rt_bytes in, ctype **out)                                                \
    {                                                                                              \
        struct rt_error *err = WIRE_UNMARSHAL(wtype, in, out);                                     \
        if (err)                                                                                   \
            *out = NULL;                                                                           \
        return rt_error_wrap(err, "error unmarshaling " text);                                     \
    }

GETTER_OR_NIL(protoutil_get_signature_header, Common__SignatureHeader, common__signature_header,
        "SignatureHeader")
GETTER_OR_NIL(
        protoutil_unmarshal_chaincode_id, Protos__ChaincodeID, protos__chaincode_id, "ChaincodeID")
GETTER_OR_NIL(protoutil_get_envelope_from_block, Common__Envelope, common__envelope, "Envelope")

struct rt_error *protoutil_get_payload(const Common__Envelope *envelope, Common__Payload **out)
{
    return protoutil_unmarshal_payload(RT_DEREF(envelope)->payload, out);
}

struct rt_error *protoutil_get_chaincode_header_extension(
        const Common__Header *header, Protos__ChaincodeHeaderExtension **out)
{
    *out = NULL;
    Common__ChannelHeader *channel_header;
    struct rt_error *err =
            protoutil_get_channel_header(RT_DEREF(header)->channel_header, &channel_header);
    if (err)
        return err;
    return rt_error_wrap(
            WIRE_UNMARSHAL(protos__chaincode_header_extension, channel_header->extension, out),
            "error unmarshaling ChaincodeHeaderExtension");
}

struct rt_error *protoutil_get_chaincode_invocation_spec(
        const Protos__Proposal *proposal, Protos__ChaincodeInvocationSpec **out)
{
    *out = NULL;
    if (!proposal)
        return rt_errorf("proposal is nil");
    Common__Header *header;
    struct rt_error *err = protoutil_get_header(proposal->header, &header);
    if (err)
        return err;
    Protos__ChaincodeProposalPayload *payload;
    err = protoutil_get_chaincode_proposal_payload(proposal->payload, &payload);
    if (err)
        return err;
    return rt_error_wrap(WIRE_UNMARSHAL(protos__chaincode_invocation_spec, payload->input, out),
            "error unmarshaling ChaincodeInvocationSpec");
}

/* validateChannelHeaderType for the types that a proposal may have. */
static struct rt_error *validate_proposal_header_type(const Common__ChannelHeader *header)
{
    if (header->type == COMMON__HEADER_TYPE__ENDORSER_TRANSACTION ||
            header->type == COMMON__HEADER_TYPE__CONFIG)
        return NULL;
    struct rt_error *err = rt_errorf("invalid channel header type. expected one of "
                                     "[ENDORSER_TRANSACTION CONFIG], received %S",
            wire_enum_string(&common__header_type__descriptor, header->type));
    return rt_error_wrap(err, "invalid proposal");
}

struct rt_error *protoutil_get_chaincode_proposal_context(const Protos__Proposal *proposal,
        rt_bytes *creator, Protos__ChaincodeProposalPayload **payload)
{
    *creator = RT_NIL;
    *payload = NULL;
    if (!proposal)
        return rt_errorf("proposal is nil");
    if (proposal->header.len == 0)
        return rt_errorf("proposal's header is nil");
    if (proposal->payload.len == 0)
        return rt_errorf("proposal's payload is nil");
    Common__Header *header;
    struct rt_error *err = protoutil_get_header(proposal->header, &header);
    if (err)
        return rt_error_wrap(err, "error extracting header from proposal");
    Common__ChannelHeader *channel_header;
    err = protoutil_get_channel_header(header->channel_header, &channel_header);
    if (err)
        return rt_error_wrap(err, "error extracting channel header from proposal");
    err = validate_proposal_header_type(channel_header);
    if (err)
        return err;
    Common__SignatureHeader *signature_header;
    err = protoutil_get_signature_header(header->signature_header, &signature_header);
    if (err)
        return rt_error_wrap(err, "error extracting signature header from proposal");
    Protos__ChaincodeProposalPayload *decoded;
    err = protoutil_get_chaincode_proposal_payload(proposal->payload, &decoded);
    if (err)
        return err;
    *creator = signature_header->creator;
    *payload = decoded;
    return NULL;
}

struct rt_error *protoutil_get_nonce(const Protos__Proposal *proposal, rt_bytes *out)
{
    *out = RT_NIL;
    if (!proposal)
        return rt_errorf("proposal is nil");
    Common__Header *header;
    struct rt_error *err = protoutil_get_header(proposal->header, &header);
    if (err)
        return err;
    Common__ChannelHeader *channel_header;
    err = protoutil_get_channel_header(header->channel_header, &channel_header);
    if (!err)
        err = validate_proposal_header_type(channel_header);
    if (err)
        return err;
    Common__SignatureHeader *signature_header;
    err = protoutil_get_signature_header(header->signature_header, &signature_header);
    if (err)
        return err;
    if (!header->signature_header.data)
        return rt_errorf("invalid signature header. cannot be nil");
    *out = signature_header->nonce;
    return NULL;
}

struct rt_error *protoutil_get_payloads(const Protos__TransactionAction *action,
        Protos__ChaincodeActionPayload **payload, Protos__ChaincodeAction **respond_payload)
{
    *payload = NULL;
    *respond_payload = NULL;
    Protos__ChaincodeActionPayload *decoded;
    struct rt_error *err =
            protoutil_get_chaincode_action_payload(RT_DEREF(action)->payload, &decoded);
    if (err)
        return err;
    if (!decoded->action || !decoded->action->proposal_response_payload.data)
        return rt_errorf("no payload in ChaincodeActionPayload");
    Protos__ProposalResponsePayload *response;
    err = protoutil_get_proposal_response_payload(
            decoded->action->proposal_response_payload, &response);
    if (err)
        return err;
    if (!response->extension.data)
        return rt_errorf("response payload is missing extension");
    *payload = decoded;
    err = protoutil_get_chaincode_action(response->extension, respond_payload);
    if (err)
        *respond_payload = NULL;
    return err;
}

struct rt_error *protoutil_get_action_from_envelope(
        rt_bytes envelope, Protos__ChaincodeAction **out)
{
    *out = NULL;
    Common__Envelope *decoded;
    struct rt_error *err = protoutil_get_envelope_from_block(envelope, &decoded);
    if (err)
        return err;
    Common__Payload *payload;
    err = protoutil_get_payload(decoded, &payload);
    if (err)
        return err;
    Protos__Transaction *transaction;
    err = protoutil_get_transaction(payload->data, &transaction);
    if (err)
        return err;
    if (transaction->n_actions == 0)
        return rt_errorf("at least one TransactionAction required");
    Protos__ChaincodeActionPayload *action_payload;
    return protoutil_get_payloads(transaction->actions[0], &action_payload, out);
}

struct rt_error *protoutil_channel_header(
        const Common__Envelope *envelope, Common__ChannelHeader **out)
{
    *out = NULL;
    Common__Payload *payload;
    struct rt_error *err = protoutil_unmarshal_payload(RT_DEREF(envelope)->payload, &payload);
    if (err)
        return err;
    if (!payload->header)
        return rt_errorf("header not set");
    if (!payload->header->channel_header.data)
        return rt_errorf("channel header not set");
    err = protoutil_get_channel_header(payload->header->channel_header, out);
    if (err)
        *out = NULL;
    return rt_error_wrap(err, "error unmarshaling channel header");
}

struct rt_error *protoutil_get_or_compute_tx_id_from_envelope(rt_bytes envelope, rt_str *out)
{
    *out = RT_STR("");
    Common__Envelope *decoded;
    struct rt_error *err = protoutil_unmarshal_envelope(envelope, &decoded);
    if (err)
        return rt_error_wrap(err, "error getting txID from envelope");
    Common__Payload *payload;
    err = protoutil_unmarshal_payload(decoded->payload, &payload);
    if (err)
        return rt_error_wrap(err, "error getting txID from payload");
    if (!payload->header)
        return rt_errorf("error getting txID from header: payload header is nil");
    Common__ChannelHeader *channel_header;
    err = protoutil_get_channel_header(payload->header->channel_header, &channel_header);
    if (err)
        return rt_error_wrap(err, "error getting txID from channel header");
    if (channel_header->tx_id.len > 0) {
        *out = channel_header->tx_id;
        return NULL;
    }
    Common__SignatureHeader *signature_header;
    err = protoutil_get_signature_header(payload->header->signature_header, &signature_header);
    if (err)
        return rt_error_wrap(err, "error getting nonce and creator for computing txID");
    *out = protoutil_compute_tx_id(signature_header->nonce, signature_header->creator);
    return NULL;
}

struct rt_error *protoutil_envelope_as_signed_data(
        const Common__Envelope *envelope, struct signed_data *out)
{
    *out = (struct signed_data){ 0 };
    if (!envelope)
        return rt_errorf("No signatures for nil Envelope");
    Common__Payload *payload;
    struct rt_error *err = WIRE_UNMARSHAL(common__payload, envelope->payload, &payload);
    if (err)
        return err;
    if (!payload->header)
        return rt_errorf("Missing Header");
    Common__SignatureHeader *header;
    err = WIRE_UNMARSHAL(common__signature_header, payload->header->signature_header, &header);
    if (err)
        return rt_errorf("GetSignatureHeaderFromBytes failed, err %v", err);
    *out = (struct signed_data){ envelope->payload, header->creator, envelope->signature };
    return NULL;
}
