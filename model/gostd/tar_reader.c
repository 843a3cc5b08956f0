/* Follows archive/tar/reader.go of Go. */
#include "model/gostd/tar.h"

#include "model/gostd/tar_fields.h"
#include "model/rt/arena.h"

enum { MAX_SPECIAL_FILE = 1 << 20, DISCARD_STEP = 16384 };

static const char sparse_map_key[] = "GNU.sparse.map";

/* ---- the source ---- */

static size_t source_read(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err)
{
    if (tr->gzip)
        return gzip_read(tr->gzip, out, len, err);
    size_t have = (size_t)(tr->end - tr->p);
    size_t n = have < len ? have : len;
    *err = n == 0 && len > 0 ? rt_eof : NULL;
    if (n > 0)
        memcpy(out, tr->p, n);
    tr->p += n;
    return n;
}

size_t tar_source_read_full(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err)
{
    size_t n = 0;
    *err = NULL;
    while (n < len && !*err)
        n += source_read(tr, out + n, len - n, err);
    if (n == len && *err == rt_eof)
        *err = NULL;
    return n;
}

/* regFileReader.Read. */
static size_t stored_read(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err)
{
    size_t n = 0;
    *err = NULL;
    if ((uint64_t)len > (uint64_t)tr->remaining)
        len = (size_t)tr->remaining;
    if (len > 0) {
        n = source_read(tr, out, len, err);
        tr->remaining -= (int64_t)n;
    }
    if (*err == rt_eof && tr->remaining > 0)
        *err = rt_err_unexpected_eof;
    else if (!*err && tr->remaining == 0)
        *err = rt_eof;
    return n;
}

size_t tar_stored_read_full(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err)
{
    size_t n = 0;
    *err = NULL;
    while (n < len && !*err)
        n += stored_read(tr, out + n, len - n, err);
    if (n == len && *err == rt_eof)
        *err = NULL;
    return n;
}

/* io.ReadFull of one block. */
static struct rt_error *read_block(struct tar_reader *tr)
{
    struct rt_error *err;
    size_t n = tar_source_read_full(tr, tr->block, TAR_BLOCK, &err);
    if (n == TAR_BLOCK)
        return NULL;
    return err == rt_eof && n > 0 ? rt_err_unexpected_eof : err;
}

static struct rt_error *discard_remaining(struct tar_reader *tr)
{
    uint8_t scratch[DISCARD_STEP];
    if (!tr->gzip) {
        int64_t have = tr->end - tr->p;
        if (tr->remaining > have) {
            tr->p = tr->end;
            return rt_err_unexpected_eof;
        }
        tr->p += tr->remaining;
        tr->remaining = 0;
    }
    while (tr->remaining > 0) {
        struct rt_error *err;
        size_t step = tr->remaining < DISCARD_STEP ? (size_t)tr->remaining : DISCARD_STEP;
        size_t n = tar_source_read_full(tr, scratch, step, &err);
        tr->remaining -= (int64_t)n;
        if (n < step)
            return err == rt_eof ? rt_err_unexpected_eof : err;
    }
    return NULL;
}

void tar_reader_open(struct tar_reader *tr, rt_bytes in)
{
    *tr = (struct tar_reader){ .p = in.data, .end = in.len > 0 ? in.data + in.len : in.data };
}

void tar_reader_open_gzip(struct tar_reader *tr, struct gzip_reader *gzip)
{
    *tr = (struct tar_reader){ .gzip = gzip };
}

/* ---- header blocks ---- */

static bool is_zero(const uint8_t *block)
{
    static const uint8_t zero[TAR_BLOCK];
    return memcmp(block, zero, TAR_BLOCK) == 0;
}

static struct tar_time unix_time(int64_t seconds)
{
    return (struct tar_time){ .set = true, .seconds = seconds };
}

/* USTAR and PAX: the block's format is only certain if it keeps to the letter. */
static int strict_format(const uint8_t *b, int format)
{
    static const uint16_t numeric_ends[] = { 107, 115, 123, 135, 147, 336, 344 };
    for (size_t i = 0; i < TAR_BLOCK; i++)
        if (b[i] >= 0x80)
            return TAR_FORMAT_UNKNOWN;
    for (size_t i = 0; i < sizeof numeric_ends / sizeof *numeric_ends; i++)
        if (b[numeric_ends[i]] != 0)
            return TAR_FORMAT_UNKNOWN;
    return format;
}

/* Times of a GNU header; what does not parse as such is taken for a header with a USTAR prefix. */
static rt_str read_gnu(const uint8_t *b, struct tar_header *h)
{
    struct tar_parser p = { 0 };
    h->format = TAR_FORMAT_GNU;
    if (b[345] != 0)
        h->access_time = unix_time(tar_parse_numeric(&p, b + 345, 12));
    if (b[357] != 0)
        h->change_time = unix_time(tar_parse_numeric(&p, b + 357, 12));
    if (!p.err)
        return RT_STR("");
    h->access_time = h->change_time = (struct tar_time){ 0 };
    h->format = TAR_FORMAT_UNKNOWN;
    rt_str prefix = tar_parse_string(b + 345, 155);
    return tar_is_ascii(prefix) ? prefix : RT_STR("");
}

static void read_extended(const uint8_t *b, int format, struct tar_parser *p, struct tar_header *h)
{
    rt_str prefix;
    h->uname = tar_parse_string(b + 265, 32);
    h->gname = tar_parse_string(b + 297, 32);
    h->devmajor = tar_parse_numeric(p, b + 329, 8);
    h->devminor = tar_parse_numeric(p, b + 337, 8);
    if (format & (TAR_FORMAT_USTAR | TAR_FORMAT_PAX)) {
        prefix = tar_parse_string(b + 345, 155);
        h->format = strict_format(b, format);
    } else if (format & TAR_FORMAT_STAR) {
        prefix = tar_parse_string(b + 345, 131);
        h->access_time = unix_time(tar_parse_numeric(p, b + 476, 12));
        h->change_time = unix_time(tar_parse_numeric(p, b + 488, 12));
    } else {
        prefix = read_gnu(b, h);
    }
    if (prefix.len > 0)
        h->name = rt_sprintf("%S/%S", prefix, h->name);
}

/* Tar.readHeader: rt_eof at the end of the archive. */
static struct rt_error *read_header(struct tar_reader *tr, struct tar_header *h)
{
    const uint8_t *b = tr->block;
    struct tar_parser p = { 0 };
    *h = (struct tar_header){ 0 };
    struct rt_error *err = read_block(tr);
    if (err)
        return err;
    if (is_zero(b)) {
        err = read_block(tr);
        if (err)
            return err;
        return is_zero(b) ? rt_eof : tar_err_header;
    }
    int format = tar_block_format(b);
    if (format == TAR_FORMAT_UNKNOWN)
        return tar_err_header;
    h->typeflag = b[156];
    h->name = tar_parse_string(b, 100);
    h->linkname = tar_parse_string(b + 157, 100);
    h->size = tar_parse_numeric(&p, b + 124, 12);
    h->mode = tar_parse_numeric(&p, b + 100, 8);
    h->uid = tar_parse_numeric(&p, b + 108, 8);
    h->gid = tar_parse_numeric(&p, b + 116, 8);
    h->mod_time = unix_time(tar_parse_numeric(&p, b + 136, 12));
    if (format > TAR_FORMAT_V7)
        read_extended(b, format, &p, h);
    return p.err;
}

/* ---- extended headers ---- */

static struct rt_error *read_special_file(struct tar_reader *tr, rt_bytes *content)
{
    struct rt_buf buf = { 0 };
    struct rt_error *err = NULL;
    uint8_t chunk[4096];
    while (!err && buf.len <= MAX_SPECIAL_FILE)
        rt_buf_put(&buf, chunk, stored_read(tr, chunk, sizeof chunk, &err));
    *content = rt_buf_str(&buf);
    if (content->len > MAX_SPECIAL_FILE)
        return rt_errorf("archive/tar: header field too long");
    return err == rt_eof ? NULL : err;
}

/* parsePAXRecord: takes one record off *s. */
static bool parse_pax_record(rt_str *s, rt_str *key, rt_str *value)
{
    int64_t n;
    ptrdiff_t space = rt_str_index(*s, RT_STR(" "));
    if (space < 0 || !tar_parse_int(rt_str_slice(*s, 0, (size_t)space), &n) || n < 5 ||
            n > (int64_t)s->len || n <= space + 1)
        return false;
    if (s->data[n - 1] != '\n')
        return false;
    rt_str record = rt_str_slice(*s, (size_t)space + 1, (size_t)n - 1);
    *s = rt_str_slice(*s, (size_t)n, s->len);
    ptrdiff_t equals = rt_str_index(record, RT_STR("="));
    if (equals < 0)
        return false;
    *key = rt_str_slice(record, 0, (size_t)equals);
    *value = rt_str_slice(record, (size_t)equals + 1, record.len);
    return tar_valid_pax_record(*key, *value);
}

static void put_record(struct rt_map *records, rt_str key, rt_str value)
{
    rt_str *copy = rt_new(rt_str);
    *copy = value;
    rt_map_put(records, key, copy);
}

/* parsePAX; offsets and lengths of the 0.0 sparse format are gathered into one record. */
static struct rt_error *parse_pax(struct tar_reader *tr, struct rt_map **records)
{
    rt_bytes content;
    struct rt_buf sparse = { 0 };
    size_t sparse_count = 0;
    struct rt_error *err = read_special_file(tr, &content);
    if (err)
        return err;
    *records = rt_map_new();
    while (content.len > 0) {
        rt_str key, value;
        if (!parse_pax_record(&content, &key, &value))
            return tar_err_header;
        bool offset = rt_str_is(key, "GNU.sparse.offset");
        if (!offset && !rt_str_is(key, "GNU.sparse.numbytes")) {
            put_record(*records, key, value);
            continue;
        }
        if (offset != (sparse_count % 2 == 0) || rt_str_contains(value, RT_STR(",")))
            return tar_err_header;
        if (sparse_count++ > 0)
            rt_buf_putz(&sparse, ",");
        rt_buf_put_str(&sparse, value);
    }
    if (sparse_count > 0)
        put_record(*records, rt_str_from(sparse_map_key), rt_buf_str(&sparse));
    return NULL;
}

static bool merge_record(struct tar_header *h, rt_str key, rt_str value)
{
    if (rt_str_is(key, "path"))
        h->name = value;
    else if (rt_str_is(key, "linkpath"))
        h->linkname = value;
    else if (rt_str_is(key, "uname"))
        h->uname = value;
    else if (rt_str_is(key, "gname"))
        h->gname = value;
    else if (rt_str_is(key, "uid"))
        return tar_parse_int(value, &h->uid);
    else if (rt_str_is(key, "gid"))
        return tar_parse_int(value, &h->gid);
    else if (rt_str_is(key, "size"))
        return tar_parse_int(value, &h->size);
    else if (rt_str_is(key, "atime"))
        return tar_parse_pax_time(value, &h->access_time);
    else if (rt_str_is(key, "mtime"))
        return tar_parse_pax_time(value, &h->mod_time);
    else if (rt_str_is(key, "ctime"))
        return tar_parse_pax_time(value, &h->change_time);
    return true;
}

/* Go walks its map in any order and stops at the first bad record; a global header keeps what came
 * before. */
static struct rt_error *merge_pax(struct tar_header *h, struct rt_map *records)
{
    const struct rt_map_entry *entries = rt_map_range(records);
    for (size_t i = 0; i < rt_map_len(records); i++) {
        rt_str value = *(const rt_str *)entries[i].value;
        if (value.len > 0 && !merge_record(h, entries[i].key, value))
            return tar_err_header;
    }
    h->pax_records = records;
    return NULL;
}

/* ---- entries ---- */

static struct rt_error *handle_regular_file(struct tar_reader *tr, const struct tar_header *h)
{
    int64_t size = tar_is_header_only(h->typeflag) ? 0 : h->size;
    if (size < 0)
        return tar_err_header;
    tr->pad = tar_padding(size);
    tr->remaining = size;
    tr->holes = NULL;
    return NULL;
}

static struct rt_error *finish_entry(struct tar_reader *tr)
{
    struct rt_error *err = discard_remaining(tr);
    if (err)
        return err;
    (void)tar_source_read_full(tr, tr->block, (size_t)tr->pad, &err);
    tr->pad = 0;
    return err;
}

/* What meta headers said about the entry that follows them. */
struct meta {
    struct rt_map *pax;
    rt_str long_name;
    rt_str long_link;
    int format;
};

static struct rt_error *complete_entry(
        struct tar_reader *tr, const struct meta *meta, struct tar_header *h)
{
    struct rt_error *err = merge_pax(h, meta->pax);
    if (err)
        return err;
    if (meta->long_name.len > 0)
        h->name = meta->long_name;
    if (meta->long_link.len > 0)
        h->linkname = meta->long_link;
    if (h->typeflag == 0)
        h->typeflag = rt_str_has_suffix(h->name, RT_STR("/")) ? '5' : '0';
    err = handle_regular_file(tr, h);
    if (!err)
        err = tar_handle_sparse_file(tr, h);
    int format = meta->format;
    if ((format & TAR_FORMAT_USTAR) && (format & TAR_FORMAT_PAX))
        format &= TAR_FORMAT_USTAR;
    h->format = format;
    return err;
}

/* A global header is an entry of its own; what is wrong in its records does not matter. */
static void complete_global(struct tar_header *h, const struct meta *meta)
{
    (void)merge_pax(h, meta->pax);
    *h = (struct tar_header){ .typeflag = h->typeflag,
        .name = h->name,
        .pax_records = h->pax_records,
        .format = meta->format };
}

static struct rt_error *read_long_name(struct tar_reader *tr, rt_str *name)
{
    rt_bytes content;
    struct rt_error *err = read_special_file(tr, &content);
    if (!err)
        *name = content.len > 0 ? tar_parse_string(content.data, content.len) : RT_STR("");
    return err;
}

static struct rt_error *next(struct tar_reader *tr, struct tar_header *h)
{
    struct meta meta = { .format = TAR_FORMAT_USTAR | TAR_FORMAT_PAX | TAR_FORMAT_GNU };
    for (;;) {
        struct rt_error *err = finish_entry(tr);
        if (!err)
            err = read_header(tr, h);
        if (!err)
            err = handle_regular_file(tr, h);
        if (err)
            return err;
        meta.format &= h->format;
        switch (h->typeflag) {
        case 'x':
        case 'g':
            meta.format &= TAR_FORMAT_PAX;
            err = parse_pax(tr, &meta.pax);
            if (!err && h->typeflag == 'g') {
                complete_global(h, &meta);
                return NULL;
            }
            break;
        case 'L':
            meta.format &= TAR_FORMAT_GNU;
            err = read_long_name(tr, &meta.long_name);
            break;
        case 'K':
            meta.format &= TAR_FORMAT_GNU;
            err = read_long_name(tr, &meta.long_link);
            break;
        default:
            return complete_entry(tr, &meta, h);
        }
        if (err)
            return err;
    }
}

struct rt_error *tar_reader_next(struct tar_reader *tr, struct tar_header *header)
{
    if (!tr->err)
        tr->err = next(tr, header);
    return tr->err;
}

size_t tar_reader_read(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err)
{
    *err = tr->err;
    if (tr->err)
        return 0;
    size_t n = tr->holes ? tar_sparse_read(tr, out, len, err) : stored_read(tr, out, len, err);
    if (*err && *err != rt_eof)
        tr->err = *err;
    return n;
}

struct rt_error *tar_reader_read_all(struct tar_reader *tr, rt_bytes *content)
{
    struct rt_buf buf = { 0 };
    struct rt_error *err = NULL;
    uint8_t chunk[4096];
    while (!err)
        rt_buf_put(&buf, chunk, tar_reader_read(tr, chunk, sizeof chunk, &err));
    *content = rt_buf_str(&buf);
    return err == rt_eof ? NULL : err;
}
