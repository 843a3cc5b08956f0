/* POST /containers/create. */
#include "mocks/docker/internal.h"

/* What a create request says, as far as the engine cares. */
struct create_config {
    rt_str image;
    struct str_slice env;
    struct str_slice cmd;
    struct str_slice entrypoint;
    int64_t stop_timeout;
    rt_str network_mode;
    rt_str log_type;
    rt_str restart_policy;
    int64_t restart_max;
    int64_t memory;
    bool auto_remove;
    bool has_host_config;
};

static const char wrapper[] = "ContainerConfigWrapper";

/* A []string; `lone` says that a single string is accepted as well. */
static struct rt_error *get_strings(
        const struct gojson *object, const char *key, bool lone, struct str_slice *out)
{
    const struct gojson *v = gojson_field(object, key);
    if (!v)
        return NULL;
    if (lone && v->kind == GOJSON_STRING) {
        *out = str_slice_append((struct str_slice){ 0 }, v->text);
        return NULL;
    }
    if (v->kind != GOJSON_ARRAY)
        return rt_errorf("json: cannot unmarshal %S into Go struct field %s.%s of type []string",
                gojson_described(v), wrapper, key);
    for (const struct gojson *item = v->first; item; item = item->next) {
        if (item->kind != GOJSON_STRING && item->kind != GOJSON_NULL)
            return rt_errorf("json: cannot unmarshal %S into Go struct field %s.%s of type string",
                    gojson_described(item), wrapper, key);
        *out = str_slice_append(*out, item->text);
    }
    return NULL;
}

static struct rt_error *parse_host_config(const struct gojson *body, struct create_config *config)
{
    static const char type[] = "ContainerConfigWrapper.HostConfig";
    const struct gojson *host = gojson_field(body, "HostConfig");
    const struct gojson *policy = gojson_field(host, "RestartPolicy");
    const struct gojson *log = gojson_field(host, "LogConfig");
    struct rt_error *err = gojson_get_string(host, type, "NetworkMode", &config->network_mode);
    if (!err)
        err = gojson_get_int(host, type, "Memory", &config->memory);
    if (!err)
        err = gojson_get_bool(host, type, "AutoRemove", &config->auto_remove);
    if (!err)
        err = gojson_get_string(policy, type, "Name", &config->restart_policy);
    if (!err)
        err = gojson_get_int(policy, type, "MaximumRetryCount", &config->restart_max);
    if (!err)
        err = gojson_get_string(log, type, "Type", &config->log_type);
    return err;
}

static struct rt_error *parse_config(const struct gojson *body, struct create_config *config)
{
    config->stop_timeout = -1;
    struct rt_error *err = gojson_get_string(body, wrapper, "Image", &config->image);
    if (!err)
        err = get_strings(body, "Env", false, &config->env);
    if (!err)
        err = get_strings(body, "Cmd", true, &config->cmd);
    if (!err)
        err = get_strings(body, "Entrypoint", true, &config->entrypoint);
    if (!err)
        err = gojson_get_int(body, wrapper, "StopTimeout", &config->stop_timeout);
    return err ? err : parse_host_config(body, config);
}

/* The body as Go's decoder takes it: one value, whatever follows. */
static bool read_config(struct exchange *x, struct create_config *config)
{
    rt_bytes body = RT_NIL;
    struct gojson *value = NULL;
    ptrdiff_t at = rt_str_index(x->content_type, RT_STR(";"));
    rt_str mime = at < 0 ? x->content_type : rt_str_slice(x->content_type, 0, (size_t)at);
    if (!rt_str_is(rt_str_lower(rt_str_trim(mime)), "application/json")) {
        reply_error(
                x, 400, "Content-Type specified (%S) must be 'application/json'", x->content_type);
        return false;
    }
    struct rt_error *err = exchange_body(x, &body);
    struct gojson_decoder decoder = { .reader = io_reader_cut(body, err) };
    err = gojson_decode(&decoder, &value);
    if (!err)
        err = gojson_want_object(value, "runconfig.ContainerConfigWrapper");
    if (!err)
        err = parse_config(value, config);
    if (err) {
        reply_error(x, 500, "%v", err);
        return false;
    }
    if (value->kind == GOJSON_NULL) {
        reply_error(x, 400, "Config cannot be empty in order to create a container");
        return false;
    }
    return true;
}

static bool one_of(rt_str s, const char *const *names)
{
    for (; *names; names++)
        if (rt_str_is(s, *names))
            return true;
    return false;
}

static bool check_settings(struct exchange *x, const struct create_config *config)
{
    static const char *const policies[] = {
        "",
        "no",
        "always",
        "unless-stopped",
        "on-failure",
        NULL,
    };
    if (!one_of(config->restart_policy, policies))
        reply_error(x, 400, "invalid restart policy '%S'", config->restart_policy);
    else if (config->memory != 0 && config->memory < INT64_C(6) * 1024 * 1024)
        reply_error(x, 400, "Minimum memory limit allowed is 6MB");
    else
        return true;
    return false;
}

static bool check_image(
        struct exchange *x, const struct create_config *config, struct image **image)
{
    rt_str reference = { 0 };
    rt_str platform = query_get(x, "platform");
    *image = NULL;
    if (config->image.len == 0)
        return true;
    struct rt_error *err = image_reference(config->image, &reference);
    if (err) {
        reply_error(x, 400, "%v", err);
        return false;
    }
    if (fault_is(x, ENGINE_FAULT_NO_IMAGE))
        image_absent(x->engine, reference);
    *image = image_find(x->engine, config->image);
    if (!*image && x->engine->config.all_images && !image_is_absent(x->engine, reference))
        *image = image_add(x->engine, reference);
    if (!*image) {
        reply_error(x, 404, "No such image: %S", reference);
        return false;
    }
    if (platform.len > 0 && !rt_str_is(platform, "linux") && !rt_str_is(platform, "linux/amd64")) {
        reply_error(x, 404,
                "image with reference %S was found but does not match the specified platform: "
                "wanted %S, actual: linux/amd64",
                config->image, platform);
        return false;
    }
    return true;
}

static bool valid_name(rt_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        bool alphanumeric =
                (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alphanumeric && (i == 0 || (c != '_' && c != '.' && c != '-')))
            return false;
    }
    return name.len >= 2;
}

static bool check_name(struct exchange *x, rt_str *name)
{
    *name = query_get(x, "name");
    if (name->len > 0 && name->data[0] == '/')
        *name = rt_str_slice(*name, 1, name->len);
    if (name->len == 0) {
        *name = rt_sprintf("unnamed_%llu", (unsigned long long)x->engine->ids + 1);
        return true;
    }
    if (!valid_name(*name)) {
        reply_error(x, 400,
                "Invalid container name (%S), only [a-zA-Z0-9][a-zA-Z0-9_.-] are "
                "allowed",
                *name);
        return false;
    }
    rt_str holder = { 0 };
    for (const struct container *c = x->engine->containers; c; c = c->next)
        if (rt_str_eq(c->name, *name))
            holder = c->id;
    if (fault_is(x, ENGINE_FAULT_CONFLICT) && holder.len == 0)
        holder = engine_new_id(x->engine);
    if (holder.len == 0)
        return true;
    reply_error(x, 409,
            "Conflict. The container name \"/%S\" is already in use by container \"%S\". You have "
            "to remove (or rename) that container to be able to reuse that name.",
            *name, holder);
    return false;
}

static struct container *add_container(
        struct docker_engine *e, rt_str name, const struct create_config *config)
{
    struct container *c = container_add(e, name);
    c->image_name = config->image;
    c->entrypoint = config->entrypoint;
    c->cmd = config->cmd;
    c->env = config->env;
    c->network_mode = config->network_mode;
    c->restart_policy = config->restart_policy;
    c->restart_max = config->restart_max;
    c->memory = config->memory;
    c->stop_timeout = config->stop_timeout;
    c->auto_remove = config->auto_remove;
    return c;
}

void handle_create(struct exchange *x)
{
    static const char *const log_drivers[] = {
        "",
        "json-file",
        "local",
        "none",
        "syslog",
        "journald",
        "fluentd",
        "gelf",
        "splunk",
        "awslogs",
        "gcplogs",
        "logentries",
        NULL,
    };
    struct create_config config = { 0 };
    struct image *image = NULL;
    rt_str name = { 0 };
    if (!read_config(x, &config) || !check_settings(x, &config) ||
            !check_image(x, &config, &image) || !check_name(x, &name))
        return;
    if (!one_of(config.log_type, log_drivers)) {
        exchange_keep_open(x); /* the engine looks for a plug-in, without an end */
        return;
    }
    struct container *c = add_container(x->engine, name, &config);
    c->image = image;
    container_event(c, "create", NULL, (rt_str){ 0 });
    reply_json(x, 201, rt_sprintf("{\"Id\":\"%S\",\"Warnings\":[]}\n", c->id));
}
