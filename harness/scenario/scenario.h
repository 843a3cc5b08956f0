/* A scenario: a world or a bare launch path, what happens to it, and what is expected. The JSON
 * form is described by scenarios/scenario.schema.json and docs/scenarios.md.
 *
 * Everything lives in the scenario's arena; a loaded scenario is never changed. */
#ifndef CCLAB_HARNESS_SCENARIO_SCENARIO_H
#define CCLAB_HARNESS_SCENARIO_SCENARIO_H

#include "harness/explore/subject.h"
#include "harness/json/spec.h"
#include "harness/scenario/layers.h"
#include "harness/world/world.h"
#include "mocks/chaincode/behaviour.h"
#include "mocks/chaincode/system.h"
#include "mocks/disk/fault_plan.h"
#include "mocks/disk/ledger_plan.h"
#include "mocks/docker/engine.h"
#include "mocks/gossip/peers.h"
#include "mocks/launch/launch.h"
#include "model/peer/peer.h"

/* What a step of an actor does; the names are those of scenario files. */
#define STEP_ACTIONS(X)                                                                            \
    X(INSTALL, "install")         /* lscc install of a package */                                  \
    X(INSTANTIATE, "instantiate") /* lscc deploy */                                                \
    X(UPGRADE, "upgrade")         /* lscc upgrade */                                               \
    X(INVOKE, "invoke")           /* a transaction of a chaincode */                               \
    X(QUERY, "query")             /* the same, never ordered */                                    \
    X(PROPOSE, "propose")         /* any proposal, layer by layer */                               \
    X(SEND, "send")               /* a SignedProposal from a file, byte for byte */                \
    X(SLEEP, "sleep")             /* nothing but the delay */                                      \
    X(RESTART_PEER, "restart-peer")                                                                \
    X(RESTART_DOCKER, "restart-docker")                                                            \
    X(STOP_CONTAINER, "stop-container")                                                            \
    X(KILL_CONTAINER, "kill-container")                                                            \
    X(START_CONTAINER, "start-container") /* docker start */                                       \
    X(REMOVE_CONTAINER, "remove-container")                                                        \
    X(REMOVE_IMAGE, "remove-image") /* docker rmi --force */                                       \
    X(CONNECT, "connect")           /* a chaincode that nobody launched connects */                \
    X(LAUNCH, "launch")             /* RuntimeLauncher.Launch; bare scenarios only */              \
    X(INIT, "init")                 /* ExecuteLegacyInit; bare scenarios only */

enum step_action {
#define STEP_ENUM(name, text) STEP_##name,
    STEP_ACTIONS(STEP_ENUM)
#undef STEP_ENUM
            STEP_COUNT
};
const char *step_action_name(enum step_action action);

/* What an answer must be; members that are not given are not looked at. */
struct step_expect {
    int64_t status;  /* of the response; 0: not looked at */
    rt_str message;  /* the whole message */
    rt_str contains; /* a part of the message, or of the error */
    rt_str error;    /* the call fails with this text */
    rt_str prints;   /* `peer chaincode` prints this: "Error: ..." */
    rt_str payload;  /* of the response, as text */
    rt_str code;     /* validation code after the commit: "VALID" */
    bool no_error;   /* the call does not fail */
    rt_str lacks;    /* a text that is not in the message, nor in the error */
    bool no_answer;  /* the peer dies meanwhile */
    bool always;     /* all this, but the code, holds in every run: else it is a finding */
};

/* A value of a proposal's transient map. */
struct step_transient {
    rt_str key;
    const struct json_node *node;
    rt_str base64, text; /* as given: one of them */
    rt_bytes value;
};

/* What a step tells the client, as the command line takes it, and what the client makes of it
 * beside `args` and `policy`. */
struct step_client {
    const struct json_node *args; /* a list, or an object as of -c */
    rt_str ctor;                  /* -c */
    rt_str policy;                /* -P, or a marshalled policy in hex */
    const struct json_node *collections;
    rt_str collections_file; /* its name in errors */
    rt_bytes collections_text;
    rt_bytes package; /* collections, marshalled; nil: none */
    rt_str escc, vscc;
    struct json_list transient; /* of struct step_transient */
    rt_str refusal;             /* what it says instead of sending; data == NULL: it sends */
};

struct scenario_step {
    const struct json_node *node;
    int action;                /* enum step_action */
    struct json_list after_ms; /* of int64_t: one is chosen as the delay before the step */
    rt_str as;                 /* identity; empty: the actor's */
    rt_str channel;            /* empty: the world's first */
    rt_str chaincode;
    rt_str version;
    int type;              /* index in chaincode_types, one of the first four */
    struct json_list args; /* of rt_str: what comes of "args" or "ctor" */
    struct step_client client;
    rt_str file;              /* SEND and INSTALL: path */
    rt_bytes bytes;           /* the file's content */
    rt_bytes policy;          /* endorsement policy, marshalled */
    rt_str chaincode_address; /* RESTART_PEER: another than before */
    rt_str peer;              /* which one; data == NULL: the first */
    size_t peer_number;       /* 0: the first, else that of scenario.peers from 1 */
    rt_str container;         /* part of a container's name */
    rt_str image;             /* part of an image's name */
    bool commit;              /* order the endorsed transaction and wait for its commit */
    bool no_wait;             /* go on without waiting for the answer */
    bool maybe;               /* a choice decides whether the step happens */
    struct step_expect *expect;
    /* Of int64_t; of several a choice takes one. */
    struct json_list timeout_ms;       /* the client's deadline */
    struct json_list cancel_ms;        /* when the client cancels */
    struct json_list event_timeout_ms; /* --waitForEventTimeout */
    rt_str path;                       /* INSTALL: of the chaincode in its package */
    bool checked;           /* INSTALL: the client looks at the bytes as at those of a file */
    rt_str source;          /* INSTALL: folder or file of which the package is made */
    int64_t message_bytes;  /* length of what is sent; 0: as it comes */
    int64_t max_send_bytes; /* the longest message that the client sends; < 0: any */
    struct proposal_layers *layers; /* what is different in the proposal; NULL: nothing */
};

struct scenario_actor {
    const struct json_node *node;
    rt_str name;
    rt_str as;                 /* identity of its steps */
    struct json_list start_ms; /* of int64_t */
    struct json_list steps;    /* of struct scenario_step */
    bool maybe;                /* a choice decides whether it acts at all */
};

/* GOLANG, NODE, CAR, JAVA, which are Go's numbers from 1, and the same as after the flag -l. */
#define CHAINCODE_TYPES 4
extern const char *const chaincode_types[];

/* Something that a scenario lists so that it happens. Runs count it, and say at their end what
 * never did: nothing that is written is without effect in silence. */
struct scenario_effect {
    const struct json_node *node;
    rt_str what;       /* "fault 2 (refused at start)" */
    const char *never; /* "never struck"; NULL: it need not happen */
    size_t within;     /* the number, from 1, of the one of which it is a part; 0: of none */
};

/* How the chaincode in a container behaves. */
struct scenario_behaviour {
    rt_str chaincode; /* "name:version", "name", or empty: any */
    int64_t launch;   /* the n-th start of such a container; 0: every one */
    struct chaincode_behaviour behaviour;
};

/* An image that is there at the start. */
struct scenario_image {
    rt_str reference;
    rt_str holds; /* other code than was built; data == NULL: it does not */
};

struct scenario_docker {
    bool all_images; /* every image exists */
    struct scenario_image *images;
    size_t image_count;
    struct engine_old_container *containers;
    size_t container_count;
    bool all_networks;         /* every network exists */
    struct str_slice networks; /* the ones that exist */
    struct engine_refused *refused;
    size_t refused_count;
    enum engine_words words;
    bool no_bridge;
    int64_t *delays_ns;
    size_t delay_count;
    struct engine_fault *faults;
    size_t fault_count;
};

/* Another peer that gossip knows. */
struct scenario_gossip_peer {
    rt_str endpoint;
    rt_str as; /* its identity in the world */
    rt_str mspid;
    rt_str *channels;
    size_t channel_count;
    enum gossip_peer_state state;
    enum gossip_answer answer;
    rt_str error;
    int64_t *delays_ns;
    size_t delay_count;
};

struct scenario_expect {
    int verdict;                /* enum verdict, of the plain run */
    struct json_list findings;  /* of rt_str: ids, or beginnings of ids, that may show */
    struct json_list must_find; /* of rt_str: of those, exploring has to find */
    bool always;                /* all this, but the findings, holds in every run */
    bool all_struck;            /* nothing that the scenario lists is without effect */
    int64_t containers;         /* that run at the end; -1: not looked at */
};

/* A scenario of the launch path alone: no world, no Docker, no ledger, no signatures. */
struct scenario_bare {
    const struct json_node *node;
    int64_t startup_timeout_ms;
    int64_t execute_timeout_ms;
    int64_t keepalive_ms;        /* 0: none */
    bool dev_mode;               /* chaincodes that nobody launched may register */
    struct json_list containers; /* of struct bare_text; `behaviours` is made of it */
    struct launch_behaviour *behaviours;
    size_t behaviour_count;
    struct world_peer settings; /* what invariants know of a peer's configuration */
};

/* What `cclab suite` does beyond the plain run. */
struct scenario_explore {
    rt_str strategy; /* empty: the default one */
    int64_t schedules;
    int64_t seed;
    int64_t depth;
};

/* A certificate that a peer cannot make. */
struct certificate_fault {
    enum peer_certificate of;
    rt_str chaincode; /* "name:version", "name", or empty: any */
    rt_str error;
    uint32_t first; /* the first occurrence that is hit, from 1 */
    uint32_t count; /* how many; 0: all from the first on */
    bool maybe;
};

/* A peer beside the first one, at the same engine. */
struct scenario_peer {
    rt_str name;
    struct world *world; /* the scenario's with another peer */
};

struct scenario {
    struct rt_arena *arena;
    const char *path; /* where it was read from */
    struct json_doc *doc;
    rt_str name;
    rt_str about;
    struct scenario_bare *bare; /* the launch path alone; NULL: a whole peer */
    struct world *world;        /* of a whole peer, else NULL */
    struct scenario_peer *peers;
    size_t peer_count;
    struct json_list actors; /* of struct scenario_actor */
    struct scenario_behaviour *behaviours;
    size_t behaviour_count;
    struct scenario_docker docker;
    struct ledger_fault_plan ledger;
    struct disk_fault_plan disk; /* `struck` is each run's own */
    const struct certificate_fault *certificate_faults;
    size_t certificate_fault_count;
    struct scenario_effect *effects; /* of all that is listed: see what follows */
    size_t effect_count;
    size_t effect_cap;
    size_t fault_effects;       /* where docker's faults begin among them, one each */
    size_t registry_effects;    /* the registry's entries, one each */
    size_t behaviour_effects;   /* the behaviours, or the containers of a bare scenario */
    size_t trait_effects;       /* the behaviours' traits, CHAINCODE_TRAIT_COUNT each */
    size_t disk_effects;        /* the disk's faults, one each */
    size_t ledger_effects;      /* the ledgers' */
    size_t certificate_effects; /* those of certificates, one each */
    size_t gossip_effects;      /* the answers of gossip's peers */
    struct scenario_gossip_peer *gossip_peers;
    size_t gossip_peer_count;
    int64_t *orderer_delays_ns;
    size_t orderer_delay_count;
    struct json_list variant_names;  /* of rt_str */
    uint64_t variants;               /* bits of enum variant */
    struct json_list invariants_off; /* of rt_str */
    uint64_t skip;                   /* bits of invariants */
    struct system_fault *system_faults;
    size_t system_fault_count;
    size_t system_effects; /* the first of their effects */
    bool start_explored;
    bool timers_race;
    bool races;
    bool stuck;
    int64_t max_steps;
    int64_t max_ms; /* of virtual time */
    struct scenario_expect expect;
    struct scenario_explore *explore; /* NULL: the plain run only */
};

/* True if an entry about this chaincode ("name:version", "name", or empty: any) is about the one
 * called `cname`. */
bool scenario_entry_fits(rt_str chaincode, rt_str cname);

extern const struct json_spec scenario_spec;

/* Reads a scenario, its world and the files it names. Reports all mistakes with their places; NULL
 * if there were any. */
struct scenario *scenario_load(const char *path);
/* The same from a document, which it takes (NULL gives NULL), or from a value in memory. Files in
 * it are relative to `folder`. */
struct scenario *scenario_from_doc(struct json_doc *doc, const char *folder);
struct scenario *scenario_from_json(const char *name, json_t *value, const char *folder);
void scenario_free(struct scenario *s);

/* The whole scenario as one self-contained value: world and files in place. */
json_t *scenario_to_json(const struct scenario *s);

/* Variants by id, added to *set; reports an unknown one with `place` and returns false. */
bool scenario_add_variant(struct diag_place place, rt_str id, uint64_t *set);
/* The same of several that a command was given: reports each unknown one. */
bool scenario_add_variants(const char *const *ids, size_t count, uint64_t *set);
/* The ids of a set of variants, as a list (a new reference). */
json_t *variants_to_json(uint64_t set);

#endif
