/* Checks, before private data leaves the peer, that every namespace in it has a collection
 * configuration.
 *
 * Follows core/endorser/pvtrwset_assembler.go; what Fabric assembles for the other peers goes
 * nowhere in the model, so only the errors are left of it. */
#ifndef CCLAB_MODEL_ENDORSER_PVTRWSET_ASSEMBLER_H
#define CCLAB_MODEL_ENDORSER_PVTRWSET_ASSEMBLER_H

#include "model/ledger/ledger.h"

/* AssemblePvtRWSet. */
RT_MUST_USE struct rt_error *pvtrwset_assemble(
        const struct Rwset__TxPvtReadWriteSet *private_data, const struct query_executor *txsim);

#endif
