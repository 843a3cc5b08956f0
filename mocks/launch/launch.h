/* An in-memory Runtime: containers that start, register, serve and exit, without Docker, gRPC or a
 * shim.
 *
 * It is what surrounds chaincode support when only its launch path runs. A container is a process
 * with a small chaincode in it, which talks over a stream of two channels; it knows REGISTER,
 * REGISTERED, READY, INIT, TRANSACTION, COMPLETED, and GET_STATE as an example of a request. What
 * goes wrong is up to struct launch_behaviour. Everything lives in the run's arena. */
#ifndef CCLAB_MOCKS_LAUNCH_LAUNCH_H
#define CCLAB_MOCKS_LAUNCH_LAUNCH_H

#include "mocks/chaincode/behaviour.h"
#include "model/chaincode/runtime_launcher.h"
#include "model/rt/rt.h"
#include "model/rt/sync.h"

struct chaincode_support;

/* When a container exits; the names are those of scenario files. */
#define LAUNCH_EXITS(X)                                                                            \
    X(NEVER, "never")                                                                              \
    X(ANY_TIME, "any-time")           /* before, between or after any steps: one of its own */     \
    X(START, "start")                 /* before REGISTER is sent */                                \
    X(REGISTER_SENT, "register-sent") /* right after REGISTER */                                   \
    X(REGISTERED, "registered")       /* REGISTERED has arrived */                                 \
    X(READY, "ready")                 /* READY has arrived */                                      \
    X(ANSWERED, "answered")           /* INIT or TRANSACTION is answered */

enum launch_exit {
#define LAUNCH_EXIT_ENUM(name, text) LAUNCH_EXIT_##name,
    LAUNCH_EXITS(LAUNCH_EXIT_ENUM)
#undef LAUNCH_EXIT_ENUM
};

/* How it registers. */
#define LAUNCH_REGISTERS(X)                                                                        \
    X(ONCE, "once")                                                                                \
    X(NEVER, "never")                                                                              \
    X(TWICE, "twice")         /* REGISTER twice on one stream */                                   \
    X(DUPLICATE, "duplicate") /* a second stream registers the same name at the same time */

enum launch_register {
#define LAUNCH_REGISTER_ENUM(name, text) LAUNCH_REGISTER_##name,
    LAUNCH_REGISTERS(LAUNCH_REGISTER_ENUM)
#undef LAUNCH_REGISTER_ENUM
};

/* How it answers INIT and TRANSACTION. */
#define LAUNCH_ANSWERS(X)                                                                          \
    X(COMPLETED, "completed") /* with status 200 */                                                \
    X(ERROR, "error")                                                                              \
    X(NEVER, "never")

enum launch_answer {
#define LAUNCH_ANSWER_ENUM(name, text) LAUNCH_ANSWER_##name,
    LAUNCH_ANSWERS(LAUNCH_ANSWER_ENUM)
#undef LAUNCH_ANSWER_ENUM
};

/* All zero: it starts at once, registers, answers everything and lives until it is stopped. */
struct launch_behaviour {
    rt_str chaincode;                   /* "name:version", "name", or empty: any */
    int64_t launch;                     /* the n-th start of such a container; 0: every one */
    rt_str package_error;               /* its code cannot be read: the error; empty: it can */
    struct chaincode_delay start_delay; /* of Runtime.Start */
    rt_str start_error;                 /* Runtime.Start fails with it; empty: it does not */
    bool start_error_maybe;             /* a FAULT choice decides whether it does */
    rt_str wait_error; /* Runtime.Wait fails with it when the container exits; empty: no */
    struct chaincode_delay stop_delay; /* of Runtime.Stop */
    enum launch_register registers;
    rt_str registers_as; /* empty: its own name */
    struct chaincode_delay register_delay;
    enum launch_answer answers;
    struct chaincode_delay answer_delay;
    uint32_t requests; /* GET_STATE that it sends in each transaction before it answers */
    enum launch_exit exits;
    struct chaincode_delay exit_delay;   /* between that and its exit */
    struct chaincode_delay notice_delay; /* until the peer sees that the connection is broken */
    int exit_code;
};

/* One that was started. */
struct launch_container {
    struct launch_world *world;
    const struct launch_behaviour *behaviour;
    rt_str cname;
    uint32_t number; /* of the start, from 1; 0: a chaincode that nobody launched */
    struct rt_proc *proc;
    struct rt_chan *exited; /* closed when it has */
    struct launch_stream *streams;
    struct launch_container *next;
};

/* What is known of one chaincode. */
struct launch_name {
    rt_str cname;
    struct rt_mutex mutex; /* of what follows: an operator's kill waits for no other lock */
    uint32_t starts;
    struct launch_container *newest;
    struct launch_name *next;
};

/* Everything of one run. */
struct launch_world {
    const struct launch_behaviour *behaviours; /* the first that fits is taken */
    size_t behaviour_count;
    uint32_t *taken;                   /* counts how often each of them is; NULL: nobody asks */
    struct chaincode_support *support; /* where streams go; to be set before anything runs */
    struct rt_proc *peer;
    struct rt_proc *engine;           /* of what is neither the peer nor a container */
    uint64_t variants;                /* of the model, bits of enum variant */
    struct vm_controller *controller; /* locks containers, as the model's VMController does */
    struct launch_name *names;
    struct launch_container *containers; /* in order */
    struct launch_container **last;
};

/* Begins a run's world; the peer's process serves the streams. The behaviours are shared. */
void launch_world_begin(struct launch_world *w, struct rt_proc *peer,
        const struct launch_behaviour *behaviours, size_t count);
/* The chaincode `cname` ("name:version") may be launched. To be called before anything runs, so
 * that the list never changes while it is read. */
void launch_world_name(struct launch_world *w, rt_str cname);

/* Runtime and PackageProvider. Start ends an older container of the name first, as the VM does. */
struct runtime launch_world_runtime(struct launch_world *w);
struct package_provider launch_world_packages(struct launch_world *w);

/* A chaincode that nobody launched connects and registers, in a process of its own. */
void launch_connect(struct launch_world *w, rt_str cname);
/* Ends the newest container of a name, as `docker kill` does; false if none lives. */
bool launch_kill(struct launch_world *w, rt_str cname);
/* Ends all that live, and the chaincodes that nobody launched. Outside goroutines. */
void launch_end_all(struct launch_world *w);

#endif
