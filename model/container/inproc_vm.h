/* Runs system chaincodes inside the peer's process.
 *
 * Follows core/container/inproccontroller. */
#ifndef CCLAB_MODEL_CONTAINER_INPROC_VM_H
#define CCLAB_MODEL_CONTAINER_INPROC_VM_H

#include "model/container/vm.h"
#include "model/rt/chan.h"
#include "model/rt/map.h"
#include "model/rt/sync.h"
#include "model/shim/shim.h"

/* inprocContainer. */
struct inproc_container {
    struct cc_support chaincode_support;
    const struct chaincode *chaincode;
    bool running; /* ordered by VMController, which runs one start or stop of a name at a time */
    struct str_slice args;
    struct str_slice env;
    struct rt_chan *stop_chan;
};

/* inproccontroller.Registry: the system chaincodes that exist and those that run. */
struct inproc_registry {
    struct rt_mutex mutex;
    struct rt_map *type_registry; /* of struct inproc_container * */
    struct rt_map *inst_registry;
    struct cc_support chaincode_support; /* to be set before anything is started */
    /* _shimStartInProc: what is done before a chaincode is started, or instead of it when it is an
     * error; NULL: nothing. */
    struct rt_error *(*before_start)(void *self, const struct chaincode *cc);
    void *before_start_self;
    uint64_t variants;
    const struct rt_map *writing; /* for the variant INPROC_UNLOCKED */
};

/* The type of the error for a name that is registered already (SysCCRegisteredErr). */
extern const char inproc_sys_cc_registered_err[];

/* NewRegistry: empty. */
struct inproc_registry *inproc_registry_new(void);
/* Registry.Register. */
RT_MUST_USE struct rt_error *inproc_registry_register(
        struct inproc_registry *r, const struct ccid *ccid, const struct chaincode *cc);
/* Sets Registry.ChaincodeSupport. */
void inproc_registry_set_chaincode_support(
        struct inproc_registry *r, struct cc_support chaincode_support);
/* Registry as a VMProvider; NewInprocVM. */
struct vm_provider inproc_registry_provider(struct inproc_registry *r);
struct vm inproc_vm_new(struct inproc_registry *r);

#endif
