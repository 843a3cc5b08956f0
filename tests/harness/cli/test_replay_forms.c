/* Replays of form 1: they play, and their hash is not compared where the peer's start was in it. */
#include "harness/base/exit.h"
#include "tests/harness/support/commands.h"
#include "tests/support/test.h"

/* A copy of a replay of this form with another hash; its path. */
static const char *copy(const char *replay, int form)
{
    const char *path = commands_path(commands_here, "copy.replay.json");
    json_t *value = commands_json(replay);
    assert_non_null(value);
    json_object_set_new(value, "replay", json_integer(form));
    json_object_set_new(json_object_get(value, "expect"), "hash", json_string("0123456789abcdef"));
    assert_int_equal(json_dump_file(value, path, JSON_INDENT(2)), 0);
    json_decref(value);
    return path;
}

static bool old_trace(const char *path)
{
    const char *json = commands_path(commands_here, "out.json");
    assert_int_equal(commands_run("replay --quiet %s --json %s", path, json), CCLAB_OK);
    json_t *value = commands_json(json);
    const json_t *outcome = json_array_get(json_object_get(value, "replays"), 0);
    bool old = json_is_true(json_object_get(outcome, "old_trace"));
    assert_true(json_is_true(json_object_get(outcome, "reproduced")));
    assert_false(json_is_true(json_object_get(outcome, "same_trace")));
    json_decref(value);
    return old;
}

static void a_whole_peer_of_form_1_plays(void **state)
{
    (void)state;
    const char *path = copy("scenarios/known/nil-handler.replay.json", 1);
    assert_true(old_trace(path));
    assert_int_equal(commands_run("suite %s", path), CCLAB_OK);
    path = copy("scenarios/known/nil-handler.replay.json", 2);
    assert_false(old_trace(path));
    assert_int_equal(commands_run("suite %s", path), CCLAB_FOUND);
}

/* The launch path alone has no start: its traces are what they were. */
static void a_bare_one_is_compared(void **state)
{
    (void)state;
    const char *path = copy("scenarios/known/package-error-blocks.replay.json", 1);
    assert_false(old_trace(path));
    assert_int_equal(commands_run("suite %s", path), CCLAB_FOUND);
}

static void shrinking_records_anew(void **state)
{
    const char *shrunk = commands_path(commands_here, "shrunk.replay.json");
    (void)state;
    const char *path = copy("scenarios/known/nil-handler.replay.json", 1);
    assert_int_equal(commands_run("shrink --runs 1 %s --out %s", path, shrunk), CCLAB_OK);
    assert_int_equal(commands_run("suite %s", shrunk), CCLAB_OK);
    json_t *value = commands_json(shrunk);
    assert_int_equal(json_integer_value(json_object_get(value, "replay")), 2);
    json_decref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_whole_peer_of_form_1_plays, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(a_bare_one_is_compared, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(shrinking_records_anew, commands_begin, commands_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
