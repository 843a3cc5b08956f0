/* The cases of the bench: from files and kernels, chosen, made ready, and judged. */
#include "harness/seeded/cases.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/explore/search.h"
#include "harness/seeded/stats.h"
#include "model/rt/names.h"

const char *bench_kind_name(enum bench_kind kind)
{
    static const char *const names[] = RT_NAMES(BENCH_KINDS);
    return rt_name(names, kind);
}

static struct bench_case *add(struct bench_cases *cases, enum bench_kind kind, rt_str id)
{
    mem_reserve(cases->items, cases->cap, cases->count + 1);
    struct bench_case *c = &cases->items[cases->count++];
    *c = (struct bench_case){ .kind = kind, .id = rt_cstr_malloc(id) };
    return c;
}

/* ---- scenarios ---- */

static bool add_scenario(struct bench_cases *cases, const char *path)
{
    struct diag_place place = { .file = path };
    struct scenario *s = scenario_load(path);
    if (!s)
        return false;
    if (s->variants == 0 || s->expect.must_find.count == 0) {
        diag_at(place, "a seeded bug needs \"variants\" and, in \"expect\", \"must_find\"");
        scenario_free(s);
        return false;
    }
    const char *base = file_base(path);
    size_t len = strlen(base), suffix = strlen(".json");
    if (len > suffix && strcmp(base + len - suffix, ".json") == 0)
        len -= suffix;
    add(cases, BENCH_BUG, rt_bytes_from(base, len))->scenario = s;
    return true;
}

static bool add_path(struct bench_cases *cases, const char *path)
{
    char **files = file_list(path, ".json");
    bool ok = files && files[0];
    if (files && !files[0])
        diag_at((struct diag_place){ .file = path }, "holds no file that ends in .json");
    for (char **f = files; ok && *f; f++)
        ok = add_scenario(cases, *f);
    file_list_free(files);
    return ok;
}

static void add_kernels(struct bench_cases *cases, enum bench_kind kind, const struct kernel *table)
{
    for (; table->id; table++)
        add(cases, kind, rt_str_from(table->id))->kernel = table;
}

/* True if `id` is a finding that shows the case's bug: one of the scenario's must_find, any at all
 * of a kernel. */
static bool wants(const struct bench_case *c, const char *id)
{
    if (!c->scenario)
        return true;
    const rt_str *wanted = c->scenario->expect.must_find.items;
    for (size_t i = 0; i < c->scenario->expect.must_find.count; i++)
        if (rt_str_has_prefix(rt_str_from(id), wanted[i]))
            return true;
    return false;
}

/* ---- whether a schedule is needed ---- */

static bool run_wants(const struct bench_case *c, const struct run_result *r)
{
    for (size_t i = 0; i < r->findings.count; i++) {
        char *id = rt_cstr_malloc(r->findings.items[i].id);
        bool wanted = wants(c, id);
        free(id);
        if (wanted)
            return true;
    }
    return r->findings.count == 0 && r->verdict != VERDICT_COMPLETED &&
           wants(c, verdict_name(r->verdict));
}

static bool look_at_some_runs(struct bench_case *c)
{
    enum { RANDOM_RUNS = 50 };
    struct bench_subject s;
    struct search search;
    struct run_result result;
    if (!search_new("random", &(struct search_options){ 1, 0 }, &search) ||
            !bench_subject_make(&s, c, false))
        return false;
    s.subject.run(s.subject.self, NULL, NULL, &result);
    c->always = run_wants(c, &result);
    for (int i = 0; c->always && i < RANDOM_RUNS; i++) {
        s.subject.run(s.subject.self, search.next(search.self), NULL, &result);
        search.done(search.self, &result);
        c->always = run_wants(c, &result);
    }
    search.end(search.self);
    bench_subject_free(&s);
    return true;
}

bool cases_load(const char *const *paths, size_t path_count, struct bench_cases *cases)
{
    bool ok = true;
    *cases = (struct bench_cases){ 0 };
    add(cases, BENCH_CANARY, rt_str_from(kernel_canary.id))->kernel = &kernel_canary;
    for (size_t i = 0; ok && i < path_count; i++)
        ok = add_path(cases, paths[i]);
    add_kernels(cases, BENCH_BUG, kernels_rig);
    add_kernels(cases, BENCH_KERNEL, kernels_order);
    add_kernels(cases, BENCH_KERNEL, kernels_lock);
    add_kernels(cases, BENCH_KERNEL, kernels_channel);
    add_kernels(cases, BENCH_KERNEL, kernels_mixed);
    for (size_t i = 0; ok && i < cases->count; i++)
        ok = look_at_some_runs(&cases->items[i]);
    if (!ok)
        cases_free(cases);
    return ok;
}

/* ---- selecting ---- */

static void case_free(struct bench_case *c)
{
    scenario_free(c->scenario);
    free(c->id);
}

static bool known(const struct bench_cases *cases, const char *id)
{
    const char **ids = mem_new_array(const char *, cases->count + 1);
    bool found = false;
    for (size_t i = 0; i < cases->count; i++) {
        ids[i] = cases->items[i].id;
        found = found || strcmp(ids[i], id) == 0;
    }
    if (!found) {
        struct diag_hint hint = diag_hint(id, ids);
        diag("there is no seeded bug \"%s\"%s", id, hint.text);
    }
    free(ids);
    return found;
}

static bool chosen(const struct bench_case *c, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(c->id, ids[i]) == 0)
            return true;
    return c->kind == BENCH_CANARY;
}

bool cases_select(struct bench_cases *cases, const char *const *ids, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!known(cases, ids[i]))
            return false;
    for (size_t i = 0; i < cases->count; i++) {
        struct bench_case c = cases->items[i];
        if (count == 0 || chosen(&c, ids, count))
            cases->items[kept++] = c;
        else
            case_free(&c);
    }
    cases->count = kept;
    return true;
}

void cases_free(struct bench_cases *cases)
{
    for (size_t i = 0; i < cases->count; i++)
        case_free(&cases->items[i]);
    free(cases->items);
    *cases = (struct bench_cases){ 0 };
}

/* ---- running ---- */

bool bench_subject_make(struct bench_subject *s, const struct bench_case *c, bool control)
{
    *s = (struct bench_subject){ 0 };
    if (c->kernel) {
        s->kernel = kernel_subject_new(c->kernel, control);
        s->subject = kernel_subject_get(s->kernel);
        return true;
    }
    struct lab_options options = { .plain_model = control };
    s->lab = lab_new(c->scenario, &options);
    if (s->lab)
        s->subject = lab_subject(s->lab);
    return s->lab != NULL;
}

void bench_subject_free(struct bench_subject *s)
{
    lab_free(s->lab);
    kernel_subject_free(s->kernel);
    *s = (struct bench_subject){ 0 };
}

/* ---- judging ---- */

static uint64_t first_with(const struct exploration *e, rt_str prefix)
{
    uint64_t first = STATS_MISSED;
    for (size_t i = 0; i < e->found_count; i++)
        if (e->found[i].first + 1 < first && rt_str_has_prefix(rt_str_from(e->found[i].id), prefix))
            first = e->found[i].first + 1;
    return first;
}

uint64_t case_schedules(const struct bench_case *c, const struct exploration *e)
{
    uint64_t last = 0;
    if (!c->scenario)
        return first_with(e, RT_STR(""));
    const rt_str *wanted = c->scenario->expect.must_find.items;
    for (size_t i = 0; i < c->scenario->expect.must_find.count; i++) {
        uint64_t first = first_with(e, wanted[i]);
        last = first > last ? first : last;
    }
    return last;
}

const struct found *case_violation(const struct bench_case *c, const struct exploration *e)
{
    for (size_t i = 0; i < e->found_count; i++)
        if (wants(c, e->found[i].id))
            return &e->found[i];
    return NULL;
}
