/* The engine itself: ping, version, info, events, pruning. */
#include "mocks/docker/internal.h"

static void split_date(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
    /* days since 0000-03-01, in eras of 400 years */
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2 ? 1 : 0);
}

static void put_padded(struct rt_buf *buf, int64_t value, int width)
{
    char digits[24];
    int n = 0;
    for (; value > 0 || n < width; value /= 10)
        digits[n++] = (char)('0' + value % 10);
    while (n > 0)
        rt_buf_put_byte(buf, (uint8_t)digits[--n]);
}

rt_str engine_time(int64_t wall_ns)
{
    struct rt_buf buf = { 0 };
    int64_t year;
    int64_t month;
    int64_t day;
    if (wall_ns <= 0)
        return RT_STR("0001-01-01T00:00:00Z");
    int64_t seconds = wall_ns / RT_SECOND;
    int64_t ns = wall_ns % RT_SECOND;
    split_date(seconds / 86400, &year, &month, &day);
    put_padded(&buf, year, 4);
    rt_buf_put_byte(&buf, '-');
    put_padded(&buf, month, 2);
    rt_buf_put_byte(&buf, '-');
    put_padded(&buf, day, 2);
    rt_buf_put_byte(&buf, 'T');
    put_padded(&buf, seconds / 3600 % 24, 2);
    rt_buf_put_byte(&buf, ':');
    put_padded(&buf, seconds / 60 % 60, 2);
    rt_buf_put_byte(&buf, ':');
    put_padded(&buf, seconds % 60, 2);
    if (ns > 0) {
        rt_buf_put_byte(&buf, '.');
        put_padded(&buf, ns, 9);
        while (buf.data[buf.len - 1] == '0')
            buf.len--;
    }
    rt_buf_put_byte(&buf, 'Z');
    return rt_buf_str(&buf);
}

void engine_emit(struct docker_engine *e, const char *type, const char *action, rt_str id,
        rt_str from, rt_str attributes)
{
    struct engine_event *event = rt_new(struct engine_event);
    struct rt_buf buf = { 0 };
    int64_t now = rt_wall_ns();
    event->wall_ns = now;
    rt_buf_printf(&buf, "{\"status\":\"%s\",\"id\":\"%S\",\"from\":", action, id);
    gojson_quote(&buf, from);
    rt_buf_printf(&buf,
            ",\"Type\":\"%s\",\"Action\":\"%s\",\"Actor\":{\"ID\":\"%S\",\"Attributes\":{%S}},"
            "\"scope\":\"local\",\"time\":%lld,\"timeNano\":%lld}\n",
            type, action, id, attributes, (long long)(now / RT_SECOND), (long long)now);
    event->json = rt_buf_str(&buf);
    if (e->last_event)
        e->last_event->next = event;
    else
        e->events = event;
    e->last_event = event;
    for (size_t i = 0; i < e->listener_count; i++)
        reply_write(e->listeners[i], event->json);
}

void handle_ping(struct exchange *x)
{
    reply(x, 200, "text/plain; charset=utf-8", RT_STR("OK"));
    reply_add_header(x, "Cache-Control", RT_STR("no-cache, no-store, must-revalidate"));
    reply_add_header(x, "Pragma", RT_STR("no-cache"));
    if (strcmp(x->method, "HEAD") == 0)
        for (size_t i = 0; i < x->header_count; i++)
            if (rt_str_is(x->headers[i].name, "Content-Length"))
                x->headers[i].value = RT_STR("0");
}

void handle_version(struct exchange *x)
{
    static const char body[] =
            "{\"Platform\":{\"Name\":\"\"},\"Components\":[{\"Name\":\"Engine\",\"Version\":"
            "\"" ENGINE_VERSION "\",\"Details\":{\"ApiVersion\":\"" ENGINE_API
            "\",\"Arch\":\"amd64\",\"Experimental\":\"false\",\"MinAPIVersion\":\"1.12\",\"Os\":"
            "\"linux\"}}],\"Version\":\"" ENGINE_VERSION "\",\"ApiVersion\":\"" ENGINE_API
            "\",\"MinAPIVersion\":\"1.12\",\"Os\":\"linux\",\"Arch\":\"amd64\"}\n";
    reply_json(x, 200, RT_STR(body));
}

void handle_info(struct exchange *x)
{
    unsigned total = 0;
    unsigned running = 0;
    unsigned paused = 0;
    unsigned images = 0;
    for (const struct container *c = x->engine->containers; c; c = c->next) {
        total++;
        running += c->state == ENGINE_RUNNING || c->state == ENGINE_RESTARTING;
        paused += c->state == ENGINE_PAUSED;
    }
    for (const struct image *i = x->engine->images; i; i = i->next)
        images++;
    reply_json(x, 200,
            rt_sprintf("{\"ID\":\"CCLAB\",\"Containers\":%u,\"ContainersRunning\":%u,"
                       "\"ContainersPaused\":%u,\"ContainersStopped\":%u,\"Images\":%u,"
                       "\"Driver\":\"overlay2\",\"SystemTime\":\"%S\",\"OSType\":\"linux\","
                       "\"Architecture\":\"x86_64\",\"NCPU\":1,\"MemTotal\":0,"
                       "\"DockerRootDir\":\"/var/lib/docker\",\"Name\":\"cclab\","
                       "\"ExperimentalBuild\":false,\"ServerVersion\":\"" ENGINE_VERSION "\"}\n",
                    total, running, paused, total - running - paused, images,
                    engine_time(rt_wall_ns())));
}

/* Seconds, with an optional fraction, as in "1532104845.5". */
static int64_t parse_timestamp(rt_str s)
{
    int64_t ns = 0;
    int64_t unit = 0;
    for (size_t i = 0; i < s.len && i < 18; i++) {
        if (s.data[i] == '.') {
            unit = RT_SECOND / 10;
        } else if (s.data[i] < '0' || s.data[i] > '9') {
            break;
        } else if (unit == 0 && ns < INT64_MAX / 20) {
            ns = ns * 10 + (s.data[i] - '0') * RT_SECOND;
        } else {
            ns += (s.data[i] - '0') * unit;
            unit /= 10;
        }
    }
    return ns;
}

static void stop_listening(void *arg)
{
    struct exchange *x = arg;
    struct docker_engine *e = x->engine;
    size_t kept = 0;
    for (size_t i = 0; i < e->listener_count; i++)
        if (e->listeners[i] != x)
            e->listeners[kept++] = e->listeners[i];
    e->listener_count = kept;
    reply_end(x);
}

void handle_events(struct exchange *x)
{
    struct docker_engine *e = x->engine;
    rt_str since = query_get(x, "since");
    rt_str until = query_get(x, "until");
    int64_t end = parse_timestamp(until);
    reply_begin(x, 200, "application/json", true);
    for (const struct engine_event *event = e->events; event; event = event->next)
        if (since.len > 0 && event->wall_ns >= parse_timestamp(since) &&
                (until.len == 0 || event->wall_ns <= end))
            reply_write(x, event->json);
    if (until.len > 0 && end <= rt_wall_ns())
        return;
    e->listeners = rt_grow(
            e->listeners, e->listener_count, e->listener_count + 1, sizeof(struct exchange *));
    e->listeners[e->listener_count++] = x;
    exchange_keep_open(x);
    if (until.len > 0)
        (void)rt_timer_call(e->proc, end - rt_wall_ns(), "docker.events", stop_listening, x);
}

static void prune_containers(struct exchange *x, struct rt_buf *buf)
{
    bool any = false;
    rt_buf_putz(buf, "{\"ContainersDeleted\":");
    for (struct container *c = x->engine->containers; c;) {
        struct container *next = c->next;
        if (c->state == ENGINE_CREATED || c->state == ENGINE_EXITED) {
            rt_buf_printf(buf, "%s\"%S\"", any ? "," : "[", c->id);
            any = true;
            container_remove(c);
        }
        c = next;
    }
    rt_buf_putz(buf, any ? "],\"SpaceReclaimed\":0}\n" : "null,\"SpaceReclaimed\":0}\n");
}

static void prune_images(struct exchange *x, struct rt_buf *buf)
{
    bool any = false;
    rt_buf_putz(buf, "{\"ImagesDeleted\":");
    for (struct image **at = &x->engine->images; *at;) {
        bool used = (*at)->tag_count > 0;
        for (const struct container *c = x->engine->containers; c; c = c->next)
            used = used || c->image == *at;
        if (used) {
            at = &(*at)->next;
            continue;
        }
        rt_buf_printf(buf, "%s{\"Deleted\":\"%S\"}", any ? "," : "[", (*at)->id);
        any = true;
        *at = (*at)->next;
    }
    rt_buf_putz(buf, any ? "],\"SpaceReclaimed\":0}\n" : "null,\"SpaceReclaimed\":0}\n");
}

void handle_prune(struct exchange *x)
{
    struct rt_buf buf = { 0 };
    if (rt_str_is(x->path, "/containers/prune"))
        prune_containers(x, &buf);
    else if (rt_str_is(x->path, "/images/prune"))
        prune_images(x, &buf);
    else if (rt_str_is(x->path, "/networks/prune"))
        rt_buf_putz(&buf, "{\"NetworksDeleted\":null}\n");
    else
        rt_buf_putz(&buf, "{\"CachesDeleted\":null,\"SpaceReclaimed\":0}\n");
    reply_json(x, 200, rt_buf_str(&buf));
}
