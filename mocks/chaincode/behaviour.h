/* How a chaincode's process behaves: what scenarios can ask for.
 *
 * The plain behaviour (all zero) is the probe chaincode on the real shim. Everything else is a
 * deviation at one point of the process's life. Delays and the point of a crash can be left open:
 * then they are DELAY and FAULT choices of the run, so that a search tries all of them. */
#ifndef CCLAB_MOCKS_CHAINCODE_BEHAVIOUR_H
#define CCLAB_MOCKS_CHAINCODE_BEHAVIOUR_H

#include "model/rt/str.h"

/* How long something takes. count 0: no time; 1: fixed; more: a DELAY choice among them. */
struct chaincode_delay {
    const int64_t *ms;
    size_t count;
};

/* Points of a process's life at which it can die, in the order in which they are passed; the names
 * are those of scenario files. */
#define CHAINCODE_POINTS(X)                                                                        \
    X(NEVER, "never")                                                                              \
    X(START, "start")                 /* before it dials */                                        \
    X(CONNECTED, "connected")         /* before REGISTER is sent */                                \
    X(REGISTER_SENT, "register-sent") /* right after REGISTER */                                   \
    X(REGISTERED, "registered")       /* REGISTERED has arrived */                                 \
    X(READY, "ready")                 /* READY has arrived */                                      \
    X(INIT, "init")                   /* INIT has arrived */                                       \
    X(INIT_DONE, "init-done")         /* the answer to INIT is sent */                             \
    X(INVOKE, "invoke")               /* TRANSACTION has arrived */                                \
    X(REQUEST, "request")             /* a request to the peer is sent */                          \
    X(RESPONSE, "response")           /* its RESPONSE, or ERROR, has arrived */                    \
    X(INVOKE_DONE, "invoke-done")     /* the answer to TRANSACTION is sent */                      \
    X(ANY, "any")                     /* a FAULT choice at every point above but response */       \
    X(DURING_LAUNCH, "during-launch") /* a FAULT choice at every point up to READY */

enum chaincode_point {
#define CHAINCODE_POINT_ENUM(name, text) CHAINCODE_POINT_##name,
    CHAINCODE_POINTS(CHAINCODE_POINT_ENUM)
#undef CHAINCODE_POINT_ENUM
            CHAINCODE_POINT_COUNT
};
/* As scenario files call it. */
const char *chaincode_point_name(enum chaincode_point point);

struct chaincode_send;  /* mocks/chaincode/sends.h */
struct chaincode_print; /* mocks/chaincode/output.h */

/* One of the names that a chaincode registers as, one after the other. */
struct chaincode_name {
    rt_str name;
    struct chaincode_delay after; /* since the one before, or since it connected */
    bool new_stream;              /* on one that it opens for this; the one before stays open */
    bool closes;                  /* the one before is closed first */
};

/* Ways to die. */
#define CHAINCODE_DEATHS(X)                                                                        \
    X(EXIT, "exit")     /* exits with exit_code */                                                 \
    X(PANIC, "panic")   /* a Go panic: status 2 */                                                 \
    X(CLOSE, "close")   /* closes its end of the stream and lives on */                            \
    X(HANG, "hang")     /* stops reading and doing anything, but lives on */                       \
    X(FREEZE, "freeze") /* the same, and its gRPC answers no pings */

enum chaincode_death {
#define CHAINCODE_DEATH_ENUM(name, text) CHAINCODE_DEATH_##name,
    CHAINCODE_DEATHS(CHAINCODE_DEATH_ENUM)
#undef CHAINCODE_DEATH_ENUM
};
/* As scenario files call it. */
const char *chaincode_death_name(enum chaincode_death death);

/* What it sends in place of, or besides, what a shim would. */
#define CHAINCODE_ODDITIES(X)                                                                      \
    X(NONE, "none")                                                                                \
    X(NEVER_REGISTER, "never-register")   /* connects and sends nothing */                         \
    X(WRONG_NAME, "wrong-name")           /* registers as `name` */                                \
    X(DUPLICATE, "duplicate")             /* a second stream registers the same name */            \
    X(STALE_STREAM, "stale-stream")       /* a first stream registers and is left open,          \
                                               then a second one does */ \
    X(REGISTER_TWICE, "register-twice")   /* REGISTER twice on one stream */                       \
    X(GARBAGE, "garbage")                 /* bytes that are no message, after READY */             \
    X(BAD_REGISTER, "bad-register")       /* REGISTER with a payload that cannot be decoded */     \
    X(EARLY_REQUEST, "early-request")     /* a GET_STATE before REGISTER */                        \
    X(STRAY_COMPLETED, "stray-completed") /* COMPLETED for an unknown transaction */               \
    X(DOUBLE_COMPLETED, "double-completed")         /* each answer is sent three times */          \
    X(REQUEST_AFTER_ANSWER, "request-after-answer") /* a GET_STATE after each answer */            \
    X(PARALLEL_REQUESTS, "parallel-requests")       /* two requests at once for one transaction */ \
    X(NIL_PARTS, "nil-parts")                       /* INVOKE_CHAINCODE without chaincode id */    \
    X(KEEPALIVES, "keepalives")                     /* sends KEEPALIVE by itself, in any state */

enum chaincode_oddity {
#define CHAINCODE_ODDITY_ENUM(name, text) CHAINCODE_ODDITY_##name,
    CHAINCODE_ODDITIES(CHAINCODE_ODDITY_ENUM)
#undef CHAINCODE_ODDITY_ENUM
};

/* Parts of a behaviour that may come to nothing, since a process never gets so far; the names are
 * those of scenario files. */
#define CHAINCODE_TRAITS(X)                                                                        \
    X(CONNECT_DELAY, "connect_delay_ms")                                                           \
    X(REGISTER_DELAY, "register_delay_ms")                                                         \
    X(INIT_DELAY, "init_delay_ms")                                                                 \
    X(INVOKE_DELAY, "invoke_delay_ms")                                                             \
    X(REQUEST_DELAY, "request_delay_ms")                                                           \
    X(DEATH, "dies_at")                                                                            \
    X(ODDITY, "oddity")                                                                            \
    X(TLS, "tls")                                                                                  \
    X(INIT_STATUS, "init_status")                                                                  \
    X(UNREACHABLE, "unreachable_ms")                                                               \
    X(REGISTERS, "registers")

enum chaincode_trait {
#define CHAINCODE_TRAIT_ENUM(name, text) CHAINCODE_TRAIT_##name,
    CHAINCODE_TRAITS(CHAINCODE_TRAIT_ENUM)
#undef CHAINCODE_TRAIT_ENUM
            CHAINCODE_TRAIT_COUNT
};
/* As scenario files call it. */
const char *chaincode_trait_name(enum chaincode_trait trait);

/* What it does about TLS, beside what its environment and files say. */
#define CHAINCODE_TLS(X)                                                                           \
    X(OWN, "own")           /* as its environment says, with its own certificate */                \
    X(OFF, "off")           /* does not speak TLS */                                               \
    X(NONE, "none")         /* has no certificate */                                               \
    X(UNKNOWN, "unknown")   /* has a certificate of another authority */                           \
    X(FORGED, "forged")     /* the same, and shows it unasked, as Node's client does */            \
    X(OTHER, "other")       /* has the certificate of another chaincode, `certificate_of` */       \
    X(DISTRUST, "distrust") /* does not believe the peer's authority */                            \
    X(CUT, "cut")           /* what is between closes connections before a word is said */

enum chaincode_tls {
#define CHAINCODE_TLS_ENUM(name, text) CHAINCODE_TLS_##name,
    CHAINCODE_TLS(CHAINCODE_TLS_ENUM)
#undef CHAINCODE_TLS_ENUM
};
/* As scenario files call it. */
const char *chaincode_tls_name(enum chaincode_tls tls);

struct chaincode_behaviour {
    struct chaincode_delay connect_delay;  /* before it dials */
    struct chaincode_delay register_delay; /* between connecting and REGISTER */
    struct chaincode_delay init_delay;     /* in Init */
    struct chaincode_delay invoke_delay;   /* in Invoke */
    struct chaincode_delay request_delay;  /* before each request to the peer */
    struct chaincode_delay exit_delay;     /* between the point of death and dying */
    /* How long the peer takes to see that the connection is broken. */
    struct chaincode_delay notice_delay;

    /* How long the peer cannot be reached, from its first attempt; negative: for ever. */
    struct chaincode_delay unreachable;

    enum chaincode_point dies_at;
    enum chaincode_death dies_by;
    rt_str panic; /* of PANIC: what it panics with; RT_NIL: a nil pointer dereference */
    int exit_code;
    /* 0: at the first time that the point is passed, else at the n-th. */
    uint32_t dies_at_time;

    enum chaincode_oddity oddity;
    rt_str name; /* for WRONG_NAME */

    const struct chaincode_print *prints;
    size_t print_count;
    const struct chaincode_send *sends;
    size_t send_count;
    /* The names that it registers as, one after the other; the shim serves under the last one.
     * None: the name it was started with. */
    const struct chaincode_name *names;
    size_t name_count;

    enum chaincode_tls tls;
    rt_str certificate_of; /* for OTHER: "name:version" */

    /* Init answers this instead of running the probe: status 0 means it does run. */
    int32_t init_status;
    rt_str init_message;
};

/* What is wrong with a behaviour, as a sentence for whoever wrote it; data == NULL if nothing
 * is. */
rt_str chaincode_behaviour_check(const struct chaincode_behaviour *b);

#endif
