/* A Docker engine, API 1.41, as a state machine under the virtual clock.
 *
 * Images, containers and what can be asked of them, with the statuses, texts and states of a real
 * engine 20.10.24. It is a process of its own in the run: each request is a goroutine in it, with a
 * latency drawn from the run's choices and with faults from a plan. A started container is another
 * process, in which a program runs; who makes the engine says which.
 *
 * Everything lives in the run's arena. */
#ifndef CCLAB_MOCKS_DOCKER_ENGINE_H
#define CCLAB_MOCKS_DOCKER_ENGINE_H

#include "mocks/docker/fault_plan.h"
#include "mocks/docker/registry.h"
#include "model/container/transport.h"
#include "model/container/vm.h"
#include "model/rt/rt.h"

struct docker_engine;

/* A running container, as its program sees it. */
struct engine_process {
    struct docker_engine *engine;
    struct rt_proc *proc;
    rt_str id;             /* 64 hex digits */
    rt_str name;           /* without the slash */
    rt_str image;          /* as the create request named it */
    rt_str code;           /* that the image holds; empty: what was built for its chaincode */
    struct str_slice args; /* entrypoint and command */
    struct str_slice env;
};

/* What runs in a container. main is the first goroutine of the container's process; when it returns
 * the container exits with 0. It ends with another code by
 * rt_proc_exit(rt_proc_self(), code, NULL); a Go panic that kills it is code 2. */
struct engine_program {
    void *self;
    void (*main)(void *self, struct engine_process *process); /* NULL: the executable is missing */
    /* Exit code upon SIGTERM; negative: it ignores the signal. Go programs that handle no signals
     * end with ENGINE_TERM_GO. */
    int term_code;
};
#define ENGINE_TERM_GO 2

/* Whether a container is one in which a platform compiles chaincode: a shell without a chaincode's
 * name in its environment. Such containers never reach the config's `program`: they write
 * /chaincode/output/chaincode and exit with 0, or with the code of a fault EXIT. */
bool engine_process_builds(const struct engine_process *process);

struct engine_config {
    /* Called at each start of a container: what it runs. NULL: containers run until they are
     * stopped. */
    struct engine_program (*program)(void *self, const struct engine_process *process);
    void *program_self;
    struct engine_fault_plan faults;
    /* Latencies before a request is looked at; a DELAY choice picks one. count 0: none. */
    const int64_t *delays_ns;
    size_t delay_count;
    /* Every image that a container is created from exists. Else only those that were added or
     * built. */
    bool all_images;
    /* The same of the networks that containers name: else "host", "bridge" and "none", which are
     * always there, and these. */
    bool all_networks;
    struct str_slice networks;
    /* What the registries do not give; they have everything else. */
    bool no_bridge; /* the engine was started without a bridge of its own */
    struct engine_registry registry;
};

/* Of a container; the names are Docker's. */
#define ENGINE_STATES(X)                                                                           \
    X(CREATED, "created")                                                                          \
    X(RUNNING, "running")                                                                          \
    X(PAUSED, "paused")                                                                            \
    X(RESTARTING, "restarting")                                                                    \
    X(REMOVING, "removing")                                                                        \
    X(EXITED, "exited")                                                                            \
    X(DEAD, "dead")

enum engine_state {
#define ENGINE_STATE_ENUM(name, text) ENGINE_##name,
    ENGINE_STATES(ENGINE_STATE_ENUM)
#undef ENGINE_STATE_ENUM
};
/* "created", "running", … */
const char *engine_state_name(enum engine_state state);

/* An engine in a new process "docker". The config's arrays are shared. */
struct docker_engine *docker_engine_new(const struct engine_config *config);
/* Its process, a new one after a restart. */
struct rt_proc *docker_engine_proc(struct docker_engine *engine);
/* Ends the engine, with the containers that run, and starts it again. It has kept images and
 * containers, its log of requests, and how often each fault has had an occasion. */
void docker_engine_restart(struct docker_engine *engine);

/* How clients reach it; each round trip starts a goroutine in the engine. */
struct docker_transport docker_engine_transport(struct docker_engine *engine);

/* Adds an image by reference ("name" or "name:tag"). */
void docker_engine_add_image(struct docker_engine *engine, rt_str reference);
/* The image of this name, if it is there, holds other code than what would be built. */
void docker_engine_image_holds(struct docker_engine *engine, rt_str reference, rt_str code);
/* Adds a container that was made before. One that runs does nothing and ignores TERM. */
struct engine_old_container {
    rt_str name;
    rt_str image;
    rt_str chaincode; /* "name:version" in its environment; empty: none */
    enum engine_state state;
    int64_t exit_code; /* if it has run */
};
void docker_engine_add_container(
        struct docker_engine *engine, const struct engine_old_container *old);
/* The references of all images, "name:tag", in the order in which they came. */
struct str_slice docker_engine_images(const struct docker_engine *engine);
/* Whether a text can be the name of an image. */
bool docker_engine_valid_image(rt_str reference);
/* Adds a directory (data == NULL) or file to an image, where uploads and downloads see it. */
void docker_engine_add_image_file(
        struct docker_engine *engine, rt_str reference, rt_str path, rt_bytes content);

/* Writes to the container's stdout (1) or stderr (2): attached clients and logs get it. */
void engine_process_write(struct engine_process *process, int fd, rt_bytes data);

/* Writes a file into the container, where downloads see it. */
void engine_process_write_file(struct engine_process *process, rt_str path, rt_bytes content);

/* A file of the container's, as its program reads it; false if there is none. */
bool engine_process_read_file(const struct engine_process *process, rt_str path, rt_bytes *content);

/* ---- what happened, for reports, invariants and tests ---- */

/* One request, in the order in which they reached the engine. */
struct engine_request {
    const char *method;
    rt_str uri;
    int64_t time_ns;
    int status; /* of the answer; 0: none (yet), or the connection broke */
    enum engine_op op;
    rt_bytes body; /* of a request that was read to its end; RT_NIL for none */
};
/* All requests so far; valid until the next request. A line of a log is "METHOD uri". */
const struct engine_request *docker_engine_requests(
        const struct docker_engine *engine, size_t *count);

struct engine_container_info {
    rt_str id;
    rt_str name;
    rt_str image;
    enum engine_state state;
    int64_t exit_code;
    struct rt_proc *proc; /* of the last start; NULL if never started */
    rt_str chaincode;     /* CORE_CHAINCODE_ID_NAME in its environment; data == NULL: none */
};
/* All containers that exist, in the order of their creation; a copy in the current arena. */
struct engine_container_info *docker_engine_containers(
        const struct docker_engine *engine, size_t *count);
/* How often a container was started, by a request or by its restart policy. */
size_t docker_engine_starts(const struct docker_engine *engine);
/* One of them by name, id or prefix of an id; false if there is none. */
bool docker_engine_container(
        const struct docker_engine *engine, rt_str name, struct engine_container_info *info);

#endif
