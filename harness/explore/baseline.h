/* Findings that are known: a list of ids with a sentence and a replay each.
 *
 * scenarios/known-1.4.2.json lists what the model of 1.4.2 shows. An id in it may be the beginning
 * of a finding's id.
 */
#ifndef CCLAB_HARNESS_EXPLORE_BASELINE_H
#define CCLAB_HARNESS_EXPLORE_BASELINE_H

#include "harness/json/spec.h"

struct known_finding {
    rt_str id;
    rt_str sentence;
    rt_str replay; /* a file, relative to the list; empty: none */
    rt_str fix;    /* the variant with which it disappears; empty: none */
};

struct baseline {
    struct rt_arena *arena;
    char *path;
    struct json_list known; /* of struct known_finding */
    json_t *value;          /* as it was read */
};

/* Reports and returns NULL if the file is no such list. */
struct baseline *baseline_load(const char *path);
/* The same from a value in memory: takes a reference of its own. */
struct baseline *baseline_from_json(const char *name, json_t *value);
void baseline_free(struct baseline *b);
/* The entry that a finding's id belongs to, or NULL; a NULL baseline knows nothing. */
const struct known_finding *baseline_find(const struct baseline *b, const char *id);

#endif
