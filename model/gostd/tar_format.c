/* Follows allowedFormats of archive/tar/common.go of Go. */
#include "model/gostd/tar_format.h"

#include "model/rt/arena.h"

enum { NAME_SIZE = 100, PREFIX_SIZE = 155 };

/* The zero time is the first of January of the year 1. */
static const int64_t zero_time_seconds = -62135596800;

bool tar_fits_in_octal(size_t size, int64_t value)
{
    return value >= 0 && (size >= 22 || value < (int64_t)1 << (size - 1) * 3);
}

bool tar_fits_in_base256(size_t size, int64_t value)
{
    if (size >= 9)
        return true;
    int64_t limit = (int64_t)1 << (size - 1) * 8;
    return value >= -limit && value < limit;
}

bool tar_time_is_zero(struct tar_time time)
{
    return !time.set || (time.seconds == zero_time_seconds && time.nanoseconds == 0);
}

bool tar_split_ustar_path(rt_str name, rt_str *prefix, rt_str *suffix)
{
    size_t length = name.len;
    if (length <= NAME_SIZE || !tar_is_ascii(name))
        return false;
    if (length > PREFIX_SIZE + 1)
        length = PREFIX_SIZE + 1;
    else if (name.data[length - 1] == '/')
        length--;
    ptrdiff_t slash = rt_str_last_index(rt_str_slice(name, 0, length), RT_STR("/"));
    size_t suffix_len = name.len - (size_t)(slash + 1);
    if (slash <= 0 || suffix_len > NAME_SIZE || suffix_len == 0 || slash > PREFIX_SIZE)
        return false;
    *prefix = rt_str_slice(name, 0, (size_t)slash);
    *suffix = rt_str_slice(name, (size_t)slash + 1, name.len);
    return true;
}

struct check {
    const struct tar_header *h;
    int format;
    struct rt_map *records;
    rt_str why_no_ustar, why_no_pax, why_no_gnu, why_only_pax;
    bool prefer_pax;
};

static void put(struct check *c, rt_str key, rt_str value)
{
    rt_str *copy = rt_new(rt_str);
    *copy = value;
    rt_map_put(c->records, key, copy);
}

/* A record that came with the header stays if it says the same. */
static void keep_equal(struct check *c, const char *key, rt_str value)
{
    const rt_str *record = key ? rt_map_get(c->h->pax_records, rt_str_from(key)) : NULL;
    if (record && rt_str_eq(*record, value))
        put(c, rt_str_from(key), value);
}

/* The value needs PAX; `key` is NULL if PAX has no record for it. */
static void need_pax(struct check *c, const char *key, rt_str value, rt_str what)
{
    if (!key) {
        c->why_no_pax = rt_sprintf("PAX cannot encode %S", what);
        c->format &= ~TAR_FORMAT_PAX;
    } else {
        put(c, rt_str_from(key), value);
    }
}

static void no_ustar(struct check *c, rt_str what)
{
    c->why_no_ustar = rt_sprintf("USTAR cannot encode %S", what);
    c->format &= ~TAR_FORMAT_USTAR;
}

static void no_gnu(struct check *c, rt_str what)
{
    c->why_no_gnu = rt_sprintf("GNU cannot encode %S", what);
    c->format &= ~TAR_FORMAT_GNU;
}

static void check_string(struct check *c, rt_str s, size_t size, const char *name, const char *key)
{
    bool too_long = s.len > size;
    bool is_path = strcmp(key, "path") == 0;
    bool gnu_long = is_path || strcmp(key, "linkpath") == 0;
    if ((s.len > 0 && memchr(s.data, 0, s.len)) || (too_long && !gnu_long))
        no_gnu(c, rt_sprintf("%s=%q", name, s));
    if (!tar_is_ascii(s) || too_long) {
        rt_str prefix, suffix;
        if (!is_path || !tar_split_ustar_path(s, &prefix, &suffix))
            no_ustar(c, rt_sprintf("%s=%q", name, s));
        need_pax(c, key, s, RT_STR(""));
    }
    keep_equal(c, key, s);
}

static void check_number(struct check *c, int64_t n, size_t size, const char *name, const char *key)
{
    rt_str text = rt_sprintf("%lld", (long long)n);
    rt_str what = rt_sprintf("%s=%S", name, text);
    if (!tar_fits_in_base256(size, n))
        no_gnu(c, what);
    if (!tar_fits_in_octal(size, n)) {
        no_ustar(c, what);
        need_pax(c, key, text, what);
    }
    keep_equal(c, key, text);
}

/* formatPAXTime. */
static rt_str pax_time(struct tar_time t)
{
    if (t.nanoseconds == 0)
        return rt_sprintf("%lld", (long long)t.seconds);
    bool negative = t.seconds < 0;
    int64_t seconds = negative ? -(t.seconds + 1) : t.seconds;
    int64_t nanoseconds = negative ? 1000000000 - t.nanoseconds : t.nanoseconds;
    char digits[10] = "000000000";
    for (size_t i = 9; i-- > 0; nanoseconds /= 10)
        digits[i] = (char)('0' + nanoseconds % 10);
    size_t len = 9;
    while (len > 0 && digits[len - 1] == '0')
        len--;
    return rt_sprintf("%s%lld.%S", negative ? "-" : "", (long long)seconds,
            rt_str_dup(rt_bytes_from(digits, len)));
}

static void check_time(struct check *c, struct tar_time t, const char *name, const char *key)
{
    if (tar_time_is_zero(t))
        return;
    bool is_mtime = strcmp(key, "mtime") == 0;
    bool fits = tar_fits_in_octal(12, t.seconds);
    rt_str text = pax_time(t);
    if (!is_mtime || !fits)
        no_ustar(c, rt_sprintf("%s=%S", name, text));
    if (!is_mtime || !fits || t.nanoseconds != 0) {
        c->prefer_pax = true;
        put(c, rt_str_from(key), text);
    }
    keep_equal(c, key, text);
}

static void check_fields(struct check *c)
{
    const struct tar_header *h = c->h;
    check_string(c, h->name, 100, "Name", "path");
    check_string(c, h->linkname, 100, "Linkname", "linkpath");
    check_string(c, h->uname, 32, "Uname", "uname");
    check_string(c, h->gname, 32, "Gname", "gname");
    check_number(c, h->mode, 8, "Mode", NULL);
    check_number(c, h->uid, 8, "Uid", "uid");
    check_number(c, h->gid, 8, "Gid", "gid");
    check_number(c, h->size, 12, "Size", "size");
    check_number(c, h->devmajor, 8, "Devmajor", NULL);
    check_number(c, h->devminor, 8, "Devminor", NULL);
    check_time(c, h->mod_time, "ModTime", "mtime");
    check_time(c, h->access_time, "AccessTime", "atime");
    check_time(c, h->change_time, "ChangeTime", "ctime");
}

static bool is_basic_key(rt_str key)
{
    static const char *const basic[] = { "path", "linkpath", "size", "uid", "gid", "uname", "gname",
        "mtime", "atime", "ctime" };
    for (size_t i = 0; i < sizeof basic / sizeof *basic; i++)
        if (rt_str_is(key, basic[i]))
            return true;
    return false;
}

static void add_own_records(struct check *c)
{
    const struct rt_map *own = c->h->pax_records;
    const struct rt_map_entry *entries = rt_map_sorted(own);
    bool global = c->h->typeflag == 'g';
    if (rt_map_len(own) == 0)
        return;
    for (size_t i = 0; i < rt_map_len(own); i++) {
        rt_str key = entries[i].key, value = *(const rt_str *)entries[i].value;
        bool xattr = rt_str_has_prefix(key, RT_STR("SCHILY.xattr.")) && value.len > 0;
        bool other = !is_basic_key(key) && !rt_str_has_prefix(key, RT_STR("GNU.sparse."));
        if (!rt_map_has(c->records, key) && (global || other || xattr))
            put(c, key, value);
    }
    c->why_only_pax = RT_STR("only PAX supports PAXRecords");
    c->format &= TAR_FORMAT_PAX;
}

static struct rt_error *cannot_encode(const rt_str *reasons, size_t count)
{
    struct rt_buf out = { 0 };
    rt_buf_putz(&out, "archive/tar: cannot encode header");
    bool first = true;
    for (size_t i = 0; i < count; i++) {
        if (reasons[i].len == 0)
            continue;
        rt_buf_putz(&out, first ? ": " : "; and ");
        rt_buf_put_str(&out, reasons[i]);
        first = false;
    }
    return rt_error_new(rt_buf_str(&out));
}

static struct rt_error *no_format(const struct check *c)
{
    rt_str reasons[5] = { c->why_no_ustar, c->why_no_pax, c->why_no_gnu, c->why_only_pax,
        RT_STR("") };
    switch (c->h->format) {
    case TAR_FORMAT_USTAR:
        reasons[0] = RT_STR("Format specifies USTAR");
        reasons[1] = c->why_no_ustar;
        reasons[2] = c->why_only_pax;
        return cannot_encode(reasons, 3);
    case TAR_FORMAT_PAX:
        reasons[0] = RT_STR("Format specifies PAX");
        return cannot_encode(reasons, 2);
    case TAR_FORMAT_GNU:
        reasons[0] = RT_STR("Format specifies GNU");
        reasons[1] = c->why_no_gnu;
        reasons[2] = c->why_only_pax;
        return cannot_encode(reasons, 3);
    default:
        return cannot_encode(reasons, 5);
    }
}

static struct rt_error *check_type(struct check *c)
{
    rt_str reason = RT_STR("");
    switch (c->h->typeflag) {
    case '0':
    case '3':
    case '4':
    case '6':
    case 'S':
        if (rt_str_has_suffix(c->h->name, RT_STR("/")))
            reason = RT_STR("filename may not have trailing slash");
        break;
    case 'x':
    case 'L':
    case 'K':
        reason = RT_STR(
                "cannot manually encode TypeXHeader, TypeGNULongName, or TypeGNULongLink headers");
        break;
    case 'g': /* a reader gives global headers nothing but their records */
        c->why_only_pax = RT_STR("only PAX supports TypeXGlobalHeader");
        c->format &= TAR_FORMAT_PAX;
        break;
    default:
        break;
    }
    if (reason.len == 0 && !tar_is_header_only(c->h->typeflag) && c->h->size < 0)
        reason = RT_STR("negative size on header-only type");
    return reason.len > 0 ? cannot_encode(&reason, 1) : NULL;
}

struct rt_error *tar_allowed_formats(
        const struct tar_header *h, int *formats, struct rt_map **records)
{
    struct check c = { .h = h, .format = TAR_FORMAT_USTAR | TAR_FORMAT_PAX | TAR_FORMAT_GNU };
    c.records = rt_map_new();
    *formats = TAR_FORMAT_UNKNOWN;
    *records = c.records;
    check_fields(&c);
    struct rt_error *err = check_type(&c);
    if (err)
        return err;
    add_own_records(&c);
    const struct rt_map_entry *entries = rt_map_sorted(c.records);
    for (size_t i = 0; i < rt_map_len(c.records); i++) {
        rt_str value = *(const rt_str *)entries[i].value;
        if (!tar_valid_pax_record(entries[i].key, value)) {
            rt_str pair = rt_sprintf("%S = %S", entries[i].key, value);
            rt_str reason = rt_sprintf("invalid PAX record: %q", pair);
            return cannot_encode(&reason, 1);
        }
    }
    if (h->format != TAR_FORMAT_UNKNOWN) {
        int want = h->format;
        if ((want & TAR_FORMAT_PAX) && !c.prefer_pax)
            want |= TAR_FORMAT_USTAR;
        c.format &= want;
    }
    *formats = c.format;
    return c.format == TAR_FORMAT_UNKNOWN ? no_format(&c) : NULL;
}
