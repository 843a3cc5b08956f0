/* The files of the tree, damaged at random: each is still read, or what is wrong with it is told
 * with its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/conform/run.h"
#include "harness/report/baseline.h"
#include "harness/scenario/save.h"
#include "harness/world/world.h"
#include "model/rt/arena.h"
#include "model/rt/choice.h"
#include "tests/harness/support/commands.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

static char *folder;

/* ---- readers: true if the file is one ---- */

static bool read_scenario(const char *path)
{
    struct scenario *s = scenario_load(path);
    scenario_free(s);
    return s != NULL;
}

static bool read_replay(const char *path)
{
    struct replay replay;
    struct lab_options options;
    if (!replay_load(path, &replay))
        return false;
    struct scenario *s = replay_scenario(&replay, path, &options);
    replay_free(&replay);
    scenario_free(s);
    return s != NULL;
}

static bool read_baseline(const char *path)
{
    struct baseline *b = baseline_load(path);
    baseline_free(b);
    return b != NULL;
}

static bool read_world(const char *path)
{
    struct world *w = world_load(path);
    world_free(w);
    return w != NULL;
}

static bool read_vectors(const char *path)
{
    struct vector_file file;
    if (!vector_file_read(&file, path, NULL))
        return false;
    bool ok = file.broken == 0;
    vector_file_free(&file);
    return ok;
}

/* ---- damage ---- */

static const char *const tokens[] = { "null", "true", "-1", "1.5", "1e999", "0", "2147483648",
    "9223372036854775807", "99999999999999999999", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"x\"",
    "\"mutant.json\"", "{}", "[]", "[[]]", "{\"x\":1}", "{\"id\":{}}", ",", "\"", "\xff", "\x01" };

/* A text that shares its begin and end with the other one. */
static char *spliced(const char *text, size_t len, size_t at, size_t gone, const char *in, size_t n,
        size_t *new_len)
{
    if (at > len)
        at = len;
    if (gone > len - at)
        gone = len - at;
    char *made = mem_alloc(len - gone + n + 1);
    memcpy(made, text, at);
    memcpy(made + at, in, n);
    memcpy(made + at + n, text + at + gone, len - at - gone);
    *new_len = len - gone + n;
    return made;
}

/* Where a value or a member's name begins, about `from`. */
static size_t token_at(const char *text, size_t len, size_t from)
{
    while (from < len && !strchr("{[,:", text[from]))
        from++;
    from += from < len;
    return from + strspn(text + from, " \n");
}

static char *damaged(struct rt_rng *rng, const char *text, size_t len, size_t *new_len)
{
    char byte;
    size_t at = rt_rng_below(rng, (uint32_t)len), some = 1 + rt_rng_below(rng, 24);
    const char *token = tokens[rt_rng_below(rng, sizeof(tokens) / sizeof(*tokens))];
    switch (rt_rng_below(rng, 6)) {
    case 0:
        byte = (char)(text[at] ^ (1 << rt_rng_below(rng, 8)));
        return spliced(text, len, at, 1, &byte, 1, new_len);
    case 1: /* something is missing */
        return spliced(text, len, at, some, "", 0, new_len);
    case 2: /* or there twice */
        some = some < len - at ? some : len - at;
        return spliced(text, len, at, 0, text + at, some, new_len);
    case 3: /* or the end is */
        return spliced(text, len, at, len, "", 0, new_len);
    default: /* another value in the place of one */
        at = token_at(text, len, at);
        some = strcspn(text + at, ",}]:\n");
        return spliced(text, len, at, some, token, strlen(token), new_len);
    }
}

/* ---- files ---- */

struct tally {
    size_t files;
    size_t read;
    size_t refused;
};

/* Without waiting for the disk, as file_write() does. */
static void write_quickly(const char *path, const char *text, size_t len)
{
    unlink(path); /* some file systems wait when a file is truncated */
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    assert_int_equal(fwrite(text, 1, len, to), len);
    assert_int_equal(fclose(to), 0);
}

/* Damages a file again and again under the name `path`. */
static void try_file(struct tally *t, const char *from, const char *path, size_t most_bytes,
        unsigned times, bool (*read)(const char *path))
{
    size_t len;
    char *text = file_read(from, FILE_MAX_BYTES, &len);
    assert_non_null(text);
    len = len < most_bytes ? len : most_bytes;
    text[len] = 0;
    struct rt_rng rng = { 4711 + len };
    for (unsigned i = 0; i < times; i++) {
        size_t new_len;
        char *mutant = damaged(&rng, text, len, &new_len);
        write_quickly(path, mutant, new_len);
        reports_begin();
        bool ok = read(path);
        const char *reports = reports_end();
        if (ok ? reports[0] != 0 : !reports_placed(reports, path))
            fail_msg("%s, damaged %u times, %s:\n%s\n%s", from, i + 1,
                    ok ? "was read with reports" : "was refused without a place", reports, mutant);
        ++*(ok ? &t->read : &t->refused);
        free(mutant);
    }
    t->files++;
    free(text);
}

static void link_to(const char *target, const char *name)
{
    char *whole = realpath(target, NULL);
    assert_non_null(whole);
    assert_int_equal(symlink(whole, commands_path(folder, name)), 0);
    free(whole);
}

/* Some are still read, most are not. */
static void assert_tally(struct tally t, size_t files)
{
    assert_true(t.files >= files);
    assert_true(t.read > t.files && t.refused > 2 * t.read);
}

static void damaged_scenarios_and_replays(void **state)
{
    struct tally scenarios = { 0 }, replays = { 0 };
    char **list = file_list("scenarios", ".json");
    (void)state;
    link_to("corpora", "corpora");
    assert_true(file_make_dirs(commands_path(folder, "scenarios/below")));
    for (char **p = list; *p; p++) {
        bool below = strchr(*p + strlen("scenarios/"), '/') != NULL;
        const char *path = commands_path(
                folder, below ? "scenarios/below/mutant.json" : "scenarios/mutant.json");
        if (strstr(*p, ".replay.json"))
            try_file(&replays, *p, path, SIZE_MAX, 60, read_replay);
        else if (!strstr(*p, "known-") && !strstr(*p, ".schema."))
            try_file(&scenarios, *p, path, SIZE_MAX, 30, read_scenario);
    }
    file_list_free(list);
    assert_tally(scenarios, 60);
    assert_tally(replays, 30);
}

static void damaged_baselines(void **state)
{
    struct tally t = { 0 };
    (void)state;
    assert_true(file_make_dirs(commands_path(folder, "baselines")));
    link_to("scenarios/known", "baselines/known");
    link_to("scenarios/races", "baselines/races");
    const char *path = commands_path(folder, "baselines/mutant.json");
    try_file(&t, "scenarios/known-1.4.2.json", path, SIZE_MAX, 600, read_baseline);
    try_file(&t, "scenarios/known-races-1.4.2.json", path, SIZE_MAX, 600, read_baseline);
    assert_tally(t, 2);
}

static void damaged_worlds(void **state)
{
    struct tally t = { 0 };
    (void)state;
    assert_true(file_make_dirs(commands_path(folder, "worlds")));
    link_to("corpora/conformance/world/identities", "worlds/identities");
    link_to("corpora/conformance/world/msps", "worlds/msps");
    const char *path = commands_path(folder, "worlds/mutant.json");
    try_file(&t, "corpora/conformance/world/world.json", path, SIZE_MAX, 300, read_world);
    try_file(&t, "corpora/conformance/world/flow-world.json", path, SIZE_MAX, 300, read_world);
    assert_tally(t, 2);
}

static void damaged_vectors(void **state)
{
    struct tally t = { 0 };
    char **list = file_list("corpora/conformance", ".jsonl");
    (void)state;
    for (char **p = list; *p; p++) {
        size_t len;
        char *text = file_read(*p, FILE_MAX_BYTES, &len);
        size_t line = strcspn(text, "\n") + 1;
        line += strcspn(text + line, "\n") + 1;
        try_file(&t, *p, commands_path(folder, file_base(*p)), line, 200, read_vectors);
        free(text);
    }
    file_list_free(list);
    assert_tally(t, 12);
}

/* Results are put together, too: with no mistake in them nothing goes wrong there. */
static bool merge(const char *path)
{
    int status = commands_run("merge --partial --out %s/out %s", folder, path);
    assert_true(status == CCLAB_OK || status == CCLAB_FOUND || status == CCLAB_USAGE ||
                status == CCLAB_INTERNAL);
    return status != CCLAB_USAGE;
}

static void damaged_results(void **state)
{
    struct tally t = { 0 };
    const char *path = commands_path(folder, "result.json");
    (void)state;
    try_file(&t, "tests/harness/files/exploration.json", path, SIZE_MAX, 800, merge);
    try_file(&t, "tests/harness/files/suite.json", path, SIZE_MAX, 800, merge);
    assert_tally(t, 2);
}

static int make_folder(void **state)
{
    (void)state;
    folder = commands_folder();
    rt_arena_use(rt_arena_new());
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    commands_remove(folder);
    rt_arena_free(rt_arena_use(NULL));
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(damaged_scenarios_and_replays),
        TEST(damaged_baselines),
        TEST(damaged_worlds),
        TEST(damaged_vectors),
        TEST(damaged_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
