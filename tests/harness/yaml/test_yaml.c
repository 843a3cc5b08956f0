/* YAML: what scalars mean, where values stand, and what hostile text leads to. What yaml.v2 makes
 * of many scalars is in corpora/core-yaml. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/yaml/yaml.h"
#include "tests/harness/support/commands.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

static struct json_doc *parsed(const char *text)
{
    return yaml_doc_parse("x.yaml", text, strlen(text));
}

static void assert_value(const char *yaml, const char *json)
{
    struct json_doc *doc = parsed(yaml);
    json_t *expected = json_loads(json, 0, NULL);
    assert_non_null(doc);
    assert_non_null(expected);
    char *line = json_line(doc->root_value);
    if (!json_equal(doc->root_value, expected))
        fail_msg("%s\nis %s, expected %s", yaml, line, json);
    free(line);
    json_decref(expected);
    json_doc_free(doc);
}

/* From the YAML 1.1 types and Go's notations of numbers. */
static void values_are_those_of_yaml_v2(void **state)
{
    (void)state;
    assert_value("a: yes\nb: 'yes'\nc: Off\nd: y\ne: ~\nf:\n",
            "{\"a\":true,\"b\":\"yes\",\"c\":false,\"d\":true,\"e\":null,\"f\":null}");
    assert_value("a: 010\nb: 0x1F\nc: 1_000\nd: 0b11\ne: '12'\nf: 08\ng: 1e3\nh: 1e+3\n",
            "{\"a\":8,\"b\":31,\"c\":1000,\"d\":3,\"e\":\"12\",\"f\":8.0,\"g\":\"1e3\",\"h\":1000."
            "0}");
    assert_value("a: !!str 12\nb: !!float 3\nc: 2018-01-01\nd: 12:30\n",
            "{\"a\":\"12\",\"b\":3.0,\"c\":\"2018-01-01\",\"d\":\"12:30\"}");
    assert_value("12: a\nyes: b\nc: {yes: d, 12: e, ~: f}\n",
            "{\"12\":\"a\",\"yes\":\"b\",\"c\":{\"true\":\"d\",\"12\":\"e\",\"\":\"f\"}}");
    assert_value("a: |\n  two\n  lines\nb: >\n  one\n  line\n",
            "{\"a\":\"two\\nlines\\n\",\"b\":\"one line\\n\"}");
    assert_value("", "{}");
    assert_value("# nothing\n---\n", "{}");
}

static void anchors_and_merges(void **state)
{
    (void)state;
    assert_value(
            "a: &x {p: 1, q: 2}\nb: *x\n", "{\"a\":{\"p\":1,\"q\":2},\"b\":{\"p\":1,\"q\":2}}");
    /* What is merged later overrides, as in yaml.v2. */
    assert_value("a: &x {p: 1}\nb: {<<: *x, p: 2}\nc: {p: 2, <<: *x}\n",
            "{\"a\":{\"p\":1},\"b\":{\"p\":2},\"c\":{\"p\":1}}");
    assert_value("a: &x {p: 1}\nb: &y {p: 2, q: 3}\nc: {<<: [*x, *y]}\n",
            "{\"a\":{\"p\":1},\"b\":{\"p\":2,\"q\":3},\"c\":{\"p\":1,\"q\":3}}");
}

static void values_have_places(void **state)
{
    (void)state;
    struct json_doc *doc =
            parsed("# first\npeer:\n  id: \xc3\xa4  # \xc3\xa4\n  list: [a,\n    b]\n");
    assert_non_null(doc);
    const struct json_node *peer = json_member(doc->root, "peer");
    const struct json_node *list = json_member(peer, "list");
    struct diag_place key = json_key_place(doc, list), b = json_place(doc, json_nth(list, 1));
    assert_int_equal(key.line, 4);
    assert_int_equal(key.column, 3);
    assert_int_equal(b.line, 5);
    assert_int_equal(b.column, 5);
    struct diag_place id = json_place(doc, json_member(peer, "id"));
    assert_int_equal(id.line, 3);
    assert_int_equal(id.column, 7);
    json_doc_free(doc);
}

/* ---- mistakes ---- */

static void assert_refused(const char *text, size_t len, const char *report)
{
    reports_begin();
    struct json_doc *doc = yaml_doc_parse("x.yaml", text, len);
    const char *reports = reports_end();
    if (doc || strncmp(reports, report, strlen(report)) != 0)
        fail_msg("%.200s\nreported:\n%s\nexpected:\n%s", text, reports, report);
}

static void mistakes_have_places(void **state)
{
    static const struct {
        const char *text;
        const char *report;
    } texts[] = {
        { "a: b: c\n", "x.yaml:1:5: not valid YAML: mapping values are not allowed" },
        { "a: [1, 2\n", "x.yaml:2:1: not valid YAML: did not find expected ',' or ']'" },
        { "a:\n\t- b\n",
                "x.yaml:2:1: not valid YAML: found character that cannot start any token" },
        { "a: *x\n", "x.yaml:1:4: not valid YAML: an alias names an anchor that is not there\n" },
        { "a: &x\n  b: *x\n",
                "x.yaml:2:6: not valid YAML: the value of an anchor contains itself\n" },
        { "a: 1\n---\nb: 2\n", "x.yaml:2:1: not valid YAML: there is more than one document\n" },
        { "- a\n", "x.yaml:1:1: found an array, expected a mapping\n" },
        { "word\n", "x.yaml:1:1: found the string \"word\", expected a mapping\n" },
        { "a: !!int x\n", "x.yaml:1:4: not valid YAML: the value is not what its tag says\n" },
        { "a: !!binary AA==\n", "x.yaml:1:4: not valid YAML: binary values mean nothing here\n" },
        { "a: .inf\n",
                "x.yaml:1:4: not valid YAML: what is no finite number means nothing here\n" },
        { "{a: 1}: b\n", "x.yaml:1:1: not valid YAML: a key is no scalar\n" },
        { "a: {<<: 1}\n",
                "x.yaml:1:9: not valid YAML: only mappings, or a list of them, can be merged\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_refused(texts[i].text, strlen(texts[i].text), texts[i].report);
    assert_refused("a: \0", 4, "x.yaml:1:4: not valid YAML: control characters are not allowed\n");
    assert_refused("a: \xff\xfe", 5, "x.yaml:1:4: not valid YAML: invalid leading UTF-8 octet\n");
}

static void a_key_given_twice_is_told(void **state)
{
    (void)state;
    reports_begin();
    struct json_doc *doc = parsed("a: 1\nb:\n  c: 2\n  c: 3\n");
    assert_string_equal(reports_end(), "x.yaml:4:3: \"c\" is given twice: the last one counts\n");
    const struct json_node *c = json_member(json_member(doc->root, "b"), "c");
    assert_int_equal(json_integer_value(c->value), 3);
    json_doc_free(doc);
}

/* Nine levels of nine aliases each. */
static void aliases_cannot_blow_up(void **state)
{
    char *text;
    size_t size;
    (void)state;
    FILE *to = mem_stream(&text, &size);
    fprintf(to, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
        fprintf(to, "a%d: &a%d [", i, i);
        for (int k = 0; k < 9; k++)
            fprintf(to, "%s*a%d", k ? ", " : "", i - 1);
        fprintf(to, "]\n");
    }
    fclose(to);
    reports_begin();
    assert_null(parsed(text));
    assert_non_null(strstr(reports_end(), "too many values, or too many by aliases"));
    free(text);
}

static void depth_and_size_have_limits(void **state)
{
    enum { DEEP = 100000 };
    (void)state;
    char *text = mem_alloc(DEEP + 4);
    memcpy(text, "a: ", 3);
    memset(text + 3, '[', DEEP);
    reports_begin();
    assert_null(yaml_doc_parse("x.yaml", text, DEEP + 3));
    assert_non_null(strstr(reports_end(), "x.yaml:1:"));
    for (size_t i = 0; i < DEEP / 2; i++)
        memcpy(text + 2 * i, "- ", 2);
    reports_begin();
    assert_null(yaml_doc_parse("x.yaml", text, DEEP));
    assert_non_null(strstr(reports_end(), "x.yaml:1:"));
    free(text);
}

/* A configuration with any byte changed, or cut anywhere, is read or refused with a place. */
static void damaged_text_is_read_or_refused(void **state)
{
    static const char good[] = "a: &x {p: 1, 'q': \"t\\t\", r: [1, ~, yes]}\n"
                               "b:\n  <<: *x\n  s: |\n    block\n  c: >-\n    fold\n"
                               "d: !!str 12 # note\n? e\n: - 1\n  - {f: 2.5}\n";
    static const char bytes[] = "\0\x01\t\n \"'#&*-?:,[]{}|>!%@`~\x80\xc3\xff"
                                "0a";
    size_t len = strlen(good), read = 0, refused = 0;
    (void)state;
    for (size_t at = 0; at < len; at++) {
        for (size_t b = 0; b <= sizeof(bytes); b++) {
            char *text = mem_copy(good, len + 1);
            text[at] = bytes[b < sizeof(bytes) ? b : 0];
            reports_begin();
            struct json_doc *doc = yaml_doc_parse("x.yaml", text, b < sizeof(bytes) ? len : at);
            const char *reports = reports_end();
            if (!doc && !reports_placed(reports, "x.yaml"))
                fail_msg("%s: %s", text, reports);
            ++*(doc ? &read : &refused);
            json_doc_free(doc);
            free(text);
        }
    }
    assert_true(read > 100 && refused > 100);
}

static void files_that_cannot_be_read(void **state)
{
    (void)state;
    reports_begin();
    assert_null(yaml_doc_load(commands_here));
    assert_null(yaml_doc_load(commands_path(commands_here, "none.yaml")));
    const char *reports = reports_end();
    assert_non_null(strstr(reports, ": is a directory, expected a file"));
    assert_non_null(strstr(reports, "none.yaml: cannot open: No such file or directory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_yaml_v2),
        cmocka_unit_test(anchors_and_merges),
        cmocka_unit_test(values_have_places),
        cmocka_unit_test(mistakes_have_places),
        cmocka_unit_test(a_key_given_twice_is_told),
        cmocka_unit_test(aliases_cannot_blow_up),
        cmocka_unit_test(depth_and_size_have_limits),
        cmocka_unit_test(damaged_text_is_read_or_refused),
        cmocka_unit_test_setup_teardown(files_that_cannot_be_read, commands_begin, commands_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
