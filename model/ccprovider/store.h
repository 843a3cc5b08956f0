/* The packages installed on a peer: files name.version in one folder, and a cache of their data.
 *
 * Follows the package-level functions of core/common/ccprovider (ccprovider.go, ccinfocache.go,
 * cc_info_provider.go, cc_statedb_artifacts_provider.go), whose global variables are a
 * package_store here. Packages that a function returns live in the current arena. */
#ifndef CCLAB_MODEL_CCPROVIDER_STORE_H
#define CCLAB_MODEL_CCPROVIDER_STORE_H

#include "model/ccprovider/filesystem.h"
#include "model/ccprovider/package.h"
#include "proto/query.pb-c.h"

struct package_store;
struct platforms_registry;

/* A store over a file system, with an empty cache: what a starting peer has. SetChaincodesPath
 * creates the folder, or panics with Go's text. */
struct package_store *package_store_new(struct file_system fs, rt_str chaincode_install_path);
rt_str package_store_path(const struct package_store *store);
/* Empties the cache, as a restart does. */
void package_store_forget(struct package_store *store);

/* GetChaincodePackage: the bytes of an installed package. */
RT_MUST_USE struct rt_error *ccprovider_get_chaincode_package(
        struct package_store *store, rt_str name, rt_str version, rt_bytes *bytes);
/* ChaincodePackageExists: the error is os.Stat's, also when it is simply not there. */
RT_MUST_USE struct rt_error *ccprovider_chaincode_package_exists(
        struct package_store *store, rt_str name, rt_str version, bool *exists);

/* GetChaincodeFromFS and CCInfoFSImpl.GetChaincode: tries a plain package, then a signed one. */
RT_MUST_USE struct rt_error *ccprovider_get_chaincode_from_fs(
        struct package_store *store, rt_str name, rt_str version, struct cc_package **package);
/* CCInfoFSImpl.GetChaincodeCodePackage (PackageProvider of the runtime launcher). */
RT_MUST_USE struct rt_error *ccprovider_get_chaincode_code_package(
        struct package_store *store, rt_str name, rt_str version, rt_bytes *code);
/* CDSPackage.InitFromFS, SignedCDSPackage.InitFromFS. */
RT_MUST_USE struct rt_error *cc_package_init_from_fs(
        struct cc_package *p, struct package_store *store, rt_str name, rt_str version);
/* CCPackage.PutChaincodeToFS. */
RT_MUST_USE struct rt_error *cc_package_put_chaincode_to_fs(
        const struct cc_package *p, struct package_store *store);
/* PutChaincodeIntoFS: of a plain deployment spec. */
RT_MUST_USE struct rt_error *ccprovider_put_chaincode_into_fs(
        struct package_store *store, const Protos__ChaincodeDeploymentSpec *dep_spec);

/* GetChaincodeData: from the cache, else from the file system. */
RT_MUST_USE struct rt_error *ccprovider_get_chaincode_data(
        struct package_store *store, rt_str name, rt_str version, Ccprovider__ChaincodeData **data);
/* CheckInstantiationPolicy. */
RT_MUST_USE struct rt_error *ccprovider_check_instantiation_policy(struct package_store *store,
        rt_str name, rt_str version, const Ccprovider__ChaincodeData *ledger_data);

/* GetInstalledChaincodes. */
RT_MUST_USE struct rt_error *ccprovider_get_installed_chaincodes(
        struct package_store *store, Protos__ChaincodeQueryResponse **response);

struct installed_chaincode {
    rt_str name;
    rt_str version;
    rt_bytes id;
};
/* CCInfoFSImpl.ListInstalledChaincodes of the store's folder. */
RT_MUST_USE struct rt_error *ccprovider_list_installed_chaincodes(
        struct package_store *store, struct installed_chaincode **list, size_t *count);

/* ---- state database artifacts in a package's code ---- */

/* ExtractStatedbArtifactsFromCCPackage: the files below META-INF/statedb/ as an uncompressed
 * tar. */
RT_MUST_USE struct rt_error *ccprovider_extract_statedb_artifacts_from_cc_package(
        const struct cc_package *package, const struct platforms_registry *platforms,
        rt_bytes *tar);
/* ExtractStatedbArtifactsForChaincode: *installed is false, without an error, if it is not. */
RT_MUST_USE struct rt_error *ccprovider_extract_statedb_artifacts_for_chaincode(
        struct package_store *store, rt_str name, rt_str version,
        const struct platforms_registry *platforms, bool *installed, rt_bytes *tar);

struct tar_file_entry {
    rt_str dir;  /* filepath.Clean of the directory, the key of Fabric's map */
    rt_str name; /* FileHeader.Name */
    rt_bytes content;
};
/* ExtractFileEntries: the files whose name begins with META-INF/statedb/ and `database_type`, in
 * order of directory, within one as they were in the tar. */
RT_MUST_USE struct rt_error *ccprovider_extract_file_entries(
        rt_bytes tar, rt_str database_type, struct tar_file_entry **entries, size_t *count);

#endif
