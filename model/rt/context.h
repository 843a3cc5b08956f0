/* Internal to model/rt: switching between stacks.
 *
 * Assembly for x86-64 and AArch64, which saves the callee-saved registers only; ucontext elsewhere,
 * or where CCLAB_UCONTEXT is defined. */
#ifndef CCLAB_MODEL_RT_CONTEXT_H
#define CCLAB_MODEL_RT_CONTEXT_H

#include <stddef.h>

#if !defined(CCLAB_UCONTEXT) && !defined(__x86_64__) && !defined(__aarch64__)
#define CCLAB_UCONTEXT 1
#endif

#ifdef CCLAB_UCONTEXT
#include <ucontext.h>
struct rt_context {
    ucontext_t saved;
};
#else
struct rt_context {
    void *sp;
};
#endif

/* Makes a context that calls entry(), which must not return, on the given stack. */
void rt_context_make(struct rt_context *context, void *stack, size_t size, void (*entry)(void));
/* Leaves the running context in `from` and goes on with `to`. */
void rt_context_switch(struct rt_context *from, struct rt_context *to);

#endif
