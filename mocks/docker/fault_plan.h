/* What goes wrong at a Docker engine, and when.
 *
 * A plan is a plain array of faults. The engine looks at it for each request, in order; the first
 * fault that applies happens. A fault applies to an operation, to containers whose name contains a
 * text, and to one occurrence or to all; with `maybe` a FAULT choice decides each time, so that a
 * search tries both. Most faults can strike before the engine has done its work (the request is
 * lost) or after it (the answer is lost or spoiled).
 *
 * What each kind does to the peer is told in docs/docker.md. */
#ifndef CCLAB_MOCKS_DOCKER_FAULT_PLAN_H
#define CCLAB_MOCKS_DOCKER_FAULT_PLAN_H

#include "model/rt/str.h"

/* Operations by which faults are chosen; the names are those of scenario files. */
#define ENGINE_OPS(X)                                                                              \
    X(ANY, "any")                                                                                  \
    X(PING, "ping")                                                                                \
    X(VERSION, "version")                                                                          \
    X(INFO, "info")                                                                                \
    X(EVENTS, "events")                                                                            \
    X(CREATE, "create")                                                                            \
    X(START, "start")                                                                              \
    X(STOP, "stop")                                                                                \
    X(KILL, "kill")                                                                                \
    X(RESTART, "restart")                                                                          \
    X(PAUSE, "pause")                                                                              \
    X(UNPAUSE, "unpause")                                                                          \
    X(REMOVE, "remove")                                                                            \
    X(WAIT, "wait")                                                                                \
    X(ATTACH, "attach")                                                                            \
    X(LOGS, "logs")                                                                                \
    X(INSPECT, "inspect")                                                                          \
    X(LIST, "list")                                                                                \
    X(UPLOAD, "upload")                                                                            \
    X(DOWNLOAD, "download")                                                                        \
    X(BUILD, "build")                                                                              \
    X(PULL, "pull")                                                                                \
    X(IMAGE_INSPECT, "image-inspect")                                                              \
    X(IMAGE_LIST, "image-list")                                                                    \
    X(IMAGE_REMOVE, "image-remove")                                                                \
    X(OTHER, "other")

enum engine_op {
#define ENGINE_OP_ENUM(name, text) ENGINE_OP_##name,
    ENGINE_OPS(ENGINE_OP_ENUM)
#undef ENGINE_OP_ENUM
            ENGINE_OP_COUNT
};
/* As scenario files call it. */
const char *engine_op_name(enum engine_op op);

/* Kinds of faults; the names are those of scenario files.
 *   STATUS        answers `status` with {"message": `message`}
 *   BODY          answers `status` with `body` of `content_type`, byte for byte
 *   REFUSED       nobody listens: the connection is refused
 *   UNREACHABLE   there is no connection for another `reason`; with `message` that is Go's whole
 *                 text
 *   EOF           the connection is closed before an answer
 *   RESET         it is closed while the request was not read in full; `message` as above
 *   BROKEN_PIPE   build, upload: it is closed while the client writes the body; `message` as above
 *   CUT           the answer's body is cut after `bytes` bytes: "unexpected EOF"
 *   HANG          the request waits `ms`, then goes on; `ms` < 0: forever. With `after` it does its
 *                 work first and the answer waits
 *   NO_IMAGE      create: the image has gone; answers 404, so the peer builds it
 *   CONFLICT      create: answers 409 as if the name were taken
 *   BUILD_ERROR   build: answers 200 and ends the stream with an errorDetail of `message` (and code
 *                 `status` if not 0)
 *   BUILD_HIDDEN  build: the stream holds only the old `error` member, which clients do not see; no
 *                 image is made
 *   BUILD_TEXT    build: the same failure as BUILD_ERROR, but with a content type that keeps the
 *                 client from reading it
 *   NO_EXEC       start: the executable is missing: 400, the container stays created with code 127
 *   EXIT          start: the container ends by itself with `exit_code`, `ms` after it started
 *   EARLY_WAIT    wait: answers at once with `exit_code`, whatever the container does
 *   DIE           the engine itself dies: open connections end, the one that is struck as `breaks`
 *                 says, later ones are refused */
#define ENGINE_FAULTS(X)                                                                           \
    X(STATUS, "status")                                                                            \
    X(BODY, "body")                                                                                \
    X(REFUSED, "refused")                                                                          \
    X(UNREACHABLE, "unreachable")                                                                  \
    X(EOF, "eof")                                                                                  \
    X(RESET, "reset")                                                                              \
    X(BROKEN_PIPE, "broken-pipe")                                                                  \
    X(CUT, "cut")                                                                                  \
    X(HANG, "hang")                                                                                \
    X(NO_IMAGE, "no-image")                                                                        \
    X(CONFLICT, "conflict")                                                                        \
    X(BUILD_ERROR, "build-error")                                                                  \
    X(BUILD_HIDDEN, "build-hidden-error")                                                          \
    X(BUILD_TEXT, "build-text-error")                                                              \
    X(NO_EXEC, "no-exec")                                                                          \
    X(EXIT, "exit")                                                                                \
    X(EARLY_WAIT, "early-wait")                                                                    \
    X(DIE, "die")

enum engine_fault_kind {
#define ENGINE_FAULT_ENUM(name, text) ENGINE_FAULT_##name,
    ENGINE_FAULTS(ENGINE_FAULT_ENUM)
#undef ENGINE_FAULT_ENUM
};
/* As scenario files call it. */
const char *engine_fault_name(enum engine_fault_kind kind);

/* Why there is no connection: the name, Go's text, where that can be (u: a unix socket, t: TCP,
 * s: TLS), whether the address stands before the text, and the seconds until the client knows. */
#define ENGINE_REASONS(X)                                                                          \
    X(REFUSED, "refused", "connect: connection refused", "uts", true, 0)                           \
    X(PERMISSION_DENIED, "permission-denied", "connect: permission denied", "uts", true, 0)        \
    X(NO_SUCH_FILE, "no-such-file", "connect: no such file or directory", "u", true, 0)            \
    X(BUSY, "busy", "connect: resource temporarily unavailable", "u", true, 0)                     \
    X(TIMEOUT, "timeout", "i/o timeout", "ts", true, 30)                                           \
    X(NO_SUCH_HOST, "no-such-host", "no such host", "ts", true, 0)                                 \
    X(NO_ROUTE, "no-route", "connect: no route to host", "ts", true, 3)                            \
    X(NO_NETWORK, "no-network", "connect: network is unreachable", "ts", true, 0)                  \
    X(UNKNOWN_AUTHORITY, "unknown-authority", "x509: certificate signed by unknown authority",     \
            "s", false, 0)                                                                         \
    X(EXPIRED, "expired", "x509: certificate has expired or is not yet valid", "s", false, 0)      \
    X(BAD_CERTIFICATE, "bad-certificate", "remote error: tls: bad certificate", "s", false, 0)     \
    X(NO_TLS, "no-tls", "http: server gave HTTP response to HTTPS client", "s", false, 0)          \
    X(HANDSHAKE_TIMEOUT, "handshake-timeout", "net/http: TLS handshake timeout", "s", false, 10)

enum engine_reason {
#define ENGINE_REASON_ENUM(name, ...) ENGINE_REASON_##name,
    ENGINE_REASONS(ENGINE_REASON_ENUM)
#undef ENGINE_REASON_ENUM
            ENGINE_REASON_COUNT
};
/* As scenario files call it. */
const char *engine_reason_name(enum engine_reason reason);
/* Whether it can be the reason where the engine is: 'u', 't' or 's' as above. */
bool engine_reason_fits(enum engine_reason reason, char where);

/* How the connection breaks whose request kills the engine. */
#define ENGINE_BREAKS(X)                                                                           \
    X(EOF, "eof")                                                                                  \
    X(RESET, "reset")                                                                              \
    X(BROKEN_PIPE, "broken-pipe")

enum engine_break {
#define ENGINE_BREAK_ENUM(name, text) ENGINE_BREAK_##name,
    ENGINE_BREAKS(ENGINE_BREAK_ENUM)
#undef ENGINE_BREAK_ENUM
};

struct engine_fault {
    enum engine_fault_kind kind;
    enum engine_op op;
    rt_str container;          /* part of the container's or image's name; empty: any */
    uint32_t first;            /* the first occurrence that is hit, from 1; 0 counts as 1 */
    uint32_t count;            /* how many occurrences are hit; 0: all from the first on */
    bool maybe;                /* a choice decides each time */
    bool after;                /* strikes when the work is done */
    int status;                /* STATUS, BODY, BUILD_ERROR */
    rt_str message;            /* STATUS, BUILD_*; UNREACHABLE, RESET, BROKEN_PIPE: Go's text */
    enum engine_reason reason; /* UNREACHABLE */
    enum engine_break breaks;  /* DIE */
    rt_str body;               /* BODY */
    rt_str content_type;       /* BODY; empty: application/json */
    int64_t ms;                /* HANG, EXIT */
    rt_str output;             /* EXIT, BUILD_*: what is printed before */
    int64_t exit_code;         /* EXIT, EARLY_WAIT */
    uint64_t bytes;            /* CUT */
};

struct engine_fault_plan {
    const struct engine_fault *faults;
    size_t count;
    /* Counts how often each of them has struck, or could have by a choice; NULL: nobody asks. */
    uint32_t *struck;
};

/* What is wrong with a fault, as a sentence for whoever wrote it; data == NULL if nothing is (for
 * example NO_IMAGE at an operation other than create). */
rt_str engine_fault_check(const struct engine_fault *fault);
/* Whether a kind looks at a member, by the name that scenario files give it ("message"); true for
 * the members that say where and when, but for "after" and "container", which depend on `op`. */
bool engine_fault_uses(enum engine_fault_kind kind, const char *member);
/* Whether requests of an operation name a container or an image. */
bool engine_op_has_name(enum engine_op op);

#endif
