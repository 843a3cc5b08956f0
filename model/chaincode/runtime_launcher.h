/* Starts a chaincode's container and waits until the chaincode has registered.
 *
 * Follows core/chaincode/runtime_launcher.go; the interfaces Runtime and Launcher are those of
 * chaincode_support.go. */
#ifndef CCLAB_MODEL_CHAINCODE_RUNTIME_LAUNCHER_H
#define CCLAB_MODEL_CHAINCODE_RUNTIME_LAUNCHER_H

#include "model/ccprovider/ccprovider.h"
#include "model/chaincode/handler_registry.h"
#include "model/lab/metrics.h"

/* Runtime: runs chaincode containers. `wait` gives the exit code. */
struct runtime {
    void *self;
    struct rt_error *(*start)(
            void *self, struct chaincode_container_info *ccci, rt_bytes code_package);
    struct rt_error *(*stop)(void *self, struct chaincode_container_info *ccci);
    struct rt_error *(*wait)(void *self, struct chaincode_container_info *ccci, int64_t *exit_code);
};

/* PackageProvider: the code of an installed chaincode. */
struct package_provider {
    void *self;
    struct rt_error *(*get_chaincode_code_package)(
            void *self, rt_str ccname, rt_str ccversion, rt_bytes *code_package);
};

/* Launcher. */
struct launcher {
    void *self;
    struct rt_error *(*launch)(void *self, struct chaincode_container_info *ccci);
};

struct runtime_launcher {
    struct runtime runtime;
    struct handler_registry *registry; /* LaunchRegistry */
    struct package_provider package_provider;
    int64_t startup_timeout_ns;
    struct metrics *metrics;
    const struct observer *observer; /* may be NULL */
    uint64_t variants;               /* bits of enum variant */
};

/* RuntimeLauncher.Launch: waits until the chaincode has registered (NULL), its start has failed, or
 * the startup timeout has passed. Of several launches of a name at once the first starts it, the
 * others wait for the outcome without a timeout of their own. */
RT_MUST_USE struct rt_error *runtime_launcher_launch(
        struct runtime_launcher *r, struct chaincode_container_info *ccci);
/* It as a Launcher. */
struct launcher runtime_launcher_interface(struct runtime_launcher *r);

#endif
