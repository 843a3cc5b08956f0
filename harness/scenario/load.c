/* From the text of a scenario to the scenario: worlds and files are read, names are looked up. */
#include <stdlib.h>

#include "harness/base/file.h"
#include "harness/invariants/check.h"
#include "harness/scenario/load.h"
#include "model/lab/go.h"
#include "model/lab/variants.h"
#include "model/rt/clock.h"

void loading_wrong(struct loading *l, const struct json_node *node, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_at_v(json_place(l->s->doc, node), format, args);
    va_end(args);
    l->ok = false;
}

void loading_idle(struct loading *l, const struct json_node *node, const char *format, ...)
{
    va_list args;
    if (l->lenient)
        return;
    va_start(args, format);
    diag_at_v(json_place(l->s->doc, node), format, args);
    va_end(args);
    l->ok = false;
}

const struct json_node *loading_member(const struct json_node *node, const char *key)
{
    const struct json_node *member = json_member(node, key);
    return member ? member : node;
}

struct chaincode_delay loading_delay(struct json_list ms)
{
    return (struct chaincode_delay){ ms.items, ms.count };
}

int64_t *loading_ns(struct json_list ms)
{
    int64_t *ns = rt_new_array(int64_t, ms.count + 1);
    for (size_t i = 0; i < ms.count; i++)
        ns[i] = ((const int64_t *)ms.items)[i] * RT_MS;
    return ns;
}

void loading_effect(struct loading *l, struct scenario_effect effect)
{
    struct scenario *s = l->s;
    rt_reserve(s->effects, s->effect_cap, s->effect_count + 1);
    s->effects[s->effect_count++] = effect;
}

/* ---- the world ---- */

static void load_world(struct loading *l, const struct json_node *node)
{
    l->s->world = world_from_json(l->s->doc, node, l->folder);
    if (!l->s->world)
        l->ok = false;
    else if (l->s->world->peer.go_version.len == 0)
        l->s->world->peer.go_version = RT_STR(GO_RELEASED);
}

/* ---- names of variants and invariants ---- */

bool scenario_add_variant(struct diag_place place, rt_str id, uint64_t *set)
{
    enum variant v;
    if (variant_find(rt_cstr(id), &v)) {
        *set |= (uint64_t)1 << v;
        return true;
    }
    const char *ids[VARIANT_COUNT + 1] = { NULL };
    for (int i = 0; i < VARIANT_COUNT; i++)
        ids[i] = variant_describe((enum variant)i)->id;
    struct diag_hint hint = diag_hint(rt_cstr(id), ids);
    diag_at(place, "there is no variant \"%s\"%s; see cclab list variants", rt_cstr(id), hint.text);
    return false;
}

bool scenario_add_variants(const char *const *ids, size_t count, uint64_t *set)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++)
        ok = scenario_add_variant((struct diag_place){ 0 }, rt_str_from(ids[i]), set) && ok;
    return ok;
}

json_t *variants_to_json(uint64_t set)
{
    json_t *list = json_array();
    for (int v = 0; v < VARIANT_COUNT; v++)
        if (variant_on(set, (enum variant)v))
            json_array_append_new(list, json_string(variant_describe((enum variant)v)->id));
    return list;
}

/* The n-th element of an array member. */
static const struct json_node *element(const struct json_node *root, const char *key, size_t n)
{
    const struct json_node *array = json_member(root, key);
    const struct json_node *node = array ? json_nth(array, n) : NULL;
    return node ? node : root;
}

static void load_names(struct loading *l, const struct scenario_text *t)
{
    const struct json_node *root = l->s->doc->root;
    const rt_str *variants = t->variants.items, *off = t->invariants_off.items;
    for (size_t i = 0; i < t->variants.count; i++)
        l->ok = scenario_add_variant(json_place(l->s->doc, element(root, "variants", i)),
                        variants[i], &l->s->variants) &&
                l->ok;
    for (size_t i = 0; i < t->invariants_off.count; i++) {
        size_t k = 0;
        while (invariants[k] && !rt_str_is(off[i], invariants[k]->name))
            k++;
        if (invariants[k])
            l->s->skip |= (uint64_t)1 << k;
        else
            loading_wrong(l, element(root, "invariants_off", i),
                    "there is no invariant \"%s\"; see cclab list invariants", rt_cstr(off[i]));
    }
}

/* ---- the whole ---- */

static void check_names(struct loading *l)
{
    const struct scenario_actor *actors = l->s->actors.items;
    for (size_t i = 0; i < l->s->actors.count; i++)
        for (size_t k = 0; k < i; k++)
            if (rt_str_eq(actors[k].name, actors[i].name))
                loading_wrong(l, loading_member(actors[i].node, "name"),
                        "there are two actors called \"%s\"", rt_cstr(actors[i].name));
}

static void check_expect(struct loading *l)
{
    const struct scenario *s = l->s;
    const struct json_node *node = json_member(s->doc->root, "expect");
    if (!node)
        return;
    bool holds = json_member(node, "verdict") || s->expect.containers >= 0 || s->expect.all_struck;
    if (!node->child)
        loading_idle(l, node, "\"expect\" says nothing");
    if (s->expect.always && !holds)
        loading_idle(l, loading_member(node, "always"),
                "\"always\" is about a \"verdict\", \"containers\" or \"all_struck\", and there is "
                "none");
    if (s->expect.always && s->expect.verdict == VERDICT_UNEXPECTED)
        loading_idle(l, loading_member(node, "always"),
                "unexpected is a verdict of plain runs only, and never always so");
    if (s->expect.must_find.count > 0 && !s->explore)
        loading_idle(l, loading_member(node, "must_find"),
                "nothing is found without \"explore\", which says how");
}

static void load(struct loading *l)
{
    struct scenario *s = l->s;
    struct scenario_text t = { .max_steps = 1000000, .max_ms = 3600000 };
    t.expect.containers = -1;
    if (!json_read(s->doc, s->doc->root, &scenario_spec, &t)) {
        l->ok = false;
        return;
    }
    s->name = t.name;
    s->about = t.about;
    s->actors = t.actors;
    s->orderer_delays_ns = loading_ns(t.orderer_delay_ms);
    s->orderer_delay_count = t.orderer_delay_ms.count;
    s->variant_names = t.variants;
    s->invariants_off = t.invariants_off;
    s->timers_race = t.timers_race;
    s->races = t.races;
    s->stuck = t.stuck;
    s->max_steps = t.max_steps;
    s->max_ms = t.max_ms;
    s->expect = t.expect;
    s->explore = t.explore;
    if (s->explore && !json_member(json_member(s->doc->root, "explore"), "seed"))
        s->explore->seed = 1;
    s->bare = t.bare;
    load_names(l, &t);
    check_names(l);
    check_expect(l);
    load_silent_scenario(l);
    if (s->bare) {
        bare_load(l);
        bare_load_actors(l);
        bare_check_containers(l);
        return;
    }
    load_world(l, t.world);
    load_peers(l, t.peers);
    load_behaviours(l, t.behaviours);
    load_docker(l, &t.docker, s->doc->root);
    load_disk(l, t.disk_faults);
    load_ledger(l, t.ledger_faults);
    load_certificates(l, t.certificate_faults);
    load_gossip(l, t.gossip_peers);
    load_system(l, t.system_faults);
    s->start_explored = t.start_explored;
    load_actors(l);
    load_check_peers(l, t.peers);
    if (l->ok)
        load_check_behaviours(l, t.behaviours);
}

struct scenario *scenario_from_doc(struct json_doc *doc, const char *folder)
{
    if (!doc)
        return NULL;
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct scenario *s = rt_new(struct scenario);
    s->arena = arena;
    s->doc = doc;
    s->path = doc->name;
    struct loading l = { s, folder, true, doc->whole != NULL };
    load(&l);
    rt_arena_use(before);
    if (!l.ok) {
        scenario_free(s);
        return NULL;
    }
    return s;
}

struct scenario *scenario_load(const char *path)
{
    char *folder = file_beside(path, "");
    struct scenario *s = scenario_from_doc(json_doc_load(path), folder);
    free(folder);
    return s;
}

struct scenario *scenario_from_json(const char *name, json_t *value, const char *folder)
{
    return scenario_from_doc(json_doc_wrap(name, value), folder);
}

void scenario_free(struct scenario *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->peer_count; i++)
        world_free(s->peers[i].world);
    world_free(s->world);
    json_doc_free(s->doc);
    rt_arena_free(s->arena);
}

/* ---- self-contained ---- */

/* Puts the content of files into the steps. */
static void embed_files(json_t *value, const struct scenario *s)
{
    const struct scenario_actor *actors = s->actors.items;
    json_t *list = json_object_get(value, "actors");
    for (size_t i = 0; i < s->actors.count; i++) {
        const struct scenario_step *steps = actors[i].steps.items;
        json_t *step_list = json_object_get(json_array_get(list, i), "steps");
        for (size_t k = 0; k < actors[i].steps.count; k++) {
            json_t *step = json_array_get(step_list, k);
            client_embed_files(&steps[k], step);
            if (!json_object_get(step, "file") && !json_object_get(step, "source"))
                continue;
            json_object_set_new(
                    step, "bytes", json_hex_value(steps[k].bytes.data, steps[k].bytes.len));
            static const char *const said[] = { "file", "source", "chaincode", "version", "type",
                "path" };
            for (size_t n = 0; n < sizeof(said) / sizeof(*said); n++)
                json_object_del(step, said[n]); /* by the package */
            if (steps[k].action == STEP_INSTALL && steps[k].client.refusal.data)
                json_object_set_new(step, "checked", json_true());
        }
    }
}

static void embed_peers(json_t *value, const struct scenario *s)
{
    for (size_t i = 0; i < s->peer_count; i++) {
        json_t *world = world_to_json(s->peers[i].world);
        json_object_set(json_array_get(json_object_get(value, "peers"), i), "peer",
                json_object_get(world, "peer"));
        json_decref(world);
    }
}

json_t *scenario_to_json(const struct scenario *s)
{
    json_t *value = json_deep_copy(s->doc->root_value);
    json_object_del(value, "$schema");
    if (s->world)
        json_object_set_new(value, "world", world_to_json(s->world));
    embed_peers(value, s);
    embed_files(value, s);
    return value;
}
