/* The packages of the new lifecycle, two files each: hash.json with name and version, hash.bin with
 * the package.
 *
 * Follows core/chaincode/persistence/persistence.go. In 1.4.2 nothing writes them unless
 * "+lifecycle" is enabled, but whoever wants a chaincode's code asks here first, in the same folder
 * where the packages of lscc are. */
#ifndef CCLAB_MODEL_CCPROVIDER_PERSISTENCE_H
#define CCLAB_MODEL_CCPROVIDER_PERSISTENCE_H

#include "model/ccprovider/filesystem.h"
#include "model/ccprovider/store.h"

/* persistence.Store. */
struct persistence_store {
    struct file_system fs;
    rt_str path;
};

/* The type of the error of RetrieveHash when there is no such package
 * (CodePackageNotFoundErr). */
extern const char code_package_not_found_err[];

/* Store.ListInstalledChaincodes. A .json that cannot be read is passed over; one that can, and is
 * not named by a hash, is an error. */
RT_MUST_USE struct rt_error *persistence_list_installed_chaincodes(
        const struct persistence_store *store, struct installed_chaincode **list, size_t *count);
/* Store.RetrieveHash. */
RT_MUST_USE struct rt_error *persistence_retrieve_hash(
        const struct persistence_store *store, rt_str name, rt_str version, rt_bytes *hash);
/* Store.Load, of which only the package is wanted. */
RT_MUST_USE struct rt_error *persistence_load(
        const struct persistence_store *store, rt_bytes hash, rt_bytes *package);

#endif
