/* Follows time.ParseDuration. */
#include "harness/core/duration.h"

#include <string.h>

static const struct {
    const char *name;
    int64_t ns;
} units[] = {
    { "ns", 1 },
    { "us", 1000 },
    { "\xc2\xb5s", 1000 }, /* U+00B5, micro */
    { "\xce\xbcs", 1000 }, /* U+03BC, mu */
    { "ms", 1000000 },
    { "s", 1000000000 },
    { "m", 60000000000 },
    { "h", 3600000000000 },
};
enum { UNITS = sizeof(units) / sizeof(*units) };

static bool is_digit(rt_str s)
{
    return s.len > 0 && s.data[0] >= '0' && s.data[0] <= '9';
}

static void skip(rt_str *s, size_t count)
{
    s->data += count;
    s->len -= count;
}

/* leadingInt; false if it is too large. */
static bool take_int(rt_str *s, int64_t *value)
{
    for (*value = 0; is_digit(*s); skip(s, 1))
        if (__builtin_mul_overflow(*value, 10, value) ||
                __builtin_add_overflow(*value, s->data[0] - '0', value))
            return false;
    return true;
}

/* leadingFraction: digits that do not fit any more are dropped. */
static void take_fraction(rt_str *s, int64_t *value, double *scale)
{
    bool full = false;
    *value = 0;
    for (*scale = 1; is_digit(*s); skip(s, 1)) {
        int64_t next;
        full = full || __builtin_mul_overflow(*value, 10, &next) ||
               __builtin_add_overflow(next, s->data[0] - '0', &next);
        if (full)
            continue;
        *value = next;
        *scale *= 10;
    }
}

/* Up to the next dot or digit; 0: unknown. */
static int64_t take_unit(rt_str *s)
{
    size_t len = 0;
    while (len < s->len && s->data[len] != '.' && (s->data[len] < '0' || s->data[len] > '9'))
        len++;
    rt_str name = { len, s->data };
    skip(s, len);
    for (size_t i = 0; i < UNITS; i++)
        if (rt_str_is(name, units[i].name))
            return units[i].ns;
    return 0;
}

/* One number and its unit, added to *total. */
static bool take_part(rt_str *s, int64_t *total)
{
    int64_t whole, fraction = 0, unit;
    double scale = 1;
    size_t before = s->len;
    if (!take_int(s, &whole))
        return false;
    bool has_digits = s->len != before;
    if (s->len > 0 && s->data[0] == '.') {
        skip(s, 1);
        before = s->len;
        take_fraction(s, &fraction, &scale);
        has_digits = has_digits || s->len != before;
    }
    unit = has_digits ? take_unit(s) : 0;
    if (unit == 0 || __builtin_mul_overflow(whole, unit, &whole))
        return false;
    if (fraction > 0)
        whole += (int64_t)((double)fraction * ((double)unit / scale));
    return whole >= 0 && !__builtin_add_overflow(*total, whole, total);
}

bool duration_parse(rt_str text, int64_t *ns)
{
    rt_str s = text;
    bool negative = s.len > 0 && s.data[0] == '-';
    if (s.len > 0 && (s.data[0] == '-' || s.data[0] == '+'))
        skip(&s, 1);
    *ns = 0;
    if (rt_str_is(s, "0"))
        return true;
    if (s.len == 0)
        return false;
    int64_t total = 0;
    while (s.len > 0)
        if (!take_part(&s, &total))
            return false;
    *ns = negative ? -total : total;
    return true;
}
