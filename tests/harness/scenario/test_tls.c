/* Scenarios with TLS: what peer and chaincode say, and that keys follow from the scenario alone. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/json/json.h"
#include "tests/harness/support/commands.h"
#include "tests/support/test.h"

#define LOG "TLS handshake failed with error "
#define STATUS "receive failed: rpc error: code = Unknown desc = "
#define SERVER " server=ChaincodeServer"

/* What stands in the notes of a plain run, and how often: the texts are those that a peer of 1.4.2
 * logs, and that its shim prints. */
static const struct {
    const char *scenario, *text;
    size_t times;
} said[] = {
    { "launch", LOG, 0 },
    { "no-certificate", LOG "tls: client didn't provide a certificate" SERVER, 3 },
    { "no-certificate", "error trying to connect to local peer: context deadline exceeded", 1 },
    { "unknown-certificate", LOG "tls: client didn't provide a certificate" SERVER, 3 },
    { "forged-certificate",
            LOG "tls: failed to verify client's certificate: x509: certificate signed by unknown "
                "authority" SERVER,
            3 },
    { "chaincode-distrusts", LOG "remote error: tls: bad certificate" SERVER, 3 },
    { "connections-cut", LOG "EOF" SERVER, 3 },
    { "plain-chaincode", LOG "tls: first record does not look like a TLS handshake" SERVER, 1 },
    /* Once in the peer's log, once as the status that ends the chaincode's stream. */
    { "registers-as-another", "Chaincode othercc:1.0 with given certificate hash [", 2 },
    { "registers-as-another", "] belongs to a different chaincode", 2 },
    { "registers-as-another", STATUS "Chaincode othercc:1.0 with given", 1 },
    { "certificate-of-another", STATUS "Chaincode second:1.0 with given certificate hash [", 1 },
    { "registers-late", STATUS "Chaincode mycc:1.0 with given certificate hash [", 1 },
    { "registers-late", "] not found in registry", 2 },
    { "stolen-certificate", "duplicate chaincodeID: mycc:1.0", 1 },
    { "old-authority", LOG "remote error: tls: bad certificate" SERVER, 3 },
    { "old-authority", "handshake failed: x509: certificate signed by unknown authority", 3 },
    { "expired-certificate",
            LOG "tls: failed to verify client's certificate: x509: certificate has expired or is "
                "not yet valid" SERVER,
            3 },
    { "dev-mode", LOG "tls: first record does not look like a TLS handshake" SERVER, 1 },
};

static size_t count_notes(const char *path, const char *text)
{
    struct support_lines lines = support_lines_of(path);
    const json_t *event;
    size_t count = 0;
    while ((event = support_next_vector(&lines))) {
        const char *note = json_string_value(json_object_get(event, "text"));
        count += note && strstr(note, text);
    }
    return count;
}

static void test_both_sides_are_heard(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        const char *trace = commands_path(commands_here, "trace.jsonl");
        assert_int_equal(
                commands_run("run --trace %s scenarios/tls/%s.json", trace, said[i].scenario), 0);
        size_t count = count_notes(trace, said[i].text);
        if (count != said[i].times)
            fail_msg("%s: %zu times \"%s\"", said[i].scenario, count, said[i].text);
    }
}

/* ---- the same in every process ---- */

/* The results of a run in a process of its own, without times. */
static json_t *run_apart(const char *scenario)
{
    const char *path = commands_path(commands_here, "results.json");
    pid_t child = fork();
    if (child == 0)
        _exit(commands_run("run --json %s %s", path, scenario));
    assert_int_equal(commands_wait(child), 0);
    json_t *results = commands_json(path);
    commands_drop_times(results);
    return results;
}

static void test_keys_follow_from_the_scenario(void **state)
{
    (void)state;
    json_t *first = run_apart("scenarios/tls/certificate-of-another.json");
    json_t *second = run_apart("scenarios/tls/certificate-of-another.json");
    assert_true(json_equal(first, second));
    json_decref(first);
    json_decref(second);
}

/* ---- without TLS nothing is uploaded ---- */

#define UPLOADING(tls)                                                                             \
    "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", \"world\": {\"file\": \"default\", "     \
    "\"peer\": {\"tls\": " tls                                                                     \
    "}}, \"actors\": [{\"name\": \"x\", \"as\": \"admin\", \"steps\": [{\"do\": \"install\", "     \
    "\"chaincode\": \"c\", \"version\": \"1\"}, {\"do\": \"instantiate\", \"chaincode\": \"c\", "  \
    "\"version\": \"1\"}]}]}"

static size_t requests(const char *text, const char *part)
{
    const char *trace = commands_path(commands_here, "trace.jsonl");
    const char *scenario = commands_file("scenario.json", text);
    assert_int_equal(commands_run("run --trace %s %s", trace, scenario), 0);
    return count_notes(trace, part);
}

static void test_files_are_uploaded_with_tls_alone(void **state)
{
    (void)state;
    assert_int_equal(requests(UPLOADING("true"), "/archive?path=%2F: 200"), 1);
    assert_int_equal(requests(UPLOADING("false"), "/archive?path=%2F"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_both_sides_are_heard, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(
                test_keys_follow_from_the_scenario, commands_begin, commands_end),
        cmocka_unit_test_setup_teardown(
                test_files_are_uploaded_with_tls_alone, commands_begin, commands_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
