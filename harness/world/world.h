/* Reads a world file (corpora/conformance/world/world.json and the like) and the PEM files it names
 * into the plain struct that the modelled peer is built from. */
#ifndef CCLAB_HARNESS_WORLD_WORLD_H
#define CCLAB_HARNESS_WORLD_WORLD_H

#include <jansson.h>
#include <stdbool.h>

#include "model/lab/world.h"

struct json_doc;
struct json_node;

/* Loads the world in `path`. Paths in it are relative to its folder. Mistakes are reported on
 * standard error with file, line and column; NULL if there were any. Free with world_free(). */
struct world *world_load(const char *path);

/* The same from a value inside a larger document, a scenario's inline world: `folder` is what paths
 * are relative to. `base`, which may be NULL, is a world that the value changes: members that are
 * absent are the base's (shared with it, so the base must outlive the result); identities, MSPs,
 * channels and packages of the same name replace the base's. */
struct world *world_from_json(const struct json_doc *doc, const struct json_node *node,
        const char *folder, const struct world *base);
void world_free(struct world *world);

/* The whole world as one self-contained JSON value: certificates and keys in place. */
json_t *world_to_json(const struct world *world);

/* NULL if there is none of that name. */
const struct world_identity *world_find_identity(const struct world *world, const char *name);

#endif
