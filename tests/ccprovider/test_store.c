/* The package store on a file system in memory: files, cache, lists. */
#include <stdlib.h>

#include "model/ccprovider/platforms.h"
#include "model/ccprovider/store.h"
#include "model/gostd/paths.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

struct fixture {
    struct memory_fs *fs;
    struct package_store *store;
};

static int set_up(void **state)
{
    static struct fixture f;
    support_arena_begin(state);
    f.fs = memory_fs_new();
    memory_fs_put(f.fs, RT_STR("/peer/keep"), RT_STR(""));
    f.store = package_store_new(memory_fs_interface(f.fs), RT_STR("/peer/chaincodes"));
    *state = &f;
    return 0;
}

static Protos__ChaincodeDeploymentSpec *spec(const char *name, const char *version)
{
    Protos__ChaincodeDeploymentSpec *cds = WIRE_NEW(protos__chaincode_deployment_spec);
    cds->chaincode_spec = WIRE_NEW(protos__chaincode_spec);
    cds->chaincode_spec->type = PROTOS__CHAINCODE_SPEC__TYPE__GOLANG;
    cds->chaincode_spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    cds->chaincode_spec->chaincode_id->name = rt_str_from(name);
    cds->chaincode_spec->chaincode_id->version = rt_str_from(version);
    cds->chaincode_spec->chaincode_id->path = RT_STR("a/path");
    cds->code_package = RT_STR("code");
    return cds;
}

static rt_bytes signed_package(rt_bytes cds, const char *policy)
{
    Protos__SignedChaincodeDeploymentSpec *scds =
            WIRE_NEW(protos__signed_chaincode_deployment_spec);
    Common__ChannelHeader *header = WIRE_NEW(common__channel_header);
    Common__Payload *payload = WIRE_NEW(common__payload);
    Common__Envelope *env = WIRE_NEW(common__envelope);
    scds->chaincode_deployment_spec = cds;
    scds->instantiation_policy = policy ? rt_str_from(policy) : RT_NIL;
    header->type = COMMON__HEADER_TYPE__CHAINCODE_PACKAGE;
    payload->header = WIRE_NEW(common__header);
    payload->header->channel_header = WIRE_MARSHAL_OR_PANIC(header);
    payload->data = WIRE_MARSHAL_OR_PANIC(scds);
    env->payload = WIRE_MARSHAL_OR_PANIC(payload);
    return WIRE_MARSHAL_OR_PANIC(env);
}

static void check_error(struct rt_error *err, const char *text)
{
    assert_non_null(err);
    assert_string_equal(rt_cstr(err->text), text);
}

static void test_put_and_get(void **state)
{
    struct fixture *f = *state;
    struct cc_package *p;
    rt_bytes code;
    bool exists;
    check_error(ccprovider_get_chaincode_from_fs(f->store, RT_STR("mycc"), RT_STR("1.0"), &p),
            "open /peer/chaincodes/mycc.1.0: no such file or directory");
    check_error(
            ccprovider_chaincode_package_exists(f->store, RT_STR("mycc"), RT_STR("1.0"), &exists),
            "stat /peer/chaincodes/mycc.1.0: no such file or directory");
    assert_false(exists);
    assert_null(ccprovider_put_chaincode_into_fs(f->store, spec("mycc", "1.0")));
    check_error(ccprovider_put_chaincode_into_fs(f->store, spec("mycc", "1.0")),
            "chaincode /peer/chaincodes/mycc.1.0 exists");
    assert_null(ccprovider_get_chaincode_from_fs(f->store, RT_STR("mycc"), RT_STR("1.0"), &p));
    assert_int_equal(p->kind, CC_PACKAGE_CDS);
    assert_true(WIRE_EQUAL(cc_package_get_dep_spec(p), spec("mycc", "1.0")));
    assert_null(
            ccprovider_get_chaincode_code_package(f->store, RT_STR("mycc"), RT_STR("1.0"), &code));
    assert_true(rt_str_is(code, "code"));
    assert_null(
            ccprovider_chaincode_package_exists(f->store, RT_STR("mycc"), RT_STR("1.0"), &exists));
    assert_true(exists);
}

/* The policy is no text, else the envelope would pass for a plain deployment spec, as it does in
 * Fabric. */
static void test_instantiation_policy(void **state)
{
    struct fixture *f = *state;
    rt_bytes cds = WIRE_MARSHAL_OR_PANIC(spec("scc", "1"));
    Ccprovider__ChaincodeData *ledger = WIRE_NEW(ccprovider__chaincode_data);
    memory_fs_put(f->fs, RT_STR("/peer/chaincodes/scc.1"), signed_package(cds, "\xffpolicy"));
    check_error(ccprovider_check_instantiation_policy(f->store, RT_STR("scc"), RT_STR("1"), ledger),
            "Instantiation policy mismatch for cc scc/1");
    ledger->instantiation_policy = RT_STR("\xffpolicy");
    assert_null(
            ccprovider_check_instantiation_policy(f->store, RT_STR("scc"), RT_STR("1"), ledger));
    check_error(ccprovider_check_instantiation_policy(f->store, RT_STR("no"), RT_STR("1"), ledger),
            "cannot retrieve package for chaincode no/1, error open /peer/chaincodes/no.1: no such "
            "file "
            "or directory");
}

static void test_signed_package_without_policy(void **state)
{
    (void)state;
    struct cc_package *p = cc_package_new(CC_PACKAGE_SIGNED_CDS);
    rt_bytes cds = WIRE_MARSHAL_OR_PANIC(spec("scc", "1"));
    check_error(cc_package_init_from_buffer(p, signed_package(cds, NULL), NULL),
            "instantiation policy cannot be nil for chaincode (scc:1)");
}

/* The cache answers after the file is gone, until the peer restarts. */
static void test_cache(void **state)
{
    struct fixture *f = *state;
    Ccprovider__ChaincodeData *data;
    assert_null(ccprovider_put_chaincode_into_fs(f->store, spec("mycc", "1.0")));
    assert_null(ccprovider_get_chaincode_data(f->store, RT_STR("mycc"), RT_STR("1.0"), &data));
    assert_true(memory_fs_remove(f->fs, RT_STR("/peer/chaincodes/mycc.1.0")));
    assert_null(ccprovider_get_chaincode_data(f->store, RT_STR("mycc"), RT_STR("1.0"), &data));
    assert_true(rt_str_is(data->name, "mycc"));
    package_store_forget(f->store);
    assert_non_null(ccprovider_get_chaincode_data(f->store, RT_STR("mycc"), RT_STR("1.0"), &data));
}

static void test_installed(void **state)
{
    struct fixture *f = *state;
    Protos__ChaincodeQueryResponse *r;
    assert_null(ccprovider_put_chaincode_into_fs(f->store, spec("b", "1.0.1")));
    assert_null(ccprovider_put_chaincode_into_fs(f->store, spec("a", "2")));
    rt_bytes renamed = WIRE_MARSHAL_OR_PANIC(spec("other", "1"));
    memory_fs_put(f->fs, RT_STR("/peer/chaincodes/renamed.1"), renamed);
    memory_fs_put(f->fs, RT_STR("/peer/chaincodes/junk.1"), RT_STR("\xff"));
    memory_fs_put(f->fs, RT_STR("/peer/chaincodes/nodot"), RT_STR(""));
    assert_null(ccprovider_get_installed_chaincodes(f->store, &r));
    assert_int_equal(r->n_chaincodes, 2);
    assert_true(rt_str_is(r->chaincodes[0]->name, "a"));
    assert_true(rt_str_is(r->chaincodes[1]->version, "1.0.1"));
    assert_true(rt_str_is(r->chaincodes[1]->path, "a/path"));
    assert_int_equal(r->chaincodes[1]->id.len, 32);
    struct installed_chaincode *list;
    size_t count;
    struct rt_error *err = ccprovider_list_installed_chaincodes(f->store, &list, &count);
    check_error(err,
            "failed obtaining information about junk, version 1: failed to unmarshal envelope "
            "from bytes");
}

static void test_validate_cc(void **state)
{
    (void)state;
    struct cc_package *p = cc_package_new(CC_PACKAGE_CDS);
    Ccprovider__ChaincodeData *data;
    check_error(cc_package_validate_cc(p, NULL), "uninitialized package");
    assert_null(cc_package_init_from_buffer(p, WIRE_MARSHAL_OR_PANIC(spec("mycc", "1")), &data));
    assert_null(cc_package_validate_cc(p, data));
    data->version = RT_STR("2\n");
    data->id = data->data = RT_NIL;
    check_error(cc_package_validate_cc(p, data),
            "invalid chaincode data name:\"mycc\" version:\"2\\n\"  (path:\"a/path\" name:\"mycc\" "
            "version:\"1\" )");
    data->version = RT_STR("1");
    check_error(cc_package_validate_cc(p, data), "data mismatch");
    data->name = RT_STR("my\x01");
    check_error(cc_package_validate_cc(p, data), "invalid chaincode name: \"my\\x01\"");
}

static void test_file_errors(void **state)
{
    struct fixture *f = *state;
    struct file_system fs = memory_fs_interface(f->fs);
    rt_bytes content;
    struct file_info info, *all;
    size_t count;
    check_error(fs.read_file(fs.self, RT_STR("/peer"), &content), "read /peer: is a directory");
    check_error(fs.read_file(fs.self, RT_STR("/peer/keep/x"), &content),
            "open /peer/keep/x: not a directory");
    check_error(fs.write_file(fs.self, RT_STR("/none/x"), RT_STR("")),
            "open /none/x: no such file or directory");
    assert_true(rt_str_has_suffix(
            fs.stat(fs.self, RT_STR("/a\0b"), &info)->text, RT_STR(": invalid argument")));
    check_error(fs.mkdir(fs.self, RT_STR("/peer")), "mkdir /peer: file exists");
    struct rt_buf name = { 0 };
    rt_buf_putz(&name, "/peer/");
    for (size_t i = 0; i < 256; i++)
        rt_buf_putz(&name, "n");
    struct rt_error *err = fs.write_file(fs.self, rt_buf_str(&name), RT_STR(""));
    assert_true(rt_str_has_suffix(err->text, RT_STR(": file name too long")));
    struct rt_buf deep = { 0 };
    for (size_t i = 0; i < 100000; i++)
        rt_buf_putz(&deep, "/d");
    memory_fs_put_directory(f->fs, rt_buf_str(&deep));
    memory_fs_put_unreadable(f->fs, rt_buf_str(&deep), RT_STR(""));
    check_error(fs.stat(fs.self, RT_STR("/d"), &info), "stat /d: no such file or directory");
    assert_null(fs.read_dir(fs.self, RT_STR("/peer"), &all, &count));
    assert_int_equal(count, 2);
    assert_true(rt_str_is(all[0].name, "chaincodes"));
    assert_true(all[0].is_dir);
}

static void test_clean(void **state)
{
    (void)state;
    static const char *const table[][2] = { { "", "." }, { "a//b/./c/", "a/b/c" },
        { "/../a", "/a" }, { "a/../..", ".." }, { "../../x/..", "../.." }, { "/", "/" },
        { "a/..", "." } };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_string_equal(rt_cstr(path_clean(rt_str_from(table[i][0]))), table[i][1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, support_arena_end)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_put_and_get), TEST(test_instantiation_policy),
        TEST(test_signed_package_without_policy), TEST(test_cache), TEST(test_installed),
        TEST(test_validate_cc), TEST(test_file_errors), TEST(test_clean) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
