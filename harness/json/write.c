/* Writing JSON, and texts that need not be UTF-8. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/json/json.h"

static char *dump(const json_t *value, size_t flags)
{
    char *text = json_dumps(value, flags | JSON_ENCODE_ANY);
    if (!text)
        abort();
    return text;
}

char *json_text(const json_t *value)
{
    return dump(value, JSON_INDENT(2));
}

char *json_line(const json_t *value)
{
    return dump(value, JSON_COMPACT);
}

bool json_write(const char *path, const json_t *value)
{
    char *text = json_text(value);
    size_t len = strlen(text);
    text[len++] = '\n'; /* in the place of the NUL byte, which file_write() does not need */
    bool ok = file_write(path, text, len);
    free(text);
    return ok;
}

/* Length of the well-formed UTF-8 sequence at p, 0 if there is none. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    unsigned char c = p[0];
    if (c < 0x80)
        return 1;
    size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) || (c == 0xf0 && p[1] < 0x90) ||
            (c == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

json_t *json_text_value(const void *data, size_t len)
{
    const unsigned char *p = data;
    unsigned char *clean = mem_alloc(3 * len + 1);
    size_t used = 0;
    for (size_t i = 0; i < len;) {
        size_t n = utf8_length(p + i, len - i);
        memcpy(clean + used, n ? p + i : (const unsigned char *)"\xef\xbf\xbd", n ? n : 3);
        used += n ? n : 3;
        i += n ? n : 1;
    }
    json_t *value = json_stringn((char *)clean, used);
    free(clean);
    return value;
}

json_t *json_hex_value(const void *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = data;
    char *hex = mem_alloc(2 * len + 1);
    for (size_t i = 0; i < len; i++) {
        hex[2 * i] = digits[p[i] >> 4];
        hex[2 * i + 1] = digits[p[i] & 15];
    }
    json_t *value = json_stringn_nocheck(hex, 2 * len);
    free(hex);
    return value;
}

json_t *json_hash_value(uint64_t hash)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%016" PRIx64, hash);
    return json_string(digits);
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool json_unhex(const json_t *value, unsigned char **data, size_t *len)
{
    size_t n = json_string_length(value);
    const char *hex = json_string_value(value);
    if (!hex || n % 2 != 0)
        return false;
    *data = mem_alloc(n / 2 + 1);
    *len = n / 2;
    for (size_t i = 0; i < *len; i++) {
        int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            free(*data);
            return false;
        }
        (*data)[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}
