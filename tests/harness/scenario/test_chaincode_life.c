/* What a chaincode does, as the peer tells it: the lines of scenarios/chaincode, beyond their
 * answers. */
#include <string.h>

#include "harness/scenario/lab.h"
#include "model/rt/trace.h"
#include "tests/support/test.h"

#define FOLDER "scenarios/chaincode/"
enum { MOST_LINES = 8 };

/* Lines that a plain run notes in this order, each a part of one; Fabric's texts and Go's. */
static const struct {
    const char *scenario;
    const char *lines[MOST_LINES];
} stories[] = {
    { "unknown-type", { "Fabric side handler cannot handle message (99) while in ready state" } },
    { "register-after-ready",
            { "Fabric side handler cannot handle message (REGISTER) while in ready state" } },
    { "request-before-register",
            { "ends: error handling message, ending stream: [] Fabric side handler cannot handle "
              "message (GET_STATE) while in created state" } },
    { "undecodable-bytes",
            { "ends: receive failed: rpc error: code = Internal desc = grpc: failed to unmarshal "
              "the received message",
                    "ends: receive failed: rpc error: code = Internal desc = grpc: failed to "
                    "unmarshal the received message proto: can't skip unknown wire type 7" } },
    { "request-without-payload",
            { "GET_STATE failed: transaction ID: unknown: no ledger context" } },
    { "messages-between-requests",
            { "QUERY_STATE_NEXT failed: transaction ID: nobody: no ledger context" } },
    { "second-name", { "failed to start other:1.0: ", "mycc:1.0 is ready" } },
    { "stops-reading", { "a sender waits: the stream's window is used up",
                               "first: invoke mycc: status 500 failed to execute transaction",
                               "many: invoke mycc: status 500 failed to execute transaction" } },
    { "stops-reading-and-dies",
            { "a sender waits: the stream's window is used up",
                    "error sending TRANSACTION: rpc error: code = Unavailable desc = transport is "
                    "closing" } },
    { "prints-and-panics", { "peer.chaincode.dev-peer0-mycc-1.0: starting",
                                   "dev-peer0-mycc-1.0: two", "dev-peer0-mycc-1.0: lines",
                                   "dev-peer0-mycc-1.0: lostpanic: assignment to entry in nil map",
                                   "dev-peer0-mycc-1.0: goroutine 1 [running]:",
                                   "Container dev-peer0-mycc-1.0 has closed its IO channel",
                                   "dev-peer0-mycc-1.0: panic: probe" } },
    { "peer-out-of-reach",
            { "[shim] userChaincodeStreamGetter -> ERRO 001\x1b[0m context deadline exceeded",
                    "dev-peer0-mycc-1.0: error trying to connect to local peer",
                    "shim.userChaincodeStreamGetter",
                    "Container dev-peer0-mycc-1.0 has closed its IO channel" } },
};

/* Those that a run has not noted yet. */
struct listener {
    const char *const *lines;
    size_t heard;
};

static void hear(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    struct listener *l = self;
    (void)time_ns;
    (void)fiber;
    if (l->heard < MOST_LINES && l->lines[l->heard] &&
            rt_str_contains(text, rt_str_from(l->lines[l->heard])))
        l->heard++;
}

static void run(const char *name, struct listener *l)
{
    struct lab_options options = { 0 };
    struct rt_sink sink = { .self = l, .note = hear };
    struct run_result result;
    char path[256];
    (void)snprintf(path, sizeof(path), FOLDER "%s.json", name);
    struct scenario *s = scenario_load(path);
    assert_non_null(s);
    struct lab *lab = lab_new(s, &options);
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, NULL, &sink, &result);
    lab_free(lab);
    scenario_free(s);
}

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(stories) / sizeof(*stories); i++) {
        struct listener l = { stories[i].lines, 0 };
        run(stories[i].scenario, &l);
        if (l.heard < MOST_LINES && l.lines[l.heard])
            fail_msg("%s: not noted: %s", stories[i].scenario, l.lines[l.heard]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
