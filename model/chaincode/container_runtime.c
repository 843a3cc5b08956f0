/* Follows core/chaincode/container_runtime.go; launch_config.c has its LaunchConfig. */
#include "model/chaincode/container_runtime.h"

#include "model/lab/variants.h"
#include "model/rt/chan.h"
#include "model/rt/trace.h"

/* Variants, at the end of this file. */
static struct rt_error *cancelled_start(void);

static struct rt_error *process(void *self, rt_str vmtype, struct vmc_req req)
{
    return vm_controller_process(self, vmtype, req);
}

struct processor processor_of_vm_controller(struct vm_controller *vmc)
{
    return (struct processor){ vmc, process };
}

/* container.PlatformBuilder. */
struct platform_build {
    const struct container_runtime *c;
    const struct chaincode_container_info *ccci;
    rt_bytes code_package;
};

static struct rt_error *build(void *self, struct io_reader *context)
{
    const struct platform_build *b = self;
    const struct platform_builder *platforms = &b->c->platform_registry;
    return platforms->generate_docker_build(platforms->self, b->ccci->type, b->ccci->path,
            b->ccci->name, b->ccci->version, b->code_package, context);
}

static struct ccid ccid_of(
        const struct container_runtime *c, const struct chaincode_container_info *ccci)
{
    struct ccid ccid = { .name = ccci->name, .version = ccci->version };
    if (variant_on(c->variants, VARIANT_FIX_NAMES_DISTINCT) &&
            rt_str_is(ccci->container_type, CONTAINER_TYPE_DOCKER))
        ccid.distinct = true; /* system chaincodes keep the names that they registered under */
    return ccid;
}

struct rt_error *container_runtime_start(
        struct container_runtime *c, struct chaincode_container_info *ccci, rt_bytes code_package)
{
    struct launch_config *lc;
    struct rt_error *err =
            launch_config_make(&c->config, chaincode_container_info_cname(ccci), ccci->type, &lc);
    if (err)
        return err;
    struct platform_build *b = rt_new(struct platform_build);
    *b = (struct platform_build){ c, ccci, code_package };
    struct start_container_req *req = rt_new(struct start_container_req);
    *req = (struct start_container_req){
        .ccid = ccid_of(c, ccci),
        .builder = { b, build },
        .args = lc->args,
        .env = lc->envs,
        .files_to_upload = lc->files,
    };
    err = c->processor.process(c->processor.self, ccci->container_type, vmc_req_start(req));
    if (variant_on(c->variants, VARIANT_CANCELLED_START) && !err)
        err = cancelled_start();
    return rt_error_wrap(err, "error starting container");
}

struct rt_error *container_runtime_stop(
        struct container_runtime *c, struct chaincode_container_info *ccci)
{
    struct stop_container_req *req = rt_new(struct stop_container_req);
    req->ccid = ccid_of(c, ccci);
    struct rt_error *err =
            c->processor.process(c->processor.self, ccci->container_type, vmc_req_stop(req));
    if (variant_on(c->variants, VARIANT_STOP_ERROR_DROPPED))
        return NULL;
    return rt_error_wrap(err, "error stopping container");
}

/* What the exited function of a wait reports. */
struct wait_result {
    int64_t exit_code;
    struct rt_error *err;
};

static void exited(void *self, int64_t exit_code, struct rt_error *err)
{
    struct rt_chan *results = self;
    struct wait_result *result = rt_new(struct wait_result);
    *result = (struct wait_result){ exit_code, err };
    rt_send(results, result);
    rt_close(results);
}

struct rt_error *container_runtime_wait(
        struct container_runtime *c, struct chaincode_container_info *ccci, int64_t *exit_code)
{
    struct rt_chan *results = rt_chan_make(1, "ContainerRuntime.Wait");
    struct wait_container_req *req = rt_new(struct wait_container_req);
    req->ccid = ccid_of(c, ccci);
    req->exited = (struct exited_func){ results, exited };
    struct rt_error *err =
            c->processor.process(c->processor.self, ccci->container_type, vmc_req_wait(req));
    if (err) {
        *exit_code = -1;
        return err;
    }
    void *value;
    rt_recv(results, &value);
    const struct wait_result *result = value;
    *exit_code = result->exit_code;
    return result->err;
}

/* ---- as a Runtime ---- */

static struct rt_error *runtime_start(
        void *self, struct chaincode_container_info *ccci, rt_bytes code_package)
{
    return container_runtime_start(self, ccci, code_package);
}

static struct rt_error *runtime_stop(void *self, struct chaincode_container_info *ccci)
{
    return container_runtime_stop(self, ccci);
}

static struct rt_error *runtime_wait(
        void *self, struct chaincode_container_info *ccci, int64_t *exit_code)
{
    return container_runtime_wait(self, ccci, exit_code);
}

struct runtime container_runtime_interface(struct container_runtime *c)
{
    return (struct runtime){ c, runtime_start, runtime_stop, runtime_wait };
}

/* ---- variants ---- */

/* In 1.2 and before, a cancelled client context hid the outcome of a request that had gone on. */
static struct rt_error *cancelled_start(void)
{
    if (rt_choose(RT_CHOICE_FAULT, 2, "client hangs up during the start") == 0)
        return NULL;
    return rt_errorf("context canceled");
}
