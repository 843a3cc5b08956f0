/* The laboratory: what a scenario is about and its actors, wired together and run under a schedule.
 *
 * There are two kinds, and lab_new() picks by the scenario: a whole peer with a Docker engine,
 * chaincodes and an ordering service, or the launch path alone (struct scenario_bare). Who uses a
 * lab does not see the difference. */
#ifndef CCLAB_HARNESS_SCENARIO_LAB_H
#define CCLAB_HARNESS_SCENARIO_LAB_H

#include <jansson.h>

#include "harness/explore/explore.h"
#include "harness/json/spec.h"
#include "harness/scenario/scenario.h"

struct lab;

struct lab_options {
    uint64_t variants;          /* besides the scenario's */
    bool races;                 /* or if the scenario says so */
    bool stuck;                 /* the same */
    const char *unordered_lock; /* struct rt_config's, for tests of marks; NULL: none */
    bool metrics;
    bool plain;       /* runs are plain though a source records them: it gives 0 to every choice */
    bool plain_model; /* the scenario's variants are left out */
};

/* Makes a lab for any number of runs. Reports and returns NULL if the world makes no sense. The
 * scenario must outlive it. */
struct lab *lab_new(const struct scenario *s, const struct lab_options *options);
void lab_free(struct lab *lab);
struct subject lab_subject(struct lab *lab);

/* What happened in the last run, in which so many choices were made: its result, calls with their
 * answers, containers, requests to the engine, metrics; a new reference. */
json_t *lab_report(const struct lab *lab, const struct run_result *result, uint64_t choices);
extern const struct json_spec lab_report_spec;
/* The same for people. */
void lab_print(const struct lab *lab, FILE *to);
/* Tells how the last run, a plain one, differs from what the scenario expects of it: a place in its
 * file and a sentence for each difference. Returns how many there are. */
typedef void lab_tell(void *arg, struct diag_place place, const char *difference);
size_t lab_differences(
        const struct lab *lab, const struct run_result *result, lab_tell *hear, void *arg);
/* True if there are none. */
bool lab_as_expected(const struct lab *lab, const struct run_result *result);
/* True if the scenario allows this finding. */
bool scenario_allows(const struct scenario *s, const char *finding_id);

/* For explore_run(): each worker makes its own lab. */
struct lab_maker {
    struct subject_maker maker;
    const struct scenario *scenario;
    struct lab_options options;
    struct lab *lab;
};
const struct subject_maker *lab_maker_init(
        struct lab_maker *m, const struct scenario *s, const struct lab_options *options);

#endif
