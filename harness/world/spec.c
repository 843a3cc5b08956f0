/* The tables of the text form of a world. */
#include "harness/world/spec.h"

#include <stdio.h>
#include <time.h>

#define AT(type, member) offsetof(struct type, member)

static const struct json_spec text = { .kind = JSON_SPEC_TEXT };
static const struct json_spec name = { .kind = JSON_SPEC_TEXT, .min = 1 };
static const struct json_spec hex = { .kind = JSON_SPEC_HEX };
static const struct json_spec flag = { .kind = JSON_SPEC_BOOL };
static const struct json_spec timeout = {
    .kind = JSON_SPEC_INT, .min = 1, .max = INT64_MAX / 1000000
};
static const struct json_spec delay = { .kind = JSON_SPEC_INT, .min = 0, .max = 86400000 };
static const struct json_spec whole_seconds = {
    .kind = JSON_SPEC_INT, .min = 0, .max = INT64_MAX / 1000000000 * 1000, .step = 1000
};
static const struct json_spec names = { .kind = JSON_SPEC_ARRAY, .element = &name };

static const struct json_field identity_fields[] = {
    { "mspid", &name, AT(identity_text, mspid), .about = "The MSP it belongs to." },
    { "dir", &name, AT(identity_text, dir), .about = "Folder with cert.pem and key.pem." },
    { "cert", &name, AT(identity_text, cert),
            .about = "The certificate in PEM, instead of a folder." },
    { "key", &name, AT(identity_text, key),
            .about = "The private key in PEM, instead of a folder." },
    { 0 },
};
static const struct json_spec identity = {
    .kind = JSON_SPEC_OBJECT,
    .name = "identity",
    .about = "Somebody with a certificate and its key.",
    .fields = identity_fields,
    .size = sizeof(struct identity_text),
    .brief = "dir",
};

#define HAS_LIST(member)                                                                           \
    static bool has_##member(const void *object, bool whole)                                       \
    {                                                                                              \
        (void)whole;                                                                               \
        return ((const struct msp_text *)object)->member.count > 0;                                \
    }
HAS_LIST(roots)
HAS_LIST(intermediates)
HAS_LIST(admins)
HAS_LIST(crls)

static const struct json_field msp_fields[] = {
    { "dir", &name, AT(msp_text, dir), .about = "Folder with cacert.pem and admincert.pem." },
    { "ca", &name, AT(msp_text, ca), .about = "The root certificate in PEM, instead of a folder." },
    { "admin", &name, AT(msp_text, admin), .about = "The administrator's certificate in PEM." },
    { "roots", &names, AT(msp_text, roots), .has = has_roots,
            .about = "Further root certificates in PEM." },
    { "intermediates", &names, AT(msp_text, intermediates), .has = has_intermediates,
            .about = "Certificates of intermediate authorities in PEM." },
    { "admins", &names, AT(msp_text, admins), .has = has_admins,
            .about = "Certificates of further administrators in PEM." },
    { "crls", &names, AT(msp_text, crls), .has = has_crls,
            .about = "Lists of revoked certificates in PEM." },
    { "client_ou", &name, AT(msp_text, client_ou),
            .about = "Node OUs are enabled: the organisational unit of clients." },
    { "peer_ou", &name, AT(msp_text, peer_ou),
            .about = "The organisational unit of peers, with client_ou." },
    { 0 },
};
const struct json_spec world_msp_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "msp",
    .about = "A membership service provider.",
    .fields = msp_fields,
    .size = sizeof(struct msp_text),
    .brief = "dir",
};

static const struct json_spec version = {
    .kind = JSON_SPEC_INTS, .min = 0, .max = INT64_MAX, .about = "Block and transaction number."
};
static const struct json_field key_fields[] = {
    { "value", &hex, AT(key_text, value), .required = true, .about = "The value in hex." },
    { "metadata", &hex, AT(key_text, metadata), .about = "The key's metadata in hex." },
    { "version", &version, AT(key_text, version), .required = true,
            .about = "Block and transaction that wrote it." },
    { 0 },
};
static const struct json_spec key = {
    .kind = JSON_SPEC_OBJECT,
    .name = "key",
    .about = "One committed key.",
    .fields = key_fields,
    .size = sizeof(struct key_text),
};

/* A namespace is a map, itself an element of a map: its struct begins with the name. */
static const struct json_spec keys = { .kind = JSON_SPEC_MAP, .element = &key };
static const struct json_spec state = {
    .kind = JSON_SPEC_MAP,
    .element = &keys,
    .size = sizeof(struct namespace_text),
};

static const struct json_field acl_fields[] = {
    { "policy", &name, AT(world_acl, policy_ref), .required = true,
            .about = "Policy path, for example /Channel/Application/Writers." },
    { 0 },
};
static const struct json_spec acl = {
    .kind = JSON_SPEC_OBJECT,
    .about = "Whose signature a resource needs.",
    .fields = acl_fields,
    .size = sizeof(struct world_acl),
    .brief = "policy",
};
static const struct json_spec acls = { .kind = JSON_SPEC_MAP, .element = &acl };

static const char *const any_member[] = { "any member of any org", NULL };
static const char *const admin_majority[] = { "majority of the orgs' admins", NULL };
static const struct json_spec any_member_word = { .kind = JSON_SPEC_WORD, .words = any_member };
static const struct json_spec admin_majority_word = { .kind = JSON_SPEC_WORD,
    .words = admin_majority };
static const struct json_field policy_fields[] = {
    { "Readers", &any_member_word, 0, .about = "Who may read." },
    { "Writers", &any_member_word, sizeof(int), .about = "Who may write." },
    { "Admins", &admin_majority_word, 2 * sizeof(int), .about = "Who may administer." },
    { 0 },
};
static const struct json_spec policies = {
    .kind = JSON_SPEC_OBJECT,
    .fields = policy_fields,
    .size = 3 * sizeof(int),
};

static const struct json_spec height = { .kind = JSON_SPEC_INT, .min = 1, .max = INT64_MAX };
static const struct json_field channel_fields[] = {
    { "application_capabilities", &names, AT(channel_text, capabilities), .required = true,
            .about = "Capabilities of the application group, for example V1_4_2." },
    { "orgs", &names, AT(channel_text, orgs), .required = true,
            .about = "MSP ids of the application's organisations." },
    { "height", &height, AT(channel_text, height), .required = true, .about = "Number of blocks." },
    { "current_block_hash", &hex, AT(channel_text, current_block_hash),
            .about = "Hash of the last block, for qscc; absent when nobody recorded it." },
    { "previous_block_hash", &hex, AT(channel_text, previous_block_hash),
            .about = "Hash of the block before it." },
    { "policies", &policies, AT(channel_text, policies),
            .about = "The application's policies, in words; these are the ones that the model "
                     "has." },
    { "config", &hex, AT(channel_text, config),
            .about = "A common.ConfigGroup in hex: the channel's policies, instead of those in "
                     "words." },
    { "acls", &acls, AT(channel_text, acls), .about = "Policies by resource name." },
    { "state", &state, AT(channel_text, state),
            .about = "Committed keys by namespace (chaincode name)." },
    { 0 },
};
static const struct json_spec channel = {
    .kind = JSON_SPEC_OBJECT,
    .name = "channel",
    .about = "A channel that the peer has joined.",
    .fields = channel_fields,
    .size = sizeof(struct channel_text),
};

static const struct json_field package_fields[] = {
    { "bytes", &hex, AT(world_package, content), .about = "The file's bytes in hex." },
    { "unreadable", &flag, AT(world_package, unreadable), .lean = true, .otherwise = "false",
            .about = "The peer's user may neither read nor write it." },
    { "directory", &flag, AT(world_package, directory), .lean = true, .otherwise = "false",
            .about = "It is an empty directory." },
    { 0 },
};
static const struct json_spec package = {
    .kind = JSON_SPEC_OBJECT,
    .name = "package",
    .about = "A file in the folder of packages; a bare string is its bytes in hex.",
    .fields = package_fields,
    .size = sizeof(struct world_package),
    .brief = "bytes",
};

static const struct json_field peer_fields[] = {
    { "id", &name, AT(peer_text, settings.id), .about = "peer.id" },
    { "network_id", &text, AT(peer_text, settings.network_id), .about = "peer.networkId" },
    { "mspid", &name, AT(peer_text, settings.mspid), .about = "peer.localMspId" },
    { "identity", &identity, AT(peer_text, identity), .pointer = true,
            .about = "The peer's own certificate and key: a folder, or both in place." },
    { "address", &name, AT(peer_text, settings.address),
            .about = "peer.address: host:port of the peer." },
    { "chaincode_address", &text, AT(peer_text, settings.chaincode_address),
            .about =
                    "peer.chaincodeAddress: host:port that chaincodes dial; empty: the next one's, "
                    "or the peer's host with port 7052." },
    { "chaincode_listen_address", &text, AT(peer_text, settings.chaincode_listen_address),
            .lean = true, .about = "peer.chaincodeListenAddress", .otherwise = "\"\"" },
    { "chaincode_install_path", &name, AT(peer_text, settings.chaincode_install_path),
            .about = "Where packages are kept." },
    { "startup_timeout_ms", &timeout, AT(peer_text, settings.startup_timeout_ms),
            .about = "chaincode.startuptimeout" },
    { "execute_timeout_ms", &timeout, AT(peer_text, settings.execute_timeout_ms),
            .about = "chaincode.executetimeout" },
    { "keepalive_ms", &whole_seconds, AT(peer_text, settings.keepalive_ms),
            .about = "chaincode.keepalive, which counts in seconds; 0: off" },
    { "push_ack_timeout_ms", &delay, AT(peer_text, settings.push_ack_timeout_ms),
            .otherwise = "3000",
            .about =
                    "peer.gossip.pvtData.pushAckTimeout; 0: not set, and no private data is sent" },
    { "tls", &flag, AT(peer_text, settings.tls), .about = "peer.tls.enabled" },
    { "dev_mode", &flag, AT(peer_text, settings.dev_mode),
            .about = "chaincode.mode is dev: users run the chaincodes" },
    { "attach_stdout", &flag, AT(peer_text, settings.attach_stdout),
            .about = "vm.docker.attachStdout" },
    { "docker_endpoint", &text, AT(peer_text, settings.docker_endpoint),
            .about = "vm.endpoint, for example unix:///host/var/run/docker.sock or "
                     "tcp://10.0.0.5:2376" },
    { "docker_tls", &flag, AT(peer_text, settings.docker_tls), .about = "vm.docker.tls.enabled" },
    { "go_version", &name, AT(peer_text, settings.go_version),
            .about = "The Go that built the peer, which words some errors: 1.11.5 for the release; "
                     "a world that the vectors are compared with has 1.19, if it says nothing" },
    { "system_chaincodes", &names, AT(peer_text, settings.system_chaincodes),
            .otherwise = "[\"lscc\", \"cscc\", \"qscc\"]",
            .about = "chaincode.system: the system chaincodes that are enabled. Others are not "
                     "deployed, but their names are taken, as is +lifecycle, which is never "
                     "enabled here." },
    { "pull", &flag, AT(peer_text, settings.pull), .about = "chaincode.pull" },
    { "builder", &text, AT(peer_text, settings.builder),
            .about = "chaincode.builder: the image in which chaincode is compiled." },
    { "golang_runtime", &text, AT(peer_text, settings.golang_runtime),
            .about = "chaincode.golang.runtime: the image that compiled chaincode is put into." },
    { "node_runtime", &text, AT(peer_text, settings.node_runtime),
            .about = "chaincode.node.runtime" },
    { "java_runtime", &text, AT(peer_text, settings.java_runtime),
            .about = "chaincode.java.runtime" },
    { "car_runtime", &text, AT(peer_text, settings.car_runtime), .about = "chaincode.car.runtime" },
    { "golang_dynamic_link", &flag, AT(peer_text, settings.golang_dynamic_link),
            .about = "chaincode.golang.dynamicLink" },
    { "log_level", &text, AT(peer_text, settings.log_level),
            .about = "chaincode.logging.level; what is no level is INFO." },
    { "shim_log_level", &text, AT(peer_text, settings.shim_log_level),
            .about = "chaincode.logging.shim; what is no level is INFO." },
    { "log_format", &text, AT(peer_text, settings.log_format),
            .about = "chaincode.logging.format" },
    { "host_config", &world_host_config_spec, AT(peer_text, settings.host_config),
            .about = "vm.docker.hostConfig: what containers of chaincodes are created with." },
    { "system_chaincode_version", &name, AT(peer_text, settings.system_chaincode_version),
            .about = "The version that the peer was built as, which its system chaincodes carry: "
                     "the release's, or latest for a build without a stamp." },
    { 0 },
};
const struct json_spec world_peer_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "peer",
    .about = "The peer's settings, as in core.yaml.",
    .fields = peer_fields,
    .size = sizeof(struct peer_text),
};

static const struct json_spec identities = { .kind = JSON_SPEC_MAP, .element = &identity };
static const struct json_spec msps = { .kind = JSON_SPEC_MAP, .element = &world_msp_spec };
static const struct json_spec channels = { .kind = JSON_SPEC_MAP, .element = &channel };
static const struct json_spec packages = { .kind = JSON_SPEC_MAP, .element = &package };
static const struct json_spec format = { .kind = JSON_SPEC_INT, .min = 1, .max = 1 };
static const char *const releases[] = { "1.4.2", NULL };
static const struct json_spec release = { .kind = JSON_SPEC_WORD, .words = releases };

static const struct json_spec node = { .kind = JSON_SPEC_NODE };
static const struct json_spec anything = { .kind = JSON_SPEC_VALUE };
static const struct json_spec any_object = { .kind = JSON_SPEC_MAP, .element = &anything };

static const struct json_field world_fields[] = {
    { "file", &name, AT(world_text, file),
            .about = "A world file that the other members change, relative to this file; or "
                     "\"default\", the world that cclab has in it." },
    { "format", &format, AT(world_text, format), .about = "Version of this form." },
    { "fabric", &release, AT(world_text, fabric), .about = "The release." },
    { "now", &text, AT(world_text, now),
            .about = "The time at which certificates are judged and runs begin, in UTC." },
    { "peer", &world_peer_spec, AT(world_text, peer), .about = "The peer's settings." },
    { "identities", &identities, AT(world_text, identities), .about = "Who can sign, by name." },
    { "msps", &msps, AT(world_text, msps),
            .about = "MSPs by id: a folder, or certificates in place." },
    { "channels", &channels, AT(world_text, channels), .about = "Channels by name." },
    { "packages", &packages, AT(world_text, packages),
            .about = "Installed packages by file name (name.version), in hex, and what else is in "
                     "their folder." },
    { "patch", &node, AT(world_text, patch), .schema = &any_object,
            .about = "What else is different from the world of `file`, as a JSON merge patch (RFC "
                     "7396) of a world: objects are changed member by member, null takes away." },
    { "core_yaml", &name, AT(world_text, core_yaml),
            .about =
                    "The peer's core.yaml, relative to this file: its settings instead of those of "
                    "`peer`." },
    { "core", &node, AT(world_text, core), .schema = &any_object,
            .about =
                    "Keys of core.yaml, nested as there, that are different from what the peer has "
                    "otherwise; see docs/core-yaml.md." },
    { "env", &node, AT(world_text, env), .schema = &any_object,
            .about = "Variables of the peer's environment, for example CORE_VM_ENDPOINT." },
    { 0 },
};
const struct json_spec world_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "world",
    .about = "Who exists, which channels there are with which state, and what is installed.",
    .fields = world_fields,
    .size = sizeof(struct world_text),
    .brief = "file",
};

bool world_time_ms(rt_str value, int64_t *ms)
{
    struct tm tm = { 0 };
    char buf[32];
    if (value.len >= sizeof(buf) || memchr(value.data, 0, value.len))
        return false;
    memcpy(buf, value.data, value.len);
    buf[value.len] = 0;
    const char *end = strptime(buf, "%Y-%m-%dT%H:%M:%SZ", &tm);
    if (!end || *end != 0)
        return false;
    *ms = (int64_t)timegm(&tm) * 1000;
    return true;
}

void world_time_text(int64_t ms, char *buf)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(buf, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}
