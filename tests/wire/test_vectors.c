/* Decoding as golang/protobuf did it: corpora/conformance/wire.jsonl. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/rt/arena.h"
#include "model/wire/wire.h"

static rt_bytes hex_member(const json_t *vector, const char *key)
{
    rt_bytes out;
    assert_true(rt_unhex(rt_str_from(json_string_value(json_object_get(vector, key))), &out));
    return out;
}

static rt_str text_member(const json_t *vector, const char *key)
{
    const json_t *text = json_object_get(vector, key);
    return rt_str_from(json_is_string(text) ? json_string_value(text) : "");
}

static bool check(const char *what, const char *id, rt_str expected, rt_str actual)
{
    if (rt_str_eq(expected, actual))
        return true;
    print_error("%s: %s: expected %.*s, got %.*s\n", id, what, (int)expected.len, expected.data,
            (int)actual.len, actual.data);
    return false;
}

static bool vector_passes(const json_t *vector)
{
    const char *id = json_string_value(json_object_get(vector, "id"));
    const ProtobufCMessageDescriptor *type = wire_type_by_name(text_member(vector, "type"));
    assert_non_null(type);
    ProtobufCMessage *m;
    struct rt_error *err = wire_unmarshal(type, hex_member(vector, "in"), &m);
    if (!check("err", id, text_member(vector, "err"), err ? err->text : RT_STR("")))
        return false;
    if ((err == NULL) != json_is_true(json_object_get(vector, "ok")))
        return false;
    if (json_object_get(vector, "out") == NULL)
        return true;
    rt_bytes out;
    struct rt_error *marshal_err = wire_marshal(m, &out);
    return check("out", id, text_member(vector, "out"), rt_hex(out)) &&
           check("marshal_err", id, text_member(vector, "marshal_err"),
                   marshal_err ? marshal_err->text : RT_STR(""));
}

static void test_vectors(void **state)
{
    (void)state;
    FILE *in = fopen("corpora/conformance/wire.jsonl", "r");
    assert_non_null(in);
    struct rt_arena *arena = rt_arena_new();
    rt_arena_use(arena);
    size_t passed = 0, failed = 0;
    json_t *vector;
    while ((vector = json_loadf(in, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
        if (vector_passes(vector))
            passed++;
        else
            failed++;
        json_decref(vector);
        rt_arena_reset(arena);
    }
    (void)fclose(in);
    rt_arena_free(arena);
    print_message("%zu passed, %zu failed\n", passed, failed);
    assert_int_equal(failed, 0);
    assert_true(passed >= 6000);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_vectors) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
