/* Shrinking choices one by one: towards 0, and with fewer switches. */
#include "harness/explore/shrink.h"

#include <stdlib.h>

#include "harness/base/out.h"

bool shrink_over(struct shrink *s)
{
    if (s->runs >= s->max_runs || (s->deadline > 0 && out_seconds() > s->deadline) ||
            out_interrupted())
        s->gave_up = true;
    return s->gave_up;
}

/* Runs with a source. If the finding shows, what was really chosen is kept. */
static bool attempt_source(struct shrink *s, const struct rt_source *source)
{
    struct recorder recorder;
    struct run_result result;
    recorder_init(&recorder, source);
    s->subject->run(s->subject->self, &recorder.source, NULL, &result);
    s->runs++;
    bool found = run_result_shows(&result, s->finding, s->verdict);
    if (found) {
        choices_trim(&recorder.made);
        choices_copy(&s->choices, &recorder.made);
        s->hash = result.hash;
        s->found_verdict = result.verdict;
    }
    recorder_free(&recorder);
    return found;
}

/* Runs a candidate leniently. */
static bool attempt(struct shrink *s, const struct choices *candidate)
{
    struct player player;
    player_init(&player, candidate, false);
    return attempt_source(s, &player.source);
}

bool shrink_confirm(struct shrink *s)
{
    struct choices copy = { 0 };
    choices_copy(&copy, &s->choices);
    bool found = attempt(s, &copy);
    choices_free(&copy);
    return found;
}

/* What happens from outside. */
static bool is_outside(const struct made *m)
{
    return m->kind == RT_CHOICE_FAULT || m->kind == RT_CHOICE_DELAY;
}

/* Cost of a list, in this order: what happens from outside, picks and choices that are not the dull
 * ones, switches among them, their sum, and the length. */
struct cost {
    size_t parts[5];
};

static struct cost cost(const struct choices *list)
{
    struct cost c = { .parts = { 0, 0, choices_switches(list), 0, list->count } };
    for (size_t i = 0; i < list->count; i++) {
        const struct made *m = &list->items[i];
        if (m->chosen != 0)
            c.parts[is_outside(m) ? 0 : 1]++;
        c.parts[3] += m->chosen;
    }
    return c;
}

static bool cheaper(const struct choices *list, const struct choices *than)
{
    struct cost a = cost(list), b = cost(than);
    for (size_t i = 0; i < sizeof(a.parts) / sizeof(a.parts[0]); i++)
        if (a.parts[i] != b.parts[i])
            return a.parts[i] < b.parts[i];
    return false;
}

/* Tries a source and takes the result back unless it makes the list smaller. */
bool shrink_improve(struct shrink *s, const struct rt_source *source)
{
    struct choices before = { 0 };
    uint64_t hash = s->hash;
    enum verdict verdict = s->found_verdict;
    choices_copy(&before, &s->choices);
    bool better = attempt_source(s, source) && cheaper(&s->choices, &before);
    if (!better) {
        choices_copy(&s->choices, &before);
        s->hash = hash;
        s->found_verdict = verdict;
    }
    choices_free(&before);
    return better;
}

static bool improve(struct shrink *s, const struct choices *candidate)
{
    struct player player;
    player_init(&player, candidate, false);
    return shrink_improve(s, &player.source);
}

uint32_t shrink_same_other(const struct choices *others, size_t *next, const struct rt_choice *c)
{
    while (*next < others->count && others->items[*next].kind == RT_CHOICE_FIBER)
        ++*next;
    if (*next == others->count || others->items[*next].kind != c->kind)
        return 0;
    uint32_t chosen = others->items[(*next)++].chosen;
    return chosen < c->options ? chosen : 0;
}

/* Which choices are cleared together, one pass after the other. */
enum pass { PASS_OUTSIDE, PASS_GOROUTINES, PASS_INSIDE, PASSES };

static bool wanted(const struct made *m, enum pass pass)
{
    if (m->chosen == 0)
        return false;
    return pass == PASS_OUTSIDE      ? is_outside(m)
           : pass == PASS_GOROUTINES ? m->kind == RT_CHOICE_FIBER
                                     : !is_outside(m);
}

/* Sets `width` of the wanted choices to 0, from the skip-th on; false when there are none. */
static bool clear_some(struct choices *list, enum pass pass, size_t skip, size_t width)
{
    size_t seen = 0, cleared = 0;
    for (size_t i = 0; i < list->count && cleared < width; i++) {
        if (!wanted(&list->items[i], pass) || seen++ < skip)
            continue;
        list->items[i].chosen = 0;
        cleared++;
    }
    return cleared > 0;
}

static size_t count_wanted(const struct choices *list, enum pass pass)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += wanted(&list->items[i], pass);
    return count;
}

/* Delta debugging: clears ever smaller groups of choices of one kind. */
static bool clear_pass(struct shrink *s, enum pass pass)
{
    bool any = false;
    struct choices candidate = { 0 };
    for (size_t width = count_wanted(&s->choices, pass); width > 0; width /= 2) {
        size_t skip = 0;
        while (!shrink_over(s)) {
            choices_copy(&candidate, &s->choices);
            if (!clear_some(&candidate, pass, skip, width))
                break;
            if (improve(s, &candidate))
                any = true;
            else
                skip += width;
        }
    }
    choices_free(&candidate);
    return any;
}

/* Cuts the tail: everything behind a point becomes 0; the point is found by halving. */
static bool cut_pass(struct shrink *s)
{
    bool any = false;
    struct choices candidate = { 0 };
    for (size_t step = s->choices.count / 2; step > 0 && !shrink_over(s); step /= 2) {
        while (s->choices.count > step && !shrink_over(s)) {
            choices_copy(&candidate, &s->choices);
            candidate.count -= step;
            if (!improve(s, &candidate))
                break;
            any = true;
        }
    }
    choices_free(&candidate);
    return any;
}

/* Takes out single choices: a switch that only undoes an earlier one goes with it. */
static bool delete_pass(struct shrink *s)
{
    bool any = false;
    struct choices candidate = { 0 };
    for (size_t i = 0; i < s->choices.count && !shrink_over(s);) {
        if (s->choices.items[i].chosen == 0) {
            i++;
            continue;
        }
        choices_copy(&candidate, &s->choices);
        for (size_t k = i; k + 1 < candidate.count; k++)
            candidate.items[k] = candidate.items[k + 1];
        candidate.count--;
        if (improve(s, &candidate))
            any = true;
        else
            i++;
    }
    choices_free(&candidate);
    return any;
}

/* Picks goroutines of smaller numbers, so that what is left is plain. */
static bool smaller_pass(struct shrink *s)
{
    bool any = false;
    struct choices candidate = { 0 };
    for (size_t i = 0; i + 1 < s->choices.count && !shrink_over(s); i++) {
        const struct made *m = &s->choices.items[i];
        if (m->kind != RT_CHOICE_FIBER || m->chosen == 0)
            continue;
        for (uint32_t to = 0; to < m->chosen; to++) {
            choices_copy(&candidate, &s->choices);
            candidate.items[i].chosen = to;
            if (improve(s, &candidate)) {
                any = true;
                break;
            }
        }
    }
    choices_free(&candidate);
    return any;
}

void shrink_choices(struct shrink *s)
{
    s->deadline = s->max_ms > 0 ? out_seconds() + (double)s->max_ms / 1000 : 0;
    bool again = true;
    shrink_near(s);
    while (again && !shrink_over(s)) {
        again = cut_pass(s);
        for (int pass = 0; pass < PASSES; pass++)
            again = clear_pass(s, (enum pass)pass) || again;
        again = delete_pass(s) || again;
        again = smaller_pass(s) || again;
        again = shrink_order(s) || again;
        if (!again)
            again = shrink_near(s);
    }
}
