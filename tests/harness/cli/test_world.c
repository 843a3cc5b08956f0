/* cclab world: worlds that it makes are worlds that scenarios run in, and what it shows is in them.
 *
 * tests/harness/files/org has an MSP folder, with node OUs, and a channel's configuration block,
 * made by Fabric 1.4.2's cryptogen and configtxgen. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/json/json.h"
#include "harness/world/world.h"
#include "tests/harness/support/commands.h"
#include "tests/support/test.h"

#define ORG "tests/harness/files/org"

static char *text_of(const char *path)
{
    size_t len;
    char *text = file_read(path, FILE_MAX_BYTES, &len);
    assert_non_null(text);
    return text;
}

/* Runs in a child whose output goes to `to`. */
static int printed(const char *to, const char *command)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(freopen(to, "w", stdout) ? commands_call("%s", command) : 99);
    return commands_wait(pid);
}

/* ---- new ---- */

static const char life[] =
        "{ \"scenario\": 1, \"name\": \"life\", \"about\": \"A chaincode in a new world.\",\n"
        "  \"world\": { \"file\": \"world.json\", \"core\": { \"peer\": { \"tls\": { \"enabled\": "
        "true } } } },\n"
        "  \"actors\": [ { \"name\": \"org\", \"as\": \"admin\", \"steps\": [\n"
        "    { \"do\": \"install\", \"chaincode\": \"cc\", \"version\": \"1\", \"expect\": { "
        "\"status\": 200 } },\n"
        "    { \"do\": \"instantiate\", \"chaincode\": \"cc\", \"version\": \"1\", \"commit\": "
        "true,\n"
        "      \"expect\": { \"status\": 200, \"code\": \"VALID\" } },\n"
        "    { \"do\": \"invoke\", \"chaincode\": \"cc\", \"args\": [\"put\", \"k\", \"v\"], "
        "\"as\": \"user\", \"commit\": true,\n"
        "      \"expect\": { \"status\": 200, \"code\": \"VALID\" } } ] } ] }\n";

static void assert_alive(void)
{
    const char *scenario = commands_file("life.json", life);
    if (commands_run("run --quiet %s", scenario) != CCLAB_OK)
        fail_msg("%s", commands_reports());
}

static void a_new_world_has_all_that_chaincode_needs(void **state)
{
    (void)state;
    const char *world = commands_path(commands_here, "world.json");
    assert_int_equal(commands_run("world new --org Org1MSP --org Org2MSP --channel mychannel "
                                  "--channel other --identity admin --identity user "
                                  "--identity user@Org2MSP --id peer7 --out %s",
                             world),
            CCLAB_OK);
    json_t *value = commands_json(world);
    assert_int_equal(json_object_size(json_object_get(value, "identities")), 3);
    assert_int_equal(json_object_size(json_object_get(value, "channels")), 2);
    assert_int_equal(json_object_size(json_object_get(value, "msps")), 2);
    assert_string_equal(json_string_of(json_object_get(value, "peer"), "id"), "peer7");
    json_decref(value);
    assert_alive();
}

static void equal_seeds_make_equal_worlds(void **state)
{
    static const char *const seeds[] = { "", "--seed 0", "--seed 1" };
    char *texts[3];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const char *path = commands_path(commands_here, "seeded.json");
        assert_int_equal(
                commands_run("world new --channel c %s --out %s", seeds[i], path), CCLAB_OK);
        texts[i] = text_of(path);
    }
    assert_string_equal(texts[0], texts[1]);
    assert_string_not_equal(texts[0], texts[2]);
    for (size_t i = 0; i < 3; i++)
        free(texts[i]);
}

/* From what Fabric's own tools make. */
static void folders_and_blocks_make_a_world(void **state)
{
    (void)state;
    const char *world = commands_path(commands_here, "world.json");
    assert_int_equal(
            commands_run("world new --org Org1MSP=%s/msp --peer %s/peer0/msp --identity "
                         "admin=%s/admin/msp --identity user=%s/user/msp --block %s/channel.block "
                         "--now 2027-01-01T00:00:00Z --out %s",
                    ORG, ORG, ORG, ORG, ORG, world),
            CCLAB_OK);
    json_t *value = commands_json(world);
    const json_t *channel = json_object_get(json_object_get(value, "channels"), "fabricchannel");
    const json_t *msp = json_object_get(json_object_get(value, "msps"), "Org1MSP");
    assert_non_null(channel);
    assert_string_equal(json_string_of(msp, "client_ou"), "client");
    assert_string_equal(json_string_of(msp, "peer_ou"), "peer");
    assert_int_equal(json_integer_of(channel, "height"), 1);
    assert_non_null(json_string_of(channel, "config"));
    const char *capability = json_string_value(
            json_array_get(json_object_get(channel, "application_capabilities"), 0));
    assert_string_equal(capability, "V1_4_2");
    json_decref(value);
    assert_alive();
    /* The policies of the block let clients write, and no peers. */
    assert_int_equal(
            commands_run("world new --org Org1MSP=%s/msp --peer %s/peer0/msp --identity "
                         "admin=%s/admin/msp --identity user=%s/peer0/msp --block %s/channel.block "
                         "--now 2027-01-01T00:00:00Z --out %s",
                    ORG, ORG, ORG, ORG, ORG, world),
            CCLAB_OK);
    assert_int_equal(commands_run("run --quiet %s", commands_path(commands_here, "life.json")), 1);
}

/* peer.mspConfigPath of a core.yaml is the peer's MSP folder. */
static void the_local_msp_may_be_a_folder_of_core_yaml(void **state)
{
    char here[4096], *yaml,
            *cert = text_of(ORG "/peer0/msp/signcerts/peer0.org1.example.com-cert.pem");
    const char *world = commands_path(commands_here, "world.json");
    const char *shown = commands_path(commands_here, "shown.json");
    (void)state;
    assert_non_null(getcwd(here, sizeof(here)));
    assert_int_equal(commands_run("world new --org Org1MSP=%s/msp --peer %s/user/msp --identity "
                                  "admin=%s/admin/msp --now 2027-01-01T00:00:00Z --out %s",
                             ORG, ORG, ORG, world),
            CCLAB_OK);
    yaml = mem_format("peer:\n  id: p\n  localMspId: Org1MSP\n  address: p:7051\n"
                      "  mspConfigPath: %s/" ORG "/peer0/msp\n",
            here);
    commands_file("core.yaml", yaml);
    const char *changed = commands_file(
            "changed.json", "{ \"file\": \"world.json\", \"core_yaml\": \"core.yaml\" }");
    char *command = mem_format("world show --json %s", changed);
    assert_int_equal(printed(shown, command), CCLAB_OK);
    json_t *value = commands_json(shown);
    const json_t *peer = json_object_get(value, "peer");
    assert_string_equal(json_string_of(json_object_get(peer, "identity"), "cert"), cert);
    json_decref(value);
    commands_file(
            "core.yaml", "peer: {localMspId: Org1MSP, address: 'p:1', mspConfigPath: none}\n");
    assert_int_equal(commands_run("%s", command), CCLAB_OK);
    assert_true(commands_reported("/core.yaml:1:", ": there is no MSP folder "));
    free(command);
    free(yaml);
    free(cert);
}

/* A block with a bit flipped, or cut, is a world's or is refused. */
static void damaged_blocks_are_told(void **state)
{
    size_t len, made = 0, refused = 0;
    char *block = file_read(ORG "/channel.block", FILE_MAX_BYTES, &len);
    const char *path = commands_path(commands_here, "damaged.block");
    (void)state;
    assert_non_null(block);
    for (size_t at = 0; at < len; at += 1 + len / 150) {
        block[at] ^= 0x10;
        assert_true(file_write(path, block, at % 4 == 0 ? at : len));
        int status = commands_run(
                "world new --block %s --out %s", path, commands_path(commands_here, "world.json"));
        if (status != CCLAB_OK && (status != CCLAB_USAGE || !commands_reports()[0]))
            fail_msg("byte %zu: status %d, %s", at, status, commands_reports());
        ++*(status == CCLAB_OK ? &made : &refused);
        block[at] ^= 0x10;
    }
    assert_true(made > 10 && refused > 30);
    free(block);
}

static void assert_refused(const char *command, const char *report)
{
    assert_int_equal(commands_run("world %s", command), CCLAB_USAGE);
    if (!strstr(commands_reports(), report))
        fail_msg("world %s\nreported %s\nexpected %s", command, commands_reports(), report);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    assert_refused("new --org", "needs a value");
    assert_refused("new --org A --org A", "an organisation needs a name of its own: \"A\"");
    assert_refused("new --org =x", "an organisation needs a name of its own: \"=x\"");
    assert_refused("new --identity user@Org9MSP", "an identity is NAME, NAME@ORG");
    assert_refused("new --now yesterday", "--now is a UTC time such as 2026-01-01T00:00:00Z, not");
    assert_refused("new --org Org1MSP=" ORG "/msp",
            "the peer's key is unknown: give --peer with the MSP folder of a peer of \"Org1MSP\"");
    assert_refused("new --org Org1MSP=" ORG "/msp --peer " ORG "/peer0/msp --identity user",
            "the key of this organisation is unknown: give an MSP folder");
    assert_refused("new --org Org1MSP=/nowhere", "/nowhere: holds no PEM file in cacerts");
    assert_refused("new --peer /nowhere", "/nowhere: holds no PEM file in signcerts");
    assert_refused(
            "new --block tests/harness/files/org/msp/config.yaml", "is no configuration block");
    assert_refused("new --block " ORG, "is a directory");
    assert_refused("new --block " ORG "/genesis.block", "it has no Application");
    assert_refused("new x", "expected \"show FILE\" or \"new\"");
    assert_refused("show", "expected \"show FILE\" or \"new\"");
    assert_refused("show /nowhere.json", "/nowhere.json: cannot open: No such file or directory");
    assert_refused(
            "show scenarios/bare/late-ready.json", "has no world: it is the launch path alone");
    assert_int_equal(commands_run("world new --out /proc/none/x"), CCLAB_OUTPUT);
}

/* ---- what an MSP and a configuration are made of ---- */

/* Runs an install by `user` in the default world with a patch, which it takes; the exit status,
 * which is 0 only if the install is refused, as of somebody who is no administrator. */
static int install_by_user(json_t *patch)
{
    json_t *scenario = json_pack("{s:i, s:s, s:s, s:{s:s, s:o}, s:[{s:s, s:s, s:[{s:s, s:s, s:s, "
                                 "s:{s:i}}]}]}",
            "scenario", 1, "name", "n", "about", "a", "world", "file", "default", "patch", patch,
            "actors", "name", "c", "as", "user", "steps", "do", "install", "chaincode", "cc",
            "version", "1", "expect", "status", 500);
    assert_non_null(scenario);
    const char *path = commands_path(commands_here, "patched.json");
    assert_true(json_write(path, scenario));
    json_decref(scenario);
    return commands_run("run --quiet %s", path);
}

static json_t *org1_with(const char *member, json_t *value)
{
    return json_pack("{s:{s:{s:o}}}", "msps", "Org1MSP", member, value);
}

static json_t *pem_list(rt_bytes pem)
{
    return json_pack("[o]", json_text_value(pem.data, pem.len));
}

static void every_part_of_an_msp_counts(void **state)
{
    struct world *world = world_load("default");
    const struct world_identity *user = world_find_identity(world, "user");
    rt_bytes ca1 = world->msps[0].ca_pem, ca2 = world->msps[1].ca_pem;
    (void)state;
    assert_int_equal(install_by_user(json_object()), CCLAB_OK);
    /* He is an administrator now. */
    assert_int_equal(install_by_user(org1_with("admins", pem_list(user->cert_pem))), 1);
    /* The root that all certificates come from is the second one. */
    json_t *other = org1_with("ca", json_text_value(ca2.data, ca2.len));
    assert_int_equal(install_by_user(json_deep_copy(other)), CCLAB_USAGE);
    json_object_set_new(
            json_object_get(json_object_get(other, "msps"), "Org1MSP"), "roots", pem_list(ca1));
    assert_int_equal(install_by_user(other), CCLAB_OK);
    assert_int_equal(
            install_by_user(org1_with("intermediates", pem_list(RT_STR("x")))), CCLAB_USAGE);
    assert_int_equal(install_by_user(org1_with("crls", pem_list(RT_STR("x")))), CCLAB_USAGE);
    assert_true(commands_reported("could not parse RevocationList", "its world makes no peer"));
    assert_int_equal(
            install_by_user(json_pack("{s:{s:{s:s}}}", "channels", "mychannel", "config", "0a")),
            CCLAB_USAGE);
    assert_true(commands_reported("its configuration cannot be read", "its world makes no peer"));
    world_free(world);
}

/* ---- show ---- */

static void show_tells_what_is_there(void **state)
{
    (void)state;
    static const char *const lines[] = { "Peer peer0 of Org1MSP\n",
        "  outsider              Org2MSP, until ", "Channel mychannel, 3 blocks\n",
        "    mycc                version 1.0, escc and vscc, policy of ",
        "    mycc/a              100  [1, 0]\n", "  mycc.1.0              917 bytes: mycc 1.0\n" };
    const char *out = commands_path(commands_here, "shown");
    assert_int_equal(printed(out, "world show default"), CCLAB_OK);
    char *text = text_of(out);
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        if (!strstr(text, lines[i]))
            fail_msg("%s lacks\n%s", text, lines[i]);
    free(text);
}

/* The world of a scenario, with all that it changes. */
static void show_prints_the_world_of_a_scenario(void **state)
{
    (void)state;
    const char *out = commands_path(commands_here, "shown.json");
    assert_int_equal(printed(out, "world show --json scenarios/world-one-more-key.json"), CCLAB_OK);
    json_t *value = commands_json(out);
    const json_t *state_of = json_object_get(
            json_object_get(json_object_get(value, "channels"), "mychannel"), "state");
    assert_non_null(json_object_get(json_object_get(state_of, "mycc"), "c"));
    json_decref(value);
    assert_int_equal(commands_run("world show %s", out), CCLAB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                a_new_world_has_all_that_chaincode_needs, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(
                equal_seeds_make_equal_worlds, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(
                folders_and_blocks_make_a_world, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(
                the_local_msp_may_be_a_folder_of_core_yaml, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(damaged_blocks_are_told, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(mistakes_are_told, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(every_part_of_an_msp_counts, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(show_tells_what_is_there, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(
                show_prints_the_world_of_a_scenario, commands_begin, commands_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
