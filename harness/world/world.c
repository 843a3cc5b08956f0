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
    return object ? json_member(object, rt_cstr(name)) : l->root;
}

/* ---- lists by name: the base's, replaced or extended by the file's ---- */

/* A list of a world, and of its text. The elements of both begin with their name. */
struct list {
    size_t size;
    size_t text_size;
    void (*take)(struct loading *l, const void *text, void *to);
};

/* The list's elements, *count of them. */
static void *take_list(struct loading *l, const struct list *list, const void *base,
        size_t base_count, struct json_list texts, size_t *count)
{
    char *items = rt_alloc((base_count + texts.count + 1) * list->size);
    if (base_count > 0)
        memcpy(items, base, base_count * list->size);
    *count = base_count;
    for (size_t i = 0; i < texts.count; i++) {
        const char *text = (const char *)texts.items + i * list->text_size;
        size_t at = 0;
        while (at < *count &&
                !rt_str_eq(*(rt_str *)(items + at * list->size), *(const rt_str *)text))
            at++;
        *count += at == *count;
        list->take(l, text, items + at * list->size);
    }
    return items;
}

static void take_named_identity(struct loading *l, const void *text, void *to)
{
    const struct identity_text *from = text;
    struct world_identity *identity = to;
    *identity = (struct world_identity){ .name = from->name, .mspid = from->mspid };
    const struct json_node *node = map_node(l, "identities", from->name);
    if (!from->mspid.data)
        missing(l, node, "mspid");
    take_identity(l, node, from, identity);
}

static void take_msp(struct loading *l, const void *text, void *to)
{
    const struct msp_text *from = text;
    struct world_msp *msp = to;
    const struct json_node *node = map_node(l, "msps", from->name);
    *msp = (struct world_msp){ .mspid = from->name, .ca_pem = from->ca, .admin_pem = from->admin };
    if (from->dir.data) {
        msp->ca_pem = read_pem(l, node, from->dir, "cacert.pem");
        msp->admin_pem = read_pem(l, node, from->dir, "admincert.pem");
    } else if (!from->ca.data) {
        missing(l, node, "ca");
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

static void take_channel(struct loading *l, const void *text, void *to)
{
    const struct channel_text *from = text;
    struct world_channel *channel = to;
    const struct acl_text *acls = from->acls.items;
    *channel = (struct world_channel){
        .name = from->name,
        .capabilities = from->capabilities.items,
        .capability_count = from->capabilities.count,
        .orgs = from->orgs.items,
        .org_count = from->orgs.count,
        .height = (uint64_t)from->height,
        .current_block_hash = from->current_block_hash,
        .previous_block_hash = from->previous_block_hash,
        .acls = rt_new_array(struct world_acl, from->acls.count + 1),
    };
    for (size_t i = 0; i < from->acls.count; i++)
        channel->acls[channel->acl_count++] = (struct world_acl){ acls[i].name, acls[i].policy };
    take_state(l, map_node(l, "channels", from->name), from, channel);
}

static void take_package(struct loading *l, const void *text, void *to)
{
    const struct package_text *from = text;
    (void)l;
    *(struct world_package *)to = (struct world_package){ from->name, from->content };
}

#define LIST(type, text, take)                                                                     \
    {                                                                                              \
        sizeof(struct type), sizeof(struct text), take                                             \
    }
static const struct list identities = LIST(world_identity, identity_text, take_named_identity);
static const struct list msps = LIST(world_msp, msp_text, take_msp);
static const struct list channels = LIST(world_channel, channel_text, take_channel);
static const struct list packages = LIST(world_package, package_text, take_package);

/* ---- the peer ---- */

static void take_peer(struct loading *l, const struct peer_text *from, const struct world *base,
        struct world_peer *to)
{
    const struct json_node *node = json_member(l->root, "peer");
    if (base)
        *to = base->peer;
    to->id = from->id;
    to->network_id = from->network_id;
    to->mspid = from->mspid;
    to->chaincode_address = from->chaincode_address;
    to->chaincode_install_path = from->chaincode_install_path;
    to->startup_timeout_ms = from->startup_timeout_ms;
    to->execute_timeout_ms = from->execute_timeout_ms;
    to->keepalive_ms = from->keepalive_ms;
    to->tls = from->tls;
    to->dev_mode = from->dev_mode;
    to->attach_stdout = from->attach_stdout;
    to->system_chaincodes = from->system_chaincodes.items;
    to->system_chaincode_count = from->system_chaincodes.count;
    to->system_chaincode_version = from->system_chaincode_version;
    if (from->identity) {
        take_identity(l, node ? node : l->root, from->identity, &to->identity);
        to->identity.mspid = to->mspid;
        to->identity.name = to->id;
    } else if (!base) {
        missing(l, node ? node : l->root, "identity");
    }
}

/* What the text starts from: the base's settings, or the release's core.yaml. */
static struct world_text text_defaults(const struct world *base)
{
    static const struct world_peer release = {
        .id = RT_STR_INIT("jdoe"),
        .network_id = RT_STR_INIT("dev"),
        .chaincode_address = RT_STR_INIT("127.0.0.1:7052"),
        .chaincode_install_path = RT_STR_INIT("/var/hyperledger/production/chaincodes"),
        .startup_timeout_ms = 300000,
        .execute_timeout_ms = 30000,
        .system_chaincode_version = RT_STR_INIT("1.4.2"),
    };
    const struct world_peer *peer = base ? &base->peer : &release;
    struct world_text text = { .format = 1 };
    text.peer = (struct peer_text){
        .id = peer->id,
        .network_id = peer->network_id,
        .mspid = peer->mspid,
        .chaincode_address = peer->chaincode_address,
        .chaincode_install_path = peer->chaincode_install_path,
        .startup_timeout_ms = peer->startup_timeout_ms,
        .execute_timeout_ms = peer->execute_timeout_ms,
        .keepalive_ms = peer->keepalive_ms,
        .tls = peer->tls,
        .dev_mode = peer->dev_mode,
        .attach_stdout = peer->attach_stdout,
        .system_chaincodes = { peer->system_chaincodes, peer->system_chaincode_count },
        .system_chaincode_version = peer->system_chaincode_version,
    };
    return text;
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
            check_msp(l, node ? node : l->root, world, channel->orgs[o], "channel", channel->name);
    }
}

static struct world *take_world(struct loading *l, const struct world *base)
{
    static const struct world nothing;
    const struct world *old = base ? base : &nothing;
    struct world *world = rt_new(struct world);
    struct world_text text = text_defaults(base);
    if (!json_read(l->doc, l->root, &world_spec, &text)) {
        l->ok = false;
        return world;
    }
    world->now_ms = base ? base->now_ms : 0;
    if (text.now.data && !world_time_ms(text.now, &world->now_ms)) {
        diag_at(json_place(l->doc, json_member(l->root, "now")),
                "found \"%s\", expected a UTC time such as 2026-11-23T18:45:00Z",
                rt_cstr(text.now));
        l->ok = false;
    } else if (!text.now.data && !base) {
        missing(l, l->root, "now");
    }
    take_peer(l, &text.peer, base, &world->peer);
    world->identities = take_list(l, &identities, old->identities, old->identity_count,
            text.identities, &world->identity_count);
    world->msps = take_list(l, &msps, old->msps, old->msp_count, text.msps, &world->msp_count);
    world->channels = take_list(
            l, &channels, old->channels, old->channel_count, text.channels, &world->channel_count);
    world->packages = take_list(
            l, &packages, old->packages, old->package_count, text.packages, &world->package_count);
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
