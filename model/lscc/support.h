/* What lscc asks of the peer around it (core/scc/lscc/support.go). */
#ifndef CCLAB_MODEL_LSCC_SUPPORT_H
#define CCLAB_MODEL_LSCC_SUPPORT_H

#include "model/lscc/lscc.h"

struct cc_package;

/* peer.GetMSPIDs: the organisations of a channel's application; none for an unknown channel. Both
 * callers sort them, so the order of Go's map does not show. */
const rt_str *lscc_get_msp_ids(const struct life_cycle_sys_cc *lscc, rt_str channel, size_t *count);

/* PutChaincodeToLocalStorage. */
RT_MUST_USE struct rt_error *lscc_put_chaincode_to_local_storage(
        const struct life_cycle_sys_cc *lscc, const struct cc_package *ccpack);

/* GetInstantiationPolicy: a signed package's own, otherwise any administrator of the channel's
 * organisations. */
RT_MUST_USE struct rt_error *lscc_get_instantiation_policy(const struct life_cycle_sys_cc *lscc,
        rt_str channel, const struct cc_package *ccpack, rt_bytes *policy);

/* CheckInstantiationPolicy: whether the proposal's creator satisfies the policy. A NULL proposal
 * panics as in Go. */
RT_MUST_USE struct rt_error *lscc_check_instantiation_policy(const struct life_cycle_sys_cc *lscc,
        const Protos__SignedProposal *signed_prop, rt_str chain_name,
        rt_bytes instantiation_policy);

#endif
