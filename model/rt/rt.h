/* One simulated machine: goroutines as fibers, processes, a virtual clock.
 *
 * The folder holds two things. Its lower third needs no scheduler, works outside runs and knows
 * nothing of them: memory (arena.h), strings and formatting (str.h, with format.c and printable.c),
 * errors (error.h), maps (map.h; only rt_map_range() draws a choice, if there is a run), checks
 * (check.h). The rest is the machine.
 *
 * A run: rt_begin(), start goroutines with rt_go_in(), rt_run(), look at what is left, rt_end().
 * Goroutines switch only at operations on channels, locks, timers and the like, or at rt_yield().
 * At each such point the goroutine publishes the operation it wants (struct rt_op), the scheduler
 * works out which goroutines can take theirs, and one choice (RT_CHOICE_FIBER) picks who goes next.
 * So a goroutine's next operation is always known before it happens, which is what partial-order
 * methods need.
 *
 * A process is a set of goroutines that live and die together: the peer, a chaincode's container,
 * the Docker engine, a client. A Go panic that nobody recovers kills its process; deferred calls of
 * other goroutines do not run, as in Go.
 *
 * rt is single-threaded; several may exist on several threads, one current per thread. */
#ifndef CCLAB_MODEL_RT_RT_H
#define CCLAB_MODEL_RT_RT_H

#include "model/rt/arena.h"
#include "model/rt/choice.h"
#include "model/rt/error.h"
#include "model/rt/map.h"
#include "model/rt/str.h"

struct rt;
struct rt_fiber;
struct rt_proc;
struct rt_sink;

/* Kinds of operations a goroutine can be about to take. */
#define RT_OP_KINDS(X)                                                                               \
    X(START, "start") /* its first step */                                                           \
    X(YIELD, "yield")                                                                                \
    X(SEND, "send")                                                                                  \
    X(RECV, "recv")                                                                                  \
    X(CLOSE, "close")                                                                                \
    X(SELECT, "select")                                                                              \
    X(LOCK, "lock")                                                                                  \
    X(RLOCK, "rlock")                                                                                \
    X(UNLOCK, "unlock") /* never pending: reported to traces only */                                 \
    X(RUNLOCK, "runlock")                                                                            \
    X(WAIT, "wait") /* WaitGroup.Wait */                                                             \
    X(ONCE, "once")                                                                                  \
    X(SLEEP, "sleep")                                                                                \
    X(READ, "read") /* of a field shared without a lock; only in runs that look for races */         \
    X(WRITE, "write")                                                                                \
    X(GO, "go")       /* never pending */                                                            \
    X(EXIT, "exit")   /* never pending */                                                            \
    X(TIMER, "timer") /* never pending: a timer fires */                                             \
    X(KILL, "kill")   /* never pending: a process dies */                                            \
    /* Never pending, and told to sources only: WaitGroup.Add at a counter of 0, Add at another    \
     * one, Done, Done that brings it to 0, and below. */ \
    X(ADD_FIRST, "add first")                                                                        \
    X(ADD, "add")                                                                                    \
    X(DONE, "done")                                                                                  \
    X(DONE_LAST, "done last")                                                                        \
    X(DONE_BELOW, "done below")

enum rt_op_kind {
#define RT_OP_ENUM(name, text) RT_OP_##name,
    RT_OP_KINDS(RT_OP_ENUM)
#undef RT_OP_ENUM
            RT_OP_KIND_COUNT
};
/* "send"; for findings and traces. */
const char *rt_op_kind_name(enum rt_op_kind kind);

/* An operation: what, on which object (ids count up from 1 in each run; 0 for none), and where in
 * the source. */
struct rt_op {
    enum rt_op_kind kind;
    uint32_t object;
    const char *object_name; /* "launchState.done", or NULL */
    const char *file;
    int line;
};

/* Where an operation is, without its line: "handler_send.c send errChan". */
rt_str rt_op_place(const struct rt_op *op) RT_NONNULL;

/* How a run, or a part of one, ended. */
enum rt_stop {
    RT_IDLE,       /* nothing can run and no timer is pending */
    RT_BLOCKED,    /* nothing can run now; later timers are pending (rt_run_ready, rt_run_until) */
    RT_STEP_LIMIT, /* max_steps were taken */
    RT_STOPPED,    /* rt_stop() was called */
};

struct rt_config {
    const struct rt_source *source; /* NULL: always option 0 */
    struct rt_sink *sink;           /* NULL: no trace, only its hash */
    uint64_t max_steps;             /* 0: a million */
    int64_t start_time_ms;          /* virtual wall clock at the start, ms since 1970 */
    bool timers_race;               /* a pending timer may fire while goroutines can still run */
    bool track_objects;             /* rt_stuck() can be asked (model/rt/reach.h) */
    bool track_races;               /* looks for data races (model/rt/race.h) */
    /* With track_races: locks of this name exclude each other as ever, but order nothing, so that
     * what they guard shows as a race. For tests of the marks. NULL: none. */
    const char *unordered_lock;
};

/* Makes a machine with its own arena, stacks and tables, all reused from run to run. The caller
 * owns it; rt_machine_free() ends a run that is open, and takes NULL. */
struct rt *rt_machine_new(void);
void rt_machine_free(struct rt *rt);

/* Starts a run: resets the arena (everything of the last run is dead) and makes this machine and
 * its arena current on this thread. rt_end() drops what is still alive and makes the machine and
 * arena that were current before current again; the arena's content stays readable until the next
 * begin. */
void rt_begin(struct rt *rt, const struct rt_config *config) RT_NONNULL;
void rt_end(struct rt *rt) RT_NONNULL;
/* The machine whose run is current on this thread, or NULL. */
struct rt *rt_current(void);
/* The arena of its runs. */
struct rt_arena *rt_machine_arena(struct rt *rt) RT_NONNULL;

/* Runs until nothing can run and no timer is pending; moves the clock when nothing else can run. */
enum rt_stop rt_run(struct rt *rt) RT_NONNULL;
/* Runs until nothing can run at the present time; does not move the clock. */
enum rt_stop rt_run_ready(struct rt *rt) RT_NONNULL;
/* Runs as rt_run(), but not past `time_ns` of virtual time, where the clock then stands. */
enum rt_stop rt_run_until(struct rt *rt, int64_t time_ns) RT_NONNULL;
/* Takes one step; false when nothing can run at the present time. */
bool rt_step(struct rt *rt) RT_NONNULL;
/* Makes the rt_run*() in progress return RT_STOPPED after the present step. */
void rt_stop(struct rt *rt) RT_NONNULL;

/* Steps taken and choices made so far; a timer that fires is a step, too. */
uint64_t rt_steps(const struct rt *rt) RT_NONNULL;
uint64_t rt_choices(const struct rt *rt) RT_NONNULL;
/* Hash over every step and choice so far: equal choices give equal hashes, in any build. */
uint64_t rt_trace_hash(const struct rt *rt) RT_NONNULL;
/* The hash begins anew: from here on it does not depend on what happened before, nor on how many
 * goroutines and objects there are by now. */
void rt_trace_begin(struct rt *rt) RT_NONNULL;

/* Called in scheduler context after every step: the place to check invariants. */
void rt_on_step(struct rt *rt, void (*hook)(void *arg), void *arg) RT_NONNULL_AT(1);

/* For such hooks: the goroutine that took the last step; NULL if it has ended. */
struct rt_fiber *rt_ran_last(const struct rt *rt) RT_NONNULL;

/* Called in scheduler context whenever nothing can run at the present time, before the clock goes
 * on or the run ends. */
void rt_on_idle(struct rt *rt, void (*hook)(void *arg), void *arg) RT_NONNULL_AT(1);

/* ---- processes ---- */

/* A new live process; the name is shared, not copied. A run begins with none. */
struct rt_proc *rt_proc_new(const char *name);
/* Its name, and whether it has not ended yet. */
const char *rt_proc_name(const struct rt_proc *proc) RT_NONNULL;
bool rt_proc_alive(const struct rt_proc *proc) RT_NONNULL;
/* The process of the running goroutine; NULL outside. */
struct rt_proc *rt_proc_self(void);
/* Ends a process: its goroutines never run again (if the caller is one, this does not return), its
 * timers never fire, then its exit hooks run. `panic_text` is NULL if no panic ends it; `status` is
 * the exit status. Killing a dead one does nothing. */
#define rt_proc_exit(proc, status, panic_text)                                                     \
    rt_proc_exit_at((proc), (status), rt_str_from(panic_text), __FILE__, __func__)
/* The same with a text that may hold NUL (data == NULL: no panic), and the place. */
void rt_proc_exit_at(struct rt_proc *proc, int status, rt_str panic_text, const char *file,
        const char *function) RT_NONNULL_AT(1);
/* The exit status of one that has ended; a panic's is 2. */
int rt_proc_status(const struct rt_proc *proc) RT_NONNULL;
/* The text of the panic that killed it, without "panic: "; data == NULL if none did. */
rt_str rt_proc_panic(const struct rt_proc *proc) RT_NONNULL;
/* Where that panic was: file and function, or the operation that panicked (rt_op_place()); and the
 * name of the goroutine, NULL if it was none. No line numbers, so that they survive edits. */
rt_str rt_proc_panic_place(const struct rt_proc *proc) RT_NONNULL;
const char *rt_proc_panic_fiber(const struct rt_proc *proc) RT_NONNULL;
/* Adds a hook that runs when the process has died, in the context that killed it. A hook must not
 * block; it may start goroutines in other processes, close and send on buffered channels. */
void rt_proc_on_exit(struct rt_proc *proc, void (*hook)(void *arg, struct rt_proc *proc), void *arg)
        RT_NONNULL_AT(1, 2);

/* ---- goroutines ---- */

typedef void (*rt_fn)(void *arg);

/* `go fn(arg)` in the running goroutine's process; the name is shown in traces and shared. */
#define rt_go(name, fn, arg) rt_go_at((name), (fn), (arg), __FILE__, __LINE__)
void rt_go_at(const char *name, rt_fn fn, void *arg, const char *file, int line) RT_NONNULL_AT(2);
/* The same in a given process, also from outside any goroutine. */
struct rt_fiber *rt_go_in(struct rt_proc *proc, const char *name, rt_fn fn, void *arg)
        RT_NONNULL_AT(1, 3);
/* A goroutine that may wait forever without being reported as leaked: servers' accept loops. */
void rt_daemon(void);
/* A scheduling point. */
#define rt_yield() rt_yield_at(__FILE__, __LINE__)
void rt_yield_at(const char *file, int line);
/* time.Sleep. */
void rt_sleep_ns(int64_t duration_ns);
/* Ends the running goroutine, running its deferred calls (runtime.Goexit). */
void rt_goexit(void) __attribute__((noreturn));

/* The running goroutine; NULL outside. */
struct rt_fiber *rt_self(void);
/* Goroutines started in the present run, so also the id of the latest. */
uint32_t rt_fibers_started(const struct rt *rt) RT_NONNULL;
uint32_t rt_fiber_id(const struct rt_fiber *fiber) RT_NONNULL; /* from 1, in order of creation */
/* The id of the goroutine that started it, 0 if none did. */
uint32_t rt_fiber_parent(const struct rt_fiber *fiber) RT_NONNULL;
/* What rt_go() was given, and the process in which it runs. */
const char *rt_fiber_name(const struct rt_fiber *fiber) RT_NONNULL;
struct rt_proc *rt_fiber_proc(const struct rt_fiber *fiber) RT_NONNULL;
/* The same in all runs in which it is the n-th child of the same parent, or the n-th of those that
 * have none: for strategies. */
uint64_t rt_fiber_identity(const struct rt_fiber *fiber) RT_NONNULL;
/* What it is about to do. */
const struct rt_op *rt_fiber_op(const struct rt_fiber *fiber) RT_NONNULL;
/* True if it can do that now. */
bool rt_fiber_enabled(const struct rt_fiber *fiber) RT_NONNULL;
/* True if somebody else has completed its operation (its partner in a rendezvous, the one who left
 * a lock to it): its next step only goes on from there. */
bool rt_fiber_resumes(const struct rt_fiber *fiber) RT_NONNULL;
/* True if it has called rt_daemon(). */
bool rt_fiber_is_daemon(const struct rt_fiber *fiber) RT_NONNULL;
/* All live goroutines, in order of id: *count of them, valid until the next step. */
struct rt_fiber *const *rt_fibers(struct rt *rt, uint32_t *count) RT_NONNULL;

/* ---- panics ---- */

/* panic(text): runs deferred calls, then ends at the nearest rt_recover() or kills the process. */
#define rt_panicf(...) rt_panicf_at(__FILE__, __func__, __VA_ARGS__)
/* The same for another place; with file NULL it is the running goroutine's last operation. */
void rt_panicf_at(const char *file, const char *function, const char *format, ...)
        __attribute__((noreturn)) RT_NONNULL_AT(3);
/* What Go does on a nil pointer: the runtime's panic text. Use RT_DEREF for what Go would trap. */
#define rt_panic_nil() rt_panic_nil_at(__FILE__, __func__)
void rt_panic_nil_at(const char *file, const char *function) __attribute__((noreturn));
/* panic: runtime error: index out of range. */
#define rt_panic_index() rt_panicf("runtime error: index out of range")
#ifdef __cppcheck__ /* which gives up on a file when it meets the cast */
#define RT_DEREF(pointer) (pointer)
#else
#define RT_DEREF(pointer) ((__typeof__(pointer))rt_not_nil((pointer), __FILE__, __func__))
#endif
static inline void *rt_not_nil(const void *pointer, const char *file, const char *function)
{
    if (!pointer)
        rt_panic_nil_at(file, function);
    return (void *)(uintptr_t)pointer;
}
/* Runs fn(arg); if it panics, the panic ends here. Returns true if it panicked; *text (may be NULL)
 * gets the text. The C frames between are dropped without a trace, deferred calls have run. Works
 * outside a run too, for code such as decoders that can panic. */
bool rt_recover(rt_fn fn, void *arg, rt_str *text) RT_NONNULL_AT(1);
/* defer fn(arg), to be run by rt_run_deferred() or a panic. A function that defers ends with
 * rt_run_deferred(mark), mark = rt_defer_mark() at its begin. */
struct rt_defer;
struct rt_defer *rt_defer_mark(void);
void rt_defer(rt_fn fn, void *arg) RT_NONNULL_AT(1);
void rt_run_deferred(struct rt_defer *mark);

/* ---- fields shared without a lock (runs with track_races) ---- */

/* A read or a write of a field, at the place where Go's code has it; `field` is its address, in
 * memory of the run (not of a stack), `name` the one for findings: "Handler.state". In runs with
 * track_races each is a scheduling point, and is checked (model/rt/race.h); else it does
 * nothing. */
#define rt_shared_read(field, name)                                                                \
    (rt_shared_watched ? rt_shared_at(RT_OP_READ, (field), (name), __FILE__, __func__, __LINE__)   \
                       : (void)0)
#define rt_shared_write(field, name)                                                               \
    (rt_shared_watched ? rt_shared_at(RT_OP_WRITE, (field), (name), __FILE__, __func__, __LINE__)  \
                       : (void)0)
extern _Thread_local bool rt_shared_watched; /* the current run has track_races */
void rt_shared_at(enum rt_op_kind kind, const void *address, const char *name, const char *file,
        const char *function, int line);
/* The address of the field with this id; NULL if there is none. */
const void *rt_shared_address(const struct rt *rt, uint32_t object) RT_NONNULL;
/* For queues of the model's own, in which messages pass between goroutines that share no lock of
 * the model: whoever takes one knows of what was done before it was put there. `queue` is a member
 * of the queue, NULL at first. */
void rt_message_sent(void **queue) RT_NONNULL;
void rt_message_received(void *const *queue) RT_NONNULL;

/* A fresh object id for things that take part in traces. */
uint32_t rt_object_new(void);
/* How many there are in the present run, so also the id of the latest. */
uint32_t rt_objects_named(const struct rt *rt) RT_NONNULL;

#endif
