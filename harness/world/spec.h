/* The text form of a world: what its JSON says, before files are read and names are checked. */
#ifndef CCLAB_HARNESS_WORLD_SPEC_H
#define CCLAB_HARNESS_WORLD_SPEC_H

#include "harness/json/spec.h"
#include "model/lab/world.h"

/* Structs that are elements of a map begin with their name; ACLs and packages are read into the
 * world's own structs. */
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
    struct json_list roots, intermediates, admins, crls; /* of rt_str */
    rt_str client_ou;
    rt_str peer_ou;
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

struct channel_text {
    rt_str name;
    struct json_list capabilities;
    struct json_list orgs;
    int64_t height;
    rt_bytes current_block_hash;
    rt_bytes previous_block_hash;
    int policies[3];
    rt_bytes config;
    struct json_list acls;  /* of struct world_acl */
    struct json_list state; /* of struct namespace_text */
};

/* The peer's settings go where the model reads them; the identity may be a folder. */
struct peer_text {
    struct world_peer settings;
    struct identity_text *identity;
};

struct world_text {
    int64_t format;
    int fabric;
    rt_str file; /* the world that this one changes; or the name of the built-in one */
    const struct json_node *patch; /* of a struct world_text, applied after the members */
    rt_str core_yaml;              /* a file; these three are the peer's settings in other words */
    const struct json_node *core;
    const struct json_node *env;
    rt_str now;
    struct peer_text peer;
    struct json_list identities;
    struct json_list msps;
    struct json_list channels;
    struct json_list packages; /* of struct world_package */
};

extern const struct json_spec world_spec;
extern const struct json_spec world_host_config_spec; /* host_config_spec.c */
extern const struct json_spec world_peer_spec;        /* of a struct peer_text */
extern const struct json_spec world_msp_spec;         /* of a struct msp_text */

/* chaincode.logging.format of the release's core.yaml. */
#define WORLD_LOG_FORMAT                                                                           \
    "%{color}%{time:2006-01-02 15:04:05.000 MST} [%{module}] %{shortfunc} -> %{level:.4s} "        \
    "%{id:03x}%{color:reset} %{message}"

/* The text of the world that `cclab` has in it, and its name. */
extern const char world_default_text[];
extern const size_t world_default_len;
#define WORLD_DEFAULT "default"

/* Milliseconds since 1970 of "2026-11-23T18:45:00Z"; false if it is no such time. */
bool world_time_ms(rt_str text, int64_t *ms);
/* The inverse; buf has at least 32 bytes. */
void world_time_text(int64_t ms, char *buf);

/* The text of a world, which it shares, in the current arena: files stand in place. */
struct world_text world_text_of(const struct world *world);

#endif
