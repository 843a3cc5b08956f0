/* Read-write sets byte for byte: what the transactions of the recorded proposals read and wrote,
 * done again over the recorded state. */
#include <stdlib.h>
#include <string.h>

#include "model/ledger/kv_ledger.h"
#include "model/rt/rt.h"
#include "tests/committer/helper_replay.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

struct replay {
    const char *file;
    const char *world;
    size_t vectors;
    size_t failed;
    char *first_failure;
};

static void replay_file(void *arg)
{
    struct replay *replay = arg;
    struct ledger_disk *disk = ledger_disk_new(replay_load_channel(replay->world, "mychannel"));
    const struct peer_ledger *ledger;
    if (kv_ledger_open(disk, NULL, NULL, &ledger))
        return;
    struct support_lines lines = support_lines_of(replay->file);
    const json_t *vector;
    while ((vector = support_next_vector(&lines))) {
        rt_bytes prp = replay_hex(json_object_get(vector, "expect"), "prp");
        if (prp.len > 0) {
            replay->vectors++;
            if (!replay_matches(ledger, prp) && replay->failed++ == 0)
                replay->first_failure = strdup(json_string_value(json_object_get(vector, "id")));
        }
    }
}

static void check_file(const char *file, const char *world, size_t at_least)
{
    struct replay replay = { .file = file, .world = world };
    support_run(&(struct rt_config){ .max_steps = 10000000 }, replay_file, &replay);
    if (replay.failed)
        print_error("%s: %zu of %zu differ, the first is %s\n", file, replay.failed, replay.vectors,
                replay.first_failure);
    free(replay.first_failure);
    assert_int_equal(replay.failed, 0);
    assert_true(replay.vectors >= at_least);
}

#define VECTORS "corpora/conformance/"

static void test_peer_cc(void **state)
{
    (void)state;
    check_file(VECTORS "peer-cc.jsonl", SUPPORT_WORLD "/world.json", 40);
}

static void test_peer_lscc(void **state)
{
    (void)state;
    check_file(VECTORS "peer-lscc.jsonl", SUPPORT_WORLD "/world.json", 200);
}

static void test_peer_mutate(void **state)
{
    (void)state;
    check_file(VECTORS "peer-mutate.jsonl", SUPPORT_WORLD "/world.json", 90);
}

static void test_peer_headers(void **state)
{
    (void)state;
    check_file(VECTORS "peer-headers.jsonl", SUPPORT_WORLD "/world.json", 35);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_peer_cc),
        cmocka_unit_test(test_peer_lscc),
        cmocka_unit_test(test_peer_mutate),
        cmocka_unit_test(test_peer_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
