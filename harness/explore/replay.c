#include "harness/explore/replay.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/json/json.h"

/* One letter a kind of choice, in the order of enum rt_choice_kind. A choice among goroutines is a
 * small letter if the one that ran last could not go on. */
static const char kind_letters[] = "FSWTMDXR";
#define FREE_PICK 'f'

static char letter_of(const struct made *m)
{
    if (m->kind == RT_CHOICE_FIBER && !m->runs_on)
        return FREE_PICK;
    return kind_letters[m->kind];
}

/* ---- hashes ---- */

json_t *hash_to_json(uint64_t hash)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%016" PRIx64, hash);
    return json_string(digits);
}

bool hash_from_json(const json_t *value, uint64_t *hash)
{
    const char *digits = json_string_value(value);
    if (!digits || strlen(digits) != 16 || strspn(digits, "0123456789abcdefABCDEF") != 16)
        return false;
    *hash = strtoull(digits, NULL, 16);
    return true;
}

/* ---- choices as text: "F3:1" is choice 1 of 3 goroutines; "F3" alone is choice 0 ---- */

json_t *choices_to_json(const struct choices *choices)
{
    json_t *lines = json_array();
    char line[256];
    size_t len = 0;
    for (size_t i = 0; i < choices->count; i++) {
        const struct made *m = &choices->items[i];
        char token[40];
        int n = m->chosen ? snprintf(token, sizeof(token), "%c%u:%u", letter_of(m), m->options,
                                    m->chosen)
                          : snprintf(token, sizeof(token), "%c%u", letter_of(m), m->options);
        if (len > 0 && len + 1 + (size_t)n > 92) {
            json_array_append_new(lines, json_stringn(line, len));
            len = 0;
        }
        len += (size_t)snprintf(line + len, sizeof(line) - len, "%s%s", len > 0 ? " " : "", token);
    }
    if (len > 0)
        json_array_append_new(lines, json_stringn(line, len));
    return lines;
}

static bool parse_number(const char **p, uint32_t *number)
{
    char *end;
    if (!isdigit((unsigned char)**p))
        return false;
    unsigned long value = strtoul(*p, &end, 10);
    *p = end;
    *number = (uint32_t)value;
    return value <= UINT32_MAX;
}

static bool parse_line(const char *p, struct choices *choices)
{
    while (*p) {
        const char *letter = strchr(kind_letters, *p == FREE_PICK ? 'F' : *p);
        struct made made = { .runs_on = *p == 'F' };
        if (!letter)
            return false;
        made.kind = (uint8_t)(letter - kind_letters);
        p++;
        if (!parse_number(&p, &made.options) || made.options < 2)
            return false;
        if (*p == ':') {
            p++;
            if (!parse_number(&p, &made.chosen) || made.chosen >= made.options)
                return false;
        }
        choices_add(choices, made);
        if (*p == ' ')
            p++;
        else if (*p)
            return false;
    }
    return true;
}

bool choices_from_json(const json_t *lines, struct choices *choices, size_t *bad_line)
{
    size_t i;
    json_t *line;
    json_array_foreach((json_t *)(uintptr_t)lines, i, line)
    {
        *bad_line = i;
        if (!json_is_string(line) || !parse_line(json_string_value(line), choices))
            return false;
    }
    return json_is_array(lines);
}

/* ---- files ---- */

json_t *replay_to_json(const struct replay *replay)
{
    json_t *o = json_pack("{s:i}", "replay", REPLAY_FORMAT);
    json_t *expect = json_pack("{s:s}", "verdict", verdict_name(replay->verdict));
    if (replay->finding)
        json_object_set_new(expect, "finding", json_string(replay->finding));
    if (replay->text)
        json_object_set_new(expect, "text", json_text_value(replay->text, strlen(replay->text)));
    json_object_set_new(expect, "hash", hash_to_json(replay->hash));
    json_object_set_new(o, "expect", expect);
    if (replay->found_by)
        json_object_set_new(o, "found_by", json_string(replay->found_by));
    json_object_set_new(
            o, "switches", json_integer((json_int_t)choices_switches(&replay->choices)));
    json_object_set_new(
            o, "variants", replay->variants ? json_incref(replay->variants) : json_array());
    json_object_set_new(o, "races", json_boolean(replay->races));
    if (replay->stuck)
        json_object_set_new(o, "stuck", json_true());
    json_object_set_new(o, "choices", choices_to_json(&replay->choices));
    json_object_set(o, "scenario", replay->scenario);
    return o;
}

static bool load_choices(const struct json_doc *doc, struct replay *replay)
{
    const struct json_node *node =
            json_need(doc, doc->root, "choices", "the choices that were made");
    size_t bad = 0;
    if (!node)
        return false;
    if (choices_from_json(node->value, &replay->choices, &bad))
        return true;
    if (!json_is_array(node->value))
        return json_wrong(doc, node, "an array of strings");
    return json_wrong(doc, json_nth(node, bad), "choices such as \"F3:1 F2 X2:1\"");
}

/* Malloced; NULL if the node is none or no string. */
static char *copy_text(const struct json_node *node)
{
    const char *text = node ? json_string_value(node->value) : NULL;
    return text ? rt_cstr_malloc(rt_str_from(text)) : NULL;
}

static bool load_expect(const struct json_doc *doc, struct replay *replay)
{
    const struct json_node *expect = json_need(doc, doc->root, "expect", "what was found");
    if (!expect)
        return false;
    const struct json_node *verdict = json_need(doc, expect, "verdict", "how the run ended");
    const struct json_node *hash = json_need(doc, expect, "hash", "the hash of the trace");
    const struct json_node *finding = json_member(expect, "finding");
    const struct json_node *text = json_member(expect, "text");
    if (!verdict || !hash)
        return false;
    const char *name = json_string_value(verdict->value);
    replay->verdict = name ? verdict_from(name) : VERDICT_COUNT;
    if (replay->verdict == VERDICT_COUNT)
        return json_wrong(doc, verdict, "a verdict");
    if (!hash_from_json(hash->value, &replay->hash))
        return json_wrong(doc, hash, "16 hexadecimal digits");
    if (finding && !json_is_string(finding->value))
        return json_wrong(doc, finding, "the id of a finding");
    replay->finding = copy_text(finding);
    replay->text = copy_text(text);
    return true;
}

static bool load(const struct json_doc *doc, struct replay *replay)
{
    if (!json_is_object(doc->root->value))
        return json_wrong(doc, doc->root, "a replay");
    const struct json_node *format = json_need(doc, doc->root, "replay", "this is no replay file");
    if (!format)
        return false;
    if (json_integer_value(format->value) != REPLAY_FORMAT)
        return json_wrong(doc, format, "1, the form that this version reads");
    const struct json_node *scenario = json_need(doc, doc->root, "scenario", "what was run");
    const struct json_node *variants = json_member(doc->root, "variants");
    const struct json_node *races = json_member(doc->root, "races");
    const struct json_node *stuck = json_member(doc->root, "stuck");
    const struct json_node *by = json_member(doc->root, "found_by");
    if (!scenario)
        return false;
    if (variants && !json_is_array(variants->value))
        return json_wrong(doc, variants, "an array of variants");
    replay->scenario = json_incref(scenario->value);
    replay->variants = variants ? json_incref(variants->value) : json_array();
    replay->races = races && json_is_true(races->value);
    replay->stuck = stuck && json_is_true(stuck->value);
    replay->found_by = copy_text(by);
    return load_expect(doc, replay) && load_choices(doc, replay);
}

bool replay_load(const char *path, struct replay *replay)
{
    *replay = (struct replay){ 0 };
    struct json_doc *doc = json_doc_load(path);
    bool ok = doc && load(doc, replay);
    json_doc_free(doc);
    if (!ok)
        replay_free(replay);
    return ok;
}

void replay_free(struct replay *replay)
{
    json_decref(replay->scenario);
    json_decref(replay->variants);
    choices_free(&replay->choices);
    free(replay->finding);
    free(replay->text);
    free(replay->found_by);
    *replay = (struct replay){ 0 };
}
