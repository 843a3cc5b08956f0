/* An exploration as text, as JSON and as an exit status. */
#include "harness/report/explored.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/base/version.h"
#include "harness/explore/replay.h"
#include "harness/json/json.h"
#include "harness/report/found.h"

int explored_worse(int a, int b)
{
    return a > b ? a : b;
}

/* ---- findings ---- */

static void print_found(
        const struct found *f, const struct known_finding *known, bool expected, const char *path)
{
    printf("%s%s\n", out_shown(rt_str_from(f->id)),
            known      ? " (known)"
            : expected ? " (expected here)"
                       : "");
    printf("    %s\n", out_shown(rt_str_from(f->text)));
    if (known)
        printf("    known: %s\n", out_shown(known->sentence));
    printf("    verdict %s, %" PRIu64 " times, first in schedule %" PRIu64
           ", %zu switches, %zu faults\n",
            verdict_name(f->verdict), f->count, f->first, choices_switches(&f->choices),
            choices_faults(&f->choices));
    if (path)
        printf("    replay: %s\n", path);
}

/* What a replay does not hold of its choices, but counting switches needs: which of them were a
 * goroutine's that could run on; a digit each. */
static json_t *runs_on_to_json(const struct choices *choices)
{
    char *digits = mem_alloc(choices->count);
    for (size_t i = 0; i < choices->count; i++)
        digits[i] = choices->items[i].runs_on ? '1' : '0';
    json_t *value = json_stringn(digits, choices->count);
    free(digits);
    return value;
}

static int report_found(const struct explored_options *o, const struct scenario *s,
        const struct found *f, json_t *entry)
{
    const struct known_finding *known = baseline_find(o->baseline, f->id);
    bool expected = scenario_allows(s, f->id);
    char by[160];
    snprintf(by, sizeof(by), "strategy %s, seed %" PRIu64 ", schedule %" PRIu64,
            o->explore.strategy, o->explore.seed, f->first);
    char *path = found_save(f, s, &o->lab, by, o->out);
    print_found(f, known, expected, path);
    json_object_set_new(entry, "faults", json_integer((json_int_t)choices_faults(&f->choices)));
    found_describe(entry, known, expected, path);
    if (o->explore.shard.count > 0) {
        json_object_set_new(entry, "choices", choices_to_json(&f->choices));
        json_object_set_new(entry, "runs_on", runs_on_to_json(&f->choices));
    }
    int status = known || expected ? CCLAB_OK : CCLAB_FOUND;
    status = explored_worse(status, path ? CCLAB_OK : CCLAB_OUTPUT);
    free(path);
    return status;
}

/* ---- a search ---- */

static void print_search(
        const struct explored_options *o, const struct scenario *s, const struct exploration *e)
{
    char part[64] = "";
    if (o->explore.shard.count > 0)
        snprintf(part, sizeof(part), " (part %" PRIu64 " of %" PRIu64 ")", o->explore.shard.index,
                o->explore.shard.count);
    printf("%s: %" PRIu64 " schedules%s%s, strategy %s, %.1f s, %.0f a second, %zu findings\n",
            out_shown(s->name), e->schedules, part, e->exhausted ? " (all there are)" : "",
            o->explore.strategy, e->seconds, e->seconds > 0 ? (double)e->schedules / e->seconds : 0,
            e->found_count);
    if (e->distinct > 0)
        printf("    %" PRIu64 " executions, %" PRIu64 " of them blocked, %" PRIu64
               " distinct orders, %" PRIu64 " steps\n",
                e->schedules, e->blocked, e->distinct, e->steps);
    if (e->estimate > 0 && !e->exhausted && e->error > 0)
        printf("    about %.2g schedules in all (an estimate; its standard error is %.1g)\n",
                e->estimate, e->error);
    else if (e->estimate > 0 && !e->exhausted)
        printf("    about %.2g schedules in all (an estimate)\n", e->estimate);
}

static json_t *part_to_json(const struct scenario *s, const struct exploration *e)
{
    json_t *part = json_object();
    json_object_set_new(part, "begin", json_integer((json_int_t)e->begin));
    json_object_set_new(part, "end", json_integer((json_int_t)e->end));
    json_object_set_new(part, "scenario", scenario_to_json(s));
    return part;
}

int explored_report(const struct explored_options *o, const struct scenario *s,
        const struct exploration *e, json_t **entry)
{
    int status = CCLAB_OK;
    json_t *search = exploration_to_json(e, &o->explore);
    json_t *findings = json_object_get(search, "findings");
    *entry = json_object();
    json_object_set_new(*entry, "scenario", json_text_value(s->name.data, s->name.len));
    print_search(o, s, e);
    for (size_t i = 0; i < e->found_count; i++)
        status = explored_worse(
                status, report_found(o, s, &e->found[i], json_array_get(findings, i)));
    if (e->repeated > 0)
        printf("%" PRIu64 " runs repeated, %" PRIu64 " with another trace\n", e->repeated,
                e->flaky);
    if (e->lost > 0)
        printf("%" PRIu64 " batches were lost with their workers\n", e->lost);
    if (e->flaky > 0 || e->lost > 0)
        status = explored_worse(status, CCLAB_INTERNAL);
    if (e->schedules == 0 && e->end > e->begin && e->ended != ENDING_INTERRUPTED) {
        diag("%s: no schedule was run", s->path);
        status = explored_worse(status, CCLAB_USAGE);
    }
    json_object_update(*entry, search);
    json_decref(search);
    if (o->explore.shard.count > 0)
        json_object_set_new(*entry, "part", part_to_json(s, e));
    return status;
}

/* ---- the file ---- */

static json_t *options_to_json(const struct explored_options *o)
{
    const struct explore_options *x = &o->explore;
    json_t *options = json_pack("{s:s, s:I, s:I, s:I, s:I, s:b, s:i, s:b, s:b, s:b, s:I}",
            "strategy", x->strategy, "seed", (json_int_t)x->seed, "schedules",
            (json_int_t)x->schedules, "time_ms", (json_int_t)x->max_ms, "depth",
            (json_int_t)x->depth, "first", (int)x->stop_at_first, "repeat", (int)x->repeat_percent,
            "shrink", (int)o->shrink, "races", (int)o->lab.races, "stuck", (int)o->lab.stuck,
            "scenarios", (json_int_t)o->scenarios);
    json_object_set_new(options, "variants", variants_to_json(o->lab.variants));
    json_object_set_new(
            options, "baseline", o->baseline ? json_incref(o->baseline->value) : json_null());
    return options;
}

json_t *shard_to_json(struct shard shard, json_t *options)
{
    return json_pack("{s:I, s:I, s:s, s:o}", "index", (json_int_t)shard.index, "count",
            (json_int_t)shard.count, "cclab", version_text(), "options", options);
}

json_t *explored_file(const struct explored_options *o, json_t *explorations)
{
    json_t *value = json_pack("{s:i, s:s}", "format", 1, "command", "explore");
    if (o->explore.shard.count > 0)
        json_object_set_new(value, "shard", shard_to_json(o->explore.shard, options_to_json(o)));
    if (o->missing)
        json_object_set(value, "missing_shards", o->missing);
    json_object_set(value, "explorations", explorations);
    return value;
}
