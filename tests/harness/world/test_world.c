/* Worlds: what a file says is what is read, and what is read is written, member by member. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/json/json.h"
#include "harness/world/spec.h"
#include "harness/world/world.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

#define EVERYTHING "tests/harness/world/everything.json"

static json_t *written(const char *path)
{
    struct world *world = world_load(path);
    if (!world)
        fail_msg("%s cannot be read", path);
    json_t *value = world_to_json(world);
    world_free(world);
    return value;
}

/* ---- what is read is written ---- */

static bool has_member(const json_t *value, const char *name)
{
    const char *key;
    json_t *member;
    size_t index;
    json_object_foreach((json_t *)(uintptr_t)value, key,
            member) if (strcmp(key, name) == 0 || has_member(member, name)) return true;
    json_array_foreach(value, index, member) if (has_member(member, name)) return true;
    return false;
}

/* Members of the form that say where something is read from; what is written stands in place. */
static bool is_source(const char *name)
{
    static const char *const sources[] = { "$comment", "file", "dir", NULL };
    for (size_t i = 0; sources[i]; i++)
        if (strcmp(name, sources[i]) == 0)
            return true;
    return false;
}

/* Every member that the form has is in `value`. */
static void assert_complete(const json_t *schema, const json_t *value)
{
    const char *key;
    json_t *member;
    size_t index;
    json_object_foreach(json_object_get(schema, "properties"), key,
            member) if (!is_source(key) && !has_member(value, key))
            fail_msg(EVERYTHING " has no member \"%s\"", key);
    json_object_foreach((json_t *)(uintptr_t)schema, key, member) assert_complete(member, value);
    json_array_foreach(schema, index, member) assert_complete(member, value);
}

static void every_member_is_kept(void **state)
{
    (void)state;
    struct json_doc *doc = json_doc_load(EVERYTHING);
    assert_non_null(doc);
    json_t *schema = json_schema(&world_spec, "", "");
    assert_complete(schema, doc->root_value);
    json_t *value = written(EVERYTHING);
    char *was = json_text(doc->root_value), *is = json_text(value);
    if (!json_equal(value, doc->root_value))
        fail_msg("said:\n%s\nwritten:\n%s", was, is);
    free(was);
    free(is);
    json_decref(value);
    json_decref(schema);
    json_doc_free(doc);
}

/* A world with files in folders, and the same with all in place. */
static void a_written_world_is_the_same(void **state)
{
    char **files = file_list("corpora/conformance/world", ".json");
    (void)state;
    for (size_t i = 0; files[i]; i++) {
        json_t *value = written(files[i]);
        struct json_doc *doc = json_doc_wrap("written", value);
        struct world *again = world_from_json(doc, doc->root, "/nowhere", NULL);
        assert_non_null(again);
        json_t *second = world_to_json(again);
        assert_true(json_equal(value, second));
        world_free(again);
        json_doc_free(doc);
        json_decref(value);
        json_decref(second);
    }
    assert_non_null(files[0]);
    file_list_free(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                every_member_is_kept, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                a_written_world_is_the_same, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
