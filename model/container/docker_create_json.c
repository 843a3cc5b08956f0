/* The body of a create request: Config and HostConfig of go-dockerclient as json.Marshal writes
 * them. */
#include "model/container/docker_client_impl.h"

static void put_strings(struct rt_buf *buf, struct str_slice strings)
{
    if (!strings.items) {
        rt_buf_putz(buf, "null");
        return;
    }
    for (size_t i = 0; i < strings.count; i++) {
        rt_buf_putz(buf, i == 0 ? "[" : ",");
        gojson_quote(buf, strings.items[i]);
    }
    rt_buf_putz(buf, strings.count == 0 ? "[]" : "]");
}

static void put_member(struct rt_buf *buf, const char *key, rt_str value)
{
    if (value.len == 0)
        return;
    if (buf->data[buf->len - 1] != '{')
        rt_buf_put_byte(buf, ',');
    rt_buf_printf(buf, "\"%s\":", key);
    gojson_quote(buf, value);
}

static void put_host_config(struct rt_buf *buf, const struct docker_host_config *host)
{
    rt_buf_putz(buf, ",\"HostConfig\":{");
    put_member(buf, "NetworkMode", host->network_mode);
    if (host->network_mode.len > 0)
        rt_buf_put_byte(buf, ',');
    rt_buf_putz(buf, "\"RestartPolicy\":{},\"LogConfig\":{");
    put_member(buf, "Type", host->log_type);
    if (host->log_max_file.len > 0 || host->log_max_size.len > 0) {
        if (host->log_type.len > 0)
            rt_buf_put_byte(buf, ',');
        rt_buf_putz(buf, "\"Config\":{");
        put_member(buf, "max-file", host->log_max_file);
        put_member(buf, "max-size", host->log_max_size);
        rt_buf_put_byte(buf, '}');
    }
    rt_buf_put_byte(buf, '}');
    if (host->memory != 0)
        rt_buf_printf(buf, ",\"Memory\":%lld", (long long)host->memory);
    rt_buf_put_byte(buf, '}');
}

rt_str client_create_body(const struct docker_create_options *options)
{
    struct rt_buf buf = { 0 };
    rt_buf_put_byte(&buf, '{');
    if (options->env.count > 0) {
        rt_buf_putz(&buf, "\"Env\":");
        put_strings(&buf, options->env);
        rt_buf_put_byte(&buf, ',');
    }
    rt_buf_putz(&buf, "\"Cmd\":");
    put_strings(&buf, options->cmd);
    put_member(&buf, "Image", options->image);
    rt_buf_putz(&buf, ",\"Entrypoint\":null");
    if (options->attach_stdout)
        rt_buf_putz(&buf, ",\"AttachStdout\":true");
    if (options->attach_stderr)
        rt_buf_putz(&buf, ",\"AttachStderr\":true");
    if (options->host_config)
        put_host_config(&buf, options->host_config);
    rt_buf_put_byte(&buf, '}');
    return rt_buf_str(&buf);
}
