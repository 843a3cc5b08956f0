/* Which names and versions lscc takes (the regular expressions of core/scc/lscc/lscc.go). */
#ifndef CCLAB_MODEL_LSCC_NAMES_H
#define CCLAB_MODEL_LSCC_NAMES_H

#include "model/rt/error.h"

/* lscc.isValidChaincodeName: ASCII letters and digits, single '-' or '_' between them. */
RT_MUST_USE struct rt_error *lscc_is_valid_chaincode_name(rt_str name);
/* lscc.isValidChaincodeVersion: ASCII letters, digits, '_', '.', '+' and '-', at least one. */
RT_MUST_USE struct rt_error *lscc_is_valid_chaincode_version(rt_str version);

#endif
