/* Variants of chaincode support: old bugs brought back, and fixes for what 1.4.2 gets wrong.
 *
 * A variant is one bit of a peer's configuration. Without any bit the model is Fabric 1.4.2. Model
 * code asks variant_on(set, VARIANT_X) where the old, or the repaired, code differs. */
#ifndef CCLAB_MODEL_LAB_VARIANTS_H
#define CCLAB_MODEL_LAB_VARIANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(enum suffix, id, Fabric issue, sentence): bugs that Fabric once had. Ids are stable. */
#define VARIANTS_BUGS(X)                                                                           \
    X(HALF_STARTED_IS_RUNNING, "a01-half-started-is-running", "FAB-1475",                          \
            "a launch that finds another one in progress returns at once as if it had succeeded")  \
    X(READY_OVERTAKEN, "a02-ready-overtaken", "FAB-2203",                                          \
            "READY is sent by a goroutine of its own, so INIT or TRANSACTION can overtake it")     \
    X(INIT_OUT_OF_BAND, "a03-init-out-of-band", "FAB-2203",                                        \
            "the launch is over once REGISTERED is sent, and INIT goes past the state machine")    \
    X(DEV_MODE_STOP, "a04-dev-mode-stop", "FAB-1747",                                              \
            "in dev mode a deploy stops the chaincode afterwards: it runs on, but is forgotten")   \
    X(UNSOLICITED_REGISTRATION, "a05-unsolicited-registration", "FAB-4751",                        \
            "any process may register any name that has no handler yet")                           \
    X(TWO_CONTAINERS, "a06-two-containers", "FAB-5391",                                            \
            "a launch is noted only right before its container starts, so two can start")          \
    X(TIMER_AFTER_START, "a07-timer-after-start", "FAB-5591",                                      \
            "the startup timer begins when Start has returned, so a slow build is never cut")      \
    X(START_ERROR_FORGETS, "a08-start-error-forgets", "FAB-8844",                                  \
            "a start error removes the handler even if the chaincode has registered")              \
    X(START_ERROR_LEAK, "a09-start-error-leak", "",                                                \
            "a start error that nobody waits for any more blocks its goroutine for ever")          \
    X(FAILURE_NOT_REPORTED, "a11-failure-not-reported", "FAB-9683",                                \
            "a failed registration is only logged, so the launch waits for its timeout")           \
    X(DOUBLE_NOTIFY, "a12-double-notify", "FAB-10804",                                             \
            "a second outcome of a launch closes its channel again and crashes the peer")          \
    X(LAUNCH_IN_PROGRESS_REJECTED, "a13-launch-in-progress-rejected", "FAB-10804",                 \
            "invokes during a launch, or just after it, fail instead of waiting")                  \
    X(EXIT_UNOBSERVED, "a14-exit-unobserved", "FAB-13238",                                         \
            "nobody waits for the container, so an early exit is only seen as a timeout")          \
    X(INPROC_STOP_BLOCKS, "a14-inproc-stop-blocks", "FAB-13238",                                   \
            "stopping a system chaincode that has ended by itself blocks for ever")                \
    X(INPROC_UNLOCKED, "a15-inproc-unlocked", "FAB-14257",                                         \
            "the tables of system chaincodes are changed without a lock")                          \
    X(CANCELLED_START, "a23-cancelled-start", "FAB-10899",                                         \
            "a client that hangs up during a start turns its success into a failure")              \
    X(OUTPUT_BUSY_LOOP, "a24-output-busy-loop", "FAB-13239",                                       \
            "reading a container's output goes on after its end, in a loop that never waits")      \
    X(STOP_ERROR_DROPPED, "a25-stop-error-dropped", "FAB-9753",                                    \
            "an error of stopping a container is dropped")                                         \
    X(TXID_REMOVED_LATE, "a30-txid-removed-late", "FAB-10284",                                     \
            "a response is sent before its transaction id is free, so the next request is "        \
            "dropped")                                                                             \
    X(SEND_FAILURE_DROPPED, "a31-send-failure-dropped", "FAB-11487",                               \
            "failed sends are not told to those who wait; of responses they are ignored")          \
    X(QUERY_AFTER_TIMEOUT, "a33-query-after-timeout", "FAB-1163",                                  \
            "QUERY_STATE_NEXT and CLOSE after a timeout crash the peer")                           \
    X(CLOSED_INPROC_CHANNEL, "a35-closed-inproc-channel", "FAB-9651",                              \
            "in-process streams panic on a send, and give nil messages, once they are closed")     \
    X(ERROR_AS_RESPONSE, "a36-error-as-response", "",                                              \
            "the error of a request is sent as a RESPONSE, so the text is taken for a value")      \
    X(NOTIFY_HOLDS_LOCK, "a37-notify-holds-lock", "FAB-9590",                                      \
            "a second answer for a transaction blocks with the lock of all transactions held")     \
    X(SHARED_RECEIVE_ERROR, "a38-shared-receive-error", "FAB-9132",                                \
            "the receive error is a variable that the stream loop resets: errors are lost")        \
    X(HISTORY_OF_CALLER, "a39-history-of-caller", "FAB-10038",                                     \
            "a chaincode called on another channel reads the history of its caller's channel")     \
    X(SECOND_READ_LOCK, "a40-second-read-lock", "FAB-13026",                                       \
            "a launch takes a second read lock inside a simulation; a commit in between "          \
            "deadlocks")                                                                           \
    X(QSCC_UNDER_LOCK, "a41-qscc-under-lock", "FAB-10540",                                         \
            "qscc and cscc run with a simulator's read lock held")                                 \
    X(ERROR_PAYLOAD_PARSED, "a44-error-payload-parsed", "FAB-2194",                                \
            "the payload of an ERROR is decoded as if it were a Response")                         \
    X(PRIVATE_DATA_IN_INIT, "a45-private-data-in-init", "FAB-13050",                               \
            "private data can be used in Init, although it cannot be distributed yet")

/* The other way round: repairs of what the model of 1.4.2 shows. */
#define VARIANTS_FIXES(X)                                                                          \
    X(FIX_HANDLER_GONE, "fix-handler-gone", "",                                                    \
            "a launch whose handler is gone again is an error instead of a nil handler")           \
    X(FIX_PACKAGE_ERROR, "fix-package-error", "",                                                  \
            "a launch without a package ends for its waiters too, and is forgotten")               \
    X(FIX_DEREGISTER_OWN, "fix-deregister-own", "",                                                \
            "streams and launches remove, and decide, only their own entries of the registry")     \
    X(FIX_READY_FIRST, "fix-ready-first", "",                                                      \
            "a handler is found only when READY was sent; until then its launch is waited for")    \
    X(FIX_LAUNCH_TO_ITS_END, "fix-launch-to-its-end", "",                                          \
            "a launch is remembered until its start has returned: no second one begins before")    \
    X(FIX_NAMES_DISTINCT, "fix-names-distinct", "",                                                \
            "chaincodes of different names or versions have locks, containers and images of "      \
            "their own")                                                                           \
    X(FIX_SEND_ERROR_LEAK, "fix-send-error-leak", "",                                              \
            "send errors that nobody reads any more do not block their goroutines")                \
    X(FIX_NOTIFY_BLOCKS, "fix-notify-blocks", "",                                                  \
            "a surplus answer for a transaction is dropped instead of blocking the stream")        \
    X(FIX_STREAM_END_NOTIFIES, "fix-stream-end-notifies", "",                                      \
            "executions fail when their stream ends, instead of waiting for their timeout")        \
    X(FIX_REGISTER_FAILURE_ENDS, "fix-register-failure-ends", "",                                  \
            "a stream whose registration failed is ended")                                         \
    X(FIX_NIL_REQUEST_PARTS, "fix-nil-request-parts", "",                                          \
            "requests that lack a chaincode id, input or metadata are errors, not crashes")        \
    X(FIX_REQUEST_OUTLIVES, "fix-request-outlives", "",                                            \
            "an execution waits for its running request before its simulator is given up")         \
    X(FIX_KEEPALIVE_PILE, "fix-keepalive-pile", "",                                                \
            "no keep-alive is sent while the one before is still being sent")                      \
    X(FIX_INPROC_ENDED, "fix-inproc-ended", "",                                                    \
            "a system chaincode that has ended by itself is no longer running")                    \
    X(FIX_LATE_START_ERROR, "fix-late-start-error", "",                                            \
            "a start error, or the timeout, that comes after the chaincode registered does not "   \
            "end its launch")                                                                      \
    X(FIX_DEV_MODE_LAUNCH, "fix-dev-mode-launch", "",                                              \
            "in dev mode a chaincode that nobody runs is an error, instead of a container")        \
    X(FIX_ITERATORS_IN_USE, "fix-iterators-in-use", "",                                            \
            "the end of a stream leaves a transaction's iterators to its running request, which "  \
            "closes them when it ends")                                                            \
    X(FIX_BUILD_CONTEXT_CLOSED, "fix-build-context-closed", "",                                    \
            "a build that failed closes its context, so that whoever writes it ends")              \
    X(FIX_STOP_APART, "fix-stop-apart", "",                                                        \
            "a launch that fails returns at once: a goroutine of its own stops the container, "    \
            "and forgets the launch then")                                                         \
    X(FIX_BUILD_OUTPUT, "fix-build-output", "", "what a build prints is kept behind a lock")       \
    X(FIX_NIL_PROPOSAL_PARTS, "fix-nil-proposal-parts", "",                                        \
            "proposals that lack a chaincode spec or its input are errors, not crashes")           \
    X(FIX_PROPOSAL_AGREES, "fix-proposal-agrees", "",                                              \
            "a proposal whose header and payload name two chaincodes, or whose header and "        \
            "lscc's argument two channels, is refused")                                            \
    X(FIX_DEPLOY_USABLE, "fix-deploy-usable", "",                                                  \
            "a deploy or upgrade with a plugin that the peer lacks, or a policy that cannot be "   \
            "decoded, is refused")                                                                 \
    X(FIX_CLOSE_SEND, "fix-close-send", "",                                                        \
            "a chaincode closes its side of the stream with the lock of its sends held")

enum variant {
#define VARIANT_ENUM(name, id, issue, sentence) VARIANT_##name,
    VARIANTS_BUGS(VARIANT_ENUM) VARIANTS_FIXES(VARIANT_ENUM)
#undef VARIANT_ENUM
            VARIANT_COUNT
};

static inline bool variant_on(uint64_t set, enum variant v)
{
    return (set >> (unsigned)v) & 1;
}

struct variant_info {
    const char *id;
    const char *issue; /* "" when it has no number */
    const char *sentence;
    bool fix;
};
const struct variant_info *variant_describe(enum variant v);
/* The variant with this id; false if there is none. */
bool variant_find(const char *id, enum variant *v);

#endif
