/* What invariants ask about chaincodes. */
#ifndef CCLAB_HARNESS_INVARIANTS_CHAINCODES_H
#define CCLAB_HARNESS_INVARIANTS_CHAINCODES_H

#include "harness/invariants/check.h"

/* The names of system chaincodes, in use or not; NULL ends them. */
extern const char *const chaincode_system_names[];
/* True for one of these. */
bool chaincode_is_system(const struct check *c, rt_str name);
/* The chaincode's CCID, as the model makes names of it in this run. */
struct ccid chaincode_ccid(const struct check *c, rt_str name, rt_str version);
/* True if the call was to lscc, which has done what it was asked for. */
bool chaincode_accepted(const struct check_call *call);

#endif
