/* What chaincode support and the ledger tell a watcher: the raw material of invariants.
 *
 * Not part of Fabric. Events are reported at the moment the thing happens, in the goroutine that
 * does it; a watcher must not block, lock or change anything. */
#ifndef CCLAB_MODEL_LAB_OBSERVER_H
#define CCLAB_MODEL_LAB_OBSERVER_H

#include "model/rt/error.h"
#include "model/rt/names.h"

typedef struct Protos__ChaincodeMessage Protos__ChaincodeMessage;
struct handler;
struct launch_state;

#define OBSERVED_EVENTS(X)                                                                         \
    X(LAUNCH_BEGIN, "launch begins")      /* cname: RuntimeLauncher.Launch */                      \
    X(LAUNCH_END, "launch ends")          /* cname, err, own: it was the one that started it */    \
    X(RUNTIME_START, "runtime start")     /* cname: Runtime.Start is called */                     \
    X(RUNTIME_STARTED, "runtime started") /* cname, err: it returned */                            \
    X(RUNTIME_EXITED, "runtime exited")   /* cname, err: Runtime.Wait returned */                  \
    X(RUNTIME_STOP, "runtime stop")       /* cname: Runtime.Stop is called */                      \
    X(RUNTIME_STOPPED, "runtime stopped") /* cname, err: it returned */                            \
    X(LAUNCHING_ADDED, "launching added") /* cname, state */                                       \
    X(LAUNCHING_REMOVED, "launching removed") /* cname, state; own as for HANDLER_REMOVED */       \
    X(LAUNCH_NOTIFIED, "launch notified")     /* state, err: first or later Notify */              \
    X(HANDLER_ADDED, "handler added")         /* cname, handler, state: NULL if not launched */    \
    X(HANDLER_REMOVED, "handler removed")     /* cname, handler; own: by its own stream */         \
    X(STREAM_BEGIN, "stream begins")          /* handler */                                        \
    X(STREAM_END, "stream ends")              /* handler, err */                                   \
    X(RECEIVED, "received")                   /* handler, msg: taken by the stream loop */         \
    X(SENDING, "sending")                     /* handler, msg: handed to the stream */             \
    X(SENT, "sent")                           /* handler, msg, err */                              \
    X(REQUEST_ACCEPTED, "request accepted")   /* handler, msg: a shim request got its txid */      \
    X(REQUEST_FAILED, "request failed")       /* handler, msg, err: its answer is to be ERROR */   \
    X(REQUEST_DROPPED, "request dropped")     /* handler, msg: another request is pending */       \
    X(EXECUTE_BEGIN, "execute begins")        /* handler, msg */                                   \
    X(EXECUTE_END, "execute ends")            /* handler, msg: the request, err, reply */          \
    X(ITERATOR_OPENED, "iterator opened")     /* object: the iterator, simulator: whose it is */   \
    X(ITERATOR_USED, "iterator used")         /* object */                                         \
    X(ITERATOR_CLOSED, "iterator closed")     /* object */                                         \
    X(SIMULATOR_OPENED, "simulator opened")   /* simulator, or query executor; place: which */     \
    X(SIMULATOR_USED, "simulator used")       /* simulator; place: the file, function */           \
    X(SIMULATOR_DONE, "simulator done")       /* simulator: its first Done has returned */         \
    X(INVOKE_FAILED, "invoke failed")         /* cname, err: ChaincodeSupport.Execute failed */

enum observed_kind {
#define OBSERVED_ENUM(name, text) OBSERVED_##name,
    OBSERVED_EVENTS(OBSERVED_ENUM)
#undef OBSERVED_ENUM
};
static inline const char *observed_kind_name(enum observed_kind kind)
{
    static const char *const names[] = RT_NAMES(OBSERVED_EVENTS);
    return rt_name(names, kind);
}

/* Fields that an event does not name are zero. */
struct observed {
    enum observed_kind kind;
    rt_str cname;
    struct handler *handler;
    struct launch_state *state;
    const Protos__ChaincodeMessage *msg;
    const Protos__ChaincodeMessage *reply;
    struct rt_error *err;
    const void *object;
    const void *simulator; /* or query executor: its self */
    const char *place;     /* for ids: of the model's code, without line */
    bool own;
};

struct observer {
    void *self;
    void (*observe)(void *self, const struct observed *event);
};

#define observer_tell(watcher, ...)                                                                \
    do {                                                                                           \
        const struct observer *observer_ = (watcher);                                              \
        if (observer_)                                                                             \
            observer_->observe(observer_->self, &(const struct observed){ __VA_ARGS__ });          \
    } while (0)

#endif
