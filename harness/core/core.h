/* A peer's settings by the names that operators know: core.yaml and its CORE_* variables.
 *
 * Every setting ends in struct world_peer, read as `peer node start` of 1.4.2 reads it;
 * docs/core-yaml.md has the table of keys. */
#ifndef CCLAB_HARNESS_CORE_CORE_H
#define CCLAB_HARNESS_CORE_CORE_H

#include "harness/json/json.h"
#include "model/lab/world.h"

struct core_source {
    const struct json_doc *file;  /* a core.yaml; NULL: none, and keys that are not given stay */
    const struct json_doc *doc;   /* that `keys`, `env` and `peer` are in */
    const struct json_node *keys; /* changes of the configuration; NULL: none */
    const struct json_node *env;  /* variables; NULL: none */
    const struct json_node *peer; /* a world's peer in the same place: may not say the same */
};

/* Changes *to as the source says, in the current arena. Reports what is wrong, with its place, and
 * returns false. Keys without effect are named in a report of one line. */
bool core_apply(const struct core_source *from, struct world_peer *to);

/* peer.mspConfigPath, empty if it is not given, and where it is. */
rt_str core_msp_path(const struct core_source *from, struct diag_place *place);

/* What GetLocalIP finds at a machine: the address in the place of 0.0.0.0. */
#define CORE_LOCAL_IP "172.18.0.2"

/* CacheConfiguration: the peer's address is found from what core_apply() has read. The same errors,
 * which end the peer before it starts, are reported here. */
bool core_find_address(const struct core_source *from, struct world_peer *to);

#endif
