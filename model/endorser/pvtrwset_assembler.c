/* Follows core/endorser/pvtrwset_assembler.go. */
#include "model/endorser/pvtrwset_assembler.h"

#include "model/rt/arena.h"
#include "model/wire/wire.h"

#include "proto/collection.pb-c.h"
#include "proto/rwset.pb-c.h"

/* The collections of a namespace, from the state. */
static struct rt_error *get_configs(
        rt_str ns, const struct query_executor *txsim, Common__CollectionConfigPackage **package)
{
    rt_bytes value;
    struct rt_error *err = txsim->get_state(
            txsim->self, RT_STR("lscc"), rt_str_cat(ns, RT_STR("~collection")), &value);
    if (err)
        return rt_error_wrapf(err, "error while retrieving collection config for chaincode %q", ns);
    if (!value.data)
        return rt_errorf("no collection config for chaincode %q", ns);
    err = WIRE_UNMARSHAL(common__collection_config_package, value, package);
    return rt_error_wrapf(err, "invalid configuration for collection criteria %q", ns);
}

/* Whether the transaction writes to this collection. */
static bool is_written(const Rwset__TxPvtReadWriteSet *data, rt_str ns, rt_str collection)
{
    for (size_t i = 0; i < data->n_ns_pvt_rwset; i++) {
        const Rwset__NsPvtReadWriteSet *set = data->ns_pvt_rwset[i];
        for (size_t k = 0; rt_str_eq(set->namespace_, ns) && k < set->n_collection_pvt_rwset; k++)
            if (rt_str_eq(set->collection_pvt_rwset[k]->collection_name, collection))
                return true;
    }
    return false;
}

/* trimCollectionConfigs, for one namespace. */
static Common__CollectionConfigPackage *trim(const Rwset__TxPvtReadWriteSet *data, rt_str ns,
        const Common__CollectionConfigPackage *package)
{
    Common__CollectionConfigPackage *trimmed = WIRE_NEW(common__collection_config_package);
    trimmed->config = rt_new_array(Common__CollectionConfig *, package->n_config + 1);
    for (size_t i = 0; i < package->n_config; i++) {
        Common__CollectionConfig *c = package->config[i];
        if (c->payload_case == COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG &&
                is_written(data, ns, c->static_collection_config->name))
            trimmed->config[trimmed->n_config++] = c;
    }
    return trimmed;
}

struct rt_error *pvtrwset_assemble(struct Rwset__TxPvtReadWriteSet *private_data,
        const struct query_executor *txsim, struct pvt_rwset_with_config **out)
{
    struct pvt_rwset_with_config *with_config = rt_new(struct pvt_rwset_with_config);
    with_config->pvt_rwset = private_data;
    with_config->collection_configs = rt_map_new();
    for (size_t i = 0; i < private_data->n_ns_pvt_rwset; i++) {
        rt_str ns = private_data->ns_pvt_rwset[i]->namespace_;
        Common__CollectionConfigPackage *package;
        if (rt_map_get(with_config->collection_configs, ns))
            continue;
        struct rt_error *err = get_configs(ns, txsim, &package);
        if (err)
            return err;
        rt_map_put(with_config->collection_configs, ns, trim(private_data, ns, package));
    }
    *out = with_config;
    return NULL;
}
