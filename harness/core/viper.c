/* Follows viper.go and cast's caste.go. */
#include "harness/core/viper.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/core/duration.h"
#include "model/rt/arena.h"

/* ---- values ---- */

struct viper_value viper_of(const struct json_node *node)
{
    struct viper_value value = { .decided = true, .node = node };
    const json_t *json = node->value;
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        value.kind = VIPER_MAP;
        break;
    case JSON_ARRAY:
        value.kind = VIPER_LIST;
        break;
    case JSON_STRING:
        value.kind = VIPER_TEXT;
        value.text = rt_bytes_dup(json_string_value(json), json_string_length(json));
        break;
    case JSON_INTEGER:
        value.kind = VIPER_INT;
        value.number = json_integer_value(json);
        break;
    case JSON_REAL:
        value.kind = VIPER_REAL;
        value.real = json_real_value(json);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        value.kind = VIPER_BOOL;
        value.number = json_is_true(json);
        break;
    case JSON_NULL:
        break;
    }
    return value;
}

/* ---- the environment ---- */

rt_str viper_env_name(const char *key)
{
    struct rt_buf name = { 0 };
    rt_buf_putz(&name, "CORE_");
    for (; *key; key++)
        rt_buf_put_byte(&name, *key == '.' ? '_' : (uint8_t)toupper((unsigned char)*key));
    return rt_buf_str(&name);
}

/* An empty variable is as good as none. */
static struct viper_value find_env(const struct viper *v, const char *key)
{
    const struct json_node *node =
            v->env ? json_member(v->env, rt_cstr(viper_env_name(key))) : NULL;
    struct viper_value value = { 0 };
    if (!node)
        return value;
    rt_str text = viper_text(viper_of(node));
    if (text.len == 0)
        return value;
    return (struct viper_value){
        .kind = VIPER_TEXT, .decided = true, .from_env = true, .node = node, .text = text
    };
}

/* ---- Get ---- */

/* A first name is found in any case; it may be a whole key with dots in it. */
static const struct json_node *find_first(const struct viper *v, const char *name, size_t len)
{
    const struct json_node *found = NULL;
    for (const struct json_node *n = v->root ? v->root->child : NULL; n; n = n->next)
        if (strlen(n->key) == len && strncasecmp(n->key, name, len) == 0)
            found = n;
    return found;
}

/* searchMap: a value that is no map ends the search, however much of the path is left. */
static const struct json_node *search(const struct json_node *node, const char *path)
{
    while (*path && node && json_is_object(node->value)) {
        size_t len = strcspn(path, ".");
        const struct json_node *child = node->child;
        while (child && (strlen(child->key) != len || strncmp(child->key, path, len) != 0))
            child = child->next;
        node = child;
        path += len + (path[len] == '.');
    }
    return node;
}

struct viper_value viper_get(const struct viper *v, const char *key)
{
    size_t len = strcspn(key, ".");
    struct viper_value value = find_env(v, key);
    if (value.decided)
        return value;
    const struct json_node *node = find_first(v, key, strlen(key));
    if (node && !json_is_null(node->value))
        return viper_of(node);
    if (find_env(v, rt_cstr(rt_bytes_from(key, len))).decided)
        return (struct viper_value){ .decided = true };
    const struct json_node *section = find_first(v, key, len);
    if (!section)
        return value;
    if (!json_is_object(section->value))
        return (struct viper_value){ .decided = true, .node = section };
    node = search(section, key[len] ? key + len + 1 : "");
    return node ? viper_of(node) : value;
}

/* ---- casts ---- */

/* strconv.FormatFloat(value, 'f', -1, 64): the shortest digits that read back as the value, and
 * zeros up to the point. */
static rt_str real_text(double value)
{
    char text[40];
    int precision = 0;
    do
        snprintf(text, sizeof(text), "%.*e", precision, value);
    while (strtod(text, NULL) != value && precision++ < 17);
    struct rt_buf out = { 0 };
    const char *digits = text + (text[0] == '-');
    int point = atoi(strchr(text, 'e') + 1) + 1; /* digits before it */
    if (text[0] == '-')
        rt_buf_put_byte(&out, '-');
    if (point <= 0)
        rt_buf_putz(&out, "0.");
    for (int zeros = point; zeros < 0; zeros++)
        rt_buf_put_byte(&out, '0');
    for (int i = 0; i <= precision || i < point; i++) {
        if (i == point && i > 0)
            rt_buf_put_byte(&out, '.');
        rt_buf_put_byte(&out, i > precision ? '0' : (uint8_t)digits[i + (i > 0)]);
    }
    return rt_buf_str(&out);
}

rt_str viper_text(struct viper_value value)
{
    switch (value.kind) {
    case VIPER_TEXT:
        return value.text;
    case VIPER_BOOL:
        return value.number ? RT_STR("true") : RT_STR("false");
    case VIPER_INT:
        return rt_sprintf("%lld", (long long)value.number);
    case VIPER_REAL:
        return real_text(value.real);
    default:
        return RT_STR("");
    }
}

/* strconv.ParseBool, without its error. */
static bool parse_bool(rt_str text)
{
    static const char *const words[] = { "1", "t", "T", "true", "TRUE", "True", NULL };
    for (size_t i = 0; words[i]; i++)
        if (rt_str_is(text, words[i]))
            return true;
    return false;
}

bool viper_bool(struct viper_value value)
{
    if (value.kind == VIPER_TEXT)
        return parse_bool(value.text);
    return (value.kind == VIPER_BOOL || value.kind == VIPER_INT) && value.number != 0;
}

/* Digits and underscores as strconv's base 0 wants them since Go 1.13 are read without these, as
 * in the Go of the release. */
static int64_t parse_int(rt_str text)
{
    const char *s = rt_cstr(text), *digits = s + (*s == '-' || *s == '+');
    bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    char *end;
    if (strlen(s) != text.len || !isxdigit((unsigned char)digits[hex ? 2 : 0]))
        return 0;
    errno = 0;
    long long n = strtoll(s, &end, 0);
    return *end || errno ? 0 : n;
}

static int64_t truncated(double value)
{
    return value >= -9223372036854775808.0 && value < 9223372036854775808.0 ? (int64_t)value
                                                                            : INT64_MIN;
}

int64_t viper_int(struct viper_value value)
{
    switch (value.kind) {
    case VIPER_TEXT:
        return parse_int(value.text);
    case VIPER_BOOL:
    case VIPER_INT:
        return value.number;
    case VIPER_REAL:
        return truncated(value.real);
    default:
        return 0;
    }
}

int64_t viper_duration(struct viper_value value)
{
    int64_t ns = 0;
    if (value.kind == VIPER_INT)
        return value.number;
    if (value.kind == VIPER_REAL)
        return truncated(value.real);
    if (value.kind != VIPER_TEXT)
        return 0;
    const char *text = rt_cstr(value.text);
    bool has_unit = strpbrk(text, "nsumh") || strstr(text, "\xc2\xb5");
    rt_str whole = has_unit ? value.text : rt_sprintf("%Sns", value.text);
    return duration_parse(whole, &ns) ? ns : 0;
}

/* strings.Fields. */
static rt_str *fields_of(rt_str text, size_t *count)
{
    rt_str *fields = rt_new_array(rt_str, text.len / 2 + 1);
    *count = 0;
    for (size_t i = 0; i < text.len;) {
        size_t from = i;
        while (i < text.len && !isspace(text.data[i]))
            i++;
        if (i > from)
            fields[(*count)++] = rt_str_slice(text, from, i);
        i += i == from || i < text.len;
    }
    return fields;
}

rt_str *viper_texts(struct viper_value value, size_t *count)
{
    *count = 0;
    if (value.kind == VIPER_TEXT)
        return fields_of(value.text, count);
    if (value.kind == VIPER_NIL || value.kind == VIPER_MAP)
        return NULL;
    if (value.kind != VIPER_LIST) {
        rt_str *one = rt_new(rt_str);
        *one = viper_text(value);
        *count = 1;
        return one;
    }
    rt_str *texts = rt_new_array(rt_str, json_array_size(value.node->value) + 1);
    for (const struct json_node *n = value.node->child; n; n = n->next)
        texts[(*count)++] = viper_text(viper_of(n));
    return texts;
}

/* ---- one configuration over another ---- */

static struct json_node *copy_of(const struct json_node *node)
{
    struct json_node *copy = rt_new(struct json_node);
    *copy = *node;
    copy->next = NULL;
    return copy;
}

static struct json_node *merge(const struct json_node *old, const struct json_node *change)
{
    struct json_node *merged = copy_of(change);
    if (!json_is_object(change->value))
        return merged;
    struct json_node **link = &merged->child;
    const struct json_node *members = old && json_is_object(old->value) ? old->child : NULL;
    *link = NULL;
    for (const struct json_node *n = members; n; n = n->next) {
        const struct json_node *other = json_member(change, n->key);
        if (other && json_is_null(other->value))
            continue;
        *link = other ? merge(n, other) : copy_of(n);
        link = &(*link)->next;
    }
    for (const struct json_node *n = change->child; n; n = n->next) {
        if (json_is_null(n->value) || (members && json_member(old, n->key)))
            continue;
        *link = merge(NULL, n);
        link = &(*link)->next;
    }
    return merged;
}

const struct json_node *viper_merge(const struct json_node *config, const struct json_node *changes)
{
    if (!config || !changes)
        return config ? config : changes;
    return merge(config, changes);
}
