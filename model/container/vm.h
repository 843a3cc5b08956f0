/* What runs chaincode (VM), what builds its image (Builder), and requests to it (VMCReq).
 *
 * Follows the interfaces and requests of core/container/controller.go. */
#ifndef CCLAB_MODEL_CONTAINER_VM_H
#define CCLAB_MODEL_CONTAINER_VM_H

#include "model/container/ccintf.h"
#include "model/gostd/io.h"
#include "model/rt/map.h"

/* Types of VMs that a controller knows. */
#define CONTAINER_TYPE_DOCKER "DOCKER"
#define CONTAINER_TYPE_INPROC "SYSTEM"

/* []string. */
struct str_slice {
    const rt_str *items;
    size_t count;
};
/* append: a new slice, the old one stays. */
struct str_slice str_slice_append(struct str_slice slice, rt_str item);

/* Makes the build context of an image: a gzip'd tar with a Dockerfile. A NULL `build` is Go's nil
 * Builder. */
struct builder {
    void *self;
    struct rt_error *(*build)(void *self, struct io_reader *context);
};

/* context.Context as far as health checks need it. */
struct vm_context {
    int64_t timeout_ns; /* 0: none */
};

struct vm {
    void *self;
    /* `files_to_upload` maps paths in the container to rt_bytes *; NULL for none. */
    struct rt_error *(*start)(void *self, struct ccid ccid, struct str_slice args,
            struct str_slice env, struct rt_map *files_to_upload, struct builder builder);
    /* `timeout` in seconds. */
    struct rt_error *(*stop)(
            void *self, struct ccid ccid, unsigned timeout, bool dontkill, bool dontremove);
    /* Blocks until the container ends; *exit_code is 0 with an error. */
    struct rt_error *(*wait)(void *self, struct ccid ccid, int64_t *exit_code);
    struct rt_error *(*health_check)(void *self, struct vm_context context);
};

struct vm_provider {
    void *self;
    struct vm (*new_vm)(void *self);
};

/* A request to a VM: what to do, and on which chaincode. Made by the vmc_req_*() below, which keep
 * a pointer to the request they wrap. */
struct vmc_req {
    const void *self;
    struct rt_error *(*do_req)(const void *self, struct vm vm);
    struct ccid (*get_ccid)(const void *self);
};

struct start_container_req {
    struct ccid ccid;
    struct builder builder;
    struct str_slice args;
    struct str_slice env;
    struct rt_map *files_to_upload;
};
/* A StartContainerReq as VMCReq; the request must outlive it. */
struct vmc_req vmc_req_start(const struct start_container_req *req);

struct stop_container_req {
    struct ccid ccid;
    unsigned timeout; /* seconds */
    bool dontkill;
    bool dontremove;
};
struct vmc_req vmc_req_stop(const struct stop_container_req *req);

/* Called once, in a goroutine of its own, when the container has ended or cannot be waited for. */
struct exited_func {
    void *self;
    void (*call)(void *self, int64_t exit_code, struct rt_error *err);
};
struct wait_container_req {
    struct ccid ccid;
    struct exited_func exited;
};
struct vmc_req vmc_req_wait(const struct wait_container_req *req);

#endif
