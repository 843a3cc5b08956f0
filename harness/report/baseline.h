/* Findings that are known: what is wrong, by which ids it shows, where in Fabric it is, a replay
 * that shows it and the variant with which it is gone.
 *
 * scenarios/known-1.4.2.json lists what the model of 1.4.2 shows. Ids are exact: a finding at
 * another place, or of another goroutine, is a new one. */
#ifndef CCLAB_HARNESS_REPORT_BASELINE_H
#define CCLAB_HARNESS_REPORT_BASELINE_H

#include "harness/json/spec.h"

struct known_finding {
    const struct json_node *node; /* valid while it is loaded */
    struct json_list ids;         /* of rt_str: one cause may show in several ways */
    rt_str sentence;
    rt_str where;  /* Fabric's file and function */
    rt_str replay; /* a file, relative to the list */
    rt_str fix;    /* the variant with which it disappears; empty: none yet */
};

struct baseline {
    struct rt_arena *arena;
    char *path;
    struct json_list known; /* of struct known_finding */
    json_t *value;          /* as it was read */
};

extern const struct json_spec baseline_spec;

/* Reports all mistakes with their places and returns NULL if there are any: members that are
 * missing or wrong, an id that is listed twice, a replay that is not there, a fix that is none. */
struct baseline *baseline_load(const char *path);
/* The same of a list within another document, whose replays may be elsewhere. */
struct baseline *baseline_part(const struct json_doc *doc, const struct json_node *node);
/* What a suite of these files and folders knows by itself: all lists known-*.json that lie in their
 * folders, or in the folder above, as one. *baseline is NULL if there are none; false after a
 * report of a list that cannot be used. */
bool baseline_near(const char *const *paths, size_t count, struct baseline **baseline);
/* True if a file is such a list by its name. */
bool baseline_is_list(const char *path);
void baseline_free(struct baseline *b);
/* The path of an entry's replay, malloced. */
char *baseline_path(const struct baseline *b, rt_str replay);
/* The entry that a finding's id belongs to, or NULL; a NULL baseline knows nothing. */
const struct known_finding *baseline_find(const struct baseline *b, const char *id);

#endif
