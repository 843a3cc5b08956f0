/* The table of vm.docker.hostConfig, with Docker's names. */
#include "harness/world/spec.h"

#define AT(member) offsetof(struct docker_host_config, member)

static const struct json_spec text = { .kind = JSON_SPEC_TEXT };
static const struct json_spec flag = { .kind = JSON_SPEC_BOOL };
static const struct json_spec number = {
    .kind = JSON_SPEC_INT, .min = INT64_MIN, .max = INT64_MAX
};
static const struct json_spec texts = { .kind = JSON_SPEC_ARRAY, .element = &text };

static const struct json_spec options = {
    .kind = JSON_SPEC_MAP,
    .element = &text,
    .about = "Options of the driver by name.",
};
static const struct json_field log_fields[] = {
    { "Type", &text, AT(log_type), .about = "The log driver." },
    { "Config", &options, AT(log_options), .about = "Options of the driver by name." },
    { 0 },
};
/* Its members lie in the host configuration itself. */
static const struct json_spec log_config = {
    .kind = JSON_SPEC_OBJECT,
    .about = "How Docker logs what containers print.",
    .fields = log_fields,
    .size = sizeof(struct docker_host_config),
};

static bool has_list(const void *object, size_t offset)
{
    return ((const struct host_config_strings *)(const void *)((const char *)object + offset))
                   ->count > 0;
}

#define HAS_LIST(member)                                                                           \
    static bool has_##member(const void *object, bool whole)                                       \
    {                                                                                              \
        (void)whole;                                                                               \
        return has_list(object, AT(member));                                                       \
    }
HAS_LIST(cap_add)
HAS_LIST(cap_drop)
HAS_LIST(dns)
HAS_LIST(dns_search)
HAS_LIST(extra_hosts)
HAS_LIST(security_opt)

static const struct json_field fields[] = {
    { "CapAdd", &texts, AT(cap_add), .has = has_cap_add, .about = "Capabilities to add." },
    { "CapDrop", &texts, AT(cap_drop), .has = has_cap_drop, .about = "Capabilities to drop." },
    { "Dns", &texts, AT(dns), .has = has_dns, .about = "DNS servers." },
    { "DnsSearch", &texts, AT(dns_search), .has = has_dns_search, .about = "DNS search domains." },
    { "ExtraHosts", &texts, AT(extra_hosts), .has = has_extra_hosts,
            .about = "Further lines of /etc/hosts: name:address." },
    { "NetworkMode", &text, AT(network_mode),
            .about = "host, bridge, none, container:NAME, or a network's name." },
    { "IpcMode", &text, AT(ipc_mode), .about = "The IPC namespace." },
    { "PidMode", &text, AT(pid_mode), .about = "The PID namespace." },
    { "UTSMode", &text, AT(uts_mode), .about = "The UTS namespace." },
    { "LogConfig", &log_config, 0, .about = "How Docker logs what containers print." },
    { "ReadonlyRootfs", &flag, AT(readonly_rootfs), .lean = true, .otherwise = "false",
            .about = "The root file system cannot be written." },
    { "SecurityOpt", &texts, AT(security_opt), .has = has_security_opt,
            .about = "Security options." },
    { "CgroupParent", &text, AT(cgroup_parent), .about = "The parent cgroup." },
    { "Memory", &number, AT(memory), .about = "Bytes; 0: no limit." },
    { "MemorySwap", &number, AT(memory_swap), .lean = true, .otherwise = "0",
            .about = "Bytes of memory and swap; -1: no limit." },
    { "MemorySwappiness", &number, AT(memory_swappiness), .lean = true, .otherwise = "0",
            .about = "From 0 to 100." },
    { "OomKillDisable", &flag, AT(oom_kill_disable), .lean = true, .otherwise = "false",
            .about = "The kernel does not end it when memory is short." },
    { "CpuShares", &number, AT(cpu_shares), .lean = true, .otherwise = "0",
            .about = "Its share of the CPU." },
    { "Cpuset", &text, AT(cpuset), .about = "An old name of CpusetCpus." },
    { "CpusetCpus", &text, AT(cpuset_cpus), .about = "The CPUs that it may use." },
    { "CpusetMems", &text, AT(cpuset_mems), .about = "The memory nodes that it may use." },
    { "CpuQuota", &number, AT(cpu_quota), .lean = true, .otherwise = "0",
            .about = "Microseconds of CPU time in a period." },
    { "CpuPeriod", &number, AT(cpu_period), .lean = true, .otherwise = "0",
            .about = "Microseconds." },
    { "BlkioWeight", &number, AT(blkio_weight), .lean = true, .otherwise = "0",
            .about = "Its share of block I/O." },
    { 0 },
};
const struct json_spec world_host_config_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "host_config",
    .about = "What containers of chaincodes are created with, by Docker's names.",
    .fields = fields,
    .size = sizeof(struct docker_host_config),
};
