/* The numbers that the bench reports, on lists whose ranks are plain to see. */
#include "harness/seeded/stats.h"
#include "tests/support/test.h"

static void test_nothing(void **state)
{
    (void)state;
    struct stats s = stats_of(NULL, 0);
    assert_int_equal(s.trials, 0);
    assert_int_equal(s.found, 0);
}

static void test_one(void **state)
{
    (void)state;
    uint64_t list[] = { 7 };
    struct stats s = stats_of(list, 1);
    assert_int_equal(s.found, 1);
    assert_int_equal(s.median, 7);
    assert_int_equal(s.p90, 7);
    assert_int_equal(s.worst, 7);
}

/* Nearest rank: of 20 the 10th and the 18th, of 5 the 3rd and the 5th. */
static void test_ranks(void **state)
{
    (void)state;
    uint64_t twenty[20];
    for (size_t i = 0; i < 20; i++)
        twenty[i] = 20 - i;
    struct stats s = stats_of(twenty, 20);
    assert_int_equal(s.median, 10);
    assert_int_equal(s.p90, 18);
    assert_int_equal(s.worst, 20);

    uint64_t five[] = { 900, 1, 30, 2, 4 };
    s = stats_of(five, 5);
    assert_int_equal(s.median, 4);
    assert_int_equal(s.p90, 900);
    assert_int_equal(s.worst, 900);

    uint64_t ten[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 1000 };
    s = stats_of(ten, 10);
    assert_int_equal(s.median, 5);
    assert_int_equal(s.p90, 9);
    assert_int_equal(s.worst, 1000);
}

/* Missed trials come last, and are trials. */
static void test_missed(void **state)
{
    (void)state;
    uint64_t list[] = { STATS_MISSED, 3, STATS_MISSED, 1 };
    struct stats s = stats_of(list, 4);
    assert_int_equal(s.trials, 4);
    assert_int_equal(s.found, 2);
    assert_int_equal(s.median, 3);
    assert_true(s.p90 == STATS_MISSED);
    assert_true(s.worst == STATS_MISSED);

    uint64_t mostly[] = { STATS_MISSED, STATS_MISSED, 5 };
    s = stats_of(mostly, 3);
    assert_int_equal(s.found, 1);
    assert_true(s.median == STATS_MISSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_one),
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
