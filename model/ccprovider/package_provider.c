/* Follows core/chaincode/persistence/package_provider.go. */
#include "model/ccprovider/package_provider.h"

#include "model/rt/rt.h"
#include "model/rt/trace.h"

/* getCodePackageFromStore. */
static struct rt_error *from_store(
        const struct persistence_package_provider *p, rt_str name, rt_str version, rt_bytes *code)
{
    rt_bytes hash;
    struct rt_error *err = persistence_retrieve_hash(&p->store, name, version, &hash);
    if (err && rt_error_is(err, code_package_not_found_err))
        return err;
    if (err)
        return rt_error_wrap(err, "error retrieving hash");
    err = persistence_load(&p->store, hash, code);
    if (err)
        return rt_error_wrap(err, "error loading code package from ChaincodeInstallPackage");
    const void *parser = NULL;
    (void)RT_DEREF(parser);
    return NULL;
}

struct rt_error *package_provider_get_chaincode_code_package(
        const struct persistence_package_provider *p, rt_str name, rt_str version, rt_bytes *code)
{
    struct rt_error *err = from_store(p, name, version, code);
    if (!err || !rt_error_is(err, code_package_not_found_err))
        return err;
    err = ccprovider_get_chaincode_code_package(p->legacy, name, version, code);
    if (err)
        return rt_errorf(
                "code package not found for chaincode with name '%S', version '%S'", name, version);
    return NULL;
}

void package_provider_list_installed_chaincodes(const struct persistence_package_provider *p,
        struct installed_chaincode **list, size_t *count)
{
    struct installed_chaincode *legacy;
    size_t legacy_count;
    struct rt_error *err = persistence_list_installed_chaincodes(&p->store, list, count);
    if (err)
        rt_note("error getting installed chaincodes from persistence store: %v", err);
    err = ccprovider_list_installed_chaincodes(p->legacy, &legacy, &legacy_count);
    if (err)
        rt_note("error getting installed chaincodes from ccprovider: %v", err);
    struct installed_chaincode *all =
            rt_new_array(struct installed_chaincode, *count + legacy_count);
    for (size_t i = 0; i < *count; i++)
        all[i] = (*list)[i];
    for (size_t i = 0; i < legacy_count; i++)
        all[*count + i] = legacy[i];
    *list = all;
    *count += legacy_count;
}
