/* Follows core/ledger/cceventmgmt/lsccstate_listener.go. */
#include "model/lscc/lscc_state_listener.h"

#include "model/ledger/deployedcc_infoprovider.h"
#include "model/ledger/lockbased_txmgr.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

struct lscc_listener {
    struct state_listener interface;
    struct cceventmgmt_mgr *mgr;
    rt_str channel;
};

/* The state as it will be: PostCommitQueryExecutor. */
struct post_commit_state {
    const struct update_batch *updates;
    const struct state_db *db;
};

static struct rt_error *get_state(void *self, rt_str ns, rt_str key, rt_bytes *value)
{
    const struct post_commit_state *state = self;
    const struct versioned_value *updated = update_batch_get(state->updates, ns, key);
    struct versioned_value committed;
    *value = RT_NIL;
    if (updated) {
        *value = updated->value;
        return NULL;
    }
    struct rt_error *err = state_db_get_state(state->db, ns, key, &committed, NULL);
    if (!err)
        *value = committed.value;
    return err;
}

/* DeployedCCInfoProvider.UpdatedChaincodes: names, each once. */
static struct rt_map *updated_chaincodes(const struct update_batch *updates)
{
    struct rt_map *names = rt_map_new();
    for (size_t i = 0; i < updates->count; i++) {
        const struct versioned_kv *kv = &updates->items[i];
        if (!rt_str_is(kv->ns, "lscc") || !kv->value.value.data)
            continue;
        rt_str name = kv->key;
        if (is_collection_config_key(name))
            name = rt_str_slice(name, 0, (size_t)rt_str_index(name, RT_STR("~")));
        rt_map_put(names, name, names);
    }
    return names;
}

static struct rt_error *handle_state_updates(
        void *self, const struct update_batch *updates, const struct state_db *db)
{
    struct lscc_listener *l = self;
    struct post_commit_state *state = rt_new(struct post_commit_state);
    *state = (struct post_commit_state){ updates, db };
    struct simple_query_executor qe = { .self = state, .get_state = get_state };

    struct rt_map *names = updated_chaincodes(updates);
    size_t count = rt_map_len(names);
    const struct rt_map_entry *entries = rt_map_range(names);
    struct cceventmgmt_definition *definitions = rt_new_array(struct cceventmgmt_definition, count);
    for (size_t i = 0; i < count; i++) {
        rt_note("Channel [%S]: Handling deploy or update of chaincode [%S]", l->channel,
                entries[i].key);
        struct deployed_chaincode_info *info = NULL;
        struct rt_error *err = deployed_cc_info_provider.chaincode_info(
                deployed_cc_info_provider.self, entries[i].key, &qe, &info);
        if (err)
            return err;
        definitions[i] = (struct cceventmgmt_definition){
            .name = RT_DEREF(info)->name,
            .hash = info->hash,
            .version = info->version,
        };
    }
    return cceventmgmt_handle_chaincode_deploy(l->mgr, l->channel, definitions, count);
}

static void state_commit_done(void *self)
{
    struct lscc_listener *l = self;
    cceventmgmt_chaincode_deploy_done(l->mgr, l->channel);
}

const struct state_listener *lscc_state_listener_new(struct cceventmgmt_mgr *mgr, rt_str channel)
{
    struct lscc_listener *l = rt_new(struct lscc_listener);
    *l = (struct lscc_listener){
        .interface = { l, handle_state_updates, state_commit_done },
        .mgr = mgr,
        .channel = channel,
    };
    return &l->interface;
}
