/* What system chaincodes ask of the peer and its channels (core/peer, msp/mgmt).
 *
 * In Fabric these are package functions over a global table of channels. Here they are an interface
 * that model/peer implements, so that a run can hold several peers.
 */
#ifndef CCLAB_MODEL_SCC_PEER_OPERATIONS_H
#define CCLAB_MODEL_SCC_PEER_OPERATIONS_H

#include "model/rt/error.h"

#include "proto/common.pb-c.h"

struct application_config;
struct msp_manager;
struct peer_ledger;
struct policy_manager;

struct peer_operations {
    void *self;
    /* peer.GetLedger: NULL when there is no such channel. */
    const struct peer_ledger *(*get_ledger)(void *self, rt_str cid);
    /* peer.GetPolicyManager: NULL when there is no such channel. */
    const struct policy_manager *(*get_policy_manager)(void *self, rt_str cid);
    /* peer.Support.GetApplicationConfig: false when there is no such channel or application. */
    bool (*get_application_config)(
            void *self, rt_str cid, const struct application_config **config);
    /* peer.GetMSPIDs: the organisations of the channel's application in the order of Go's map, a
     * choice when there are several; *count is 0 when there is no such channel. */
    const rt_str *(*get_msp_ids)(void *self, rt_str cid, size_t *count);
    /* mgmt.GetManagerForChain: for an unknown channel Fabric makes an empty, uninitialised manager
     * and keeps it; the result is never NULL. */
    const struct msp_manager *(*get_manager_for_chain)(void *self, rt_str cid);
    /* peer.GetChannelsInfo: names of all channels in the order of Go's map. */
    const rt_str *(*get_channels)(void *self, size_t *count);
    /* peer.GetCurrConfigBlock: NULL when there is no such channel. */
    Common__Block *(*get_curr_config_block)(void *self, rt_str cid);
};

#endif
