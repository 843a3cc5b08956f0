/* What `peer chaincode` prints when it fails, after "Error: ".
 *
 * Follows peer/chaincode/{install,instantiate,upgrade,common}.go and CreateSignedTx of
 * protos/utils/txutils.go. */
#ifndef CCLAB_MODEL_CLIENT_CHAINCODE_RESULT_H
#define CCLAB_MODEL_CLIENT_CHAINCODE_RESULT_H

#include "model/rt/str.h"

#include "proto/proposal_response.pb-c.h"

enum client_command {
    CLIENT_INSTALL,
    CLIENT_INSTANTIATE,
    CLIENT_UPGRADE,
    CLIENT_INVOKE,
    CLIENT_QUERY,
};

/* Of an answer; no data: the command succeeds. In the current arena. */
rt_str client_answer_error(enum client_command command, const Protos__ProposalResponse *answer);
/* Of a call that failed with a gRPC status ("rpc error: code = Unknown desc = ..."). */
rt_str client_call_error(enum client_command command, rt_str status);
/* When nobody listens at the peer's address. */
rt_str client_connect_error(enum client_command command, rt_str address);

#endif
