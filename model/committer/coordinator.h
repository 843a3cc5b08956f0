/* Which private writes of a block are at hand, which are missing, and which are none of this peer's
 * business.
 *
 * Follows gossip/privdata/coordinator.go. */
#ifndef CCLAB_MODEL_COMMITTER_COORDINATOR_H
#define CCLAB_MODEL_COMMITTER_COORDINATOR_H

#include "model/committer/committer_impl.h"

/* StoreBlock's part between validation and commit: the write sets that go to the ledger, by their
 * transactions. What is missing is waited for, as Fabric asks other peers for it; then the block is
 * committed without it. */
RT_MUST_USE struct rt_error *coordinator_private_data(
        struct committer *c, Common__Block *block, struct block_and_pvt_data *out);
/* What StoreBlock purges from the transient store when the block is committed. */
void coordinator_purge(struct committer *c, const struct block_and_pvt_data *committed);

#endif
