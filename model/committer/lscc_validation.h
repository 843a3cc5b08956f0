/* An invocation of lscc under validation, between the files that judge it. */
#ifndef CCLAB_MODEL_COMMITTER_LSCC_VALIDATION_H
#define CCLAB_MODEL_COMMITTER_LSCC_VALIDATION_H

#include "model/committer/committer_impl.h"

#include "proto/ccprovider.pb-c.h"

struct lscc_invocation {
    const struct validation_artifacts *va;
    rt_str func; /* "deploy" or "upgrade" */
    const rt_bytes *args;
    size_t arg_count;
    const Protos__ChaincodeDeploymentSpec *cds;
    struct tx_rw_set rw_set;
    const Kvrwset__KVRWSet *lscc_rw_set;
    Ccprovider__ChaincodeData *cd_rw_set; /* what the transaction writes */
    Ccprovider__ChaincodeData *cd_ledger; /* what the ledger has, or NULL */
};

#endif
