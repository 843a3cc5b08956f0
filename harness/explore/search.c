/* The strategies by name. */
#include "harness/explore/search.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/mem.h"
#include "harness/explore/strategy.h"

static const struct strategy {
    struct search_info info;
    void (*make)(const struct search_options *options, struct search *search);
    bool systematic;
} strategies[] = {
    { { "portfolio", "several of those below in turn: the one to begin with" }, strategy_portfolio,
            false },
    { { "random", "each choice is drawn evenly" }, strategy_random, false },
    { { "pct", "random priorities that drop at --depth - 1 random points" }, strategy_pct, false },
    { { "pos", "a random priority for each pending operation" }, strategy_pos, false },
    { { "urw", "goroutines in proportion to the steps they have left, as learnt" }, strategy_urw,
            false },
    { { "surw", "the same for operations on one object, another one each run" }, strategy_surw,
            false },
    { { "feedback", "changes to schedules that reached a new order of operations" },
            strategy_feedback, false },
    { { "few", "the plain run with up to --depth random deviations" }, strategy_few, false },
    { { "delay", "all schedules with 0, then 1, 2 … goroutines passed over" }, strategy_delay,
            true },
    { { "preempt", "all schedules with 0, then 1, 2 … preemptions" }, strategy_preempt, true },
    { { "dpor", "all schedules but those that differ in independent steps only" }, strategy_dpor,
            true },
    { { "dfs", "all schedules" }, strategy_dfs, true },
};
enum { COUNT = sizeof(strategies) / sizeof(strategies[0]) };

const struct search_info *search_list(void)
{
    static struct search_info infos[COUNT + 1];
    for (size_t i = 0; i < COUNT; i++)
        infos[i] = strategies[i].info;
    return infos;
}

static const struct strategy *find(const char *name)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (name && strcmp(strategies[i].info.name, name) == 0)
            return &strategies[i];
    }
    return NULL;
}

static void say_unknown(const char *name)
{
    const char *names[COUNT + 1] = { NULL };
    char *all = mem_format("%s", "");
    for (size_t i = 0; i < COUNT; i++) {
        char *before = all;
        names[i] = strategies[i].info.name;
        all = mem_format("%s%s%s", before, i > 0 ? ", " : "", names[i]);
        free(before);
    }
    struct diag_hint hint = diag_hint(name, names);
    diag("there is no strategy \"%s\"%s; there are %s", name, hint.text, all);
    free(all);
}

bool search_new(const char *name, const struct search_options *options, struct search *search)
{
    const struct strategy *s = find(name);
    if (!s) {
        say_unknown(name);
        return false;
    }
    s->make(options, search);
    return true;
}

bool search_is_systematic(const char *name)
{
    const struct strategy *s = find(name);
    return s && s->systematic;
}
