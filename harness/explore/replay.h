/* Replay files: one run, self-contained, so that a bug is a file.
 *
 * A file holds the scenario with its whole world, the variants, every choice, and what was found.
 * The form is versioned; docs/exploring.md describes it. */
#ifndef CCLAB_HARNESS_EXPLORE_REPLAY_H
#define CCLAB_HARNESS_EXPLORE_REPLAY_H

#include <jansson.h>

#include "harness/explore/record.h"
#include "harness/explore/subject.h"

#define REPLAY_FORMAT 1

struct replay {
    json_t *scenario; /* self-contained */
    json_t *variants; /* array of ids */
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

/* A hash as files hold it, 16 hexadecimal digits; and back: false if the value is no such text. */
json_t *hash_to_json(uint64_t hash);
bool hash_from_json(const json_t *value, uint64_t *hash);

/* Choices as text lines and back. The latter adds to `choices`, and returns false on a mistake,
 * with its line in *bad_line. */
json_t *choices_to_json(const struct choices *choices);
bool choices_from_json(const json_t *lines, struct choices *choices, size_t *bad_line);

#endif
