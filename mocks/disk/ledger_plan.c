/* Which fault of the ledgers strikes, and what it does. */
#include "mocks/disk/ledger_plan.h"

#include "model/rt/names.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

struct ledger_faults {
    struct ledger_fault_plan plan;
    uint32_t *hits; /* by fault: occurrences that it applies to */
};

const char *ledger_fault_name(enum ledger_fault_kind kind)
{
    static const char *const names[] = RT_NAMES(LEDGER_FAULTS);
    return rt_name(names, kind);
}

static bool is_range(enum storage_op op)
{
    return op == STORAGE_RANGE || op == STORAGE_HISTORY_RANGE;
}

rt_str ledger_fault_check(const struct ledger_fault *fault)
{
    const char *op = storage_op_name(fault->op);
    bool has_key = fault->op == STORAGE_GET || is_range(fault->op);
    if (fault->kind == LEDGER_FAULT_CUT && !is_range(fault->op))
        return rt_sprintf("a fault \"cut\" can only happen at \"range\" or \"history-range\", not "
                          "at \"%s\"",
                op);
    if (fault->kind == LEDGER_FAULT_ERROR && is_range(fault->op))
        return rt_sprintf("nobody looks at an error of \"%s\": what comes of it is a \"cut\"", op);
    if ((fault->ns.len > 0 || fault->key.len > 0) && !has_key)
        return rt_sprintf("\"%s\" has no \"namespace\" and no \"key\"", op);
    return RT_NIL;
}

static bool applies(
        const struct ledger_fault *f, rt_str channel, enum storage_op op, rt_str ns, rt_str key)
{
    return (f->op == STORAGE_ANY || f->op == op) &&
           (f->channel.len == 0 || rt_str_eq(f->channel, channel)) &&
           (f->ns.len == 0 || rt_str_eq(f->ns, ns)) && rt_str_contains(key, f->key);
}

static struct rt_error *strike(
        const struct ledger_fault *f, rt_str channel, enum storage_op op, rt_str ns, rt_str key)
{
    rt_note("ledger %S: %s%s%S%s%S: %s", channel, storage_op_name(op), ns.len > 0 ? " " : "", ns,
            key.len > 0 ? "/" : "", key, ledger_fault_name(f->kind));
    switch (f->kind) {
    case LEDGER_FAULT_ERROR:
        return rt_error_new(f->message);
    case LEDGER_FAULT_CUT:
        return rt_error_new(RT_STR("cut"));
    case LEDGER_FAULT_HANG:
        fault_hang(f->ms);
        break;
    case LEDGER_FAULT_DIE:
        rt_proc_exit(rt_proc_self(), 137, NULL);
    }
    return NULL;
}

static struct rt_error *access_storage(
        void *self, rt_str channel, enum storage_op op, rt_str ns, rt_str key)
{
    struct ledger_faults *all = self;
    for (size_t i = 0; i < all->plan.count; i++) {
        const struct ledger_fault *f = &all->plan.faults[i];
        uint32_t *struck = all->plan.struck ? &all->plan.struck[i] : NULL;
        if (applies(f, channel, op, ns, key) &&
                fault_strikes(&f->when, &all->hits[i], struck, ledger_fault_name(f->kind)))
            return strike(f, channel, op, ns, key);
    }
    return NULL;
}

struct storage_hook ledger_faults_hook(struct ledger_fault_plan plan)
{
    struct ledger_faults *all = rt_new(struct ledger_faults);
    all->plan = plan;
    all->hits = rt_new_array(uint32_t, plan.count + 1);
    return (struct storage_hook){ all, access_storage };
}
