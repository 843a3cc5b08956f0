/* Conformance suites: the model's answers against vectors recorded from the real peer.
 *
 * A suite turns one vector into two JSON values, what was recorded and what the model answers; the
 * runner compares them, shows the difference and counts. Suites are listed in suites.c; one file a
 * suite, suite_<name>.c, which defines `const struct conform_suite conform_suite_<name>`.
 *
 * Vectors of a stateless suite are independent: they run in any order, in several processes, each
 * with a fresh current arena. A stateful suite gets its file's vectors in order, after open(),
 * all in one process; the current arena is then the file's and is never reset, so a suite that
 * starts runs uses the machine's own arena. A crash or a hang of the model in a vector fails that
 * vector (and leaves out the rest of a stateful file), never the program. */
#ifndef CCLAB_HARNESS_CONFORM_CONFORM_H
#define CCLAB_HARNESS_CONFORM_CONFORM_H

#include <jansson.h>
#include <stdbool.h>

#include "harness/json/spec.h"
#include "model/lab/world.h"
#include "model/rt/str.h"

/* What suites may use. */
struct conform_env {
    const struct world *world; /* of the suite's world file; NULL when the suite wants none */
    const char *file;          /* the vectors' file, for reports */
};

/* What became of one vector: new references, given away to the runner. It passed if they are
 * equal. */
struct conform_outcome {
    json_t *expected;
    json_t *actual;
};

struct conform_suite {
    const char *name;
    const char *summary;            /* one sentence for `cclab list suites` */
    const char *world;              /* name of a file in the world directory, or NULL */
    const struct json_spec *vector; /* what a vector is; lines that are none are never run */
    bool stateful;
    /* True if the vectors of this file are this suite's. Asked once a file, with the file's base
     * name and its first vector. */
    bool (*claims)(const char *file, const json_t *vector);
    /* Makes what the vectors of a worker process share, which lasts as long as the process; may be
     * NULL. On failure sets *error and returns NULL. */
    void *(*open)(const struct conform_env *env, rt_str *error);
    void (*run)(void *state, const json_t *vector, struct conform_outcome *out);
};

/* All suites, NULL at the end. */
extern const struct conform_suite *const conform_suites[];

/* ---- helpers for suites ---- */

/* Rows of the table of a vector's members, which stay in their JSON: one that may be absent, one
 * that must be there, one that may be null, and those that every vector has. */
#define CONFORM_MAY(key, its_spec, text)                                                           \
    {                                                                                              \
        key, its_spec, 0, .skip = true, .about = text                                              \
    }
#define CONFORM_MUST(key, its_spec, text)                                                          \
    {                                                                                              \
        key, its_spec, 0, .skip = true, .required = true, .about = text                            \
    }
#define CONFORM_NULL(key, its_spec, text)                                                          \
    {                                                                                              \
        key, its_spec, 0, .skip = true, .null = true, .about = text                                \
    }
#define CONFORM_HEAD                                                                               \
    CONFORM_MAY("id", &json_spec_name, "Its name in reports."),                                    \
            CONFORM_MAY("note", &json_spec_text, "What is odd about it.")
extern const struct json_spec conform_texts; /* an array of strings */

/* True if the file's base name is `name`, followed by no letter, digit or dash, or if the vector's
 * id begins with `name` and a slash. */
bool conform_named(const char *file, const json_t *vector, const char *name);

/* Members of a vector, copied into the current arena; NIL if it has none. */
rt_bytes conform_get_hex(const json_t *vector, const char *key);
rt_str conform_get_str(const json_t *vector, const char *key);

/* JSON values from the model's. Text as Go's encoding/json writes it: a byte that is no UTF-8
 * becomes U+FFFD. */
json_t *conform_text(rt_str text);
json_t *conform_hex(rt_bytes bytes);
/* A copy of the object that has only these members (NULL ends the list); absent ones stay
 * absent. */
json_t *conform_pick(const json_t *object, ...) __attribute__((sentinel));

#endif
