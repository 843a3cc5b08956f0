/* A world's JSON, made piece by piece and then read as any other. */
#include "harness/world/new.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/world/block.h"
#include "harness/world/msp_folder.h"
#include "harness/world/world.h"
#include "model/crypto/pem.h"
#include "model/crypto/x509_create.h"

enum { DAY_S = 24 * 3600, SERIAL_SIZE = 16 };

/* An organisation whose keys are made here, or whose folder is given. */
struct org {
    rt_str mspid;
    struct msp_text msp;
    bool made;
    struct x509_key key;
    struct x509_certificate *cert;
};

struct making {
    const struct world_new *how;
    struct crypto_rand rand;
    int64_t now_s;
    struct org *orgs;
    size_t org_count;
    json_t *world;
};

static bool wrong(const char *what, const char *value)
{
    diag("world new: %s \"%s\"", what, value);
    return false;
}

/* ---- certificates ---- */

/* A certificate of `org`, or its own if it has none; good for ten years from the day before now. */
static struct rt_error *issue(struct making *m, rt_str name, struct org *org,
        const struct x509_key *key, rt_str *pem, struct x509_certificate **parsed)
{
    uint8_t serial[SERIAL_SIZE];
    struct rt_error *err = crypto_rand_read(&m->rand, serial, sizeof(serial));
    serial[0] &= 0x7f;
    struct x509_template t = {
        .serial_number = rt_bytes_dup(serial, sizeof(serial)),
        .subject_common_name = name,
        .not_before_s = m->now_s - DAY_S,
        .not_after_s = m->now_s + 3650 * (int64_t)DAY_S,
        .key_usage = X509_KEY_USAGE_DIGITAL_SIGNATURE,
        .is_ca = !org->cert,
    };
    if (t.is_ca)
        t.key_usage |= X509_KEY_USAGE_CERT_SIGN | X509_KEY_USAGE_CRL_SIGN;
    rt_bytes der;
    if (!err)
        err = x509_create_certificate(&t, org->cert, key, org->cert ? &org->key : key, &der);
    if (!err)
        err = x509_parse_certificate(der, parsed);
    if (!err)
        *pem = pem_encode("CERTIFICATE", der);
    return err;
}

/* Somebody of an organisation that is made here. */
static bool make_person(
        struct making *m, struct org *org, const char *name, rt_str *cert, rt_str *key_pem)
{
    struct x509_key key;
    struct x509_certificate *parsed;
    struct rt_error *err = x509_generate_key(&m->rand, &key);
    if (!err)
        err = issue(m, rt_sprintf("%s@%S", name, org->mspid), org, &key, cert, &parsed);
    if (err)
        return wrong("no certificate can be made:", rt_cstr(err->text));
    *key_pem = pem_encode("PRIVATE KEY", x509_marshal_pkcs8(&key));
    return true;
}

static bool make_authority(struct making *m, struct org *org)
{
    struct rt_error *err = x509_generate_key(&m->rand, &org->key);
    if (!err)
        err = issue(m, rt_sprintf("ca.%S", org->mspid), org, &org->key, &org->msp.ca, &org->cert);
    org->made = true;
    return !err || wrong("no certificate can be made:", rt_cstr(err->text));
}

/* ---- organisations ---- */

static struct org *find_org(struct making *m, rt_str mspid)
{
    for (size_t i = 0; i < m->org_count; i++)
        if (rt_str_eq(m->orgs[i].mspid, mspid))
            return &m->orgs[i];
    return NULL;
}

/* "NAME=REST": the name, and what follows the sign or NULL. */
static rt_str split(const char *text, const char **rest)
{
    const char *sign = strchr(text, '=');
    *rest = sign ? sign + 1 : NULL;
    return rt_bytes_dup(text, sign ? (size_t)(sign - text) : strlen(text));
}

static bool add_orgs(struct making *m)
{
    static const char *const usual[] = { "Org1MSP" };
    struct world_new_list names = m->how->orgs;
    if (names.count == 0)
        names = (struct world_new_list){ usual, 1 };
    m->orgs = rt_new_array(struct org, names.count);
    for (size_t i = 0; i < names.count; i++) {
        const char *folder;
        struct org org = { .mspid = split(names.items[i], &folder) };
        if (org.mspid.len == 0 || find_org(m, org.mspid))
            return wrong("an organisation needs a name of its own:", names.items[i]);
        org.msp.name = org.mspid;
        if (folder ? !msp_folder_read(folder, &org.msp) : !make_authority(m, &org))
            return false;
        m->orgs[m->org_count++] = org;
    }
    return true;
}

/* ---- identities ---- */

static json_t *identity_json(rt_str mspid, rt_str cert, rt_str key)
{
    json_t *o = json_object();
    if (mspid.data)
        json_object_set_new(o, "mspid", json_text_value(mspid.data, mspid.len));
    json_object_set_new(o, "cert", json_text_value(cert.data, cert.len));
    json_object_set_new(o, "key", json_text_value(key.data, key.len));
    return o;
}

/* The organisation of "NAME@ORG", or the first one. */
static struct org *org_of(struct making *m, rt_str name)
{
    ptrdiff_t at = rt_str_last_index(name, RT_STR("@"));
    return at < 0 ? &m->orgs[0] : find_org(m, rt_str_slice(name, (size_t)at + 1, name.len));
}

/* One of the name admin administers its organisation, if that is made here. */
static bool add_identity(struct making *m, json_t *identities, const char *text)
{
    const char *folder;
    rt_str cert, key, name = split(text, &folder);
    struct org *org = name.len > 0 ? org_of(m, name) : NULL;
    if (!org)
        return wrong("an identity is NAME, NAME@ORG, or one of these and =FOLDER, not", text);
    if (!folder && !org->made)
        return wrong("the key of this organisation is unknown: give an MSP folder with =FOLDER to",
                text);
    bool ok = folder ? msp_folder_identity(folder, &cert, &key)
                     : make_person(m, org, rt_cstr(name), &cert, &key);
    if (!ok)
        return false;
    if (org->made && !org->msp.admin.data && rt_str_has_prefix(name, RT_STR("admin")))
        org->msp.admin = cert;
    json_object_set_new(identities, rt_cstr(name), identity_json(org->mspid, cert, key));
    return true;
}

static bool add_identities(struct making *m)
{
    static const char *const usual[] = { "admin", "user" };
    struct world_new_list names = m->how->identities;
    json_t *identities = json_object();
    json_object_set_new(m->world, "identities", identities);
    if (names.count == 0 && m->orgs[0].made)
        names = (struct world_new_list){ usual, 2 };
    for (size_t i = 0; i < names.count; i++)
        if (!add_identity(m, identities, names.items[i]))
            return false;
    return true;
}

/* ---- the peer and its channels ---- */

static bool add_peer(struct making *m)
{
    rt_str cert, key;
    const char *id = m->how->id ? m->how->id : "peer0";
    struct org *org = &m->orgs[0];
    if (!m->how->peer && !org->made)
        return wrong("the peer's key is unknown: give --peer with the MSP folder of a peer of",
                rt_cstr(org->mspid));
    bool ok = m->how->peer ? msp_folder_identity(m->how->peer, &cert, &key)
                           : make_person(m, org, id, &cert, &key);
    if (!ok)
        return false;
    json_t *peer = json_pack("{s:s, s:s, s:o, s:o}", "id", id, "mspid", rt_cstr(org->mspid),
            "identity", identity_json(RT_NIL, cert, key), "address", json_sprintf("%s:7051", id));
    json_object_set_new(m->world, "peer", peer);
    return true;
}

static bool add_channels(struct making *m)
{
    json_t *channels = json_object(), *orgs = json_array();
    json_object_set_new(m->world, "channels", channels);
    for (size_t i = 0; i < m->org_count; i++)
        json_array_append_new(orgs, json_text_value(m->orgs[i].mspid.data, m->orgs[i].mspid.len));
    for (size_t i = 0; i < m->how->channels.count; i++)
        json_object_set_new(channels, m->how->channels.items[i],
                json_pack("{s:[s], s:O, s:i}", "application_capabilities", "V1_4_2", "orgs", orgs,
                        "height", 1));
    json_decref(orgs);
    for (size_t i = 0; i < m->how->blocks.count; i++)
        if (!block_read(m->how->blocks.items[i], channels, json_object_get(m->world, "msps")))
            return false;
    return true;
}

static void add_msps(struct making *m)
{
    json_t *msps = json_object();
    for (size_t i = 0; i < m->org_count; i++)
        json_object_set_new(
                msps, rt_cstr(m->orgs[i].mspid), json_make(&world_msp_spec, &m->orgs[i].msp, true));
    json_object_set_new(m->world, "msps", msps);
}

static bool make(struct making *m)
{
    const struct world_new *how = m->how;
    const char *now = how->now ? how->now : "2026-01-01T00:00:00Z";
    int64_t ms;
    uint64_t seed = (uint64_t)how->seed;
    const rt_bytes parts[] = { RT_STR("cclab world new"),
        rt_bytes_dup((uint8_t *)&seed, sizeof(seed)) };
    if (!world_time_ms(rt_str_from(now), &ms))
        return wrong("--now is a UTC time such as 2026-01-01T00:00:00Z, not", now);
    m->now_s = ms / 1000;
    crypto_rand_init(&m->rand, parts, 2);
    json_object_set_new(m->world, "format", json_integer(1));
    json_object_set_new(m->world, "fabric", json_string("1.4.2"));
    json_object_set_new(m->world, "now", json_string(now));
    if (!add_orgs(m) || !add_peer(m) || !add_identities(m))
        return false;
    add_msps(m);
    return add_channels(m);
}

json_t *world_new(const struct world_new *how)
{
    struct making m = { .how = how, .world = json_object() };
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    json_t *whole = NULL;
    if (make(&m)) {
        struct json_doc *doc = json_doc_wrap("the new world", m.world);
        struct world *world = doc ? world_from_json(doc, doc->root, ".") : NULL;
        whole = world ? world_to_json(world) : NULL;
        world_free(world);
        json_doc_free(doc);
    }
    rt_arena_use(before);
    rt_arena_free(arena);
    json_decref(m.world);
    return whole;
}
