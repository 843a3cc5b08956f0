/* A scenario run under one random schedule after another. */
#include "tests/harness/support/schedules.h"

#include "tests/support/random.h"
#include "tests/support/test.h"

unsigned schedules_with(
        const char *path, const struct lab_options *options, unsigned schedules, const char *id)
{
    struct scenario *s = scenario_load(path);
    assert_non_null(s);
    struct lab *lab = lab_new(s, options);
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    unsigned with = 0;
    for (uint64_t seed = 1; seed <= schedules; seed++) {
        struct rt_rng rng = { seed };
        struct rt_source source = random_source(&rng);
        struct run_result result;
        subject.run(subject.self, &source, NULL, &result);
        bool has = false;
        for (size_t i = 0; i < result.findings.count; i++)
            has |= rt_str_has_prefix(result.findings.items[i].id, rt_str_from(id));
        with += has;
    }
    lab_free(lab);
    scenario_free(s);
    return with;
}
