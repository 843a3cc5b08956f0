/* Mutex, RWMutex, Once and WaitGroup by Go's rules. */
#include "tests/rt/helper_program.h"

static struct rt_mutex mu;
static struct rt_mutex mu2;
static struct rt_rwmutex rw;
static struct rt_chan *done;

static void nothing(void *arg)
{
    (void)arg;
}

/* ---- Mutex ---- */

static void say_locked(void *arg)
{
    rt_lock(&mu);
    out("%d", of(arg));
    rt_yield();
    out("%d", of(arg));
    rt_unlock(&mu);
}

static void mutex_excludes(void *arg)
{
    (void)arg;
    mu = (struct rt_mutex){ 0 };
    for (int i = 1; i <= 3; i++)
        rt_go("locker", say_locked, num(i));
}

static void lock_both(struct rt_mutex *a, struct rt_mutex *b)
{
    rt_lock(a);
    rt_lock(b);
    rt_unlock(b);
    rt_unlock(a);
}

static void lock_backwards(void *arg)
{
    (void)arg;
    lock_both(&mu2, &mu);
}

static void lock_order(void *arg)
{
    (void)arg;
    rt_mutex_init(&mu, "first");
    rt_mutex_init(&mu2, "second");
    rt_go("backwards", lock_backwards, NULL);
    lock_both(&mu, &mu2);
    out("through");
}

static void lock_twice(void *arg)
{
    (void)arg;
    mu = (struct rt_mutex){ 0 };
    rt_lock(&mu);
    rt_lock(&mu);
}

static void unlock_unlocked(void *arg)
{
    (void)arg;
    mu = (struct rt_mutex){ 0 };
    rt_unlock(&mu);
}

/* A fatal error is no panic: nobody recovers it, deferred calls do not run. */
static void say_deferred(void *arg)
{
    (void)arg;
    out("deferred");
}

static void deferred_unlock_unlocked(void *arg)
{
    rt_defer(say_deferred, NULL);
    unlock_unlocked(arg);
}

static void recover_fatal(void *arg)
{
    (void)rt_recover(deferred_unlock_unlocked, arg, NULL);
    out("recovered");
}

static void unlock_elsewhere(void *arg)
{
    (void)arg;
    rt_unlock(&mu);
}

/* As in Go, a mutex has no owner who must unlock it. */
static void unlock_by_another(void *arg)
{
    (void)arg;
    mu = (struct rt_mutex){ 0 };
    rt_lock(&mu);
    assert_ptr_equal(mu.owner, rt_self());
    rt_go("other", unlock_elsewhere, NULL);
    rt_lock(&mu);
    out("again");
}

/* ---- RWMutex ---- */

static void write_once(void *arg)
{
    rt_wlock(&rw);
    out("w%d", of(arg));
    rt_yield();
    out("W");
    rt_wunlock(&rw);
}

static void read_once(void *arg)
{
    rt_rlock(&rw);
    out("r%d", of(arg));
    rt_yield();
    out("R");
    rt_runlock(&rw);
}

static void readers_share(void *arg)
{
    (void)arg;
    rw = (struct rt_rwmutex){ 0 };
    rt_go("a", read_once, num(1));
    rt_go("b", read_once, num(2));
}

static void writer_excludes(void *arg)
{
    (void)arg;
    rw = (struct rt_rwmutex){ 0 };
    rt_go("r", read_once, num(1));
    rt_go("w", write_once, num(2));
}

/* A second RLock of the same goroutine waits for a writer that waits for the first. */
static void read_recursively(void *arg)
{
    (void)arg;
    rt_rwmutex_init(&rw, "rw");
    rt_go("w", write_once, num(1));
    rt_rlock(&rw);
    rt_rlock(&rw);
    out("both");
    rt_runlock(&rw);
    rt_runlock(&rw);
}

/* The same when the writer waits for sure. */
static void writer_before_new_readers(void *arg)
{
    (void)arg;
    rw = (struct rt_rwmutex){ 0 };
    rt_rlock(&rw);
    rt_go("w", write_once, num(1));
    rt_sleep_ns(RT_MS);
    assert_int_equal(rw.waiting_writers, 1);
    rt_go("r", read_once, num(2));
    rt_sleep_ns(RT_MS);
    out("x");
    rt_runlock(&rw);
}

/* Readers that wait for a writer get in before the next writer. */
static void readers_before_next_writer(void *arg)
{
    (void)arg;
    rw = (struct rt_rwmutex){ 0 };
    rt_wlock(&rw);
    rt_go("w", write_once, num(1));
    rt_sleep_ns(RT_MS);
    rt_go("r", read_once, num(2));
    rt_sleep_ns(RT_MS);
    rt_wunlock(&rw);
}

static void read_later(void *arg)
{
    rt_sleep_ns(2 * RT_MS);
    read_once(arg);
}

/* A reader that may have come before the unlock may get in before the next writer. */
static void reader_beside_next_writer(void *arg)
{
    (void)arg;
    rw = (struct rt_rwmutex){ 0 };
    rt_wlock(&rw);
    rt_go("r", read_later, num(2));
    rt_sleep_ns(RT_MS);
    rt_go("w", write_once, num(1));
    rt_sleep_ns(RT_MS);
    rt_wunlock(&rw);
}

static void unlock_unlocked_rw(void *arg)
{
    (void)arg;
    rw = (struct rt_rwmutex){ 0 };
    rt_wunlock(&rw);
}

static void unlock_read_rw(void *arg)
{
    (void)arg;
    rw = (struct rt_rwmutex){ 0 };
    rt_rlock(&rw);
    rt_wunlock(&rw);
}

static void runlock_unlocked_rw(void *arg)
{
    (void)arg;
    rw = (struct rt_rwmutex){ 0 };
    rt_runlock(&rw);
}

/* ---- Once ---- */

static struct rt_once once;

static void slow_init(void *arg)
{
    out("[%d", of(arg));
    rt_yield();
    out("]");
}

static void call_once(void *arg)
{
    rt_once_do(&once, slow_init, arg);
    out("+");
}

static void once_for_all(void *arg)
{
    (void)arg;
    once = (struct rt_once){ 0 };
    rt_go("a", call_once, num(1));
    rt_go("b", call_once, num(2));
}

static void panicking(void *arg)
{
    (void)arg;
    rt_panicf("no luck");
}

static void once_panicking(void *arg)
{
    rt_once_do(&once, panicking, arg);
}

/* A panic counts as done, and lets go of the lock. */
static void once_with_panic(void *arg)
{
    (void)arg;
    once = (struct rt_once){ 0 };
    rt_str text;
    assert_true(rt_recover(once_panicking, NULL, &text));
    out("%.*s;", (int)text.len, (const char *)text.data);
    rt_once_do(&once, panicking, NULL);
    out("done %d", once.mutex.locked);
}

static void once_again(void *arg)
{
    rt_once_do(&once, nothing, arg);
}

static void once_in_itself(void *arg)
{
    (void)arg;
    once = (struct rt_once){ 0 };
    rt_once_do(&once, once_again, NULL);
}

/* ---- WaitGroup ---- */

static struct rt_waitgroup wg;

static void work(void *arg)
{
    out("%d", of(arg));
    rt_waitgroup_done(&wg);
}

static void wait_for_two(void *arg)
{
    (void)arg;
    wg = (struct rt_waitgroup){ 0 };
    rt_waitgroup_add(&wg, 2);
    rt_go("a", work, num(1));
    rt_go("b", work, num(2));
    rt_waitgroup_wait(&wg);
    out("!");
}

static void wait_too_much(void *arg)
{
    (void)arg;
    wg = (struct rt_waitgroup){ 0 };
    rt_waitgroup_wait(&wg);
    rt_waitgroup_add(&wg, 2);
    rt_go("a", work, num(1));
    rt_waitgroup_wait(&wg);
}

static void done_too_often(void *arg)
{
    (void)arg;
    wg = (struct rt_waitgroup){ 0 };
    rt_waitgroup_done(&wg);
}

/* Who waits has been let go when the counter is back at zero, whatever is added then. */
static void reuse_body(void *arg)
{
    (void)arg;
    rt_waitgroup_wait(&wg);
    out("released");
    rt_send(done, NULL);
}

static void reuse(void *arg)
{
    (void)arg;
    wg = (struct rt_waitgroup){ 0 };
    done = rt_chan_make(0, "done");
    rt_waitgroup_add(&wg, 1);
    rt_go("waiter", reuse_body, NULL);
    rt_sleep_ns(RT_MS);
    rt_waitgroup_done(&wg);
    rt_waitgroup_add(&wg, 1);
    rt_recv(done, NULL);
}

/* ---- what they are called ---- */

static void once_empty(struct rt_once *o)
{
    rt_once_do(o, nothing, NULL);
}

/* Whoever is used first: numbers are given by rt_*_init(), in its order, else by the first use. */
static void names(void *arg)
{
    (void)arg;
    static struct rt_mutex m, m0;
    static struct rt_rwmutex r, r0;
    static struct rt_once o, o0;
    static struct rt_waitgroup w, w0, w1;
    m0 = (struct rt_mutex){ 0 };
    r0 = (struct rt_rwmutex){ 0 };
    o0 = (struct rt_once){ 0 };
    w0 = w1 = (struct rt_waitgroup){ 0 };
    rt_mutex_init(&m, "m");
    rt_rwmutex_init(&r, "r");
    rt_once_init(&o, "o");
    rt_waitgroup_init(&w, "w");
    rt_waitgroup_add(&w0, 1);
    rt_waitgroup_wait(&w1);
    once_empty(&o0);
    rt_wlock(&r0);
    rt_lock(&m0);
    const uint32_t numbers[] = { m.object, r.object, o.mutex.object, w.object, w0.object, w1.object,
        o0.mutex.object, r0.object, m0.object };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        assert_int_equal(numbers[i], numbers[0] + i);
    assert_true(numbers[0] > 0);
    assert_ptr_equal(m0.owner, rt_self());
    rt_unlock(&m0);
    assert_null(m0.owner);
}

static void test_names(void **state)
{
    support_run(NULL, names, *state);
}

static void once_again_is_nothing(void *arg)
{
    (void)arg;
    assert_false(once.done);
}

/* Locks work outside a run as long as nobody must wait. */
static void test_outside(void **state)
{
    (void)state;
    mu = (struct rt_mutex){ 0 };
    rw = (struct rt_rwmutex){ 0 };
    for (int i = 0; i < 2; i++) {
        rt_lock(&mu);
        assert_true(mu.locked);
        rt_unlock(&mu);
        rt_rlock(&rw);
        rt_rlock(&rw);
        assert_int_equal(rw.readers, 2);
        rt_runlock(&rw);
        rt_runlock(&rw);
        rt_wlock(&rw);
        assert_true(rw.locked);
        rt_wunlock(&rw);
        once = (struct rt_once){ 0 };
        rt_once_do(&once, once_again_is_nothing, NULL);
        assert_true(once.done);
        once_empty(&once);
        wg = (struct rt_waitgroup){ 0 };
        rt_waitgroup_wait(&wg);
        rt_waitgroup_add(&wg, 1);
        rt_waitgroup_done(&wg);
        rt_waitgroup_wait(&wg);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTCOMES(mutex_excludes, "112233 | 113322 | 221133 | 223311 | 331122 | 332211"),
        OUTCOMES(lock_order, "blocked(2) | through"),
        OUTCOMES(lock_twice, "blocked(1)"),
        OUTCOMES(unlock_unlocked, "panic(sync: unlock of unlocked mutex)"),
        OUTCOMES(recover_fatal, "panic(sync: unlock of unlocked mutex)"),
        OUTCOMES(unlock_by_another, "again"),
        OUTCOMES(readers_share, "r1Rr2R | r1r2RR | r2Rr1R | r2r1RR"),
        OUTCOMES(writer_excludes, "r1Rw2W | w2Wr1R"),
        OUTCOMES(read_recursively, "blocked(2) | bothw1W | w1Wboth"),
        OUTCOMES(writer_before_new_readers, "xw1Wr2R"),
        OUTCOMES(readers_before_next_writer, "r2Rw1W"),
        OUTCOMES(reader_beside_next_writer, "r2Rw1W | w1Wr2R"),
        OUTCOMES(unlock_unlocked_rw, "panic(sync: Unlock of unlocked RWMutex)"),
        OUTCOMES(unlock_read_rw, "panic(sync: Unlock of unlocked RWMutex)"),
        OUTCOMES(runlock_unlocked_rw, "panic(sync: RUnlock of unlocked RWMutex)"),
        OUTCOMES(once_for_all, "[1]++ | [2]++"),
        OUTCOMES(once_with_panic, "no luck;done 0"),
        OUTCOMES(once_in_itself, "blocked(1)"),
        OUTCOMES(wait_for_two, "12! | 21!"),
        OUTCOMES(wait_too_much, "1 blocked(1)"),
        OUTCOMES(done_too_often, "panic(sync: negative WaitGroup counter)"),
        OUTCOMES(reuse, "released"),
        cmocka_unit_test(test_names),
        cmocka_unit_test_setup_teardown(test_outside, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
