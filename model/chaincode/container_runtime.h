/* Runs chaincode containers through the VM controller.
 *
 * Follows core/chaincode/container_runtime.go. */
#ifndef CCLAB_MODEL_CHAINCODE_CONTAINER_RUNTIME_H
#define CCLAB_MODEL_CHAINCODE_CONTAINER_RUNTIME_H

#include "model/chaincode/launch_config.h"
#include "model/chaincode/runtime_launcher.h"
#include "model/container/vm_controller.h"

/* Processor: the VM controller. */
struct processor {
    void *self;
    struct rt_error *(*process)(void *self, rt_str vmtype, struct vmc_req req);
};
/* The controller as a Processor; it must outlive that. */
struct processor processor_of_vm_controller(struct vm_controller *vmc);

/* The platforms that turn a chaincode's code into the build context of its image. */
struct platform_builder {
    void *self;
    struct rt_error *(*generate_docker_build)(void *self, rt_str cc_type, rt_str path, rt_str name,
            rt_str version, rt_bytes code_package, struct io_reader *context);
};

struct container_runtime {
    struct launch_config_source config;
    struct processor processor;
    struct platform_builder platform_registry;
    uint64_t variants; /* bits of enum variant */
};

/* ContainerRuntime.Start: returns when the container has been started, not when it has registered.
 * `code_package` is read only if its image has to be built. */
RT_MUST_USE struct rt_error *container_runtime_start(
        struct container_runtime *c, struct chaincode_container_info *ccci, rt_bytes code_package);
/* ContainerRuntime.Stop: stops, kills and removes the container. */
RT_MUST_USE struct rt_error *container_runtime_stop(
        struct container_runtime *c, struct chaincode_container_info *ccci);
/* ContainerRuntime.Wait: blocks until the container ends. *exit_code is -1 if it cannot be waited
 * for. */
RT_MUST_USE struct rt_error *container_runtime_wait(
        struct container_runtime *c, struct chaincode_container_info *ccci, int64_t *exit_code);
/* The three as a Runtime. */
struct runtime container_runtime_interface(struct container_runtime *c);

#endif
