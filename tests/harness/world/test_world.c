/* Worlds: what a file says is what is read, and what is read is written, member by member. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/json/json.h"
#include "harness/world/spec.h"
#include "harness/world/world.h"
#include "tests/harness/support/commands.h"
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
    static const char *const sources[] = { "$comment", "file", "dir", "patch", "core_yaml", "core",
        "env", NULL };
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
        struct world *again = world_from_json(doc, doc->root, "/nowhere");
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

/* ---- changes of a world ---- */

/* What RFC 7396 makes of two values; a new reference. */
static json_t *merged(const json_t *target, const json_t *patch)
{
    const char *key;
    json_t *value;
    if (!json_is_object(patch))
        return json_deep_copy(patch);
    json_t *result = json_is_object(target) ? json_deep_copy(target) : json_object();
    json_object_foreach((json_t *)(uintptr_t)patch, key, value)
    {
        if (json_is_null(value))
            json_object_del(result, key);
        else
            json_object_set_new(result, key, merged(json_object_get(result, key), value));
    }
    return result;
}

/* The written form of a world that a text says; NULL after a report. */
static json_t *written_text(const char *text)
{
    struct json_doc *doc = json_doc_parse("w.json", text, strlen(text), 1);
    assert_non_null(doc);
    struct world *world = world_from_json(doc, doc->root, ".");
    json_t *value = world ? world_to_json(world) : NULL;
    world_free(world);
    json_doc_free(doc);
    return value;
}

static json_t *patched(const char *patch)
{
    char *text = mem_format("{ \"file\": \"%s\", \"patch\": %s }", EVERYTHING, patch);
    json_t *value = written_text(text);
    free(text);
    return value;
}

static void a_patch_is_a_merge_patch(void **state)
{
    static const char *const patches[] = {
        "{}",
        "{ \"now\": \"2027-01-01T00:00:00Z\" }",
        "{ \"peer\": { \"tls\": false, \"id\": \"peer8\" } }",
        "{ \"peer\": { \"system_chaincodes\": [] } }",
        "{ \"channels\": { \"one\": { \"state\": { \"a\": { \"m\": { \"value\": \"07\", "
        "\"version\": [1, 1] } } } } } }",
        "{ \"channels\": { \"one\": { \"state\": { \"c\": { \"m\": { \"value\": \"07\", "
        "\"version\": [1, 1] } } } } } }",
        "{ \"channels\": { \"one\": { \"state\": { \"a\": { \"k\": { \"value\": \"07\" } } } } } }",
        "{ \"channels\": { \"one\": { \"state\": { \"a\": { \"k\": { \"metadata\": null } } } } } "
        "}",
        "{ \"channels\": { \"one\": { \"state\": { \"a\": { \"k\": null } } } } }",
        "{ \"channels\": { \"one\": { \"state\": { \"a\": null, \"nothing\": null } } } }",
        "{ \"channels\": { \"one\": { \"height\": 9, \"current_block_hash\": null } } }",
        "{ \"channels\": { \"one\": { \"acls\": { \"peer/Propose\": null, \"lscc/GetChaincodes\": "
        "{ "
        "\"policy\": \"/Channel/Readers\" } } } } }",
        "{ \"peer\": { \"host_config\": { \"Dns\": null, \"LogConfig\": { \"Type\": \"json-file\", "
        "\"Config\": { \"a\": null, \"e\": \"f\" } } } } }",
        "{ \"channels\": null }",
        "{ \"channels\": { \"one\": null } }",
        "{ \"packages\": { \"cc.1\": null, \"cc.2\": { \"bytes\": \"01\" } } }",
        "{ \"identities\": { \"user\": null } }",
        "{ \"msps\": { \"Org1MSP\": { \"admin\": null } } }",
    };
    (void)state;
    json_t *base = written(EVERYTHING);
    for (size_t i = 0; i < sizeof(patches) / sizeof(*patches); i++) {
        json_t *patch = json_loads(patches[i], 0, NULL);
        assert_non_null(patch);
        json_t *expected = merged(base, patch), *value = patched(patches[i]);
        /* what is left out is written as an empty object */
        static const char *const maps[] = { "identities", "channels", "packages" };
        for (size_t k = 0; k < 3; k++)
            if (!json_object_get(expected, maps[k]))
                json_object_set_new(expected, maps[k], json_object());
        if (!value || !json_equal(value, expected)) {
            char *want = json_line(expected),
                 *got = value ? json_line(value) : mem_string("nothing");
            fail_msg("%s\nexpected %s\ngot %s", patches[i], want, got);
        }
        json_decref(value);
        json_decref(expected);
        json_decref(patch);
    }
    json_decref(base);
}

static void a_setting_taken_away_is_the_releases(void **state)
{
    (void)state;
    json_t *value = patched("{ \"peer\": { \"startup_timeout_ms\": null, \"network_id\": null } }");
    const json_t *peer = json_object_get(value, "peer");
    assert_int_equal(json_integer_of(peer, "startup_timeout_ms"), 300000);
    assert_string_equal(json_string_of(peer, "network_id"), "dev");
    assert_int_equal(json_integer_of(peer, "execute_timeout_ms"), 7000);
    json_decref(value);
}

/* An identity in place of which a patch names a folder. */
static void a_folder_takes_the_place_of_certificates(void **state)
{
    (void)state;
    json_t *value = patched("{ \"identities\": { \"user\": "
                            "{ \"dir\": \"corpora/conformance/world/identities/admin\" } } }");
    json_t *admin = written("corpora/conformance/world/world.json");
    const json_t *user = json_object_get(json_object_get(value, "identities"), "user");
    const json_t *other = json_object_get(json_object_get(admin, "identities"), "admin");
    assert_true(json_equal(user, other));
    json_decref(value);
    json_decref(admin);
}

/* ---- mistakes ---- */

/* A world, and the one report that it leads to. */
static void assert_report(const char *text, const char *report)
{
    reports_begin();
    json_t *value = written_text(text);
    const char *reports = reports_end();
    if (value || strncmp(reports, report, strlen(report)) != 0)
        fail_msg("%s\nreported:\n%sexpected:\n%s", text, reports, report);
}

static void mistakes_are_told_with_their_places(void **state)
{
    static const struct {
        const char *text;
        const char *report;
    } worlds[] = {
        { "{}", "w.json:1:1: member \"now\" is missing; or change another world by \"file\", for "
                "example \"file\": \"default\"\n" },
        { "\"nowhere.json\"", "./nowhere.json: cannot open: No such file or directory\n"
                              "w.json:1:1: this world cannot be used\n" },
        { "{ \"file\": \"default\",\n \"patch\": 1 }",
                "w.json:2:11: found the number 1, expected an object\n" },
        { "{ \"file\": \"default\", \"patch\": {\n \"format\": 1 } }",
                "w.json:2:2: \"format\" is no part of a patch\n" },
        { "{ \"file\": \"default\", \"patch\": {\n \"chanels\": {} } }",
                "w.json:2:2: unknown member \"chanels\" (did you mean \"channels\"?)" },
        { "{ \"file\": \"default\", \"patch\": { \"channels\": { \"mychannel\": {\n"
          " \"height\": null } } } }",
                "w.json:2:2: \"height\" cannot be taken away: Number of blocks.\n" },
        { "{ \"file\": \"default\", \"patch\": { \"channels\": {\n \"new\": { \"height\": 1,\n"
          " \"orgs\": [] } } } }",
                "w.json:2:9: member \"application_capabilities\" is missing: Capabilities of the "
                "application group, for example V1_4_2.\n" },
        { "{ \"file\": \"default\", \"patch\": { \"channels\": {\n \"mychannel\": { \"state\": { "
          "\"a\": { \"k\": { \"value\": \"\", \"version\": [7, 0] } } } } } } }",
                "w.json:2:15: key \"k\" has a version of block 7, but the height is 3\n" },
        { "{ \"file\": \"default\", \"patch\": { \"channels\": { \"mychannel\": { \"state\": { "
          "\"a\": {\n \"k\": { \"value\": \"\" } } } } } } }",
                "w.json:2:7: member \"version\" is missing: Block and transaction that wrote "
                "it.\n" },
        { "{ \"file\": \"default\", \"patch\": { \"peer\": {\n \"tls\": \"yes\" } } }",
                "w.json:2:9: found the string \"yes\", expected true or false\n" },
        { "{ \"file\": \"default\", \"patch\": { \"msps\": { \"Org1MSP\": null } } }",
                "w.json:1:1: the peer \"peer0\" belongs to \"Org1MSP\", but there is no such "
                "MSP\n" },
        { "{ \"file\": \"default\", \"identities\": {\n \"a\": { \"mspid\": \"Org1MSP\", \"dir\": "
          "\"corpora/conformance/world/identities/user\",\n \"cert\": \"x\" } } }",
                "w.json:3:2: \"dir\" and \"cert\" exclude each other\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(worlds) / sizeof(*worlds); i++)
        assert_report(worlds[i].text, worlds[i].report);
}

static void worlds_in_a_circle_are_refused(void **state)
{
    (void)state;
    const char *path = commands_file("circle.json", "{ \"file\": \"circle.json\" }");
    reports_begin();
    assert_null(world_load(path));
    char *expected = mem_format("%s:1:11: worlds change each other in a circle\n"
                                "%s:1:11: this world cannot be used\n",
            path, path);
    assert_string_equal(reports_end(), expected);
    free(expected);
}

/* ---- the world that cclab has in it ---- */

static void the_default_world_needs_no_file(void **state)
{
    (void)state;
    struct world *world = world_load("default");
    assert_non_null(world);
    assert_non_null(world_find_identity(world, "user"));
    assert_int_equal(world->channel_count, 1);
    assert_int_equal(world->package_count, 1);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                every_member_is_kept, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                a_written_world_is_the_same, support_arena_begin, support_arena_end),
        cmocka_unit_test(a_patch_is_a_merge_patch),
        cmocka_unit_test(a_setting_taken_away_is_the_releases),
        cmocka_unit_test(a_folder_takes_the_place_of_certificates),
        cmocka_unit_test(mistakes_are_told_with_their_places),
        cmocka_unit_test_setup_teardown(
                worlds_in_a_circle_are_refused, commands_begin, commands_end),
        cmocka_unit_test(the_default_world_needs_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
