/* Packages with odd archives, as Fabric's own functions read them:
 * corpora/packages/packages.jsonl. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/ccprovider/platforms.h"
#include "model/ccprovider/store.h"
#include "model/crypto/crypto.h"
#include "model/rt/rt.h"
#include "tests/support/test.h"

/* One package on its way through the readers. */
struct journey {
    rt_bytes in;
    struct cc_package *package;
    rt_bytes tar;
    const struct tar_file_entry *entry;
    rt_str outcome;
};

static rt_str error_text(struct rt_error *err)
{
    return err ? rt_sprintf("err %v", err) : RT_STR("-");
}

static void deployment_spec(void *arg)
{
    struct journey *j = arg;
    Protos__ChaincodeDeploymentSpec *cds;
    j->outcome = error_text(
            platforms_get_chaincode_deployment_spec(platforms_default_registry(), j->in, &cds));
}

static void package(void *arg)
{
    struct journey *j = arg;
    struct rt_error *err = ccprovider_get_cc_package(j->in, &j->package);
    j->outcome = error_text(err);
    if (err)
        return;
    const Ccprovider__ChaincodeData *data = cc_package_get_chaincode_data(j->package);
    j->outcome = rt_sprintf("%s name %S version %S id %x data %x",
            j->package->kind == CC_PACKAGE_CDS ? "cds" : "signed", data->name, data->version,
            cc_package_get_id(j->package), data->data);
}

static void artifacts(void *arg)
{
    struct journey *j = arg;
    j->outcome = RT_STR("none");
    if (!j->package)
        return;
    struct rt_error *err = ccprovider_extract_statedb_artifacts_from_cc_package(
            j->package, platforms_default_registry(), &j->tar);
    j->outcome = err ? error_text(err) : rt_hex(j->tar);
    if (!err && j->outcome.len > 200)
        j->outcome = rt_sprintf("sha256 %x", crypto_sha256(j->tar));
}

static void validate(void *arg)
{
    struct journey *j = arg;
    j->outcome = error_text(ccmetadata_validate_metadata_file(j->entry->name, j->entry->content));
}

static rt_str outcome_of(rt_fn step, struct journey *j)
{
    rt_str panic;
    if (rt_recover(step, j, &panic))
        return rt_sprintf("panic %S", panic);
    return j->outcome;
}

static void entries(void *arg)
{
    struct journey *j = arg;
    struct tar_file_entry *all;
    size_t count;
    struct rt_buf out = { 0 };
    j->outcome = RT_STR("none");
    if (!j->tar.data)
        return;
    struct rt_error *err = ccprovider_extract_file_entries(j->tar, RT_STR(""), &all, &count);
    for (size_t i = 0; !err && i < count; i++) {
        j->entry = &all[i];
        rt_str verdict = outcome_of(validate, j);
        rt_buf_printf(&out, "%S|%S|%x|%S;", all[i].dir, all[i].name, all[i].content, verdict);
    }
    j->outcome = err ? error_text(err) : rt_buf_str(&out);
}

static rt_str member(const json_t *object, const char *key)
{
    const json_t *text = json_object_get(object, key);
    assert_true(json_is_string(text));
    return rt_bytes_from(json_string_value(text), json_string_length(text));
}

static bool check(const json_t *row, const char *key, size_t line, rt_fn step, struct journey *j)
{
    rt_str want = member(row, key), got = outcome_of(step, j);
    if (rt_str_eq(want, got))
        return true;
    print_error("line %zu: %s: expected %.*s, got %.*s\n", line, key, (int)want.len, want.data,
            (int)got.len, got.data);
    return false;
}

static void test_archives(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("corpora/packages/packages.jsonl");
    size_t failed = 0;
    const json_t *row;
    while ((row = support_next_vector(&lines))) {
        struct journey j = { 0 };
        assert_true(rt_unhex(member(row, "in"), &j.in));
        bool ok = check(row, "deployment_spec", lines.number, deployment_spec, &j);
        ok &= check(row, "package", lines.number, package, &j);
        ok &= check(row, "artifacts", lines.number, artifacts, &j);
        ok &= check(row, "entries", lines.number, entries, &j);
        failed += !ok;
        rt_arena_reset(rt_arena_current());
    }
    assert_int_equal(failed, 0);
    assert_true(lines.number >= 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_archives) };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
