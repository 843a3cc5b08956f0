/* Follows core/scc/lscc/deployedcc_infoprovider.go. */
#include "model/ledger/deployedcc_infoprovider.h"

#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/ccprovider.pb-c.h"
#include "proto/collection.pb-c.h"

static const rt_str lscc_namespace = RT_STR_INIT("lscc");

rt_str build_collection_kvs_key(rt_str cc_name)
{
    return rt_str_cat(cc_name, RT_STR("~collection"));
}

bool is_collection_config_key(rt_str key)
{
    return rt_str_contains(key, RT_STR("~"));
}

static struct rt_error *fetch_coll_config_pkg(rt_str chaincode_name,
        const struct simple_query_executor *qe, Common__CollectionConfigPackage **pkg)
{
    rt_bytes bytes;
    *pkg = NULL;
    struct rt_error *err = qe->get_state(
            qe->self, lscc_namespace, build_collection_kvs_key(chaincode_name), &bytes);
    if (err || !bytes.data)
        return err;
    Common__CollectionConfigPackage *decoded;
    err = WIRE_UNMARSHAL(common__collection_config_package, bytes, &decoded);
    if (err)
        return rt_error_wrap(err, "error unmarshalling chaincode collection config pkg");
    *pkg = decoded;
    return NULL;
}

static struct rt_error *chaincode_info(void *self, rt_str chaincode_name,
        const struct simple_query_executor *qe, struct deployed_chaincode_info **info)
{
    (void)self;
    rt_bytes bytes;
    *info = NULL;
    struct rt_error *err = qe->get_state(qe->self, lscc_namespace, chaincode_name, &bytes);
    if (err || !bytes.data)
        return err;
    Ccprovider__ChaincodeData *data;
    err = WIRE_UNMARSHAL(ccprovider__chaincode_data, bytes, &data);
    if (err)
        return rt_error_wrap(err, "error unmarshalling chaincode state data");
    Common__CollectionConfigPackage *pkg;
    err = fetch_coll_config_pkg(chaincode_name, qe, &pkg);
    if (err)
        return err;
    *info = rt_new(struct deployed_chaincode_info);
    **info = (struct deployed_chaincode_info){ chaincode_name, data->id, data->version, pkg };
    return NULL;
}

static struct rt_error *collection_info(void *self, rt_str chaincode_name, rt_str collection_name,
        const struct simple_query_executor *qe, Common__StaticCollectionConfig **config)
{
    (void)self;
    *config = NULL;
    Common__CollectionConfigPackage *pkg;
    struct rt_error *err = fetch_coll_config_pkg(chaincode_name, qe, &pkg);
    if (err || !pkg)
        return err;
    for (size_t i = 0; i < pkg->n_config; i++) {
        if (pkg->config[i]->payload_case !=
                COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG)
            continue;
        Common__StaticCollectionConfig *candidate = pkg->config[i]->static_collection_config;
        if (rt_str_eq(candidate->name, collection_name)) {
            *config = candidate;
            return NULL;
        }
    }
    return NULL;
}

const struct deployed_chaincode_info_provider deployed_cc_info_provider = {
    .self = NULL,
    .chaincode_info = chaincode_info,
    .collection_info = collection_info,
};
