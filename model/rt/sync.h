/* sync.Mutex, RWMutex, Once and WaitGroup.
 *
 * Zeroed memory is an unlocked lock; rt_*_init() gives it a name for traces, and an identity that
 * does not depend on who uses it first, which a search with partial-order reduction needs.
 * Unlocking an unlocked lock is Go's fatal error: it kills the process and cannot be recovered. As
 * in Go, a waiting writer keeps new readers of a RWMutex out, and which waiter gets a lock is open
 * (a choice). */
#ifndef CCLAB_MODEL_RT_SYNC_H
#define CCLAB_MODEL_RT_SYNC_H

#include "model/rt/rt.h"

struct rt_clock; /* of model/rt itself */

struct rt_mutex {
    const char *name;
    struct rt_fiber *owner; /* for reports; NULL when unlocked */
    struct rt_fiber *waiters;
    struct rt_clock *order;
    uint32_t object;
    bool locked;
    bool passed; /* has been unlocked by another goroutine than the one that locked it */
};
/* Makes it an unlocked lock; the name is shared, and may be NULL. So are those below. */
void rt_mutex_init(struct rt_mutex *m, const char *name) RT_NONNULL_AT(1);
/* Lock: waits until it is unlocked. */
#define rt_lock(m) rt_lock_at((m), __FILE__, __LINE__)
void rt_lock_at(struct rt_mutex *m, const char *file, int line) RT_NONNULL_AT(1);
/* Unlock, by whoever; no scheduling point. */
void rt_unlock(struct rt_mutex *m) RT_NONNULL;

struct rt_rwmutex {
    const char *name;
    struct rt_fiber *writer; /* holder, or who waits for readers */
    struct rt_fiber *waiters;
    struct rt_clock *order;         /* of Unlock */
    struct rt_clock *readers_order; /* of RUnlock */
    uint32_t object;
    uint32_t readers;         /* holders */
    uint32_t waiting_writers; /* have called Lock and wait: new readers stay out */
    bool locked;
    bool passed; /* has been unlocked by another goroutine than the writer */
};
void rt_rwmutex_init(struct rt_rwmutex *m, const char *name) RT_NONNULL_AT(1);
/* Lock and Unlock. */
#define rt_wlock(m) rt_wlock_at((m), __FILE__, __LINE__)
void rt_wlock_at(struct rt_rwmutex *m, const char *file, int line) RT_NONNULL_AT(1);
void rt_wunlock(struct rt_rwmutex *m) RT_NONNULL;
/* RLock and RUnlock. */
#define rt_rlock(m) rt_rlock_at((m), __FILE__, __LINE__)
void rt_rlock_at(struct rt_rwmutex *m, const char *file, int line) RT_NONNULL_AT(1);
void rt_runlock(struct rt_rwmutex *m) RT_NONNULL;

struct rt_once {
    struct rt_mutex mutex;
    bool done;
};
void rt_once_init(struct rt_once *once, const char *name) RT_NONNULL_AT(1);
/* Do: the first call calls fn(arg), the others wait until it has returned or panicked. */
void rt_once_do(struct rt_once *once, rt_fn fn, void *arg) RT_NONNULL_AT(1, 2);

struct rt_waitgroup {
    const char *name;
    struct rt_fiber *waiters;
    struct rt_clock *order;
    uint32_t object;
    int64_t count;
};
void rt_waitgroup_init(struct rt_waitgroup *wg, const char *name) RT_NONNULL_AT(1);
/* Add and Done change the counter; below 0 they panic. Wait waits until it is 0. */
void rt_waitgroup_add(struct rt_waitgroup *wg, int64_t delta) RT_NONNULL;
void rt_waitgroup_done(struct rt_waitgroup *wg) RT_NONNULL;
void rt_waitgroup_wait(struct rt_waitgroup *wg) RT_NONNULL;

#endif
