/* What the client makes of a step before it sends: policy, collections, arguments, transient map.
 * The client's mistakes are the scenario's, unless the step expects them. */
#include <stdlib.h>
#include <strings.h>

#include "harness/base/file.h"
#include "harness/scenario/load.h"
#include "model/client/chaincode_common.h"
#include "model/lab/go.h"
#include "model/policy/govaluate.h"

/* ---- refusals ---- */

struct client_call {
    struct loading *l;
    struct scenario_step *step;
    rt_str text; /* what the client is given */
    const char *key;
    struct rt_error *(*run)(struct client_call *call);
    struct rt_error *err;
};

static void run(void *arg)
{
    struct client_call *call = arg;
    call->err = call->run(call);
}

/* The client refuses a member of the step: the first time that is what it says. */
void loading_refuse(struct loading *l, struct scenario_step *step, const char *key, rt_str text)
{
    if (step->client.refusal.data)
        return;
    step->client.refusal = text;
    const struct step_expect *e = step->expect;
    if (e && (e->error.data || e->contains.data || e->prints.data))
        return;
    loading_wrong(l, loading_member(step->node, key), "the client refuses this: %s",
            rt_cstr(rt_str_trim(text)));
}

/* Since Go 1.13 the text of a wrong index has numbers. */
static rt_str as_go_says(const struct client_call *call, rt_str panic)
{
    static const rt_str index = RT_STR_INIT("runtime error: index out of range");
    const struct world *world = call->l->s->world; /* NULL: it cannot be used */
    bool old = world && go_minor(world->peer.go_version) < 13;
    return old && rt_str_has_prefix(panic, index) ? index : panic;
}

static void ask(struct client_call *call)
{
    rt_str panic;
    bool panicked = rt_recover(run, call, &panic);
    if (panicked && rt_str_has_prefix(panic, RT_STR(GOV_UNMODELLED)))
        loading_wrong(call->l, loading_member(call->step->node, call->key), "%s", rt_cstr(panic));
    else if (panicked)
        loading_refuse(
                call->l, call->step, call->key, rt_sprintf("panic: %S", as_go_says(call, panic)));
    else if (call->err)
        loading_refuse(call->l, call->step, call->key, call->err->text);
}

/* ---- policy ---- */

static struct rt_error *policy(struct client_call *call)
{
    return client_policy(call->text, &call->step->policy);
}

static void load_policy(struct loading *l, struct scenario_step *step)
{
    rt_str text = step->client.policy;
    struct client_call call = { l, step, text, "policy", policy, NULL };
    if (text.data && !rt_unhex(text, &step->policy))
        ask(&call);
}

/* ---- collections ---- */

/* Members that the client would ignore without a word. */
static void check_members(struct loading *l, const struct json_node *collection)
{
    static const char *const keys[] = { "name", "policy", "requiredPeerCount", "maxPeerCount",
        "blockToLive", "memberOnlyRead", NULL };
    for (const struct json_node *m = collection->child; m && m->key; m = m->next) {
        size_t i = 0;
        while (keys[i] && strcasecmp(keys[i], m->key) != 0)
            i++;
        if (keys[i])
            continue;
        struct diag_hint hint = diag_hint(m->key, keys);
        loading_wrong(
                l, m, "the client of 1.4.2 ignores \"%s\" of a collection%s", m->key, hint.text);
    }
}

static rt_bytes text_of(const struct json_node *node)
{
    char *text = json_dumps(node->value, JSON_ENCODE_ANY | JSON_COMPACT);
    rt_bytes copy = rt_bytes_dup(text, strlen(text));
    free(text);
    return copy;
}

static rt_bytes string_of(const struct json_node *node)
{
    return rt_bytes_dup(json_string_value(node->value), json_string_length(node->value));
}

static bool read_collections_file(struct loading *l, struct scenario_step *step)
{
    const struct json_node *node = step->client.collections;
    size_t len;
    step->client.collections_file = string_of(node);
    char *path = file_in(l->folder, json_string_value(node->value));
    char *data = file_read(path, FILE_MAX_BYTES, &len);
    if (data)
        step->client.collections_text = rt_bytes_dup(data, len);
    else
        loading_wrong(l, node, "cannot use this file");
    free(data);
    free(path);
    return data != NULL;
}

/* Content and name of the file that the client is given. */
static bool collections_text(struct loading *l, struct scenario_step *step)
{
    const struct json_node *node = step->client.collections;
    step->client.collections_file = RT_STR("collections_config.json");
    if (json_is_string(node->value))
        return read_collections_file(l, step);
    if (json_is_object(node->value)) {
        struct collections_text t = { 0 };
        if (!json_read(l->s->doc, node, &spec_collections_text, &t)) {
            l->ok = false;
            return false;
        }
        step->client.collections_file = t.file;
        step->client.collections_text = t.text;
        return true;
    }
    for (const struct json_node *c = node->child; json_is_array(node->value) && c; c = c->next)
        check_members(l, c);
    step->client.collections_text = text_of(node);
    return true;
}

static struct rt_error *collections(struct client_call *call)
{
    return client_collections(
            call->step->client.collections_file, call->text, &call->step->client.package);
}

static void load_collections(struct loading *l, struct scenario_step *step)
{
    struct client_call call = { l, step, RT_NIL, "collections", collections, NULL };
    if (!step->client.collections || !collections_text(l, step))
        return;
    call.text = step->client.collections_text;
    ask(&call);
}

/* ---- arguments ---- */

static struct rt_error *constructor(struct client_call *call)
{
    rt_bytes *args;
    struct rt_error *err = client_chaincode_input(call->text, &args, &call->step->args.count);
    call->step->args.items = args;
    return err;
}

static void load_args(struct loading *l, struct scenario_step *step)
{
    const struct json_node *args = step->client.args;
    struct client_call call = { l, step, step->client.ctor, "ctor", constructor, NULL };
    if (args && step->client.ctor.data) {
        loading_wrong(l, args, "\"args\" and \"ctor\" exclude each other");
        return;
    }
    if (args && !json_is_object(args->value)) {
        if (!json_read(l->s->doc, args, &spec_texts, &step->args))
            l->ok = false;
        return;
    }
    if (args) {
        call.key = "args";
        call.text = text_of(args);
    }
    if (call.text.data)
        ask(&call);
}

/* ---- the transient map ---- */

static void load_transient(struct loading *l, struct scenario_step *step)
{
    struct step_transient *values = step->client.transient.items;
    for (size_t i = 0; i < step->client.transient.count; i++) {
        struct step_transient *v = &values[i];
        v->value = v->text;
        struct rt_error *err = v->base64.data ? client_transient_value(v->base64, &v->value) : NULL;
        if (err)
            loading_refuse(l, step, "transient", rt_sprintf("%v - proposal response: <nil>", err));
    }
}

void load_client(struct loading *l, struct scenario_step *step)
{
    load_policy(l, step);
    load_collections(l, step);
    load_args(l, step);
    load_transient(l, step);
}

void client_embed_files(const struct scenario_step *step, json_t *value)
{
    const struct step_client *c = &step->client;
    if (!c->collections || !json_is_string(c->collections->value))
        return;
    json_t *file = json_pack("{s:o, s:o}", "file",
            json_text_value(c->collections_file.data, c->collections_file.len), "text",
            json_text_value(c->collections_text.data, c->collections_text.len));
    json_object_set_new(value, "collections", file);
}
