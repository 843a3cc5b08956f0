/* Follows core/common/validation/msgvalidation.go. */
#include "model/validation/msgvalidation.h"

#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

static struct rt_error *validate_chaincode_proposal_message(
        const Common__Header *header, Protos__ChaincodeHeaderExtension **out)
{
    if (protoutil_get_chaincode_header_extension(header, out))
        return rt_errorf("invalid header extension for type CHAINCODE");
    if (!(*out)->chaincode_id)
        return rt_errorf("ChaincodeHeaderExtension.ChaincodeId is nil");
    if ((*out)->payload_visibility.data)
        return rt_errorf("invalid payload visibility field");
    return NULL;
}

static struct rt_error *validate_signature_header(const Common__SignatureHeader *header)
{
    if (!header)
        return rt_errorf("nil SignatureHeader provided");
    if (header->nonce.len == 0)
        return rt_errorf("invalid nonce specified in the header");
    if (header->creator.len == 0)
        return rt_errorf("invalid creator specified in the header");
    return NULL;
}

static struct rt_error *validate_channel_header(const Common__ChannelHeader *header)
{
    if (!header)
        return rt_errorf("nil ChannelHeader provided");
    switch (header->type) {
    case COMMON__HEADER_TYPE__ENDORSER_TRANSACTION:
    case COMMON__HEADER_TYPE__CONFIG_UPDATE:
    case COMMON__HEADER_TYPE__CONFIG:
    case COMMON__HEADER_TYPE__TOKEN_TRANSACTION:
        break;
    default:
        return rt_errorf("invalid header type %S",
                wire_enum_string(&common__header_type__descriptor, header->type));
    }
    if (header->epoch != 0)
        return rt_errorf("invalid Epoch in ChannelHeader. Expected 0, got [%llu]",
                (unsigned long long)header->epoch);
    return NULL;
}

static struct rt_error *validate_common_header(const Common__Header *header,
        Common__ChannelHeader **channel_header, Common__SignatureHeader **signature_header)
{
    if (!header)
        return rt_errorf("nil header");
    struct rt_error *err = protoutil_get_channel_header(header->channel_header, channel_header);
    if (!err)
        err = protoutil_get_signature_header(header->signature_header, signature_header);
    if (!err)
        err = validate_channel_header(*channel_header);
    if (!err)
        err = validate_signature_header(*signature_header);
    return err;
}

static struct rt_error *check_signature_from_creator(struct msp_mgmt *mgmt, rt_bytes creator_bytes,
        rt_bytes signature, rt_bytes message, rt_str channel_id)
{
    if (!creator_bytes.data || !signature.data || !message.data)
        return rt_errorf("nil arguments");
    const struct identity_deserializer *deserializer =
            msp_mgmt_get_identity_deserializer(mgmt, channel_id);
    if (!deserializer)
        return rt_errorf("could not get msp for channel [%S]", channel_id);

    const struct msp_identity *creator;
    struct rt_error *err =
            deserializer->deserialize_identity(deserializer->self, creator_bytes, &creator);
    if (err)
        return rt_error_wrap(err, "MSP error");
    err = creator->validate(creator->self);
    if (err)
        return rt_error_wrap(err, "creator certificate is not valid");
    err = creator->verify(creator->self, message, signature);
    return rt_error_wrap(err, "creator's signature over the proposal is not valid");
}

/* What a client may know of `cause`: nothing but its own channel and MSP id. */
static struct rt_error *access_denied(struct rt_error *cause, rt_str channel_id, rt_bytes creator)
{
    rt_note("channel [%S]: %v", channel_id, cause);
    Msp__SerializedIdentity *identity;
    struct rt_error *err = WIRE_UNMARSHAL(msp__serialized_identity, creator, &identity);
    if (err)
        rt_note("channel [%S]: could not deserialize a SerializedIdentity: %v", channel_id, err);
    return rt_errorf("access denied: channel [%S] creator org [%S]", channel_id, identity->mspid);
}

struct rt_error *validation_validate_proposal_message(struct msp_mgmt *mgmt,
        const Protos__SignedProposal *signed_proposal, struct validated_proposal *out)
{
    *out = (struct validated_proposal){ 0 };
    if (!signed_proposal)
        return rt_errorf("nil arguments");
    struct validated_proposal found = { 0 };
    struct rt_error *err = protoutil_get_proposal(signed_proposal->proposal_bytes, &found.proposal);
    if (err)
        return err;
    err = protoutil_get_header(found.proposal->header, &found.header);
    if (err)
        return err;
    Common__ChannelHeader *channel_header;
    Common__SignatureHeader *signature_header;
    err = validate_common_header(found.header, &channel_header, &signature_header);
    if (err)
        return err;
    err = check_signature_from_creator(mgmt, signature_header->creator, signed_proposal->signature,
            signed_proposal->proposal_bytes, channel_header->channel_id);
    if (err)
        return access_denied(err, channel_header->channel_id, signature_header->creator);
    err = protoutil_check_tx_id(
            channel_header->tx_id, signature_header->nonce, signature_header->creator);
    if (err)
        return err;

    switch (channel_header->type) {
    case COMMON__HEADER_TYPE__CONFIG:
    case COMMON__HEADER_TYPE__ENDORSER_TRANSACTION:
        err = validate_chaincode_proposal_message(found.header, &found.extension);
        if (!err)
            *out = found;
        return err;
    default:
        return rt_errorf("unsupported proposal type %d", channel_header->type);
    }
}

static struct rt_error *validate_action(
        const Protos__TransactionAction *action, const Common__Header *header)
{
    if (!action)
        return rt_errorf("nil action");
    Common__SignatureHeader *signature_header;
    struct rt_error *err = protoutil_get_signature_header(action->header, &signature_header);
    if (!err)
        err = validate_signature_header(signature_header);
    if (err)
        return err;
    Protos__ChaincodeActionPayload *payload;
    err = protoutil_get_chaincode_action_payload(action->payload, &payload);
    if (err)
        return err;
    Protos__ProposalResponsePayload *response;
    err = protoutil_get_proposal_response_payload(
            RT_DEREF(payload->action)->proposal_response_payload, &response);
    if (err)
        return err;
    Common__Header original = COMMON__HEADER__INIT;
    original.channel_header = header->channel_header;
    original.signature_header = action->header;
    rt_bytes hash;
    err = protoutil_get_proposal_hash2(&original, payload->chaincode_proposal_payload, &hash);
    if (err)
        return err;
    if (!rt_str_eq(hash, response->proposal_hash))
        return rt_errorf("proposal hash does not match");
    return NULL;
}

static struct rt_error *validate_endorser_transaction(rt_bytes data, const Common__Header *header)
{
    if (!data.data || !header)
        return rt_errorf("nil arguments");
    Protos__Transaction *transaction;
    struct rt_error *err = protoutil_get_transaction(data, &transaction);
    if (err)
        return err;
    if (transaction->n_actions != 1)
        return rt_errorf("only one action per transaction is supported, tx contains %zu",
                transaction->n_actions);
    return validate_action(transaction->actions[0], header);
}

/* The code for a transaction whose creator and headers are fine. */
static Protos__TxValidationCode validate_by_type(const Common__ChannelHeader *channel_header,
        const Common__SignatureHeader *signature_header, Common__Payload *decoded,
        Common__Payload **payload)
{
    struct rt_error *err;
    switch (channel_header->type) {
    case COMMON__HEADER_TYPE__ENDORSER_TRANSACTION:
    case COMMON__HEADER_TYPE__TOKEN_TRANSACTION:
        err = protoutil_check_tx_id(
                channel_header->tx_id, signature_header->nonce, signature_header->creator);
        if (err) {
            rt_note("CheckTxID returns err %v", err);
            return PROTOS__TX_VALIDATION_CODE__BAD_PROPOSAL_TXID;
        }
        *payload = decoded;
        if (channel_header->type == COMMON__HEADER_TYPE__TOKEN_TRANSACTION)
            return PROTOS__TX_VALIDATION_CODE__VALID;
        err = validate_endorser_transaction(decoded->data, decoded->header);
        if (err) {
            rt_note("validateEndorserTransaction returns err %v", err);
            return PROTOS__TX_VALIDATION_CODE__INVALID_ENDORSER_TRANSACTION;
        }
        return PROTOS__TX_VALIDATION_CODE__VALID;
    case COMMON__HEADER_TYPE__CONFIG:
        *payload = decoded;
        if (!decoded->data.data)
            return PROTOS__TX_VALIDATION_CODE__INVALID_CONFIG_TRANSACTION;
        return PROTOS__TX_VALIDATION_CODE__VALID;
    default:
        return PROTOS__TX_VALIDATION_CODE__UNSUPPORTED_TX_PAYLOAD;
    }
}

Protos__TxValidationCode validation_validate_transaction(
        struct msp_mgmt *mgmt, const Common__Envelope *envelope, Common__Payload **payload)
{
    *payload = NULL;
    if (!envelope)
        return PROTOS__TX_VALIDATION_CODE__NIL_ENVELOPE;
    Common__Payload *decoded;
    struct rt_error *err = protoutil_get_payload(envelope, &decoded);
    if (err) {
        rt_note("GetPayload returns err %v", err);
        return PROTOS__TX_VALIDATION_CODE__BAD_PAYLOAD;
    }
    Common__ChannelHeader *channel_header;
    Common__SignatureHeader *signature_header;
    err = validate_common_header(decoded->header, &channel_header, &signature_header);
    if (err) {
        rt_note("validateCommonHeader returns err %v", err);
        return PROTOS__TX_VALIDATION_CODE__BAD_COMMON_HEADER;
    }
    err = check_signature_from_creator(mgmt, signature_header->creator, envelope->signature,
            envelope->payload, channel_header->channel_id);
    if (err) {
        rt_note("checkSignatureFromCreator returns err %v", err);
        return PROTOS__TX_VALIDATION_CODE__BAD_CREATOR_SIGNATURE;
    }
    return validate_by_type(channel_header, signature_header, decoded, payload);
}
