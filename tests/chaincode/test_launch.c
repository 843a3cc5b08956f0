/* Launching: the recorded vectors, and what each variant changes in small histories. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/conform/go_order.h"
#include "harness/conform/launch_play.h"
#include "model/chaincode/runtime_launcher.h"
#include "model/lab/variants.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

/* ---- the recorded vectors ---- */

static void test_vectors(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("corpora/conformance/launch.jsonl");
    struct rt *machine = rt_machine_new();
    struct go_order *order = go_order_new();
    const json_t *vector;
    while ((vector = support_next_vector(&lines))) {
        json_t *expect = json_object_get(vector, "expect");
        for (size_t i = 0; i < json_array_size(expect); i++)
            launch_sort(json_object_get(json_array_get(expect, i), "handlers"));
        const struct rt_source source = go_order_source(order);
        json_t *actual = launch_play(machine, vector, &source, 0);
        if (!json_equal(actual, expect))
            fail_msg("%s", json_string_value(json_object_get(vector, "id")));
        json_decref(actual);
    }
    assert_true(lines.number > 500);
    go_order_free(order);
    rt_machine_free(machine);
}

/* ---- variants ---- */

#define CC "\"cc\":\"mycc:1.0\""
#define LAUNCH(call) "{\"do\":\"launch\",\"call\":\"" call "\"," CC "}"
#define INIT(call) "{\"do\":\"init\",\"call\":\"" call "\"," CC ",\"tx\":\"tx1\"}"
#define OPEN(s) "{\"do\":\"open\",\"stream\":\"" s "\"}"
#define REGISTER(s) "{\"do\":\"register\",\"stream\":\"" s "\"," CC "}"
#define REGISTER_NOBODY(s)                                                                         \
    "{\"do\":\"message\",\"stream\":\"" s "\",\"tx\":\"tx1\",\"type\":\"REGISTER\"}"
#define CLOSE(s) "{\"do\":\"close\",\"stream\":\"" s "\"}"
#define START_OK "{\"do\":\"start_ok\"," CC "}"
#define START_ERR "{\"do\":\"start_err\"," CC ",\"msg\":\"late\"}"
#define EXIT "{\"do\":\"exit\"," CC ",\"code\":7}"
#define ADVANCE "{\"do\":\"advance\"}"
#define FAILS(s) "{\"do\":\"send_fails\",\"stream\":\"" s "\"}"
#define COMPLETED(s)                                                                               \
    "{\"do\":\"message\",\"stream\":\"" s "\",\"tx\":\"tx1\",\"type\":\"COMPLETED\",\"status\":"   \
    "200}"

/* One history: `text` is in its observations under some schedule with `variant`, and under none
 * without it; with `always` it is there under every schedule with it. */
struct history {
    enum variant variant;
    bool always;
    const char *events;
    const char *text;
};

static const struct history histories[] = {
    { VARIANT_HALF_STARTED_IS_RUNNING, true, LAUNCH("a") "," LAUNCH("b"),
            "\"call\":\"b\",\"err\":null" },
    { VARIANT_READY_OVERTAKEN, false, INIT("a") "," OPEN("s") "," REGISTER("s"),
            "\"tx\":\"tx1\",\"type\":\"INIT\"},{\"stream\":\"s\",\"type\":\"READY\"" },
    { VARIANT_INIT_OUT_OF_BAND, false, INIT("a") "," OPEN("s") "," REGISTER("s"),
            "\"tx\":\"tx1\",\"type\":\"INIT\"},{\"stream\":\"s\",\"type\":\"READY\"" },
    { VARIANT_UNSOLICITED_REGISTRATION, true, OPEN("s") "," REGISTER("s"), "\"REGISTERED\"" },
    { VARIANT_TIMER_AFTER_START, true, LAUNCH("a") "," ADVANCE,
            "{\"blocked\":[\"a\"],\"handlers\":[]}" },
    { VARIANT_START_ERROR_FORGETS, true, LAUNCH("a") "," OPEN("s") "," REGISTER("s") "," START_ERR,
            "{\"handlers\":[]}" },
    { VARIANT_FAILURE_NOT_REPORTED, true,
            LAUNCH("a") "," OPEN("s") "," FAILS("s") "," REGISTER("s"),
            "{\"blocked\":[\"a\"],\"handlers\":[\"mycc:1.0\"]}" },
    { VARIANT_LAUNCH_IN_PROGRESS_REJECTED, true, LAUNCH("a") "," LAUNCH("b"),
            "has already been launched" },
    { VARIANT_EXIT_UNOBSERVED, true, LAUNCH("a") "," START_OK "," EXIT,
            "{\"blocked\":[\"a\"],\"handlers\":[]},{\"blocked\":[\"a\"],\"handlers\":[]}" },
    { VARIANT_SEND_FAILURE_DROPPED, true,
            LAUNCH("z") "," OPEN("s") "," REGISTER("s") "," FAILS("s") "," INIT("a"),
            "{\"blocked\":[\"a\"],\"ended\":" },
    { VARIANT_FIX_STREAM_END_NOTIFIES, true,
            INIT("a") "," OPEN("s") "," REGISTER("s") "," CLOSE("s"),
            "chaincode stream terminated" },
    { VARIANT_FIX_DEREGISTER_OWN, true,
            LAUNCH("a") "," OPEN("s") "," REGISTER("s") "," OPEN("t") "," REGISTER("t") "," CLOSE(
                    "t"),
            "\"stream\":\"t\"}],\"handlers\":[\"mycc:1.0\"]" },
    { VARIANT_FIX_REGISTER_FAILURE_ENDS, true,
            LAUNCH("a") "," OPEN("s") "," REGISTER("s") "," OPEN("t") "," REGISTER("t"),
            "duplicate chaincodeID: mycc:1.0" },
};

/* Dumps of the observations of a history under a schedule. */
static char *play(struct rt *machine, const struct history *h, uint64_t variants, uint64_t seed)
{
    char text[4096];
    (void)snprintf(text, sizeof text,
            "{\"user_runs_cc\":false,\"gate_stop\":false,\"no_package\":[\"nopkg:1.0\"],"
            "\"startup_timeout_ms\":1500,\"execute_timeout_ms\":3000,\"events\":[%s]}",
            h->events);
    json_t *vector = json_loads(text, 0, NULL);
    assert_non_null(vector);
    struct rt_rng rng = { seed };
    const struct rt_source source = random_source(&rng);
    json_t *observations = launch_play(machine, vector, &source, variants);
    char *dump = json_dumps(observations, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(observations);
    json_decref(vector);
    return dump;
}

enum { SEEDS = 200 };

/* In how many of the schedules the text is there. */
static int seen(struct rt *machine, const struct history *h, uint64_t variants)
{
    int count = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        char *dump = play(machine, h, variants, seed);
        count += strstr(dump, h->text) != NULL;
        free(dump);
    }
    return count;
}

static void test_variants(void **state)
{
    (void)state;
    struct rt *machine = rt_machine_new();
    int failed = 0;
    for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
        const struct history *h = &histories[i];
        const char *id = variant_describe(h->variant)->id;
        int with = seen(machine, h, (uint64_t)1 << h->variant);
        int without = seen(machine, h, 0);
        if (with == 0 || (h->always && with != SEEDS) || without != 0) {
            print_error("%s: seen in %d schedules with it, %d without\n", id, with, without);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
    rt_machine_free(machine);
}

/* ---- two launches at once ---- */

struct two {
    struct runtime_launcher *launcher;
    int starts;
};

static struct rt_error *count_start(
        void *self, struct chaincode_container_info *ccci, rt_bytes code_package)
{
    struct two *two = self;
    (void)ccci;
    (void)code_package;
    two->starts++;
    return NULL;
}

static struct rt_error *no_stop(void *self, struct chaincode_container_info *ccci)
{
    (void)self;
    (void)ccci;
    return NULL;
}

static struct rt_error *exited(
        void *self, struct chaincode_container_info *ccci, int64_t *exit_code)
{
    (void)self;
    (void)ccci;
    *exit_code = 1;
    rt_sleep_ns(RT_MS);
    return NULL;
}

static void launch_one(void *arg)
{
    struct chaincode_container_info ccci = {
        .name = RT_STR("mycc"), .version = RT_STR("1.0"), .container_type = RT_STR("SYSTEM")
    };
    assert_non_null(runtime_launcher_launch(((struct two *)arg)->launcher, &ccci));
}

/* The largest number of containers that two launches start, over many schedules. */
static int most_starts(uint64_t variants)
{
    struct rt *machine = rt_machine_new();
    int most = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct rt_rng rng = { seed };
        const struct rt_source source = random_source(&rng);
        const struct rt_config config = { .source = &source };
        rt_begin(machine, &config);
        struct two two = { 0 };
        struct runtime_launcher launcher = { .runtime = { &two, count_start, no_stop, exited },
            .registry = handler_registry_new(false),
            .startup_timeout_ns = RT_SECOND,
            .variants = variants };
        launcher.registry->variants = variants;
        two.launcher = &launcher;
        struct rt_proc *peer = rt_proc_new("peer");
        rt_go_in(peer, "a", launch_one, &two);
        rt_go_in(peer, "b", launch_one, &two);
        rt_run_ready(machine);
        most = two.starts > most ? two.starts : most;
        rt_end(machine);
    }
    rt_machine_free(machine);
    return most;
}

static void test_two_containers(void **state)
{
    (void)state;
    assert_int_equal(most_starts(0), 1);
    assert_int_equal(most_starts((uint64_t)1 << VARIANT_TWO_CONTAINERS), 2);
}

/* A second outcome of a launch: harmless in 1.4.2, a crash before. */
static void test_double_notify(void **state)
{
    (void)state;
    struct rt *machine = rt_machine_new();
    const struct history h = { VARIANT_DOUBLE_NOTIFY, true,
        LAUNCH("a") "," OPEN("s") "," REGISTER("s") "," START_OK "," EXIT,
        "\"panic\":\"close of closed channel\"" };
    assert_int_equal(seen(machine, &h, (uint64_t)1 << VARIANT_DOUBLE_NOTIFY), SEEDS);
    assert_int_equal(seen(machine, &h, 0), 0);
    rt_machine_free(machine);
}

/* A launch without a package leaves its entry behind: the next one waits for ever. Fixed by a
 * variant. */
static void test_package_error(void **state)
{
    (void)state;
    struct rt *machine = rt_machine_new();
    const struct history h = { VARIANT_FIX_PACKAGE_ERROR, true,
        "{\"do\":\"launch\",\"call\":\"a\",\"cc\":\"nopkg:1.0\"},"
        "{\"do\":\"launch\",\"call\":\"b\",\"cc\":\"nopkg:1.0\"}," ADVANCE "," ADVANCE,
        "\"blocked\":[\"b\"]" };
    assert_int_equal(seen(machine, &h, 0), SEEDS);
    assert_int_equal(seen(machine, &h, (uint64_t)1 << VARIANT_FIX_PACKAGE_ERROR), 0);
    rt_machine_free(machine);
}

/* A surplus answer is dropped with the fix; without it the stream's loop can block. */
static void test_answers(void **state)
{
    (void)state;
    struct rt *machine = rt_machine_new();
    const struct history h = { VARIANT_FIX_NOTIFY_BLOCKS, true,
        INIT("a") "," OPEN("s") "," REGISTER("s") "," COMPLETED("s") "," COMPLETED("s") "," CLOSE(
                "s"),
        "\"err\":\"EOF\"" };
    assert_int_equal(seen(machine, &h, (uint64_t)1 << VARIANT_FIX_NOTIFY_BLOCKS), SEEDS);
    rt_machine_free(machine);
}

#define UNNAMED                                                                                    \
    "{\"user_runs_cc\":true,\"startup_timeout_ms\":1500,\"execute_timeout_ms\":3000,"              \
    "\"events\":[" OPEN("s") "," REGISTER_NOBODY("s") "," CLOSE("s") "]}"
#define UNNAMED_EXPECT                                                                             \
    "[{\"handlers\":[]},"                                                                          \
    "{\"sent\":[{\"stream\":\"s\",\"type\":\"REGISTERED\"},{\"stream\":\"s\",\"type\":"            \
    "\"READY\"}],\"handlers\":[\"\"]},"                                                            \
    "{\"ended\":[{\"stream\":\"s\",\"err\":\"EOF\"}],\"handlers\":[]}]"

/* A chaincode that registers without a name, which development mode allows, has a handler too. */
static void test_no_name(void **state)
{
    (void)state;
    struct rt *machine = rt_machine_new();
    json_t *vector = json_loads(UNNAMED, 0, NULL);
    json_t *expect = json_loads(UNNAMED_EXPECT, 0, NULL);
    assert_non_null(vector);
    assert_non_null(expect);
    struct rt_rng rng = { 1 };
    const struct rt_source source = random_source(&rng);
    json_t *actual = launch_play(machine, vector, &source, 0);
    assert_true(json_equal(actual, expect));
    json_decref(actual);
    json_decref(expect);
    json_decref(vector);
    rt_machine_free(machine);
}

static void test_describe(void **state)
{
    (void)state;
    size_t bugs = 0;
    for (size_t i = 0; i < VARIANT_COUNT; i++) {
        const struct variant_info *info = variant_describe((enum variant)i);
        enum variant found;
        assert_true(variant_find(info->id, &found));
        assert_int_equal(found, i);
        bugs += !info->fix;
    }
    assert_true(bugs >= 18);
    enum variant found;
    assert_false(variant_find("no such variant", &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_variants),
        cmocka_unit_test(test_two_containers),
        cmocka_unit_test(test_double_notify),
        cmocka_unit_test(test_package_error),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_no_name),
        cmocka_unit_test(test_describe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
