/* Follows core/common/ccprovider/{ccprovider,ccinfocache,cc_info_provider}.go, and PutChaincodeToFS
 * of cdspackage.go and sigcdspackage.go. */
#include "model/ccprovider/store.h"

#include "model/gostd/paths.h"
#include "model/rt/rt.h"
#include "model/rt/sync.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

struct package_store {
    struct file_system fs;
    rt_str path; /* chaincodeInstallPath */
    struct rt_rwmutex lock;
    struct rt_map *cache; /* from name/version to Ccprovider__ChaincodeData */
};

struct package_store *package_store_new(struct file_system fs, rt_str path)
{
    struct package_store *store = rt_new(struct package_store);
    struct file_info info;
    struct rt_error *err = fs.stat(fs.self, path, &info);
    if (err && file_is_not_exist(err)) {
        err = fs.mkdir(fs.self, path);
        if (err)
            rt_panicf("Could not create chaincodes install path: %v", err);
    } else if (err) {
        rt_panicf("Could not stat chaincodes install path: %v", err);
    } else if (!info.is_dir) {
        rt_panicf("chaincode path exists but not a dir: %S", path);
    }
    store->fs = fs;
    rt_shared_write(&store->path, "ccprovider.chaincodeInstallPath");
    store->path = path;
    rt_rwmutex_init(&store->lock, "ccInfoCache");
    package_store_forget(store);
    return store;
}

rt_str package_store_path(const struct package_store *store)
{
    rt_shared_read(&store->path, "ccprovider.chaincodeInstallPath");
    return store->path;
}

void package_store_forget(struct package_store *store)
{
    store->cache = rt_map_new();
}

/* ---- files ---- */

static rt_str file_path(const struct package_store *store, rt_str name, rt_str version)
{
    return rt_sprintf("%S/%S.%S", package_store_path(store), name, version);
}

struct rt_error *ccprovider_get_chaincode_package(
        struct package_store *store, rt_str name, rt_str version, rt_bytes *bytes)
{
    *bytes = RT_NIL;
    return store->fs.read_file(store->fs.self, file_path(store, name, version), bytes);
}

struct rt_error *ccprovider_chaincode_package_exists(
        struct package_store *store, rt_str name, rt_str version, bool *exists)
{
    struct file_info info;
    rt_str path = path_join(package_store_path(store), rt_sprintf("%S.%S", name, version));
    struct rt_error *err = store->fs.stat(store->fs.self, path, &info);
    *exists = !err;
    return err;
}

struct rt_error *cc_package_init_from_fs(
        struct cc_package *p, struct package_store *store, rt_str name, rt_str version)
{
    rt_bytes buf;
    Ccprovider__ChaincodeData *data;
    *p = (struct cc_package){ .kind = p->kind };
    struct rt_error *err = ccprovider_get_chaincode_package(store, name, version, &buf);
    if (!err)
        err = cc_package_init_from_buffer(p, buf, &data);
    /* A signed package is not validated here. */
    if (!err && p->kind == CC_PACKAGE_CDS)
        err = cc_package_validate_cc(p, data);
    return err;
}

struct rt_error *ccprovider_get_chaincode_from_fs(
        struct package_store *store, rt_str name, rt_str version, struct cc_package **package)
{
    *package = NULL;
    struct cc_package *p = cc_package_new(CC_PACKAGE_CDS);
    struct rt_error *err = cc_package_init_from_fs(p, store, name, version);
    if (err) {
        p = cc_package_new(CC_PACKAGE_SIGNED_CDS);
        err = cc_package_init_from_fs(p, store, name, version);
    }
    if (!err)
        *package = p;
    return err;
}

struct rt_error *ccprovider_get_chaincode_code_package(
        struct package_store *store, rt_str name, rt_str version, rt_bytes *code)
{
    struct cc_package *package;
    *code = RT_NIL;
    struct rt_error *err = ccprovider_get_chaincode_from_fs(store, name, version, &package);
    if (!err)
        *code = cc_package_get_dep_spec(package)->code_package;
    return err;
}

static struct rt_error *check_complete(const struct cc_package *p)
{
    bool is_signed = p->kind == CC_PACKAGE_SIGNED_CDS;
    if (!p->buf.data)
        return rt_errorf("uninitialized package");
    if (!p->id.data)
        return rt_errorf("id cannot be nil if buf is not nil");
    if ((is_signed && !p->s_dep_spec) || !p->dep_spec)
        return rt_errorf("depspec cannot be nil if buf is not nil");
    if (is_signed && !p->env)
        return rt_errorf("env cannot be nil if buf and depspec are not nil");
    if (!p->data)
        return rt_errorf("nil data");
    if (!p->datab.data)
        return rt_errorf("nil data bytes");
    return NULL;
}

struct rt_error *cc_package_put_chaincode_to_fs(
        const struct cc_package *p, struct package_store *store)
{
    struct file_info info;
    struct rt_error *err = check_complete(p);
    if (err)
        return err;
    const Protos__ChaincodeID *id = RT_DEREF(RT_DEREF(p->dep_spec->chaincode_spec)->chaincode_id);
    rt_str path = file_path(store, id->name, id->version);
    if (!store->fs.stat(store->fs.self, path, &info))
        return rt_errorf("chaincode %S exists", path);
    return store->fs.write_file(store->fs.self, path, p->buf);
}

struct rt_error *ccprovider_put_chaincode_into_fs(
        struct package_store *store, const Protos__ChaincodeDeploymentSpec *dep_spec)
{
    rt_bytes buf;
    struct rt_error *err = WIRE_MARSHAL(dep_spec, &buf);
    struct cc_package *p = cc_package_new(CC_PACKAGE_CDS);
    if (!err)
        err = cc_package_init_from_buffer(p, buf, NULL);
    if (!err)
        err = cc_package_put_chaincode_to_fs(p, store);
    return err;
}

/* ---- the cache ---- */

struct rt_error *ccprovider_get_chaincode_data(
        struct package_store *store, rt_str name, rt_str version, Ccprovider__ChaincodeData **data)
{
    rt_str key = rt_sprintf("%S/%S", name, version);
    rt_rlock(&store->lock);
    rt_shared_read(store->cache, "ccInfoCache.cache");
    *data = rt_map_get(store->cache, key);
    rt_runlock(&store->lock);
    if (*data)
        return NULL;
    struct cc_package *package;
    struct rt_error *err = ccprovider_get_chaincode_from_fs(store, name, version, &package);
    if (err)
        return rt_errorf(
                "cannot retrieve package for chaincode %S/%S, error %v", name, version, err);
    rt_wlock(&store->lock);
    *data = cc_package_get_chaincode_data(package);
    rt_shared_write(store->cache, "ccInfoCache.cache");
    rt_map_put(store->cache, key, *data);
    rt_wunlock(&store->lock);
    return NULL;
}

struct rt_error *ccprovider_check_instantiation_policy(struct package_store *store, rt_str name,
        rt_str version, const Ccprovider__ChaincodeData *ledger_data)
{
    Ccprovider__ChaincodeData *data;
    struct rt_error *err = ccprovider_get_chaincode_data(store, name, version, &data);
    if (err)
        return err;
    if (data->instantiation_policy.data &&
            !rt_str_eq(data->instantiation_policy, RT_DEREF(ledger_data)->instantiation_policy))
        return rt_errorf("Instantiation policy mismatch for cc %S/%S", name, version);
    return NULL;
}

/* ---- lists ---- */

/* Splits a file name at its first dot: names hold none, versions may. */
static bool split_file_name(rt_str file, rt_str *name, rt_str *version)
{
    ptrdiff_t dot = rt_str_index(file, RT_STR("."));
    if (dot < 0)
        return false;
    *name = rt_str_slice(file, 0, (size_t)dot);
    *version = rt_str_slice(file, (size_t)dot + 1, file.len);
    return true;
}

/* What is told about an installed file; NULL if it is passed over. */
static Protos__ChaincodeInfo *chaincode_info(struct package_store *store, rt_str file)
{
    rt_str name, version;
    struct cc_package *package;
    if (!split_file_name(file, &name, &version))
        return NULL;
    if (ccprovider_get_chaincode_from_fs(store, name, version, &package)) {
        rt_note("Unreadable chaincode file found on filesystem: %S", file);
        return NULL;
    }
    Protos__ChaincodeSpec *spec = cc_package_get_dep_spec(package)->chaincode_spec;
    const Protos__ChaincodeID *id = RT_DEREF(RT_DEREF(spec)->chaincode_id);
    if (!rt_str_eq(id->name, name) || !rt_str_eq(id->version, version)) {
        rt_note("Chaincode file's name/version has been modified on the filesystem: %S", file);
        return NULL;
    }
    Protos__ChaincodeInfo *info = WIRE_NEW(protos__chaincode_info);
    info->name = id->name;
    info->version = id->version;
    info->path = id->path;
    info->id = cc_package_get_id(package);
    return info;
}

struct rt_error *ccprovider_get_installed_chaincodes(
        struct package_store *store, Protos__ChaincodeQueryResponse **response)
{
    struct file_info *files;
    size_t count;
    *response = NULL;
    struct rt_error *err =
            store->fs.read_dir(store->fs.self, package_store_path(store), &files, &count);
    if (err)
        return err;
    Protos__ChaincodeQueryResponse *r = WIRE_NEW(protos__chaincode_query_response);
    r->chaincodes = rt_new_array(Protos__ChaincodeInfo *, count);
    for (size_t i = 0; i < count; i++) {
        Protos__ChaincodeInfo *info = chaincode_info(store, files[i].name);
        if (info)
            r->chaincodes[r->n_chaincodes++] = info;
    }
    *response = r;
    return NULL;
}

struct rt_error *ccprovider_list_installed_chaincodes(
        struct package_store *store, struct installed_chaincode **list, size_t *count)
{
    struct file_info *files, info;
    size_t files_count;
    *list = NULL;
    *count = 0;
    if (file_is_not_exist(store->fs.stat(store->fs.self, package_store_path(store), &info)))
        return NULL;
    struct rt_error *err =
            store->fs.read_dir(store->fs.self, package_store_path(store), &files, &files_count);
    if (err)
        return rt_error_wrapf(err, "failed reading directory %S", package_store_path(store));
    struct installed_chaincode *found = rt_new_array(struct installed_chaincode, files_count);
    size_t n = 0;
    for (size_t i = 0; i < files_count; i++) {
        struct installed_chaincode *one = &found[n];
        struct cc_package *package;
        if (files[i].is_dir)
            continue;
        if (!split_file_name(files[i].name, &one->name, &one->version)) {
            rt_note("Skipping %S because of missing separator '.'", files[i].name);
            continue;
        }
        err = ccprovider_get_chaincode_from_fs(store, one->name, one->version, &package);
        if (err) {
            rt_note("Failed obtaining chaincode information about %S %S : %v", one->name,
                    one->version, err);
            return rt_error_wrapf(err, "failed obtaining information about %S, version %S",
                    one->name, one->version);
        }
        one->id = cc_package_get_id(package);
        n++;
    }
    *list = found;
    *count = n;
    return NULL;
}
