/* Findings of scenarios as replay files, and back. */
#ifndef CCLAB_HARNESS_SCENARIO_SAVE_H
#define CCLAB_HARNESS_SCENARIO_SAVE_H

#include "harness/explore/replay.h"
#include "harness/scenario/lab.h"

/* A replay of a finding; shares nothing with its arguments. */
void replay_of_finding(struct replay *to, const struct scenario *s,
        const struct lab_options *options, const struct found *found, const char *found_by);
/* Writes it into `folder` as <scenario>-<invariant>-<hash of the id>.replay.json; the path,
 * malloced, or NULL after a report. */
char *replay_save(const struct replay *replay, const struct scenario *s, const char *folder);

/* Whether the hash that a replay has can be compared: of a whole peer, files of form 1 have one
 * over a start that was another. */
bool replay_has_trace(const struct replay *replay, const struct scenario *s);

/* The scenario and options that a replay runs; reports and returns NULL if they cannot be used. */
struct scenario *replay_scenario(
        const struct replay *replay, const char *path, struct lab_options *options);

#endif
