/* Kernels as programs to be explored. */
#include "harness/seeded/kernel.h"

#include <stdlib.h>

#include "harness/base/mem.h"

struct kernel_subject {
    const struct kernel *kernel;
    bool fixed;
    struct go_program program;
    struct subject subject;
};

static void *world_new(void *self)
{
    const struct kernel_subject *s = self;
    struct kernel_world *w = rt_new(struct kernel_world);
    w->fixed = s->fixed;
    w->size = s->kernel->size;
    rt_mutex_init(&w->m1, "m1");
    rt_mutex_init(&w->m2, "m2");
    rt_mutex_init(&w->m3, "m3");
    rt_rwmutex_init(&w->rw, "rw");
    rt_waitgroup_init(&w->group, "group");
    rt_once_init(&w->once, "once");
    return w;
}

struct kernel_subject *kernel_subject_new(const struct kernel *kernel, bool fixed)
{
    struct kernel_subject *s = mem_new(struct kernel_subject);
    s->kernel = kernel;
    s->fixed = fixed;
    s->program = (struct go_program){
        .name = kernel->id, .main = kernel->main, .begin = world_new, .self = s
    };
    s->subject = go_program_subject(&s->program);
    return s;
}

struct subject kernel_subject_get(struct kernel_subject *s)
{
    return s->subject;
}

void kernel_subject_free(struct kernel_subject *s)
{
    if (!s)
        return;
    go_program_free(&s->subject);
    free(s);
}
