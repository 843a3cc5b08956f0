/* Names and launch configurations: the recorded ones, and what the vectors do not reach. */
#include <jansson.h>

#include "model/chaincode/cc_name.h"
#include "model/chaincode/launch_config.h"
#include "model/container/docker_vm.h"
#include "model/rt/arena.h"
#include "tests/support/test.h"

static rt_str str(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value))
        return (rt_str){ 0 };
    return rt_bytes_dup(json_string_value(value), json_string_length(value));
}

static void assert_text(rt_str got, rt_str want, const json_t *vector)
{
    if (rt_str_eq(got, want))
        return;
    fail_msg("%s: got \"%s\", want \"%s\"", json_string_value(json_object_get(vector, "id")),
            rt_cstr(got), rt_cstr(want));
}

static void assert_texts(struct str_slice got, const json_t *want, const json_t *vector)
{
    assert_int_equal(got.count, json_array_size(want));
    for (size_t i = 0; i < got.count; i++) {
        const json_t *text = json_array_get(want, i);
        assert_text(got.items[i], rt_bytes_from(json_string_value(text), json_string_length(text)),
                vector);
    }
}

static void check_launch(const json_t *v, struct ccid ccid)
{
    const json_t *env = json_object_get(v, "env");
    struct launch_config_source source = { .peer_address = str(v, "peer_address") };
    for (size_t i = 0; i < 3; i++) {
        const json_t *text = json_array_get(env, i);
        if (text)
            source.common_env =
                    str_slice_append(source.common_env, rt_str_from(json_string_value(text)));
    }
    struct launch_config *lc = NULL;
    struct rt_error *err = launch_config_make(
            &source, rt_sprintf("%S:%S", ccid.name, ccid.version), str(v, "type"), &lc);
    if (json_object_get(v, "launch_err")) {
        assert_non_null(err);
        assert_text(err->text, str(v, "launch_err"), v);
        return;
    }
    assert_null(err);
    assert_texts(lc->args, json_object_get(v, "args"), v);
    assert_texts(lc->envs, env, v);
}

static void check_vector(const json_t *v)
{
    struct ccid ccid = { .name = str(v, "name"), .version = str(v, "version") };
    rt_str network = str(v, "network_id");
    rt_str peer = str(v, "peer_id");
    rt_str image = { 0 };
    assert_text(ccid_get_name(ccid), str(v, "ccid"), v);
    assert_text(docker_vm_get_vm_name(network, peer, ccid), str(v, "container"), v);
    struct rt_error *err = docker_vm_get_vm_name_for_docker(network, peer, ccid, &image);
    assert_text(!err ? (rt_str){ 0 } : err->text, str(v, "image_err"), v);
    assert_text(image, str(v, "image"), v);
    struct chaincode_instance ci = parse_name(str(v, "parse"));
    rt_str parts[] = { ci.chaincode_name, ci.chaincode_version, ci.chain_id };
    assert_texts((struct str_slice){ parts, 3 }, json_object_get(v, "parsed"), v);
    check_launch(v, ccid);
}

static void test_recorded(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("corpora/conformance/names.jsonl");
    const json_t *v;
    while ((v = support_next_vector(&lines))) {
        check_vector(v);
        rt_arena_reset(rt_arena_current());
    }
    assert_int_equal(lines.number, 800);
}

/* Go's regexp replaces each invalid byte, and each character however long, by one dash. */
static void test_bytes_that_are_no_text(void **state)
{
    (void)state;
    struct ccid ccid = { .name = RT_STR("a\xff\xfe"
                                        "b\xe4\xb8\xad"
                                        "c\xe4\xb8"),
        .version = RT_STR("1\0x") };
    rt_str name = docker_vm_get_vm_name(RT_STR(""), RT_STR("p"), ccid);
    assert_true(rt_str_is(name, "p-a--b-c---1-x"));
}

static const struct cert_and_priv_key_pair *pair_to_give;
static struct rt_error *error_to_give;

static struct rt_error *generate(
        void *self, rt_str cc_name, const struct cert_and_priv_key_pair **pair)
{
    assert_null(self);
    assert_true(rt_str_is(cc_name, "cc:1"));
    *pair = pair_to_give;
    return error_to_give;
}

static void test_tls(void **state)
{
    (void)state;
    static const char *const want[] = {
        "X=1",
        "CORE_CHAINCODE_ID_NAME=cc:1",
        "CORE_PEER_TLS_ENABLED=true",
        "CORE_TLS_CLIENT_KEY_PATH=/etc/hyperledger/fabric/client.key",
        "CORE_TLS_CLIENT_CERT_PATH=/etc/hyperledger/fabric/client.crt",
        "CORE_PEER_TLS_ROOTCERT_FILE=/etc/hyperledger/fabric/peer.crt",
    };
    struct cert_and_priv_key_pair pair = { RT_STR("CERT"), RT_STR("KEY") };
    struct cert_generator generator = { NULL, generate };
    struct launch_config_source source = {
        .cert_generator = &generator,
        .ca_cert = RT_STR("CA"),
        .common_env = str_slice_append((struct str_slice){ 0 }, RT_STR("X=1")),
        .peer_address = RT_STR("peer0:7052"),
    };
    struct launch_config *lc = NULL;
    pair_to_give = &pair;
    error_to_give = NULL;
    assert_null(launch_config_make(&source, RT_STR("cc:1"), RT_STR("GOLANG"), &lc));
    assert_int_equal(lc->envs.count, sizeof(want) / sizeof(want[0]));
    for (size_t i = 0; i < lc->envs.count; i++)
        assert_true(rt_str_is(lc->envs.items[i], want[i]));
    assert_int_equal(rt_map_len(lc->files), 3);
    const rt_bytes *key = rt_map_get(lc->files, RT_STR(TLS_CLIENT_KEY_PATH));
    const rt_bytes *cert = rt_map_get(lc->files, RT_STR(TLS_CLIENT_CERT_PATH));
    const rt_bytes *ca = rt_map_get(lc->files, RT_STR(TLS_CLIENT_ROOT_CERT_PATH));
    assert_true(rt_str_is(*key, "KEY") && rt_str_is(*cert, "CERT") && rt_str_is(*ca, "CA"));
    assert_true(rt_str_has_suffix(launch_config_string(lc),
            RT_STR("Files:[/etc/hyperledger/fabric/client.crt /etc/hyperledger/fabric/client.key "
                   "/etc/hyperledger/fabric/peer.crt]")));

    pair_to_give = NULL;
    struct rt_error *err = launch_config_make(&source, RT_STR("cc:1"), RT_STR("NODE"), &lc);
    assert_true(rt_str_is(err->text, "failed to acquire TLS certificates for cc:1"));
    error_to_give = rt_errorf("no luck");
    err = launch_config_make(&source, RT_STR("cc:1"), RT_STR("NODE"), &lc);
    assert_true(rt_str_is(err->text, "failed to generate TLS certificates for cc:1: no luck"));
}

/* What Fabric logs about a launch: seen in a log of 1.4.2. */
static void test_string(void **state)
{
    (void)state;
    struct launch_config_source source = { .peer_address = RT_STR("peer0:7052") };
    struct launch_config *lc = NULL;
    assert_null(launch_config_make(&source, RT_STR("mycc:1.0"), RT_STR("GOLANG"), &lc));
    assert_true(rt_str_is(launch_config_string(lc),
            "executable:\"chaincode\",Args:[chaincode,-peer.address=peer0:7052],Envs:["
            "CORE_CHAINCODE_ID_NAME=mycc:1.0,CORE_PEER_TLS_ENABLED=false],Files:[]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_recorded, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                test_bytes_that_are_no_text, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_tls, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_string, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
