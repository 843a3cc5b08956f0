/* Follows executeInstall, executeDeploy and executeUpgrade of core/scc/lscc/lscc.go. */
#include "model/lscc/execute.h"

#include "model/ccprovider/package.h"
#include "model/ccprovider/platforms.h"
#include "model/ccprovider/store.h"
#include "model/lscc/cceventmgmt.h"
#include "model/lscc/collections.h"
#include "model/lscc/lscc_errors.h"
#include "model/lscc/names.h"
#include "model/lscc/query.h"
#include "model/lscc/support.h"
#include "model/policy/channelconfig.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/ccprovider.pb-c.h"
#include "proto/chaincode.pb-c.h"

/* ---- install ---- */

/* isValidStatedbArtifactsTar. */
static struct rt_error *is_valid_statedb_artifacts_tar(rt_bytes tar)
{
    struct tar_file_entry *entries;
    size_t count;
    struct rt_error *err = ccprovider_extract_file_entries(tar, RT_STR(""), &entries, &count);
    for (size_t i = 0; !err && i < count; i++)
        err = ccmetadata_validate_metadata_file(entries[i].name, entries[i].content);
    return err;
}

/* The deferred ChaincodeInstallDone, which sees the error that the install ends with. */
struct install_done {
    struct cceventmgmt_mgr *mgr;
    struct rt_error *err;
};

static void install_done(void *arg)
{
    struct install_done *done = arg;
    cceventmgmt_chaincode_install_done(done->mgr, !done->err);
}

/* From the announcement of the install to the stored package. */
static struct rt_error *announce_and_store(
        struct life_cycle_sys_cc *lscc, const struct cc_package *ccpack)
{
    const Ccprovider__ChaincodeData *cd = cc_package_get_chaincode_data(ccpack);
    struct cceventmgmt_definition definition = {
        .name = cd->name,
        .version = cd->version,
        .hash = cc_package_get_id(ccpack),
    };
    struct install_done *done = rt_new(struct install_done);
    done->mgr = lscc->event_mgr;
    struct rt_defer *mark = rt_defer_mark();
    done->err = cceventmgmt_handle_chaincode_install(lscc->event_mgr, &definition);
    rt_defer(install_done, done);
    if (!done->err)
        done->err = lscc_put_chaincode_to_local_storage(lscc, ccpack);
    if (!done->err)
        rt_note("Installed Chaincode [%S] Version [%S] to peer", cd->name, cd->version);
    rt_run_deferred(mark);
    return done->err;
}

struct rt_error *lscc_execute_install(struct life_cycle_sys_cc *lscc, rt_bytes ccbytes)
{
    struct cc_package *ccpack;
    struct rt_error *err = ccprovider_get_cc_package(ccbytes, &ccpack);
    if (err)
        return err;
    const Protos__ChaincodeDeploymentSpec *cds = cc_package_get_dep_spec(ccpack);
    if (!cds)
        return rt_errorf("nil deployment spec from from the CC package");
    const Protos__ChaincodeSpec *spec = RT_DEREF(cds->chaincode_spec);
    const Protos__ChaincodeID *id = RT_DEREF(spec->chaincode_id);

    err = lscc_is_valid_chaincode_name(id->name);
    if (!err)
        err = lscc_is_valid_chaincode_version(id->version);
    if (err)
        return err;
    if (lscc->scc_provider->is_sys_cc(lscc->scc_provider->self, id->name))
        return rt_errorf("cannot install: %S is the name of a system chaincode", id->name);

    rt_bytes tar;
    err = ccprovider_extract_statedb_artifacts_from_cc_package(
            ccpack, lscc->platform_registry, &tar);
    if (err)
        return err;
    err = is_valid_statedb_artifacts_tar(tar);
    if (err)
        return lscc_invalid_statedb_artifacts_err(err->text);
    return announce_and_store(lscc, ccpack);
}

/* ---- deploy and upgrade ---- */

/* putChaincodeData. */
static struct rt_error *put_chaincode_data(
        const struct chaincode_stub *stub, const Ccprovider__ChaincodeData *cd)
{
    rt_bytes cdbytes;
    struct rt_error *err = WIRE_MARSHAL(cd, &cdbytes);
    return err ? err : stub->put_state(stub->self, cd->name, cdbytes);
}

/* The channel's part of a definition, whose rest came with the package. */
static void fill_in(Ccprovider__ChaincodeData *cdfs, const struct lscc_deployment *d)
{
    cdfs->escc = d->escc;
    cdfs->vscc = d->vscc;
    cdfs->policy = d->policy;
}

static struct rt_error *execute_deploy(struct life_cycle_sys_cc *lscc,
        const struct chaincode_stub *stub, const struct lscc_deployment *d,
        const struct cc_package *ccpackfs, Ccprovider__ChaincodeData *cdfs)
{
    /* Any failure to read, too, counts as "not there". */
    rt_str name = d->cds->chaincode_spec->chaincode_id->name;
    rt_bytes existing;
    if (!lscc_get_cc_instance(stub, name, &existing))
        return lscc_exists_err(name);

    fill_in(cdfs, d);
    struct rt_error *err =
            lscc_get_instantiation_policy(lscc, d->channel, ccpackfs, &cdfs->instantiation_policy);
    if (err)
        return err;
    Protos__SignedProposal *signed_prop = NULL;
    err = stub->get_signed_proposal(stub->self, &signed_prop);
    if (err)
        return err;
    err = lscc_check_instantiation_policy(
            lscc, signed_prop, d->channel, cdfs->instantiation_policy);
    if (err)
        return err;
    err = put_chaincode_data(stub, cdfs);
    if (err)
        return err;
    return lscc_put_chaincode_collection_data(lscc, stub, cdfs, d->collection_config);
}

/* The old definition, and whether this upgrade may replace it. */
static struct rt_error *check_upgrade(struct life_cycle_sys_cc *lscc,
        const struct chaincode_stub *stub, const struct lscc_deployment *d,
        Protos__SignedProposal **signed_prop)
{
    const Protos__ChaincodeID *id = d->cds->chaincode_spec->chaincode_id;
    rt_bytes cdbytes;
    RT_DROP(lscc_get_cc_instance(stub, id->name, &cdbytes));
    if (!cdbytes.data)
        return lscc_not_found_err(id->name);
    Ccprovider__ChaincodeData *cd_ledger;
    struct rt_error *err = lscc_get_chaincode_data(id->name, cdbytes, &cd_ledger);
    if (err)
        return err;
    if (rt_str_eq(cd_ledger->version, id->version))
        return lscc_identical_version_err(id->name);
    if (!cd_ledger->instantiation_policy.data)
        return lscc_instantiation_policy_missing();
    err = stub->get_signed_proposal(stub->self, signed_prop);
    if (err)
        return err;
    return lscc_check_instantiation_policy(
            lscc, *signed_prop, d->channel, cd_ledger->instantiation_policy);
}

/* An upgrade's collections, which need a capability. */
static struct rt_error *upgrade_collections(struct life_cycle_sys_cc *lscc,
        const struct chaincode_stub *stub, const struct lscc_deployment *d,
        const Ccprovider__ChaincodeData *cdfs)
{
    const struct channel_config *ac =
            lscc->scc_provider->get_application_config(lscc->scc_provider->self, d->channel);
    if (!ac)
        rt_panicf(
                "programming error, non-existent appplication config for channel '%S'", d->channel);
    if (application_capabilities_collection_upgrade(&ac->capabilities))
        return lscc_put_chaincode_collection_data(lscc, stub, cdfs, d->collection_config);
    return d->collection_config.data ? lscc_collections_config_upgrades_not_allowed() : NULL;
}

static struct rt_error *execute_upgrade(struct life_cycle_sys_cc *lscc,
        const struct chaincode_stub *stub, const struct lscc_deployment *d,
        const struct cc_package *ccpackfs, Ccprovider__ChaincodeData *cdfs)
{
    Protos__SignedProposal *signed_prop = NULL;
    struct rt_error *err = check_upgrade(lscc, stub, d, &signed_prop);
    if (err)
        return err;

    fill_in(cdfs, d);
    err = lscc_get_instantiation_policy(lscc, d->channel, ccpackfs, &cdfs->instantiation_policy);
    if (err)
        return err;
    err = lscc_check_instantiation_policy(
            lscc, signed_prop, d->channel, cdfs->instantiation_policy);
    if (err)
        return err;
    err = put_chaincode_data(stub, cdfs);
    if (err)
        return err;
    err = upgrade_collections(lscc, stub, d, cdfs);
    if (err)
        return err;

    Protos__LifecycleEvent *event = WIRE_NEW(protos__lifecycle_event);
    event->chaincode_name = d->cds->chaincode_spec->chaincode_id->name;
    stub->set_event(stub->self, RT_STR("upgrade"), WIRE_MARSHAL_OR_PANIC(event));
    return NULL;
}

struct rt_error *lscc_execute_deploy_or_upgrade(struct life_cycle_sys_cc *lscc,
        const struct chaincode_stub *stub, const struct lscc_deployment *d,
        Ccprovider__ChaincodeData **cd)
{
    const Protos__ChaincodeSpec *spec = RT_DEREF(d->cds->chaincode_spec);
    const Protos__ChaincodeID *id = RT_DEREF(spec->chaincode_id);
    struct rt_error *err = lscc_is_valid_chaincode_name(id->name);
    if (!err)
        err = lscc_is_valid_chaincode_version(id->version);
    if (err)
        return err;

    struct cc_package *ccpack;
    err = ccprovider_get_chaincode_from_fs(lscc->packages, id->name, id->version, &ccpack);
    if (err) {
        rt_note("cannot get package for chaincode (%S:%S)-err:%v", id->name, id->version, err);
        return rt_errorf("cannot get package for chaincode (%S:%S)", id->name, id->version);
    }
    *cd = cc_package_get_chaincode_data(ccpack);
    return d->upgrade ? execute_upgrade(lscc, stub, d, ccpack, *cd)
                      : execute_deploy(lscc, stub, d, ccpack, *cd);
}
