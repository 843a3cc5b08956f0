/* Follows Go's crypto/x509/parser.go: names and times. */
#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"

/* ---- strings ---- */

static bool is_printable(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c >= '\'' && c <= ')') || (c >= '+' && c <= '/') || c == ' ' || c == ':' || c == '=' ||
           c == '?' || c == '*' || c == '&';
}

/* A BMPString, read as UTF-16, in UTF-8. A terminating zero is dropped. */
static rt_str bmp_to_utf8(rt_bytes value)
{
    if (value.len >= 2 && value.data[value.len - 1] == 0 && value.data[value.len - 2] == 0)
        value.len -= 2;
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < value.len; i += 2) {
        uint32_t c = (uint32_t)value.data[i] << 8 | value.data[i + 1];
        if (c >= 0xd800 && c < 0xe000) {
            uint32_t low = 0;
            if (c < 0xdc00 && i + 3 < value.len)
                low = (uint32_t)value.data[i + 2] << 8 | value.data[i + 3];
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
                i += 2;
            } else {
                c = RT_RUNE_ERROR;
            }
        }
        rt_buf_put_rune(&buf, c);
    }
    return rt_buf_str(&buf);
}

bool x509_is_ia5(rt_bytes s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] > 0x7f)
            return false;
    }
    return true;
}

/* parseASN1String: what is wrong with the value, or NULL and its text. */
static const char *parse_string(uint8_t tag, rt_bytes value, rt_str *out)
{
    *out = value;
    switch (tag) {
    case DER_T61_STRING:
        return NULL;
    case DER_PRINTABLE_STRING:
        for (size_t i = 0; i < value.len; i++) {
            if (!is_printable(value.data[i]))
                return "invalid PrintableString";
        }
        return NULL;
    case DER_UTF8_STRING:
        return rt_str_utf8_valid(value) ? NULL : "invalid UTF-8 string";
    case DER_BMP_STRING:
        if (value.len % 2 != 0)
            return "invalid BMPString";
        *out = bmp_to_utf8(value);
        return NULL;
    case DER_IA5_STRING:
        return x509_is_ia5(value) ? NULL : "invalid IA5String";
    case DER_NUMERIC_STRING:
        for (size_t i = 0; i < value.len; i++) {
            if (value.data[i] != ' ' && (value.data[i] < '0' || value.data[i] > '9'))
                return "invalid NumericString";
        }
        return NULL;
    default:
        return rt_cstr(rt_sprintf("unsupported string type: %u", (unsigned)tag));
    }
}

/* ---- names ---- */

struct units {
    rt_str *items;
    size_t count, cap;
};

static struct rt_error *parse_attribute(der_string *set, struct units *units)
{
    static const rt_bytes unit_oid = RT_STR_INIT("\x55\x04\x0b");
    der_string attribute;
    rt_bytes oid, value;
    uint8_t tag;
    if (!der_read(set, &attribute, DER_SEQUENCE))
        return rt_errorf("x509: invalid RDNSequence: invalid attribute");
    if (!der_read_oid(&attribute, &oid))
        return rt_errorf("x509: invalid RDNSequence: invalid attribute type");
    if (!der_read_any(&attribute, &value, &tag, false))
        return rt_errorf("x509: invalid RDNSequence: invalid attribute value");
    rt_str text;
    const char *problem = parse_string(tag, value, &text);
    if (problem)
        return rt_errorf("x509: invalid RDNSequence: invalid attribute value: %s", problem);
    if (!rt_str_eq(oid, unit_oid))
        return NULL;
    rt_reserve(units->items, units->cap, units->count + 1);
    units->items[units->count++] = text;
    return NULL;
}

struct rt_error *x509_parse_name(rt_bytes raw, rt_str **out, size_t *count)
{
    struct units units = { 0 };
    der_string names;
    if (!der_read(&raw, &names, DER_SEQUENCE))
        return rt_errorf("x509: invalid RDNSequence");
    while (names.len > 0) {
        der_string set;
        if (!der_read(&names, &set, DER_SET))
            return rt_errorf("x509: invalid RDNSequence");
        while (set.len > 0) {
            struct rt_error *err = parse_attribute(&set, &units);
            if (err)
                return err;
        }
    }
    *out = units.items;
    *count = units.count;
    return NULL;
}

/* ---- times ---- */

/* Two digits at *at, within limits; moves *at on. */
static bool two_digits(rt_bytes s, size_t *at, int min, int max, int *out)
{
    if (*at + 2 > s.len)
        return false;
    uint8_t tens = s.data[*at], ones = s.data[*at + 1];
    if (tens < '0' || tens > '9' || ones < '0' || ones > '9')
        return false;
    *at += 2;
    *out = (tens - '0') * 10 + (ones - '0');
    return *out >= min && *out <= max;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t days_from_civil(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return (int64_t)era * 146097 + day_of_era - 719468;
}

struct x509_date x509_date_of(int64_t seconds)
{
    int64_t days = seconds / 86400, of_day = seconds % 86400;
    if (of_day < 0) {
        of_day += 86400;
        days--;
    }
    /* civil from days, with years that begin in March */
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct x509_date){
        .year = (int)(yoe + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(of_day / 3600),
        .minute = (int)(of_day / 60 % 60),
        .second = (int)(of_day % 60),
    };
}

static int days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* The zone: Z, or an offset other than zero in full hours and minutes (seconds east in *offset). */
static bool parse_zone(rt_bytes s, size_t at, int *offset)
{
    *offset = 0;
    if (at + 1 == s.len)
        return s.data[at] == 'Z';
    if (at + 5 != s.len || (s.data[at] != '+' && s.data[at] != '-'))
        return false;
    bool east = s.data[at++] == '+';
    int hours, minutes;
    if (!two_digits(s, &at, 0, 99, &hours) || !two_digits(s, &at, 0, 59, &minutes))
        return false;
    *offset = (hours * 60 + minutes) * 60;
    if (!east)
        *offset = -*offset;
    return *offset != 0;
}

/* time.Parse with the layouts of ASN.1, and only what formats to the same text again. */
static bool parse_time(rt_bytes s, bool utc_time, bool with_seconds, int64_t *seconds)
{
    size_t at = 0;
    int year, month, day, hour, minute, second = 0, offset;
    if (utc_time) {
        if (!two_digits(s, &at, 0, 99, &year))
            return false;
        year += year >= 69 ? 1900 : 2000;
    } else {
        int century;
        if (!two_digits(s, &at, 0, 99, &century) || !two_digits(s, &at, 0, 99, &year))
            return false;
        year += century * 100;
    }
    if (!two_digits(s, &at, 1, 12, &month) || !two_digits(s, &at, 1, 31, &day) ||
            !two_digits(s, &at, 0, 23, &hour) || !two_digits(s, &at, 0, 59, &minute) ||
            (with_seconds && !two_digits(s, &at, 0, 59, &second)) || !parse_zone(s, at, &offset))
        return false;
    if (day > days_in_month(year, month))
        return false;
    if (utc_time && year >= 2050)
        year -= 100;
    int64_t days = days_from_civil(year, month, day);
    *seconds = days * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60 + second - offset;
    return true;
}

struct rt_error *x509_parse_time(der_string *s, int64_t *seconds)
{
    rt_bytes text;
    if (der_peek(*s, DER_UTC_TIME)) {
        if (!der_read(s, &text, DER_UTC_TIME) ||
                (!parse_time(text, true, true, seconds) && !parse_time(text, true, false, seconds)))
            return rt_errorf("x509: malformed UTCTime");
        return NULL;
    }
    if (der_peek(*s, DER_GENERALIZED_TIME)) {
        if (!der_read(s, &text, DER_GENERALIZED_TIME) || !parse_time(text, false, true, seconds))
            return rt_errorf("x509: malformed GeneralizedTime");
        return NULL;
    }
    return rt_errorf("x509: unsupported time format");
}
