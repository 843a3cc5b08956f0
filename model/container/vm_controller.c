/* Follows VMController of core/container/controller.go. */
#include "model/container/vm_controller.h"

#include "model/rt/rt.h"
#include "model/rt/sync.h"

/* refCountedLock */
struct ref_counted_lock {
    int64_t ref_count;
    struct rt_rwmutex lock;
};

struct vm_controller {
    struct rt_rwmutex mutex;
    struct rt_map *container_locks;
    struct rt_map *vm_providers;
};

struct vm_controller *vm_controller_new(struct rt_map *providers)
{
    struct vm_controller *vmc = rt_new(struct vm_controller);
    rt_rwmutex_init(&vmc->mutex, "VMController");
    vmc->container_locks = rt_map_new();
    vmc->vm_providers = providers;
    return vmc;
}

static struct vm new_vm(struct vm_controller *vmc, rt_str typ)
{
    struct vm_provider *v = rt_map_get(vmc->vm_providers, typ);
    if (!v)
        rt_panicf("Programming error: unsupported VM type: %S", typ);
    return v->new_vm(v->self);
}

static void lock_container(struct vm_controller *vmc, rt_str id)
{
    /* the container's lock is found under the global one */
    rt_wlock(&vmc->mutex);
    rt_shared_read(vmc->container_locks, "VMController.containerLocks");
    struct ref_counted_lock *ref_lck = rt_map_get(vmc->container_locks, id);
    if (!ref_lck) {
        ref_lck = rt_new(struct ref_counted_lock);
        ref_lck->ref_count = 1;
        rt_rwmutex_init(&ref_lck->lock, "containerLock");
        rt_shared_write(vmc->container_locks, "VMController.containerLocks");
        rt_map_put(vmc->container_locks, id, ref_lck);
    } else {
        rt_shared_write(&ref_lck->ref_count, "refCountedLock.refCount");
        ref_lck->ref_count++;
    }
    rt_wunlock(&vmc->mutex);
    rt_wlock(&ref_lck->lock);
}

static void unlock_container(struct vm_controller *vmc, rt_str id)
{
    rt_wlock(&vmc->mutex);
    rt_shared_read(vmc->container_locks, "VMController.containerLocks");
    struct ref_counted_lock *ref_lck = rt_map_get(vmc->container_locks, id);
    if (ref_lck) {
        if (ref_lck->ref_count <= 0)
            rt_panicf("refcnt <= 0");
        rt_wunlock(&ref_lck->lock);
        rt_shared_write(&ref_lck->ref_count, "refCountedLock.refCount");
        if (--ref_lck->ref_count == 0) {
            rt_shared_write(vmc->container_locks, "VMController.containerLocks");
            rt_map_delete(vmc->container_locks, id);
        }
    }
    rt_wunlock(&vmc->mutex);
}

struct unlocking {
    struct vm_controller *vmc;
    rt_str id;
};

static void deferred_unlock(void *arg)
{
    struct unlocking *u = arg;
    unlock_container(u->vmc, u->id);
}

struct rt_error *vm_controller_process(struct vm_controller *vmc, rt_str vmtype, struct vmc_req req)
{
    struct vm v = new_vm(vmc, vmtype);
    struct unlocking *u = rt_new(struct unlocking);
    *u = (struct unlocking){ vmc, ccid_get_name(req.get_ccid(req.self)) };

    lock_container(vmc, u->id);
    struct rt_defer *mark = rt_defer_mark();
    rt_defer(deferred_unlock, u);
    struct rt_error *err = req.do_req(req.self, v);
    rt_run_deferred(mark);
    return err;
}

size_t vm_controller_lock_count(const struct vm_controller *vmc)
{
    return rt_map_len(vmc->container_locks);
}

int64_t vm_controller_lock_refs(const struct vm_controller *vmc, rt_str name)
{
    const struct ref_counted_lock *ref_lck = rt_map_get(vmc->container_locks, name);
    return !ref_lck ? 0 : ref_lck->ref_count;
}
