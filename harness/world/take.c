/* From the text of a world to the world: files are read, names are checked. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/world/load.h"
#include "harness/world/msp_folder.h"
#include "model/gostd/hostport.h"
#include "model/lab/go.h"

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

/* Two members of which the second one would have no effect. */
static void exclude(
        struct loading *l, const struct json_node *node, const char *key, const char *other)
{
    const struct json_node *member = json_member(node, other);
    if (!json_member(node, key) || !member)
        return;
    diag_at(json_key_place(l->doc, member), "\"%s\" and \"%s\" exclude each other", key, other);
    l->ok = false;
}

/* An MSP folder with signcerts and keystore, or cert.pem and key.pem. */
static void read_identity_dir(
        struct loading *l, const struct json_node *node, rt_str dir, struct world_identity *to)
{
    char *path = file_in(l->folder, rt_cstr(dir));
    if (msp_folder_is(path)) {
        l->ok = msp_folder_identity(path, &to->cert_pem, &to->key_pem) && l->ok;
    } else {
        to->cert_pem = read_pem(l, node, dir, "cert.pem");
        to->key_pem = read_pem(l, node, dir, "key.pem");
    }
    free(path);
}

/* A certificate and key, given in place or as a folder with cert.pem and key.pem. */
static void take_identity(struct loading *l, const struct json_node *node,
        const struct identity_text *from, struct world_identity *to)
{
    if (from->dir.data) {
        exclude(l, node, "dir", "cert");
        exclude(l, node, "dir", "key");
        read_identity_dir(l, node, from->dir, to);
        return;
    }
    if (!from->cert.data || !from->key.data)
        missing(l, node, from->cert.data ? "key" : from->key.data ? "cert" : "dir");
    to->cert_pem = from->cert;
    to->key_pem = from->key;
}

/* ---- lists by name ---- */

static void take_identities(struct loading *l, struct json_list texts, struct world *world)
{
    const struct identity_text *from = texts.items;
    world->identities = rt_new_array(struct world_identity, texts.count + 1);
    for (size_t i = 0; i < texts.count; i++, from++) {
        const struct json_node *node = loading_node(l, "identities", from->name);
        struct world_identity *identity = &world->identities[world->identity_count++];
        *identity = (struct world_identity){ .name = from->name, .mspid = from->mspid };
        if (!from->mspid.data)
            missing(l, node, "mspid");
        take_identity(l, node, from, identity);
    }
}

static struct world_pems pems_of(struct json_list list)
{
    return (struct world_pems){ list.items, list.count };
}

/* The folder of an MSP: the layout of Fabric's tools, or cacert.pem and admincert.pem. */
static void read_msp_dir(
        struct loading *l, const struct json_node *node, rt_str dir, struct msp_text *msp)
{
    static const char *const others[] = { "ca", "admin", "roots", "intermediates", "admins", "crls",
        "client_ou", "peer_ou", NULL };
    char *path = file_in(l->folder, rt_cstr(dir));
    for (size_t i = 0; others[i]; i++)
        exclude(l, node, "dir", others[i]);
    if (msp_folder_is(path)) {
        l->ok = msp_folder_read(path, msp) && l->ok;
    } else {
        msp->ca = read_pem(l, node, dir, "cacert.pem");
        msp->admin = read_pem(l, node, dir, "admincert.pem");
    }
    free(path);
}

static void take_msps(struct loading *l, struct json_list texts, struct world *world)
{
    world->msps = rt_new_array(struct world_msp, texts.count + 1);
    for (size_t i = 0; i < texts.count; i++) {
        struct msp_text from = ((const struct msp_text *)texts.items)[i];
        const struct json_node *node = loading_node(l, "msps", from.name);
        if (from.dir.data)
            read_msp_dir(l, node, from.dir, &from);
        else if (!from.ca.data)
            missing(l, node, "ca");
        if (!from.client_ou.data != !from.peer_ou.data)
            missing(l, node, from.client_ou.data ? "peer_ou" : "client_ou");
        world->msps[world->msp_count++] = (struct world_msp){ .mspid = from.name,
            .ca_pem = from.ca,
            .admin_pem = from.admin,
            .roots = pems_of(from.roots),
            .intermediates = pems_of(from.intermediates),
            .admins = pems_of(from.admins),
            .crls = pems_of(from.crls),
            .client_ou = from.client_ou,
            .peer_ou = from.peer_ou };
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
            .config = from->config,
            .acls = from->acls.items,
            .acl_count = from->acls.count,
        };
        take_state(l, loading_node(l, "channels", from->name), from, channel);
    }
}

/* ---- the peer ---- */

static void check_system_chaincodes(
        struct loading *l, const struct json_node *peer, const struct world_peer *settings)
{
    static const char *const known[] = { "lscc", "cscc", "qscc", "escc", "vscc", "+lifecycle",
        NULL };
    const struct json_node *list = json_member(peer, "system_chaincodes");
    for (size_t i = 0; i < settings->system_chaincode_count; i++) {
        const char *name = rt_cstr(settings->system_chaincodes[i]);
        const struct json_node *node = list ? json_nth(list, i) : NULL;
        size_t k = 0;
        while (known[k] && strcmp(known[k], name) != 0)
            k++;
        if (known[k])
            continue;
        struct diag_hint hint = diag_hint(name, known);
        diag_at(json_place(l->doc, node ? node : peer), "there is no system chaincode \"%s\"%s",
                name, hint.text);
        l->ok = false;
    }
}

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
    check_system_chaincodes(l, node, to);
    if (to->go_version.len > 0 && go_minor(to->go_version) == 0) {
        const struct json_node *version = json_member(node, "go_version");
        diag_at(json_place(l->doc, version ? version : node),
                "found \"%s\", expected a version of Go such as " GO_RELEASED,
                rt_cstr(to->go_version));
        l->ok = false;
    }
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

static void check_address(struct loading *l, rt_str address)
{
    rt_str host, port;
    const struct json_node *peer = json_member(l->root, "peer");
    struct rt_error *err = net_split_host_port(address, &host, &port);
    if (!err && !net_is_unspecified(host))
        return;
    diag_at(json_place(l->doc, peer ? peer : l->root), "the peer's \"address\" \"%s\" %s",
            rt_cstr(address),
            err ? "is not host:port" : "stands for the machine's own, which has to be given here");
    l->ok = false;
}

static void check_world(struct loading *l, const struct world *world)
{
    check_address(l, world->peer.address);
    check_msp(l, l->root, world, world->peer.mspid, "the peer", world->peer.id);
    for (size_t i = 0; i < world->channel_count; i++) {
        const struct world_channel *channel = &world->channels[i];
        const struct json_node *node = loading_node(l, "channels", channel->name);
        for (size_t o = 0; o < channel->org_count; o++)
            check_msp(l, node, world, channel->orgs[o], "channel", channel->name);
    }
}

static void take_packages(struct loading *l, struct json_list list, struct world *world)
{
    world->packages = list.items;
    world->package_count = list.count;
    for (size_t i = 0; i < world->package_count; i++) {
        const struct world_package *p = &world->packages[i];
        const struct json_node *node = loading_node(l, "packages", p->file_name);
        if (!p->directory && !p->content.data)
            missing(l, node, "bytes");
        if (!p->directory || (!p->content.data && !p->unreadable))
            continue;
        diag_at(json_place(l->doc, node), "a directory is empty here, and can be read");
        l->ok = false;
    }
}

static bool take_now(struct loading *l, rt_str now, int64_t *ms)
{
    const struct json_node *patch = json_member(l->root, "patch");
    const struct json_node *node = patch ? json_member(patch, "now") : NULL;
    if (!now.data) {
        diag_at(json_place(l->doc, l->root),
                "member \"now\" is missing; or change another world by \"file\", for example "
                "\"file\": \"default\"");
        l->ok = false;
        return false;
    }
    if (world_time_ms(now, ms))
        return true;
    diag_at(json_place(l->doc, node ? node : json_member(l->root, "now")),
            "found \"%s\", expected a UTC time such as 2026-11-23T18:45:00Z", rt_cstr(now));
    l->ok = false;
    return false;
}

struct world *loading_take(struct loading *l, const struct world_text *text)
{
    struct world *world = rt_new(struct world);
    take_now(l, text->now, &world->now_ms);
    take_peer(l, &text->peer, &world->peer);
    take_identities(l, text->identities, world);
    take_msps(l, text->msps, world);
    take_channels(l, text->channels, world);
    take_packages(l, text->packages, world);
    check_world(l, world);
    return world;
}
