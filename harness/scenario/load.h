/* Loading a scenario: what its files share. Internal to scenario. */
#ifndef CCLAB_HARNESS_SCENARIO_LOAD_H
#define CCLAB_HARNESS_SCENARIO_LOAD_H

#include "harness/scenario/spec.h"

struct loading {
    struct scenario *s;
    const char *folder; /* that files are relative to */
    bool ok;
    /* It is part of a replay: what means nothing in it meant nothing when it was recorded. */
    bool lenient;
};

/* Reports a mistake at a node. */
void loading_wrong(struct loading *l, const struct json_node *node, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* The same of what is no contradiction, but would be read by nobody; not in a replay. */
void loading_idle(struct loading *l, const struct json_node *node, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* A member of a node, or the node itself, for a report. */
const struct json_node *loading_member(const struct json_node *node, const char *key);

/* A list of milliseconds as one of the delays that mocks choose from; shares its memory. */
struct chaincode_delay loading_delay(struct json_list ms);

/* The same in nanoseconds, in the arena. */
int64_t *loading_ns(struct json_list ms);

/* load_actors.c, load_chaincodes.c, load_docker.c, load_disk.c, load_certificates.c: complete and
 * check what was read into `l->s`. */
void load_actors(struct loading *l);
void load_system(struct loading *l, struct json_list list);
void load_behaviours(struct loading *l, struct json_list list);
void load_check_behaviours(struct loading *l, struct json_list list); /* when actors are loaded */
void load_docker(struct loading *l, const struct docker_text *t, const struct json_node *root);
/* load_engine.c: what is there at the start; `docker` is the member, NULL if there is none. */
void load_engine(struct loading *l, const struct docker_text *t, const struct json_node *docker);
void load_disk(struct loading *l, struct json_list list);
void load_ledger(struct loading *l, struct json_list list);
void load_certificates(struct loading *l, struct json_list list);
/* load_peers.c: the peers beside the first; then which of them a step is about, and, when actors
 * are loaded, that each has a step. */
void load_peers(struct loading *l, struct json_list list);
void load_step_peer(struct loading *l, struct scenario_step *step);
void load_check_peers(struct loading *l, struct json_list list);

/* Notes something that has to happen as the scenario's next effect. */
void loading_effect(struct loading *l, struct scenario_effect effect);

/* load_names.c: entries that say what containers do; the first that fits one is taken. */
struct loading_entry {
    const struct json_node *node;
    rt_str chaincode; /* "name:version", "name", or empty: any */
    int64_t launch;   /* 0: every one */
};
/* "behaviour 2 (mycc)": how reports call one of them. */
rt_str loading_called(const char *kind, size_t number, rt_str chaincode);
/* Reports those that fit no chaincode, and those that others leave nothing to. */
void loading_check_entries(struct loading *l, const struct loading_entry *entries, size_t count);

/* load_actors.c: checks of steps that both kinds of scenarios have. */
void load_operator_step(struct loading *l, const struct scenario_step *step);
void load_delay(struct loading *l, const struct scenario_step *step);
void load_expect(struct loading *l, const struct scenario_step *step);

/* load_gossip.c: the other peers. */
void load_gossip(struct loading *l, struct json_list list);
/* load_actors.c: reports a name that is no identity of the world. */
void loading_identity(struct loading *l, const struct json_node *node, rt_str name);
/* A guess which of the world's channels is meant. */
struct diag_hint loading_channel_hint(const struct loading *l, rt_str name);
/* load_package.c: the package of an install that names files. */
void load_package(struct loading *l, struct scenario_step *step);

/* load_client.c: the client ends with this text because of a member, instead of sending: a mistake
 * if the step expects no such thing. */
void loading_refuse(struct loading *l, struct scenario_step *step, const char *key, rt_str text);
/* load_client.c: what the client makes of the step's members, or why it refuses them. */
void load_client(struct loading *l, struct scenario_step *step);
/* Puts the files that a step's client reads in their place. */
void client_embed_files(const struct scenario_step *step, json_t *value);

/* load_silent.c: members that nobody would read since others keep them from that. The actor's steps
 * are loaded. */
void load_silent_scenario(struct loading *l);
void load_silent_actor(struct loading *l, const struct scenario_actor *actor);
void load_silent_channel(struct loading *l, const struct scenario_step *step);
void load_silent_behaviour(struct loading *l, const struct behaviour_text *t);
void load_silent_container(struct loading *l, const struct bare_text *t);

/* bare_load.c: completes l->s->bare and checks what goes with it. */
void bare_load(struct loading *l);
void bare_load_actors(struct loading *l);
void bare_check_containers(struct loading *l); /* when actors are loaded */

#endif
