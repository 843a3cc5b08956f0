/* A world from its JSON form, alone or as changes to another world. */
#include "harness/world/world.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/core/core.h"
#include "harness/world/load.h"
#include "harness/world/msp_folder.h"
#include "harness/yaml/yaml.h"

enum { MOST_DEPTH = 16 };

const struct json_node *loading_node(const struct loading *l, const char *map, rt_str name)
{
    const struct json_node *patch = json_member(l->root, "patch");
    const struct json_node *const from[] = { patch ? patch : l->root, l->root };
    for (size_t i = 0; i < 2; i++) {
        const struct json_node *object = json_member(from[i], map);
        const struct json_node *node = object ? json_member(object, rt_cstr(name)) : NULL;
        if (node)
            return node;
    }
    return l->root;
}

/* ---- the text, from a file's members and what they change ---- */

/* The settings of the release's core.yaml. */
static rt_str sample_chaincodes[] = { RT_STR_INIT("lscc"), RT_STR_INIT("cscc"),
    RT_STR_INIT("qscc") };
static const struct world_peer release = {
    .id = RT_STR_INIT("jdoe"),
    .network_id = RT_STR_INIT("dev"),
    .address = RT_STR_INIT("127.0.0.1:7051"),
    .chaincode_address = RT_STR_INIT(""),
    .chaincode_install_path = RT_STR_INIT("/var/hyperledger/production/chaincodes"),
    .startup_timeout_ms = 300000,
    .execute_timeout_ms = 30000,
    .push_ack_timeout_ms = 3000,
    .builder = RT_STR_INIT("hyperledger/fabric-ccenv:latest"),
    .golang_runtime = RT_STR_INIT("hyperledger/fabric-baseos:amd64-0.4.15"),
    .node_runtime = RT_STR_INIT("hyperledger/fabric-baseimage:amd64-0.4.15"),
    .java_runtime = RT_STR_INIT("hyperledger/fabric-javaenv:amd64-1.4.2"),
    .car_runtime = RT_STR_INIT("hyperledger/fabric-baseos:amd64-0.4.15"),
    .log_level = RT_STR_INIT("info"),
    .shim_log_level = RT_STR_INIT("warning"),
    .log_format = RT_STR_INIT(WORLD_LOG_FORMAT),
    .system_chaincodes = sample_chaincodes,
    .system_chaincode_count = 3,
    .system_chaincode_version = RT_STR_INIT("1.4.2"),
};

/* The list with elements replaced by those of the same name, and others behind them. All begin with
 * their name. */
static struct json_list replaced(struct json_list old, struct json_list changes, size_t size)
{
    char *items = rt_calloc(old.count + changes.count + 1, size);
    struct json_list list = { items, old.count };
    if (old.count > 0)
        memcpy(items, old.items, old.count * size);
    for (size_t i = 0; i < changes.count; i++) {
        const char *change = (const char *)changes.items + i * size;
        size_t at = 0;
        while (at < list.count &&
                !rt_str_eq(*(rt_str *)(items + at * size), *(const rt_str *)change))
            at++;
        list.count += at == list.count;
        memcpy(items + at * size, change, size);
    }
    return list;
}

static bool patch_world(struct loading *l, struct world_text *text, const struct world_text *absent)
{
    static const char *const never[] = { "file", "patch", "format", "fabric", "core_yaml", "core",
        "env", NULL };
    const struct json_node *patch = text->patch;
    for (size_t i = 0; never[i]; i++) {
        const struct json_node *member = json_member(patch, never[i]);
        if (member) {
            diag_at(json_key_place(l->doc, member), "\"%s\" is no part of a patch", never[i]);
            return false;
        }
    }
    return json_is_object(patch->value) ? json_patch(l->doc, patch, &world_spec, text, absent)
                                        : json_wrong(l->doc, patch, "an object");
}

static struct world *load_file(const char *path, const struct loading *changes);

/* Whether this world changes the one of that file, or is far from the one that began. */
static bool in_circle(const struct loading *l, const char *path)
{
    size_t depth = 0;
    for (; l && l->path; l = l->changes)
        if (strcmp(l->path, path) == 0 || ++depth == MOST_DEPTH)
            return true;
    return false;
}

/* The world that this one changes, in *base, if it names one. */
static bool read_base(struct loading *l, struct world **base)
{
    const struct json_node *file =
            json_is_string(l->root->value) ? l->root : json_member(l->root, "file");
    *base = NULL;
    if (!file || !json_is_string(file->value))
        return true; /* what is no string is reported with the other members */
    const char *name = json_string_value(file->value);
    char *path = strcmp(name, WORLD_DEFAULT) == 0 ? mem_string(name) : file_in(l->folder, name);
    if (in_circle(l, path))
        diag_at(json_place(l->doc, file), "worlds change each other in a circle");
    else
        *base = load_file(path, l);
    free(path);
    if (!*base)
        diag_at(json_place(l->doc, file), "this world cannot be used");
    return *base != NULL;
}

/* The local MSP, with the peer's key, from the folder that the configuration names. */
static bool read_local_msp(
        const struct core_source *from, const char *folder, struct world_text *text)
{
    struct diag_place place;
    rt_str name = core_msp_path(from, &place);
    struct identity_text *identity = rt_new(struct identity_text);
    struct msp_text *msp = rt_new(struct msp_text);
    if (name.len == 0)
        return true;
    char *path = file_in(folder, rt_cstr(name));
    bool is = msp_folder_is(path), ok = true;
    if (!is)
        diag_at(place, "there is no MSP folder %s: the peer keeps its certificate", path);
    else
        ok = msp_folder_identity(path, &identity->cert, &identity->key) &&
             msp_folder_read(path, msp);
    free(path);
    if (!is || !ok)
        return ok;
    text->peer.identity = identity;
    msp->name = text->peer.settings.mspid;
    text->msps = replaced(text->msps, (struct json_list){ msp, 1 }, sizeof(*msp));
    return true;
}

/* The peer's settings as its core.yaml, keys of it, and variables say them. */
static bool read_core(struct loading *l, struct world_text *text)
{
    struct core_source from = { .doc = l->doc, .keys = text->core, .env = text->env };
    char *path = text->core_yaml.data ? file_in(l->folder, rt_cstr(text->core_yaml)) : NULL;
    struct json_doc *file = path ? yaml_doc_load(path) : NULL;
    char *folder = path ? file_beside(path, "") : mem_string(l->folder);
    from.peer = json_member(l->root, "peer");
    from.file = file;
    bool ok = !path || file;
    if (!ok)
        diag_at(json_place(l->doc, json_member(l->root, "core_yaml")),
                "this configuration cannot be used");
    else if (file || from.keys || from.env)
        ok = core_apply(&from, &text->peer.settings) &&
             core_find_address(&from, &text->peer.settings) && read_local_msp(&from, folder, text);
    json_doc_free(file);
    free(folder);
    free(path);
    return ok;
}

/* Members that are there take the place of the base's, in lists element by element; then comes the
 * patch. */
static bool read_world(struct loading *l, struct world_text *text)
{
    struct world_text absent = { .format = 1, .peer.settings = release };
    absent.peer.settings.host_config = docker_host_config_default();
    struct world *base;
    if (!read_base(l, &base))
        return false;
    const struct world_text old = base ? world_text_of(base) : absent;
    *text = old;
    text->identities = text->msps = text->channels = text->packages = (struct json_list){ 0 };
    if (!json_read(l->doc, l->root, &world_spec, text))
        return false;
    text->identities = replaced(old.identities, text->identities, sizeof(struct identity_text));
    text->msps = replaced(old.msps, text->msps, sizeof(struct msp_text));
    text->channels = replaced(old.channels, text->channels, sizeof(struct channel_text));
    text->packages = replaced(old.packages, text->packages, sizeof(struct world_package));
    return (!text->patch || patch_world(l, text, &absent)) && read_core(l, text);
}

static struct world *load(struct loading *l)
{
    struct world_text text;
    struct world *world = read_world(l, &text) ? loading_take(l, &text) : NULL;
    return l->ok ? world : NULL;
}

/* A world in the current arena, or NULL after a report. */
static struct world *load_file(const char *path, const struct loading *changes)
{
    bool built_in = strcmp(path, WORLD_DEFAULT) == 0;
    struct json_doc *doc =
            built_in ? json_doc_parse("the default world", world_default_text, world_default_len, 1)
                     : json_doc_load(path);
    if (!doc)
        return NULL;
    char *folder = file_beside(path, "");
    struct loading l = { .doc = doc,
        .root = doc->root,
        .folder = folder,
        .path = path,
        .changes = changes,
        .ok = true };
    struct world *world = load(&l);
    free(folder);
    json_doc_free(doc);
    return world;
}

/* ---- whole worlds, each with an arena of its own ---- */

static struct world *owned(struct rt_arena *arena, struct world *world)
{
    if (world)
        world->arena = arena;
    else
        rt_arena_free(arena);
    return world;
}

struct world *world_from_json(
        const struct json_doc *doc, const struct json_node *node, const char *folder)
{
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct loading l = { .doc = doc, .root = node, .folder = folder, .ok = true };
    struct world *world = load(&l);
    rt_arena_use(before);
    return owned(arena, world);
}

struct world *world_beside(const struct world *world, const struct json_doc *doc,
        const struct json_node *node, const char *folder)
{
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct loading l = { .doc = doc, .root = node, .folder = folder, .ok = true };
    struct world_text text = world_text_of(world);
    struct peer_text absent = { .settings = release };
    absent.settings.host_config = docker_host_config_default();
    struct world *beside = NULL;
    if (json_patch(doc, json_member(node, "peer"), &world_peer_spec, &text.peer, &absent))
        beside = loading_take(&l, &text);
    rt_arena_use(before);
    return owned(arena, l.ok ? beside : NULL);
}

struct world *world_load(const char *path)
{
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct world *world = load_file(path, NULL);
    rt_arena_use(before);
    return owned(arena, world);
}

void world_free(struct world *world)
{
    if (world)
        rt_arena_free(world->arena);
}

const struct world_identity *world_find_identity(const struct world *world, const char *name)
{
    for (size_t i = 0; i < world->identity_count; i++)
        if (rt_str_is(world->identities[i].name, name))
            return &world->identities[i];
    return NULL;
}

const struct world_channel *world_find_channel(const struct world *world, rt_str name)
{
    for (size_t i = 0; i < world->channel_count; i++)
        if (rt_str_eq(world->channels[i].name, name))
            return &world->channels[i];
    return NULL;
}
