/* A finding in result files. */
#include "harness/report/found.h"

#include <string.h>

#include "harness/json/json.h"
#include "harness/scenario/save.h"

char *found_save(const struct found *f, const struct scenario *s, const struct lab_options *options,
        const char *found_by, const char *folder)
{
    struct replay replay;
    replay_of_finding(&replay, s, options, f, found_by);
    char *path = replay_save(&replay, s, folder);
    replay_free(&replay);
    return path;
}

void found_describe(
        json_t *entry, const struct known_finding *known, bool expected, const char *replay)
{
    json_object_set_new(entry, "known", json_boolean(known != NULL));
    if (known)
        json_object_set_new(
                entry, "known_as", json_text_value(known->sentence.data, known->sentence.len));
    json_object_set_new(entry, "expected", json_boolean(expected));
    if (replay)
        json_object_set_new(entry, "replay", json_text_value(replay, strlen(replay)));
}
