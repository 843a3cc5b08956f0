/* The text form of a scenario, before names are looked up. Internal to scenario. */
#ifndef CCLAB_HARNESS_SCENARIO_SPEC_H
#define CCLAB_HARNESS_SCENARIO_SPEC_H

#include "harness/scenario/bytes_form.h"
#include "harness/scenario/scenario.h"
#include "model/rt/names.h"

/* Where a member goes, for the tables. */
#define AT(type, member) offsetof(struct type, member)

struct fault_text {
    const struct json_node *node;
    int kind;
    int op;
    rt_str container;
    int64_t first;
    int64_t count;
    bool maybe;
    bool after;
    int64_t status;
    rt_str message;
    int reason;
    int breaks;
    rt_str body;
    rt_str content_type;
    int64_t ms;
    rt_str output;
    int64_t exit_code;
    int64_t bytes;
};

struct send_text {
    const struct json_node *node;
    int at;
    int instead_of;
    int64_t time, count;
    bool maybe;
    struct json_list after;
    int32_t type;
    struct bytes_part channel, txid, payload;
    rt_bytes more, bytes;
};

struct print_text {
    const struct json_node *node;
    int at;
    int64_t time;
    int to;
    rt_str text;
    bool unfinished;
};

struct name_text {
    rt_str name;
    struct json_list after;
    bool new_stream;
    bool closes;
};

struct behaviour_text {
    const struct json_node *node;
    rt_str chaincode;
    int64_t launch;
    struct json_list connect_delay, register_delay, init_delay, invoke_delay, request_delay,
            exit_delay, notice_delay, unreachable;
    int dies_at;
    int dies_by;
    rt_str panic;
    int64_t exit_code;
    int64_t dies_at_time;
    int oddity;
    rt_str name;
    int tls;
    rt_str certificate_of;
    struct json_list sends;  /* of struct send_text */
    struct json_list prints; /* of struct print_text */
    struct json_list names;  /* of struct name_text */
    int64_t init_status;
    rt_str init_message;
};

/* States of containers that were made before a scenario begins. */
#define OLD_STATES(X)                                                                              \
    X(EXITED, "exited")                                                                            \
    X(CREATED, "created")                                                                          \
    X(RUNNING, "running")                                                                          \
    X(PAUSED, "paused")                                                                            \
    X(DEAD, "dead")

struct image_text {
    const struct json_node *node;
    rt_str image;
    rt_str chaincode;
    rt_str holds;
};

struct container_text {
    const struct json_node *node;
    rt_str name;
    rt_str chaincode;
    rt_str image;
    int state; /* index in OLD_STATES */
    int64_t exit_code;
};

struct refused_text {
    const struct json_node *node;
    rt_str image;
    int says;
    rt_str message;
    int64_t status;
};

struct docker_text {
    struct json_list images;     /* of struct image_text */
    struct json_list containers; /* of struct container_text */
    struct json_list networks;   /* of rt_str */
    struct json_list registry;   /* of struct refused_text */
    int words;                   /* enum engine_words */
    bool bridge;
    struct json_list delay_ms;
    struct json_list faults; /* of struct fault_text */
};

struct when_text {
    int64_t from_ms;
    int64_t first;
    int64_t count;
    bool maybe;
};

struct disk_fault_text {
    const struct json_node *node;
    int kind;
    int op;
    rt_str path;
    struct when_text when;
    int error;
    int64_t bytes;
    int64_t ms;
};

struct certificate_fault_text {
    const struct json_node *node;
    int of;
    rt_str chaincode;
    rt_str error;
    int64_t first;
    int64_t count;
    bool maybe;
};

struct ledger_fault_text {
    const struct json_node *node;
    int kind;
    int op;
    rt_str channel;
    rt_str ns;
    rt_str key;
    struct when_text when;
    rt_str message;
    int64_t ms;
};

struct bare_text {
    const struct json_node *node;
    rt_str chaincode;
    int64_t launch;
    rt_str package_error;
    struct json_list start_delay, stop_delay, register_delay, answer_delay, exit_delay,
            notice_delay;
    rt_str start_error;
    bool start_error_maybe;
    rt_str wait_error;
    int registers;
    rt_str registers_as;
    int answers;
    int64_t requests;
    int exits;
    int64_t exit_code;
};
/* A file of collections in place. */
struct collections_text {
    rt_str file;
    rt_str text;
};

struct system_fault_text {
    const struct json_node *node;
    rt_str chaincode;
    int at;
    int kind;
    rt_str message;
    rt_str channel;
    int64_t ms;
    int64_t first;
    int64_t count;
    bool maybe;
};

struct gossip_peer_text {
    const struct json_node *node;
    rt_str endpoint;
    rt_str as;
    struct json_list channels;
    int state;
    int answer;
    rt_str error;
    struct json_list answer_delay;
};

struct peer_beside_text {
    const struct json_node *node;
    rt_str name;
    const struct json_node *peer;
};
/* Elements that tables share: spec_basics.c. */
extern const struct json_spec spec_text, spec_name, spec_hex, spec_flag, spec_node, spec_texts,
        spec_names, spec_delays, spec_code, spec_ordinal, spec_count, spec_number;

extern const struct json_spec bare_spec; /* of a struct scenario_bare */
extern const struct json_spec spec_args; /* spec_client.c: parts of a step's client */
extern const struct json_spec spec_collections;
extern const struct json_spec spec_collections_text; /* of a struct collections_text */
extern const struct json_spec spec_transient;
extern const struct json_spec spec_actors;     /* a list of struct scenario_actor */
extern const struct json_spec spec_behaviours; /* a list of struct behaviour_text */
extern const struct json_spec spec_sends;      /* a list of struct send_text */
extern const struct json_spec spec_prints;     /* a list of struct print_text */
extern const struct json_spec spec_registers;  /* a list of struct name_text */
extern const struct json_spec spec_docker;     /* of a struct docker_text */
extern const struct json_spec spec_images, spec_containers, spec_registry; /* parts of it */
extern const struct json_spec spec_certificates; /* a list of struct certificate_fault_text */
extern const struct json_spec spec_disk;         /* a list of struct disk_fault_text */
extern const struct json_spec spec_system;       /* a list of struct system_fault_text */
extern const struct json_spec spec_gossip;       /* a list of struct gossip_peer_text */
extern const struct json_spec spec_peers;        /* a list of struct peer_beside_text */
extern const struct json_spec spec_ledger;       /* a list of struct ledger_fault_text */

struct scenario_text {
    rt_str schema;
    int64_t format;
    rt_str name;
    rt_str about;
    const struct json_node *world;
    struct scenario_bare *bare;
    struct json_list actors;
    struct json_list behaviours;
    struct docker_text docker;
    struct json_list disk_faults;
    struct json_list ledger_faults;
    struct json_list certificate_faults;
    struct json_list gossip_peers;
    struct json_list peers;
    struct json_list system_faults;
    bool start_explored;
    struct json_list orderer_delay_ms;
    struct json_list variants;
    struct json_list invariants_off;
    bool timers_race;
    bool races;
    bool stuck;
    int64_t max_steps;
    int64_t max_ms;
    struct scenario_expect expect;
    struct scenario_explore *explore;
};

#endif
