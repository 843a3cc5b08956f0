/* The text form of a world: what its JSON says, before files are read and names are checked. */
#ifndef CCLAB_HARNESS_WORLD_SPEC_H
#define CCLAB_HARNESS_WORLD_SPEC_H

#include "harness/json/spec.h"
#include "model/lab/world.h"

/* Structs that are elements of a map begin with their name. */
struct identity_text {
    rt_str name;
    rt_str mspid;
    rt_str dir;
    rt_str cert;
    rt_str key;
};

struct msp_text {
    rt_str name;
    rt_str dir;
    rt_str ca;
    rt_str admin;
};

struct key_text {
    rt_str name;
    rt_bytes value;
    rt_bytes metadata;
    struct json_list version; /* of int64_t */
};

struct namespace_text {
    rt_str name;
    struct json_list keys;
};

struct acl_text {
    rt_str name;
    rt_str policy;
};

struct channel_text {
    rt_str name;
    struct json_list capabilities;
    struct json_list orgs;
    int64_t height;
    rt_bytes current_block_hash;
    rt_bytes previous_block_hash;
    int policies[3];
    struct json_list acls;
    struct json_list state;
};

struct package_text {
    rt_str name;
    rt_bytes content;
};

struct peer_text {
    rt_str id;
    rt_str network_id;
    rt_str mspid;
    struct identity_text *identity;
    rt_str chaincode_address;
    rt_str chaincode_install_path;
    int64_t startup_timeout_ms;
    int64_t execute_timeout_ms;
    int64_t keepalive_ms;
    bool tls;
    bool dev_mode;
    bool attach_stdout;
    struct json_list system_chaincodes;
    rt_str system_chaincode_version;
};

struct world_text {
    int64_t format;
    int fabric;
    rt_str file; /* in a scenario: the world that this one changes */
    rt_str now;
    struct peer_text peer;
    struct json_list identities;
    struct json_list msps;
    struct json_list channels;
    struct json_list packages;
};

extern const struct json_spec world_spec;

/* Milliseconds since 1970 of "2026-11-23T18:45:00Z"; false if it is no such time. */
bool world_time_ms(rt_str text, int64_t *ms);
/* The inverse; buf has at least 32 bytes. */
void world_time_text(int64_t ms, char *buf);

/* The whole world as one self-contained JSON value: certificates and keys in place. */
json_t *world_to_json(const struct world *world);

#endif
