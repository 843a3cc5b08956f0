/* Which chaincodes can have containers, and entries that are about none of them. */
#include "harness/scenario/load.h"

/* "name:version" of every chaincode that may run. */
struct names {
    rt_str *items;
    size_t count;
    size_t cap;
    bool open; /* files and captured proposals may bring others */
};

static void add(struct names *n, rt_str cname)
{
    rt_reserve(n->items, n->cap, n->count + 1);
    n->items[n->count++] = cname;
}

/* Only what is installed, or run by a user, has a container. */
static void add_step(struct names *n, const struct scenario_step *step, bool bare)
{
    bool runs = step->action == STEP_INSTALL || step->action == STEP_CONNECT ||
                (bare && step->action != STEP_SLEEP && step->action != STEP_KILL_CONTAINER);
    if (step->file.data || step->bytes.data || step->layers)
        n->open = true;
    else if (runs)
        add(n, rt_sprintf("%S:%S", step->chaincode, step->version));
}

/* A package's file is "name.version", and names have no dot. */
static void add_package(struct names *n, rt_str file_name)
{
    const uint8_t *dot = memchr(file_name.data, '.', file_name.len);
    if (!dot)
        return;
    size_t len = (size_t)(dot - file_name.data);
    add(n, rt_sprintf("%S:%S", rt_str_slice(file_name, 0, len),
                   rt_str_slice(file_name, len + 1, file_name.len)));
}

static struct names names_of(const struct scenario *s)
{
    struct names n = { 0 };
    const struct scenario_actor *actors = s->actors.items;
    for (size_t i = 0; s->world && i < s->world->package_count; i++)
        add_package(&n, s->world->packages[i].file_name);
    for (size_t i = 0; i < s->docker.image_count; i++)
        if (s->docker.images[i].holds.data)
            add(&n, s->docker.images[i].holds);
    for (size_t i = 0; i < s->actors.count; i++)
        for (size_t k = 0; k < actors[i].steps.count; k++)
            add_step(&n, (const struct scenario_step *)actors[i].steps.items + k, s->bare != NULL);
    return n;
}

bool scenario_entry_fits(rt_str chaincode, rt_str cname)
{
    return chaincode.len == 0 || rt_str_eq(chaincode, cname) ||
           (rt_str_has_prefix(cname, chaincode) && cname.data[chaincode.len] == ':');
}

rt_str loading_called(const char *kind, size_t number, rt_str chaincode)
{
    return chaincode.len > 0 ? rt_sprintf("%s %zu (%S)", kind, number, chaincode)
                             : rt_sprintf("%s %zu", kind, number);
}

/* The names, or those without their versions if that is what was meant. */
static const char *const *candidates(const struct names *n, bool versions)
{
    const char **words = rt_new_array(const char *, n->count + 1);
    for (size_t i = 0; i < n->count; i++) {
        const uint8_t *colon = memchr(n->items[i].data, ':', n->items[i].len);
        size_t len = versions || !colon ? n->items[i].len : (size_t)(colon - n->items[i].data);
        words[i] = rt_cstr(rt_str_slice(n->items[i], 0, len));
    }
    return words;
}

static void report(
        struct loading *l, const struct names *n, const struct json_node *node, rt_str chaincode)
{
    bool versions = rt_str_contains(chaincode, RT_STR(":"));
    const char *const *words = candidates(n, versions);
    struct diag_hint hint = diag_hint(rt_cstr(chaincode), words);
    struct rt_buf list = { 0 };
    for (size_t i = 0; i < n->count; i++)
        rt_buf_printf(&list, "%s%S", i == 0 ? "" : ", ", n->items[i]);
    loading_idle(l, loading_member(node, "chaincode"),
            "no chaincode that may run is %s%s; there %s %s",
            chaincode.data ? rt_cstr(rt_sprintf("\"%S\"", chaincode)) : "meant", hint.text,
            n->count == 1 ? "is" : "are", n->count > 0 ? rt_cstr(rt_buf_str(&list)) : "none");
}

/* True if what the later entry fits is fitted by the earlier one. */
static bool covers(const struct loading_entry *earlier, const struct loading_entry *later)
{
    return (earlier->launch == 0 || earlier->launch == later->launch) &&
           (earlier->chaincode.len == 0 ||
                   (later->chaincode.len > 0 &&
                           scenario_entry_fits(earlier->chaincode, later->chaincode)));
}

void loading_check_entries(struct loading *l, const struct loading_entry *entries, size_t count)
{
    struct names n = names_of(l->s);
    for (size_t i = 0; i < count; i++) {
        bool fits = n.open;
        for (size_t k = 0; k < n.count; k++)
            fits = fits || scenario_entry_fits(entries[i].chaincode, n.items[k]);
        if (!fits)
            report(l, &n, entries[i].node, entries[i].chaincode);
        for (size_t k = 0; k < i; k++) {
            if (!covers(&entries[k], &entries[i]))
                continue;
            loading_idle(l, entries[i].node,
                    "this is never taken: all that it fits, number %zu fits, which comes first",
                    k + 1);
            break;
        }
    }
}
