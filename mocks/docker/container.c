/* Containers: the table, and how their processes begin and end. */
#include "mocks/docker/internal.h"

struct container *container_find(const struct docker_engine *e, rt_str name)
{
    struct container *by_prefix = NULL;
    if (name.len > 0 && name.data[0] == '/')
        name = rt_str_slice(name, 1, name.len);
    if (name.len == 0)
        return NULL;
    for (struct container *c = e->containers; c; c = c->next)
        if (rt_str_eq(c->name, name) || rt_str_eq(c->id, name))
            return c;
    for (struct container *c = e->containers; c; c = c->next) {
        if (!rt_str_has_prefix(c->id, name))
            continue;
        if (by_prefix)
            return NULL;
        by_prefix = c;
    }
    return by_prefix;
}

struct container *container_add(struct docker_engine *e, rt_str name)
{
    struct container *c = rt_new(struct container);
    struct container **last = &e->containers;
    while (*last)
        last = &(*last)->next;
    *last = c;
    c->engine = e;
    c->id = engine_new_id(e);
    c->name = rt_str_dup(name);
    c->state = ENGINE_CREATED;
    c->created_ns = rt_wall_ns();
    return c;
}

struct container *container_of(struct exchange *x)
{
    struct container *c = container_find(x->engine, x->name);
    if (!c)
        reply_error(x, 404, "No such container: %S", x->name);
    return c;
}

bool container_running(const struct container *c)
{
    return c->state == ENGINE_RUNNING || c->state == ENGINE_PAUSED || c->state == ENGINE_RESTARTING;
}

void container_event(struct container *c, const char *action, const char *key, rt_str value)
{
    struct rt_buf attributes = { 0 };
    if (key) {
        rt_buf_printf(&attributes, "\"%s\":", key);
        gojson_quote(&attributes, value);
        rt_buf_put_byte(&attributes, ',');
    }
    rt_buf_putz(&attributes, "\"image\":");
    gojson_quote(&attributes, c->image_name);
    rt_buf_putz(&attributes, ",\"name\":");
    gojson_quote(&attributes, c->name);
    engine_emit(c->engine, "container", action, c->id, c->image_name, rt_buf_str(&attributes));
}

/* Answers everybody who waits for what has just happened. */
static void end_waits(struct container *c, bool removed)
{
    struct waiter **at = &c->waiters;
    while (*at) {
        struct waiter *w = *at;
        if (w->what == WAIT_REMOVED && !removed) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        reply_write(w->x,
                rt_sprintf("{\"Error\":null,\"StatusCode\":%lld}\n", (long long)c->exit_code));
        reply_end(w->x);
    }
}

static void end_attachments(struct container *c)
{
    struct attachment *a = c->attachments;
    c->attachments = NULL;
    for (; a; a = a->next)
        reply_end(a->x);
}

static void wake_changed(struct container *c)
{
    struct rt_chan *changed = c->changed;
    c->changed = NULL;
    if (changed)
        rt_close(changed);
}

static bool wants_restart(const struct container *c)
{
    if (c->no_restart || c->state == ENGINE_REMOVING)
        return false;
    if (rt_str_is(c->restart_policy, "always") || rt_str_is(c->restart_policy, "unless-stopped"))
        return true;
    return rt_str_is(c->restart_policy, "on-failure") && c->exit_code != 0 &&
           (c->restart_max == 0 || c->restart_count < c->restart_max);
}

void container_restart_now(struct container *c)
{
    if (c->state != ENGINE_RESTARTING)
        return;
    c->restart_timer = NULL;
    c->restart_count++;
    if (container_start(c, c->exit_fault))
        c->state = ENGINE_EXITED;
}

static void restart_now(void *arg)
{
    container_restart_now(arg);
}

/* Waits 100 ms, and twice as long each time, up to a minute. */
static void restart_later(struct container *c)
{
    int64_t delay = 100 * RT_MS;
    for (int64_t i = 0; i < c->restart_count && delay < 60 * RT_SECOND; i++)
        delay *= 2;
    if (delay > 60 * RT_SECOND)
        delay = 60 * RT_SECOND;
    c->restart_timer = rt_timer_call(c->engine->proc, delay, "docker.restart", restart_now, c);
}

/* Exit hook of a container's process. */
static void process_exited(void *arg, struct rt_proc *proc)
{
    struct container *c = arg;
    if (c->proc != proc || !container_running(c)) {
        if (c->state != ENGINE_REMOVING || c->proc != proc)
            return;
    }
    bool panicked = rt_proc_panic(proc).data != NULL;
    c->exit_code = panicked ? 2 : rt_proc_status(proc) & 0xff;
    c->finished_ns = rt_wall_ns();
    c->pid = 0;
    if (wants_restart(c)) {
        c->state = ENGINE_RESTARTING;
        restart_later(c);
    } else if (c->state != ENGINE_REMOVING) {
        c->state = ENGINE_EXITED;
    }
    container_event(c, "die", "exitCode", rt_sprintf("%lld", (long long)c->exit_code));
    end_attachments(c);
    end_waits(c, false);
    wake_changed(c);
    if (c->auto_remove && c->state == ENGINE_EXITED)
        container_remove(c);
}

static void run_main(void *arg)
{
    struct container *c = arg;
    c->program.main(c->program.self, &c->process);
    rt_proc_exit(rt_proc_self(), 0, NULL);
}

static void run_until_stopped(void *self, struct engine_process *process)
{
    void *never = NULL;
    (void)self;
    (void)process;
    rt_daemon();
    rt_recv(NULL, &never);
}

/* The fault EXIT: the process ends by itself. */
static void exit_by_fault(void *arg)
{
    struct container *c = arg;
    const struct engine_fault *f = c->exit_fault;
    if (f->ms > 0)
        rt_sleep_ns(f->ms * RT_MS);
    if (f->output.len > 0)
        engine_process_write(&c->process, 2, f->output);
    rt_proc_exit(rt_proc_self(), (int)f->exit_code, NULL);
}

static struct rt_error *cannot_start(struct container *c, int64_t code, rt_str why)
{
    c->exit_code = code;
    c->error = why;
    return rt_error_new(why);
}

/* In the words of the runc that came with each engine. */
static struct rt_error *no_executable(struct container *c, enum engine_words words)
{
    rt_str exe = c->process.args.count > 0 ? c->process.args.items[0] : RT_STR("");
    rt_str why = rt_str_contains(exe, RT_STR("/"))
                         ? rt_sprintf("stat %S: no such file or directory", exe)
                         : RT_STR("executable file not found in $PATH");
    if (words != ENGINE_20_10)
        return cannot_start(c, 127,
                rt_sprintf("OCI runtime create failed: container_linux.go:%d: starting container "
                           "process caused %q: unknown",
                        words == ENGINE_19_03 ? 349 : 344, rt_sprintf("exec: %q: %S", exe, why)));
    return cannot_start(c, 127,
            rt_sprintf("failed to create shim task: OCI runtime create failed: runc create "
                       "failed: unable to start container process: exec: %q: %S: unknown",
                    exe, why));
}

static bool is_bridge(rt_str mode)
{
    return mode.len == 0 || rt_str_is(mode, "default") || rt_str_is(mode, "bridge");
}

static bool network_known(const struct engine_config *config, rt_str mode)
{
    if (is_bridge(mode))
        return !config->no_bridge;
    if (config->all_networks || rt_str_is(mode, "host") || rt_str_is(mode, "none") ||
            rt_str_has_prefix(mode, RT_STR("container:")))
        return true;
    for (size_t i = 0; i < config->networks.count; i++)
        if (rt_str_eq(config->networks.items[i], mode))
            return true;
    return false;
}

void container_run(struct container *c)
{
    c->error = (rt_str){ 0 };
    c->exit_code = 0;
    c->state = ENGINE_RUNNING;
    c->started_ns = rt_wall_ns();
    c->pid = ++c->engine->pids;
    c->proc = rt_proc_new(rt_cstr(c->name));
    c->process.proc = c->proc;
    rt_proc_on_exit(c->proc, process_exited, c);
    container_event(c, "start", NULL, (rt_str){ 0 });
    rt_go_in(c->proc, "main", run_main, c);
}

struct rt_error *container_start(struct container *c, const struct engine_fault *fault)
{
    const struct engine_config *config = &c->engine->config;
    bool no_exec = fault && fault->kind == ENGINE_FAULT_NO_EXEC;
    struct str_slice args = c->entrypoint;
    for (size_t i = 0; i < c->cmd.count; i++)
        args = str_slice_append(args, c->cmd.items[i]);
    c->process = (struct engine_process){
        .engine = c->engine,
        .id = c->id,
        .name = c->name,
        .image = c->image_name,
        .code = c->image ? c->image->code : RT_NIL,
        .args = args,
        .env = c->env,
    };
    if (!network_known(config, c->network_mode))
        return cannot_start(c, 128,
                rt_sprintf("network %S not found",
                        is_bridge(c->network_mode) ? RT_STR("bridge") : c->network_mode));
    c->exit_fault = fault && fault->kind == ENGINE_FAULT_EXIT ? fault : NULL;
    if (engine_process_builds(&c->process))
        c->program = (struct engine_program){ NULL, build_main, 143 };
    else if (config->program)
        c->program = config->program(config->program_self, &c->process);
    else
        c->program = (struct engine_program){ NULL, run_until_stopped, -1 };
    if (!c->program.main || no_exec)
        return no_executable(c, config->registry.words);
    c->engine->starts++;
    container_run(c);
    if (c->exit_fault && c->program.main != build_main)
        rt_go_in(c->proc, "exit fault", exit_by_fault, c);
    return NULL;
}

void container_kill(struct container *c, int64_t code)
{
    if (c->proc && rt_proc_alive(c->proc))
        rt_proc_exit(c->proc, (int)code, NULL);
}

bool container_terminate(struct container *c)
{
    if (c->program.term_code < 0)
        return false;
    container_kill(c, c->program.term_code);
    return true;
}

void container_stop_restarting(struct container *c)
{
    if (c->restart_timer)
        (void)rt_timer_stop(c->restart_timer);
    c->restart_timer = NULL;
    if (c->state == ENGINE_RESTARTING)
        c->state = ENGINE_EXITED;
    end_waits(c, false);
}

bool container_await_exit(struct container *c, int64_t timeout_ns)
{
    struct rt_proc *proc = c->proc;
    if (!c->changed)
        c->changed = rt_chan_make(0, "docker.exit");
    struct rt_case cases[] = {
        RT_RECV(c->changed),
        RT_RECV(timeout_ns < 0 ? NULL : rt_after(timeout_ns, "docker.stop")),
    };
    rt_unlock(&c->engine->lock);
    (void)rt_select(cases, 2);
    rt_lock(&c->engine->lock);
    return c->proc != proc || !rt_proc_alive(proc);
}

void container_remove(struct container *c)
{
    struct container **at = &c->engine->containers;
    while (*at && *at != c)
        at = &(*at)->next;
    if (!*at)
        return;
    *at = c->next;
    if (c->restart_timer)
        (void)rt_timer_stop(c->restart_timer);
    c->state = ENGINE_REMOVING;
    end_attachments(c);
    end_waits(c, true);
    container_event(c, "destroy", NULL, (rt_str){ 0 });
}
