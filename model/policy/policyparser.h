/* Policies as the command line writes them: AND('Org1MSP.peer', OR('Org2MSP.member', …)).
 *
 * Follows common/cauthdsl/policyparser.go: three passes over govaluate, the first of which takes
 * any expression that ends in a text. */
#ifndef CCLAB_MODEL_POLICY_POLICYPARSER_H
#define CCLAB_MODEL_POLICY_POLICYPARSER_H

#include "model/rt/error.h"
#include "proto/policies.pb-c.h"

/* FromString. The envelope is in the current arena. Panics where Go's does, and
 * with GOV_UNMODELLED. */
RT_MUST_USE struct rt_error *cauthdsl_from_string(
        rt_str policy, Common__SignaturePolicyEnvelope **envelope);

#endif
