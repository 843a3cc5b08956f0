/* Follows gossip/privdata/coordinator.go (StoreBlock), core/committer/committer_impl.go and
 * common/errors/errors.go. */
#include "model/ccprovider/platforms.h"
#include "model/committer/committer_impl.h"
#include "model/committer/coordinator.h"
#include "model/committer/key_level.h"
#include "model/ledger/validator.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/ledger.pb-c.h"

const char vscc_info_lookup_failure_error[] = "VSCCInfoLookupFailureError";
const char vscc_endorsement_policy_error[] = "VSCCEndorsementPolicyError";
const char vscc_execution_failure_error[] = "VSCCExecutionFailureError";

struct rt_error *policy_err(struct rt_error *err)
{
    if (!err || rt_error_is(err, vscc_endorsement_policy_error))
        return err;
    return rt_error_typed(vscc_endorsement_policy_error, err, err->text);
}

struct rt_error *policy_errf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str text = rt_vsprintf(format, args);
    va_end(args);
    return rt_error_typed(vscc_endorsement_policy_error, NULL, text);
}

struct rt_error *execution_failure(struct rt_error *err)
{
    return rt_error_typed(vscc_execution_failure_error, err, err->text);
}

struct committer *committer_new(const struct committer_config *config)
{
    static const struct platform *const golang[] = { &platform_golang, NULL };
    struct committer *c = rt_new(struct committer);
    c->config = *config;
    c->golang_only = platforms_new_registry(&platform_config_default, golang);
    c->key_level = key_level_validator_new(c);
    return c;
}

struct rt_error *committer_store_block(struct committer *c, Common__Block *block)
{
    if (!block->data)
        return rt_errorf("Block data is empty");
    if (!block->header)
        return rt_errorf("Block header is nil");
    struct rt_error *err = committer_validate(c, block);
    if (err) {
        rt_note("Validation failed: %v", err);
        return err;
    }
    struct block_and_pvt_data data;
    err = coordinator_private_data(c, block, &data);
    if (err) {
        rt_note("%v", err);
        return err;
    }
    const struct peer_ledger *ledger = c->config.ledger;
    err = ledger->commit_with_pvt_data(ledger->self, &data);
    if (err)
        return rt_error_wrap(err, "commit failed");
    coordinator_purge(c, &data);
    return NULL;
}

uint64_t committer_ledger_height(struct committer *c)
{
    const struct peer_ledger *ledger = c->config.ledger;
    Common__BlockchainInfo *info;
    struct rt_error *err = ledger->get_blockchain_info(ledger->self, &info);
    return err ? 0 : info->height;
}

rt_str tx_validation_code_string(int32_t code)
{
    return wire_enum_string(&protos__tx_validation_code__descriptor, code);
}
