/* Tells the event manager about commits that deploy chaincodes
 * (core/ledger/cceventmgmt/lsccstate_listener.go). */
#ifndef CCLAB_MODEL_LSCC_LSCC_STATE_LISTENER_H
#define CCLAB_MODEL_LSCC_LSCC_STATE_LISTENER_H

#include "model/lscc/cceventmgmt.h"

struct state_listener;

/* KVLedgerLSCCStateListener of one channel, for kv_ledger_set_lscc_listener(). */
const struct state_listener *lscc_state_listener_new(struct cceventmgmt_mgr *mgr, rt_str channel);

#endif
