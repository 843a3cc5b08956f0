/* Follows core/ledger/kvledger/txmgmt/txmgr/lockbasedtxmgr/{helper,collection_val}.go. */
#include "model/ledger/query_helper.h"

#include "model/crypto/crypto.h"
#include "model/lab/observer.h"
#include "model/ledger/metadata.h"
#include "model/ledger/results_itr.h"

#include "proto/collection.pb-c.h"

struct rt_error *query_helper_check_done(const struct query_helper *h)
{
    /* Of a simulator the handler tells, for which request. */
    if (!h->rwset_builder)
        observer_tell(h->txmgr->observer, .kind = OBSERVED_SIMULATOR_USED, .simulator = h,
                .place = "query_helper.c query executor");
    rt_shared_read(&h->done_invoked, "queryHelper.doneInvoked");
    if (h->done_invoked)
        return rt_errorf("this instance should not be used after calling Done()");
    return NULL;
}

/* ---- collNameValidator ---- */

/* Reads the collections through this helper, so a simulator records these reads too. */
static struct rt_error *retrieve_coll_config(
        struct query_helper *h, rt_str ns, struct rt_map **collections)
{
    struct simple_query_executor qe = { h, query_helper_get_state,
        query_helper_get_state_range_scan_iterator };
    struct deployed_chaincode_info *info;
    const struct deployed_chaincode_info_provider *provider = h->txmgr->cc_info_provider;
    struct rt_error *err = provider->chaincode_info(provider->self, ns, &qe, &info);
    if (err)
        return err;
    if (!info || !info->collection_config_pkg)
        return rt_error_typed(ledger_coll_config_not_defined, NULL,
                rt_sprintf("collection config not defined for chaincode [%S], pass the collection "
                           "configuration upon chaincode definition/instantiation",
                        ns));
    *collections = rt_map_new();
    const Common__CollectionConfigPackage *pkg = info->collection_config_pkg;
    for (size_t i = 0; i < pkg->n_config; i++) {
        if (pkg->config[i]->payload_case ==
                COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG)
            rt_map_put(*collections, pkg->config[i]->static_collection_config->name, h);
    }
    /* Fabric marks a namespace as cached with an entry of the empty name, which makes the empty
     * collection exist. */
    rt_map_put(*collections, RT_STR(""), h);
    return NULL;
}

struct rt_error *query_helper_validate_coll_name(struct query_helper *h, rt_str ns, rt_str coll)
{
    rt_shared_read(&h->coll_config_cache, "collNameValidator.cache");
    struct rt_map *collections = rt_map_get(h->coll_config_cache, ns);
    if (!collections) {
        struct rt_error *err = retrieve_coll_config(h, ns, &collections);
        if (err)
            return err;
        rt_shared_write(&h->coll_config_cache, "collNameValidator.cache");
        if (!h->coll_config_cache)
            h->coll_config_cache = rt_map_new();
        rt_map_put(h->coll_config_cache, ns, collections);
    }
    if (!rt_map_has(collections, coll))
        return rt_error_typed(ledger_invalid_coll_name, NULL,
                rt_sprintf("collection [%S] not defined in the collection config for chaincode "
                           "[%S]",
                        coll, ns));
    return NULL;
}

static struct rt_error *check_collection(struct query_helper *h, rt_str ns, rt_str coll)
{
    struct rt_error *err = query_helper_validate_coll_name(h, ns, coll);
    return err ? err : query_helper_check_done(h);
}

/* ---- public state ---- */

/* queryHelper.getState: nil value and metadata for a key that does not exist. */
static struct rt_error *get_state(
        struct query_helper *h, rt_str ns, rt_str key, struct versioned_value *value)
{
    struct rt_error *err = query_helper_check_done(h);
    if (err)
        return err;
    err = state_db_get_state(h->txmgr->db, ns, key, value, NULL);
    if (err)
        return err;
    if (h->rwset_builder)
        rwset_builder_add_to_read_set(h->rwset_builder, ns, key, value->version);
    return NULL;
}

struct rt_error *query_helper_get_state(void *self, rt_str ns, rt_str key, rt_bytes *value)
{
    struct versioned_value versioned;
    struct rt_error *err = get_state(self, ns, key, &versioned);
    if (!err)
        *value = versioned.value;
    return err;
}

static struct rt_error *get_state_metadata(
        void *self, rt_str ns, rt_str key, struct rt_map **metadata)
{
    struct versioned_value versioned;
    struct rt_error *err = get_state(self, ns, key, &versioned);
    return err ? err : deserialize_metadata(versioned.metadata, metadata);
}

/* VersionedDB.GetStateMultipleKeys; NULL if it fails, for Fabric drops its error. */
static struct versioned_value *get_multiple_keys(
        const struct query_helper *h, rt_str ns, const rt_str *keys, size_t count)
{
    struct versioned_value *got = rt_new_array(struct versioned_value, count + 1);
    for (size_t i = 0; i < count; i++)
        if (state_db_get_state(h->txmgr->db, ns, keys[i], &got[i], NULL))
            return NULL;
    return got;
}

static struct rt_error *get_state_multiple_keys(
        void *self, rt_str ns, const rt_str *keys, size_t count, rt_bytes **values)
{
    struct query_helper *h = self;
    struct rt_error *err = query_helper_check_done(h);
    if (err)
        return err;
    struct versioned_value *got = get_multiple_keys(h, ns, keys, count);
    *values = got ? rt_new_array(rt_bytes, count) : NULL;
    for (size_t i = 0; got && i < count; i++) {
        if (h->rwset_builder)
            rwset_builder_add_to_read_set(h->rwset_builder, ns, keys[i], got[i].version);
        (*values)[i] = got[i].value;
    }
    return NULL;
}

struct rt_error *query_helper_get_state_range_scan_iterator_with_metadata(void *self, rt_str ns,
        rt_str start_key, rt_str end_key, const struct query_options *metadata,
        const struct query_results_iterator **iterator)
{
    struct query_helper *h = self;
    struct rt_error *err = query_helper_check_done(h);
    if (err)
        return err;
    struct results_itr *itr =
            results_itr_new(h->txmgr->db, ns, start_key, end_key, metadata, h->rwset_builder);
    rt_shared_write(&h->itrs, "queryHelper.itrs");
    if (h->last_itr)
        h->last_itr->next = itr;
    else
        h->itrs = itr;
    h->last_itr = itr;
    *iterator = &itr->interface;
    return NULL;
}

struct rt_error *query_helper_get_state_range_scan_iterator(void *self, rt_str ns, rt_str start_key,
        rt_str end_key, const struct results_iterator **iterator)
{
    const struct query_results_iterator *itr;
    struct rt_error *err = query_helper_get_state_range_scan_iterator_with_metadata(
            self, ns, start_key, end_key, NULL, &itr);
    if (!err)
        *iterator = &itr->results;
    return err;
}

static struct rt_error *execute_query(
        void *self, rt_str ns, rt_str query, const struct results_iterator **iterator)
{
    (void)ns, (void)query, (void)iterator;
    struct rt_error *err = query_helper_check_done(self);
    return err ? err : rt_errorf("ExecuteQuery not supported for leveldb");
}

struct rt_error *query_helper_execute_query_with_metadata(void *self, rt_str ns, rt_str query,
        const struct query_options *metadata, const struct query_results_iterator **iterator)
{
    (void)ns, (void)query, (void)metadata, (void)iterator;
    struct rt_error *err = query_helper_check_done(self);
    return err ? err : rt_errorf("ExecuteQueryWithMetadata not supported for leveldb");
}

/* ---- private data ---- */

static struct rt_error *get_private_data(
        void *self, rt_str ns, rt_str coll, rt_str key, rt_bytes *value)
{
    struct query_helper *h = self;
    struct rt_error *err = check_collection(h, ns, coll);
    if (err)
        return err;
    struct versioned_value versioned;
    struct height hash_version;
    err = state_db_get_state(h->txmgr->db, derive_pvt_data_ns(ns, coll), key, &versioned, NULL);
    if (!err)
        err = state_db_get_version(
                h->txmgr->db, derive_hashed_data_ns(ns, coll), crypto_sha256(key), &hash_version);
    if (err)
        return err;
    if (!height_are_same(hash_version, versioned.version))
        return rt_error_typed(ledger_pvtdata_not_available, NULL,
                rt_sprintf("private data matching public hash version is not available. Public "
                           "hash version = %S, Private data version = %S",
                        height_string(hash_version), height_string(versioned.version)));
    if (h->rwset_builder)
        rwset_builder_add_to_hashed_read_set(h->rwset_builder, ns, coll, key, versioned.version);
    *value = versioned.value;
    return NULL;
}

/* queryHelper.getPrivateDataValueHash. */
static struct rt_error *get_private_data_value_hash(
        struct query_helper *h, rt_str ns, rt_str coll, rt_str key, struct versioned_value *hash)
{
    struct rt_error *err = check_collection(h, ns, coll);
    if (err)
        return err;
    err = state_db_get_state(
            h->txmgr->db, derive_hashed_data_ns(ns, coll), crypto_sha256(key), hash, NULL);
    if (err)
        return err;
    if (h->rwset_builder)
        rwset_builder_add_to_hashed_read_set(h->rwset_builder, ns, coll, key, hash->version);
    return NULL;
}

static struct rt_error *get_private_data_hash(
        void *self, rt_str ns, rt_str coll, rt_str key, rt_bytes *hash)
{
    struct versioned_value versioned;
    struct rt_error *err = get_private_data_value_hash(self, ns, coll, key, &versioned);
    if (!err)
        *hash = versioned.value;
    return err;
}

static struct rt_error *get_private_data_metadata_by_hash(
        void *self, rt_str ns, rt_str coll, rt_bytes key_hash, struct rt_map **metadata)
{
    struct query_helper *h = self;
    struct rt_error *err = check_collection(h, ns, coll);
    if (err)
        return err;
    if (h->rwset_builder)
        return rt_errorf("retrieving private data metadata by keyhash is not supported in "
                         "simulation. This function is only available for query as yet");
    struct versioned_value versioned;
    err = state_db_get_state(
            h->txmgr->db, derive_hashed_data_ns(ns, coll), key_hash, &versioned, NULL);
    return err ? err : deserialize_metadata(versioned.metadata, metadata);
}

static struct rt_error *get_private_data_metadata(
        void *self, rt_str ns, rt_str coll, rt_str key, struct rt_map **metadata)
{
    struct query_helper *h = self;
    if (!h->rwset_builder)
        return get_private_data_metadata_by_hash(h, ns, coll, crypto_sha256(key), metadata);
    struct versioned_value versioned;
    struct rt_error *err = get_private_data_value_hash(h, ns, coll, key, &versioned);
    return err ? err : deserialize_metadata(versioned.metadata, metadata);
}

static struct rt_error *get_private_data_multiple_keys(
        void *self, rt_str ns, rt_str coll, const rt_str *keys, size_t count, rt_bytes **values)
{
    struct query_helper *h = self;
    struct rt_error *err = check_collection(h, ns, coll);
    if (err)
        return err;
    struct versioned_value *got = get_multiple_keys(h, derive_pvt_data_ns(ns, coll), keys, count);
    *values = got ? rt_new_array(rt_bytes, count) : NULL;
    for (size_t i = 0; got && i < count; i++) {
        if (h->rwset_builder)
            rwset_builder_add_to_hashed_read_set(
                    h->rwset_builder, ns, coll, keys[i], got[i].version);
        (*values)[i] = got[i].value;
    }
    return NULL;
}

struct rt_error *query_helper_get_private_data_range_scan_iterator(void *self, rt_str ns,
        rt_str coll, rt_str start_key, rt_str end_key, const struct results_iterator **iterator)
{
    struct query_helper *h = self;
    struct rt_error *err = check_collection(h, ns, coll);
    if (!err)
        *iterator = pvtdata_results_itr_new(h->txmgr->db, ns, coll, start_key, end_key);
    return err;
}

struct rt_error *query_helper_execute_query_on_private_data(
        void *self, rt_str ns, rt_str coll, rt_str query, const struct results_iterator **iterator)
{
    (void)query, (void)iterator;
    struct rt_error *err = check_collection(self, ns, coll);
    return err ? err : rt_errorf("ExecuteQuery not supported for leveldb");
}

/* ---- the end ---- */

static void done(void *self)
{
    struct query_helper *h = self;
    rt_shared_read(&h->done_invoked, "queryHelper.doneInvoked");
    if (h->done_invoked)
        return;
    rt_runlock(&h->txmgr->commit_rw_lock);
    rt_shared_write(&h->done_invoked, "queryHelper.doneInvoked");
    h->done_invoked = true;
    rt_shared_read(&h->itrs, "queryHelper.itrs");
    for (struct results_itr *itr = h->itrs; itr; itr = itr->next)
        results_itr_close(itr);
    observer_tell(h->txmgr->observer, .kind = OBSERVED_SIMULATOR_DONE, .simulator = h);
}

void query_helper_add_range_query_info(struct query_helper *h)
{
    rt_shared_read(&h->itrs, "queryHelper.itrs");
    for (struct results_itr *itr = h->itrs; itr && h->rwset_builder; itr = itr->next) {
        struct rt_error *err = results_itr_add_range_query_info(itr);
        if (err) {
            h->err = err;
            return;
        }
    }
}

void query_helper_interface(struct query_helper *h, struct query_executor *executor)
{
    *executor = (struct query_executor){
        .self = h,
        .get_state = query_helper_get_state,
        .get_state_metadata = get_state_metadata,
        .get_state_multiple_keys = get_state_multiple_keys,
        .get_state_range_scan_iterator = query_helper_get_state_range_scan_iterator,
        .get_state_range_scan_iterator_with_metadata =
                query_helper_get_state_range_scan_iterator_with_metadata,
        .execute_query = execute_query,
        .execute_query_with_metadata = query_helper_execute_query_with_metadata,
        .get_private_data = get_private_data,
        .get_private_data_hash = get_private_data_hash,
        .get_private_data_metadata = get_private_data_metadata,
        .get_private_data_metadata_by_hash = get_private_data_metadata_by_hash,
        .get_private_data_multiple_keys = get_private_data_multiple_keys,
        .get_private_data_range_scan_iterator = query_helper_get_private_data_range_scan_iterator,
        .execute_query_on_private_data = query_helper_execute_query_on_private_data,
        .done = done,
    };
}
