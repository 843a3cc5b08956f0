/* Runtime and PackageProvider in memory. */
#include "mocks/launch/internal.h"
#include "model/chaincode/container_runtime.h"
#include "model/container/vm_controller.h"
#include "model/lab/variants.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"

static const struct launch_behaviour plain;

void launch_wait_for(struct chaincode_delay delay, const char *label)
{
    if (delay.count == 0)
        return;
    int64_t ms = delay.ms[rt_choose(RT_CHOICE_DELAY, (uint32_t)delay.count, label)];
    if (ms > 0)
        rt_sleep_ns(ms * RT_MS);
}

/* ---- names ---- */

/* Its only VM is never asked: requests do themselves what it would. */
static struct vm new_vm(void *self)
{
    (void)self;
    return (struct vm){ 0 };
}

static struct vm_controller *controller_new(void)
{
    struct rt_map *providers = rt_map_new();
    struct vm_provider *provider = rt_new(struct vm_provider);
    provider->new_vm = new_vm;
    rt_map_put(providers, RT_STR(CONTAINER_TYPE_DOCKER), provider);
    return vm_controller_new(providers);
}

void launch_world_begin(struct launch_world *w, struct rt_proc *peer,
        const struct launch_behaviour *behaviours, size_t count)
{
    *w = (struct launch_world){ .behaviours = behaviours, .behaviour_count = count, .peer = peer };
    w->engine = rt_proc_new("engine");
    w->controller = controller_new();
    w->last = &w->containers;
}

void launch_world_name(struct launch_world *w, rt_str cname)
{
    struct launch_name **link = &w->names;
    for (; *link; link = &(*link)->next)
        if (rt_str_eq((*link)->cname, cname))
            return;
    *link = rt_new(struct launch_name);
    (*link)->cname = cname;
    rt_mutex_init(&(*link)->mutex, "runtime");
}

static struct launch_name *find_name(const struct launch_world *w, rt_str cname)
{
    struct launch_name *name = w->names;
    while (name && !rt_str_eq(name->cname, cname))
        name = name->next;
    return name;
}

static bool fits(const struct launch_behaviour *b, rt_str cname, uint32_t start)
{
    rt_str prefix = b->chaincode;
    if (b->launch > 0 && b->launch != start)
        return false;
    return prefix.len == 0 || rt_str_eq(prefix, cname) ||
           (rt_str_has_prefix(cname, prefix) && cname.data[prefix.len] == ':');
}

static const struct launch_behaviour *behaviour_of(
        const struct launch_world *w, rt_str cname, uint32_t start)
{
    for (size_t i = 0; i < w->behaviour_count; i++) {
        if (!fits(&w->behaviours[i], cname, start))
            continue;
        if (w->taken)
            w->taken[i]++;
        return &w->behaviours[i];
    }
    return &plain;
}

/* ---- containers ---- */

static void break_streams(void *arg)
{
    struct launch_container *c = arg;
    launch_wait_for(c->behaviour->notice_delay, "when a broken connection is seen");
    for (struct launch_stream *s = c->streams; s; s = s->next)
        launch_stream_break(s);
}

static void on_exit(void *arg, struct rt_proc *proc)
{
    struct launch_container *c = arg;
    (void)proc;
    rt_close(c->exited);
    if (c->streams)
        rt_go_in(c->world->engine, "connection", break_streams, c);
}

void launch_container_exit(struct launch_container *c, int code)
{
    if (!rt_proc_alive(c->proc))
        return;
    if (rt_tracing())
        rt_note("container %S exits with %d", c->cname, code);
    rt_proc_exit(c->proc, code, NULL);
}

static void exit_some_time(void *arg)
{
    struct launch_container *c = arg;
    launch_wait_for(c->behaviour->exit_delay, "when a container exits");
    launch_container_exit(c, c->behaviour->exit_code);
}

static struct launch_container *container_new(struct launch_world *w, rt_str cname,
        const struct launch_behaviour *behaviour, uint32_t number)
{
    struct launch_container *c = rt_new(struct launch_container);
    *c = (struct launch_container){ w, behaviour, cname, number, NULL, NULL, NULL, NULL };
    c->proc = rt_proc_new(number > 0 ? "container" : "chaincode");
    c->exited = rt_chan_make(0, "container.exited");
    rt_proc_on_exit(c->proc, on_exit, c);
    *w->last = c;
    w->last = &c->next;
    return c;
}

static void container_start(struct launch_container *c)
{
    rt_go_in(c->proc, "chaincode", launch_chaincode_main, c);
    if (c->behaviour->exits == LAUNCH_EXIT_ANY_TIME)
        rt_go_in(c->world->engine, "exit", exit_some_time, c);
}

void launch_connect(struct launch_world *w, rt_str cname)
{
    container_start(container_new(w, cname, behaviour_of(w, cname, 0), 0));
}

static bool kill_newest(struct launch_name *name)
{
    bool lives = name->newest && rt_proc_alive(name->newest->proc);
    if (lives)
        launch_container_exit(name->newest, 137);
    return lives;
}

bool launch_kill(struct launch_world *w, rt_str cname)
{
    struct launch_name *name = find_name(w, cname);
    if (!name)
        return false;
    rt_lock(&name->mutex);
    bool killed = kill_newest(name);
    rt_unlock(&name->mutex);
    return killed;
}

void launch_end_all(struct launch_world *w)
{
    for (struct launch_container *c = w->containers; c; c = c->next)
        launch_container_exit(c, 137);
}

/* ---- Runtime: each request has the lock of its container, as VMController gives it ---- */

/* One request, and what came of it. */
struct request {
    struct launch_world *world;
    const struct chaincode_container_info *ccci;
    struct launch_name *name;
    struct launch_container *container; /* that is stopped or waited for; NULL: none */
};

static struct ccid ccid_of(const void *self)
{
    const struct request *r = self;
    return (struct ccid){ .name = r->ccci->name,
        .version = r->ccci->version,
        .distinct = variant_on(r->world->variants, VARIANT_FIX_NAMES_DISTINCT) };
}

static struct request request_new(
        struct launch_world *w, const struct chaincode_container_info *ccci)
{
    struct launch_name *name = find_name(w, chaincode_container_info_cname(ccci));
    return (struct request){ w, ccci, RT_DEREF(name), NULL };
}

static struct rt_error *process(
        struct request *r, struct rt_error *(*do_req)(const void *self, struct vm vm))
{
    return vm_controller_process(r->world->controller, RT_STR(CONTAINER_TYPE_DOCKER),
            (struct vmc_req){ r, do_req, ccid_of });
}

static bool start_fails(const struct launch_behaviour *b)
{
    if (b->start_error.len == 0)
        return false;
    return !b->start_error_maybe || rt_choose(RT_CHOICE_FAULT, 2, "whether a start fails") == 1;
}

static struct rt_error *do_start(const void *self, struct vm vm)
{
    const struct request *r = self;
    struct launch_name *name = r->name;
    (void)vm;
    rt_lock(&name->mutex);
    uint32_t number = ++name->starts;
    const struct launch_behaviour *b = behaviour_of(r->world, name->cname, number);
    (void)kill_newest(name);
    rt_unlock(&name->mutex);
    launch_wait_for(b->start_delay, "how long a start takes");
    if (start_fails(b))
        return rt_error_new(b->start_error);
    if (b->start_delay.count > 0)
        rt_lock(&name->mutex);
    name->newest = container_new(r->world, name->cname, b, number);
    container_start(name->newest);
    if (b->start_delay.count > 0)
        rt_unlock(&name->mutex);
    return NULL;
}

static struct rt_error *start(
        void *self, struct chaincode_container_info *ccci, rt_bytes code_package)
{
    struct request r = request_new(self, ccci);
    (void)code_package;
    return process(&r, do_start);
}

static struct rt_error *do_stop(const void *self, struct vm vm)
{
    const struct request *r = self;
    (void)vm;
    rt_lock(&r->name->mutex);
    const struct launch_container *c = r->name->newest;
    (void)kill_newest(r->name);
    rt_unlock(&r->name->mutex);
    if (c)
        launch_wait_for(c->behaviour->stop_delay, "how long a stop takes");
    return NULL;
}

static struct rt_error *stop(void *self, struct chaincode_container_info *ccci)
{
    struct request r = request_new(self, ccci);
    return process(&r, do_stop);
}

/* A wait has the lock only as long as it is begun. */
static struct rt_error *do_wait(const void *self, struct vm vm)
{
    struct request *r = (struct request *)(uintptr_t)self;
    (void)vm;
    rt_lock(&r->name->mutex);
    r->container = r->name->newest;
    rt_unlock(&r->name->mutex);
    return NULL;
}

static struct rt_error *wait_for_exit(
        void *self, struct chaincode_container_info *ccci, int64_t *exit_code)
{
    struct request r = request_new(self, ccci);
    RT_DROP(process(&r, do_wait));
    if (!r.container)
        return rt_errorf("no container of %S", r.name->cname);
    rt_recv(r.container->exited, NULL);
    *exit_code = rt_proc_status(r.container->proc);
    rt_str error = r.container->behaviour->wait_error;
    return error.len > 0 ? rt_error_new(error) : NULL;
}

struct runtime launch_world_runtime(struct launch_world *w)
{
    return (struct runtime){ w, start, stop, wait_for_exit };
}

/* ---- PackageProvider ---- */

static struct rt_error *code_package(void *self, rt_str ccname, rt_str ccversion, rt_bytes *code)
{
    const struct launch_world *w = self;
    rt_str cname = cc_context_get_canonical_name(&(const struct cc_context){ ccname, ccversion });
    struct launch_name *name = RT_DEREF(find_name(w, cname));
    bool may_fail = false;
    for (size_t i = 0; i < w->behaviour_count; i++)
        may_fail = may_fail || w->behaviours[i].package_error.len > 0;
    *code = RT_STR("code");
    if (!may_fail)
        return NULL;
    rt_lock(&name->mutex);
    uint32_t number = name->starts + 1;
    rt_unlock(&name->mutex);
    const struct launch_behaviour *b = behaviour_of(w, cname, number);
    return b->package_error.len > 0 ? rt_error_new(b->package_error) : NULL;
}

struct package_provider launch_world_packages(struct launch_world *w)
{
    return (struct package_provider){ w, code_package };
}
