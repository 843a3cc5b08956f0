/* Internal to model/rt: the stacks of fibers, their pool, and switches that the sanitizers know
 * of. */
#ifndef CCLAB_MODEL_RT_STACK_H
#define CCLAB_MODEL_RT_STACK_H

#include "model/rt/context.h"

#include <stdbool.h>
#include <stdint.h>

#define RT_STACK_SIZE ((size_t)256 * 1024)

/* One place where code runs: a fiber's stack, or the thread's own for the scheduler. */
struct rt_stack {
    struct rt_context context;
    struct rt_stack *next;
    char *memory; /* the guard, then the stack; NULL for the thread's own */
    const void *bottom;
    size_t size;
    size_t colour; /* bytes left free at the top: stacks do not meet in the same cache lines */
    void *fake;    /* AddressSanitizer's */
    void *fiber;   /* ThreadSanitizer's */
};

struct rt_stack_pool {
    struct rt_stack *free;
    size_t count;
    size_t made;
};

/* Takes a stack that will call entry(). */
struct rt_stack *rt_stack_take(struct rt_stack_pool *pool, void (*entry)(void));
/* Gives one back, whatever was running on it: that is simply forgotten. */
void rt_stack_give(struct rt_stack_pool *pool, struct rt_stack *stack);
/* Frees what the pool holds beyond `keep` stacks. */
void rt_stack_trim(struct rt_stack_pool *pool, size_t keep);

/* Makes all stacks of the pool zeroed memory, so that nothing of an earlier goroutine shows. */
void rt_stack_clear(struct rt_stack_pool *pool);
/* From where on the stack of a goroutine that is switched away is in use. */
const void *rt_stack_in_use(const struct rt_stack *stack);
/* The frame of AddressSanitizer's own that holds `word`, as *from and *to; false if there is
 * none. */
bool rt_stack_fake_frame(
        const struct rt_stack *stack, uintptr_t word, const void **from, const void **to);

/* Describes the running thread's own stack, before switches from it. */
void rt_stack_of_thread(struct rt_stack *stack);
/* Leaves the code on `from`, which runs, and goes on with that on `to`. */
void rt_stack_switch(struct rt_stack *from, struct rt_stack *to);
/* Must be the first call of an entry function. */
void rt_stack_entered(struct rt_stack *stack, struct rt_stack *from);

#endif
