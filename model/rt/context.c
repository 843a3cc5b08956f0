/* Switching between stacks, in assembly or through ucontext. */
#include "model/rt/context.h"

#include <stdint.h>

#ifdef CCLAB_UCONTEXT

void rt_context_make(struct rt_context *context, void *stack, size_t size, void (*entry)(void))
{
    (void)getcontext(&context->saved);
    context->saved.uc_stack.ss_sp = stack;
    context->saved.uc_stack.ss_size = size;
    context->saved.uc_link = NULL;
    makecontext(&context->saved, entry, 0);
}

void rt_context_switch(struct rt_context *from, struct rt_context *to)
{
    (void)swapcontext(&from->saved, &to->saved);
}

#else

void rt_context_swap(void **save, void *load);

/* The frame that rt_context_swap() leaves on a stack, lowest address first, and how a new one
 * reaches the entry. What walks a stack ends there: the frame pointer is zero, and so is the return
 * address (x86-64) or it is said to be unknown (AArch64). Rounding modes (MXCSR, FPCR) are the
 * thread's: nobody changes them. */
#if defined(__x86_64__)
enum { FRAME_WORDS = 8, FRAME_RETURN = 6 };
__asm__(".text\n"
        ".p2align 4\n"
        ".globl rt_context_swap\n"
        ".hidden rt_context_swap\n"
        ".type rt_context_swap, @function\n"
        "rt_context_swap:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size rt_context_swap, .-rt_context_swap\n");
#else
/* Called by the return of the first switch, with the entry in x19. */
void rt_context_start(void);
enum { FRAME_WORDS = 20, FRAME_X19 = 0, FRAME_RETURN = 11 };
__asm__(".text\n"
        ".p2align 4\n"
        ".globl rt_context_start\n"
        ".hidden rt_context_start\n"
        ".type rt_context_start, %function\n"
        "rt_context_start:\n"
        "    .cfi_startproc\n"
        "    .cfi_undefined x30\n"
        "    blr x19\n"
        "    brk #0\n"
        "    .cfi_endproc\n"
        ".size rt_context_start, .-rt_context_start\n"
        ".p2align 4\n"
        ".globl rt_context_swap\n"
        ".hidden rt_context_swap\n"
        ".type rt_context_swap, %function\n"
        "rt_context_swap:\n"
        "    hint #34\n" /* bti c */
        "    sub sp, sp, #160\n"
        "    stp x19, x20, [sp, #0]\n"
        "    stp x21, x22, [sp, #16]\n"
        "    stp x23, x24, [sp, #32]\n"
        "    stp x25, x26, [sp, #48]\n"
        "    stp x27, x28, [sp, #64]\n"
        "    stp x29, x30, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n"
        "    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n"
        "    stp d14, d15, [sp, #144]\n"
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    mov sp, x1\n"
        "    ldp x19, x20, [sp, #0]\n"
        "    ldp x21, x22, [sp, #16]\n"
        "    ldp x23, x24, [sp, #32]\n"
        "    ldp x25, x26, [sp, #48]\n"
        "    ldp x27, x28, [sp, #64]\n"
        "    ldp x29, x30, [sp, #80]\n"
        "    ldp d8, d9, [sp, #96]\n"
        "    ldp d10, d11, [sp, #112]\n"
        "    ldp d12, d13, [sp, #128]\n"
        "    ldp d14, d15, [sp, #144]\n"
        "    add sp, sp, #160\n"
        "    ret\n"
        ".size rt_context_swap, .-rt_context_swap\n");
#endif

void rt_context_make(struct rt_context *context, void *stack, size_t size, void (*entry)(void))
{
    uintptr_t top = ((uintptr_t)stack + size) & ~(uintptr_t)15;
    /* Functions expect the stack as a call leaves it: on x86-64, 8 off a multiple of 16. */
    uintptr_t *frame = (uintptr_t *)top - FRAME_WORDS;
    for (int i = 0; i < FRAME_WORDS; i++)
        frame[i] = 0;
#ifdef __x86_64__
    frame[FRAME_RETURN] = (uintptr_t)entry;
#else
    frame[FRAME_X19] = (uintptr_t)entry;
    frame[FRAME_RETURN] = (uintptr_t)rt_context_start;
#endif
    context->sp = frame;
}

void rt_context_switch(struct rt_context *from, struct rt_context *to)
{
    rt_context_swap(&from->sp, to->sp);
}

#endif
