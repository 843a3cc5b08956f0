/* The world that a peer wakes up in: who exists, which channels with which state, what is
 * installed.
 *
 * Plain data, made once (harness/world reads it from JSON), never changed, and shared by all runs
 * that start from it. Everything in it lives in the world's own arena. */
#ifndef CCLAB_MODEL_LAB_WORLD_H
#define CCLAB_MODEL_LAB_WORLD_H

#include "model/lab/host_config.h"
#include "model/rt/arena.h"
#include "model/rt/str.h"

/* Somebody with a certificate and a key, both PEM. */
struct world_identity {
    rt_str name; /* as the world file calls it: "admin" */
    rt_str mspid;
    rt_bytes cert_pem;
    rt_bytes key_pem;
};

/* Certificates, or revocation lists, in PEM. */
struct world_pems {
    rt_bytes *items;
    size_t count;
};

/* A membership service provider. */
struct world_msp {
    rt_str mspid;
    rt_bytes ca_pem;
    rt_bytes admin_pem;      /* RT_NIL when it has no administrator */
    struct world_pems roots; /* further ones, beside ca_pem */
    struct world_pems intermediates;
    struct world_pems admins; /* further ones, beside admin_pem */
    struct world_pems crls;
    rt_str client_ou; /* node OUs, of any certifier; RT_NIL: they are not enabled */
    rt_str peer_ou;
};

/* One committed key. */
struct world_key {
    rt_str ns;
    rt_str key;
    rt_bytes value;
    rt_bytes metadata; /* RT_NIL for none */
    uint64_t block;
    uint64_t tx;
};

struct world_acl {
    rt_str resource;
    rt_str policy_ref;
};

struct world_channel {
    rt_str name;
    rt_str *capabilities; /* of the application, for example V1_4_2 */
    size_t capability_count;
    rt_str *orgs; /* MSP ids of the application's organisations */
    size_t org_count;
    uint64_t height;              /* number of blocks */
    rt_bytes current_block_hash;  /* of the last block; RT_NIL when nobody recorded it */
    rt_bytes previous_block_hash; /* of the one before */
    rt_bytes config;              /* a ConfigGroup with its policies; RT_NIL: the usual ones */
    struct world_acl *acls;
    size_t acl_count;
    struct world_key *state; /* ordered by namespace, then key */
    size_t state_count;
};

/* A file below the install path: an installed package, or what else is there. */
struct world_package {
    rt_str file_name; /* name.version */
    rt_bytes content;
    bool unreadable; /* the peer's user may not read it */
    bool directory;  /* an empty one */
};

struct world_peer {
    rt_str id;
    rt_str network_id;
    rt_str mspid;
    struct world_identity identity;
    rt_str address;           /* peer.address: host:port */
    rt_str chaincode_address; /* host:port that chaincodes dial; empty: it follows from others */
    rt_str chaincode_listen_address; /* host:port of the chaincodes' server; empty: none given */
    rt_str chaincode_install_path;
    int64_t startup_timeout_ms;
    int64_t execute_timeout_ms;
    int64_t keepalive_ms;        /* 0: off */
    int64_t push_ack_timeout_ms; /* peer.gossip.pvtData.pushAckTimeout; 0: there is none */
    bool tls;
    bool dev_mode;             /* chaincode.mode "dev": the user runs chaincodes */
    bool attach_stdout;        /* vm.docker.attachStdout */
    rt_str docker_endpoint;    /* vm.endpoint; data == NULL: the release's */
    bool docker_tls;           /* vm.docker.tls.enabled */
    rt_str go_version;         /* of the Go that built the peer; empty: 1.19, as recorded */
    rt_str *system_chaincodes; /* those that are enabled; with a plus, "+lifecycle", not */
    size_t system_chaincode_count;
    bool pull;             /* chaincode.pull */
    rt_str builder;        /* chaincode.builder */
    rt_str golang_runtime; /* chaincode.golang.runtime and so on */
    rt_str node_runtime;
    rt_str java_runtime;
    rt_str car_runtime;
    bool golang_dynamic_link;
    rt_str log_level; /* chaincode.logging.level */
    rt_str shim_log_level;
    rt_str log_format;
    struct docker_host_config host_config;
    rt_str system_chaincode_version; /* the build's: the release, or "latest" without a stamp */
};

struct world {
    struct rt_arena *arena;
    int64_t now_ms; /* the time at which certificates are judged, and at which runs begin */
    struct world_peer peer;
    struct world_identity *identities;
    size_t identity_count;
    struct world_msp *msps;
    size_t msp_count;
    struct world_channel *channels;
    size_t channel_count;
    struct world_package *packages;
    size_t package_count;
};

#endif
