/* A world from its JSON form, alone or as changes to another world. */
#include "harness/world/world.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/world/spec.h"

struct loading {
    const struct json_doc *doc;
    const struct json_node *root; /* of the world */
    const char *folder;
    bool ok;
};

/* Reads a PEM file into the world's arena; `where` is the value that names it. */
static rt_bytes read_pem(
        struct loading *l, const struct json_node *where, rt_str dir, const char *name)
{
    char *folder = file_in(l->folder, rt_cstr(dir));
    char *path = file_in(folder, name);
    size_t len;
    char *data = file_read(path, 1 << 20, &len);
    rt_bytes pem = RT_NIL;
    if (data)
        pem = rt_bytes_dup(data, len);
    else {
        diag_at(json_place(l->doc, where), "cannot use %s, which is named here", path);
        l->ok = false;
    }
    free(data);
    free(path);
    free(folder);
    return pem;
}

static bool missing(struct loading *l, const struct json_node *node, const char *key)
{
    diag_at(json_place(l->doc, node), "member \"%s\" is missing", key);
    l->ok = false;
    return false;
}

/* A certificate and key, given in place or as a folder with cert.pem and key.pem. */
static void take_identity(struct loading *l, const struct json_node *node,
        const struct identity_text *from, struct world_identity *to)
{
    if (from->dir.data) {
        to->cert_pem = read_pem(l, node, from->dir, "cert.pem");
        to->key_pem = read_pem(l, node, from->dir, "key.pem");
        return;
    }
    if (!from->cert.data || !from->key.data)
        missing(l, node, from->cert.data ? "key" : from->key.data ? "cert" : "dir");
    to->cert_pem = from->cert;
    to->key_pem = from->key;
}

static const struct json_node *map_node(const struct loading *l, const char *map, rt_str name)
{
    const struct json_node *object = json_member(l->root, map);
    const struct json_node *node = object ? json_member(object, rt_cstr(name)) : NULL;
    return node ? node : l->root;
}

/* ---- lists by name ---- */

static void take_identities(struct loading *l, struct json_list texts, struct world *world)
{
    const struct identity_text *from = texts.items;
    world->identities = rt_new_array(struct world_identity, texts.count + 1);
    for (size_t i = 0; i < texts.count; i++, from++) {
        const struct json_node *node = map_node(l, "identities", from->name);
        struct world_identity *identity = &world->identities[world->identity_count++];
        *identity = (struct world_identity){ .name = from->name, .mspid = from->mspid };
        if (!from->mspid.data)
            missing(l, node, "mspid");
        take_identity(l, node, from, identity);
    }
}

static void take_msps(struct loading *l, struct json_list texts, struct world *world)
{
    const struct msp_text *from = texts.items;
    world->msps = rt_new_array(struct world_msp, texts.count + 1);
    for (size_t i = 0; i < texts.count; i++, from++) {
        const struct json_node *node = map_node(l, "msps", from->name);
        struct world_msp *msp = &world->msps[world->msp_count++];
        *msp = (struct world_msp){
            .mspid = from->name, .ca_pem = from->ca, .admin_pem = from->admin
        };
        if (from->dir.data) {
            msp->ca_pem = read_pem(l, node, from->dir, "cacert.pem");
            msp->admin_pem = read_pem(l, node, from->dir, "admincert.pem");
        } else if (!from->ca.data) {
            missing(l, node, "ca");
        }
    }
}

static int compare_keys(const void *a, const void *b)
{
    const struct world_key *x = a, *y = b;
    int order = rt_str_cmp(x->ns, y->ns);
    return order ? order : rt_str_cmp(x->key, y->key);
}

/* One key from its text; a version is [block, transaction]. */
static struct world_key take_key(
        struct loading *l, const struct json_node *node, rt_str ns, const struct key_text *from)
{
    struct world_key key = { .ns = ns, .key = from->name, .value = from->value };
    key.metadata = from->metadata;
    const int64_t *version = from->version.items;
    if (from->version.count == 2) {
        key.block = (uint64_t)version[0];
        key.tx = (uint64_t)version[1];
    } else {
        diag_at(json_place(l->doc, node), "\"version\" is not two numbers: block and transaction");
        l->ok = false;
    }
    return key;
}

static void take_state(struct loading *l, const struct json_node *node,
        const struct channel_text *from, struct world_channel *to)
{
    const struct namespace_text *namespaces = from->state.items;
    size_t count = 0;
    for (size_t i = 0; i < from->state.count; i++)
        count += namespaces[i].keys.count;
    to->state = rt_new_array(struct world_key, count + 1);
    for (size_t i = 0; i < from->state.count; i++) {
        const struct key_text *keys = namespaces[i].keys.items;
        for (size_t k = 0; k < namespaces[i].keys.count; k++)
            to->state[to->state_count++] = take_key(l, node, namespaces[i].name, &keys[k]);
    }
    if (to->state_count > 0)
        qsort(to->state, to->state_count, sizeof(*to->state), compare_keys);
    for (size_t i = 0; i < to->state_count; i++) {
        if (to->state[i].block >= to->height) {
            diag_at(json_place(l->doc, node),
                    "key \"%s\" has a version of block %llu, but the height is %llu",
                    rt_cstr(to->state[i].key), (unsigned long long)to->state[i].block,
                    (unsigned long long)to->height);
            l->ok = false;
            return;
        }
    }
}

static void take_channels(struct loading *l, struct json_list texts, struct world *world)
{
    const struct channel_text *from = texts.items;
    world->channels = rt_new_array(struct world_channel, texts.count + 1);
    for (size_t i = 0; i < texts.count; i++, from++) {
        struct world_channel *channel = &world->channels[world->channel_count++];
        *channel = (struct world_channel){
            .name = from->name,
            .capabilities = from->capabilities.items,
            .capability_count = from->capabilities.count,
            .orgs = from->orgs.items,
            .org_count = from->orgs.count,
            .height = (uint64_t)from->height,
            .current_block_hash = from->current_block_hash,
            .previous_block_hash = from->previous_block_hash,
            .acls = from->acls.items,
            .acl_count = from->acls.count,
        };
        take_state(l, map_node(l, "channels", from->name), from, channel);
    }
}

/* ---- the peer ---- */

static void take_peer(struct loading *l, const struct peer_text *from, struct world_peer *to)
{
    const struct json_node *peer = json_member(l->root, "peer");
    const struct json_node *node = peer ? peer : l->root;
    *to = from->settings;
    if (from->identity)
        take_identity(l, node, from->identity, &to->identity);
    else
        missing(l, node, "identity");
    to->identity.mspid = to->mspid;
    to->identity.name = to->id;
}

/* ---- the text, from a file's members and what they change ---- */

/* The settings of the release's core.yaml. */
static const struct world_peer release = {
    .id = RT_STR_INIT("jdoe"),
    .network_id = RT_STR_INIT("dev"),
    .chaincode_address = RT_STR_INIT("127.0.0.1:7052"),
    .chaincode_install_path = RT_STR_INIT("/var/hyperledger/production/chaincodes"),
    .startup_timeout_ms = 300000,
    .execute_timeout_ms = 30000,
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

static bool read_world(struct loading *l, const struct world *base, struct world_text *text)
{
    struct world_text old = { .format = 1, .peer.settings = release };
    if (base)
        old = world_text_of(base);
    *text = old;
    text->identities = text->msps = text->channels = text->packages = (struct json_list){ 0 };
    if (!json_read(l->doc, l->root, &world_spec, text))
        return false;
    text->identities = replaced(old.identities, text->identities, sizeof(struct identity_text));
    text->msps = replaced(old.msps, text->msps, sizeof(struct msp_text));
    text->channels = replaced(old.channels, text->channels, sizeof(struct channel_text));
    text->packages = replaced(old.packages, text->packages, sizeof(struct world_package));
    return true;
}

/* Every organisation of a channel, and everybody who signs, needs an MSP. */
static void check_msp(struct loading *l, const struct json_node *node, const struct world *world,
        rt_str mspid, const char *who, rt_str name)
{
    for (size_t i = 0; i < world->msp_count; i++)
        if (rt_str_eq(world->msps[i].mspid, mspid))
            return;
    diag_at(json_place(l->doc, node), "%s \"%s\" belongs to \"%s\", but there is no such MSP", who,
            rt_cstr(name), rt_cstr(mspid));
    l->ok = false;
}

static void check_world(struct loading *l, const struct world *world)
{
    check_msp(l, l->root, world, world->peer.mspid, "the peer", world->peer.id);
    for (size_t i = 0; i < world->channel_count; i++) {
        const struct world_channel *channel = &world->channels[i];
        const struct json_node *node = map_node(l, "channels", channel->name);
        for (size_t o = 0; o < channel->org_count; o++)
            check_msp(l, node, world, channel->orgs[o], "channel", channel->name);
    }
}

static struct world *take_world(struct loading *l, const struct world *base)
{
    struct world *world = rt_new(struct world);
    struct world_text text;
    if (!read_world(l, base, &text)) {
        l->ok = false;
        return world;
    }
    if (!text.now.data) {
        missing(l, l->root, "now");
    } else if (!world_time_ms(text.now, &world->now_ms)) {
        diag_at(json_place(l->doc, json_member(l->root, "now")),
                "found \"%s\", expected a UTC time such as 2026-11-23T18:45:00Z",
                rt_cstr(text.now));
        l->ok = false;
    }
    take_peer(l, &text.peer, &world->peer);
    take_identities(l, text.identities, world);
    take_msps(l, text.msps, world);
    take_channels(l, text.channels, world);
    world->packages = text.packages.items;
    world->package_count = text.packages.count;
    check_world(l, world);
    return world;
}

struct world *world_from_json(const struct json_doc *doc, const struct json_node *node,
        const char *folder, const struct world *base)
{
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct loading l = { doc, node, folder, true };
    struct world *world = take_world(&l, base);
    rt_arena_use(before);
    if (!l.ok) {
        rt_arena_free(arena);
        return NULL;
    }
    world->arena = arena;
    return world;
}

struct world *world_load(const char *path)
{
    struct json_doc *doc = json_doc_load(path);
    if (!doc)
        return NULL;
    char *folder = file_beside(path, "");
    struct world *world = world_from_json(doc, doc->root, folder, NULL);
    free(folder);
    json_doc_free(doc);
    return world;
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
