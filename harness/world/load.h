/* Loading a world: what its files share. Internal to world. */
#ifndef CCLAB_HARNESS_WORLD_LOAD_H
#define CCLAB_HARNESS_WORLD_LOAD_H

#include "harness/world/spec.h"

struct loading {
    const struct json_doc *doc;
    const struct json_node *root; /* of the world */
    const char *folder;
    const char *path;              /* of its file; NULL: it is in another one */
    const struct loading *changes; /* the world that names this one as its `file`, or NULL */
    bool ok;
};

/* The element of a map, by the patch or by the members; else the whole world. */
const struct json_node *loading_node(const struct loading *l, const char *map, rt_str name);

/* take.c: the world that a text says, in the current arena; what is wrong is reported, and l->ok
 * false. */
struct world *loading_take(struct loading *l, const struct world_text *text);

#endif
