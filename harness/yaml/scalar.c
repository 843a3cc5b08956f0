/* Follows resolve.go of yaml.v2. */
#include "harness/yaml/scalar.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"

#define NO_NUMBERS ".nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF"
#define TAG "tag:yaml.org,2002:"

static bool is_one_of(const char *text, const char *words)
{
    size_t len = strlen(text);
    for (const char *at = words; len > 0 && (at = strstr(at, text)); at += len)
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == 0))
            return true;
    return false;
}

/* Words that stand for something else; NULL: none. */
static json_t *word_value(const char *text)
{
    if (is_one_of(text, "y Y yes Yes YES true True TRUE on On ON"))
        return json_true();
    if (is_one_of(text, "n N no No NO false False FALSE off Off OFF"))
        return json_false();
    if (!*text || is_one_of(text, "~ null Null NULL"))
        return json_null();
    return NULL;
}

/* strconv.ParseInt, else ParseUint. What only the latter takes wraps around in Go's casts, and is
 * true to none: so it is the text that they make of it. */
static json_t *int_value(const char *digits, int base, bool negative)
{
    if (!isalnum((unsigned char)*digits))
        return NULL;
    char *end;
    errno = 0;
    unsigned long long n = strtoull(digits, &end, base);
    if (*end || errno || (negative && n > (unsigned long long)INT64_MAX + 1))
        return NULL;
    json_int_t wrapped = (json_int_t)(negative ? 0 - n : n);
    return negative || wrapped >= 0 ? json_integer(wrapped)
                                    : json_sprintf("%" JSON_INTEGER_FORMAT, wrapped);
}

/* Base 0: 0x and a leading 0 are prefixes; 0b is one, too. */
static json_t *based_int(const char *plain)
{
    bool sign = *plain == '-' || *plain == '+', negative = *plain == '-';
    const char *digits = plain + sign;
    bool prefix = digits[0] == '0' && digits[1];
    int kind = prefix ? tolower((unsigned char)digits[1]) : 0;
    if (kind == 'x')
        return isxdigit((unsigned char)digits[2]) ? int_value(digits + 2, 16, negative) : NULL;
    if (kind == 'b')
        return int_value(digits + 2, 2, negative);
    return int_value(digits, prefix ? 8 : 10, negative);
}

/* ^[-+]?[0-9]*\.?[0-9]+([eE][-+][0-9]+)?$ */
static bool is_yaml_float(const char *s)
{
    s += *s == '-' || *s == '+';
    size_t whole = strspn(s, "0123456789");
    s += whole;
    if (*s == '.') {
        s++;
        whole = strspn(s, "0123456789");
        s += whole;
    }
    if (whole == 0)
        return false;
    if (*s == 'e' || *s == 'E') {
        if (s[1] != '-' && s[1] != '+')
            return false;
        s += 2;
        whole = strspn(s, "0123456789");
        s += whole;
    }
    return whole > 0 && !*s;
}

static json_t *float_value(const char *text)
{
    errno = 0;
    double value = strtod(text, NULL);
    return __builtin_isfinite(value) && errno != ERANGE ? json_real(value) : NULL;
}

/* What begins with a digit or a sign; NULL: a string. */
static json_t *number_value(const char *text, size_t len)
{
    char *plain = mem_alloc(len + 1), *to = plain;
    for (size_t i = 0; i < len; i++)
        if (text[i] != '_')
            *to++ = text[i];
    json_t *value = based_int(plain);
    if (!value && is_yaml_float(plain))
        value = float_value(plain);
    free(plain);
    return value;
}

/* What begins with a dot: what strconv.ParseFloat takes. */
static json_t *dotted_value(const char *text)
{
    const char *end = text + 1 + strspn(text + 1, "0123456789");
    if (end == text + 1)
        return NULL;
    if (*end == 'e' || *end == 'E') {
        end += 1 + (end[1] == '-' || end[1] == '+');
        if (!isdigit((unsigned char)*end))
            return NULL;
        end += strspn(end, "0123456789");
    }
    return *end ? NULL : float_value(text);
}

static json_t *plain_value(const char *text, size_t len)
{
    json_t *value = strlen(text) == len ? word_value(text) : NULL;
    if (!value && (isdigit((unsigned char)*text) || *text == '-' || *text == '+'))
        value = number_value(text, len);
    else if (!value && *text == '.')
        value = dotted_value(text);
    return value ? value : json_stringn(text, len);
}

/* The tag that a value has of itself. */
static const char *tag_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_TRUE:
    case JSON_FALSE:
        return TAG "bool";
    case JSON_INTEGER:
        return TAG "int";
    case JSON_REAL:
        return TAG "float";
    case JSON_NULL:
        return TAG "null";
    default:
        return TAG "str";
    }
}

static json_t *tagged_value(const char *tag, const char *text, size_t len, const char **problem)
{
    json_t *value = plain_value(text, len);
    if (strcmp(tag_of(value), tag) == 0)
        return value;
    if (strcmp(tag, TAG "float") == 0 && json_is_integer(value)) {
        json_t *real = json_real((double)json_integer_value(value));
        json_decref(value);
        return real;
    }
    json_decref(value);
    *problem = "the value is not what its tag says";
    return NULL;
}

json_t *yaml_scalar(const char *tag, bool plain, const char *text, size_t len, const char **problem)
{
    static const char *const known[] = { TAG "bool", TAG "int", TAG "float", TAG "null", NULL };
    *problem = "the value is no UTF-8";
    for (size_t i = 0; tag && known[i]; i++)
        if (strcmp(tag, known[i]) == 0)
            return tagged_value(tag, text, len, problem);
    if (tag && strcmp(tag, TAG "binary") == 0) {
        *problem = "binary values mean nothing here";
        return NULL;
    }
    if (tag || !plain)
        return json_stringn(text, len);
    if (is_one_of(text, NO_NUMBERS)) {
        *problem = "what is no finite number means nothing here";
        return NULL;
    }
    return plain_value(text, len);
}

char *yaml_key_text(const json_t *value, const char *text, size_t len)
{
    switch (json_typeof(value)) {
    case JSON_TRUE:
        return mem_string("true");
    case JSON_FALSE:
        return mem_string("false");
    case JSON_NULL:
        return mem_string("");
    case JSON_INTEGER:
        return mem_format("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    default:
        return mem_string_of(text, len);
    }
}
