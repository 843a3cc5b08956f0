/* The table of keys. */
#include "harness/core/keys.h"

#include <string.h>

#include "harness/base/diag.h"
#include "model/lab/world.h"
#include "model/rt/arena.h"

#define AT(member) offsetof(struct world_peer, member)
#define HOST(member) offsetof(struct world_peer, host_config.member)
#define HOST_KEY "vm.docker.hostConfig."

const struct core_key core_keys[] = {
    { "peer.id", CORE_TEXT, AT(id), "id", "The peer's name, in names of images and containers." },
    { "peer.networkId", CORE_TEXT, AT(network_id), "network_id",
            "What names of images and containers begin with." },
    { "peer.localMspId", CORE_TEXT, AT(mspid), "mspid", "The MSP that the peer belongs to." },
    { "peer.mspConfigPath", CORE_MSP_PATH, 0, "identity",
            "The MSP folder of the peer, relative to core.yaml; one that is not there is told." },
    { "peer.address", CORE_TEXT, AT(address), "address",
            "The peer's host:port; 0.0.0.0 or :: is the machine's own address." },
    { "peer.addressAutoDetect", CORE_AUTO_DETECT, 0, "address",
            "The host of peer.address is the machine's own address." },
    { "peer.chaincodeListenAddress", CORE_TEXT, AT(chaincode_listen_address),
            "chaincode_listen_address",
            "Where chaincodes are served; what they dial if chaincodeAddress is not given." },
    { "peer.chaincodeAddress", CORE_TEXT, AT(chaincode_address), "chaincode_address",
            "host:port that chaincodes dial." },
    { "peer.fileSystemPath", CORE_ROOT_PATH, AT(chaincode_install_path), "chaincode_install_path",
            "Packages are kept in the folder chaincodes below it." },
    { "peer.tls.enabled", CORE_BOOL, AT(tls), "tls",
            "Certificates for chaincodes, uploaded before each start." },
    { "peer.gossip.pvtData.pushAckTimeout", CORE_DURATION, AT(push_ack_timeout_ms),
            "push_ack_timeout_ms",
            "How long private data waits for its acknowledgement; 0: it is not sent." },
    { "vm.endpoint", CORE_TEXT, AT(docker_endpoint), "docker_endpoint",
            "Where the Docker engine is: unix://, tcp://, http:// or https://." },
    { "vm.docker.tls.enabled", CORE_BOOL, AT(docker_tls), "docker_tls",
            "The engine is reached over TLS." },
    { "vm.docker.attachStdout", CORE_BOOL, AT(attach_stdout), "attach_stdout",
            "What chaincodes print is mirrored to the peer's log." },
    { HOST_KEY "CapAdd", CORE_TEXTS, HOST(cap_add), "host_config", "Of the create request." },
    { HOST_KEY "CapDrop", CORE_TEXTS, HOST(cap_drop), "host_config", "Of the create request." },
    { HOST_KEY "Dns", CORE_TEXTS, HOST(dns), "host_config", "Of the create request." },
    { HOST_KEY "DnsSearch", CORE_TEXTS, HOST(dns_search), "host_config", "Of the create request." },
    { HOST_KEY "ExtraHosts", CORE_TEXTS, HOST(extra_hosts), "host_config",
            "Of the create request." },
    { HOST_KEY "NetworkMode", CORE_NETWORK, HOST(network_mode), "host_config",
            "The network that containers join; one that is missing fails their start." },
    { HOST_KEY "IpcMode", CORE_TEXT, HOST(ipc_mode), "host_config", "Of the create request." },
    { HOST_KEY "PidMode", CORE_TEXT, HOST(pid_mode), "host_config", "Of the create request." },
    { HOST_KEY "UTSMode", CORE_TEXT, HOST(uts_mode), "host_config", "Of the create request." },
    { HOST_KEY "LogConfig", CORE_LOG_CONFIG, 0, "host_config",
            "Type and Config, whose values are strings: quote numbers. No variable reaches it." },
    { HOST_KEY "ReadonlyRootfs", CORE_BOOL, HOST(readonly_rootfs), "host_config",
            "Of the create request." },
    { HOST_KEY "SecurityOpt", CORE_TEXTS, HOST(security_opt), "host_config",
            "Of the create request." },
    { HOST_KEY "CgroupParent", CORE_TEXT, HOST(cgroup_parent), "host_config",
            "Of the create request." },
    { HOST_KEY "Memory", CORE_INT, HOST(memory), "host_config",
            "Bytes; what is no number is 0, which is no limit." },
    { HOST_KEY "MemorySwap", CORE_INT, HOST(memory_swap), "host_config", "Of the create request." },
    { HOST_KEY "MemorySwappiness", CORE_INT, HOST(memory_swappiness), "host_config",
            "Of the create request." },
    { HOST_KEY "OomKillDisable", CORE_BOOL, HOST(oom_kill_disable), "host_config",
            "Of the create request." },
    { HOST_KEY "CpuShares", CORE_INT, HOST(cpu_shares), "host_config", "Of the create request." },
    { HOST_KEY "Cpuset", CORE_TEXT, HOST(cpuset), "host_config", "Of the create request." },
    { HOST_KEY "CpusetCPUs", CORE_TEXT, HOST(cpuset_cpus), "host_config",
            "Of the create request." },
    { HOST_KEY "CpusetMEMs", CORE_TEXT, HOST(cpuset_mems), "host_config",
            "Of the create request." },
    { HOST_KEY "CpuQuota", CORE_INT, HOST(cpu_quota), "host_config", "Of the create request." },
    { HOST_KEY "CpuPeriod", CORE_INT, HOST(cpu_period), "host_config", "Of the create request." },
    { HOST_KEY "BlkioWeight", CORE_INT, HOST(blkio_weight), "host_config",
            "Of the create request." },
    { "chaincode.builder", CORE_IMAGE, AT(builder), "builder",
            "The image in which chaincode is compiled; none is an error of the build." },
    { "chaincode.pull", CORE_BOOL, AT(pull), "pull", "Builds of images ask for their base anew." },
    { "chaincode.golang.runtime", CORE_IMAGE, AT(golang_runtime), "golang_runtime",
            "The image that compiled chaincode is put into." },
    { "chaincode.golang.dynamicLink", CORE_BOOL, AT(golang_dynamic_link), "golang_dynamic_link",
            "Compiled without the flags for static linking." },
    { "chaincode.car.runtime", CORE_IMAGE, AT(car_runtime), "car_runtime", "As golang.runtime." },
    { "chaincode.java.runtime", CORE_IMAGE, AT(java_runtime), "java_runtime",
            "The image in which Java chaincode is built and runs." },
    { "chaincode.node.runtime", CORE_IMAGE, AT(node_runtime), "node_runtime",
            "As golang.runtime." },
    { "chaincode.startuptimeout", CORE_START_TIME, AT(startup_timeout_ms), "startup_timeout_ms",
            "How long a launch waits for the chaincode; less than 5 s is 5 s." },
    { "chaincode.executetimeout", CORE_EXECUTE_TIME, AT(execute_timeout_ms), "execute_timeout_ms",
            "How long a transaction waits for its answer; less than 1 s is 30 s." },
    { "chaincode.mode", CORE_MODE, AT(dev_mode), "dev_mode",
            "dev: users run their chaincodes; anything else: the peer does." },
    { "chaincode.keepalive", CORE_KEEPALIVE, AT(keepalive_ms), "keepalive_ms",
            "Seconds between keep-alives, as a bare number: \"60s\" is 0, which is off." },
    { "chaincode.system", CORE_SYSTEM, 0, "system_chaincodes",
            "System chaincodes that run: enable, true or yes. No variable reaches a single one." },
    { "chaincode.logging.level", CORE_TEXT, AT(log_level), "log_level",
            "A variable of containers; what is no level is INFO." },
    { "chaincode.logging.shim", CORE_TEXT, AT(shim_log_level), "shim_log_level",
            "A variable of containers; what is no level is INFO." },
    { "chaincode.logging.format", CORE_TEXT, AT(log_format), "log_format",
            "A variable of containers." },
    { 0 },
};

const char *const core_without_effect[] = { "peer.listenAddress", "peer.gomaxprocs",
    "peer.keepalive", "peer.gossip", "peer.tls.clientAuthRequired", "peer.tls.cert", "peer.tls.key",
    "peer.tls.rootcert", "peer.tls.clientRootCAs", "peer.tls.clientKey", "peer.tls.clientCert",
    "peer.tls.serverRootCAs", "peer.tls.serverhostoverride", "peer.authentication", "peer.BCCSP",
    "peer.localMspType", "peer.client", "peer.connectiontimeout", "peer.deliveryclient",
    "peer.profile", "peer.adminService", "peer.handlers", "peer.validatorPoolSize",
    "peer.discovery", "vm.docker.tls.ca", "vm.docker.tls.cert", "vm.docker.tls.key", "chaincode.id",
    "chaincode.systemPlugins", "ledger", "operations", "metrics", "logging", "logging_level",
    NULL };

const struct core_key *core_key_find(const char *path)
{
    for (const struct core_key *key = core_keys; key->path; key++)
        if (strcmp(key->path, path) == 0)
            return key;
    return NULL;
}

/* Whether `path` is `section`, or lies in it. */
static bool lies_in(const char *path, const char *section)
{
    size_t len = strlen(section);
    return strncmp(path, section, len) == 0 && (path[len] == '.' || path[len] == 0);
}

const char *core_key_idle(const char *path)
{
    for (size_t i = 0; core_without_effect[i]; i++)
        if (lies_in(path, core_without_effect[i]))
            return core_without_effect[i];
    return NULL;
}

bool core_key_is_section(const char *path)
{
    for (const struct core_key *key = core_keys; key->path; key++)
        if (lies_in(key->path, path) && strcmp(key->path, path) != 0)
            return true;
    for (size_t i = 0; core_without_effect[i]; i++)
        if (lies_in(core_without_effect[i], path) && strcmp(core_without_effect[i], path) != 0)
            return true;
    return false;
}

const char *core_key_similar(const char *path)
{
    size_t count = 0;
    const char *paths[128];
    for (const struct core_key *key = core_keys; key->path && count < 90; key++)
        paths[count++] = key->path;
    for (size_t i = 0; core_without_effect[i] && count < 127; i++)
        paths[count++] = core_without_effect[i];
    paths[count] = NULL;
    return diag_similar(path, paths);
}
