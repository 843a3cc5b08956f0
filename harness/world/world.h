/* Reads a world file (corpora/conformance/world/world.json and the like) and the PEM files it names
 * into the plain struct that the modelled peer is built from. */
#ifndef CCLAB_HARNESS_WORLD_WORLD_H
#define CCLAB_HARNESS_WORLD_WORLD_H

#include <jansson.h>
#include <stdbool.h>

#include "model/lab/world.h"

struct json_doc;
struct json_node;

/* Loads the world in `path`; "default" is the one that cclab has in it. Paths in a world are
 * relative to its folder. Mistakes are reported on standard error with file, line and column; NULL
 * if there were any. Free with world_free(). */
struct world *world_load(const char *path);

/* The same from a value inside a larger document, a scenario's world: `folder` is what paths are
 * relative to. If its member `file` names another world, the value says what is different from
 * that: members that are absent are the other's; identities, MSPs, channels and packages of the
 * same name replace the other's; `patch` changes single members. */
struct world *world_from_json(
        const struct json_doc *doc, const struct json_node *node, const char *folder);
/* The world of another peer beside this one's, which must outlive it: the same but for its peer,
 * which the member `peer` of `node` changes as a JSON merge patch. NULL after reports. */
struct world *world_beside(const struct world *world, const struct json_doc *doc,
        const struct json_node *node, const char *folder);
void world_free(struct world *world);

/* The whole world as one self-contained JSON value: certificates and keys in place. */
json_t *world_to_json(const struct world *world);

/* NULL if there is none of that name. */
const struct world_identity *world_find_identity(const struct world *world, const char *name);
const struct world_channel *world_find_channel(const struct world *world, rt_str name);

#endif
