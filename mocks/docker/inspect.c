/* What can be seen of containers. */
#include "mocks/docker/internal.h"

static void put_list(struct rt_buf *buf, struct str_slice strings, const char *empty)
{
    if (strings.count == 0) {
        rt_buf_putz(buf, empty);
        return;
    }
    for (size_t i = 0; i < strings.count; i++) {
        rt_buf_putz(buf, i == 0 ? "[" : ",");
        gojson_quote(buf, strings.items[i]);
    }
    rt_buf_put_byte(buf, ']');
}

static struct str_slice command_of(const struct container *c)
{
    struct str_slice all = c->entrypoint;
    for (size_t i = 0; i < c->cmd.count; i++)
        all = str_slice_append(all, c->cmd.items[i]);
    return all;
}

static void put_state(struct rt_buf *buf, const struct container *c)
{
    rt_buf_printf(buf,
            "{\"Status\":\"%s\",\"Running\":%t,\"Paused\":%t,\"Restarting\":%t,\"OOMKilled\":false,"
            "\"Dead\":%t,\"Pid\":%lld,\"ExitCode\":%lld,\"Error\":",
            engine_state_name(c->state), container_running(c), c->state == ENGINE_PAUSED,
            c->state == ENGINE_RESTARTING, c->state == ENGINE_DEAD, (long long)c->pid,
            (long long)c->exit_code);
    gojson_quote(buf, c->error);
    rt_buf_printf(buf, ",\"StartedAt\":\"%S\",\"FinishedAt\":\"%S\"}", engine_time(c->started_ns),
            engine_time(c->finished_ns));
}

static rt_str network_of(const struct container *c)
{
    return c->network_mode.len > 0 ? c->network_mode : RT_STR("default");
}

static void put_config(struct rt_buf *buf, const struct container *c)
{
    rt_buf_printf(buf, "{\"Hostname\":\"%S\",\"Env\":", rt_str_slice(c->id, 0, 12));
    put_list(buf, c->env, "null");
    rt_buf_putz(buf, ",\"Cmd\":");
    put_list(buf, c->cmd, "null");
    rt_buf_putz(buf, ",\"Image\":");
    gojson_quote(buf, c->image_name);
    rt_buf_putz(buf, ",\"Volumes\":null,\"WorkingDir\":\"\",\"Entrypoint\":");
    put_list(buf, c->entrypoint, "null");
    rt_buf_putz(buf, ",\"OnBuild\":null,\"Labels\":{}}");
}

void handle_inspect(struct exchange *x)
{
    struct rt_buf buf = { 0 };
    const struct container *c = container_of(x);
    if (!c)
        return;
    struct str_slice command = command_of(c);
    rt_buf_printf(
            &buf, "{\"Id\":\"%S\",\"Created\":\"%S\",\"Path\":", c->id, engine_time(c->created_ns));
    gojson_quote(&buf, command.count > 0 ? command.items[0] : RT_STR(""));
    rt_buf_putz(&buf, ",\"Args\":");
    if (command.count > 0) {
        command.items++;
        command.count--;
    }
    put_list(&buf, command, "[]");
    rt_buf_putz(&buf, ",\"State\":");
    put_state(&buf, c);
    rt_buf_printf(&buf, ",\"Image\":\"%S\",\"Name\":", c->image ? c->image->id : RT_STR(""));
    gojson_quote(&buf, rt_sprintf("/%S", c->name));
    rt_buf_printf(&buf,
            ",\"RestartCount\":%lld,\"Driver\":\"overlay2\",\"Platform\":\"linux\",\"HostConfig\":{"
            "\"NetworkMode\":",
            (long long)c->restart_count);
    gojson_quote(&buf, network_of(c));
    rt_buf_putz(&buf, ",\"RestartPolicy\":{\"Name\":");
    gojson_quote(&buf, c->restart_policy);
    rt_buf_printf(&buf,
            ",\"MaximumRetryCount\":%lld},\"AutoRemove\":%t,\"Memory\":%lld},\"Config\":",
            (long long)c->restart_max, c->auto_remove, (long long)c->memory);
    put_config(&buf, c);
    rt_buf_putz(&buf, ",\"Mounts\":[],\"NetworkSettings\":{\"Networks\":{}}}\n");
    reply_begin(x, 200, "application/json", true);
    reply_write(x, rt_buf_str(&buf));
}

/* "Up 2 seconds", "Exited (7) 1 second ago". */
static rt_str status_of(const struct container *c)
{
    int64_t since = container_running(c) ? c->started_ns : c->finished_ns;
    int64_t seconds = (rt_wall_ns() - since) / RT_SECOND;
    rt_str span = seconds < 1    ? RT_STR("Less than a second")
                  : seconds == 1 ? RT_STR("1 second")
                                 : rt_sprintf("%lld seconds", (long long)seconds);
    switch (c->state) {
    case ENGINE_CREATED:
        return RT_STR("Created");
    case ENGINE_RUNNING:
        return rt_sprintf("Up %S", span);
    case ENGINE_PAUSED:
        return rt_sprintf("Up %S (Paused)", span);
    case ENGINE_RESTARTING:
        return rt_sprintf("Restarting (%lld) %S ago", (long long)c->exit_code, span);
    case ENGINE_EXITED:
        return rt_sprintf("Exited (%lld) %S ago", (long long)c->exit_code, span);
    case ENGINE_REMOVING:
        return RT_STR("Removal In Progress");
    case ENGINE_DEAD:
        break;
    }
    return RT_STR("Dead");
}

static void put_summary(struct rt_buf *buf, const struct container *c)
{
    struct str_slice command = command_of(c);
    rt_buf_printf(buf, "{\"Id\":\"%S\",\"Names\":[", c->id);
    gojson_quote(buf, rt_sprintf("/%S", c->name));
    rt_buf_putz(buf, "],\"Image\":");
    gojson_quote(buf, c->image_name);
    rt_buf_printf(buf, ",\"ImageID\":\"%S\",\"Command\":", c->image ? c->image->id : RT_STR(""));
    gojson_quote(buf, rt_str_join(command.items, command.count, RT_STR(" ")));
    rt_buf_printf(buf,
            ",\"Created\":%lld,\"Ports\":[],\"Labels\":{},\"State\":\"%s\",\"Status\":\"%S\","
            "\"HostConfig\":{\"NetworkMode\":",
            (long long)(c->created_ns / RT_SECOND), engine_state_name(c->state), status_of(c));
    gojson_quote(buf, network_of(c));
    rt_buf_putz(buf, "},\"NetworkSettings\":{\"Networks\":{}},\"Mounts\":[]}");
}

/* The youngest first. */
static void put_reversed(struct rt_buf *buf, const struct container *c, bool all)
{
    if (!c)
        return;
    put_reversed(buf, c->next, all);
    if (!all && !container_running(c))
        return;
    if (buf->len > 1)
        rt_buf_put_byte(buf, ',');
    put_summary(buf, c);
}

void handle_list(struct exchange *x)
{
    struct rt_buf buf = { 0 };
    rt_buf_put_byte(&buf, '[');
    put_reversed(&buf, x->engine->containers, query_bool(x, "all"));
    rt_buf_putz(&buf, "]\n");
    reply_json(x, 200, rt_buf_str(&buf));
}

/* Refuses what needs a process; false after an answer. */
static bool need_process(struct exchange *x, const struct container *c)
{
    if (c->state == ENGINE_RESTARTING)
        reply_error(
                x, 409, "Container %S is restarting, wait until the container is running", c->id);
    else if (!container_running(c))
        reply_error(x, 409, "Container %S is not running", c->id);
    else
        return true;
    return false;
}

void handle_top(struct exchange *x)
{
    struct rt_buf buf = { 0 };
    const struct container *c = container_of(x);
    if (!c || !need_process(x, c))
        return;
    struct str_slice command = command_of(c);
    rt_buf_printf(&buf,
            "{\"Processes\":[[\"root\",\"%lld\",\"1\",\"0\",\"00:00\",\"?\","
            "\"00:00:00\",",
            (long long)c->pid);
    gojson_quote(&buf, rt_str_join(command.items, command.count, RT_STR(" ")));
    rt_buf_putz(&buf, "]],\"Titles\":[\"UID\",\"PID\",\"PPID\",\"C\",\"STIME\",\"TTY\",\"TIME\","
                      "\"CMD\"]}\n");
    reply_json(x, 200, rt_buf_str(&buf));
}

void handle_resize(struct exchange *x)
{
    const struct container *c = container_of(x);
    if (!c)
        return;
    if (c->state == ENGINE_RESTARTING)
        reply_error(x, 404, "no such container");
    else if (need_process(x, c))
        reply_empty(x, 200);
}

void handle_exec_create(struct exchange *x)
{
    const struct container *c = container_of(x);
    if (!c)
        return;
    if (c->state == ENGINE_PAUSED)
        reply_error(x, 409, "Container %S is paused, unpause the container before exec", x->name);
    else if (need_process(x, c))
        reply_json(x, 201, rt_sprintf("{\"Id\":\"%S\"}\n", engine_new_id(x->engine)));
}

void handle_stats(struct exchange *x)
{
    const struct container *c = container_of(x);
    if (!c)
        return;
    reply_json(x, 200,
            rt_sprintf("{\"read\":\"%S\",\"preread\":\"%S\",\"pids_stats\":{%s},\"name\":\"/%S\","
                       "\"id\":\"%S\"}\n",
                    engine_time(container_running(c) ? rt_wall_ns() : 0), engine_time(0),
                    container_running(c) ? "\"current\":1" : "", c->name, c->id));
}

void handle_changes(struct exchange *x)
{
    if (container_of(x))
        reply_json(x, 200, RT_STR("null\n"));
}
