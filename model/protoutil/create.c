/* Follows protos/utils/{proputils,txutils}.go: making proposals, responses and transactions. */
#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

struct rt_error *protoutil_create_chaincode_proposal(int32_t header_type, rt_str channel_id,
        const Protos__ChaincodeInvocationSpec *spec, rt_bytes creator, rt_bytes nonce,
        int64_t wall_ns, const Protos__ChaincodeProposalPayload *transient, Protos__Proposal **out,
        rt_str *txid)
{
    *out = NULL;
    if (txid->len == 0)
        *txid = protoutil_compute_tx_id(nonce, creator);

    Protos__ChaincodeHeaderExtension extension = PROTOS__CHAINCODE_HEADER_EXTENSION__INIT;
    const Protos__ChaincodeSpec *chaincode_spec = RT_DEREF(spec)->chaincode_spec;
    extension.chaincode_id = RT_DEREF(chaincode_spec)->chaincode_id;
    Common__ChannelHeader channel_header = COMMON__CHANNEL_HEADER__INIT;
    struct rt_error *err = WIRE_MARSHAL(&extension, &channel_header.extension);
    if (err)
        return rt_error_wrap(err, "error marshaling ChaincodeHeaderExtension");

    Protos__ChaincodeProposalPayload payload = PROTOS__CHAINCODE_PROPOSAL_PAYLOAD__INIT;
    err = WIRE_MARSHAL(spec, &payload.input);
    if (err)
        return rt_error_wrap(err, "error marshaling ChaincodeInvocationSpec");
    if (transient) {
        payload.n_transientmap = transient->n_transientmap;
        payload.transientmap = transient->transientmap;
    }
    Protos__Proposal *proposal = WIRE_NEW(protos__proposal);
    err = WIRE_MARSHAL(&payload, &proposal->payload);
    if (err)
        return rt_error_wrap(err, "error marshaling ChaincodeProposalPayload");

    Google__Protobuf__Timestamp timestamp = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    timestamp.seconds = wall_ns / 1000000000;
    timestamp.nanos = (int32_t)(wall_ns % 1000000000);
    channel_header.type = header_type;
    channel_header.tx_id = *txid;
    channel_header.timestamp = &timestamp;
    channel_header.channel_id = channel_id;
    Common__SignatureHeader signature_header = COMMON__SIGNATURE_HEADER__INIT;
    signature_header.nonce = nonce;
    signature_header.creator = creator;
    Common__Header header = COMMON__HEADER__INIT;
    header.channel_header = WIRE_MARSHAL_OR_PANIC(&channel_header);
    header.signature_header = WIRE_MARSHAL_OR_PANIC(&signature_header);
    err = WIRE_MARSHAL(&header, &proposal->header);
    if (err)
        return err;
    *out = proposal;
    return NULL;
}

struct rt_error *protoutil_get_signed_proposal(const Protos__Proposal *proposal,
        const struct signing_identity *signer, Protos__SignedProposal **out)
{
    *out = NULL;
    if (!proposal || !signer)
        return rt_errorf("nil arguments");
    Protos__SignedProposal *signed_proposal = WIRE_NEW(protos__signed_proposal);
    struct rt_error *err = protoutil_get_bytes_proposal(proposal, &signed_proposal->proposal_bytes);
    if (err)
        return err;
    err = signer->sign(signer->self, signed_proposal->proposal_bytes, &signed_proposal->signature);
    if (err)
        return err;
    *out = signed_proposal;
    return NULL;
}

/* The payload bytes that both kinds of responses carry. */
static struct rt_error *response_payload(rt_bytes header_bytes, rt_bytes payload,
        const Protos__Response *response, rt_bytes results, rt_bytes events,
        const Protos__ChaincodeID *ccid, rt_bytes *out)
{
    Common__Header *header;
    struct rt_error *err = protoutil_get_header(header_bytes, &header);
    if (err)
        return err;
    rt_bytes hash;
    err = protoutil_get_proposal_hash1(header, payload, &hash);
    if (err)
        return rt_error_wrap(err, "error computing proposal hash");
    return protoutil_get_bytes_proposal_response_payload(
            hash, response, results, events, ccid, out);
}

struct rt_error *protoutil_create_proposal_response(rt_bytes header, rt_bytes payload,
        const Protos__Response *response, rt_bytes results, rt_bytes events,
        const Protos__ChaincodeID *ccid, const struct signing_identity *endorser,
        Protos__ProposalResponse **out)
{
    *out = NULL;
    rt_bytes prp;
    struct rt_error *err = response_payload(header, payload, response, results, events, ccid, &prp);
    if (err)
        return err;
    const struct msp_identity *identity = RT_DEREF(endorser)->identity;
    Protos__Endorsement *endorsement = WIRE_NEW(protos__endorsement);
    endorsement->endorser = identity->serialize(identity->self);
    err = endorser->sign(
            endorser->self, rt_str_cat(prp, endorsement->endorser), &endorsement->signature);
    if (err)
        return rt_error_wrap(err, "could not sign the proposal response payload");
    Protos__ProposalResponse *made = WIRE_NEW(protos__proposal_response);
    made->version = 1;
    made->endorsement = endorsement;
    made->payload = prp;
    made->response = WIRE_NEW(protos__response);
    made->response->status = 200;
    made->response->message = RT_STR("OK");
    *out = made;
    return NULL;
}

struct rt_error *protoutil_create_proposal_response_failure(rt_bytes header, rt_bytes payload,
        const Protos__Response *response, rt_bytes results, rt_bytes events,
        const Protos__ChaincodeID *ccid, Protos__ProposalResponse **out)
{
    *out = NULL;
    rt_bytes prp;
    struct rt_error *err = response_payload(header, payload, response, results, events, ccid, &prp);
    if (err)
        return err;
    Protos__ProposalResponse *made = WIRE_NEW(protos__proposal_response);
    made->payload = prp;
    made->response = (Protos__Response *)(uintptr_t)response;
    *out = made;
    return NULL;
}

/* All responses successful and of one payload? */
static struct rt_error *check_responses(Protos__ProposalResponse *const *responses, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const Protos__ProposalResponse *r = RT_DEREF(responses[i]);
        if (i > 0) {
            if (!rt_str_eq(responses[0]->payload, r->payload))
                return rt_errorf("ProposalResponsePayloads do not match");
            continue;
        }
        const Protos__Response *response = RT_DEREF(r->response);
        if (response->status < 200 || response->status >= 400)
            return rt_errorf("proposal response was not successful, error code %d, msg %S",
                    response->status, response->message);
    }
    return NULL;
}

/* The payload of the transaction made from a proposal's parts and its endorsements. */
static struct rt_error *transaction_payload(Common__Header *header,
        const Protos__ChaincodeProposalPayload *proposal_payload,
        Protos__ProposalResponse *const *responses, size_t count, rt_bytes *out)
{
    Protos__ChaincodeEndorsedAction endorsed = PROTOS__CHAINCODE_ENDORSED_ACTION__INIT;
    endorsed.proposal_response_payload = responses[0]->payload;
    endorsed.n_endorsements = count;
    endorsed.endorsements = rt_new_array(Protos__Endorsement *, count);
    for (size_t i = 0; i < count; i++)
        endorsed.endorsements[i] = responses[i]->endorsement;
    Protos__ChaincodeActionPayload action_payload = PROTOS__CHAINCODE_ACTION_PAYLOAD__INIT;
    struct rt_error *err = protoutil_get_bytes_proposal_payload_for_tx(
            proposal_payload, &action_payload.chaincode_proposal_payload);
    if (err)
        return err;
    action_payload.action = &endorsed;
    Protos__TransactionAction action = PROTOS__TRANSACTION_ACTION__INIT;
    action.header = header->signature_header;
    err = protoutil_get_bytes_chaincode_action_payload(&action_payload, &action.payload);
    if (err)
        return err;
    Protos__TransactionAction *actions[] = { &action };
    Protos__Transaction transaction = PROTOS__TRANSACTION__INIT;
    transaction.n_actions = 1;
    transaction.actions = actions;
    Common__Payload payload = COMMON__PAYLOAD__INIT;
    payload.header = header;
    err = protoutil_get_bytes_transaction(&transaction, &payload.data);
    if (err)
        return err;
    return protoutil_get_bytes_payload(&payload, out);
}

struct rt_error *protoutil_create_signed_tx(const Protos__Proposal *proposal,
        const struct signing_identity *signer, Protos__ProposalResponse *const *responses,
        size_t count, Common__Envelope **out)
{
    *out = NULL;
    if (count == 0)
        return rt_errorf("at least one proposal response is required");
    Common__Header *header;
    struct rt_error *err = protoutil_get_header(RT_DEREF(proposal)->header, &header);
    if (err)
        return err;
    Protos__ChaincodeProposalPayload *proposal_payload;
    err = protoutil_get_chaincode_proposal_payload(proposal->payload, &proposal_payload);
    if (err)
        return err;
    const struct msp_identity *identity = RT_DEREF(signer)->identity;
    Common__SignatureHeader *signature_header;
    err = protoutil_get_signature_header(header->signature_header, &signature_header);
    if (err)
        return err;
    if (!rt_str_eq(identity->serialize(identity->self), signature_header->creator))
        return rt_errorf("signer must be the same as the one referenced in the header");
    Protos__ChaincodeHeaderExtension *extension;
    err = protoutil_get_chaincode_header_extension(header, &extension);
    if (err)
        return err;
    err = check_responses(responses, count);
    if (err)
        return err;
    Common__Envelope *envelope = WIRE_NEW(common__envelope);
    err = transaction_payload(header, proposal_payload, responses, count, &envelope->payload);
    if (err)
        return err;
    err = signer->sign(signer->self, envelope->payload, &envelope->signature);
    if (err)
        return err;
    *out = envelope;
    return NULL;
}
