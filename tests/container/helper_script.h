/* A transport that answers from a recording: the requests of one scenario of
 * corpora/docker/client-requests.jsonl with the raw bytes that the server sent. */
#ifndef CCLAB_TESTS_CONTAINER_HELPER_SCRIPT_H
#define CCLAB_TESTS_CONTAINER_HELPER_SCRIPT_H

#include "model/container/transport.h"

struct script_step {
    const char *scenario;
    int64_t seq;
    rt_str method;
    rt_str uri;
    rt_str *headers; /* as sent: "Name: value" */
    size_t header_count;
    rt_str body;
    rt_bytes response; /* raw */
    bool closes;       /* the server closes the connection after it */
    int64_t hold_ms;   /* before it closes */
    bool used;
};

struct script {
    struct script_step *steps;
    size_t count;
    /* what did not match the recording, in words; empty: nothing */
    struct rt_buf complaints;
};

/* Reads the whole file into the current arena. */
void script_load(struct script *all);
/* The steps of one scenario, by number. */
void script_select(const struct script *all, const char *scenario, struct script *out);
struct docker_transport script_transport(struct script *script);

#endif
