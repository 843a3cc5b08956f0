/* Follows archive/tar/writer.go of Go, and allowedFormats of common.go. */
#include "model/gostd/paths.h"
#include "model/gostd/tar.h"
#include "model/gostd/tar_format.h"
#include "model/rt/arena.h"

enum { NAME_SIZE = 100, PREFIX_SIZE = 155, MAX_SPECIAL_FILE = 1 << 20 };

static const uint8_t zeros[2 * TAR_BLOCK];

/* ---- fields ---- */

/* formatString: cut to size; a name that was cut does not end in slashes. */
static void put_string(uint8_t *field, size_t size, rt_str s)
{
    size_t n = s.len < size ? s.len : size;
    if (n > 0)
        memcpy(field, s.data, n);
    if (s.len <= size || field[size - 1] != '/')
        return;
    while (n > 0 && field[n - 1] == '/')
        n--;
    field[n] = 0;
}

static void put_octal(uint8_t *field, size_t size, int64_t value)
{
    uint64_t x = tar_fits_in_octal(size, value) ? (uint64_t)value : 0;
    memset(field, '0', size - 1);
    for (size_t i = size - 1; i-- > 0; x >>= 3)
        field[i] = (uint8_t)('0' + (x & 7));
    field[size - 1] = 0;
}

static void put_numeric(uint8_t *field, size_t size, int64_t value)
{
    if (tar_fits_in_octal(size, value) || !tar_fits_in_base256(size, value)) {
        put_octal(field, size, value);
        return;
    }
    for (size_t i = size; i-- > 0; value >>= 8)
        field[i] = (uint8_t)value;
    field[0] |= 0x80;
}

/* toASCII: without the runes that are not. */
static rt_str to_ascii(rt_str s)
{
    struct rt_buf out = { 0 };
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] < 0x80 && s.data[i] != 0)
            rt_buf_put_byte(&out, s.data[i]);
    return rt_buf_str(&out);
}

static void seal(uint8_t *block, int format)
{
    int64_t sum, ignored;
    memcpy(block + 257,
            format == TAR_FORMAT_GNU ? "ustar  "
                                     : "ustar\0"
                                       "00",
            8);
    tar_checksum(block, &sum, &ignored);
    put_octal(block + 148, 7, sum);
    block[155] = ' ';
}

typedef void (*number_format)(uint8_t *field, size_t size, int64_t value);

static void fill(uint8_t *block, const struct tar_header *h, bool ascii, number_format put_number)
{
    int64_t mod_time = tar_time_is_zero(h->mod_time) ? 0 : h->mod_time.seconds;
    memset(block, 0, TAR_BLOCK);
    block[156] = h->typeflag;
    put_string(block, 100, ascii ? to_ascii(h->name) : h->name);
    put_string(block + 157, 100, ascii ? to_ascii(h->linkname) : h->linkname);
    put_number(block + 100, 8, h->mode);
    put_number(block + 108, 8, h->uid);
    put_number(block + 116, 8, h->gid);
    put_number(block + 124, 12, h->size);
    put_number(block + 136, 12, mod_time);
    put_string(block + 265, 32, ascii ? to_ascii(h->uname) : h->uname);
    put_string(block + 297, 32, ascii ? to_ascii(h->gname) : h->gname);
    put_number(block + 329, 8, h->devmajor);
    put_number(block + 337, 8, h->devminor);
}

/* ---- output ---- */

static struct rt_error *flush(struct tar_writer *tw)
{
    if (tw->err)
        return tw->err;
    if (tw->remaining > 0)
        return rt_errorf("archive/tar: missed writing %lld bytes", (long long)tw->remaining);
    rt_buf_put(tw->out, zeros, (size_t)tw->pad);
    tw->pad = 0;
    return NULL;
}

static struct rt_error *put_raw_header(
        struct tar_writer *tw, const uint8_t *block, int64_t size, uint8_t typeflag)
{
    struct rt_error *err = flush(tw);
    if (err)
        return err;
    rt_buf_put(tw->out, block, TAR_BLOCK);
    tw->remaining = tar_is_header_only(typeflag) ? 0 : size;
    tw->pad = tar_padding(tw->remaining);
    return NULL;
}

/* A meta file in front of an entry. */
static struct rt_error *put_raw_file(
        struct tar_writer *tw, rt_str name, rt_str data, uint8_t typeflag, int format)
{
    uint8_t block[TAR_BLOCK] = { 0 };
    name = to_ascii(name);
    if (name.len > NAME_SIZE)
        name = rt_str_slice(name, 0, NAME_SIZE);
    while (name.len > 0 && name.data[name.len - 1] == '/')
        name.len--;
    block[156] = typeflag;
    put_string(block, 100, name);
    put_octal(block + 100, 8, 0);
    put_octal(block + 108, 8, 0);
    put_octal(block + 116, 8, 0);
    put_octal(block + 124, 12, (int64_t)data.len);
    put_octal(block + 136, 12, 0);
    seal(block, format);
    struct rt_error *err = put_raw_header(tw, block, (int64_t)data.len, typeflag);
    return err ? err : tar_writer_write(tw, data.data, data.len);
}

/* ---- headers by format ---- */

static struct rt_error *put_ustar(struct tar_writer *tw, struct tar_header *h)
{
    uint8_t block[TAR_BLOCK];
    rt_str prefix = RT_STR("");
    (void)tar_split_ustar_path(h->name, &prefix, &h->name);
    fill(block, h, false, put_octal);
    put_string(block + 345, PREFIX_SIZE, prefix);
    seal(block, TAR_FORMAT_USTAR);
    return put_raw_header(tw, block, h->size, h->typeflag);
}

/* formatPAXRecord: the length counts its own digits. */
static void put_pax_record(struct rt_buf *out, rt_str key, rt_str value)
{
    size_t rest = key.len + value.len + 3, size = rest;
    for (size_t before = 0; before != size;) {
        before = size;
        size = rest + rt_sprintf("%zu", before).len;
    }
    rt_buf_printf(out, "%zu %S=%S\n", size, key, value);
}

static struct rt_error *put_pax(
        struct tar_writer *tw, struct tar_header *h, const struct rt_map *records)
{
    bool global = h->typeflag == 'g';
    uint8_t block[TAR_BLOCK];
    if (rt_map_len(records) > 0 || global) {
        struct rt_buf data = { 0 };
        const struct rt_map_entry *entries = rt_map_sorted(records);
        for (size_t i = 0; i < rt_map_len(records); i++)
            put_pax_record(&data, entries[i].key, *(const rt_str *)entries[i].value);
        rt_str dir, file, name = h->name;
        path_split(h->name, &dir, &file);
        if (!global)
            name = path_join(path_join(dir, RT_STR("PaxHeaders.0")), file);
        else if (name.len == 0)
            name = RT_STR("GlobalHead.0.0");
        if (data.len > MAX_SPECIAL_FILE)
            return rt_errorf("archive/tar: header field too long");
        struct rt_error *err =
                put_raw_file(tw, name, rt_buf_str(&data), global ? 'g' : 'x', TAR_FORMAT_PAX);
        if (err || global)
            return err;
    }
    fill(block, h, true, put_octal);
    seal(block, TAR_FORMAT_PAX);
    return put_raw_header(tw, block, h->size, h->typeflag);
}

static struct rt_error *put_long_name(struct tar_writer *tw, rt_str name, uint8_t typeflag)
{
    if (name.len <= NAME_SIZE)
        return NULL;
    rt_str data = rt_str_cat(name, rt_bytes_from("", 1));
    return put_raw_file(tw, RT_STR("././@LongLink"), data, typeflag, TAR_FORMAT_GNU);
}

static struct rt_error *put_gnu(struct tar_writer *tw, struct tar_header *h)
{
    uint8_t block[TAR_BLOCK];
    struct rt_error *err = put_long_name(tw, h->name, 'L');
    if (!err)
        err = put_long_name(tw, h->linkname, 'K');
    if (err)
        return err;
    fill(block, h, false, put_numeric);
    if (!tar_time_is_zero(h->access_time))
        put_numeric(block + 345, 12, h->access_time.seconds);
    if (!tar_time_is_zero(h->change_time))
        put_numeric(block + 357, 12, h->change_time.seconds);
    seal(block, TAR_FORMAT_GNU);
    return put_raw_header(tw, block, h->size, h->typeflag);
}

/* ---- the writer ---- */

struct rt_error *tar_writer_write_header(struct tar_writer *tw, const struct tar_header *header)
{
    struct tar_header h = *header;
    struct rt_error *err = flush(tw);
    if (err)
        return err;
    if (h.typeflag == 0)
        h.typeflag = rt_str_has_suffix(h.name, RT_STR("/")) ? '5' : '0';
    if (h.format == TAR_FORMAT_UNKNOWN) {
        if (h.mod_time.nanoseconds >= 500000000)
            h.mod_time.seconds++;
        h.mod_time.nanoseconds = 0;
        h.access_time = h.change_time = (struct tar_time){ 0 };
    }
    int formats;
    struct rt_map *records;
    err = tar_allowed_formats(&h, &formats, &records);
    if (formats & TAR_FORMAT_USTAR)
        tw->err = put_ustar(tw, &h);
    else if (formats & TAR_FORMAT_PAX)
        tw->err = put_pax(tw, &h, records);
    else if (formats & TAR_FORMAT_GNU)
        tw->err = put_gnu(tw, &h);
    else
        return err;
    return tw->err;
}

struct rt_error *tar_writer_write(struct tar_writer *tw, const uint8_t *data, size_t len)
{
    if (tw->err)
        return tw->err;
    bool too_long = (uint64_t)len > (uint64_t)tw->remaining;
    size_t n = too_long ? (size_t)tw->remaining : len;
    rt_buf_put(tw->out, data, n);
    tw->remaining -= (int64_t)n;
    return too_long ? rt_errorf("archive/tar: write too long") : NULL;
}

struct rt_error *tar_writer_close(struct tar_writer *tw)
{
    struct rt_error *err = flush(tw);
    if (tw->err)
        return err;
    if (!err)
        rt_buf_put(tw->out, zeros, (size_t)2 * TAR_BLOCK);
    tw->err = rt_errorf("archive/tar: write after close");
    return err;
}

void tar_write_bytes_to_package(struct tar_writer *tw, rt_str name, rt_bytes payload)
{
    const struct tar_header h = { .name = name, .size = (int64_t)payload.len, .mode = 0100644 };
    RT_DROP(tar_writer_write_header(tw, &h));
    RT_DROP(tar_writer_write(tw, payload.data, payload.len));
}
