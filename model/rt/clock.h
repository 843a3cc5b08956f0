/* The virtual clock: time.Now, timers and tickers.
 *
 * Time stands still while a goroutine can run, and then jumps to the next timer. Timers due at the
 * same time fire in an order that is a choice. Tick values are not modelled: a timer sends NULL. */
#ifndef CCLAB_MODEL_RT_CLOCK_H
#define CCLAB_MODEL_RT_CLOCK_H

#include "model/rt/chan.h"
#include "model/rt/rt.h"

#define RT_MS ((int64_t)1000000)
#define RT_SECOND ((int64_t)1000000000)

/* Nanoseconds since the run began. */
int64_t rt_now_ns(void);
/* The virtual wall clock, ns since 1970. */
int64_t rt_wall_ns(void);

struct rt_timer;

/* time.NewTimer: `rt_timer_chan` (capacity 1) gets one element when it fires. */
struct rt_timer *rt_timer_new(int64_t duration_ns, const char *name);
struct rt_chan *rt_timer_chan(struct rt_timer *timer) RT_NONNULL;
/* Timer.Stop: true if the call stops it, false if it had fired or been stopped. */
bool rt_timer_stop(struct rt_timer *timer) RT_NONNULL;
/* Timer.Reset: true if it was pending. The channel is not drained, as in Go. */
bool rt_timer_reset(struct rt_timer *timer, int64_t duration_ns) RT_NONNULL;
/* time.After. */
struct rt_chan *rt_after(int64_t duration_ns, const char *name);
/* time.NewTicker: fires each period until stopped; a tick is dropped if the last one still
 * waits. */
struct rt_timer *rt_ticker_new(int64_t period_ns, const char *name);
/* Calls fn(arg) in scheduler context when due (must not block): for simulated devices. The owner
 * process may be NULL; a timer of a dead process never fires. */
struct rt_timer *rt_timer_call(struct rt_proc *owner, int64_t duration_ns, const char *name,
        rt_fn fn, void *arg) RT_NONNULL_AT(4);

/* For drivers: the time of the next timer of a run, ns since its begin; -1 if none. */
int64_t rt_next_timer_ns(struct rt *rt) RT_NONNULL;
/* How many timers are pending if all of them are tickers; else 0. */
size_t rt_tickers_only(struct rt *rt) RT_NONNULL;
/* For strategies: which timer fired last; the same number whatever the schedule. */
uint64_t rt_timer_fired(const struct rt *rt) RT_NONNULL;

#endif
