/* panic, defer and recover. A goroutine has a stack of deferred calls and a stack of rt_recover()
 * scopes; a panic runs the deferred calls made in the innermost scope and jumps there. */
#include "model/rt/frames.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

struct rt_defer {
    struct rt_defer *below;
    rt_fn fn;
    void *arg;
};

struct rt_scope {
    jmp_buf jump;
    struct rt_scope *outer;
    struct rt_defer *mark;
    rt_str text;
};

static _Thread_local struct rt_frames thread_frames;
static _Thread_local struct rt_frames *frames_now;

struct rt_frames *rt_frames_use(struct rt_frames *frames)
{
    struct rt_frames *before = frames_now;
    frames_now = frames;
    return before;
}

struct rt_frames *rt_frames_now(void)
{
    return frames_now ? frames_now : &thread_frames;
}

struct rt_defer *rt_defer_mark(void)
{
    return rt_frames_now()->defers;
}

void rt_defer(rt_fn fn, void *arg)
{
    struct rt_frames *frames = rt_frames_now();
    struct rt_defer *d = rt_new(struct rt_defer);
    *d = (struct rt_defer){ .below = frames->defers, .fn = fn, .arg = arg };
    frames->defers = d;
}

/* A deferred call leaves the stack before it runs: if it panics itself, it is not run again. */
void rt_run_deferred(struct rt_defer *mark)
{
    struct rt_frames *frames = rt_frames_now();
    while (frames->defers != mark) {
        struct rt_defer *d = frames->defers;
        frames->defers = d->below;
        d->fn(d->arg);
    }
}

void rt_frames_unwind(struct rt_frames *frames)
{
    frames->goexit = true;
    while (frames->scope) {
        rt_run_deferred(frames->scope->mark);
        frames->scope = frames->scope->outer;
    }
    rt_run_deferred(NULL);
}

static void throw_text(rt_str text, const char *file, const char *function)
        __attribute__((noreturn));
static void throw_text(rt_str text, const char *file, const char *function)
{
    struct rt_frames *frames = rt_frames_now();
    rt_run_deferred(frames->scope ? frames->scope->mark : NULL);
    struct rt_scope *scope = frames->scope;
    if (scope) {
        scope->text = text;
        longjmp(scope->jump, 1);
    }
    if (rt_proc_self())
        rt_proc_exit_at(rt_proc_self(), 2, text, file, function);
    (void)fprintf(stderr, "panic: %.*s\n", (int)text.len, (const char *)text.data);
    abort();
}

void rt_panicf_at(const char *file, const char *function, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str text = rt_vsprintf(format, args);
    va_end(args);
    throw_text(text, file, function);
}

void rt_panic_nil_at(const char *file, const char *function)
{
    throw_text(RT_STR("runtime error: invalid memory address or nil pointer dereference"), file,
            function);
}

bool rt_recover(rt_fn fn, void *arg, rt_str *text)
{
    struct rt_frames *frames = rt_frames_now();
    struct rt_scope scope = { .outer = frames->scope, .mark = frames->defers };
    frames->scope = &scope;
    bool panicked = setjmp(scope.jump) != 0;
    if (!panicked) {
        fn(arg);
        rt_run_deferred(scope.mark);
    }
    frames = rt_frames_now();
    frames->scope = frames->scope->outer;
    if (!panicked)
        return false;
    if (frames->goexit)
        rt_goexit();
    if (text)
        *text = scope.text;
    return true;
}
