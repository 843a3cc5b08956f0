/* lscc as the Lifecycle of chaincode support: definitions and what is needed to launch. */
#include "model/ccprovider/filesystem.h"
#include "model/ccprovider/platforms.h"
#include "model/ccprovider/store.h"
#include "model/ledger/ledger.h"
#include "model/lscc/lscc.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"
#include "proto/ccprovider.pb-c.h"
#include "proto/chaincode.pb-c.h"
#include "tests/support/test.h"

struct fixture {
    struct memory_fs *fs;
    struct package_store *packages;
    struct peer_operations peer;
    struct life_cycle_sys_cc *lscc;
    struct query_executor qe;
    rt_bytes value; /* of every key */
    struct rt_error *err;
};

static struct rt_error *get_state(void *self, rt_str ns, rt_str key, rt_bytes *value)
{
    struct fixture *f = self;
    (void)key;
    assert_true(rt_str_is(ns, "lscc"));
    *value = f->value;
    return f->err;
}

static int setup(void **state)
{
    support_arena_begin(state);
    struct fixture *f = rt_new(struct fixture);
    f->fs = memory_fs_new();
    f->packages = package_store_new(memory_fs_interface(f->fs), RT_STR("/cc"));
    f->lscc = lscc_new(NULL, NULL, NULL, &f->peer, f->packages, platforms_default_registry(), NULL);
    f->qe = (struct query_executor){ .self = f, .get_state = get_state };
    *state = f;
    return 0;
}

/* Installs a package and gives the definition that belongs to it. */
static rt_bytes install(struct fixture *f)
{
    Protos__ChaincodeDeploymentSpec *cds = WIRE_NEW(protos__chaincode_deployment_spec);
    cds->chaincode_spec = WIRE_NEW(protos__chaincode_spec);
    cds->chaincode_spec->type = PROTOS__CHAINCODE_SPEC__TYPE__NODE;
    cds->chaincode_spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    cds->chaincode_spec->chaincode_id->name = RT_STR("cc");
    cds->chaincode_spec->chaincode_id->version = RT_STR("1");
    cds->chaincode_spec->chaincode_id->path = RT_STR("some/path");
    cds->code_package = RT_STR("code");
    rt_bytes bytes = WIRE_MARSHAL_OR_PANIC(cds);
    memory_fs_put(f->fs, RT_STR("/cc/cc.1"), bytes);
    struct cc_package *package;
    assert_null(ccprovider_get_chaincode_from_fs(f->packages, RT_STR("cc"), RT_STR("1"), &package));
    return WIRE_MARSHAL_OR_PANIC(cc_package_get_chaincode_data(package));
}

static const char *info_error(struct fixture *f)
{
    struct chaincode_container_info *info;
    struct rt_error *err = lscc_chaincode_container_info(f->lscc, RT_STR("cc"), &f->qe, &info);
    assert_non_null(err);
    return rt_cstr(err->text);
}

static const char *definition_error(struct fixture *f)
{
    ccprovider_chaincode_definition *definition;
    struct rt_error *err = lscc_chaincode_definition(f->lscc, RT_STR("cc"), &f->qe, &definition);
    assert_non_null(err);
    return rt_cstr(err->text);
}

static void test_found(void **state)
{
    struct fixture *f = *state;
    f->value = install(f);
    struct chaincode_container_info *info;
    assert_null(lscc_chaincode_container_info(f->lscc, RT_STR("cc"), &f->qe, &info));
    assert_true(rt_str_is(info->name, "cc"));
    assert_true(rt_str_is(info->version, "1"));
    assert_true(rt_str_is(info->path, "some/path"));
    assert_true(rt_str_is(info->type, "NODE"));
    assert_true(rt_str_is(info->container_type, "DOCKER"));
    ccprovider_chaincode_definition *definition;
    assert_null(lscc_chaincode_definition(f->lscc, RT_STR("cc"), &f->qe, &definition));
    assert_true(rt_str_is(definition->name, "cc"));
}

static void test_errors(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(info_error(f), "chaincode cc not found");
    assert_string_equal(definition_error(f), "chaincode cc not found");
    f->err = rt_errorf("broken");
    assert_string_equal(info_error(f), "could not retrieve state for chaincode cc: broken");
    assert_string_equal(definition_error(f), "could not retrieve state for chaincode cc: broken");
    f->err = NULL;
    f->value = RT_STR("junk");
    assert_string_equal(info_error(f), "could not get chaincode code: error while marshalling: cc");
    assert_string_equal(definition_error(f), "chaincode cc has bad definition: unexpected EOF");

    Ccprovider__ChaincodeData *cd = WIRE_NEW(ccprovider__chaincode_data);
    cd->name = RT_STR("cc");
    cd->version = RT_STR("2");
    f->value = WIRE_MARSHAL_OR_PANIC(cd);
    assert_string_equal(info_error(f),
            "could not get chaincode code: invalid deployment spec: open "
            "/cc/cc.2: no such file or directory");
    install(f);
    cd->version = RT_STR("1");
    f->value = WIRE_MARSHAL_OR_PANIC(cd);
    assert_true(rt_str_has_prefix(rt_str_from(info_error(f)),
            RT_STR("could not get chaincode code: chaincode fingerprint mismatch: ")));
}

static void ask_without_executor(void *arg)
{
    struct fixture *f = arg;
    struct chaincode_container_info *info;
    assert_null(lscc_chaincode_container_info(f->lscc, RT_STR("cc"), NULL, &info));
}

/* A proposal without a channel to a chaincode that does not run. */
static void test_no_executor(void **state)
{
    rt_str panic;
    assert_true(rt_recover(ask_without_executor, *state, &panic));
    assert_true(rt_str_has_prefix(
            panic, RT_STR("runtime error: invalid memory address or nil pointer dereference")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_found, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_errors, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_no_executor, setup, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
