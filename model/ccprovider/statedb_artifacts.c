/* Follows core/common/ccprovider/cc_statedb_artifacts_provider.go. */
#include "model/ccprovider/platforms.h"
#include "model/ccprovider/store.h"
#include "model/gostd/paths.h"
#include "model/gostd/tar.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

struct rt_error *ccprovider_extract_statedb_artifacts_from_cc_package(
        const struct cc_package *package, const struct platforms_registry *platforms, rt_bytes *tar)
{
    bool known;
    const Protos__ChaincodeDeploymentSpec *cds = cc_package_get_dep_spec(package);
    struct rt_error *err = platforms_get_metadata_as_tar_entries(
            platforms, cds_cc_type(cds), cds->code_package, &known, tar);
    if (!known) {
        rt_note("invalid deployment spec: %v", err);
        return rt_errorf("invalid deployment spec");
    }
    return err;
}

struct rt_error *ccprovider_extract_statedb_artifacts_for_chaincode(struct package_store *store,
        rt_str name, rt_str version, const struct platforms_registry *platforms, bool *installed,
        rt_bytes *tar)
{
    struct cc_package *package;
    *tar = RT_NIL;
    struct rt_error *err = ccprovider_get_chaincode_from_fs(store, name, version, &package);
    *installed = !err;
    if (err) {
        rt_note("Error while loading installation package for ccname=%S, ccversion=%S. Err=%v",
                name, version, err);
        return NULL;
    }
    return ccprovider_extract_statedb_artifacts_from_cc_package(package, platforms, tar);
}

/* Entries of one directory, which is a key of a map in Fabric. */
struct group {
    size_t *indexes;
    size_t count;
    size_t cap;
};

static void add_to_group(struct rt_map *groups, rt_str dir, size_t index)
{
    struct group *g = rt_map_get(groups, dir);
    if (!g) {
        g = rt_new(struct group);
        rt_map_put(groups, dir, g);
    }
    rt_reserve(g->indexes, g->cap, g->count + 1);
    g->indexes[g->count++] = index;
}

struct rt_error *ccprovider_extract_file_entries(
        rt_bytes tar, rt_str database_type, struct tar_file_entry **entries, size_t *count)
{
    struct tar_reader reader;
    struct tar_header h;
    struct rt_error *err;
    struct tar_file_entry *all = NULL;
    size_t total = 0, cap = 0;
    struct rt_map *groups = rt_map_new();
    rt_str prefix = rt_str_cat(RT_STR("META-INF/statedb/"), database_type);
    *entries = NULL;
    *count = 0;
    tar_reader_open(&reader, tar);
    while (!(err = tar_reader_next(&reader, &h))) {
        rt_str dir, file;
        if (!rt_str_has_prefix(h.name, prefix))
            continue;
        rt_reserve(all, cap, total + 1);
        path_split(h.name, &dir, &file);
        all[total] = (struct tar_file_entry){ .dir = path_clean(dir), .name = h.name };
        err = tar_reader_read_all(&reader, &all[total].content);
        if (err)
            return err;
        add_to_group(groups, all[total].dir, total);
        total++;
    }
    if (err != rt_eof)
        return err;
    const struct rt_map_entry *sorted = rt_map_sorted(groups);
    *entries = rt_new_array(struct tar_file_entry, total);
    for (size_t i = 0; i < rt_map_len(groups); i++) {
        const struct group *g = sorted[i].value;
        for (size_t j = 0; j < g->count; j++)
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a group has entries */
            (*entries)[(*count)++] = all[g->indexes[j]];
    }
    return NULL;
}
