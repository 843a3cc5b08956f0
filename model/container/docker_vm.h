/* Runs chaincode in Docker containers.
 *
 * Follows core/container/dockercontroller/dockercontroller.go. */
#ifndef CCLAB_MODEL_CONTAINER_DOCKER_VM_H
#define CCLAB_MODEL_CONTAINER_DOCKER_VM_H

#include "model/container/docker_client.h"
#include "model/container/vm.h"

/* getDockerClient: a fresh client for every call on the VM. */
struct docker_client_getter {
    void *self;
    struct rt_error *(*get)(void *self, struct docker_client *client);
};

/* Provider and DockerVM in one: what viper would say is here. */
struct docker_vm_config {
    rt_str peer_id;
    rt_str network_id;
    struct docker_client_getter get_client;
    bool attach_stdout;                    /* vm.docker.attachStdout */
    uint64_t variants;                     /* bits of enum variant */
    bool pull;                             /* chaincode.pull */
    struct docker_host_config host_config; /* vm.docker.hostConfig */
    /* BuildMetrics.ChaincodeImageBuildDuration; NULL: nobody counts. */
    void (*observe_build)(void *self, rt_str chaincode, bool success, int64_t duration_ns);
    void *metrics;
};

struct docker_vm;
/* NewProvider: shares the config's content. */
struct docker_vm *docker_vm_new(const struct docker_vm_config *config);
struct vm_provider docker_vm_provider(struct docker_vm *vm);
struct vm docker_vm_as_vm(struct docker_vm *vm);

/* A getter that makes clients over one transport. */
struct docker_client_getter docker_client_getter_over(struct docker_transport *transport);

/* DockerVM.GetVMName: the container's name. */
rt_str docker_vm_get_vm_name(rt_str network_id, rt_str peer_id, struct ccid ccid);
/* DockerVM.GetVMNameForDocker: the image's name. */
RT_MUST_USE struct rt_error *docker_vm_get_vm_name_for_docker(
        rt_str network_id, rt_str peer_id, struct ccid ccid, rt_str *image);

#endif
