/* Follows getCollectionConfigFromBytes of peer/chaincode/common.go. */
#include <strings.h>

#include "model/client/chaincode_common.h"
#include "model/gostd/gojson.h"
#include "model/policy/cauthdsl.h"
#include "model/policy/policyparser.h"
#include "model/rt/arena.h"
#include "model/wire/wire.h"

#include "proto/collection.pb-c.h"

/* collectionConfigJson. */
struct collection_config_json {
    rt_str name;
    rt_str policy;
    int64_t required_count;
    int64_t max_peer_count;
    uint64_t block_to_live;
    bool member_only_read;
};

static struct rt_error *cannot(rt_str what, const char *key, const char *type)
{
    return rt_errorf("json: cannot unmarshal %S into Go struct field collectionConfigJson.%s of "
                     "type %s",
            what, key, type);
}

/* strconv.ParseUint and ParseInt of a JSON number, below a limit; the sign apart. */
static bool parse_uint(rt_str digits, uint64_t limit, uint64_t *out)
{
    uint64_t n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint8_t digit = (uint8_t)(digits.data[i] - '0');
        if (digit > 9 || n > (limit - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

static struct rt_error *get_int32(const struct gojson *v, const char *key, int64_t *out)
{
    if (v->kind != GOJSON_NUMBER)
        return cannot(gojson_described(v), key, "int32");
    bool negative = v->text.data[0] == '-';
    uint64_t n;
    if (!parse_uint(
                rt_str_slice(v->text, negative, v->text.len), (uint64_t)INT32_MAX + negative, &n))
        return cannot(rt_sprintf("number %S", v->text), key, "int32");
    *out = negative ? -(int64_t)n : (int64_t)n;
    return NULL;
}

static struct rt_error *get_uint64(const struct gojson *v, const char *key, uint64_t *out)
{
    if (v->kind != GOJSON_NUMBER)
        return cannot(gojson_described(v), key, "uint64");
    if (!parse_uint(v->text, UINT64_MAX, out))
        return cannot(rt_sprintf("number %S", v->text), key, "uint64");
    return NULL;
}

static struct rt_error *get_string(const struct gojson *v, const char *key, rt_str *out)
{
    if (v->kind != GOJSON_STRING)
        return cannot(gojson_described(v), key, "string");
    *out = v->text;
    return NULL;
}

static struct rt_error *get_bool(const struct gojson *v, const char *key, bool *out)
{
    if (v->kind != GOJSON_BOOL)
        return cannot(gojson_described(v), key, "bool");
    *out = v->boolean;
    return NULL;
}

static bool named(const struct gojson *member, const char *key)
{
    return member->key.len == strlen(key) &&
           strncasecmp((const char *)member->key.data, key, member->key.len) == 0;
}

/* A member that the struct has not is ignored, as is a null. */
static struct rt_error *set_member(const struct gojson *m, struct collection_config_json *c)
{
    if (m->kind == GOJSON_NULL)
        return NULL;
    if (named(m, "name"))
        return get_string(m, "name", &c->name);
    if (named(m, "policy"))
        return get_string(m, "policy", &c->policy);
    if (named(m, "requiredPeerCount"))
        return get_int32(m, "requiredPeerCount", &c->required_count);
    if (named(m, "maxPeerCount"))
        return get_int32(m, "maxPeerCount", &c->max_peer_count);
    if (named(m, "blockToLive"))
        return get_uint64(m, "blockToLive", &c->block_to_live);
    if (named(m, "memberOnlyRead"))
        return get_bool(m, "memberOnlyRead", &c->member_only_read);
    return NULL;
}

/* Go goes on after a wrong type and reports the first one. */
static struct rt_error *decode(
        const struct gojson *list, struct collection_config_json **items, size_t *count)
{
    if (list->kind != GOJSON_ARRAY && list->kind != GOJSON_NULL)
        return rt_errorf("json: cannot unmarshal %S into Go value of type "
                         "[]chaincode.collectionConfigJson",
                gojson_described(list));
    size_t n = 0, cap = 0;
    for (const struct gojson *item = list->first; item; item = item->next) {
        struct rt_error *err = gojson_want_object(item, "chaincode.collectionConfigJson");
        rt_reserve(*items, cap, n + 1);
        (*items)[n] = (struct collection_config_json){ 0 };
        for (const struct gojson *m = item->first; !err && m; m = m->next)
            err = set_member(m, &(*items)[n]);
        if (err)
            return err;
        n++;
    }
    *count = n;
    return NULL;
}

static struct rt_error *make_config(
        const struct collection_config_json *c, Common__CollectionConfig **out)
{
    Common__SignaturePolicyEnvelope *envelope;
    struct rt_error *err = cauthdsl_from_string(c->policy, &envelope);
    if (err)
        return rt_error_wrapf(err, "invalid policy %S", c->policy);
    Common__StaticCollectionConfig *config = WIRE_NEW(common__static_collection_config);
    config->name = c->name;
    config->member_orgs_policy = WIRE_NEW(common__collection_policy_config);
    config->member_orgs_policy->payload_case =
            COMMON__COLLECTION_POLICY_CONFIG__PAYLOAD_SIGNATURE_POLICY;
    config->member_orgs_policy->signature_policy = envelope;
    config->required_peer_count = (int32_t)c->required_count;
    config->maximum_peer_count = (int32_t)c->max_peer_count;
    config->block_to_live = c->block_to_live;
    config->member_only_read = c->member_only_read;
    *out = WIRE_NEW(common__collection_config);
    (*out)->payload_case = COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG;
    (*out)->static_collection_config = config;
    return NULL;
}

struct rt_error *client_collection_config_from_bytes(rt_bytes content, rt_bytes *package)
{
    struct gojson *list;
    struct collection_config_json *items = NULL;
    size_t count = 0;
    struct rt_error *err = gojson_unmarshal(content, &list);
    if (!err)
        err = decode(list, &items, &count);
    if (err)
        return rt_error_wrap(err, "could not parse the collection configuration");
    Common__CollectionConfigPackage *made = WIRE_NEW(common__collection_config_package);
    made->config = rt_new_array(Common__CollectionConfig *, count + 1);
    made->n_config = count;
    for (size_t i = 0; i < count; i++) {
        err = make_config(&items[i], &made->config[i]);
        if (err)
            return err;
    }
    return WIRE_MARSHAL(made, package);
}

struct rt_error *client_collections(rt_str file, rt_bytes content, rt_bytes *package)
{
    return rt_error_wrapf(client_collection_config_from_bytes(content, package),
            "invalid collection configuration in file %S", file);
}

struct rt_error *client_policy(rt_str text, rt_bytes *policy)
{
    Common__SignaturePolicyEnvelope *envelope;
    if (cauthdsl_from_string(text, &envelope))
        return rt_errorf("invalid policy %S", text);
    *policy = cauthdsl_marshal(envelope);
    return NULL;
}
