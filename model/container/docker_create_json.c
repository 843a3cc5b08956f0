/* The body of a create request: Config and HostConfig of go-dockerclient as json.Marshal writes
 * them. */
#include "model/container/docker_client_impl.h"

static void put_strings(struct rt_buf *buf, const rt_str *items, size_t count)
{
    if (!items) {
        rt_buf_putz(buf, "null");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        rt_buf_putz(buf, i == 0 ? "[" : ",");
        gojson_quote(buf, items[i]);
    }
    rt_buf_putz(buf, count == 0 ? "[]" : "]");
}

/* ---- members that are left out when they are empty ---- */

static void put_name(struct rt_buf *buf, const char *name)
{
    if (buf->data[buf->len - 1] != '{')
        rt_buf_put_byte(buf, ',');
    rt_buf_printf(buf, "\"%s\":", name);
}

static void put_text(struct rt_buf *buf, const char *name, rt_str value)
{
    if (value.len == 0)
        return;
    put_name(buf, name);
    gojson_quote(buf, value);
}

static void put_list(struct rt_buf *buf, const char *name, struct host_config_strings list)
{
    if (list.count == 0)
        return;
    put_name(buf, name);
    put_strings(buf, list.items, list.count);
}

static void put_number(struct rt_buf *buf, const char *name, int64_t value)
{
    if (value == 0)
        return;
    put_name(buf, name);
    rt_buf_printf(buf, "%lld", (long long)value);
}

static void put_true(struct rt_buf *buf, const char *name, bool value)
{
    if (!value)
        return;
    put_name(buf, name);
    rt_buf_putz(buf, "true");
}

/* ---- HostConfig ---- */

static void put_log_config(struct rt_buf *buf, const struct docker_host_config *host)
{
    put_name(buf, "LogConfig");
    rt_buf_put_byte(buf, '{');
    put_text(buf, "Type", host->log_type);
    if (host->log_option_count > 0) {
        put_name(buf, "Config");
        for (size_t i = 0; i < host->log_option_count; i++) {
            rt_buf_put_byte(buf, i == 0 ? '{' : ',');
            gojson_quote(buf, host->log_options[i].name);
            rt_buf_put_byte(buf, ':');
            gojson_quote(buf, host->log_options[i].value);
        }
        rt_buf_put_byte(buf, '}');
    }
    rt_buf_put_byte(buf, '}');
}

/* In the order of the fields of go-dockerclient's struct. */
static void put_host_config(struct rt_buf *buf, const struct docker_host_config *host)
{
    put_name(buf, "HostConfig");
    rt_buf_put_byte(buf, '{');
    put_list(buf, "CapAdd", host->cap_add);
    put_list(buf, "CapDrop", host->cap_drop);
    put_list(buf, "Dns", host->dns);
    put_list(buf, "DnsSearch", host->dns_search);
    put_list(buf, "ExtraHosts", host->extra_hosts);
    put_text(buf, "NetworkMode", host->network_mode);
    put_text(buf, "IpcMode", host->ipc_mode);
    put_text(buf, "PidMode", host->pid_mode);
    put_text(buf, "UTSMode", host->uts_mode);
    put_name(buf, "RestartPolicy");
    rt_buf_putz(buf, "{}");
    put_log_config(buf, host);
    put_list(buf, "SecurityOpt", host->security_opt);
    put_text(buf, "CgroupParent", host->cgroup_parent);
    put_number(buf, "Memory", host->memory);
    put_number(buf, "MemorySwap", host->memory_swap);
    put_number(buf, "MemorySwappiness", host->memory_swappiness);
    put_number(buf, "CpuShares", host->cpu_shares);
    put_text(buf, "Cpuset", host->cpuset);
    put_text(buf, "CpusetCpus", host->cpuset_cpus);
    put_text(buf, "CpusetMems", host->cpuset_mems);
    put_number(buf, "CpuQuota", host->cpu_quota);
    put_number(buf, "CpuPeriod", host->cpu_period);
    put_number(buf, "BlkioWeight", host->blkio_weight);
    put_true(buf, "ReadonlyRootfs", host->readonly_rootfs);
    put_true(buf, "OomKillDisable", host->oom_kill_disable);
    rt_buf_put_byte(buf, '}');
}

rt_str client_create_body(const struct docker_create_options *options)
{
    struct rt_buf buf = { 0 };
    rt_buf_put_byte(&buf, '{');
    if (options->env.count > 0) {
        put_name(&buf, "Env");
        put_strings(&buf, options->env.items, options->env.count);
    }
    put_name(&buf, "Cmd");
    put_strings(&buf, options->cmd.items, options->cmd.count);
    put_text(&buf, "Image", options->image);
    put_name(&buf, "Entrypoint");
    rt_buf_putz(&buf, "null");
    put_true(&buf, "AttachStdout", options->attach_stdout);
    put_true(&buf, "AttachStderr", options->attach_stderr);
    if (options->host_config)
        put_host_config(&buf, options->host_config);
    rt_buf_put_byte(&buf, '}');
    return rt_buf_str(&buf);
}
