/* All invariants, for the registry. */
#ifndef CCLAB_HARNESS_INVARIANTS_ALL_H
#define CCLAB_HARNESS_INVARIANTS_ALL_H

#include "harness/invariants/check.h"

extern const struct invariant invariant_no_panic;
extern const struct invariant invariant_live;
extern const struct invariant invariant_launching;
extern const struct invariant invariant_result;
extern const struct invariant invariant_own;
extern const struct invariant invariant_decide;
extern const struct invariant invariant_agree;
extern const struct invariant invariant_left;
extern const struct invariant invariant_mode;
extern const struct invariant invariant_usable;
extern const struct invariant invariant_one;
extern const struct invariant invariant_order;
extern const struct invariant invariant_once;
extern const struct invariant invariant_reply;
extern const struct invariant invariant_quiesce;
extern const struct invariant invariant_init;
extern const struct invariant invariant_key;
extern const struct invariant invariant_sim;
extern const struct invariant invariant_err;
extern const struct invariant invariant_syscc;
extern const struct invariant invariant_race;
extern const struct invariant invariant_stuck;
extern const struct invariant invariant_livelock;
extern const struct invariant invariant_answer;
extern const struct invariant invariant_outcome;
extern const struct invariant invariant_told;
extern const struct invariant invariant_solicited;

#endif
