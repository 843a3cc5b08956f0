/* The plain types that chaincode support, lscc, the endorser and the container drivers share
 * (core/common/ccprovider/ccprovider.go).
 *
 * A ChaincodeDefinition is an interface in Fabric; ChaincodeData is the only thing that implements
 * it in 1.4.2, so definitions are ChaincodeData here. NULL is Go's nil. */
#ifndef CCLAB_MODEL_CCPROVIDER_CCPROVIDER_H
#define CCLAB_MODEL_CCPROVIDER_CCPROVIDER_H

#include "model/rt/error.h"
#include "model/rt/map.h"
#include "model/rt/str.h"

typedef struct Ccprovider__ChaincodeData Ccprovider__ChaincodeData;
typedef struct Protos__ChaincodeDeploymentSpec Protos__ChaincodeDeploymentSpec;
typedef struct Protos__ChaincodeEvent Protos__ChaincodeEvent;
typedef struct Protos__ChaincodeInput Protos__ChaincodeInput;
typedef struct Protos__Proposal Protos__Proposal;
typedef struct Protos__Response Protos__Response;
typedef struct Protos__SignedProposal Protos__SignedProposal;

struct collection_store;
struct history_query_executor;
struct tx_simulator;

/* What ChaincodeDefinition.CCName() and so on return: fields of ChaincodeData. */
typedef Ccprovider__ChaincodeData ccprovider_chaincode_definition;

/* ChaincodeContainerInfo: what is needed to start a chaincode. */
struct chaincode_container_info {
    rt_str name;
    rt_str version;
    rt_str path;
    rt_str type; /* "GOLANG", "CAR", "JAVA", "NODE", a number for an unknown type */
    rt_bytes code_package;
    rt_str container_type; /* "DOCKER" or "SYSTEM" */
};

/* "name:version", the key of launches and handlers. */
rt_str chaincode_container_info_cname(const struct chaincode_container_info *ccci);

/* DeploymentSpecToChaincodeContainerInfo; leaves code_package nil, as Fabric does. */
struct chaincode_container_info *deployment_spec_to_chaincode_container_info(
        const Protos__ChaincodeDeploymentSpec *cds);

/* Chaincode{Deployment}Spec's accessors of protos/peer/chaincode.go: "" where a part is missing.
 * RT_DEREF of a nil cds is the caller's. */
rt_str cds_name(const Protos__ChaincodeDeploymentSpec *cds);
rt_str cds_version(const Protos__ChaincodeDeploymentSpec *cds);
rt_str cds_path(const Protos__ChaincodeDeploymentSpec *cds);
rt_str cds_cc_type(const Protos__ChaincodeDeploymentSpec *cds);

/* TransactionParams: one execution's circumstances. Execute writes collection_store and
 * is_init_transaction. */
struct transaction_params {
    rt_str tx_id;
    rt_str channel_id;
    Protos__SignedProposal *signed_prop;
    Protos__Proposal *proposal;
    const struct tx_simulator *tx_simulator;
    const struct history_query_executor *history_query_executor;
    const struct collection_store *collection_store;
    bool is_init_transaction;
    struct rt_map *proposal_decorations; /* from name to rt_bytes *; NULL is Go's nil map */
};

/* CCContext: which chaincode is meant. */
struct cc_context {
    rt_str name;
    rt_str version;
};

/* CCContext.GetCanonicalName: "name:version". */
rt_str cc_context_get_canonical_name(const struct cc_context *cccid);

/* ChaincodeProvider: how the endorser and the deployment of system chaincodes reach chaincode
 * support. *response and *event are NULL when Go returns nil; both may come with an error. */
struct chaincode_provider {
    void *self;
    struct rt_error *(*execute)(void *self, struct transaction_params *tx_params,
            const struct cc_context *cccid, Protos__ChaincodeInput *input,
            Protos__Response **response, Protos__ChaincodeEvent **event);
    struct rt_error *(*execute_legacy_init)(void *self, struct transaction_params *tx_params,
            const struct cc_context *cccid, Protos__ChaincodeDeploymentSpec *spec,
            Protos__Response **response, Protos__ChaincodeEvent **event);
    struct rt_error *(*stop)(void *self, struct chaincode_container_info *ccci);
};

#endif
