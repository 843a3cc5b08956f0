/* Taking parts out of a scenario as long as its finding shows. */
#include "harness/scenario/reduce.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/out.h"
#include "harness/explore/search.h"

static void ignore(void *arg, const char *line)
{
    (void)arg;
    (void)line;
}

/* Runs once; true if the finding shows. What was chosen is in `made`. */
static bool try_once(struct reduce *r, const struct subject *subject,
        const struct rt_source *source, struct choices *made)
{
    struct recorder recorder;
    struct run_result result;
    recorder_init(&recorder, source);
    subject->run(subject->self, &recorder.source, NULL, &result);
    r->runs++;
    bool shown = run_result_shows(&result, r->replay->finding, r->replay->verdict);
    if (shown) {
        choices_trim(&recorder.made);
        choices_copy(made, &recorder.made);
        r->replay->hash = result.hash;
        r->replay->verdict = result.verdict;
    }
    recorder_free(&recorder);
    return shown;
}

static bool shows(struct reduce *r, const struct subject *subject, struct choices *made)
{
    struct player player;
    struct search search;
    player_init(&player, &r->replay->choices, false);
    if (try_once(r, subject, &player.source, made))
        return true;
    if (!search_new("random", &(struct search_options){ .seed = 1 }, &search))
        return false;
    bool shown = false;
    for (unsigned i = 0; i < r->tries && !shown; i++)
        shown = try_once(r, subject, search.next(search.self), made);
    search.end(search.self);
    return shown;
}

/* Takes a smaller scenario over if it still shows the finding. */
static bool candidate(struct reduce *r, json_t *value)
{
    struct replay replay = { .scenario = value,
        .variants = r->replay->variants,
        .races = r->replay->races,
        .stuck = r->replay->stuck };
    struct lab_options options;
    struct choices made = { 0 };
    diag_capture(ignore, NULL); /* a scenario that makes no sense any more is no candidate */
    struct scenario *s = replay_scenario(&replay, r->path, &options);
    struct lab *lab = s ? lab_new(s, &options) : NULL;
    diag_capture(NULL, NULL);
    bool shown = false;
    if (lab) {
        struct subject subject = lab_subject(lab);
        shown = shows(r, &subject, &made);
    }
    lab_free(lab);
    scenario_free(s);
    if (shown) {
        json_decref(r->replay->scenario);
        r->replay->scenario = json_incref(value);
        choices_copy(&r->replay->choices, &made);
        r->removed++;
    }
    choices_free(&made);
    return shown;
}

static bool over(const struct reduce *r)
{
    return out_interrupted() || (r->deadline > 0 && out_seconds() > r->deadline);
}

/* The array that is the member `first`, or the member `second` of that, or of its index-th element
 * if it is an array; NULL: there is none. */
static json_t *array_at(json_t *root, const char *first, size_t index, const char *second)
{
    json_t *value = json_object_get(root, first);
    if (second && json_is_array(value))
        value = json_object_get(json_array_get(value, index), second);
    else if (second)
        value = json_object_get(value, second);
    return json_is_array(value) ? value : NULL;
}

/* Tries the scenario without each element of an array, from the last on; `keep` must remain. */
static void drop_elements(
        struct reduce *r, const char *first, size_t index, const char *second, size_t keep)
{
    size_t count = json_array_size(array_at(r->replay->scenario, first, index, second));
    for (size_t i = count; i-- > 0 && !over(r);) {
        json_t *value = json_deep_copy(r->replay->scenario);
        json_t *array = array_at(value, first, index, second);
        if (json_array_size(array) > keep) {
            json_array_remove(array, i);
            candidate(r, value);
        }
        json_decref(value);
    }
}

void reduce_scenario(struct reduce *r)
{
    drop_elements(r, "docker", 0, "faults", 0);
    drop_elements(r, "disk", 0, "faults", 0);
    drop_elements(r, "ledger", 0, "faults", 0);
    drop_elements(r, "certificates", 0, "faults", 0);
    drop_elements(r, "bare", 0, "containers", 0);
    drop_elements(r, "actors", 0, NULL, 1);
    for (size_t i = 0; i < json_array_size(json_object_get(r->replay->scenario, "actors")); i++)
        drop_elements(r, "actors", i, "steps", 1);
    drop_elements(r, "chaincodes", 0, NULL, 0);
}
