/* What goes wrong in the databases and block files below a peer's ledgers, and when.
 *
 * The grammar is that of the other plans: the first fault that applies to an access strikes. Which
 * accesses there are is told in model/ledger/storage.h. */
#ifndef CCLAB_MOCKS_DISK_LEDGER_PLAN_H
#define CCLAB_MOCKS_DISK_LEDGER_PLAN_H

#include "mocks/fault/when.h"
#include "model/ledger/storage.h"

/* Kinds of faults; the names are those of scenario files.
 *   ERROR  the access fails with `message`, leveldb's or the operating system's own text
 *   CUT    range, history-range: there seems to be no further entry. That is what an error of
 *          leveldb's comes to there
 *   HANG   the access takes `ms` longer; `ms` < 0: for ever
 *   DIE    the peer is killed before the access */
#define LEDGER_FAULTS(X)                                                                           \
    X(ERROR, "error")                                                                              \
    X(CUT, "cut")                                                                                  \
    X(HANG, "hang")                                                                                \
    X(DIE, "die")

enum ledger_fault_kind {
#define LEDGER_FAULT_ENUM(name, text) LEDGER_FAULT_##name,
    LEDGER_FAULTS(LEDGER_FAULT_ENUM)
#undef LEDGER_FAULT_ENUM
};
const char *ledger_fault_name(enum ledger_fault_kind kind);

struct ledger_fault {
    enum ledger_fault_kind kind;
    enum storage_op op;
    rt_str channel; /* empty: any */
    rt_str ns;      /* the namespace; empty: any */
    rt_str key;     /* part of the key; empty: any */
    struct fault_when when;
    rt_str message; /* ERROR */
    int64_t ms;     /* HANG */
};

struct ledger_fault_plan {
    const struct ledger_fault *faults;
    size_t count;
    /* Counts how often each of them has struck, or could have by a choice; NULL: nobody asks. */
    uint32_t *struck;
};

/* What is wrong with a fault, as a sentence for whoever wrote it; data == NULL if nothing is. */
rt_str ledger_fault_check(const struct ledger_fault *fault);

/* A hook that follows the plan, in the arena of a run; the plan must outlive it. It outlives the
 * peers of the run. */
struct storage_hook ledger_faults_hook(struct ledger_fault_plan plan);

#endif
