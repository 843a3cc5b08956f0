/* The private writes of a transaction with the collections that they belong to, as they go to other
 * peers and into the transient store.
 *
 * Follows core/endorser/pvtrwset_assembler.go. */
#ifndef CCLAB_MODEL_ENDORSER_PVTRWSET_ASSEMBLER_H
#define CCLAB_MODEL_ENDORSER_PVTRWSET_ASSEMBLER_H

#include "model/ledger/ledger.h"
#include "model/ledger/transient_store.h"

/* AssemblePvtRWSet. */
RT_MUST_USE struct rt_error *pvtrwset_assemble(struct Rwset__TxPvtReadWriteSet *private_data,
        const struct query_executor *txsim, struct pvt_rwset_with_config **out);

#endif
