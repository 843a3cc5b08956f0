/* Replay files: one run, self-contained, so that a bug is a file.
 *
 * A file holds what was run (`scenario`: any JSON value that its maker needs to make the subject
 * again), the changes to it (`variants`), every choice, and what was found. The form is versioned;
 * docs/exploring.md describes it. */
#ifndef CCLAB_HARNESS_EXPLORE_REPLAY_H
#define CCLAB_HARNESS_EXPLORE_REPLAY_H

#include <jansson.h>

#include "harness/explore/record.h"
#include "harness/explore/subject.h"
#include "harness/json/spec.h"

struct replay {
    int64_t format;       /* 2, or 1 of an older file */
    struct json_doc *doc; /* the file that it was read from, for reports; NULL: none */
    json_t *scenario;     /* what was run, self-contained; must be set, to an object */
    json_t *variants;     /* array of names; must be set */
    bool races;
    bool stuck;
    struct choices choices;
    char *finding; /* its id; NULL: the verdict alone is expected */
    char *text;
    enum verdict verdict;
    uint64_t hash;
    char *found_by; /* strategy, seed and schedule, for people; may be NULL */
};

json_t *replay_to_json(const struct replay *replay);
/* Reads a file; reports what is wrong with file, line and column and returns false. */
bool replay_load(const char *path, struct replay *replay);
void replay_free(struct replay *replay);

extern const struct json_spec replay_spec;

/* Lists of choices as text lines; reading adds to the list. A replay does not tell of all choices
 * whether the running goroutine could have gone on; the exact form does. */
extern const struct json_spec choices_spec;
extern const struct json_spec choices_exact_spec;
json_t *choices_to_json(const struct choices *choices);
/* Specs of an enum verdict, and of a number that is only written: of switches, of faults in a list
 * of choices. */
extern const struct json_spec verdict_spec;
extern const struct json_spec switches_spec;
extern const struct json_spec faults_spec;

#endif
