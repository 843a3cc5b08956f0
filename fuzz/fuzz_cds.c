/* Package bytes on the ways that a peer reads them: as the deployment spec of deploy and upgrade,
 * and as the package of install, up to the file on disk. */
#include "fuzz/fuzz.h"
#include "model/ccprovider/platforms.h"
#include "model/ccprovider/store.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

static struct rt_arena *arena;

/* One way of reading; `panic` is Go's text if the model says that Go would die. */
static void read_as(void (*how)(void *arg), rt_bytes in)
{
    rt_str panic;
    if (!rt_recover(how, &in, &panic))
        return;
    /* The one way in which Fabric's readers die: a spec or an index definition that lacks a
     * part. */
    FUZZ_CHECK(
            rt_str_is(panic, "runtime error: invalid memory address or nil pointer dereference"));
}

static void read_deployment_spec(void *arg)
{
    Protos__ChaincodeDeploymentSpec *cds;
    struct rt_error *err = platforms_get_chaincode_deployment_spec(
            platforms_default_registry(), *(rt_bytes *)arg, &cds);
    FUZZ_CHECK(err || cds);
}

static void read_artifacts(const struct cc_package *package)
{
    rt_bytes tar;
    struct tar_file_entry *entries;
    size_t count;
    struct rt_error *err = ccprovider_extract_statedb_artifacts_from_cc_package(
            package, platforms_default_registry(), &tar);
    if (err || ccprovider_extract_file_entries(tar, RT_STR(""), &entries, &count))
        return;
    for (size_t i = 0; i < count; i++)
        RT_DROP(ccmetadata_validate_metadata_file(entries[i].name, entries[i].content));
}

/* What was stored is found again, with the same fingerprint. */
static void store(const struct cc_package *package)
{
    struct package_store *packages =
            package_store_new(memory_fs_interface(memory_fs_new()), RT_STR("/chaincodes"));
    const Ccprovider__ChaincodeData *data = cc_package_get_chaincode_data(package);
    if (cc_package_put_chaincode_to_fs(package, packages))
        return; /* a name that no file can have */
    struct cc_package *found;
    Ccprovider__ChaincodeData *cached;
    Protos__ChaincodeQueryResponse *installed;
    if (ccprovider_get_chaincode_from_fs(packages, data->name, data->version, &found))
        return; /* the plain reading is tried first, and is pickier than install */
    FUZZ_CHECK(!ccprovider_get_chaincode_data(packages, data->name, data->version, &cached));
    FUZZ_CHECK(!ccprovider_get_installed_chaincodes(packages, &installed));
    FUZZ_CHECK(installed->n_chaincodes <= 1);
    if (found->kind == package->kind)
        FUZZ_CHECK(rt_str_eq(cc_package_get_id(found), cc_package_get_id(package)));
}

static void read_package(void *arg)
{
    struct cc_package *package;
    if (ccprovider_get_cc_package(*(rt_bytes *)arg, &package))
        return;
    store(package);
    read_artifacts(package);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!arena)
        arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    rt_arena_reset(arena);
    rt_bytes in = rt_bytes_from(data, size);
    read_as(read_deployment_spec, in);
    read_as(read_package, in);
    rt_arena_use(before);
    return 0;
}
