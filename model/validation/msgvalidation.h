/* What a proposal or an ordered transaction must look like before anything else is done with it.
 *
 * Follows core/common/validation/msgvalidation.go. The endorser calls the first function, the
 * committer the second. */
#ifndef CCLAB_MODEL_VALIDATION_MSGVALIDATION_H
#define CCLAB_MODEL_VALIDATION_MSGVALIDATION_H

#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"

/* What validation found in a proposal. */
struct validated_proposal {
    Protos__Proposal *proposal;
    Common__Header *header;
    Protos__ChaincodeHeaderExtension *extension;
};

/* ValidateProposalMessage: headers, creator, signature, transaction id, header extension. All of
 * *out is NULL on an error. Panics where Fabric does. */
RT_MUST_USE struct rt_error *validation_validate_proposal_message(struct msp_mgmt *mgmt,
        const Protos__SignedProposal *signed_proposal, struct validated_proposal *out);

/* ValidateTransaction: returns the validation code; *payload is the decoded payload, or NULL where
 * Fabric returns nil. The capabilities that Fabric passes here are not used by 1.4.2. */
Protos__TxValidationCode validation_validate_transaction(
        struct msp_mgmt *mgmt, const Common__Envelope *envelope, Common__Payload **payload);

#endif
