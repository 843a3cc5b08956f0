/* vm.docker.hostConfig of a peer: what every chaincode container is created with.
 *
 * The members are those that getDockerHostConfig of
 * core/container/dockercontroller/dockercontroller.go reads, in its order; zero is "not set". */
#ifndef CCLAB_MODEL_LAB_HOST_CONFIG_H
#define CCLAB_MODEL_LAB_HOST_CONFIG_H

#include "model/rt/str.h"

/* A list of strings; NULL items for none. */
struct host_config_strings {
    rt_str *items;
    size_t count;
};

/* An option of a log driver. */
struct host_config_log_option {
    rt_str name;
    rt_str value;
};

struct docker_host_config {
    struct host_config_strings cap_add;
    struct host_config_strings cap_drop;
    struct host_config_strings dns;
    struct host_config_strings dns_search;
    struct host_config_strings extra_hosts;
    rt_str network_mode;
    rt_str ipc_mode;
    rt_str pid_mode;
    rt_str uts_mode;
    rt_str log_type;
    struct host_config_log_option *log_options; /* ordered by name */
    size_t log_option_count;
    bool readonly_rootfs;
    struct host_config_strings security_opt;
    rt_str cgroup_parent;
    int64_t memory;
    int64_t memory_swap;
    int64_t memory_swappiness;
    bool oom_kill_disable;
    int64_t cpu_shares;
    rt_str cpuset;
    rt_str cpuset_cpus;
    rt_str cpuset_mems;
    int64_t cpu_quota;
    int64_t cpu_period;
    int64_t blkio_weight;
};

/* The host configuration that core.yaml of the release has. */
struct docker_host_config docker_host_config_default(void);

#endif
