/* launch.jsonl: launching and registration, event by event. */
#include "harness/conform/conform.h"

#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/conform/go_order.h"
#include "harness/conform/launch_play.h"
#include "model/rt/rt.h"

static bool claims(const char *file, const json_t *vector)
{
    return conform_named(file, vector, "launch");
}

struct state {
    struct rt *machine;
    struct go_order *order;
};

static void *open_suite(const struct conform_env *env, rt_str *error)
{
    (void)env;
    (void)error;
    struct state *state = mem_new(struct state);
    state->machine = rt_machine_new();
    state->order = go_order_new();
    return state;
}

/* The names in `handlers` are a set: in order in a copy of the recorded observations. */
static json_t *with_sorted_handlers(const json_t *vector)
{
    json_t *expected = json_object();
    json_t *expect = json_deep_copy(json_object_get(vector, "expect"));
    for (size_t i = 0; i < json_array_size(expect); i++)
        launch_sort(json_object_get(json_array_get(expect, i), "handlers"));
    json_object_set_new(expected, "expect", expect);
    return expected;
}

static void run(void *self, const json_t *vector, struct conform_outcome *out)
{
    const struct state *state = self;
    if (!json_is_array(json_object_get(vector, "events")) ||
            !json_is_array(json_object_get(vector, "expect"))) {
        conform_broken(out, "`events` or `expect` is not an array");
        return;
    }
    out->expected = with_sorted_handlers(vector);
    const struct rt_source source = go_order_source(state->order);
    char mistake[LAUNCH_MISTAKE];
    json_t *observations = launch_play(state->machine, vector, &source, 0, mistake);
    if (!observations) {
        conform_broken(out, "%s", mistake);
        return;
    }
    out->actual = json_object();
    json_object_set_new(out->actual, "expect", observations);
}

const struct conform_suite conform_suite_launch = {
    .name = "launch",
    .summary = "launching and registration, event by event",
    .claims = claims,
    .open = open_suite,
    .run = run,
};
