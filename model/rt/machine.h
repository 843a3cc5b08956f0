/* Internal to model/rt: what a machine and its goroutines are made of, and how they wait.
 *
 * A goroutine is running, or pending: then `op` says what it is about to do, and it is in the
 * enabled set if it can do that now. What it waits for keeps it in a list, so that whoever changes
 * an object re-evaluates exactly the goroutines pending there (rt_refresh). An operation that
 * another goroutine completes (a rendezvous, a lock handed over) leaves its owner enabled and
 * `complete`: it only has to be picked to go on. */
#ifndef CCLAB_MODEL_RT_MACHINE_H
#define CCLAB_MODEL_RT_MACHINE_H

#include "model/rt/chan.h"
#include "model/rt/check.h"
#include "model/rt/clock.h"
#include "model/rt/frames.h"
#include "model/rt/rt.h"
#include "model/rt/stack.h"
#include "model/rt/trace.h"

/* How a pending operation waits; a NULL pointer to this stands for an operation that always can be
 * taken. */
struct rt_wait {
    bool (*ready)(const struct rt_fiber *fiber);
    /* The goroutine that alone can end the wait, of a lock that no other one unlocks; NULL (also
     * the function) if it may be anyone who reaches the object. */
    const struct rt_fiber *(*holder)(const struct rt_fiber *fiber);
    void (*leave)(struct rt_fiber *fiber); /* takes the fiber out of the lists where it waits */
};

/* The place of a pending channel operation in the channel's list of senders or receivers. */
struct rt_waiter {
    struct rt_waiter *next;
    struct rt_waiter *prev;
    struct rt_fiber *fiber;
    size_t index; /* of the case */
};

struct rt_waiters {
    struct rt_waiter *first;
    struct rt_waiter *last;
};

struct rt_chan {
    const char *name;
    uint32_t object;
    bool closed;
    size_t capacity;
    size_t len;
    size_t head; /* index of the oldest element */
    void **ring;
    struct rt_waiters senders;
    struct rt_waiters receivers;
    bool message; /* rt_chan_is_message() */
    struct rt_chan_order *order;
};

enum { RT_INLINE_WAITERS = 3 };

struct rt_fiber {
    struct rt *rt;
    struct rt_proc *proc;
    struct rt_fiber *proc_next;
    struct rt_fiber *proc_prev;
    struct rt_stack *stack; /* NULL before its first step and after its end */
    const char *name;
    rt_fn fn;
    void *arg;
    uint32_t id;
    uint32_t parent;
    uint32_t children;
    uint32_t timers; /* that it made */
    uint64_t identity;
    bool daemon;
    bool dead;
    bool enabled;
    bool complete;
    struct rt_frames frames;

    struct rt_op op;
    uint64_t epoch; /* of the machine, when the operation became pending */
    const struct rt_wait *wait;
    void *object;             /* the lock, once, wait group or timer that it waits for, or the
                               * channel that it closes */
    struct rt_timer *sleeper; /* the timer of its sleeps */
    struct rt_fiber **lock_list;
    struct rt_fiber *lock_next;
    struct rt_fiber *lock_prev;

    struct rt_case *cases;
    size_t case_count;
    bool has_default;
    size_t chosen; /* the case that a partner completed */
    struct rt_waiter *waiters;
    size_t waiters_cap;
    struct rt_waiter inline_waiters[RT_INLINE_WAITERS];
    struct rt_agent *agent; /* in runs that look for races, else NULL */
};

struct rt_proc {
    struct rt *rt;
    const char *name;
    struct rt_fiber *fibers;
    struct rt_exit_hook *hooks;
    uint32_t object;
    int status;
    bool dead;
    rt_str panic;
    rt_str panic_place;
    const char *panic_fiber;
};

/* A growing array of pointers that lives as long as the machine. */
struct rt_list {
    void **items;
    uint32_t count;
    uint32_t cap;
};

/* Numbers that the hash of a trace gives to what shows in it. */
struct rt_shown {
    bool begun;
    uint32_t *numbers; /* by id; 0: has not shown */
    size_t cap;
    uint32_t count;
};

struct rt {
    struct rt_arena *arena;
    struct rt_stack_pool stacks;
    struct rt_stack thread; /* the scheduler's place */

    /* the run */
    bool begun;
    struct rt *outer;
    struct rt_arena *outer_arena;
    struct rt_frames *outer_frames;
    struct rt_source source;
    struct rt_sink sink;
    bool timers_race;
    bool track_races;
    const char *unordered_lock;
    uint64_t max_steps;
    int64_t start_time_ms;
    void (*hook)(void *arg);
    void *hook_arg;
    void (*idle_hook)(void *arg);
    void *idle_arg;
    bool track_objects;
    rt_fn aside; /* what the scheduler is to call for the active goroutine, or NULL */
    void *aside_arg;

    uint64_t steps;
    uint64_t choices;
    uint64_t hash;
    struct rt_shown shown_objects;
    struct rt_shown shown_fibers;
    uint64_t epoch; /* how often nothing could run: what was pending then has surely arrived */
    uint32_t objects;
    uint32_t roots; /* goroutines started from outside any */
    uint32_t last_fiber;
    bool in_loop;
    bool run_on; /* the running goroutine may take its next step without the scheduler */
    bool stopping;

    struct rt_fiber *running; /* the goroutine whose code runs; NULL in hooks and timers */
    struct rt_fiber *active;  /* the one on whose stack we are, also in hooks */
    struct rt_fiber *last;    /* ran last; NULL if it ended */
    struct rt_list fibers;    /* in order of id, with the dead ones until the next look */
    uint32_t dead_fibers;
    struct rt_list enabled; /* in order of id */
    struct rt_list options; /* scratch of a choice */

    int64_t now;
    int64_t race_from; /* from this time on a timer may fire while goroutines can run */
    uint64_t timer_seq;
    uint64_t root_timers;  /* made outside goroutines */
    uint64_t fired;        /* identity of the timer that fired last */
    struct rt_list timers; /* a heap */

    struct rt_field *fields; /* ids of fields shared without a lock */
    size_t fields_mask;
    size_t fields_len;
    struct rt_list agents;    /* with a slot, in order of slot */
    struct rt_agent *outside; /* the timer that fires now, or NULL */
    struct rt_agent *driver;  /* whoever acts between phases of a run */
    struct rt_race *races;
    size_t race_count;
    size_t race_cap;
};

extern _Thread_local struct rt *rt_machine_now;

/* The goroutine whose code runs on this thread; NULL: none. */
static inline struct rt_fiber *rt_running(void)
{
    return rt_machine_now ? rt_machine_now->running : NULL;
}

/* Ends the program: a mistake of the caller that no run can contain. */
void rt_die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Adds at the end. */
void rt_list_push(struct rt_list *list, void *item);

/* ---- sched.c ---- */

/* True if the running goroutine is the only one that can go on, so that there is nothing to
 * decide. */
static inline bool rt_may_run_on(const struct rt *rt)
{
    return rt->enabled.count == 0 && rt->run_on && rt->steps < rt->max_steps &&
           rt->now < rt->race_from;
}

/* The goroutine is about to do this. */
static inline void rt_publish(struct rt_fiber *f, enum rt_op_kind kind, uint32_t object,
        const char *object_name, const char *file, int line)
{
    f->op = (struct rt_op){ kind, object, object_name, file, line };
    f->complete = false;
    f->epoch = f->rt->epoch;
}

/* Re-evaluates whether a pending goroutine can go on. */
void rt_refresh(struct rt_fiber *f);
/* Takes an enabled goroutine out of the enabled set. */
void rt_disable(struct rt_fiber *f);
/* Marks a pending operation as done by somebody else. */
void rt_complete(struct rt_fiber *f);
/* Counts and reports a step that is about to be taken. */
void rt_take(struct rt *rt, struct rt_fiber *f, int64_t choice_index);
/* The published operation waits as `wait` says, and returns when its turn has come. The caller has
 * put the fiber in the lists where it waits. */
void rt_wait_turn(struct rt_fiber *f, const struct rt_wait *wait);
/* A scheduling point for an operation that can always be taken; nothing outside goroutines. */
void rt_point(enum rt_op_kind kind, uint32_t object, const char *name, const char *file, int line);
/* Takes a goroutine out of the machine. */
void rt_fiber_drop(struct rt_fiber *f);
/* Leaves the active goroutine, which has been dropped. */
void rt_leave_dropped(struct rt *rt) __attribute__((noreturn));
/* Calls fn(arg) outside any goroutine, with nothing to recover a panic. False if it panicked. */
bool rt_call_outside(struct rt *rt, rt_fn fn, void *arg, rt_str *panic_text);

/* ---- order.c: for runs that look for data races, see order.h ----
 *
 * Each is called where its operation happens, if rt_ordering() says so. */

/* True if what `f` does (NULL: code outside goroutines) orders accesses to shared fields. */
static inline bool rt_ordering(const struct rt_fiber *f)
{
    return f ? f->agent != NULL : rt_machine_now && rt_machine_now->track_races;
}
struct rt_clock;
struct rt_waitgroup;
/* The goroutine (NULL: code outside) learns what the clock knows; it lets others know, by the
 * clock, what it knows itself. */
void rt_order_acquire(struct rt_fiber *f, const struct rt_clock *from);
void rt_order_release(
        struct rt_fiber *f, struct rt_clock **to, enum rt_op_kind kind, const char *name);
/* A goroutine is started; a process ends: its hooks know of all that its goroutines did. */
void rt_order_start(struct rt_fiber *child);
void rt_order_exit(struct rt_proc *proc);
/* Between these two code runs that knows what the goroutine knew that set the timer. */
void rt_order_timer_begins(struct rt *rt, const char *name, const struct rt_clock *set);
void rt_order_timer_ends(struct rt *rt);
/* A send begins, a channel is closed. */
void rt_order_sends(struct rt_fiber *f, const struct rt_chan *ch);
void rt_order_closes(struct rt_chan *ch);
/* An element went into the buffer, came out of it; passed directly; the channel was found
 * closed. */
void rt_order_sent(struct rt_fiber *f, struct rt_chan *ch);
void rt_order_received(struct rt_fiber *f, struct rt_chan *ch);
void rt_order_met(struct rt_fiber *sender, struct rt_fiber *receiver, const struct rt_chan *ch);
void rt_order_saw_closed(struct rt_fiber *f, struct rt_chan *ch);
/* A lock was taken, which was let go of at `unlocked`, and by readers at `readers` (may be NULL);
 * it is let go of. `key` is its address. */
void rt_order_locked(struct rt_fiber *f, const void *key, const char *name,
        const struct rt_clock *unlocked, const struct rt_clock *readers);
void rt_order_unlocked(
        struct rt_clock **to, enum rt_op_kind kind, const void *key, const char *name);
/* Of a WaitGroup: an Add or Done, a Wait that has to wait. */
void rt_order_added(struct rt_waitgroup *wg, int64_t delta);
void rt_order_waits(const struct rt_waitgroup *wg);

/* ---- reach.c ---- */

/* The object allocated last is a goroutine: to know it is not to know what it knows. */
void rt_reach_hide_last(struct rt *rt);

/* ---- trace.c ---- */

/* Adds to the run's hash: an operation (f NULL: nobody's), a choice, the present time. */
void rt_hash_op(struct rt *rt, const struct rt_fiber *f, const struct rt_op *op);
void rt_hash_choice(struct rt *rt, enum rt_choice_kind kind, uint32_t options, uint32_t chosen);
void rt_hash_time(struct rt *rt);
/* The same with the place in the source. */
void rt_report_op(struct rt *rt, struct rt_fiber *f, const struct rt_op *op);
/* Reports something that is no step: an unlock, a start, an end. */
void rt_report(
        struct rt *rt, struct rt_fiber *f, enum rt_op_kind kind, uint32_t object, const char *name);

/* Reports a channel operation that was done. */
void rt_report_done(struct rt *rt, struct rt_fiber *f, enum rt_op_kind kind,
        const struct rt_chan *ch, struct rt_fiber *partner);

/* ---- choice.c ---- */

/* Asks the source and checks what it says; every choice of a run goes through here. */
uint32_t rt_decide(struct rt *rt, const struct rt_choice *c);

/* ---- clock.c ---- */

/* Fires one timer of those due next, and moves the clock there. */
void rt_timer_fire_next(struct rt *rt);
/* Every pending timer, with its sleeper, or what it will call its function with. */
void rt_timers_each(struct rt *rt,
        void (*look)(void *arg, const void *timer, struct rt_fiber *sleeper, const void *fn_arg),
        void *arg);
/* Takes out the timers of a process that has ended. */
void rt_timers_drop(struct rt *rt, const struct rt_proc *proc);

/* ---- sync.c ---- */

/* Puts a fiber at the end of an object's list, and takes it out of there. */
void rt_lock_link(struct rt_fiber *f, struct rt_fiber **list);
void rt_lock_unlink(struct rt_fiber *f);
/* Re-evaluates all who are in the list. */
void rt_lock_refresh(struct rt_fiber *list);
/* A new id for an object that has none yet. */
void rt_object_name(uint32_t *object);
/* Ends the running goroutine's process; not recoverable. `name` is the lock's, and may be NULL. */
void rt_fatal(const char *text, const char *name) __attribute__((noreturn));

/* ---- trace.c ---- */

/* The path without its folders. */
const char *rt_file_name(const char *path);

#endif
