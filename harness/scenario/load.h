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

/* bare_load.c: completes l->s->bare and checks what goes with it. */
void bare_load(struct loading *l);
void bare_load_actors(struct loading *l);

#endif
