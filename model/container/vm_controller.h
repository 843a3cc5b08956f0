/* Runs requests on VMs, one at a time for each chaincode.
 *
 * Follows core/container/controller.go: a lock per container name, counted by those who hold or
 * want it, and dropped with the last of them. A start that never returns therefore blocks every
 * stop of the same chaincode. */
#ifndef CCLAB_MODEL_CONTAINER_VM_CONTROLLER_H
#define CCLAB_MODEL_CONTAINER_VM_CONTROLLER_H

#include "model/container/vm.h"

struct vm_controller;

/* NewVMController: `providers` maps VM types to struct vm_provider *. */
struct vm_controller *vm_controller_new(struct rt_map *providers);

/* VMController.Process; panics for a type that has no provider. */
RT_MUST_USE struct rt_error *vm_controller_process(
        struct vm_controller *vmc, rt_str vmtype, struct vmc_req req);

/* Number of containers with a lock now, and the references to one: for invariants. */
size_t vm_controller_lock_count(const struct vm_controller *vmc);
int64_t vm_controller_lock_refs(const struct vm_controller *vmc, rt_str name);

#endif
