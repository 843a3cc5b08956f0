/* A proposal layer by layer: what a scenario changes in one that the command line client would
 * make, and the bytes that come of it. */
#ifndef CCLAB_HARNESS_SCENARIO_LAYERS_H
#define CCLAB_HARNESS_SCENARIO_LAYERS_H

#include "harness/json/spec.h"
#include "harness/scenario/bytes_form.h"
#include "model/msp/msp.h"

typedef struct Protos__ChaincodeSpec Protos__ChaincodeSpec;
typedef struct Protos__ChaincodeProposalPayload Protos__ChaincodeProposalPayload;

/* From inside out; the names are those of scenario files. The first three are parts of a message,
 * the others are marshalled. */
#define PROPOSAL_LAYERS(X)                                                                         \
    X(CHAINCODE_ID, "chaincode_id", protos__chaincode_id)                                          \
    X(INPUT, "input", protos__chaincode_input)                                                     \
    X(SPEC, "spec", protos__chaincode_spec)                                                        \
    X(INVOCATION, "invocation", protos__chaincode_invocation_spec)                                 \
    X(PAYLOAD, "payload", protos__chaincode_proposal_payload)                                      \
    X(SIGNATURE_HEADER, "signature_header", common__signature_header)                              \
    X(EXTENSION, "extension", protos__chaincode_header_extension)                                  \
    X(CHANNEL_HEADER, "channel_header", common__channel_header)                                    \
    X(HEADER, "header", common__header)                                                            \
    X(PROPOSAL, "proposal", protos__proposal)                                                      \
    X(SIGNED_PROPOSAL, "signed_proposal", protos__signed_proposal)

enum proposal_layer {
#define PROPOSAL_LAYER_ENUM(name, text, type) LAYER_##name,
    PROPOSAL_LAYERS(PROPOSAL_LAYER_ENUM)
#undef PROPOSAL_LAYER_ENUM
            LAYER_SIGNATURE, /* has bytes, but no fields */
    LAYER_COUNT
};

/* What is different in a layer. */
struct layer {
    const struct json_node *node; /* its fields; NULL: nothing is different */
    bool left_out;
    rt_bytes bytes; /* in place of what would be marshalled; RT_NIL: none */
    const struct json_node *cut, *flip;
};

struct proposal_layers {
    struct layer layers[LAYER_COUNT];
    rt_str signed_by;        /* an identity; RT_NIL: who signs the step */
    struct bytes_part signs; /* what the signature is of, else the proposal's bytes */
};
extern const struct json_spec spec_layers; /* a struct proposal_layers */

/* What the client makes the proposal of. */
struct layers_basis {
    Protos__ChaincodeSpec *spec;
    Protos__ChaincodeProposalPayload *payload; /* the transient map */
    rt_str channel;
    rt_bytes creator;
    rt_bytes nonce;
    int64_t wall_ns;
    const struct signing_identity *signer;
};

/* The SignedProposal's bytes, in the current arena. The transaction's id is computed from what the
 * signature header says, unless it is given. `doc` is the document that the layers were read
 * from. */
RT_MUST_USE struct rt_error *layers_make(const struct proposal_layers *layers,
        const struct json_doc *doc, const struct layers_basis *basis, rt_bytes *out);

#endif
