#include "model/rt/rt.h"

struct rt *rt_current(void)
{
    return NULL;
}

struct rt_proc *rt_proc_self(void)
{
    return NULL;
}

void rt_proc_exit(struct rt_proc *proc, int status, const char *panic_text)
{
    (void)proc;
    (void)status;
    (void)panic_text;
}

uint32_t rt_choose(enum rt_choice_kind kind, uint32_t options, const char *label)
{
    (void)kind;
    (void)options;
    (void)label;
    return 0;
}

void rt_goexit(void)
{
    __builtin_trap();
}
