/* What a run tells about itself.
 *
 * A sink gets every step, every choice and the notes that the model writes for readers. Without a
 * sink nothing is formatted; the hash over steps and choices is kept all the same. */
#ifndef CCLAB_MODEL_RT_TRACE_H
#define CCLAB_MODEL_RT_TRACE_H

#include "model/rt/rt.h"

struct rt_sink {
    void *self;
    /* `fiber` (NULL for a timer or a killed process) takes `op`; `choice_index` is the number of
     * the choice that picked it, or -1 when there was none to make. Operations that are no
     * scheduling points come here, too. Every function may be NULL. */
    void (*step)(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
            int64_t choice_index);
    void (*choice)(void *self, int64_t time_ns, const struct rt_choice *c, uint32_t chosen);
    void (*note)(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text);
    /* The channel operation that `fiber` (NULL outside goroutines) has done: for a select it names
     * the case; `partner` is the goroutine whose pending operation it completed, or NULL. */
    void (*done)(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
            struct rt_fiber *partner);
};

/* True if somebody reads notes. */
bool rt_tracing(void);
/* One line for the reader of a timeline, as rt_sprintf(); formatted only if somebody reads it.
 * Also the model's log: what Fabric logs at info and above and matters to a reader. */
#define rt_note(...)                                                                               \
    do {                                                                                           \
        if (rt_tracing())                                                                          \
            rt_note_write(__VA_ARGS__);                                                            \
    } while (0)
/* What rt_note() calls. */
void rt_note_write(const char *format, ...) RT_NONNULL_AT(1);

#endif
