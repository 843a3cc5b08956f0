/* What is given, against the tables. */
#include "harness/core/check.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/core/keys.h"
#include "harness/core/viper.h"
#include "model/rt/arena.h"

struct checking {
    const struct json_doc *doc;
    bool strict;          /* a person wrote it for cclab */
    const char *idle[48]; /* sections without effect that were met */
    size_t idle_count;
    bool ok;
};

static void note_idle(struct checking *c, const char *name)
{
    for (size_t i = 0; i < c->idle_count; i++)
        if (strcmp(c->idle[i], name) == 0)
            return;
    if (c->idle_count < sizeof(c->idle) / sizeof(*c->idle))
        c->idle[c->idle_count++] = name;
}

/* One line for all of them. */
static void report_idle(const struct checking *c, const struct json_node *node, const char *what)
{
    char *text;
    size_t size;
    if (c->idle_count == 0)
        return;
    FILE *to = mem_stream(&text, &size);
    for (size_t i = 0; i < c->idle_count; i++)
        fprintf(to, "%s%s", i == 0 ? "" : ", ", c->idle[i]);
    fclose(to);
    diag_at(json_place(c->doc, node), "%s without effect here: %s", what, text);
    free(text);
}

/* ---- keys ---- */

static void unknown(struct checking *c, const struct json_node *node, const char *path)
{
    const char *similar = core_key_similar(path);
    diag_at(json_key_place(c->doc, node), "unknown key %s%s%s%s", path,
            similar ? " (did you mean " : "", similar ? similar : "", similar ? "?)" : "");
    c->ok = c->ok && !c->strict;
}

static void check_keys(struct checking *c, const struct json_node *section, const char *above)
{
    for (const struct json_node *n = section->child; n; n = n->next) {
        const char *path =
                rt_cstr(*above ? rt_sprintf("%s.%s", above, n->key) : rt_str_from(n->key));
        bool leads = core_key_find(path) ||
                     (core_key_is_section(path) && json_object_size(n->value) > 0);
        const char *idle = leads ? NULL : core_key_idle(path); /* a setting may lie in it */
        if (!*above && strcmp(n->key, "$comment") == 0)
            continue;
        if (idle)
            note_idle(c, idle);
        else if (core_key_is_section(path) && json_is_object(n->value))
            check_keys(c, n, path);
        else if (!core_key_find(path) && !(core_key_is_section(path) && json_is_null(n->value)))
            unknown(c, n, path);
    }
}

/* ---- variables ---- */

/* "vm.docker" of "CORE_VM_DOCKER" for keys, and sections, that are known. */
static bool names_key(const char *variable, const char *path)
{
    return rt_str_is(viper_env_name(path), variable);
}

static bool names_section(const char *variable, const char *path)
{
    const char *dot = strchr(path, '.');
    return dot &&
           rt_str_is(viper_env_name(rt_cstr(rt_bytes_from(path, (size_t)(dot - path)))), variable);
}

/* CORE_<SECTION>_… of a section. */
static bool lies_in(const char *variable, const char *path)
{
    rt_str name = viper_env_name(path);
    size_t len = strlen(variable);
    return len >= name.len && memcmp(variable, name.data, name.len) == 0 &&
           (len == name.len || variable[name.len] == '_');
}

/* A variable that the peer reads into a setting. */
static bool is_setting(const char *variable)
{
    for (const struct core_key *key = core_keys; key->path; key++)
        if (key->kind != CORE_LOG_CONFIG &&
                (names_key(variable, key->path) || names_section(variable, key->path)))
            return true;
    return false;
}

/* One that it does not look at, or not on this way. */
static bool is_idle(const char *variable)
{
    for (size_t i = 0; core_without_effect[i]; i++)
        if (lies_in(variable, core_without_effect[i]))
            return true;
    for (const struct core_key *key = core_keys; key->path; key++)
        if ((key->kind == CORE_LOG_CONFIG || key->kind == CORE_SYSTEM) &&
                lies_in(variable, key->path))
            return true;
    return strncmp(variable, "CORE_", 5) != 0;
}

static const char *similar_variable(const char *variable)
{
    const char *names[96];
    size_t count = 0;
    for (const struct core_key *key = core_keys; key->path && count < 95; key++)
        names[count++] = rt_cstr(viper_env_name(key->path));
    names[count] = NULL;
    return diag_similar(variable, names);
}

static void check_variable(struct checking *c, const struct json_node *n)
{
    if (json_is_object(n->value) || json_is_array(n->value) || json_is_null(n->value)) {
        c->ok = json_wrong(c->doc, n, "a string, a number, true or false");
    } else if (is_setting(n->key)) {
        return;
    } else if (is_idle(n->key)) {
        note_idle(c, n->key);
    } else {
        const char *similar = similar_variable(n->key);
        diag_at(json_key_place(c->doc, n), "unknown variable %s%s%s%s", n->key,
                similar ? " (did you mean " : "", similar ? similar : "", similar ? "?)" : "");
        c->ok = false;
    }
}

static bool check_env(const struct core_source *from)
{
    struct checking c = { .doc = from->doc, .strict = true, .ok = true };
    if (!json_is_object(from->env->value))
        return json_wrong(from->doc, from->env, "an object of variables");
    for (const struct json_node *n = from->env->child; n; n = n->next)
        if (strcmp(n->key, "$comment") != 0)
            check_variable(&c, n);
    report_idle(&c, from->env, "variables");
    return c.ok;
}

/* ---- all of it ---- */

struct diag_place core_place(const struct core_source *from, const struct json_node *node)
{
    const struct json_doc *file = from->file;
    bool in_file =
            file && node && node->at >= file->text && node->at <= file->text + strlen(file->text);
    if (!node)
        return (struct diag_place){ .file = from->doc->name };
    return json_place(in_file ? file : from->doc, node);
}

bool core_check(const struct core_source *from)
{
    bool ok = true;
    if (from->file) {
        struct checking c = { .doc = from->file, .ok = true };
        check_keys(&c, from->file->root, "");
        report_idle(&c, from->file->root, "keys");
    }
    if (from->keys && !json_is_object(from->keys->value)) {
        ok = json_wrong(from->doc, from->keys, "an object of keys");
    } else if (from->keys) {
        struct checking c = { .doc = from->doc, .strict = true, .ok = true };
        check_keys(&c, from->keys, "");
        report_idle(&c, from->keys, "keys");
        ok = c.ok;
    }
    return (!from->env || check_env(from)) && ok;
}
