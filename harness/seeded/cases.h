/* What a search is measured on: old bugs in scenarios, kernels, a canary. */
#ifndef CCLAB_HARNESS_SEEDED_CASES_H
#define CCLAB_HARNESS_SEEDED_CASES_H

#include "harness/explore/explore.h"
#include "harness/scenario/lab.h"
#include "harness/seeded/kernel.h"

#define BENCH_KINDS(X)                                                                             \
    X(CANARY, "canary") /* must be found by the first schedule of every search */                  \
    X(BUG, "bug")       /* a scenario, or parts of the model, with a variant; else nothing */      \
    X(KERNEL, "kernel") /* its twin must show nothing */

enum bench_kind {
#define BENCH_KIND_ENUM(name, text) BENCH_##name,
    BENCH_KINDS(BENCH_KIND_ENUM)
#undef BENCH_KIND_ENUM
};
const char *bench_kind_name(enum bench_kind kind);

struct bench_case {
    enum bench_kind kind;
    char *id;
    struct scenario *scenario;   /* of most bugs; owned */
    const struct kernel *kernel; /* of the others */
    /* The plain run and a number of random ones all show it: its trigger is no schedule. Set by
     * cases_load(). */
    bool always;
};

struct bench_cases {
    struct bench_case *items;
    size_t count;
    size_t cap;
};

/* The canary, the scenarios of files and folders, and all kernels. A scenario's id is the name of
 * its file. Reports and returns false if a scenario cannot be used as a bug: it has no variant, or
 * does not say what must be found. */
bool cases_load(const char *const *paths, size_t path_count, struct bench_cases *cases);
/* Keeps those with these ids; the canary always stays. Reports an id that there is none of, and
 * returns false. */
bool cases_select(struct bench_cases *cases, const char *const *ids, size_t count);
void cases_free(struct bench_cases *cases);

/* A case made ready to run; its subject can be run any number of times. */
struct bench_subject {
    struct subject subject;
    struct lab *lab;
    struct kernel_subject *kernel;
};
/* `control`: the scenario without its variants, or the kernel's correct twin. False after a report
 * if the scenario's world makes no peer. */
bool bench_subject_make(struct bench_subject *s, const struct bench_case *c, bool control);
void bench_subject_free(struct bench_subject *s);

/* The number of schedules until the bug was found, from 1: until all of must_find had shown, for a
 * scenario. STATS_MISSED if it was not. */
uint64_t case_schedules(const struct bench_case *c, const struct exploration *e);
/* A finding that the control must not show, or NULL. */
const struct found *case_violation(const struct bench_case *c, const struct exploration *e);

#endif
