/* Blocks for tests of the ledger, which does not look at signatures. */
#ifndef CCLAB_TESTS_LEDGER_HELPER_BLOCK_H
#define CCLAB_TESTS_LEDGER_HELPER_BLOCK_H

#include "model/rt/str.h"

#include "proto/common.pb-c.h"

/* A block of one endorser transaction with an id and a read-write set and nothing else; its code is
 * VALID so far. */
Common__Block *helper_make_block(
        rt_bytes results, rt_str tx_id, uint64_t block_number, rt_bytes previous_hash);

#endif
