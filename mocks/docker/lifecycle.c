/* What clients do to containers: start, stop, kill, pause, wait, remove. */
#include "mocks/docker/internal.h"

#include <ctype.h>

/* strconv.Atoi of a query parameter; false after an answer with Go's error. */
static bool query_int(struct exchange *x, const char *key, int64_t absent, int64_t *out)
{
    rt_str s = query_get(x, key);
    size_t i = s.len > 0 && (s.data[0] == '-' || s.data[0] == '+') ? 1 : 0;
    int64_t n = 0;
    *out = absent;
    if (s.len == 0)
        return true;
    bool ok = i < s.len && s.len - i < 18;
    for (; i < s.len && ok; i++) {
        ok = isdigit(s.data[i]);
        n = n * 10 + (s.data[i] - '0');
    }
    if (!ok) {
        reply_error(x, 500, "strconv.Atoi: parsing %q: invalid syntax", s);
        return false;
    }
    *out = s.data[0] == '-' ? -n : n;
    return true;
}

void handle_start(struct exchange *x)
{
    rt_bytes body = RT_NIL;
    RT_DROP(exchange_body(x, &body));
    struct container *c = container_find(x->engine, x->name);
    if (body.len > 0) {
        reply_error(x, 400,
                "starting container with non-empty request body was deprecated since API v1.22 "
                "and removed in v1.24");
    } else if (query_get(x, "checkpoint").len > 0) {
        reply_error(x, 400, "checkpoint is only supported in experimental mode");
    } else if (!c) {
        reply_error(x, 404, "No such container: %S", x->name);
    } else if (c->state == ENGINE_PAUSED) {
        reply_error(x, 409, "cannot start a paused container, try unpause instead");
    } else if (container_running(c)) {
        reply_empty(x, 304);
    } else if (c->state == ENGINE_REMOVING) {
        reply_error(x, 409, "container is marked for removal and cannot be started");
    } else {
        c->no_restart = false;
        c->restart_count = 0;
        struct rt_error *err = container_start(c, x->fault);
        if (err)
            reply_error(x, c->exit_code == 128 ? 404 : 400, "%v", err);
        else
            reply_empty(x, 204);
    }
}

static void signal_event(struct container *c, const char *number)
{
    container_event(c, "kill", "signal", rt_str_from(number));
}

/* TERM, `seconds` of patience, KILL. With none at all it is open which of the two ends a process
 * that obeys TERM. */
static void stop_running(struct container *c, int64_t seconds)
{
    struct rt_proc *proc = c->proc;
    bool obeys = c->program.term_code >= 0;
    c->no_restart = true;
    signal_event(c, "15");
    if (seconds != 0 || (obeys && rt_choose(RT_CHOICE_DELAY, 2, "docker: KILL or TERM") == 1)) {
        if (container_terminate(c) || container_await_exit(c, seconds * RT_SECOND))
            return;
    }
    if (c->proc != proc || !rt_proc_alive(proc))
        return;
    signal_event(c, "9");
    container_kill(c, 137);
}

static int64_t patience(const struct container *c, int64_t asked, bool given)
{
    if (given)
        return asked;
    return c->stop_timeout >= 0 ? c->stop_timeout : 10;
}

void handle_stop(struct exchange *x)
{
    int64_t t = 0;
    bool given = query_get(x, "t").len > 0;
    if (!query_int(x, "t", 0, &t))
        return;
    struct container *c = container_of(x);
    if (!c)
        return;
    if (!container_running(c)) {
        reply_empty(x, 304);
        return;
    }
    if (c->state == ENGINE_RESTARTING)
        container_stop_restarting(c);
    else
        stop_running(c, patience(c, t, given));
    container_event(c, "stop", NULL, (rt_str){ 0 });
    reply_empty(x, 204);
}

/* The number of a signal, -1 if there is none of this name. */
static int64_t signal_number(rt_str name)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {
        { "HUP", 1 },
        { "INT", 2 },
        { "QUIT", 3 },
        { "ILL", 4 },
        { "TRAP", 5 },
        { "ABRT", 6 },
        { "BUS", 7 },
        { "FPE", 8 },
        { "KILL", 9 },
        { "USR1", 10 },
        { "SEGV", 11 },
        { "USR2", 12 },
        { "PIPE", 13 },
        { "ALRM", 14 },
        { "TERM", 15 },
        { "CHLD", 17 },
        { "CONT", 18 },
        { "STOP", 19 },
        { "TSTP", 20 },
        { "TTIN", 21 },
        { "TTOU", 22 },
        { "URG", 23 },
        { "XCPU", 24 },
        { "XFSZ", 25 },
        { "VTALRM", 26 },
        { "PROF", 27 },
        { "WINCH", 28 },
        { "IO", 29 },
        { "PWR", 30 },
        { "SYS", 31 },
    };
    int64_t n = 0;
    bool number = name.len > 0 && name.len < 4;
    for (size_t i = 0; i < name.len && number; i++) {
        number = isdigit(name.data[i]);
        n = n * 10 + (name.data[i] - '0');
    }
    if (number)
        return n >= 1 && n <= 64 ? n : -1;
    rt_str lower = rt_str_lower(name);
    if (rt_str_has_prefix(lower, RT_STR("sig")))
        lower = rt_str_slice(lower, 3, lower.len);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        if (rt_str_eq(lower, rt_str_lower(rt_str_from(signals[i].name))))
            return signals[i].number;
    return -1;
}

void handle_kill(struct exchange *x)
{
    rt_str name = query_get(x, "signal");
    int64_t number = name.len == 0 ? 9 : signal_number(name);
    if (number < 0) {
        reply_error(x, 400, "Invalid signal: %S", name);
        return;
    }
    struct container *c = container_find(x->engine, x->name);
    if (!c) {
        reply_error(x, 404, "Cannot kill container: %S: No such container: %S", x->name, x->name);
        return;
    }
    if (!container_running(c)) {
        reply_error(
                x, 409, "Cannot kill container: %S: Container %S is not running", x->name, c->id);
        return;
    }
    if (c->state == ENGINE_RESTARTING) {
        container_stop_restarting(c);
    } else {
        container_event(c, "kill", "signal", rt_sprintf("%lld", (long long)number));
        if (number == 9 || number == 15)
            c->no_restart = true;
        if (c->state == ENGINE_PAUSED)
            c->state = ENGINE_RUNNING;
        if (number == 9)
            container_kill(c, 137);
        else if (number == 15)
            (void)container_terminate(c);
    }
    reply_empty(x, 204);
}

void handle_restart(struct exchange *x)
{
    int64_t t = 0;
    bool given = query_get(x, "t").len > 0;
    if (!query_int(x, "t", 0, &t))
        return;
    struct container *c = container_of(x);
    if (!c)
        return;
    if (c->state == ENGINE_RESTARTING)
        container_stop_restarting(c);
    else if (container_running(c))
        stop_running(c, patience(c, t, given));
    if (c->state == ENGINE_REMOVING) {
        reply_error(x, 409, "container is marked for removal and cannot be started");
        return;
    }
    c->no_restart = false;
    struct rt_error *err = container_start(c, NULL);
    if (err) {
        reply_error(x, 500, "Cannot restart container %S: %v", x->name, err);
        return;
    }
    container_event(c, "restart", NULL, (rt_str){ 0 });
    reply_empty(x, 204);
}

/* The states in which a running process is needed and there is none. */
static bool refuse_not_running(struct exchange *x, const struct container *c)
{
    if (!container_running(c))
        reply_error(x, 409, "Container %S is not running", c->id);
    else if (c->state == ENGINE_RESTARTING)
        reply_error(
                x, 409, "Container %S is restarting, wait until the container is running", c->id);
    else
        return false;
    return true;
}

void handle_pause(struct exchange *x)
{
    struct container *c = container_of(x);
    if (!c || refuse_not_running(x, c))
        return;
    if (c->state == ENGINE_PAUSED) {
        reply_error(x, 409, "Container %S is already paused", c->id);
        return;
    }
    c->state = ENGINE_PAUSED;
    container_event(c, "pause", NULL, (rt_str){ 0 });
    reply_empty(x, 204);
}

void handle_unpause(struct exchange *x)
{
    struct container *c = container_of(x);
    if (!c)
        return;
    if (c->state != ENGINE_PAUSED) {
        reply_error(x, 500, "Container %S is not paused", c->id);
        return;
    }
    c->state = ENGINE_RUNNING;
    container_event(c, "unpause", NULL, (rt_str){ 0 });
    reply_empty(x, 204);
}

void handle_remove(struct exchange *x)
{
    struct container *c = container_of(x);
    if (!c)
        return;
    bool running = container_running(c);
    if (c->state == ENGINE_REMOVING) {
        reply_error(x, 409, "removal of container %S is already in progress", x->name);
        return;
    }
    if (running && !query_bool(x, "force")) {
        const char *advice =
                c->state == ENGINE_PAUSED
                        ? "Unpause and then stop the container before attempting removal or force "
                          "remove"
                        : "Stop the container before attempting removal or force remove";
        reply_error(x, 409, "You cannot remove a %s container %S. %s", engine_state_name(c->state),
                c->id, advice);
        return;
    }
    c->state = ENGINE_REMOVING;
    if (running && c->proc && rt_proc_alive(c->proc)) {
        signal_event(c, "9");
        container_kill(c, 137);
        /* the removal takes a while, in which others see it */
        rt_unlock(&x->engine->lock);
        rt_yield();
        rt_lock(&x->engine->lock);
    }
    container_remove(c);
    reply_empty(x, 204);
}

static void wait_answer(struct exchange *x, const struct container *c)
{
    struct rt_buf body = { 0 };
    rt_buf_putz(&body, "{\"Error\":");
    if (c->error.len > 0) {
        rt_buf_putz(&body, "{\"Message\":");
        gojson_quote(&body, c->error);
        rt_buf_put_byte(&body, '}');
    } else {
        rt_buf_putz(&body, "null");
    }
    rt_buf_printf(&body, ",\"StatusCode\":%lld}\n", (long long)c->exit_code);
    reply_write(x, rt_buf_str(&body));
}

void handle_wait(struct exchange *x)
{
    rt_str condition = query_get(x, "condition");
    enum wait_for what = rt_str_is(condition, "next-exit") ? WAIT_NEXT_EXIT
                         : rt_str_is(condition, "removed") ? WAIT_REMOVED
                                                           : WAIT_NOT_RUNNING;
    struct container *c = container_of(x);
    if (!c)
        return;
    reply_begin(x, 200, "application/json", true);
    if (what == WAIT_NOT_RUNNING && !container_running(c)) {
        wait_answer(x, c);
        return;
    }
    struct waiter *w = rt_new(struct waiter);
    struct waiter **last = &c->waiters;
    *w = (struct waiter){ x, what, NULL };
    while (*last)
        last = &(*last)->next;
    *last = w;
    exchange_keep_open(x);
}

void handle_rename(struct exchange *x)
{
    rt_str name = query_get(x, "name");
    struct container *c = container_of(x);
    if (!c)
        return;
    if (name.len > 0 && name.data[0] == '/')
        name = rt_str_slice(name, 1, name.len);
    const struct container *other = container_find(x->engine, name);
    if (name.len == 0) {
        reply_error(x, 400, "Neither old nor new names may be empty");
    } else if (rt_str_eq(name, c->name)) {
        reply_error(x, 400, "Renaming a container with the same name as its current name");
    } else if (other && rt_str_eq(other->name, name)) {
        reply_error(x, 409,
                "Error when allocating new name: Conflict. The container name \"/%S\" is already "
                "in use by container \"%S\". You have to remove (or rename) that container to be "
                "able to reuse that name.",
                name, other->id);
    } else {
        c->name = rt_str_dup(name);
        reply_empty(x, 204);
    }
}
