/* Follows core/endorser/pvtrwset_assembler.go. */
#include "model/endorser/pvtrwset_assembler.h"

#include "model/wire/wire.h"

#include "proto/collection.pb-c.h"
#include "proto/rwset.pb-c.h"

static bool seen_before(const Rwset__TxPvtReadWriteSet *data, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (rt_str_eq(data->ns_pvt_rwset[k]->namespace_, data->ns_pvt_rwset[i]->namespace_))
            return true;
    return false;
}

struct rt_error *pvtrwset_assemble(
        const Rwset__TxPvtReadWriteSet *private_data, const struct query_executor *txsim)
{
    for (size_t i = 0; i < private_data->n_ns_pvt_rwset; i++) {
        if (seen_before(private_data, i))
            continue;
        rt_str ns = private_data->ns_pvt_rwset[i]->namespace_;
        rt_bytes value;
        struct rt_error *err = txsim->get_state(
                txsim->self, RT_STR("lscc"), rt_str_cat(ns, RT_STR("~collection")), &value);
        if (err)
            return rt_error_wrapf(
                    err, "error while retrieving collection config for chaincode %q", ns);
        if (!value.data)
            return rt_errorf("no collection config for chaincode %q", ns);
        Common__CollectionConfigPackage *package;
        err = WIRE_UNMARSHAL(common__collection_config_package, value, &package);
        if (err)
            return rt_error_wrapf(err, "invalid configuration for collection criteria %q", ns);
    }
    return NULL;
}
