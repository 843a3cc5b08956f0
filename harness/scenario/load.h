/* Loading a scenario: what its files share. Internal to scenario. */
#ifndef CCLAB_HARNESS_SCENARIO_LOAD_H
#define CCLAB_HARNESS_SCENARIO_LOAD_H

#include "harness/scenario/spec.h"

struct loading {
    struct scenario *s;
    const char *folder; /* that files are relative to */
    bool ok;
};

/* Reports a mistake at a node. */
void loading_wrong(struct loading *l, const struct json_node *node, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* A member of a node, or the node itself, for a report. */
const struct json_node *loading_member(const struct json_node *node, const char *key);

/* A list of milliseconds as one of the delays that mocks choose from; shares its memory. */
struct chaincode_delay loading_delay(struct json_list ms);

/* The same in nanoseconds, in the arena. */
int64_t *loading_ns(struct json_list ms);

/* load_actors.c, load_chaincodes.c, load_docker.c: complete and check what was read into `l->s`. */
void load_actors(struct loading *l);
void load_behaviours(struct loading *l, struct json_list list);
void load_docker(struct loading *l, const struct docker_text *t, const struct json_node *root);

/* load_actors.c: checks of steps that both kinds of scenarios have. */
void load_operator_step(struct loading *l, const struct scenario_step *step);
void load_delay(struct loading *l, const struct scenario_step *step);

/* bare_load.c: completes l->s->bare and checks what goes with it. */
void bare_load(struct loading *l);
void bare_load_actors(struct loading *l);

#endif
