/* Exploring, recording, replaying and shrinking over a small race of known shape. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/mem.h"
#include "harness/explore/explore.h"
#include "harness/explore/replay.h"
#include "harness/explore/shrink.h"
#include "harness/json/json.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

/* Three goroutines take three steps each; the "bug" is that the third one is done before the first
 * has begun, and a fault happened. */
struct kernel {
    struct rt *rt;
    bool begun;
    bool fault;
    bool bug;
};

static void first(void *arg)
{
    ((struct kernel *)arg)->begun = true;
    for (int i = 0; i < 3; i++)
        rt_yield();
}

static void second(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++)
        rt_yield();
}

static void third(void *arg)
{
    struct kernel *k = arg;
    k->fault = rt_choose(RT_CHOICE_FAULT, 2, "a fault") == 1;
    rt_choose(RT_CHOICE_DELAY, 3, "a delay");
    for (int i = 0; i < 3; i++)
        rt_yield();
    k->bug = !k->begun && k->fault;
}

static void run(
        void *self, const struct rt_source *source, struct rt_sink *sink, struct run_result *result)
{
    struct kernel *k = self;
    struct rt_config config = { .source = source, .sink = sink };
    rt_begin(k->rt, &config);
    k->begun = k->fault = k->bug = false;
    struct rt_proc *proc = rt_proc_new("kernel");
    rt_go_in(proc, "first", first, k);
    rt_go_in(proc, "second", second, k);
    rt_go_in(proc, "third", third, k);
    rt_run(k->rt);
    *result = (struct run_result){ .verdict = VERDICT_COMPLETED };
    if (k->bug) {
        findings_add(&result->findings, k->rt, "planted", RT_STR("third"), RT_STR("kernel"),
                "third came first");
        result->verdict = VERDICT_VIOLATED;
    }
    result->hash = rt_trace_hash(k->rt);
    result->steps = rt_steps(k->rt);
    rt_end(k->rt);
}

static bool make(void *self, struct subject *subject)
{
    struct kernel *k = calloc(1, sizeof(*k));
    (void)self;
    assert_non_null(k);
    k->rt = rt_machine_new();
    *subject = (struct subject){ k, run };
    return true;
}

static void end(void *self, struct subject *subject)
{
    (void)self;
    rt_machine_free(((struct kernel *)subject->self)->rt);
    free(subject->self);
}

static const struct subject_maker maker = { NULL, make, end };

static struct exploration search(unsigned jobs, unsigned repeat)
{
    struct exploration e;
    struct explore_options o = { .strategy = "random", .schedules = 3000, .seed = 7 };
    o.jobs = jobs;
    o.repeat_percent = repeat;
    o.title = "kernel";
    assert_true(explore_run(&maker, &o, &e));
    return e;
}

static void test_hits_of_one_bug_are_one_finding(void **state)
{
    (void)state;
    struct exploration e = search(1, 5);
    assert_int_equal(e.schedules, 3000);
    assert_int_equal(e.found_count, 1);
    assert_string_equal(e.found[0].id, "planted/third/kernel");
    assert_true(e.found[0].count > 10);
    assert_int_equal(e.found[0].count, e.verdicts[VERDICT_VIOLATED]);
    assert_int_equal(e.repeated, 150);
    assert_int_equal(e.flaky, 0);
    exploration_free(&e);
}

static void test_jobs_make_no_difference(void **state)
{
    (void)state;
    struct exploration one = search(1, 0), three = search(3, 0);
    assert_int_equal(one.hashes, three.hashes);
    assert_int_equal(one.steps, three.steps);
    assert_int_equal(one.found_count, three.found_count);
    assert_int_equal(one.found[0].count, three.found[0].count);
    assert_int_equal(one.found[0].first, three.found[0].first);
    assert_int_equal(one.found[0].hash, three.found[0].hash);
    exploration_free(&one);
    exploration_free(&three);
}

static void die(
        void *self, const struct rt_source *source, struct rt_sink *sink, struct run_result *result)
{
    (void)self, (void)source, (void)sink, (void)result;
    raise(SIGKILL);
}

static bool make_mortal(void *self, struct subject *subject)
{
    (void)self;
    *subject = (struct subject){ NULL, die };
    return true;
}

/* Batches whose workers die are counted, and told also by a search without a title. */
static void test_lost_batches_are_told(void **state)
{
    const struct subject_maker mortal = { NULL, make_mortal, NULL };
    struct explore_options o = { .strategy = "random", .schedules = 1000, .seed = 7, .jobs = 2 };
    struct exploration e;
    (void)state;
    reports_begin();
    assert_true(explore_run(&mortal, &o, &e));
    assert_string_equal(reports_end(),
            "cclab: explore: the process that searched batch 0 crashed: Killed\n"
            "cclab: explore: the process that searched batch 1 crashed: Killed\n");
    assert_int_equal(e.lost, 2);
    assert_int_equal(e.schedules, 0);
    exploration_free(&e);
}

/* The least that shows the bug: the fault, and that the third goroutine goes first. That takes no
 * running one off. */
static void test_shrinking_reaches_the_least(void **state)
{
    (void)state;
    struct exploration e = search(1, 0);
    struct subject subject;
    make(NULL, &subject);
    struct shrink s = { .subject = &subject, .finding = e.found[0].id, .max_runs = 5000 };
    choices_copy(&s.choices, &e.found[0].choices);
    assert_true(shrink_confirm(&s));
    assert_int_equal(s.hash, e.found[0].hash);
    shrink_choices(&s);
    assert_false(s.gave_up);
    assert_int_equal(choices_switches(&s.choices), 0);
    assert_int_equal(choices_faults(&s.choices), 1);
    size_t picks = 0;
    for (size_t i = 0; i < s.choices.count; i++)
        picks += s.choices.items[i].kind == RT_CHOICE_FIBER && s.choices.items[i].chosen != 0;
    assert_int_equal(picks, 1);
    choices_free(&s.choices);
    end(NULL, &subject);
    exploration_free(&e);
}

/* Only what takes off a goroutine that could have gone on is a switch; files keep that apart. */
/* Reads a value that was made in memory. */
static bool read_back(const json_t *value, const struct json_spec *spec, void *out)
{
    struct json_doc *doc = json_doc_wrap("test", value);
    reports_begin();
    bool ok = json_read(doc, doc->root, spec, out);
    assert_true(ok == (strlen(reports_end()) == 0));
    json_doc_free(doc);
    return ok;
}

static void test_what_a_switch_is(void **state)
{
    (void)state;
    struct choices list = { 0 }, back = { 0 };
    choices_add(&list, (struct made){ 3, 1, RT_CHOICE_FIBER, true });
    choices_add(&list, (struct made){ 3, 0, RT_CHOICE_FIBER, true });
    choices_add(&list, (struct made){ 3, 2, RT_CHOICE_FIBER, false });
    choices_add(&list, (struct made){ 2, 1, RT_CHOICE_FAULT, false });
    assert_int_equal(choices_switches(&list), 1);
    json_t *lines = choices_to_json(&list);
    assert_string_equal(json_string_value(json_array_get(lines, 0)), "F3:1 F3 f3:2 X2:1");
    assert_true(read_back(lines, &choices_spec, &back));
    assert_int_equal(choices_switches(&back), 1);
    assert_int_equal(back.items[2].kind, RT_CHOICE_FIBER);
    assert_int_equal(back.items[2].chosen, 2);
    json_decref(lines);
    choices_free(&list);
    choices_free(&back);
}

/* A replay does not tell of a timer whether it was taken instead of the running goroutine; what
 * goes from one process to another does. */
static void test_exact_choices_come_back(void **state)
{
    static const struct made all[] = { { 3, 1, RT_CHOICE_FIBER, true },
        { 3, 2, RT_CHOICE_FIBER, false }, { 2, 1, RT_CHOICE_TIMER, true },
        { 2, 1, RT_CHOICE_TIMER, false } };
    struct choices list = { 0 }, back = { 0 };
    (void)state;
    for (size_t i = 0; i < 4; i++)
        choices_add(&list, all[i]);
    json_t *lines = json_make(&choices_exact_spec, &list, true);
    assert_string_equal(json_string_value(json_array_get(lines, 0)), "F3:1 f3:2 t2:1 T2:1");
    assert_true(read_back(lines, &choices_exact_spec, &back));
    assert_int_equal(back.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(back.items[i].kind, all[i].kind);
        assert_int_equal(back.items[i].chosen, all[i].chosen);
        assert_int_equal(back.items[i].runs_on, all[i].runs_on);
    }
    json_decref(lines);
    lines = json_make(&choices_spec, &list, true);
    assert_string_equal(json_string_value(json_array_get(lines, 0)), "F3:1 f3:2 T2:1 T2:1");
    json_decref(lines);
    choices_free(&list);
    choices_free(&back);
}

static void test_replay_files_come_back(void **state)
{
    (void)state;
    char path[] = "/tmp/cclab-replay-XXXXXX";
    struct replay replay = { .verdict = VERDICT_VIOLATED, .hash = 0x123456789abcdef0u }, back;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    for (uint32_t i = 0; i < 300; i++)
        choices_add(
                &replay.choices, (struct made){ 2 + i % 5, i % 2, (uint8_t)(i % 8), i % 16 == 0 });
    replay.scenario = json_pack("{s:s}", "name", "x");
    replay.finding = strdup("a/b/c");
    json_t *value = replay_to_json(&replay);
    assert_true(json_write(path, value));
    assert_true(replay_load(path, &back));
    assert_int_equal(back.hash, replay.hash);
    assert_int_equal(back.verdict, replay.verdict);
    assert_string_equal(back.finding, "a/b/c");
    assert_int_equal(back.choices.count, 300);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(back.choices.items[i].kind, replay.choices.items[i].kind);
        assert_int_equal(back.choices.items[i].options, replay.choices.items[i].options);
        assert_int_equal(back.choices.items[i].chosen, replay.choices.items[i].chosen);
        if (back.choices.items[i].kind == RT_CHOICE_FIBER)
            assert_int_equal(back.choices.items[i].runs_on, replay.choices.items[i].runs_on);
    }
    json_decref(value);
    replay_free(&replay);
    replay_free(&back);
    unlink(path);
}

static void test_hashes_come_back(void **state)
{
    static const char *const wrong[] = { "", "12", "0x123456789abcde", " 123456789abcdef",
        "-123456789abcdef", "123456789abcdefg", "0123456789abcdef0" };
    static const uint64_t hashes[] = { 0, 1, 0x123456789abcdef0u, UINT64_MAX };
    uint64_t back;
    (void)state;
    for (size_t i = 0; i < sizeof(hashes) / sizeof(*hashes); i++) {
        json_t *value = json_make(&json_spec_hash, &hashes[i], false);
        assert_true(read_back(value, &json_spec_hash, &back));
        assert_true(back == hashes[i]);
        json_decref(value);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        json_t *value = json_string(wrong[i]);
        assert_false(read_back(value, &json_spec_hash, &back));
        json_decref(value);
    }
}

static void test_divergence_is_placed(void **state)
{
    (void)state;
    struct exploration e = search(1, 0);
    struct subject subject;
    struct player player;
    struct run_result result;
    struct choices list = { 0 };
    make(NULL, &subject);
    choices_copy(&list, &e.found[0].choices);
    assert_true(list.count > 2);
    list.items[1].options += 1;
    player_init(&player, &list, true);
    subject.run(subject.self, &player.source, NULL, &result);
    assert_true(player.diverged);
    assert_int_equal(player.diverged_at, 1);
    assert_int_equal(player.asked.options, list.items[1].options - 1);
    choices_free(&list);
    end(NULL, &subject);
    exploration_free(&e);
}

/* A part of a search, with one finding and a number in each sum. */
static struct exploration part(uint64_t first, uint64_t hash)
{
    struct exploration e = { .schedules = 10, .steps = 100, .blocked = 2, .distinct = 5 };
    e.found = mem_new(struct found);
    e.found_count = 1;
    *e.found = (struct found){ .id = mem_string("a/b/c"),
        .invariant = mem_string("a"),
        .text = mem_string("it is so"),
        .count = 3,
        .first = first,
        .hash = hash };
    return e;
}

/* The first hit of all parts is kept, whichever part comes first, and everything is added up. */
static void test_parts_add_up(void **state)
{
    static const uint64_t firsts[][2] = { { 7, 2 }, { 2, 7 } };
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct exploration whole = { 0 };
        for (int k = 0; k < 2; k++) {
            struct exploration one = part(firsts[i][k], 1000 + firsts[i][k]);
            exploration_merge(&whole, &one);
        }
        assert_int_equal(whole.found_count, 1);
        assert_int_equal(whole.found[0].first, 2);
        assert_int_equal(whole.found[0].hash, 1002);
        assert_int_equal(whole.found[0].count, 6);
        assert_int_equal(whole.schedules, 20);
        assert_int_equal(whole.steps, 200);
        assert_int_equal(whole.blocked, 4);
        assert_int_equal(whole.distinct, 10);
        exploration_free(&whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hits_of_one_bug_are_one_finding),
        cmocka_unit_test(test_jobs_make_no_difference),
        cmocka_unit_test(test_lost_batches_are_told),
        cmocka_unit_test(test_shrinking_reaches_the_least),
        cmocka_unit_test(test_what_a_switch_is),
        cmocka_unit_test(test_exact_choices_come_back),
        cmocka_unit_test(test_replay_files_come_back),
        cmocka_unit_test(test_hashes_come_back),
        cmocka_unit_test(test_divergence_is_placed),
        cmocka_unit_test(test_parts_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
