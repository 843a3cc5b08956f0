/* Hashes (core/ledger/util, common/util). */
#ifndef CCLAB_MODEL_LEDGER_LEDGER_UTIL_H
#define CCLAB_MODEL_LEDGER_LEDGER_UTIL_H

#include "model/rt/str.h"

/* util.ComputeSHA256, ComputeHash, ComputeStringHash. */
rt_bytes ledger_compute_hash(rt_bytes data);

#endif
