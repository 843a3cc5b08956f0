/* Where a peer looks for packages: among those of the new lifecycle, then among those of lscc.
 *
 * Follows core/chaincode/persistence/package_provider.go. */
#ifndef CCLAB_MODEL_CCPROVIDER_PACKAGE_PROVIDER_H
#define CCLAB_MODEL_CCPROVIDER_PACKAGE_PROVIDER_H

#include "model/ccprovider/persistence.h"

/* persistence.PackageProvider as `peer node start` makes it, which is without a parser. */
struct persistence_package_provider {
    struct persistence_store store;
    struct package_store *legacy;
};

/* PackageProvider.GetChaincodeCodePackage. Panics when the new lifecycle has the package: there is
 * nobody to parse it. */
RT_MUST_USE struct rt_error *package_provider_get_chaincode_code_package(
        const struct persistence_package_provider *provider, rt_str name, rt_str version,
        rt_bytes *code);
/* PackageProvider.ListInstalledChaincodes: what cannot be listed is left out without a word. */
void package_provider_list_installed_chaincodes(const struct persistence_package_provider *provider,
        struct installed_chaincode **list, size_t *count);

#endif
