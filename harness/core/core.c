/* From keys to settings, key by key as the peer reads them. */
#include "harness/core/core.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/core/check.h"
#include "harness/core/keys.h"
#include "harness/core/viper.h"
#include "model/gostd/hostport.h"
#include "model/gostd/paths.h"
#include "model/rt/arena.h"

#define SECOND_NS 1000000000

struct applying {
    const struct core_source *from;
    struct viper viper;
    struct world_peer *to;
    bool ok;
};

/* ---- single kinds ---- */

/* ParseDockerfileTemplate, of the release for amd64. */
static rt_str image_of(rt_str text)
{
    static const struct {
        const char *name;
        const char *value;
    } words[] = {
        { "$(ARCH)", "amd64" },
        { "$(PROJECT_VERSION)", "1.4.2" },
        { "$(BASE_VERSION)", "0.4.15" },
        { "$(DOCKER_NS)", "hyperledger" },
        { "$(BASE_DOCKER_NS)", "hyperledger" },
    };
    struct rt_buf image = { 0 };
    while (text.len > 0) {
        size_t i = 0;
        while (i < 5 && !rt_str_has_prefix(text, rt_str_from(words[i].name)))
            i++;
        if (i < 5)
            rt_buf_putz(&image, words[i].value);
        else
            rt_buf_put_byte(&image, text.data[0]);
        text = rt_str_slice(text, i < 5 ? strlen(words[i].name) : 1, text.len);
    }
    return image.len > 0 ? rt_buf_str(&image) : RT_STR("");
}

static void wrong(struct applying *a, struct viper_value value, const char *what)
{
    struct diag_place place = core_place(a->from, value.node);
    diag_at(place, "%s", what);
    a->ok = false;
}

/* Milliseconds of a timeout that has its least value already. */
static int64_t timeout_ms(struct applying *a, struct viper_value value, int64_t ns)
{
    if (ns % 1000000 != 0)
        wrong(a, value, "timeouts are whole milliseconds here");
    return ns / 1000000;
}

static int64_t startup_ms(struct applying *a, struct viper_value value)
{
    int64_t ns = viper_duration(value);
    return timeout_ms(a, value, ns < 5 * (int64_t)SECOND_NS ? 5 * (int64_t)SECOND_NS : ns);
}

static int64_t execute_ms(struct applying *a, struct viper_value value)
{
    int64_t ns = viper_duration(value);
    return timeout_ms(a, value, ns < SECOND_NS ? 30 * (int64_t)SECOND_NS : ns);
}

static int64_t duration_ms(struct applying *a, struct viper_value value)
{
    int64_t ns = viper_duration(value);
    if (ns < 0)
        wrong(a, value, "this time is at least 0 here");
    return timeout_ms(a, value, ns);
}

/* toSeconds: strconv.Atoi, or 0; what is not positive is off. */
static int64_t keepalive_ms(struct applying *a, struct viper_value value)
{
    rt_str text = viper_text(value);
    int64_t seconds = 0;
    size_t sign = text.len > 0 && (text.data[0] == '+' || text.data[0] == '-');
    for (size_t i = sign; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9' ||
                __builtin_mul_overflow(seconds, 10, &seconds) ||
                __builtin_add_overflow(seconds, text.data[i] - '0', &seconds))
            return 0;
    if (text.len > 0 && text.data[0] == '-')
        return 0;
    if (seconds > INT64_MAX / SECOND_NS)
        wrong(a, value, "a keep-alive is at most 9223372036 seconds here");
    return seconds > INT64_MAX / SECOND_NS ? 0 : seconds * 1000;
}

/* A path that does not begin at the root is relative to the folder of core.yaml, which is taken to
 * be the usual one. */
static rt_str packages_path(rt_str root)
{
    if (root.len == 0)
        return RT_STR("chaincodes");
    if (root.data[0] != '/')
        root = rt_sprintf("/etc/hyperledger/fabric/%S", root);
    return path_clean(rt_sprintf("%S/chaincodes", root));
}

/* ---- maps ---- */

static bool is_enabled(rt_str word)
{
    return rt_str_is(word, "enable") || rt_str_is(word, "true") || rt_str_is(word, "yes");
}

/* Those that a peer registers, in its order; others are named and do not exist. */
static const char *const registered[] = { "lscc", "cscc", "qscc", "+lifecycle", NULL };

static bool has_system(const struct world_peer *peer, const char *name)
{
    for (size_t i = 0; i < peer->system_chaincode_count; i++)
        if (rt_str_is(peer->system_chaincodes[i], name))
            return true;
    return false;
}

/* GetStringMapString: a map, or JSON text of one with strings; false without such a member. */
static bool system_word(struct viper_value map, const json_t *json, const char *name, rt_str *word)
{
    const struct json_node *node = map.kind == VIPER_MAP ? json_member(map.node, name) : NULL;
    const json_t *string = json ? json_object_get(json, name) : NULL;
    if (node)
        *word = viper_text(viper_of(node));
    else if (json_is_string(string))
        *word = rt_str_from(json_string_value(string));
    return node || json_is_string(string);
}

static void apply_system(struct applying *a, struct viper_value value)
{
    bool changes = value.kind == VIPER_MAP && !a->from->file;
    json_t *json = value.kind == VIPER_TEXT
                           ? json_loadb((const char *)value.text.data, value.text.len, 0, NULL)
                           : NULL;
    rt_str *names = rt_new_array(rt_str, 5);
    size_t count = 0;
    for (size_t i = 0; registered[i]; i++) {
        rt_str word;
        bool given = system_word(value, json, registered[i], &word);
        if (given ? is_enabled(word) : changes && has_system(a->to, registered[i]))
            names[count++] = rt_str_from(registered[i]);
    }
    json_decref(json);
    a->to->system_chaincodes = names;
    a->to->system_chaincode_count = count;
}

/* mapstructure finds fields in any case. */
static const struct json_node *field_of(const struct json_node *map, const char *name)
{
    const struct json_node *found = json_member(map, name);
    for (const struct json_node *n = map->child; n && !found; n = n->next)
        if (strcasecmp(n->key, name) == 0)
            found = n;
    return found;
}

static int compare_options(const void *a, const void *b)
{
    return rt_str_cmp(((const struct host_config_log_option *)a)->name,
            ((const struct host_config_log_option *)b)->name);
}

/* A map of strings; what is none is dropped, with a warning. */
static void apply_log_options(struct applying *a, const struct json_node *map)
{
    struct docker_host_config *host = &a->to->host_config;
    if (!json_is_object(map->value))
        return;
    size_t count = 0;
    host->log_options =
            rt_new_array(struct host_config_log_option, json_object_size(map->value) + 1);
    host->log_option_count = 0;
    for (const struct json_node *n = map->child; n; n = n->next) {
        struct viper_value value = viper_of(n);
        if (value.kind != VIPER_TEXT && value.kind != VIPER_NIL) {
            diag_at(core_place(a->from, n),
                    "an option of LogConfig is no string: the peer drops it");
            continue;
        }
        host->log_options[count++] =
                (struct host_config_log_option){ rt_str_dup(rt_str_from(n->key)),
                    viper_text(value) };
    }
    host->log_option_count = count;
    if (count > 0)
        qsort(host->log_options, count, sizeof(*host->log_options), compare_options);
}

static void apply_log_config(struct applying *a, struct viper_value value)
{
    struct docker_host_config *host = &a->to->host_config;
    if (a->from->file || value.kind != VIPER_MAP) {
        host->log_type = RT_STR("");
        host->log_option_count = 0;
    }
    if (value.kind != VIPER_MAP)
        return;
    const struct json_node *type = field_of(value.node, "Type");
    const struct json_node *options = field_of(value.node, "Config");
    if (type && viper_of(type).kind == VIPER_TEXT)
        host->log_type = viper_text(viper_of(type));
    if (options)
        apply_log_options(a, options);
}

/* ---- all kinds ---- */

static void apply_value(struct applying *a, const struct core_key *key, struct viper_value value)
{
    char *at = (char *)a->to + key->offset;
    rt_str text = viper_text(value);
    switch (key->kind) {
    case CORE_TEXT:
        *(rt_str *)(void *)at = text;
        break;
    case CORE_IMAGE:
        *(rt_str *)(void *)at = image_of(text);
        break;
    case CORE_NETWORK:
        *(rt_str *)(void *)at = text.len > 0 ? text : RT_STR("host");
        break;
    case CORE_ROOT_PATH:
        *(rt_str *)(void *)at = packages_path(text);
        break;
    case CORE_BOOL:
        *(bool *)at = viper_bool(value);
        break;
    case CORE_MODE:
        *(bool *)at = rt_str_is(text, "dev");
        break;
    case CORE_INT:
        *(int64_t *)(void *)at = viper_int(value);
        break;
    case CORE_START_TIME:
        *(int64_t *)(void *)at = startup_ms(a, value);
        break;
    case CORE_EXECUTE_TIME:
        *(int64_t *)(void *)at = execute_ms(a, value);
        break;
    case CORE_DURATION:
        *(int64_t *)(void *)at = duration_ms(a, value);
        break;
    case CORE_KEEPALIVE:
        *(int64_t *)(void *)at = keepalive_ms(a, value);
        break;
    case CORE_TEXTS: {
        struct host_config_strings *list = (void *)at;
        list->items = viper_texts(value, &list->count);
        break;
    }
    case CORE_SYSTEM:
        apply_system(a, value);
        break;
    case CORE_LOG_CONFIG:
        apply_log_config(a, value);
        break;
    case CORE_MSP_PATH:    /* see core_msp_path() */
    case CORE_AUTO_DETECT: /* see core_find_address() */
        break;
    }
}

/* A key and a member of the same world's peer that say the same thing. */
static void check_twice(struct applying *a, const struct core_key *key, struct viper_value value)
{
    const struct json_node *member =
            a->from->peer && value.node ? json_member(a->from->peer, key->member) : NULL;
    if (!member)
        return;
    diag_at(core_place(a->from, value.node), "%s is said by \"%s\" of \"peer\", too", key->path,
            key->member);
    a->ok = false;
}

bool core_apply(const struct core_source *from, struct world_peer *to)
{
    struct applying a = { .from = from, .to = to, .ok = true };
    const struct json_node *file = from->file ? from->file->root : NULL;
    a.viper = (struct viper){ viper_merge(file, from->keys), from->env };
    a.ok = core_check(from);
    for (const struct core_key *key = core_keys; a.ok && key->path; key++) {
        struct viper_value value = viper_get(&a.viper, key->path);
        if (!value.decided && !from->file)
            continue;
        apply_value(&a, key, value);
        if (!from->file || value.from_env)
            check_twice(&a, key, value);
    }
    return a.ok;
}

rt_str core_msp_path(const struct core_source *from, struct diag_place *place)
{
    const struct json_node *file = from->file ? from->file->root : NULL;
    const struct viper viper = { viper_merge(file, from->keys), from->env };
    struct viper_value value = viper_get(&viper, "peer.mspConfigPath");
    *place = core_place(from, value.node);
    return viper_text(value);
}

static bool no_peer(const struct core_source *from, struct viper_value value, rt_str why)
{
    diag_at(core_place(from, value.node), "the peer would not start: %s", rt_cstr(why));
    return false;
}

bool core_find_address(const struct core_source *from, struct world_peer *to)
{
    const struct json_node *file = from->file ? from->file->root : NULL;
    const struct viper viper = { viper_merge(file, from->keys), from->env };
    struct viper_value address = viper_get(&viper, "peer.address");
    struct viper_value automatic = viper_get(&viper, "peer.addressAutoDetect");
    rt_str host, port;
    if (!address.decided && !automatic.decided && !from->file)
        return true;
    if (to->address.len == 0)
        return no_peer(from, address, RT_STR("peer.address isn't set"));
    if (net_split_host_port(to->address, &host, &port))
        return no_peer(from, address,
                rt_sprintf("peer.address isn't in host:port format: %S", to->address));
    if (net_is_unspecified(host) || viper_bool(automatic))
        to->address = rt_sprintf("%s:%S", CORE_LOCAL_IP, port);
    return true;
}
