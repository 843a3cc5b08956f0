/* Follows the sparse formats of archive/tar/reader.go of Go: old GNU, and PAX 0.0, 0.1 and 1.0. */
#include "model/gostd/tar.h"
#include "model/gostd/tar_fields.h"
#include "model/rt/arena.h"

struct entries {
    struct tar_sparse_entry *at;
    size_t count;
    size_t cap;
};

static void add(struct entries *e, int64_t offset, int64_t length)
{
    rt_reserve(e->at, e->cap, e->count + 1);
    e->at[e->count++] = (struct tar_sparse_entry){ offset, length };
}

/* ---- old GNU ---- */

static struct rt_error *must_read_block(struct tar_reader *tr, bool stored, uint8_t *block)
{
    struct rt_error *err;
    if (stored)
        (void)tar_stored_read_full(tr, block, TAR_BLOCK, &err);
    else
        (void)tar_source_read_full(tr, block, TAR_BLOCK, &err);
    return err == rt_eof ? rt_err_unexpected_eof : err;
}

static struct rt_error *read_old_gnu(struct tar_reader *tr, struct tar_header *h, struct entries *e)
{
    struct tar_parser p = { 0 };
    if (tar_block_format(tr->block) != TAR_FORMAT_GNU)
        return tar_err_header;
    h->format &= TAR_FORMAT_GNU;
    h->size = tar_parse_numeric(&p, tr->block + 483, 12);
    if (p.err)
        return p.err;
    const uint8_t *array = tr->block + 386;
    for (size_t max = 4;; max = 21) {
        for (size_t i = 0; i < max && array[i * 24] != 0; i++) {
            int64_t offset = tar_parse_numeric(&p, array + i * 24, 12);
            int64_t length = tar_parse_numeric(&p, array + i * 24 + 12, 12);
            if (p.err)
                return p.err;
            add(e, offset, length);
        }
        if (array[24 * max] == 0)
            return NULL;
        struct rt_error *err = must_read_block(tr, false, tr->block);
        if (err)
            return err;
        array = tr->block;
    }
}

/* ---- PAX ---- */

static rt_str record(const struct tar_header *h, const char *key)
{
    const rt_str *value = rt_map_get(h->pax_records, rt_str_from(key));
    return value ? *value : RT_STR("");
}

/* Decimal numbers, one a line, in blocks in front of the data. */
struct tokens {
    struct tar_reader *tr;
    struct rt_buf buf;
    size_t at;
    int64_t newlines;
};

static struct rt_error *feed(struct tokens *t, int64_t lines)
{
    while (t->newlines < lines) {
        uint8_t block[TAR_BLOCK];
        struct rt_error *err = must_read_block(t->tr, true, block);
        if (err)
            return err;
        rt_buf_put(&t->buf, block, TAR_BLOCK);
        for (size_t i = 0; i < TAR_BLOCK; i++)
            t->newlines += block[i] == '\n';
    }
    return NULL;
}

static bool next_number(struct tokens *t, int64_t *value)
{
    size_t from = t->at;
    while (t->at < t->buf.len && t->buf.data[t->at] != '\n')
        t->at++;
    rt_str token = rt_bytes_from(t->buf.data + from, t->at - from);
    if (t->at < t->buf.len)
        t->at++;
    t->newlines--;
    return tar_parse_int(token, value);
}

static bool bad_count(int64_t count)
{
    return count < 0 || count > INT64_MAX / 2;
}

static struct rt_error *read_1x0(struct tar_reader *tr, struct entries *e)
{
    struct tokens t = { .tr = tr };
    int64_t count;
    struct rt_error *err = feed(&t, 1);
    if (err)
        return err;
    if (!next_number(&t, &count) || bad_count(count))
        return tar_err_header;
    err = feed(&t, 2 * count);
    if (err)
        return err;
    for (int64_t i = 0; i < count; i++) {
        int64_t offset, length;
        bool ok = next_number(&t, &offset);
        if (!next_number(&t, &length) || !ok)
            return tar_err_header;
        add(e, offset, length);
    }
    return NULL;
}

static struct rt_error *read_0x1(const struct tar_header *h, struct entries *e)
{
    int64_t count;
    if (!tar_parse_int(record(h, "GNU.sparse.numblocks"), &count) || bad_count(count))
        return tar_err_header;
    size_t parts_count;
    rt_str map = record(h, "GNU.sparse.map");
    rt_str *parts = rt_str_split(map, RT_STR(","), &parts_count);
    if (parts_count == 1 && parts[0].len == 0)
        parts_count = 0;
    if ((int64_t)parts_count != 2 * count)
        return tar_err_header;
    for (size_t i = 0; i < parts_count; i += 2) {
        int64_t offset, length;
        if (!tar_parse_int(parts[i], &offset) || !tar_parse_int(parts[i + 1], &length))
            return tar_err_header;
        add(e, offset, length);
    }
    return NULL;
}

/* *sparse tells whether the entry is sparse at all. */
static struct rt_error *read_pax(
        struct tar_reader *tr, struct tar_header *h, struct entries *e, bool *sparse)
{
    rt_str major = record(h, "GNU.sparse.major"), minor = record(h, "GNU.sparse.minor");
    bool is_1x0 = rt_str_is(major, "1") && rt_str_is(minor, "0");
    bool is_0x = rt_str_is(major, "0") && (rt_str_is(minor, "0") || rt_str_is(minor, "1"));
    bool unnumbered = major.len == 0 && minor.len == 0 && record(h, "GNU.sparse.map").len > 0;
    *sparse = is_1x0 || is_0x || unnumbered;
    if (!*sparse)
        return NULL;
    h->format &= TAR_FORMAT_PAX;
    rt_str name = record(h, "GNU.sparse.name");
    if (name.len > 0)
        h->name = name;
    rt_str size = record(h, "GNU.sparse.size");
    if (size.len == 0)
        size = record(h, "GNU.sparse.realsize");
    if (size.len > 0 && !tar_parse_int(size, &h->size))
        return tar_err_header;
    return is_1x0 ? read_1x0(tr, e) : read_0x1(h, e);
}

/* ---- holes ---- */

static bool valid(const struct entries *e, int64_t size)
{
    int64_t end = 0;
    if (size < 0)
        return false;
    for (size_t i = 0; i < e->count; i++) {
        struct tar_sparse_entry s = e->at[i];
        if (s.offset < 0 || s.length < 0 || s.offset > INT64_MAX - s.length ||
                s.offset + s.length > size || end > s.offset)
            return false;
        end = s.offset + s.length;
    }
    return true;
}

/* invertSparseEntries: the holes between data, always with one at the end, which may be empty. */
static struct entries invert(const struct entries *data, int64_t size)
{
    struct entries holes = { 0 };
    int64_t at = 0;
    for (size_t i = 0; i < data->count; i++) {
        struct tar_sparse_entry s = data->at[i];
        if (s.length == 0)
            continue;
        if (s.offset > at)
            add(&holes, at, s.offset - at);
        at = s.offset + s.length;
    }
    add(&holes, at, size - at);
    return holes;
}

struct rt_error *tar_handle_sparse_file(struct tar_reader *tr, struct tar_header *h)
{
    struct entries data = { 0 };
    bool sparse = true;
    struct rt_error *err =
            h->typeflag == 'S' ? read_old_gnu(tr, h, &data) : read_pax(tr, h, &data, &sparse);
    if (err || !sparse)
        return err;
    if (tar_is_header_only(h->typeflag) || !valid(&data, h->size))
        return tar_err_header;
    struct entries holes = invert(&data, h->size);
    tr->holes = holes.at;
    tr->hole_count = holes.count;
    tr->position = 0;
    return NULL;
}

static int64_t hole_end(const struct tar_sparse_entry *hole)
{
    return hole->offset + hole->length;
}

static int64_t logical_remaining(const struct tar_reader *tr)
{
    return hole_end(&tr->holes[tr->hole_count - 1]) - tr->position;
}

/* One piece of data or of a hole, up to `len` bytes. */
static size_t read_piece(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err)
{
    const struct tar_sparse_entry *hole = &tr->holes[0];
    bool data = tr->position < hole->offset;
    int64_t piece = (data ? hole->offset : hole_end(hole)) - tr->position;
    size_t want = (uint64_t)piece < len ? (size_t)piece : len;
    size_t n = want;
    if (data)
        n = tar_stored_read_full(tr, out, want, err);
    else
        memset(out, 0, want);
    tr->position += (int64_t)n;
    if (tr->position >= hole_end(hole) && tr->hole_count > 1) {
        tr->holes++;
        tr->hole_count--;
    }
    return n;
}

size_t tar_sparse_read(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err)
{
    size_t n = 0;
    bool finished = (uint64_t)len >= (uint64_t)logical_remaining(tr);
    if (finished)
        len = (size_t)logical_remaining(tr);
    *err = NULL;
    while (n < len && !*err)
        n += read_piece(tr, out + n, len - n, err);
    if (*err == rt_eof)
        *err = rt_errorf("archive/tar: sparse file references non-existent data");
    else if (!*err && logical_remaining(tr) == 0 && tr->remaining > 0)
        *err = rt_errorf("archive/tar: sparse file contains unreferenced data");
    else if (!*err && finished)
        *err = rt_eof;
    return n;
}
