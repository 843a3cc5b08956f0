/* Chaincode support alone: what stands for the rest of a peer when only the launch path runs, and
 * how its callers call. There is no ledger, no channel configuration and no system chaincode.
 * Everything lives in the current arena. */
#ifndef CCLAB_MOCKS_LAUNCH_ALONE_H
#define CCLAB_MOCKS_LAUNCH_ALONE_H

#include "model/chaincode/chaincode_support.h"

/* The channel of all transactions. */
#define LAUNCH_CHANNEL RT_STR("ch")

/* Chaincode support over `runtime`. Of `params`, whom a peer would ask for ledgers, system
 * chaincodes and applications is replaced: nobody. */
struct chaincode_support *launch_support_new(
        const struct chaincode_support_params *params, struct runtime runtime);

/* What the lifecycle tells of a chaincode: a Go one, in Docker. */
struct chaincode_container_info *launch_container_info(const struct cc_context *cccid);

/* What a goroutine of the peer asks of chaincode support. */
enum launch_ask { LAUNCH_ASK_LAUNCH, LAUNCH_ASK_INIT, LAUNCH_ASK_INVOKE };

/* Launcher.Launch, ExecuteLegacyInit or Execute, without arguments. *response stays what it is if
 * there is none; a launch has none, and needs no transaction. */
RT_MUST_USE struct rt_error *launch_ask(struct chaincode_support *cs, enum launch_ask what,
        const struct cc_context *cccid, rt_str txid, Protos__Response **response);

#endif
