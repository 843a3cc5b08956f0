/* What system chaincodes ask of the peer and its channels (core/peer, msp/mgmt).
 *
 * In Fabric these are package functions over global tables. Here they are an interface that
 * model/peer implements, so that a run can hold several peers. */
#ifndef CCLAB_MODEL_SCC_PEER_OPERATIONS_H
#define CCLAB_MODEL_SCC_PEER_OPERATIONS_H

#include "model/rt/error.h"

#include "proto/common.pb-c.h"

struct channel_config;
struct msp_mgmt;
struct peer_ledger;

struct peer_operations {
    void *self;
    struct msp_mgmt *msp_mgmt; /* mgmt.GetManagerForChain */
    /* peer.GetLedger: NULL when there is no such channel. */
    const struct peer_ledger *(*get_ledger)(void *self, rt_str cid);
    /* peer.GetChannelConfig, which also knows the policy manager (peer.GetPolicyManager), the
     * application's capabilities (Support.GetApplicationConfig) and the MSP ids (peer.GetMSPIDs):
     * NULL when there is no such channel. */
    const struct channel_config *(*get_channel_config)(void *self, rt_str cid);
    /* peer.GetChannelsInfo: the names of all channels, in the order of Go's map (a choice). */
    const rt_str *(*get_channels)(void *self, size_t *count);
    /* peer.GetCurrConfigBlock: NULL when there is no such channel. */
    const Common__Block *(*get_curr_config_block)(void *self, rt_str cid);
};

#endif
