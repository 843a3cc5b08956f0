/* Names of a disk's faults, and which of them make sense. */
#include "mocks/disk/fault_plan.h"

#include "model/rt/names.h"

const char *disk_op_name(enum disk_op op)
{
    static const char *const names[] = RT_NAMES(DISK_OPS);
    return rt_name(names, op);
}

const char *disk_fault_name(enum disk_fault_kind kind)
{
    static const char *const names[] = RT_NAMES(DISK_FAULTS);
    return rt_name(names, kind);
}

#define ERROR_NAME(name, text) #name,
const char *const disk_error_names[] = { DISK_ERRORS(ERROR_NAME) NULL };
#undef ERROR_NAME

const char *disk_error_text(enum disk_error error)
{
    static const char *const texts[] = RT_NAMES(DISK_ERRORS);
    return rt_name(texts, error);
}

rt_str disk_fault_check(const struct disk_fault *fault)
{
    bool moves_bytes = fault->op == DISK_OP_READ || fault->op == DISK_OP_WRITE;
    if (fault->kind == DISK_FAULT_CUT && !moves_bytes)
        return rt_sprintf("a fault \"cut\" can only happen at \"read\" or \"write\", not at \"%s\"",
                disk_op_name(fault->op));
    return RT_NIL;
}
