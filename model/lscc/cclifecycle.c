/* Follows chaincodeInfoProviderImpl of core/ledger/ledgermgmt/ledger_mgmt.go and
 * core/cclifecycle/subscription.go. */
#include "model/lscc/cceventmgmt.h"

#include "model/rt/rt.h"
#include "model/rt/trace.h"

/* ---- chaincodeInfoProviderImpl ---- */

struct ledger_info_provider {
    const struct peer_operations *peer;
    const struct deployed_chaincode_info_provider *deployed_cc_info_provider;
    struct rt_error *(*retrieve_artifacts)(void *arg, rt_str name, rt_str version, bool *installed);
    void *arg;
};

static struct rt_error *get_deployed_chaincode_info(void *self, rt_str chain_id,
        const struct cceventmgmt_definition *definition, bool *deployed)
{
    const struct ledger_info_provider *p = self;
    const struct peer_ledger *ledger = p->peer->get_ledger(p->peer->self, chain_id);
    if (!ledger)
        return rt_errorf("Ledger not opened [%S]", chain_id);
    const struct query_executor *qe;
    struct rt_error *err = ledger->new_query_executor(ledger->self, &qe);
    if (err)
        return err;
    struct simple_query_executor simple = {
        .self = qe->self,
        .get_state = qe->get_state,
        .get_state_range_scan_iterator = qe->get_state_range_scan_iterator,
    };
    struct deployed_chaincode_info *info = NULL;
    err = p->deployed_cc_info_provider->chaincode_info(
            p->deployed_cc_info_provider->self, definition->name, &simple, &info);
    *deployed = !err && info && rt_str_eq(info->version, definition->version) &&
                rt_str_eq(info->hash, definition->hash);
    qe->done(qe->self);
    return err;
}

static struct rt_error *retrieve_chaincode_artifacts(
        void *self, const struct cceventmgmt_definition *definition, bool *installed)
{
    const struct ledger_info_provider *p = self;
    return p->retrieve_artifacts(p->arg, definition->name, definition->version, installed);
}

struct cceventmgmt_info_provider cceventmgmt_ledger_info_provider(
        const struct peer_operations *peer,
        const struct deployed_chaincode_info_provider *deployed_cc_info_provider,
        struct rt_error *(*retrieve_artifacts)(
                void *arg, rt_str name, rt_str version, bool *installed),
        void *arg)
{
    struct ledger_info_provider *p = rt_new(struct ledger_info_provider);
    *p = (struct ledger_info_provider){
        .peer = peer,
        .deployed_cc_info_provider = deployed_cc_info_provider,
        .retrieve_artifacts = retrieve_artifacts,
        .arg = arg,
    };
    return (struct cceventmgmt_info_provider){
        .self = p,
        .get_deployed_chaincode_info = get_deployed_chaincode_info,
        .retrieve_chaincode_artifacts = retrieve_chaincode_artifacts,
    };
}

/* ---- Subscription ---- */

struct subscription {
    struct rt_mutex mutex;
    const struct peer_operations *peer;
    rt_str channel;
    struct cceventmgmt_definition *pending_updates;
    size_t pending_count;
    bool succeeded; /* of the deployment that is being dispatched, under the mutex */
};

static struct rt_error *handle_chaincode_deploy(
        void *self, const struct cceventmgmt_definition *definition)
{
    struct subscription *sub = self;
    rt_lock(&sub->mutex);
    rt_shared_write(&sub->pending_updates, "Subscription.pendingUpdates");
    sub->pending_updates = rt_grow(sub->pending_updates, sub->pending_count, sub->pending_count + 1,
            sizeof(*sub->pending_updates));
    sub->pending_updates[sub->pending_count++] = *definition;
    rt_unlock(&sub->mutex);
    return NULL;
}

/* processPendingUpdate: a query that waits for the channel's commit lock. What it finds goes to
 * gossip and service discovery, which are not modelled. */
static void process_pending_update(
        struct subscription *sub, const struct cceventmgmt_definition *definition)
{
    const struct peer_ledger *ledger = sub->peer->get_ledger(sub->peer->self, sub->channel);
    const struct query_executor *qe;
    if (RT_DEREF(ledger)->new_query_executor(ledger->self, &qe))
        return;
    rt_bytes data;
    struct rt_error *err = qe->get_state(qe->self, RT_STR("lscc"), definition->name, &data);
    qe->done(qe->self);
    if (!err)
        rt_note("channel %S: chaincode %S:%S is installed and deployed", sub->channel,
                definition->name, definition->version);
}

/* The goroutine of ChaincodeDeployDone; it unlocks what its starter locked. */
static void dispatch(void *arg)
{
    struct subscription *sub = arg;
    rt_shared_read(&sub->pending_updates, "Subscription.pendingUpdates");
    for (size_t i = 0; sub->succeeded && i < sub->pending_count; i++)
        process_pending_update(sub, &sub->pending_updates[i]);
    rt_shared_write(&sub->pending_updates, "Subscription.pendingUpdates");
    sub->pending_updates = NULL;
    sub->pending_count = 0;
    rt_unlock(&sub->mutex);
}

static void chaincode_deploy_done(void *self, bool succeeded)
{
    struct subscription *sub = self;
    rt_lock(&sub->mutex);
    sub->succeeded = succeeded;
    rt_go("cclifecycle.Subscription.ChaincodeDeployDone", dispatch, sub);
}

struct cceventmgmt_listener cclifecycle_new_channel_subscription(
        const struct peer_operations *peer, rt_str channel)
{
    struct subscription *sub = rt_new(struct subscription);
    sub->peer = peer;
    sub->channel = channel;
    rt_mutex_init(&sub->mutex, "cclifecycle.Subscription");
    return (struct cceventmgmt_listener){
        .self = sub,
        .handle_chaincode_deploy = handle_chaincode_deploy,
        .chaincode_deploy_done = chaincode_deploy_done,
    };
}
