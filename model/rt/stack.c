/* Stacks with a guard below, kept in a pool, and what the sanitizers want to be told of them. */
#include "model/rt/stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "model/rt/check.h"

#if defined(__SANITIZE_ADDRESS__)
#define STACK_ASAN 1
#elif defined(__SANITIZE_THREAD__)
#define STACK_TSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STACK_ASAN 1
#elif __has_feature(thread_sanitizer)
#define STACK_TSAN 1
#endif
#endif

#ifdef STACK_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#ifdef STACK_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/* A whole number of pages everywhere: AArch64 has them of 4, 16 or 64 KiB. */
#define GUARD ((size_t)64 * 1024)
#define LONGEST_FRAME ((size_t)32 * 1024)

/* For code that reads what is not an object. */
#define STACK_AS_IT_IS __attribute__((no_sanitize("address", "thread", "undefined"), noinline))

static struct rt_stack *stack_new(struct rt_stack_pool *pool)
{
    struct rt_stack *stack = calloc(1, sizeof(*stack));
    char *memory = mmap(NULL, GUARD + RT_STACK_SIZE, PROT_NONE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (!stack || memory == MAP_FAILED ||
            mprotect(memory + GUARD, RT_STACK_SIZE, PROT_READ | PROT_WRITE) != 0) {
        (void)fprintf(stderr, "cclab: no memory for another goroutine's stack\n");
        abort();
    }
    stack->memory = memory;
    stack->bottom = memory + GUARD;
    stack->size = RT_STACK_SIZE;
    stack->colour = pool->made++ % 16 * 256;
#ifdef STACK_ASAN
    __lsan_register_root_region(stack->bottom, stack->size);
#endif
    return stack;
}

static void stack_free(struct rt_stack *stack)
{
#ifdef STACK_ASAN
    __lsan_unregister_root_region(stack->bottom, stack->size);
#endif
    (void)munmap(stack->memory, GUARD + RT_STACK_SIZE);
    free(stack);
}

struct rt_stack *rt_stack_take(struct rt_stack_pool *pool, void (*entry)(void))
{
    struct rt_stack *stack = pool->free;
    RT_CHECK(!stack == !pool->count);
    if (stack) {
        pool->free = stack->next;
        pool->count--;
    } else {
        stack = stack_new(pool);
    }
    rt_context_make(&stack->context, stack->memory + GUARD, stack->size - stack->colour, entry);
#ifdef STACK_TSAN
    stack->fiber = __tsan_create_fiber(0);
#endif
    return stack;
}

void rt_stack_give(struct rt_stack_pool *pool, struct rt_stack *stack)
{
#ifdef STACK_ASAN
    __asan_unpoison_memory_region(stack->bottom, stack->size);
#endif
#ifdef STACK_TSAN
    __tsan_destroy_fiber(stack->fiber);
    stack->fiber = NULL;
#endif
    RT_CHECK(pool->count < pool->made && stack != pool->free);
    stack->next = pool->free;
    pool->free = stack;
    pool->count++;
}

void rt_stack_trim(struct rt_stack_pool *pool, size_t keep)
{
    while (pool->count > keep) {
        struct rt_stack *stack = pool->free;
        pool->free = stack->next;
        pool->count--;
        stack_free(stack);
    }
}

void rt_stack_of_thread(struct rt_stack *stack)
{
    (void)stack;
#ifdef STACK_TSAN
    stack->fiber = __tsan_get_current_fiber();
#endif
}

void rt_stack_switch(struct rt_stack *from, struct rt_stack *to)
{
#ifdef STACK_ASAN
    __sanitizer_start_switch_fiber(&from->fake, to->bottom, to->size);
#endif
#ifdef STACK_TSAN
    __tsan_switch_to_fiber(to->fiber, 0);
#endif
    rt_context_switch(&from->context, &to->context);
#ifdef STACK_ASAN
    __sanitizer_finish_switch_fiber(from->fake, NULL, NULL);
#endif
}

/* The thread's own stack is learnt from the first switch away from it. */
void rt_stack_entered(struct rt_stack *stack, struct rt_stack *from)
{
    (void)stack;
    (void)from;
#ifdef STACK_ASAN
    __sanitizer_finish_switch_fiber(stack->fake, &from->bottom, &from->size);
#endif
}

/* Clears from the top down to where nothing was for longer than any frame: each frame has at least
 * an address to return to. Much cheaper than to give the memory back. */
STACK_AS_IT_IS static void clear(const struct rt_stack *stack)
{
    uintptr_t *bottom = (uintptr_t *)(void *)(stack->memory + GUARD);
    uintptr_t *p = bottom + stack->size / sizeof(*p), *last = p;
    while (p > bottom && (size_t)(last - p) < LONGEST_FRAME / sizeof(*p)) {
        if (*--p != 0) {
            *p = 0;
            last = p;
        }
    }
}

void rt_stack_clear(struct rt_stack_pool *pool)
{
    for (struct rt_stack *stack = pool->free; stack; stack = stack->next)
        clear(stack);
}

const void *rt_stack_in_use(const struct rt_stack *stack)
{
#ifdef CCLAB_UCONTEXT
    return stack->bottom;
#else
    return stack->context.sp;
#endif
}

bool rt_stack_fake_frame(
        const struct rt_stack *stack, uintptr_t word, const void **from, const void **to)
{
#ifdef STACK_ASAN
    void *begin = NULL, *end = NULL;
    if (!stack->fake || !__asan_addr_is_in_fake_stack(stack->fake, (void *)word, &begin, &end))
        return false;
    *from = begin;
    *to = end;
    return true;
#else
    (void)stack, (void)word, (void)from, (void)to;
    return false;
#endif
}
