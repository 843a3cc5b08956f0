/* System chaincodes that do not do as they should: a plan of faults, and what a peer runs instead
 * of the real chaincodes (struct peer_config). */
#ifndef CCLAB_MOCKS_CHAINCODE_SYSTEM_H
#define CCLAB_MOCKS_CHAINCODE_SYSTEM_H

#include "model/container/inproc_vm.h"

/* Where; the names are those of scenario files. */
#define SYSTEM_POINTS(X)                                                                           \
    X(START, "start") /* before it registers */                                                    \
    X(INIT, "init")                                                                                \
    X(INVOKE, "invoke")
enum system_point {
#define SYSTEM_POINT_ENUM(name, text) SYSTEM_POINT_##name,
    SYSTEM_POINTS(SYSTEM_POINT_ENUM)
#undef SYSTEM_POINT_ENUM
};

/* What happens there. */
#define SYSTEM_FAULTS(X)                                                                           \
    X(ERROR, "error") /* it answers with an error */                                               \
    X(PANIC, "panic")                                                                              \
    X(HANG, "hang") /* for `ms`, or for ever */                                                    \
    X(END, "end")   /* StartInProc returns an error: its end of the stream is gone */
enum system_fault_kind {
#define SYSTEM_FAULT_ENUM(name, text) SYSTEM_FAULT_##name,
    SYSTEM_FAULTS(SYSTEM_FAULT_ENUM)
#undef SYSTEM_FAULT_ENUM
};

struct system_fault {
    rt_str chaincode;
    enum system_point at;
    enum system_fault_kind kind;
    rt_str message; /* of an error or a panic */
    rt_str channel; /* of init and invoke: only there; data == NULL: anywhere */
    int64_t ms;     /* -1: for ever */
    uint32_t first; /* from 1 */
    uint32_t count; /* 0: all from the first on */
    bool maybe;     /* a FAULT choice decides each time */
};

struct system_plan {
    const struct system_fault *faults;
    size_t count;
    uint32_t *hits; /* how often each has struck, or a choice could have made it */
};

/* In words what is wrong with an entry; data == NULL if nothing. */
rt_str system_fault_check(const struct system_fault *fault);

/* Of one run. */
struct system_chaincodes;
struct system_chaincodes *system_chaincodes_new(struct system_plan plan);
/* The chaincode that is run for the real one. */
const struct chaincode *system_chaincode_wrap(
        void *self, rt_str name, const struct chaincode *real);
/* shim.StartInProc for chaincodes that were wrapped. */
RT_MUST_USE struct rt_error *system_chaincode_start(void *self, const struct chaincode *cc);

#endif
