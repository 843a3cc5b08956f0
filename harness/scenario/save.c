/* Replay files of findings: their names, what is written, and their scenario back. */
#include "harness/scenario/save.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/json/json.h"

void replay_of_finding(struct replay *to, const struct scenario *s,
        const struct lab_options *options, const struct found *found, const char *found_by)
{
    *to = (struct replay){
        .races = options->races || s->races,
        .stuck = options->stuck || s->stuck,
        .verdict = found->verdict,
    };
    to->scenario = scenario_to_json(s);
    to->variants = variants_to_json(s->variants | options->variants);
    choices_copy(&to->choices, &found->choices);
    to->finding = strcmp(found->id, verdict_name(found->verdict)) == 0
                          ? NULL
                          : rt_cstr_malloc(rt_str_from(found->id));
    to->text = rt_cstr_malloc(rt_str_from(found->text));
    to->hash = found->hash;
    to->found_by = rt_cstr_malloc(rt_str_from(found_by));
}

/* Letters, digits and dashes only, so that the name is a name anywhere. */
static void put_plain(FILE *to, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        fputc(isalnum((unsigned char)text[i]) ? text[i] : '-', to);
}

char *replay_save(const struct replay *replay, const struct scenario *s, const char *folder)
{
    const char *id = replay->finding ? replay->finding : verdict_name(replay->verdict);
    char *name = NULL;
    size_t size;
    if (!file_make_dirs(folder))
        return NULL;
    FILE *to = mem_stream(&name, &size);
    put_plain(to, (const char *)s->name.data, s->name.len);
    fputc('-', to);
    put_plain(to, id, strcspn(id, "/"));
    fprintf(to, "-%08x.replay.json", (unsigned)(rt_str_hash(rt_str_from(id)) & 0xffffffff));
    fclose(to);
    char *path = file_in(folder, name);
    json_t *value = replay_to_json(replay);
    bool ok = json_write(path, value);
    json_decref(value);
    free(name);
    if (ok)
        return path;
    free(path);
    return NULL;
}

bool replay_has_trace(const struct replay *replay, const struct scenario *s)
{
    return replay->format > 1 || s->bare;
}

/* The node that a value was read from; NULL if it is not of the replay's file. */
static const struct json_node *read_from(
        const struct replay *replay, const char *key, const json_t *value)
{
    const struct json_node *node = replay->doc ? json_member(replay->doc->root, key) : NULL;
    return node && node->value == value ? node : NULL;
}

static bool add_variants(const struct replay *replay, const char *path, uint64_t *set)
{
    bool ok = true;
    const struct json_node *list = read_from(replay, "variants", replay->variants);
    for (size_t i = 0; i < json_array_size(replay->variants); i++) {
        struct diag_place place = { .file = path };
        if (list)
            place = json_place(replay->doc, json_nth(list, i));
        const char *id = json_string_value(json_array_get(replay->variants, i));
        ok = scenario_add_variant(place, rt_str_from(id), set) && ok;
    }
    return ok;
}

struct scenario *replay_scenario(
        const struct replay *replay, const char *path, struct lab_options *options)
{
    *options = (struct lab_options){ .races = replay->races, .stuck = replay->stuck };
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    bool ok = add_variants(replay, path, &options->variants);
    rt_arena_use(before);
    rt_arena_free(arena);
    const struct json_node *node = read_from(replay, "scenario", replay->scenario);
    if (!ok)
        return NULL;
    if (node)
        return scenario_from_doc(json_doc_part(replay->doc, node), ".");
    /* As a part, too: it is read as a replay's scenario. */
    struct json_doc *whole = json_doc_wrap(path, replay->scenario);
    struct json_doc *part = whole ? json_doc_part(whole, whole->root) : NULL;
    json_doc_free(whole);
    return scenario_from_doc(part, ".");
}
