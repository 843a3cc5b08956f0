/* Follows the layout that msp/configbuilder.go reads. */
#include "harness/world/msp_folder.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/yaml/yaml.h"
#include "model/crypto/pem.h"
#include "model/crypto/private_key.h"
#include "model/crypto/x509.h"

enum { MOST_BYTES = 1 << 20 };

static bool has(const char *path, const char *name)
{
    char *sub = file_in(path, name);
    bool is = file_is_dir(sub);
    free(sub);
    return is;
}

bool msp_folder_is(const char *path)
{
    return has(path, "cacerts") || has(path, "signcerts");
}

/* The files of a folder, in the order of their names; what holds no PEM is passed over, as
 * there. */
static bool read_folder(const char *path, const char *name, struct json_list *list)
{
    *list = (struct json_list){ 0 };
    if (!has(path, name))
        return true;
    char *sub = file_in(path, name), **files = file_list(sub, "");
    size_t count = 0;
    bool ok = files != NULL;
    while (ok && files[count])
        count++;
    rt_str *items = rt_new_array(rt_str, count + 1);
    for (size_t i = 0; ok && i < count; i++) {
        size_t len;
        struct pem_block block;
        char *text = file_read(files[i], MOST_BYTES, &len);
        ok = text != NULL;
        if (ok && pem_decode(rt_bytes_from(text, len), &block, NULL))
            items[list->count++] = rt_bytes_dup(text, len);
        free(text);
    }
    list->items = items;
    if (files)
        file_list_free(files);
    free(sub);
    return ok;
}

static bool nothing_in(const char *path, const char *name)
{
    diag_at((struct diag_place){ .file = path }, "holds no PEM file in %s", name);
    return false;
}

/* ---- config.yaml ---- */

static rt_str unit_of(const struct json_node *units, const char *which)
{
    const struct json_node *unit = json_member(units, which);
    const char *text = unit ? json_string_of(unit->value, "OrganizationalUnitIdentifier") : NULL;
    return text ? rt_str_dup(rt_str_from(text)) : RT_NIL;
}

static bool read_config(const char *path, struct msp_text *msp)
{
    char *file = file_in(path, "config.yaml");
    struct json_doc *doc = file_exists(file) ? yaml_doc_load(file) : NULL;
    bool ok = doc || !file_exists(file);
    const struct json_node *units = doc ? json_member(doc->root, "NodeOUs") : NULL;
    if (units && json_true_of(units->value, "Enable")) {
        msp->client_ou = unit_of(units, "ClientOUIdentifier");
        msp->peer_ou = unit_of(units, "PeerOUIdentifier");
        ok = msp->client_ou.data && msp->peer_ou.data;
        if (!ok)
            diag_at(json_place(doc, units),
                    "NodeOUs are enabled without ClientOUIdentifier and PeerOUIdentifier");
    }
    json_doc_free(doc);
    free(file);
    return ok;
}

/* The first element moves out of a list. */
static rt_str take_first(struct json_list *list)
{
    if (list->count == 0)
        return RT_NIL;
    rt_str *items = list->items, first = items[0];
    list->items = items + 1;
    list->count--;
    return first;
}

bool msp_folder_read(const char *path, struct msp_text *msp)
{
    if (!read_folder(path, "cacerts", &msp->roots) ||
            !read_folder(path, "intermediatecerts", &msp->intermediates) ||
            !read_folder(path, "admincerts", &msp->admins) ||
            !read_folder(path, "crls", &msp->crls) || !read_config(path, msp))
        return false;
    msp->ca = take_first(&msp->roots);
    msp->admin = take_first(&msp->admins);
    return msp->ca.data || nothing_in(path, "cacerts");
}

/* ---- a signing identity ---- */

static bool point_of(rt_str cert, rt_bytes *point)
{
    struct pem_block block;
    struct x509_certificate *parsed;
    if (!pem_decode(cert, &block, NULL) || x509_parse_certificate(block.bytes, &parsed))
        return false;
    *point = parsed->public_key.point;
    return true;
}

bool msp_folder_identity(const char *path, rt_str *cert, rt_str *key)
{
    struct json_list certs, keys;
    rt_bytes point, raw, other;
    if (!read_folder(path, "signcerts", &certs) || !read_folder(path, "keystore", &keys))
        return false;
    if (certs.count == 0)
        return nothing_in(path, "signcerts");
    *cert = take_first(&certs);
    if (!point_of(*cert, &point)) {
        diag_at((struct diag_place){ .file = path }, "signcerts holds no X.509 certificate");
        return false;
    }
    while (keys.count > 0) {
        *key = take_first(&keys);
        if (!private_key_from_pem(*key, &raw, &other) && rt_str_eq(point, other))
            return true;
    }
    diag_at((struct diag_place){ .file = path },
            "keystore holds no key of the certificate in signcerts");
    return false;
}
