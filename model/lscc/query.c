/* Follows the queries of core/scc/lscc/lscc.go. */
#include "model/lscc/query.h"

#include "model/ccprovider/package.h"
#include "model/ccprovider/store.h"
#include "model/ledger/deployedcc_infoprovider.h"
#include "model/lscc/lscc_errors.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/ccprovider.pb-c.h"
#include "proto/kv_query_result.pb-c.h"
#include "proto/proposal_response.pb-c.h"
#include "proto/query.pb-c.h"

struct rt_error *lscc_get_cc_instance(
        const struct chaincode_stub *stub, rt_str ccname, rt_bytes *cdbytes)
{
    *cdbytes = RT_NIL;
    rt_bytes value = RT_NIL;
    struct rt_error *err = stub->get_state(stub->self, ccname, &value);
    if (err)
        return lscc_tx_not_found_err(err->text);
    if (!value.data)
        return lscc_not_found_err(ccname);
    *cdbytes = value;
    return NULL;
}

struct rt_error *lscc_get_chaincode_data(
        rt_str ccname, rt_bytes cdbytes, Ccprovider__ChaincodeData **cd)
{
    *cd = NULL;
    Ccprovider__ChaincodeData *data;
    if (WIRE_UNMARSHAL(ccprovider__chaincode_data, cdbytes, &data))
        return lscc_marshall_err(ccname);
    if (!rt_str_eq(data->name, ccname))
        return lscc_chaincode_mismatch_err(rt_sprintf("%S!=%S", ccname, data->name));
    *cd = data;
    return NULL;
}

struct rt_error *lscc_get_cc_code(struct life_cycle_sys_cc *lscc, rt_str ccname, rt_bytes cdbytes,
        Protos__ChaincodeDeploymentSpec **depspec, rt_bytes *depspecbytes)
{
    Ccprovider__ChaincodeData *cd;
    struct rt_error *err = lscc_get_chaincode_data(ccname, cdbytes, &cd);
    if (err)
        return err;
    struct cc_package *ccpack;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): set without an error */
    err = ccprovider_get_chaincode_from_fs(lscc->packages, ccname, cd->version, &ccpack);
    if (err)
        return lscc_invalid_deployment_spec_err(err->text);
    /* Every launch goes through this: the definition has to fit the package on this peer. */
    err = cc_package_validate_cc(ccpack, cd);
    if (err)
        return lscc_invalid_cc_on_fs_error(err->text);
    *depspec = cc_package_get_dep_spec(ccpack);
    *depspecbytes = cc_package_get_dep_spec_bytes(ccpack);
    return NULL;
}

static Protos__Response marshalled(const ProtobufCMessage *m)
{
    rt_bytes bytes;
    struct rt_error *err = wire_marshal(m, &bytes);
    return err ? shim_error(err->text) : shim_success(bytes);
}

/* One definition with what the installed package, if there is one, adds to it. */
static struct rt_error *chaincode_info(
        struct life_cycle_sys_cc *lscc, rt_bytes value, Protos__ChaincodeInfo **info)
{
    Ccprovider__ChaincodeData *ccdata;
    struct rt_error *err = WIRE_UNMARSHAL(ccprovider__chaincode_data, value, &ccdata);
    if (err)
        return err;
    *info = WIRE_NEW(protos__chaincode_info);
    (*info)->name = ccdata->name;
    (*info)->version = ccdata->version;
    (*info)->escc = ccdata->escc;
    (*info)->vscc = ccdata->vscc;

    struct cc_package *ccpack;
    if (!ccprovider_get_chaincode_from_fs(lscc->packages, ccdata->name, ccdata->version, &ccpack)) {
        const Protos__ChaincodeDeploymentSpec *cds = cc_package_get_dep_spec(ccpack);
        const Protos__ChaincodeSpec *spec = RT_DEREF(cds ? cds->chaincode_spec : NULL);
        (*info)->path = RT_DEREF(spec->chaincode_id)->path;
        (*info)->input = wire_text(spec->input ? &spec->input->base : NULL);
    }
    return NULL;
}

/* Adds an entry for every definition that the iterator gives. */
static struct rt_error *collect_chaincodes(struct life_cycle_sys_cc *lscc,
        struct state_query_iterator *itr, Protos__ChaincodeQueryResponse *cqr)
{
    while (state_query_iterator_has_next(itr)) {
        Queryresult__KV *kv;
        struct rt_error *err = state_query_iterator_next(itr, &kv);
        if (err)
            return err;
        if (is_collection_config_key(kv->key))
            continue;
        Protos__ChaincodeInfo *info;
        err = chaincode_info(lscc, kv->value, &info);
        if (err)
            return err;
        cqr->chaincodes = rt_grow(cqr->chaincodes, cqr->n_chaincodes, cqr->n_chaincodes + 1,
                sizeof(Protos__ChaincodeInfo *));
        cqr->chaincodes[cqr->n_chaincodes++] = info;
    }
    return NULL;
}

Protos__Response lscc_get_chaincodes(
        struct life_cycle_sys_cc *lscc, const struct chaincode_stub *stub)
{
    struct state_query_iterator *itr;
    struct rt_error *err = stub->get_state_by_range(stub->self, RT_STR(""), RT_STR(""), &itr);
    if (err)
        return shim_error(err->text);
    Protos__ChaincodeQueryResponse *cqr = WIRE_NEW(protos__chaincode_query_response);
    err = collect_chaincodes(lscc, itr, cqr);
    Protos__Response response = err ? shim_error(err->text) : marshalled(&cqr->base);
    RT_DROP(state_query_iterator_close(itr));
    return response;
}

Protos__Response lscc_get_installed_chaincodes(struct life_cycle_sys_cc *lscc)
{
    Protos__ChaincodeQueryResponse *cqr;
    struct rt_error *err = ccprovider_get_installed_chaincodes(lscc->packages, &cqr);
    return err ? shim_error(err->text) : marshalled(&cqr->base);
}

Protos__Response lscc_get_chaincode_collection_data(
        const struct chaincode_stub *stub, rt_str chaincode_name)
{
    rt_bytes config = RT_NIL;
    struct rt_error *err =
            stub->get_state(stub->self, build_collection_kvs_key(chaincode_name), &config);
    if (err)
        return shim_error(err->text);
    if (config.len == 0)
        return shim_error(
                rt_sprintf("collections config not defined for chaincode %S", chaincode_name));
    return shim_success(config);
}
