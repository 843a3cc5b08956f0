/* Panics are found and told apart by their place. */
#include "model/rt/chan.h"
#include "model/rt/sync.h"
#include "tests/harness/support/story.h"
#include "tests/support/test.h"

static void nil_here(void *arg)
{
    RT_DEREF((int *)arg);
}

static void nil_there(void *arg)
{
    RT_DEREF((int *)arg);
}

static void closes_twice(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(0, "done");
    rt_close(ch);
    rt_close(ch);
}

static void unlocks_unlocked(void *arg)
{
    (void)arg;
    struct rt_mutex m;
    rt_mutex_init(&m, "registry");
    rt_unlock(&m);
}

/* A panic is identified by where it happened and whose it was. */
static void test_places_of_panics(void **state)
{
    (void)state;
#define NIL "no-panic/runtime error: invalid memory address or nil pointer dereference in "
    expect_id(nil_here, NIL "test_panic_places.c nil_here/story");
    expect_id(nil_there, NIL "test_panic_places.c nil_there/story");
    expect_id(closes_twice,
            "no-panic/close of closed channel in test_panic_places.c close done/story");
    expect_id(unlocks_unlocked, "no-panic/sync: unlock of unlocked mutex in unlock registry/story");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_of_panics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
