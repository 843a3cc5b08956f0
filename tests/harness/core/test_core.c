/* Settings by the keys of core.yaml: against what Fabric's code reads, and what is told of
 * mistakes. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/core/core.h"
#include "harness/core/keys.h"
#include "harness/yaml/yaml.h"
#include "model/chaincode/config.h"
#include "model/container/docker_client_impl.h"
#include "model/rt/clock.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

/* ---- the recorded cases ---- */

static void put_text(json_t *o, const char *key, rt_str text)
{
    json_object_set_new(o, key, json_text_value(text.data, text.len));
}

/* What is sent to the engine. */
static json_t *host_config(const struct world_peer *peer)
{
    const struct docker_create_options options = { .host_config = &peer->host_config };
    const char *body = rt_cstr(client_create_body(&options));
    const char *at = strstr(body, "\"HostConfig\":");
    assert_non_null(at);
    at += strlen("\"HostConfig\":");
    return json_stringn(at, strlen(at) - 1);
}

static json_t *systems(const struct world_peer *peer)
{
    static const char *const sorted[] = { "+lifecycle", "cscc", "lscc", "qscc" };
    json_t *names = json_array();
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < peer->system_chaincode_count; k++)
            if (rt_str_is(peer->system_chaincodes[k], sorted[i]))
                json_array_append_new(names, json_string(sorted[i]));
    return names;
}

/* The settings by the names of the cases; timeouts and levels as chaincode support takes them. */
static json_t *told(const struct world_peer *p)
{
    json_t *o = json_object();
    struct chaincode_config c = chaincode_config_load(p->tls,
            rt_sprintf("%lld", (long long)(p->keepalive_ms / 1000)), p->execute_timeout_ms * RT_MS,
            p->startup_timeout_ms * RT_MS, p->log_format, p->log_level, p->shim_log_level);
    json_object_set_new(o, "keepalive_ns", json_integer(c.keepalive_ns));
    json_object_set_new(o, "execute_ns", json_integer(c.execute_timeout_ns));
    json_object_set_new(o, "startup_ns", json_integer(c.startup_timeout_ns));
    put_text(o, "log_format", c.log_format);
    put_text(o, "log_level", c.log_level);
    put_text(o, "shim_log_level", c.shim_log_level);
    json_object_set_new(o, "tls", json_boolean(p->tls));
    json_object_set_new(o, "dev_mode", json_boolean(p->dev_mode));
    json_object_set_new(o, "attach_stdout", json_boolean(p->attach_stdout));
    json_object_set_new(o, "pull", json_boolean(p->pull));
    put_text(o, "builder", p->builder);
    put_text(o, "golang_runtime", p->golang_runtime);
    put_text(o, "node_runtime", p->node_runtime);
    put_text(o, "java_runtime", p->java_runtime);
    put_text(o, "car_runtime", p->car_runtime);
    json_object_set_new(o, "golang_dynamic_link", json_boolean(p->golang_dynamic_link));
    put_text(o, "docker_endpoint", p->docker_endpoint);
    json_object_set_new(o, "docker_tls", json_boolean(p->docker_tls));
    put_text(o, "id", p->id);
    put_text(o, "network_id", p->network_id);
    put_text(o, "mspid", p->mspid);
    put_text(o, "address", p->address);
    put_text(o, "chaincode_address", p->chaincode_address);
    put_text(o, "chaincode_listen_address", p->chaincode_listen_address);
    put_text(o, "chaincode_install_path", p->chaincode_install_path);
    json_object_set_new(o, "system", systems(p));
    json_object_set_new(o, "host_config", host_config(p));
    return o;
}

/* What an empty file comes to, see corpora/core-yaml/README.md. */
static json_t *nothing(void)
{
    json_t *o = json_pack("{s:i, s:I, s:I, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:s, s:[], "
                          "s:s}",
            "keepalive_ns", 0, "execute_ns", (json_int_t)30000000000, "startup_ns",
            (json_int_t)5000000000, "log_format", "", "log_level", "INFO", "shim_log_level", "INFO",
            "tls", 0, "dev_mode", 0, "attach_stdout", 0, "pull", 0, "golang_dynamic_link", 0,
            "docker_tls", 0, "chaincode_install_path", "chaincodes", "system", "host_config",
            "{\"NetworkMode\":\"host\",\"RestartPolicy\":{},\"LogConfig\":{}}");
    static const char *const empty[] = { "builder", "golang_runtime", "node_runtime",
        "java_runtime", "car_runtime", "docker_endpoint", "id", "network_id", "mspid", "address",
        "chaincode_address", "chaincode_listen_address" };
    assert_non_null(o);
    for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++)
        json_object_set_new(o, empty[i], json_string(""));
    return o;
}

/* The settings of a file and the variables of `env`; NULL if they cannot be used. */
static json_t *settings_of(const struct json_doc *file, const json_t *env, bool *fits)
{
    struct json_doc *doc = json_doc_wrap("env", env);
    const struct core_source from = { .file = file, .doc = doc, .env = doc->root };
    struct world_peer peer = { 0 };
    reports_begin();
    bool ok = core_apply(&from, &peer);
    const char *reports = reports_end();
    *fits = !strstr(reports, "timeouts are whole milliseconds here") &&
            !strstr(reports, "a keep-alive is at most 9223372036 seconds here");
    if (!ok && *fits)
        fail_msg("cannot be used: %s", reports);
    json_doc_free(doc);
    return ok ? told(&peer) : NULL;
}

static void assert_same(json_t *got, json_t *expected, const char *yaml, size_t number)
{
    const char *key;
    json_t *value;
    json_object_foreach(expected, key, value)
    {
        if (json_equal(json_object_get(got, key), value))
            continue;
        char *want = json_line(value), *have = json_line(json_object_get(got, key));
        fail_msg("line %zu:\n%s\n%s: expected %s, got %s", number, yaml, key, want, have);
    }
}

static void check_case(json_t *v, size_t number)
{
    const char *yaml = json_string_of(v, "yaml"), *key;
    json_t *expected = nothing(), *out = json_object_get(v, "out"), *value;
    json_object_foreach(out, key, value) if (json_object_get(expected, key))
            json_object_set(expected, key, value);
    if (json_integer_of(expected, "keepalive_ns") < 0) /* off, as 0 is */
        json_object_set_new(expected, "keepalive_ns", json_integer(0));
    reports_begin();
    struct json_doc *file = yaml_doc_parse("core.yaml", yaml, strlen(yaml));
    reports_end();
    if (!file != (json_string_of(out, "error") != NULL))
        fail_msg("line %zu: %s", number, file ? "was not refused" : "was refused");
    if (file) {
        bool fits; /* into a world */
        json_t *got = settings_of(file, json_object_get(v, "env"), &fits);
        if (fits)
            assert_same(got, expected, yaml, number);
        else if (json_integer_of(expected, "startup_ns") % RT_MS == 0 &&
                 json_integer_of(expected, "execute_ns") % RT_MS == 0 && !strstr(yaml, "keepalive"))
            fail_msg("line %zu: what a world can say is refused", number);
        json_decref(got);
        json_doc_free(file);
    }
    json_decref(expected);
}

static void settings_are_those_of_the_peer(void **state)
{
    struct support_lines lines = support_lines_of("corpora/core-yaml/cases.jsonl");
    json_t *v;
    size_t count = 0;
    while ((v = support_next_vector(&lines))) {
        check_case(v, lines.number);
        rt_arena_reset(*state);
        count++;
    }
    assert_true(count > 850);
}

/* ---- changes of a world's settings, and mistakes ---- */

/* The settings that a JSON text with `core`, `env` and `peer` makes of the release's; false after a
 * report. */
static bool changed(const char *text, struct world_peer *peer)
{
    struct json_doc *doc = json_doc_parse("w.json", text, strlen(text), 1);
    assert_non_null(doc);
    const struct core_source from = { .doc = doc,
        .keys = json_member(doc->root, "core"),
        .env = json_member(doc->root, "env"),
        .peer = json_member(doc->root, "peer") };
    *peer = (struct world_peer){ .id = RT_STR("jdoe"),
        .startup_timeout_ms = 300000,
        .host_config = docker_host_config_default() };
    static rt_str systems[] = { RT_STR_INIT("lscc"), RT_STR_INIT("qscc") };
    peer->system_chaincodes = systems;
    peer->system_chaincode_count = 2;
    bool ok = core_apply(&from, peer);
    json_doc_free(doc);
    return ok;
}

static void keys_that_are_not_given_stay(void **state)
{
    struct world_peer peer;
    (void)state;
    assert_true(changed("{ \"core\": { \"vm\": { \"docker\": { \"hostConfig\": { \"Dns\": "
                        "[\"8.8.8.8\"] } } }, \"chaincode\": { \"system\": { \"cscc\": \"enable\", "
                        "\"qscc\": \"disable\" } } }, "
                        "\"env\": { \"CORE_CHAINCODE_STARTUPTIMEOUT\": \"1m30s\" } }",
            &peer));
    assert_int_equal(peer.startup_timeout_ms, 90000);
    assert_int_equal(peer.host_config.memory, 2147483648);
    assert_int_equal(peer.host_config.dns.count, 1);
    assert_int_equal(peer.host_config.log_option_count, 2);
    assert_int_equal(peer.system_chaincode_count, 2);
    assert_true(rt_str_is(peer.system_chaincodes[0], "lscc"));
    assert_true(rt_str_is(peer.system_chaincodes[1], "cscc"));
    assert_true(rt_str_is(peer.id, "jdoe"));
}

static void null_takes_a_key_away(void **state)
{
    struct world_peer peer;
    (void)state;
    assert_true(changed("{ \"core\": { \"chaincode\": { \"startuptimeout\": null } } }", &peer));
    assert_int_equal(peer.startup_timeout_ms, 5000);
}

/* A setting in a section that is without effect otherwise. */
static void a_setting_lies_in_an_idle_section(void **state)
{
    struct world_peer peer;
    (void)state;
    assert_true(changed("{ \"core\": { \"peer\": { \"gossip\": { \"pvtData\": { "
                        "\"pushAckTimeout\": \"1500ms\" } } } } }",
            &peer));
    assert_int_equal(peer.push_ack_timeout_ms, 1500);
    assert_true(
            changed("{ \"env\": { \"CORE_PEER_GOSSIP_PVTDATA_PUSHACKTIMEOUT\": \"2s\" } }", &peer));
    assert_int_equal(peer.push_ack_timeout_ms, 2000);
}

static void changes_lie_over_the_file(void **state)
{
    static const char yaml[] = "chaincode:\n  startuptimeout: 60s\n  executetimeout: 40s\n"
                               "  mode: dev\npeer: {id: a, networkId: b}\n";
    static const char json[] = "{ \"chaincode\": { \"startuptimeout\": \"70s\", \"mode\": null }, "
                               "\"peer\": { \"id\": \"c\" } }";
    struct json_doc *file = yaml_doc_parse("core.yaml", yaml, strlen(yaml));
    struct json_doc *doc = json_doc_parse("w.json", json, strlen(json), 1);
    const struct core_source from = { .file = file, .doc = doc, .keys = doc->root };
    struct world_peer peer = { 0 };
    (void)state;
    assert_true(core_apply(&from, &peer));
    assert_int_equal(peer.startup_timeout_ms, 70000);
    assert_int_equal(peer.execute_timeout_ms, 40000);
    assert_false(peer.dev_mode);
    assert_true(rt_str_is(peer.id, "c"));
    assert_true(rt_str_is(peer.network_id, "b"));
    json_doc_free(doc);
    json_doc_free(file);
}

/* peer.address as CacheConfiguration takes it. */
static void the_address_may_be_the_machines_own(void **state)
{
    static const struct {
        const char *env;
        const char *address; /* NULL: the peer does not start */
        const char *report;
    } cases[] = {
        { "{ \"CORE_PEER_ADDRESS\": \"peer0:7051\" }", "peer0:7051", "" },
        { "{ \"CORE_PEER_ADDRESS\": \"0.0.0.0:7051\" }", CORE_LOCAL_IP ":7051", "" },
        { "{ \"CORE_PEER_ADDRESS\": \"[::]:7051\" }", CORE_LOCAL_IP ":7051", "" },
        { "{ \"CORE_PEER_ADDRESS\": \"peer0:1\", \"CORE_PEER_ADDRESSAUTODETECT\": \"true\" }",
                CORE_LOCAL_IP ":1", "" },
        { "{ \"CORE_PEER_ADDRESS\": \"peer0\" }", NULL,
                "env:2:24: the peer would not start: peer.address isn't in host:port format: "
                "peer0\n" },
        { "{ }", NULL, "env: the peer would not start: peer.address isn't set\n" },
    };
    struct json_doc *file = yaml_doc_parse("core.yaml", "", 0);
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        json_t *env = json_loads(cases[i].env, 0, NULL);
        struct json_doc *doc = json_doc_wrap("env", env);
        const struct core_source from = { .file = file, .doc = doc, .env = doc->root };
        struct world_peer peer = { 0 };
        reports_begin();
        bool ok = core_apply(&from, &peer) && core_find_address(&from, &peer);
        assert_string_equal(reports_end(), cases[i].report);
        assert_int_equal(ok, cases[i].address != NULL);
        if (ok)
            assert_string_equal(rt_cstr(peer.address), cases[i].address);
        json_doc_free(doc);
        json_decref(env);
    }
    json_doc_free(file);
}

static void mistakes_are_told_with_their_places(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        const char *report;
    } cases[] = {
        { "{ \"core\": {\n \"chaincode\": { \"startuptimout\": \"1s\" } } }", false,
                "w.json:2:17: unknown key chaincode.startuptimout (did you mean "
                "chaincode.startuptimeout?)\n" },
        { "{ \"core\": { \"nonsense\": 1 } }", false, "w.json:1:13: unknown key nonsense\n" },
        { "{ \"core\": [] }", false, "w.json:1:11: found an array, expected an object of keys\n" },
        { "{ \"core\": { \"peer\": 5 } }", false, "w.json:1:13: unknown key peer\n" },
        { "{ \"env\": {\n \"CORE_VM_ENDPIONT\": \"x\" } }", false,
                "w.json:2:2: unknown variable CORE_VM_ENDPIONT (did you mean "
                "CORE_VM_ENDPOINT?)\n" },
        { "{ \"env\": { \"CORE_VM_ENDPOINT\": null } }", false,
                "w.json:1:32: found null, expected a string, a number, true or false\n" },
        { "{ \"peer\": { \"id\": \"a\" },\n \"core\": { \"peer\": { \"id\": \"b\" } } }", false,
                "w.json:2:28: peer.id is said by \"id\" of \"peer\", too\n" },
        { "{ \"core\": { \"chaincode\": {\n \"startuptimeout\": \"6.0000001s\" } } }", false,
                "w.json:2:20: timeouts are whole milliseconds here\n" },
        { "{ \"core\": {\n \"metrics\": { \"provider\": \"statsd\" }, \"peer\": { \"gossip\": { } "
          "} } }",
                true, "w.json:1:11: keys without effect here: metrics, peer.gossip\n" },
        { "{ \"core\": { \"peer\": {\n \"gossip\": { \"pvtData\": { \"pushAckTimeout\": \"1s\" } } "
          "} } }",
                true, "" },
        { "{ \"core\": { \"peer\": {\n \"gossip\": { \"pvtData\": { \"pushAckTimeout\": \"1s\", "
          "\"btlPullMargin\": 1 } } } } }",
                true, "w.json:1:11: keys without effect here: peer.gossip\n" },
        { "{ \"core\": { \"peer\": {\n \"gossip\": { \"pvtData\": { \"pushAckTimeout\": \"-1s\" } "
          "} } } }",
                false, "w.json:2:45: this time is at least 0 here\n" },
        { "{ \"env\": { \"FABRIC_LOGGING_SPEC\": \"debug\", \"CORE_PEER_GOSSIP_BOOTSTRAP\": \"x\", "
          "\"CORE_CHAINCODE_SYSTEM_QSCC\": \"disable\" } }",
                true,
                "w.json:1:10: variables without effect here: FABRIC_LOGGING_SPEC, "
                "CORE_PEER_GOSSIP_BOOTSTRAP, CORE_CHAINCODE_SYSTEM_QSCC\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct world_peer peer;
        reports_begin();
        bool ok = changed(cases[i].text, &peer);
        const char *reports = reports_end();
        if (ok != cases[i].ok || strcmp(reports, cases[i].report) != 0)
            fail_msg("%s\n%s, reported:\n%sexpected:\n%s", cases[i].text, ok ? "taken" : "refused",
                    reports, cases[i].report);
    }
}

/* In a file of a real peer, which would read on. */
static void an_unknown_key_of_a_file_is_told(void **state)
{
    static const char yaml[] = "chaincode:\n  startuptimeot: 60s\n";
    struct json_doc *file = yaml_doc_parse("core.yaml", yaml, strlen(yaml));
    struct json_doc *doc = json_doc_parse("w.json", "{}", 2, 1);
    const struct core_source from = { .file = file, .doc = doc };
    struct world_peer peer = { 0 };
    (void)state;
    reports_begin();
    assert_true(core_apply(&from, &peer));
    assert_string_equal(reports_end(),
            "core.yaml:2:3: unknown key chaincode.startuptimeot (did you "
            "mean chaincode.startuptimeout?)\n");
    assert_int_equal(peer.startup_timeout_ms, 5000);
    json_doc_free(doc);
    json_doc_free(file);
}

/* ---- the page ---- */

static void the_page_tells_of_every_key(void **state)
{
    size_t len;
    char *page = file_read("docs/core-yaml.md", FILE_MAX_BYTES, &len);
    (void)state;
    assert_non_null(page);
    for (const struct core_key *key = core_keys; key->path; key++) {
        char *row = mem_format("| `%s` | %s | `%s` |\n", key->path, key->about, key->member);
        if (!strstr(page, row))
            fail_msg("docs/core-yaml.md lacks the row\n%s", row);
        free(row);
    }
    for (size_t i = 0; core_without_effect[i]; i++) {
        char *name = mem_format("`%s`", core_without_effect[i]);
        if (!strstr(page, name))
            fail_msg("docs/core-yaml.md does not name %s", name);
        free(name);
    }
    free(page);
}

#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, support_arena_begin, support_arena_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                settings_are_those_of_the_peer, support_arena_begin, support_arena_end),
        IN_ARENA(keys_that_are_not_given_stay),
        IN_ARENA(null_takes_a_key_away),
        IN_ARENA(a_setting_lies_in_an_idle_section),
        IN_ARENA(changes_lie_over_the_file),
        IN_ARENA(the_address_may_be_the_machines_own),
        IN_ARENA(mistakes_are_told_with_their_places),
        IN_ARENA(an_unknown_key_of_a_file_is_told),
        cmocka_unit_test(the_page_tells_of_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
