/* Every member of a world and of a scenario has an effect: members.jsonl lists them, each with two
 * scenarios that differ in it and what then differs. A member of the schema that is not listed
 * fails the test. CONTRIBUTING.md says how to add one. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/scenario/lab_impl.h"
#include "tests/support/test.h"

static const char *table = "tests/harness/scenario/members.jsonl";

/* ---- the members that there are ---- */

/* Adds "where.name" for each member below a schema; named parts are walked by themselves. */
static void list_members(json_t *found, const char *where, const json_t *schema)
{
    static const char *const below[] = { "items", "additionalProperties", "oneOf", "anyOf" };
    const char *name;
    json_t *member;
    size_t i;
    if (!schema)
        return;
    json_array_foreach(schema, i, member) list_members(found, where, member);
    json_object_foreach(json_object_get(schema, "properties"), name, member)
    {
        char path[200];
        if (strcmp(name, "$comment") == 0)
            continue;
        assert_true(snprintf(path, sizeof(path), "%s.%s", where, name) < (int)sizeof(path));
        json_object_set_new(found, path, json_false());
        list_members(found, path, member);
    }
    for (i = 0; i < sizeof(below) / sizeof(*below); i++)
        list_members(found, where, json_object_get(schema, below[i]));
}

static json_t *all_members(void)
{
    json_t *found = json_object(), *schema = json_schema(&scenario_spec, "", "");
    const char *name;
    json_t *part;
    list_members(found, "scenario", schema);
    json_object_foreach(json_object_get(schema, "$defs"), name, part)
            list_members(found, name, part);
    json_decref(schema);
    return found;
}

/* ---- two scenarios ---- */

static const char *const bases[][2] = {
    { "world",
            "{\"scenario\": 1, \"name\": \"n\", \"about\": \"a\", \"limits\": {\"steps\": 20000}, "
            "\"world\": {\"file\": \"default\"}, \"actors\": [{\"name\": \"client\", \"as\": "
            "\"admin\", \"steps\": ["
            "{\"do\": \"install\", \"chaincode\": \"newcc\", \"version\": \"1.0\"},"
            "{\"do\": \"instantiate\", \"chaincode\": \"newcc\", \"version\": \"1.0\", \"args\": "
            "[], \"commit\": true},"
            "{\"do\": \"invoke\", \"chaincode\": \"newcc\", \"args\": [\"put\", \"k\", "
            "\"v\"]}]}]}" },
    { "bare",
            "{\"scenario\": 1, \"name\": \"n\", \"about\": \"a\", \"limits\": {\"steps\": 20000}, "
            "\"bare\": {}, \"actors\": "
            "[{\"name\": \"client\", \"steps\": [{\"do\": \"launch\", \"chaincode\": "
            "\"newcc\"}]}]}" },
};

/* RFC 7396. */
static void merge(json_t *to, json_t *patch)
{
    const char *name;
    json_t *member;
    json_object_foreach(patch, name, member)
    {
        json_t *old = json_object_get(to, name);
        if (json_is_null(member))
            json_object_del(to, name);
        else if (json_is_object(member) && json_is_object(old))
            merge(old, member);
        else
            json_object_set(to, name, member);
    }
}

static json_t *child(json_t *object, const char *name)
{
    json_t *found = json_object_get(object, name);
    if (!found)
        json_object_set_new(object, name, found = json_object());
    return found;
}

/* Short ways to say a change: a part by its name alone. */
static bool merge_part(json_t *scenario, const char *name, json_t *value)
{
    json_t *actor = json_array_get(json_object_get(scenario, "actors"), 0);
    json_t *steps = json_object_get(actor, "steps");
    json_t *step = json_array_get(steps, json_array_size(steps) - 1);
    if (strcmp(name, "actor") == 0)
        merge(actor, value);
    else if (strcmp(name, "step") == 0)
        merge(step, value);
    else if (strcmp(name, "peer") == 0)
        merge(child(child(scenario, "world"), "peer"), value);
    else if (strcmp(name, "patch") == 0)
        merge(child(child(scenario, "world"), "patch"), value);
    else if (strcmp(name, "behaviour") == 0)
        json_object_set_new(scenario, "chaincodes", json_pack("[O]", value));
    else if (strcmp(name, "fault") == 0)
        json_object_set_new(child(scenario, "docker"), "faults", json_pack("[O]", value));
    else if (strcmp(name, "disk_fault") == 0)
        json_object_set_new(scenario, "disk", json_pack("{s:[O]}", "faults", value));
    else if (strcmp(name, "ledger_fault") == 0)
        json_object_set_new(scenario, "ledger", json_pack("{s:[O]}", "faults", value));
    else if (strcmp(name, "container") == 0)
        json_object_set_new(child(scenario, "bare"), "containers", json_pack("[O]", value));
    else
        return false;
    return true;
}

static json_t *side_of(const json_t *row, const char *side)
{
    const char *base = json_string_value(json_object_get(row, "on"));
    json_t *scenario = NULL;
    const char *name;
    json_t *value;
    for (size_t i = 0; i < sizeof(bases) / sizeof(*bases); i++)
        if (strcmp(bases[i][0], base ? base : "world") == 0)
            scenario = json_loads(bases[i][1], 0, NULL);
    assert_non_null(scenario);
    const json_t *both[] = { json_object_get(row, "both"), json_object_get(row, side) };
    for (size_t i = 0; i < 2; i++)
        json_object_foreach((json_t *)(uintptr_t)both[i], name, value)
        {
            json_t *change = json_deep_copy(value);
            if (!merge_part(scenario, name, change)) {
                json_t *patch = json_pack("{s:O}", name, change);
                merge(scenario, patch);
                json_decref(patch);
            }
            json_decref(change);
        }
    return scenario;
}

/* ---- what differs ---- */

static uint32_t choose(void *self, const struct rt_choice *c)
{
    return (uint32_t)(rt_rng_next(self) % c->options);
}

/* What the peer has sent to the engine. */
static json_t *sent(const struct lab *lab)
{
    json_t *all = json_array();
    for (size_t i = 0; i < lab->request_count; i++) {
        const struct engine_request *r = &lab->requests[i];
        json_array_append_new(all, json_pack("[s, s%, I]", r->method, r->uri.data, r->uri.len,
                                           (json_int_t)(rt_str_hash(r->body) >> 1)));
    }
    return all;
}

/* Takes the scenario. All that is seen of it: `load` whether it can be loaded, `run` of its plain
 * run, `random` of some others, `requests` those to the engine with their bodies, `judged` whether
 * the plain run is as expected, `saved` what replays hold. */
static json_t *seen(json_t *value)
{
    struct lab_options options = { .metrics = true };
    json_t *all = json_object(), *random = json_array();
    struct scenario *s = scenario_from_json("row", value, ".");
    struct lab *lab = s ? lab_new(s, &options) : NULL;
    json_object_set_new(all, "load", json_boolean(lab != NULL));
    for (unsigned seed = 0; lab && seed < 4; seed++) {
        struct rt_rng rng = { seed };
        const struct rt_source source = { .self = &rng, .choose = choose };
        struct subject subject = lab_subject(lab);
        struct run_result result;
        subject.run(subject.self, seed == 0 ? NULL : &source, NULL, &result);
        if (seed > 0) {
            json_array_append_new(random, lab_report(lab, &result, 0));
            continue;
        }
        json_object_set_new(all, "requests", sent(lab));
        json_object_set_new(all, "run", lab_report(lab, &result, 0));
        json_object_set_new(all, "judged", json_boolean(lab_as_expected(lab, &result)));
        json_object_set_new(all, "saved", scenario_to_json(s));
    }
    json_object_set_new(all, "random", random);
    lab_free(lab);
    scenario_free(s);
    json_decref(value);
    return all;
}

/* Of what is shown in another test: its file names the member. */
static void assert_shown_by(const char *test, const char *member, size_t line)
{
    size_t len;
    char *text = file_read(test, 1 << 24, &len);
    const char *name = strrchr(member, '.') + 1;
    if (!text || !strstr(text, name))
        fail_msg("members.jsonl:%zu: %s does not name %s", line, test, name);
    free(text);
}

static void assert_differs(const json_t *row, const char *member, const char *what, size_t line)
{
    json_t *a = seen(side_of(row, "a")), *b = seen(side_of(row, "b"));
    if (strcmp(what, "load") != 0 && !json_is_true(json_object_get(a, "load")))
        fail_msg("members.jsonl:%zu: %s: cannot be loaded", line, member);
    if (json_equal(json_object_get(a, what), json_object_get(b, what)))
        fail_msg("members.jsonl:%zu: %s: %s is the same on both sides", line, member, what);
    json_decref(a);
    json_decref(b);
}

static void every_member_has_an_effect(void **state)
{
    struct support_lines lines = support_lines_of(table);
    json_t *members = all_members(), *row, *listed;
    const char *name;
    size_t absent = 0;
    (void)state;
    while ((row = support_next_vector(&lines))) {
        const char *member = json_string_value(json_object_get(row, "member"));
        const char *test = json_string_value(json_object_get(row, "test"));
        const char *what = json_string_value(json_object_get(row, "differs"));
        if (!member || !json_object_get(members, member))
            fail_msg("members.jsonl:%zu: there is no member %s", lines.number,
                    member ? member : "(none)");
        json_object_set_new(members, member, json_true());
        if (test)
            assert_shown_by(test, member, lines.number);
        else
            assert_differs(row, member, what ? what : "run", lines.number);
    }
    json_object_foreach(members, name, listed)
    {
        absent += !json_is_true(listed);
        if (!json_is_true(listed))
            print_error("%s is not in members.jsonl\n", name);
    }
    json_decref(members);
    assert_int_equal(absent, 0);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        table = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                every_member_has_an_effect, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
