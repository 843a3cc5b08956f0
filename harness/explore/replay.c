/* Replays and lists of choices as JSON: the table that reads, writes and describes them. */
#include "harness/explore/replay.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "model/rt/arena.h"

/* One letter a kind of choice, in the order of enum rt_choice_kind. A choice among goroutines is a
 * small letter if the one that ran last could not go on; exactly told, another choice is one if it
 * could. */
static const char kind_letters[] = "FSWTMDXR";

static char letter_of(const struct made *m, bool exact)
{
    bool small = m->kind == RT_CHOICE_FIBER ? !m->runs_on : exact && m->runs_on;
    return (char)(small ? tolower(kind_letters[m->kind]) : kind_letters[m->kind]);
}

/* ---- choices as text: "F3:1" is choice 1 of 3 goroutines; "F3" alone is choice 0 ---- */

static json_t *write_choices(const struct choices *choices, bool exact)
{
    json_t *lines = json_array();
    char line[256];
    size_t len = 0;
    for (size_t i = 0; i < choices->count; i++) {
        const struct made *m = &choices->items[i];
        char token[40];
        int n = snprintf(token, sizeof(token), "%c%u", letter_of(m, exact), m->options);
        if (m->chosen)
            n += snprintf(token + n, sizeof(token) - (size_t)n, ":%u", m->chosen);
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
        const char *letter = strchr(kind_letters, toupper((unsigned char)*p));
        if (!letter)
            return false;
        struct made made = { .kind = (uint8_t)(letter - kind_letters) };
        made.runs_on = (made.kind == RT_CHOICE_FIBER) == (*p == *letter);
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

static bool read_choices(const struct json_doc *doc, const struct json_node *node, void *out)
{
    if (!json_is_array(node->value))
        return json_wrong(doc, node, "an array of strings");
    for (const struct json_node *line = node->child; line; line = line->next) {
        const char *text = json_string_value(line->value);
        if (!text || strlen(text) != json_string_length(line->value) || !parse_line(text, out))
            return json_wrong(doc, line, "choices such as \"F3:1 F2 X2:1\"");
    }
    return true;
}

json_t *choices_to_json(const struct choices *choices)
{
    return write_choices(choices, false);
}

static json_t *write_known(const void *in)
{
    return write_choices(in, false);
}

static json_t *write_exactly(const void *in)
{
    return write_choices(in, true);
}

static const struct json_spec lines = { .kind = JSON_SPEC_ARRAY, .element = &json_spec_text };
const struct json_spec choices_spec = {
    .kind = JSON_SPEC_OWN, .element = &lines, .read = read_choices, .write = write_known
};
const struct json_spec choices_exact_spec = {
    .kind = JSON_SPEC_OWN, .element = &lines, .read = read_choices, .write = write_exactly
};

/* ---- files ---- */

static const char *const verdicts[] = {
#define VERDICT_WORD(name, text, status) text,
    VERDICTS(VERDICT_WORD)
#undef VERDICT_WORD
            NULL
};
const struct json_spec verdict_spec = { .kind = JSON_SPEC_WORD, .words = verdicts };

static json_t *write_switches(const void *in)
{
    return json_integer((json_int_t)choices_switches(in));
}

static json_t *write_faults(const void *in)
{
    return json_integer((json_int_t)choices_faults(in));
}

const struct json_spec switches_spec = {
    .kind = JSON_SPEC_OWN, .element = &json_spec_count, .write = write_switches
};
const struct json_spec faults_spec = {
    .kind = JSON_SPEC_OWN, .element = &json_spec_count, .write = write_faults
};

#define AT(member) offsetof(struct replay, member)
static const struct json_field expect_fields[] = {
    { "verdict", &verdict_spec, AT(verdict), .about = "How the run ended.", .required = true },
    { "finding", &json_spec_string, AT(finding),
            .about = "The id of the finding; absent: the verdict alone is expected." },
    { "text", &json_spec_string, AT(text), .about = "The finding in words." },
    { "hash", &json_spec_hash, AT(hash), .about = "The hash of the trace.", .required = true },
    { 0 },
};
static const struct json_spec expect = { .kind = JSON_SPEC_OBJECT, .fields = expect_fields };
enum { FORMAT = 2 };
static const struct json_spec format = { .kind = JSON_SPEC_INT, .min = 1, .max = FORMAT };
static const struct json_spec names = { .kind = JSON_SPEC_ARRAY, .element = &json_spec_name };
static const struct json_spec variants = { .kind = JSON_SPEC_VALUE, .element = &names };
static const struct json_spec scenario = { .kind = JSON_SPEC_VALUE,
    .schema_file = "../../scenarios/scenario.schema.json" };

static const struct json_field fields[] = {
    { "replay", &format, AT(format), .required = true,
            .about = "Version of this form: 2; in 1 the trace of a whole peer began with its "
                     "start." },
    { "expect", &expect, 0, .about = "What was found.", .required = true },
    { "found_by", &json_spec_string, AT(found_by), .about = "How it was found, for people." },
    { "switches", &switches_spec, AT(choices), .about = "Context switches among the choices." },
    { "variants", &variants, AT(variants),
            .about = "Variants that the run had, besides the scenario's.", .otherwise = "[]" },
    { "races", &json_spec_flag, AT(races), .about = "Whether data races were looked for.",
            .otherwise = "false" },
    { "stuck", &json_spec_flag, AT(stuck), .about = "Whether stuck goroutines were looked for.",
            .lean = true, .otherwise = "false" },
    { "choices", &choices_spec, AT(choices), .about = "The choices that were made.",
            .required = true },
    { "scenario", &scenario, AT(scenario), .about = "What was run, with its whole world.",
            .required = true },
    { 0 },
};
const struct json_spec replay_spec = {
    .kind = JSON_SPEC_OBJECT,
    .about = "One run, self-contained: a bug as a file.",
    .fields = fields,
    .head = "replay",
    .document = "replay",
};

json_t *replay_to_json(const struct replay *replay)
{
    struct replay r = *replay;
    r.format = FORMAT;
    return json_make(&replay_spec, &r, true);
}

bool replay_load(const char *path, struct replay *replay)
{
    *replay = (struct replay){ .doc = json_doc_load(path) };
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    bool ok = replay->doc && json_read(replay->doc, replay->doc->root, &replay_spec, replay);
    rt_arena_use(before);
    rt_arena_free(arena);
    if (!ok)
        replay_free(replay);
    return ok;
}

void replay_free(struct replay *replay)
{
    json_doc_free(replay->doc);
    json_decref(replay->scenario);
    json_decref(replay->variants);
    choices_free(&replay->choices);
    free(replay->finding);
    free(replay->text);
    free(replay->found_by);
    *replay = (struct replay){ 0 };
}
