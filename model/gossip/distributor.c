/* Follows gossip/privdata/distributor.go. */
#include "model/gossip/distributor.h"

#include "model/lab/metrics.h"
#include "model/privdata/simple_collection.h"
#include "model/rt/arena.h"
#include "model/rt/choice.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/sync.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/rwset.pb-c.h"

static const struct metric_opts metric_send_duration = { "gossip_privdata_send_duration", true,
    { "channel" } };

/* ---- who may have it ---- */

/* A collection as a filter of peers, by what they signed. */
static bool selects(void *self, const struct peer_signature *signature)
{
    const struct signed_data data = { signature->message, signature->peer_identity,
        signature->signature };
    return simple_collection_access_filter(self, &data);
}

static bool is_member_org(const struct simple_collection *collection, rt_str organization)
{
    for (size_t i = 0; i < collection->member_org_count; i++)
        if (rt_str_eq(collection->member_orgs[i], organization))
            return true;
    return false;
}

/* An organisation's eligible peers: api.PeerIdentitySet. */
struct identity_set {
    const struct peer_identity_info **infos;
    size_t count;
    size_t cap;
};

/* eligiblePeersOfChannel, asked of one identity. */
static bool is_eligible_peer(const struct pvt_data_distributor *d,
        const struct routing_filter *filter, const struct peer_identity_info *info)
{
    size_t count;
    const struct network_member *members =
            d->gossip.peers_of_channel(d->gossip.self, d->chain_id, &count);
    for (size_t i = 0; i < count; i++)
        if (rt_str_eq(members[i].pki_id, info->pki_id) &&
                filter->accepts(filter->self, &members[i]))
            return true;
    return false;
}

/* identitiesOfEligiblePeers: from organisation to struct identity_set. */
static struct rt_map *identities_by_org(const struct pvt_data_distributor *d,
        const struct routing_filter *filter, const struct simple_collection *collection)
{
    struct rt_map *by_org = rt_map_new();
    size_t count;
    const struct peer_identity_info *infos = d->gossip.identity_info(d->gossip.self, &count);
    for (size_t i = 0; i < count; i++) {
        if (!is_member_org(collection, infos[i].organization) ||
                !is_eligible_peer(d, filter, &infos[i]))
            continue;
        struct identity_set *set = rt_map_get(by_org, infos[i].organization);
        if (!set) {
            set = rt_new(struct identity_set);
            rt_map_put(by_org, infos[i].organization, set);
        }
        rt_reserve(set->infos, set->cap, set->count + 1);
        set->infos[set->count++] = &infos[i];
    }
    return by_org;
}

/* ---- the plan ---- */

struct plan {
    struct dissemination *items;
    size_t count;
    size_t cap;
};

static void add(struct plan *plan, const struct private_data_message *message,
        const struct send_criteria *criteria)
{
    rt_reserve(plan->items, plan->cap, plan->count + 1);
    plan->items[plan->count++] = (struct dissemination){ *message, *criteria };
}

static bool is_that_peer(void *self, const struct network_member *member)
{
    const struct peer_identity_info *info = self;
    return rt_str_eq(info->pki_id, member->pki_id);
}

/* disseminationPlanForMsg: one peer of each organisation, then any others. */
static struct rt_error *plan_for_message(const struct pvt_data_distributor *d,
        const struct simple_collection *collection, const struct private_data_message *message,
        struct plan *plan)
{
    const struct sub_channel_selection may_have_it = { (void *)(uintptr_t)collection, selects };
    struct routing_filter filter;
    struct rt_error *err = d->gossip.peer_filter(d->gossip.self, d->chain_id, may_have_it, &filter);
    if (err) {
        rt_note("Failed to retrieve peer routing filter for channel %S : %v", d->chain_id, err);
        return err;
    }
    struct rt_map *by_org = identities_by_org(d, &filter, collection);
    int64_t maximum = collection->conf->maximum_peer_count;
    int64_t required = collection->conf->required_peer_count;
    const struct rt_map_entry *orgs = maximum > 0 ? rt_map_range(by_org) : NULL;
    struct send_criteria criteria = { .timeout_ns = d->push_ack_timeout_ns,
        .channel = d->chain_id };
    for (size_t i = 0; orgs && i < rt_map_len(by_org); i++) {
        const struct identity_set *set = orgs[i].value;
        uint32_t chosen =
                rt_choose(RT_CHOICE_DATA, (uint32_t)set->count, "peer that gets private data");
        criteria.max_peers = 1;
        criteria.min_ack = required == 0 ? 0 : 1;
        criteria.is_eligible =
                (struct routing_filter){ (void *)(uintptr_t)set->infos[chosen], is_that_peer };
        add(plan, message, &criteria);
        if (required > 0)
            required--;
        if (--maximum == 0)
            return NULL;
    }
    criteria.max_peers = maximum;
    criteria.min_ack = required;
    criteria.is_eligible = filter;
    add(plan, message, &criteria);
    return NULL;
}

/* getCollectionConfig. */
static struct rt_error *get_collection_config(const Common__CollectionConfigPackage *package,
        rt_str name, const Common__CollectionConfig **config)
{
    for (size_t i = 0; i < package->n_config; i++) {
        const Common__CollectionConfig *c = package->config[i];
        if (c->payload_case == COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG &&
                rt_str_eq(c->static_collection_config->name, name)) {
            *config = c;
            return NULL;
        }
    }
    return rt_errorf("no configuration for collection%Sfound", name);
}

/* policyAccessFactory.AccessPolicy. */
static struct rt_error *access_policy(const struct pvt_data_distributor *d,
        const Common__CollectionConfig *config, struct simple_collection *collection)
{
    const Common__StaticCollectionConfig *static_config = config->static_collection_config;
    return rt_error_wrapf(
            simple_collection_setup(collection, static_config,
                    d->support->get_identity_deserializer(d->support->self, d->chain_id)),
            "error setting up collection  %q", static_config->name);
}

static struct rt_error *plan_collection(const struct pvt_data_distributor *d, rt_str tx_id,
        rt_str ns, const Common__CollectionConfigPackage *package,
        const Rwset__CollectionPvtReadWriteSet *set, uint64_t height, struct plan *plan)
{
    rt_str name = set->collection_name;
    const Common__CollectionConfig *config;
    struct rt_error *err = get_collection_config(package, name, &config);
    if (err)
        return rt_error_wrapf(err,
                "could not find collection access policy for%S and collection%Serror%v", ns, name,
                err);
    struct simple_collection *collection = rt_new(struct simple_collection);
    err = access_policy(d, config, collection);
    if (err)
        return rt_error_wrapf(err,
                "Could not obtain collection access policy, collection name%Sdue to%v", name, err);
    const struct private_data_message message = {
        .channel = d->chain_id,
        .ns = ns,
        .collection = name,
        .tx_id = tx_id,
        .rwset = set->rwset,
        .sim_height = height,
        .config = config,
    };
    return plan_for_message(d, collection, &message, plan);
}

struct rt_error *distributor_plan(const struct pvt_data_distributor *d, rt_str tx_id,
        const struct pvt_rwset_with_config *data, struct dissemination **items, size_t *count)
{
    struct plan plan = { 0 };
    for (size_t i = 0; i < data->pvt_rwset->n_ns_pvt_rwset; i++) {
        const Rwset__NsPvtReadWriteSet *set = data->pvt_rwset->ns_pvt_rwset[i];
        const Common__CollectionConfigPackage *package =
                rt_map_get(data->collection_configs, set->namespace_);
        if (!package)
            return rt_errorf(
                    "collection config package for%Schaincode is not provided", set->namespace_);
        for (size_t k = 0; k < set->n_collection_pvt_rwset; k++) {
            struct rt_error *err = plan_collection(d, tx_id, set->namespace_, package,
                    set->collection_pvt_rwset[k], data->endorsed_at, &plan);
            if (err)
                return err;
        }
    }
    *items = plan.items;
    *count = plan.count;
    return NULL;
}

/* ---- sending ---- */

/* What the goroutines of one disseminate share. */
struct sending {
    const struct pvt_data_distributor *d;
    struct rt_waitgroup wg;
    int64_t start_ns;
    size_t failures; /* atomic */
};

struct send {
    struct sending *all;
    const struct dissemination *what;
};

static void report_duration(const struct sending *all)
{
    rt_str channel[METRICS_LABELS_MAX] = { all->d->chain_id };
    if (all->d->metrics)
        metrics_observe(all->d->metrics, &metric_send_duration, channel,
                (double)(rt_now_ns() - all->start_ns) / 1e9);
}

static void send_one(void *arg)
{
    const struct send *send = arg;
    struct sending *all = send->all;
    const struct private_data_message *m = &send->what->message;
    const struct gossip_adapter *gossip = &all->d->gossip;
    struct rt_error *err = gossip->send_by_criteria(gossip->self, m, &send->what->criteria);
    if (err) {
        all->failures++;
        rt_note("Failed disseminating private RWSet for TxID %S , namespace %S collection %S : %v",
                m->tx_id, m->ns, m->collection, err);
    }
    report_duration(all);
    rt_waitgroup_done(&all->wg);
}

struct rt_error *distributor_distribute(const struct pvt_data_distributor *d, rt_str tx_id,
        const struct pvt_rwset_with_config *data)
{
    struct dissemination *plan;
    size_t count;
    struct rt_error *err = distributor_plan(d, tx_id, data, &plan, &count);
    if (err)
        return err;
    struct sending *all = rt_new(struct sending);
    all->d = d;
    all->start_ns = rt_now_ns();
    rt_waitgroup_init(&all->wg, "disseminate.wg");
    rt_waitgroup_add(&all->wg, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        struct send *send = rt_new(struct send);
        *send = (struct send){ all, &plan[i] };
        rt_go("disseminate", send_one, send);
    }
    rt_waitgroup_wait(&all->wg);
    if (all->failures > 0)
        return rt_errorf("Failed disseminating %zu out of %zu private dissemination plans",
                all->failures, count);
    return NULL;
}
