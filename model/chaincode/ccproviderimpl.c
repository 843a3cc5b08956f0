/* Follows core/chaincode/ccproviderimpl.go. */
#include "model/chaincode/chaincode_support.h"

static struct rt_error *execute(void *self, struct transaction_params *tx_params,
        const struct cc_context *cccid, Protos__ChaincodeInput *input, Protos__Response **response,
        Protos__ChaincodeEvent **event)
{
    return chaincode_support_execute(self, tx_params, cccid, input, response, event);
}

static struct rt_error *execute_legacy_init(void *self, struct transaction_params *tx_params,
        const struct cc_context *cccid, Protos__ChaincodeDeploymentSpec *spec,
        Protos__Response **response, Protos__ChaincodeEvent **event)
{
    return chaincode_support_execute_legacy_init(self, tx_params, cccid, spec, response, event);
}

static struct rt_error *stop(void *self, struct chaincode_container_info *ccci)
{
    return chaincode_support_stop(self, ccci);
}

struct chaincode_provider chaincode_support_provider(struct chaincode_support *cs)
{
    return (struct chaincode_provider){ cs, execute, execute_legacy_init, stop };
}
