/* Follows core/ledger/cceventmgmt/mgr.go. */
#include "model/lscc/cceventmgmt.h"

#include "model/rt/rt.h"

struct channel_listeners {
    struct cceventmgmt_listener *items;
    size_t count;
};

struct cceventmgmt_mgr {
    struct rt_rwmutex rwlock;
    struct cceventmgmt_info_provider info_provider;
    struct rt_map *listeners; /* channel to struct channel_listeners * */
    struct rt_mutex status_lock;
    struct rt_map *deploy_pending; /* sets of channels */
    struct rt_map *install_pending;
};

struct cceventmgmt_mgr *cceventmgmt_new_mgr(struct cceventmgmt_info_provider info_provider)
{
    struct cceventmgmt_mgr *m = rt_new(struct cceventmgmt_mgr);
    m->info_provider = info_provider;
    m->listeners = rt_map_new();
    m->deploy_pending = rt_map_new();
    m->install_pending = rt_map_new();
    rt_rwmutex_init(&m->rwlock, "cceventmgmt.Mgr.rwlock");
    rt_mutex_init(&m->status_lock, "cceventmgmt.callbackStatus.l");
    return m;
}

void cceventmgmt_register(
        struct cceventmgmt_mgr *m, rt_str ledger_id, struct cceventmgmt_listener listener)
{
    rt_wlock(&m->rwlock);
    rt_shared_write(m->listeners, "cceventmgmt.Mgr.ccLifecycleListeners");
    struct channel_listeners *l = rt_map_get(m->listeners, ledger_id);
    if (!l) {
        l = rt_new(struct channel_listeners);
        rt_map_put(m->listeners, ledger_id, l);
    }
    l->items = rt_grow(l->items, l->count, l->count + 1, sizeof(*l->items));
    l->items[l->count++] = listener;
    rt_wunlock(&m->rwlock);
}

/* ---- callbackStatus ---- */

static void set_pending(struct cceventmgmt_mgr *m, struct rt_map *pending, rt_str chain_id)
{
    rt_lock(&m->status_lock);
    rt_shared_write(pending, "cceventmgmt.callbackStatus");
    rt_map_put(pending, chain_id, m);
    rt_unlock(&m->status_lock);
}

static void unset_pending(struct cceventmgmt_mgr *m, struct rt_map *pending, rt_str chain_id)
{
    rt_lock(&m->status_lock);
    rt_shared_write(pending, "cceventmgmt.callbackStatus");
    rt_map_delete(pending, chain_id);
    rt_unlock(&m->status_lock);
}

static bool is_pending(struct cceventmgmt_mgr *m, struct rt_map *pending, rt_str chain_id)
{
    rt_lock(&m->status_lock);
    rt_shared_read(pending, "cceventmgmt.callbackStatus");
    bool result = rt_map_has(pending, chain_id);
    rt_unlock(&m->status_lock);
    return result;
}

/* ---- telling listeners ---- */

static struct rt_error *invoke_handler(
        struct cceventmgmt_mgr *m, rt_str chain_id, const struct cceventmgmt_definition *definition)
{
    rt_shared_read(m->listeners, "cceventmgmt.Mgr.ccLifecycleListeners");
    const struct channel_listeners *l = rt_map_get(m->listeners, chain_id);
    for (size_t i = 0; l && i < l->count; i++) {
        struct rt_error *err = l->items[i].handle_chaincode_deploy(l->items[i].self, definition);
        if (err)
            return err;
    }
    return NULL;
}

static void invoke_done_on_handlers(struct cceventmgmt_mgr *m, rt_str chain_id, bool succeeded)
{
    rt_shared_read(m->listeners, "cceventmgmt.Mgr.ccLifecycleListeners");
    const struct channel_listeners *l = rt_map_get(m->listeners, chain_id);
    for (size_t i = 0; l && i < l->count; i++)
        l->items[i].chaincode_deploy_done(l->items[i].self, succeeded);
}

/* ---- install ---- */

struct rt_error *cceventmgmt_handle_chaincode_install(
        struct cceventmgmt_mgr *m, const struct cceventmgmt_definition *definition)
{
    rt_wlock(&m->rwlock);
    rt_shared_read(m->listeners, "cceventmgmt.Mgr.ccLifecycleListeners");
    const struct rt_map_entry *channels = rt_map_range(m->listeners);
    for (size_t i = 0; i < rt_map_len(m->listeners); i++) {
        rt_str chain_id = channels[i].key;
        bool deployed = false;
        struct rt_error *err = m->info_provider.get_deployed_chaincode_info(
                m->info_provider.self, chain_id, definition, &deployed);
        if (err)
            return err;
        if (!deployed)
            continue;
        set_pending(m, m->install_pending, chain_id);
        err = invoke_handler(m, chain_id, definition);
        if (err)
            return err;
    }
    return NULL;
}

void cceventmgmt_chaincode_install_done(struct cceventmgmt_mgr *m, bool succeeded)
{
    rt_shared_read(m->install_pending, "cceventmgmt.callbackStatus");
    const struct rt_map_entry *channels = rt_map_range(m->install_pending);
    size_t count = rt_map_len(m->install_pending);
    for (size_t i = 0; i < count; i++) {
        invoke_done_on_handlers(m, channels[i].key, succeeded);
        unset_pending(m, m->install_pending, channels[i].key);
    }
    rt_wunlock(&m->rwlock);
}

/* ---- deploy ---- */

struct rt_error *cceventmgmt_handle_chaincode_deploy(struct cceventmgmt_mgr *m, rt_str chain_id,
        const struct cceventmgmt_definition *definitions, size_t count)
{
    rt_rlock(&m->rwlock);
    for (size_t i = 0; i < count; i++) {
        bool installed = false;
        struct rt_error *err = m->info_provider.retrieve_chaincode_artifacts(
                m->info_provider.self, &definitions[i], &installed);
        if (err)
            return err;
        if (!installed)
            continue;
        set_pending(m, m->deploy_pending, chain_id);
        err = invoke_handler(m, chain_id, &definitions[i]);
        if (err)
            return err;
    }
    return NULL;
}

void cceventmgmt_chaincode_deploy_done(struct cceventmgmt_mgr *m, rt_str chain_id)
{
    if (is_pending(m, m->deploy_pending, chain_id)) {
        invoke_done_on_handlers(m, chain_id, true);
        unset_pending(m, m->deploy_pending, chain_id);
    }
    rt_runlock(&m->rwlock);
}
