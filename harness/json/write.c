/* Writing JSON, and texts that need not be UTF-8. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/json/json.h"
#include "model/rt/str.h"

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

json_t *json_text_value(const void *data, size_t len)
{
    const unsigned char *p = data;
    unsigned char *clean = mem_alloc(3 * len + 1);
    size_t used = 0;
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        size_t n = rt_utf8_decode(rt_bytes_from(p + i, len - i), &rune);
        bool wrong = rune == RT_RUNE_ERROR && n == 1;
        memcpy(clean + used, wrong ? (const unsigned char *)"\xef\xbf\xbd" : p + i, wrong ? 3 : n);
        used += wrong ? 3 : n;
        i += n;
    }
    json_t *value = json_stringn((char *)clean, used);
    free(clean);
    return value;
}

json_t *json_hex_value(const void *data, size_t len)
{
    const unsigned char *p = data;
    char *hex = mem_alloc(2 * len + 1);
    for (size_t i = 0; i < len; i++) {
        hex[2 * i] = rt_hex_char(p[i] >> 4);
        hex[2 * i + 1] = rt_hex_char(p[i] & 15);
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

bool json_unhex(const json_t *value, unsigned char **data, size_t *len)
{
    size_t n = json_string_length(value);
    const char *hex = json_string_value(value);
    if (!hex || n % 2 != 0)
        return false;
    *data = mem_alloc(n / 2 + 1);
    *len = n / 2;
    for (size_t i = 0; i < *len; i++) {
        int high = rt_hex_digit((uint8_t)hex[2 * i]), low = rt_hex_digit((uint8_t)hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            free(*data);
            return false;
        }
        (*data)[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}
