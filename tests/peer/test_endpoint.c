/* Where chaincodes are told to dial: recorded from starts of a real 1.4.2 peer with these
 * settings. */
#include "model/peer/internal.h"
#include "model/rt/rt.h"
#include "tests/support/test.h"

struct question {
    struct world_peer settings;
    rt_str endpoint;
};

static rt_str text(const json_t *vector, const char *key)
{
    const char *value = json_string_value(json_object_get(vector, key));
    return value ? rt_str_from(value) : RT_NIL;
}

static void ask(void *arg)
{
    struct question *q = arg;
    q->endpoint = peer_chaincode_endpoint(&q->settings);
}

static void test_endpoints(void **state)
{
    struct support_lines lines = support_lines_of("tests/peer/endpoints.jsonl");
    const json_t *v;
    (void)state;
    while ((v = support_next_vector(&lines))) {
        struct question q = { .settings = {
                                      .address = text(v, "address"),
                                      .chaincode_address = text(v, "chaincode"),
                                      .chaincode_listen_address = text(v, "listen"),
                                      .dev_mode = json_is_true(json_object_get(v, "dev")),
                              } };
        rt_str panic = RT_NIL;
        (void)rt_recover(ask, &q, &panic);
        if (!rt_str_eq(panic, text(v, "panic")) || !rt_str_eq(q.endpoint, text(v, "endpoint")))
            fail_msg("line %zu: \"%s\", panic \"%s\"", lines.number, rt_cstr(q.endpoint),
                    rt_cstr(panic));
    }
    assert_int_equal(lines.number, 164);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_endpoints, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
