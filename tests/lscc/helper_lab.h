/* lscc alone: the real shim on one side, and a stand-in for the peer's handler on the other, which
 * answers state requests from a recorded world and writes down what lscc asks of it.
 *
 * Everything else that lscc needs is real: MSPs, policies, package files (in memory), the system
 * chaincode provider. */
#ifndef CCLAB_TESTS_LSCC_HELPER_LAB_H
#define CCLAB_TESTS_LSCC_HELPER_LAB_H

#include "model/rt/rt.h"

#include "proto/proposal_response.pb-c.h"

struct lscc_lab;

/* Loads a world file; ends the program on a mistake. */
struct lscc_lab *lscc_lab_new(const char *world_path);
void lscc_lab_free(struct lscc_lab *lab);
/* Removes installed packages whose file name matches the shell pattern. */
void lscc_lab_remove_packages(struct lscc_lab *lab, const char *pattern);
/* Capabilities of a channel, from now on. */
void lscc_lab_set_capabilities(
        struct lscc_lab *lab, const char *channel, const rt_str *names, size_t count);
/* Sets a key of namespace lscc, from now on; RT_NIL removes it. */
void lscc_lab_set_state(struct lscc_lab *lab, const char *channel, rt_str key, rt_bytes value);

struct lscc_kv {
    rt_str key;
    rt_bytes value;
};

/* What became of an invocation. Valid until the next one. */
struct lscc_answer {
    rt_str panic;               /* the peer died; data is NULL if it did not */
    Protos__Response *response; /* NULL without */
    rt_str event_name;
    rt_bytes event_payload;
    struct lscc_kv writes[8];
    size_t write_count;
    rt_str reads[8];
    size_t read_count;
    bool ranged; /* asked for a range */
    bool done;   /* there was an answer of any kind */
};

/* Invokes lscc with the arguments, channel and transaction of a marshalled SignedProposal. */
struct lscc_answer lscc_lab_propose(struct lscc_lab *lab, rt_bytes signed_proposal);
/* The same with other arguments. */
struct lscc_answer lscc_lab_invoke(struct lscc_lab *lab, rt_bytes signed_proposal,
        const char *channel, const rt_bytes *args, size_t count);

#endif
