/* A Docker engine and a client that speaks HTTP to it, for tests. */
#ifndef CCLAB_TESTS_MOCKS_HELPER_DOCKER_H
#define CCLAB_TESTS_MOCKS_HELPER_DOCKER_H

#include "mocks/docker/engine.h"
#include "model/rt/clock.h"

struct lab {
    struct rt *rt;
    struct docker_engine *engine;
    struct rt_proc *client;
};

/* One request and what came of it. */
struct call {
    struct lab *lab;
    struct http_request request;
    struct rt_error *err; /* of the round trip */
    int status;           /* 0: no answer yet */
    rt_str content_type;
    rt_str encoding; /* Transfer-Encoding */
    rt_str length;   /* Content-Length */
    rt_str location;
    struct rt_buf body;
    struct rt_error *body_err;
    bool ended;
    int64_t began_ns;
    int64_t ended_ns;
};

void lab_begin(struct lab *lab, const struct engine_config *config);
void lab_end(struct lab *lab);
/* Lets virtual time pass. */
void lab_run(struct lab *lab, int64_t ms);

/* Sends a request. `content_type` may be NULL; a body with data == NULL is none. */
struct call *lab_send(struct lab *lab, const char *method, rt_str uri, const char *content_type,
        rt_bytes body, bool upgrade);
/* The same, and waits up to 2.5 s for the end of the answer. */
struct call *lab_call(struct lab *lab, const char *method, rt_str uri, const char *content_type,
        rt_bytes body, bool upgrade);
struct call *lab_get(struct lab *lab, const char *method, const char *uri);
/* POST of a JSON body. */
struct call *lab_post(struct lab *lab, const char *uri, const char *json);

/* The text with every run of 64 hex digits replaced by "<id>", runs of 12 by "<short>". */
rt_str without_ids(rt_str text);
/* A tar with one file. */
rt_bytes one_file_tar(const char *name, rt_str content);

#endif
