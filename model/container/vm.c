/* The requests of core/container/controller.go. */
#include "model/container/vm.h"

#include "model/rt/rt.h"

struct str_slice str_slice_append(struct str_slice slice, rt_str item)
{
    rt_str *items = rt_grow(slice.items, slice.count, slice.count + 1, sizeof(*items));
    items[slice.count] = item;
    return (struct str_slice){ items, slice.count + 1 };
}

static struct rt_error *start_do(const void *self, struct vm vm)
{
    const struct start_container_req *si = self;
    return vm.start(vm.self, si->ccid, si->args, si->env, si->files_to_upload, si->builder);
}

static struct ccid start_ccid(const void *self)
{
    return ((const struct start_container_req *)self)->ccid;
}

struct vmc_req vmc_req_start(const struct start_container_req *req)
{
    return (struct vmc_req){ req, start_do, start_ccid };
}

static struct rt_error *stop_do(const void *self, struct vm vm)
{
    const struct stop_container_req *si = self;
    return vm.stop(vm.self, si->ccid, si->timeout, si->dontkill, si->dontremove);
}

static struct ccid stop_ccid(const void *self)
{
    return ((const struct stop_container_req *)self)->ccid;
}

struct vmc_req vmc_req_stop(const struct stop_container_req *req)
{
    return (struct vmc_req){ req, stop_do, stop_ccid };
}

/* What the goroutine of a wait works on. */
struct waiting {
    struct vm vm;
    struct ccid ccid;
    struct exited_func exited;
};

static void wait_goroutine(void *arg)
{
    struct waiting *w = arg;
    int64_t exit_code = 0;
    struct rt_error *err = w->vm.wait(w->vm.self, w->ccid, &exit_code);
    w->exited.call(w->exited.self, exit_code, err);
}

static struct rt_error *wait_do(const void *self, struct vm vm)
{
    const struct wait_container_req *req = self;
    struct waiting *w = rt_new(struct waiting);
    *w = (struct waiting){ vm, req->ccid, req->exited };
    rt_go("container.wait", wait_goroutine, w);
    return NULL;
}

static struct ccid wait_ccid(const void *self)
{
    return ((const struct wait_container_req *)self)->ccid;
}

struct vmc_req vmc_req_wait(const struct wait_container_req *req)
{
    return (struct vmc_req){ req, wait_do, wait_ccid };
}
