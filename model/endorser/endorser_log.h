/* What the endorser logs of proposals that fail: the lines that people find in a peer's log. */
#ifndef CCLAB_MODEL_ENDORSER_ENDORSER_LOG_H
#define CCLAB_MODEL_ENDORSER_ENDORSER_LOG_H

#include "model/rt/error.h"

#include "proto/chaincode.pb-c.h"

/* Of SimulateProposal: the call failed with `err`, which is logged with %+v: what it wraps first,
 * each message on a line of its own. The frames of the call that follow each are left out. */
void endorser_log_failed_call(
        rt_str channel, rt_str tx_id, const Protos__ChaincodeID *cid, const struct rt_error *err);
/* Of ProcessProposal: the chaincode answered with a status that is an error. */
void endorser_log_failed_answer(
        rt_str channel, rt_str tx_id, const Protos__ChaincodeID *cid, int32_t status);

#endif
