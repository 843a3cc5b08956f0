/* Keeps chaincode installs apart from the commits that deploy chaincodes (core/ledger/cceventmgmt),
 * and tells each channel about chaincodes that become both installed and deployed
 * (core/cclifecycle).
 *
 * What matters to a model are its locks. An install holds the manager's lock exclusively while it
 * opens a query executor on every channel, and those wait for the channel's commit lock. So an
 * install that came with a channel, whose simulator holds that commit lock shared already, can be
 * caught between a commit and itself. */
#ifndef CCLAB_MODEL_LSCC_CCEVENTMGMT_H
#define CCLAB_MODEL_LSCC_CCEVENTMGMT_H

#include "model/ledger/ledger.h"
#include "model/rt/sync.h"
#include "model/scc/peer_operations.h"

/* cceventmgmt.ChaincodeDefinition. */
struct cceventmgmt_definition {
    rt_str name;
    rt_bytes hash;
    rt_str version;
};

/* cceventmgmt.ChaincodeLifecycleEventListener: whoever wants to know that a chaincode of a channel
 * became installed and deployed. */
struct cceventmgmt_listener {
    void *self;
    struct rt_error *(*handle_chaincode_deploy)(
            void *self, const struct cceventmgmt_definition *definition);
    void (*chaincode_deploy_done)(void *self, bool succeeded);
};

/* cceventmgmt.ChaincodeInfoProvider. */
struct cceventmgmt_info_provider {
    void *self;
    /* GetDeployedChaincodeInfo: *deployed is false when the channel has not exactly this
     * chaincode. */
    struct rt_error *(*get_deployed_chaincode_info)(void *self, rt_str chain_id,
            const struct cceventmgmt_definition *definition, bool *deployed);
    /* RetrieveChaincodeArtifacts without the artifacts. */
    struct rt_error *(*retrieve_chaincode_artifacts)(
            void *self, const struct cceventmgmt_definition *definition, bool *installed);
};

/* cceventmgmt.Mgr. */
struct cceventmgmt_mgr;
struct cceventmgmt_mgr *cceventmgmt_new_mgr(struct cceventmgmt_info_provider info_provider);
/* Mgr.Register. */
void cceventmgmt_register(
        struct cceventmgmt_mgr *m, rt_str ledger_id, struct cceventmgmt_listener listener);
/* Mgr.HandleChaincodeInstall, ChaincodeInstallDone: the lock is held from the one to the other,
 * also after an error. */
RT_MUST_USE struct rt_error *cceventmgmt_handle_chaincode_install(
        struct cceventmgmt_mgr *m, const struct cceventmgmt_definition *definition);
void cceventmgmt_chaincode_install_done(struct cceventmgmt_mgr *m, bool succeeded);
/* Mgr.HandleChaincodeDeploy, ChaincodeDeployDone: before and after a block that writes definitions
 * is committed. The lock is held, shared, from the one to the other. */
RT_MUST_USE struct rt_error *cceventmgmt_handle_chaincode_deploy(struct cceventmgmt_mgr *m,
        rt_str chain_id, const struct cceventmgmt_definition *definitions, size_t count);
void cceventmgmt_chaincode_deploy_done(struct cceventmgmt_mgr *m, rt_str chain_id);

/* ledgermgmt's chaincodeInfoProviderImpl over the peer's channels. `retrieve_artifacts` stands for
 * ccprovider.ExtractStatedbArtifactsForChaincode. */
struct cceventmgmt_info_provider cceventmgmt_ledger_info_provider(
        const struct peer_operations *peer,
        const struct deployed_chaincode_info_provider *deployed_cc_info_provider,
        struct rt_error *(*retrieve_artifacts)(
                void *arg, rt_str name, rt_str version, bool *installed),
        void *arg);

/* cclifecycle.Lifecycle: what was installed when the peer started. */
struct installed_chaincode;
struct cclifecycle {
    const struct installed_chaincode *installed;
    size_t count;
};

/* Lifecycle.NewChannelSubscription: queries the definitions of all that was installed at the start,
 * under the channel's commit lock. The listener, cclifecycle.Subscription, queries in a goroutine
 * of its own once a later deployment is done. An error when the state cannot be read. */
RT_MUST_USE struct rt_error *cclifecycle_new_channel_subscription(const struct cclifecycle *lc,
        const struct peer_operations *peer, rt_str channel, struct cceventmgmt_listener *listener);

#endif
