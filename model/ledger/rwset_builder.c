/* Follows core/ledger/kvledger/txmgmt/rwsetutil/{rwset_builder,rwset_proto_util}.go. */
#include "model/ledger/rwset_builder.h"

#include "model/crypto/crypto.h"
#include "model/ledger/ledger.h"
#include "model/ledger/query_results_helper.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/kv_rwset.pb-c.h"
#include "proto/rwset.pb-c.h"

/* Maps are made when something is put into them. */
struct ns_pub_rw_builder {
    rt_str name_space;
    struct rt_map *read_map;           /* Kvrwset__KVRead */
    struct rt_map *write_map;          /* Kvrwset__KVWrite */
    struct rt_map *metadata_write_map; /* Kvrwset__KVMetadataWrite */
    Kvrwset__RangeQueryInfo **range_queries;
    size_t range_query_count;
    size_t range_query_capacity;
    struct rt_map *coll_hash_rw_builders; /* struct coll_hash_rw_builder */
};

struct coll_hash_rw_builder {
    rt_str coll_name;
    struct rt_map *read_map;           /* Kvrwset__KVReadHash */
    struct rt_map *write_map;          /* Kvrwset__KVWriteHash */
    struct rt_map *metadata_write_map; /* Kvrwset__KVMetadataWriteHash */
    rt_bytes pvt_data_hash;
};

struct ns_pvt_rw_builder {
    rt_str name_space;
    struct rt_map *coll_pvt_rw_builders; /* struct coll_pvt_rw_builder */
};

struct coll_pvt_rw_builder {
    rt_str collection_name;
    struct rt_map *write_map;          /* Kvrwset__KVWrite */
    struct rt_map *metadata_write_map; /* Kvrwset__KVMetadataWrite */
};

struct rwset_builder *rwset_builder_new(void)
{
    return rt_new(struct rwset_builder);
}

static void put(struct rt_map **map, rt_str key, void *value)
{
    if (!*map)
        *map = rt_map_new();
    rt_map_put(*map, key, value);
}

/* A map's values in order of their keys, NULL for none. */
static void *values_by_sorted_keys(const struct rt_map *map, size_t *count)
{
    *count = rt_map_len(map);
    if (*count == 0)
        return NULL;
    struct rt_map_entry *entries = rt_map_sorted(map);
    void **values = rt_new_array(void *, *count);
    for (size_t i = 0; i < *count; i++)
        values[i] = entries[i].value;
    return values;
}

/* ---- builders by namespace and collection ---- */

static struct ns_pub_rw_builder *get_or_create_ns_pub(struct rwset_builder *b, rt_str ns)
{
    rt_shared_write(b, "RWSetBuilder");
    struct ns_pub_rw_builder *pub = rt_map_get(b->pub_rw_builder_map, ns);
    if (!pub) {
        pub = rt_new(struct ns_pub_rw_builder);
        pub->name_space = ns;
        put(&b->pub_rw_builder_map, ns, pub);
    }
    return pub;
}

static struct coll_hash_rw_builder *get_or_create_coll_hashed(
        struct rwset_builder *b, rt_str ns, rt_str coll)
{
    rt_shared_write(b, "RWSetBuilder");
    struct ns_pub_rw_builder *pub = get_or_create_ns_pub(b, ns);
    struct coll_hash_rw_builder *hashed = rt_map_get(pub->coll_hash_rw_builders, coll);
    if (!hashed) {
        hashed = rt_new(struct coll_hash_rw_builder);
        hashed->coll_name = coll;
        put(&pub->coll_hash_rw_builders, coll, hashed);
    }
    return hashed;
}

static struct coll_pvt_rw_builder *get_or_create_coll_pvt(
        struct rwset_builder *b, rt_str ns, rt_str coll)
{
    rt_shared_write(b, "RWSetBuilder");
    struct ns_pvt_rw_builder *pvt = rt_map_get(b->pvt_rw_builder_map, ns);
    if (!pvt) {
        pvt = rt_new(struct ns_pvt_rw_builder);
        pvt->name_space = ns;
        put(&b->pvt_rw_builder_map, ns, pvt);
    }
    struct coll_pvt_rw_builder *builder = rt_map_get(pvt->coll_pvt_rw_builders, coll);
    if (!builder) {
        builder = rt_new(struct coll_pvt_rw_builder);
        builder->collection_name = coll;
        put(&pvt->coll_pvt_rw_builders, coll, builder);
    }
    return builder;
}

/* ---- adding ---- */

static Kvrwset__KVWrite *new_kv_write(rt_str key, rt_bytes value)
{
    Kvrwset__KVWrite *write = WIRE_NEW(kvrwset__kvwrite);
    write->key = key;
    write->is_delete = !value.data;
    write->value = value;
    return write;
}

static Kvrwset__KVMetadataEntry **metadata_entries(const struct rt_map *metadata, size_t *count)
{
    *count = metadata ? rt_map_len(metadata) : 0;
    if (*count == 0)
        return NULL;
    struct rt_map_entry *sorted = rt_map_sorted(metadata);
    Kvrwset__KVMetadataEntry **entries = rt_new_array(Kvrwset__KVMetadataEntry *, *count);
    for (size_t i = 0; i < *count; i++) {
        entries[i] = WIRE_NEW(kvrwset__kvmetadata_entry);
        entries[i]->name = sorted[i].key;
        entries[i]->value = *(const rt_bytes *)sorted[i].value;
    }
    return entries;
}

void rwset_builder_add_to_read_set(
        struct rwset_builder *b, rt_str ns, rt_str key, struct height version)
{
    put(&get_or_create_ns_pub(b, ns)->read_map, key, new_kv_read(key, version));
}

void rwset_builder_add_to_write_set(struct rwset_builder *b, rt_str ns, rt_str key, rt_bytes value)
{
    put(&get_or_create_ns_pub(b, ns)->write_map, key, new_kv_write(key, value));
}

void rwset_builder_add_to_metadata_write_set(
        struct rwset_builder *b, rt_str ns, rt_str key, const struct rt_map *metadata)
{
    Kvrwset__KVMetadataWrite *write = WIRE_NEW(kvrwset__kvmetadata_write);
    write->key = key;
    write->entries = metadata_entries(metadata, &write->n_entries);
    put(&get_or_create_ns_pub(b, ns)->metadata_write_map, key, write);
}

static bool same_range(const Kvrwset__RangeQueryInfo *a, const Kvrwset__RangeQueryInfo *b)
{
    return rt_str_eq(a->start_key, b->start_key) && rt_str_eq(a->end_key, b->end_key) &&
           !a->itr_exhausted == !b->itr_exhausted;
}

void rwset_builder_add_to_range_query_set(
        struct rwset_builder *b, rt_str ns, Kvrwset__RangeQueryInfo *info)
{
    struct ns_pub_rw_builder *pub = get_or_create_ns_pub(b, ns);
    for (size_t i = 0; i < pub->range_query_count; i++) {
        if (same_range(pub->range_queries[i], info))
            return;
    }
    rt_reserve(pub->range_queries, pub->range_query_capacity, pub->range_query_count + 1);
    pub->range_queries[pub->range_query_count++] = info;
}

void rwset_builder_add_to_hashed_read_set(
        struct rwset_builder *b, rt_str ns, rt_str collection, rt_str key, struct height version)
{
    Kvrwset__KVReadHash *read = WIRE_NEW(kvrwset__kvread_hash);
    read->key_hash = crypto_sha256(key);
    read->version = height_to_proto(version);
    put(&get_or_create_coll_hashed(b, ns, collection)->read_map, key, read);
}

void rwset_builder_add_to_pvt_and_hashed_write_set(
        struct rwset_builder *b, rt_str ns, rt_str collection, rt_str key, rt_bytes value)
{
    Kvrwset__KVWrite *write = new_kv_write(key, value);
    Kvrwset__KVWriteHash *hash = WIRE_NEW(kvrwset__kvwrite_hash);
    hash->key_hash = crypto_sha256(key);
    hash->is_delete = write->is_delete;
    if (!write->is_delete)
        hash->value_hash = crypto_sha256(value);
    put(&get_or_create_coll_pvt(b, ns, collection)->write_map, key, write);
    put(&get_or_create_coll_hashed(b, ns, collection)->write_map, key, hash);
}

void rwset_builder_add_to_hashed_metadata_write_set(struct rwset_builder *b, rt_str ns,
        rt_str collection, rt_str key, const struct rt_map *metadata)
{
    Kvrwset__KVMetadataWrite *pvt = WIRE_NEW(kvrwset__kvmetadata_write);
    pvt->key = key;
    put(&get_or_create_coll_pvt(b, ns, collection)->metadata_write_map, key, pvt);
    Kvrwset__KVMetadataWriteHash *hash = WIRE_NEW(kvrwset__kvmetadata_write_hash);
    hash->key_hash = crypto_sha256(key);
    hash->entries = metadata_entries(metadata, &hash->n_entries);
    put(&get_or_create_coll_hashed(b, ns, collection)->metadata_write_map, key, hash);
}

/* ---- building ---- */

static struct rt_error *build_coll_pvt(
        const struct coll_pvt_rw_builder *b, Rwset__CollectionPvtReadWriteSet **out)
{
    Kvrwset__KVRWSet *kv = WIRE_NEW(kvrwset__kvrwset);
    kv->writes = values_by_sorted_keys(b->write_map, &kv->n_writes);
    kv->metadata_writes = values_by_sorted_keys(b->metadata_write_map, &kv->n_metadata_writes);
    *out = WIRE_NEW(rwset__collection_pvt_read_write_set);
    (*out)->collection_name = b->collection_name;
    return WIRE_MARSHAL(kv, &(*out)->rwset);
}

static struct rt_error *build_ns_pvt(
        const struct ns_pvt_rw_builder *b, Rwset__NsPvtReadWriteSet **out)
{
    Rwset__NsPvtReadWriteSet *set = WIRE_NEW(rwset__ns_pvt_read_write_set);
    set->namespace_ = b->name_space;
    size_t count;
    struct coll_pvt_rw_builder **colls = values_by_sorted_keys(b->coll_pvt_rw_builders, &count);
    set->n_collection_pvt_rwset = count;
    set->collection_pvt_rwset = rt_new_array(Rwset__CollectionPvtReadWriteSet *, count);
    for (size_t i = 0; i < count; i++) {
        struct rt_error *err = build_coll_pvt(colls[i], &set->collection_pvt_rwset[i]);
        if (err)
            return err;
    }
    *out = set;
    return NULL;
}

/* getTxPvtReadWriteSet, toProtoMsg and setPvtCollectionHash; *out is NULL without private
 * writes. */
static struct rt_error *build_pvt(struct rwset_builder *b, Rwset__TxPvtReadWriteSet **out)
{
    *out = NULL;
    size_t count;
    struct ns_pvt_rw_builder **namespaces = values_by_sorted_keys(b->pvt_rw_builder_map, &count);
    if (count == 0)
        return NULL;
    Rwset__TxPvtReadWriteSet *set = WIRE_NEW(rwset__tx_pvt_read_write_set);
    set->data_model = RWSET__TX_READ_WRITE_SET__DATA_MODEL__KV;
    set->n_ns_pvt_rwset = count;
    set->ns_pvt_rwset = rt_new_array(Rwset__NsPvtReadWriteSet *, count);
    for (size_t i = 0; i < count; i++) {
        struct rt_error *err = build_ns_pvt(namespaces[i], &set->ns_pvt_rwset[i]);
        if (err)
            return err;
        const Rwset__NsPvtReadWriteSet *ns = set->ns_pvt_rwset[i];
        for (size_t j = 0; j < ns->n_collection_pvt_rwset; j++) {
            const Rwset__CollectionPvtReadWriteSet *coll = ns->collection_pvt_rwset[j];
            get_or_create_coll_hashed(b, ns->namespace_, coll->collection_name)->pvt_data_hash =
                    crypto_sha256(coll->rwset);
        }
    }
    *out = set;
    return NULL;
}

static struct rt_error *build_coll_hashed(
        const struct coll_hash_rw_builder *b, Rwset__CollectionHashedReadWriteSet **out)
{
    Kvrwset__HashedRWSet *hashed = WIRE_NEW(kvrwset__hashed_rwset);
    hashed->hashed_reads = values_by_sorted_keys(b->read_map, &hashed->n_hashed_reads);
    hashed->hashed_writes = values_by_sorted_keys(b->write_map, &hashed->n_hashed_writes);
    hashed->metadata_writes =
            values_by_sorted_keys(b->metadata_write_map, &hashed->n_metadata_writes);
    *out = WIRE_NEW(rwset__collection_hashed_read_write_set);
    (*out)->collection_name = b->coll_name;
    (*out)->pvt_rwset_hash = b->pvt_data_hash;
    return WIRE_MARSHAL(hashed, &(*out)->hashed_rwset);
}

static struct rt_error *build_ns_pub(const struct ns_pub_rw_builder *b, Rwset__NsReadWriteSet **out)
{
    Kvrwset__KVRWSet *kv = WIRE_NEW(kvrwset__kvrwset);
    kv->reads = values_by_sorted_keys(b->read_map, &kv->n_reads);
    kv->writes = values_by_sorted_keys(b->write_map, &kv->n_writes);
    kv->metadata_writes = values_by_sorted_keys(b->metadata_write_map, &kv->n_metadata_writes);
    kv->range_queries_info = b->range_queries;
    kv->n_range_queries_info = b->range_query_count;

    Rwset__NsReadWriteSet *set = WIRE_NEW(rwset__ns_read_write_set);
    set->namespace_ = b->name_space;
    struct rt_error *err = WIRE_MARSHAL(kv, &set->rwset);
    if (err)
        return err;
    size_t count;
    struct coll_hash_rw_builder **colls = values_by_sorted_keys(b->coll_hash_rw_builders, &count);
    set->n_collection_hashed_rwset = count;
    set->collection_hashed_rwset = rt_new_array(Rwset__CollectionHashedReadWriteSet *, count);
    for (size_t i = 0; i < count; i++) {
        err = build_coll_hashed(colls[i], &set->collection_hashed_rwset[i]);
        if (err)
            return err;
    }
    *out = set;
    return NULL;
}

/* GetTxReadWriteSet and toProtoMsg. */
static struct rt_error *build_pub(const struct rwset_builder *b, Rwset__TxReadWriteSet **out)
{
    size_t count;
    struct ns_pub_rw_builder **namespaces = values_by_sorted_keys(b->pub_rw_builder_map, &count);
    Rwset__TxReadWriteSet *set = WIRE_NEW(rwset__tx_read_write_set);
    set->data_model = RWSET__TX_READ_WRITE_SET__DATA_MODEL__KV;
    set->n_ns_rwset = count;
    set->ns_rwset = rt_new_array(Rwset__NsReadWriteSet *, count);
    for (size_t i = 0; i < count; i++) {
        struct rt_error *err = build_ns_pub(namespaces[i], &set->ns_rwset[i]);
        if (err)
            return err;
    }
    *out = set;
    return NULL;
}

struct rt_error *rwset_builder_get_tx_simulation_results(
        struct rwset_builder *b, struct tx_simulation_results **results)
{
    rt_shared_read(b, "RWSetBuilder");
    struct tx_simulation_results *built = rt_new(struct tx_simulation_results);
    /* The private part first: its hashes go into the public one. */
    struct rt_error *err = build_pvt(b, &built->pvt);
    if (!err)
        err = build_pub(b, &built->pub);
    if (!err)
        *results = built;
    return err;
}
