/* Getters and makers of the messages on the way of a proposal.
 *
 * Follows Fabric's protos/utils/{commonutils,proputils,txutils}.go. The getters decode with Go's
 * semantics (model/wire) and wrap errors with Fabric's texts. Where Fabric's function returns the
 * partial message together with the error, *out is that message; where it returns nil, *out is NULL
 * (said at each). Everything lives in the current arena and may share the input's bytes. */
#ifndef CCLAB_MODEL_PROTOUTIL_PROTOUTIL_H
#define CCLAB_MODEL_PROTOUTIL_PROTOUTIL_H

#include "model/rt/error.h"
#include "model/rt/str.h"
#include "proto/chaincode.pb-c.h"
#include "proto/chaincode_event.pb-c.h"
#include "proto/common.pb-c.h"
#include "proto/proposal.pb-c.h"
#include "proto/proposal_response.pb-c.h"
#include "proto/transaction.pb-c.h"

struct signing_identity;

/* ---- decoding; *out is the partial message on an error ---- */

/* Functions without a comment of their own decode the message that they are named after, as
 * Fabric's of the same name; the error is "error unmarshaling <message>: " and proto's. */
RT_MUST_USE struct rt_error *protoutil_get_proposal(rt_bytes in, Protos__Proposal **out);
RT_MUST_USE struct rt_error *protoutil_get_header(rt_bytes in, Common__Header **out);
/* UnmarshalChannelHeader. */
RT_MUST_USE struct rt_error *protoutil_get_channel_header(rt_bytes in, Common__ChannelHeader **out);
/* `header` is dereferenced as in Go: NULL panics. *out is NULL when the channel header is bad. */
RT_MUST_USE struct rt_error *protoutil_get_chaincode_header_extension(
        const Common__Header *header, Protos__ChaincodeHeaderExtension **out);
RT_MUST_USE struct rt_error *protoutil_get_chaincode_proposal_payload(
        rt_bytes in, Protos__ChaincodeProposalPayload **out);
/* *out is NULL unless only the invocation spec itself is bad. */
RT_MUST_USE struct rt_error *protoutil_get_chaincode_invocation_spec(
        const Protos__Proposal *proposal, Protos__ChaincodeInvocationSpec **out);
RT_MUST_USE struct rt_error *protoutil_get_proposal_response(
        rt_bytes in, Protos__ProposalResponse **out);
RT_MUST_USE struct rt_error *protoutil_get_proposal_response_payload(
        rt_bytes in, Protos__ProposalResponsePayload **out);
RT_MUST_USE struct rt_error *protoutil_get_chaincode_action(
        rt_bytes in, Protos__ChaincodeAction **out);
RT_MUST_USE struct rt_error *protoutil_get_response(rt_bytes in, Protos__Response **out);
RT_MUST_USE struct rt_error *protoutil_get_chaincode_events(
        rt_bytes in, Protos__ChaincodeEvent **out);
RT_MUST_USE struct rt_error *protoutil_get_transaction(rt_bytes in, Protos__Transaction **out);
RT_MUST_USE struct rt_error *protoutil_get_chaincode_action_payload(
        rt_bytes in, Protos__ChaincodeActionPayload **out);
/* GetPayload; NULL panics as in Go. */
RT_MUST_USE struct rt_error *protoutil_get_payload(
        const Common__Envelope *envelope, Common__Payload **out);
RT_MUST_USE struct rt_error *protoutil_unmarshal_payload(rt_bytes in, Common__Payload **out);
RT_MUST_USE struct rt_error *protoutil_unmarshal_envelope(rt_bytes in, Common__Envelope **out);
RT_MUST_USE struct rt_error *protoutil_unmarshal_block(rt_bytes in, Common__Block **out);

/* ---- decoding; *out is NULL on an error ---- */

/* As above. The envelope is one of a block's data. */
RT_MUST_USE struct rt_error *protoutil_get_signature_header(
        rt_bytes in, Common__SignatureHeader **out);
RT_MUST_USE struct rt_error *protoutil_unmarshal_chaincode_id(
        rt_bytes in, Protos__ChaincodeID **out);
RT_MUST_USE struct rt_error *protoutil_get_envelope_from_block(rt_bytes in, Common__Envelope **out);
/* GetChaincodeProposalContext: creator and transient map of a proposal. */
RT_MUST_USE struct rt_error *protoutil_get_chaincode_proposal_context(
        const Protos__Proposal *proposal, rt_bytes *creator,
        Protos__ChaincodeProposalPayload **payload_with_transient_map);
RT_MUST_USE struct rt_error *protoutil_get_nonce(const Protos__Proposal *proposal, rt_bytes *out);
/* GetPayloads of a transaction action; either output may be NULL'ed on an error as in Fabric. */
RT_MUST_USE struct rt_error *protoutil_get_payloads(const Protos__TransactionAction *action,
        Protos__ChaincodeActionPayload **payload, Protos__ChaincodeAction **respond_payload);
RT_MUST_USE struct rt_error *protoutil_get_action_from_envelope(
        rt_bytes envelope, Protos__ChaincodeAction **out);
/* ChannelHeader(env). */
RT_MUST_USE struct rt_error *protoutil_channel_header(
        const Common__Envelope *envelope, Common__ChannelHeader **out);
RT_MUST_USE struct rt_error *protoutil_get_or_compute_tx_id_from_envelope(
        rt_bytes envelope, rt_str *out);

/* ---- encoding ---- */

/* GetBytes<message>: the message's bytes. A NULL message is Go's nil, which proto.Marshal refuses:
 * "error marshaling <message>: proto: Marshal called with nil" ("unmarshaling" for Transaction). */
RT_MUST_USE struct rt_error *protoutil_get_bytes_proposal(const Protos__Proposal *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_header(const Common__Header *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_signature_header(
        const Common__SignatureHeader *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_chaincode_proposal_payload(
        const Protos__ChaincodeProposalPayload *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_response(const Protos__Response *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_chaincode_event(
        const Protos__ChaincodeEvent *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_chaincode_action_payload(
        const Protos__ChaincodeActionPayload *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_proposal_response(
        const Protos__ProposalResponse *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_transaction(
        const Protos__Transaction *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_payload(const Common__Payload *m, rt_bytes *out);
RT_MUST_USE struct rt_error *protoutil_get_bytes_envelope(const Common__Envelope *m, rt_bytes *out);
/* GetBytesProposalResponsePayload: a payload around a ChaincodeAction of these parts. */
RT_MUST_USE struct rt_error *protoutil_get_bytes_proposal_response_payload(rt_bytes hash,
        const Protos__Response *response, rt_bytes results, rt_bytes events,
        const Protos__ChaincodeID *ccid, rt_bytes *out);
/* GetBytesProposalPayloadForTx: the payload without its transient map. */
RT_MUST_USE struct rt_error *protoutil_get_bytes_proposal_payload_for_tx(
        const Protos__ChaincodeProposalPayload *payload, rt_bytes *out);

/* ---- hashes and transaction ids ---- */

/* ComputeTxID: hex of SHA-256(nonce, creator). */
rt_str protoutil_compute_tx_id(rt_bytes nonce, rt_bytes creator);
/* CheckTxID: an error unless it is that one. */
RT_MUST_USE struct rt_error *protoutil_check_tx_id(rt_str txid, rt_bytes nonce, rt_bytes creator);
/* ComputeProposalBinding. */
RT_MUST_USE struct rt_error *protoutil_compute_proposal_binding(
        const Protos__Proposal *proposal, rt_bytes *out);
/* GetProposalHash1: over the payload as it goes into a transaction. */
RT_MUST_USE struct rt_error *protoutil_get_proposal_hash1(
        const Common__Header *header, rt_bytes cc_prop_payload, rt_bytes *out);
/* GetProposalHash2: over the payload's bytes as they are. */
RT_MUST_USE struct rt_error *protoutil_get_proposal_hash2(
        const Common__Header *header, rt_bytes cc_prop_payload, rt_bytes *out);

/* ---- making ---- */

/* CreateChaincodeProposalWithTxIDNonceAndTransient with a given nonce and time; `transient` NULL
 * for none. *txid gets the id, computed when `txid_in` is empty. */
RT_MUST_USE struct rt_error *protoutil_create_chaincode_proposal(int32_t header_type,
        rt_str channel_id, const Protos__ChaincodeInvocationSpec *spec, rt_bytes creator,
        rt_bytes nonce, int64_t wall_ns, const Protos__ChaincodeProposalPayload *transient,
        Protos__Proposal **out, rt_str *txid);
/* GetSignedProposal. */
RT_MUST_USE struct rt_error *protoutil_get_signed_proposal(const Protos__Proposal *proposal,
        const struct signing_identity *signer, Protos__SignedProposal **out);
/* CreateProposalResponse: signed by the endorser. */
RT_MUST_USE struct rt_error *protoutil_create_proposal_response(rt_bytes header, rt_bytes payload,
        const Protos__Response *response, rt_bytes results, rt_bytes events,
        const Protos__ChaincodeID *ccid, const struct signing_identity *endorser,
        Protos__ProposalResponse **out);
/* CreateProposalResponseFailure: not signed. */
RT_MUST_USE struct rt_error *protoutil_create_proposal_response_failure(rt_bytes header,
        rt_bytes payload, const Protos__Response *response, rt_bytes results, rt_bytes events,
        const Protos__ChaincodeID *ccid, Protos__ProposalResponse **out);
/* CreateSignedTx: what the client sends to the orderer. */
RT_MUST_USE struct rt_error *protoutil_create_signed_tx(const Protos__Proposal *proposal,
        const struct signing_identity *signer, Protos__ProposalResponse *const *responses,
        size_t count, Common__Envelope **out);

/* ---- SignedData ---- */

/* common.SignedData. */
struct signed_data {
    rt_bytes data;
    rt_bytes identity;
    rt_bytes signature;
};
/* Envelope.AsSignedData: one element on success. */
RT_MUST_USE struct rt_error *protoutil_envelope_as_signed_data(
        const Common__Envelope *envelope, struct signed_data *out);

#endif
