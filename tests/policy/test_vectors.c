/* Every vector of policy.jsonl: compiling and evaluating signature policies. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/policy/cauthdsl.h"
#include "model/rt/arena.h"
#include "tests/support/world.h"

static rt_bytes hex(const json_t *object, const char *key)
{
    rt_bytes out = RT_NIL;
    assert_true(rt_unhex(rt_str_from(json_string_value(json_object_get(object, key))), &out));
    return out;
}

static bool same(const json_t *vector, const char *key, const struct rt_error *err)
{
    const char *expected = json_string_value(json_object_get(vector, key));
    if (expected ? err && rt_str_is(err->text, expected) : !err)
        return true;
    fprintf(stderr, "%s: %s: expected %s, got %s\n",
            json_string_value(json_object_get(vector, "id")), key, expected ? expected : "none",
            err ? rt_cstr(err->text) : "none");
    return false;
}

static bool check(const json_t *vector, const struct identity_deserializer *deserializer)
{
    const json_t *signers = json_object_get(vector, "signers");
    size_t count = json_array_size(signers);
    struct signed_data *set = rt_new_array(struct signed_data, count);
    for (size_t i = 0; i < count; i++) {
        set[i].data = hex(vector, "data");
        set[i].identity = hex(json_array_get(signers, i), "identity");
        set[i].signature = hex(json_array_get(signers, i), "signature");
    }
    const struct policy *policy;
    struct rt_error *err = cauthdsl_new_policy(deserializer, hex(vector, "policy"), &policy, NULL);
    if (err)
        return same(vector, "new_err", err);
    return same(vector, "new_err", NULL) &&
           same(vector, "eval_err", policy->evaluate(policy->self, set, count));
}

static void all_vectors(void **state)
{
    (void)state;
    struct rt_arena *world = rt_arena_new(), *run = rt_arena_new();
    rt_arena_use(world);
    const struct identity_deserializer *deserializer =
            msp_manager_deserializer(support_manager(MSP_V1_3));
    rt_bytes rest = support_read("corpora/conformance/policy.jsonl");
    size_t total = 0, wrong = 0;
    char *line;
    while (support_next_line(&rest, &line)) {
        json_t *vector = json_loads(line, JSON_ALLOW_NUL, NULL);
        assert_non_null(vector);
        rt_arena_use(run);
        total++;
        wrong += !check(vector, deserializer);
        rt_arena_reset(run);
        rt_arena_use(world);
        json_decref(vector);
    }
    rt_arena_free(run);
    rt_arena_free(world);
    assert_int_equal(total, 700);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(all_vectors) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
