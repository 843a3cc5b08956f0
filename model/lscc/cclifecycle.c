/* Follows chaincodeInfoProviderImpl of core/ledger/ledgermgmt/ledger_mgmt.go and
 * core/cclifecycle/{lifecycle,subscription,util}.go. */
#include "model/lscc/cceventmgmt.h"

#include "model/ccprovider/store.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

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

/* ---- DeployedChaincodes ---- */

/* True if the channel has exactly the chaincode that is installed. */
static bool is_installed(const struct installed_chaincode *installed, size_t count,
        const Ccprovider__ChaincodeData *cc)
{
    const struct installed_chaincode *found = NULL;
    for (size_t i = 0; i < count; i++)
        if (rt_str_eq(installed[i].name, cc->name) && rt_str_eq(installed[i].version, cc->version))
            found = &installed[i];
    return found && rt_str_eq(found->id, cc->id);
}

static void note_definition(rt_str channel, const struct installed_chaincode *installed,
        size_t count, rt_str name, rt_bytes data)
{
    Ccprovider__ChaincodeData *cc;
    struct rt_error *err = NULL;
    if (data.len == 0)
        rt_note("Chaincode %S isn't instantiated", name);
    else if ((err = WIRE_UNMARSHAL(ccprovider__chaincode_data, data, &cc)))
        rt_note("Failed extracting chaincode info about %S from LSCC returned payload. Error: "
                "failed unmarshaling lscc read value into ChaincodeData: %v",
                name, err);
    else if (!rt_str_eq(cc->name, name))
        rt_note("Chaincode %S is listed in LSCC as %S", name, cc->name);
    else if (is_installed(installed, count, cc))
        rt_note("channel %S: chaincode %S:%S is installed and deployed", channel, name,
                cc->version);
}

/* queryChaincodeDefinitions: asks for one after the other, and lets the executor go. What it finds
 * goes to gossip and service discovery, which are not modelled. */
static struct rt_error *query_chaincode_definitions(const struct query_executor *qe, rt_str channel,
        const struct installed_chaincode *installed, size_t count)
{
    struct rt_error *err = NULL;
    rt_bytes data;
    for (size_t i = 0; i < count && !err; i++) {
        err = qe->get_state(qe->self, RT_STR("lscc"), installed[i].name, &data);
        if (!err)
            note_definition(channel, installed, count, installed[i].name, data);
    }
    qe->done(qe->self);
    return err;
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

/* The QueryCreatorFunc of a channel: a query that waits for its commit lock. */
static struct rt_error *new_query(
        const struct peer_operations *peer, rt_str channel, const struct query_executor **qe)
{
    const struct peer_ledger *ledger = peer->get_ledger(peer->self, channel);
    return RT_DEREF(ledger)->new_query_executor(ledger->self, qe);
}

/* processPendingUpdate. */
static void process_pending_update(
        struct subscription *sub, const struct cceventmgmt_definition *definition)
{
    const struct query_executor *qe;
    const struct installed_chaincode installed = { definition->name, definition->version,
        definition->hash };
    if (new_query(sub->peer, sub->channel, &qe))
        return;
    struct rt_error *err = query_chaincode_definitions(qe, sub->channel, &installed, 1);
    if (err)
        rt_note("Query for channel %S for %S failed with error %v", sub->channel, definition->name,
                err);
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

/* ---- Lifecycle ---- */

struct rt_error *cclifecycle_new_channel_subscription(const struct cclifecycle *lc,
        const struct peer_operations *peer, rt_str channel, struct cceventmgmt_listener *listener)
{
    const struct query_executor *qe;
    struct rt_error *err = new_query(peer, channel, &qe);
    if (!err)
        err = query_chaincode_definitions(qe, channel, lc->installed, lc->count);
    if (err)
        return err;
    struct subscription *sub = rt_new(struct subscription);
    sub->peer = peer;
    sub->channel = channel;
    rt_mutex_init(&sub->mutex, "cclifecycle.Subscription");
    *listener = (struct cceventmgmt_listener){
        .self = sub,
        .handle_chaincode_deploy = handle_chaincode_deploy,
        .chaincode_deploy_done = chaincode_deploy_done,
    };
    return NULL;
}
