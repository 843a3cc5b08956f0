/* Packages read as Fabric 1.4.2 read them: corpora/conformance/cds.jsonl. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/ccprovider/package.h"
#include "model/ccprovider/platforms.h"
#include "model/rt/rt.h"

/* One reading: what became of it, as text. */
struct reading {
    rt_bytes in;
    rt_str outcome;
};

static void deployment_spec(void *arg)
{
    struct reading *r = arg;
    Protos__ChaincodeDeploymentSpec *cds;
    struct rt_error *err =
            platforms_get_chaincode_deployment_spec(platforms_default_registry(), r->in, &cds);
    r->outcome = err != NULL ? rt_sprintf("err %v", err) : RT_STR("accepted");
}

static void package(void *arg)
{
    struct reading *r = arg;
    struct cc_package *p;
    struct rt_error *err = ccprovider_get_cc_package(r->in, &p);
    if (err != NULL) {
        r->outcome = rt_sprintf("err %v", err);
        return;
    }
    const Ccprovider__ChaincodeData *data = cc_package_get_chaincode_data(p);
    r->outcome = rt_sprintf("%s name %S version %S id %x data %x",
            p->kind == CC_PACKAGE_CDS ? "cds" : "signed", data->name, data->version,
            cc_package_get_id(p), data->data);
}

static rt_str read_as(void (*how)(void *arg), rt_bytes in)
{
    struct reading r = { .in = in };
    rt_str panic;
    if (rt_recover(how, &r, &panic))
        return rt_sprintf("panic %S", panic);
    return r.outcome;
}

static rt_str member(const json_t *object, const char *key)
{
    const json_t *text = json_object_get(object, key);
    return rt_bytes_from(json_string_value(text), json_string_length(text));
}

static rt_str expected(const json_t *outcome)
{
    if (json_object_get(outcome, "panic"))
        return rt_sprintf("panic %S", member(outcome, "panic"));
    if (json_object_get(outcome, "err"))
        return rt_sprintf("err %S", member(outcome, "err"));
    if (!json_object_get(outcome, "kind"))
        return RT_STR("accepted");
    return rt_sprintf("%S name %S version %S id %S data %S", member(outcome, "kind"),
            member(outcome, "name"), member(outcome, "version"), member(outcome, "id"),
            member(outcome, "data"));
}

static bool check(const json_t *vector, const char *what, rt_str actual)
{
    rt_str want = expected(json_object_get(vector, what));
    if (rt_str_eq(want, actual))
        return true;
    print_error("%s: %s: expected %.*s, got %.*s\n",
            json_string_value(json_object_get(vector, "id")), what, (int)want.len, want.data,
            (int)actual.len, actual.data);
    return false;
}

static void test_vectors(void **state)
{
    (void)state;
    FILE *in = fopen("corpora/conformance/cds.jsonl", "r");
    assert_non_null(in);
    struct rt_arena *arena = rt_arena_new();
    rt_arena_use(arena);
    size_t passed = 0, failed = 0;
    json_t *vector;
    while ((vector = json_loadf(in, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
        rt_bytes bytes;
        assert_true(rt_unhex(member(vector, "in"), &bytes));
        bool ok = check(vector, "deployment_spec", read_as(deployment_spec, bytes));
        ok &= check(vector, "package", read_as(package, bytes));
        passed += ok;
        failed += !ok;
        json_decref(vector);
        rt_arena_reset(arena);
    }
    (void)fclose(in);
    rt_arena_free(arena);
    print_message("%zu passed, %zu failed\n", passed, failed);
    assert_int_equal(failed, 0);
    assert_true(passed >= 2500);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_vectors) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
