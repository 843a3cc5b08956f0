/* From an ordered block to the state: validation and commit
 * (gossip/privdata/coordinator.go: StoreBlock, core/committer/txvalidator,
 * core/handlers/validation).
 *
 * A committer is one channel of one running peer. A block is validated transaction by transaction
 * (form, signatures, transaction id, endorsement policy, the rules about lscc) and then handed to
 * the ledger, which validates the reads and takes the commit lock. */
#ifndef CCLAB_MODEL_COMMITTER_COMMITTER_H
#define CCLAB_MODEL_COMMITTER_COMMITTER_H

#include "model/ledger/ledger.h"
#include "model/ledger/transient_store.h"
#include "model/privdata/collection_store.h"

struct channel_config;
struct msp_mgmt;
struct platforms_registry;
struct system_chaincode_provider;

struct committer_config {
    rt_str channel_id;
    const struct peer_ledger *ledger;
    const struct channel_config *channel; /* capabilities, MSPs, organisations */
    struct msp_mgmt *msp_mgmt;            /* checks the creators' signatures */
    const struct system_chaincode_provider *sccprovider;
    rt_str sys_cc_version; /* util.GetSysCCVersion */
    /* golang, node, java and car, as the system validation has them built in. */
    const struct platforms_registry *platforms;
    /* Private data: the collections, this peer's identity, and what it has of transactions that are
     * not committed. */
    const struct privdata_support *privdata;
    const struct signing_identity *signer;
    struct transient_store *transient_store;
};

struct committer;
/* The config is copied, what it points to must outlive the committer. */
struct committer *committer_new(const struct committer_config *config);

/* TxValidator.Validate: sets the validation codes in the block's metadata. Runs one goroutine per
 * transaction and waits for them, so it must be called in a goroutine. An error means that the
 * block could not be judged. */
RT_MUST_USE struct rt_error *committer_validate(struct committer *c, struct Common__Block *block);

/* coordinator.StoreBlock: validates and commits, with the private writes of its transactions that
 * are in the transient store. */
RT_MUST_USE struct rt_error *committer_store_block(
        struct committer *c, struct Common__Block *block);

/* The type of the error of a block that could not be judged, for rt_error_is(): the peer stops
 * processing this channel. On any other error it panics. */
extern const char vscc_execution_failure_error[];

/* Number of blocks in the ledger. */
uint64_t committer_ledger_height(struct committer *c);

/* The name of a validation code: "MVCC_READ_CONFLICT"; the number for an unknown one. */
rt_str tx_validation_code_string(int32_t code);

#endif
