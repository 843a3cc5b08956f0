/* archive/tar over bytes in memory: a reader with Go's rules and errors, and a writer.
 *
 * The reader takes USTAR, PAX, GNU and STAR archives, sparse files included, from plain or
 * compressed bytes; it never holds more than one file's content. */
#ifndef CCLAB_MODEL_GOSTD_TAR_H
#define CCLAB_MODEL_GOSTD_TAR_H

#include "model/gostd/gzip.h"
#include "model/rt/map.h"

enum {
    TAR_BLOCK = 512,
    TAR_FORMAT_UNKNOWN = 0,
    TAR_FORMAT_V7 = 1,
    TAR_FORMAT_USTAR = 2,
    TAR_FORMAT_PAX = 4,
    TAR_FORMAT_GNU = 8,
    TAR_FORMAT_STAR = 16,
};

/* time.Time of a header: seconds and nanoseconds since 1970, or the zero time. */
struct tar_time {
    bool set;
    int64_t seconds;
    int64_t nanoseconds; /* 0 to 999,999,999 */
};

/* tar.Header. */
struct tar_header {
    uint8_t typeflag;
    rt_str name;
    rt_str linkname;
    int64_t size;
    int64_t mode;
    int64_t uid;
    int64_t gid;
    rt_str uname;
    rt_str gname;
    struct tar_time mod_time;
    struct tar_time access_time;
    struct tar_time change_time;
    int64_t devmajor;
    int64_t devminor;
    struct rt_map *pax_records; /* from key to rt_str *; NULL for none. Xattrs are those with */
                                /* the prefix SCHILY.xattr. and a value. */
    int format;
};

struct tar_sparse_entry {
    int64_t offset;
    int64_t length;
};

struct tar_reader {
    struct gzip_reader *gzip; /* the source, or NULL: */
    const uint8_t *p;         /* the source in memory */
    const uint8_t *end;
    int64_t remaining; /* of the current entry, as stored */
    int64_t pad;
    struct tar_sparse_entry *holes; /* of a sparse entry, NULL otherwise */
    size_t hole_count;
    int64_t position; /* in a sparse entry */
    uint8_t block[TAR_BLOCK];
    struct rt_error *err;
};

/* tar.ErrHeader. */
extern struct rt_error *const tar_err_header;

/* tar.NewReader over bytes, or over what `gzip` reads; the input must outlive the reader. */
void tar_reader_open(struct tar_reader *tr, rt_bytes in);
void tar_reader_open_gzip(struct tar_reader *tr, struct gzip_reader *gzip);
/* Next: the next entry's header; rt_eof at the end. */
RT_MUST_USE struct rt_error *tar_reader_next(struct tar_reader *tr, struct tar_header *header);
/* Read; rt_eof at the entry's end, possibly together with bytes. */
size_t tar_reader_read(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err);
/* ioutil.ReadAll: what was read before an error is in *content too. */
RT_MUST_USE struct rt_error *tar_reader_read_all(struct tar_reader *tr, rt_bytes *content);

/* ---- writing ---- */

/* tar.Writer into a buffer. */
struct tar_writer {
    struct rt_buf *out;
    int64_t remaining; /* of the current entry */
    int64_t pad;
    struct rt_error *err;
};

/* WriteHeader: *header may come from a reader. */
RT_MUST_USE struct rt_error *tar_writer_write_header(
        struct tar_writer *tw, const struct tar_header *header);
RT_MUST_USE struct rt_error *tar_writer_write(
        struct tar_writer *tw, const uint8_t *data, size_t len);
RT_MUST_USE struct rt_error *tar_writer_close(struct tar_writer *tw);

/* cutil.WriteBytesToPackage. */
void tar_write_bytes_to_package(struct tar_writer *tw, rt_str name, rt_bytes payload);

/* ---- shared by both ---- */

/* isHeaderOnlyType: links, devices and directories have no content. */
bool tar_is_header_only(uint8_t typeflag);
/* validPAXRecord. */
bool tar_valid_pax_record(rt_str key, rt_str value);
/* isASCII: no NUL either. */
bool tar_is_ascii(rt_str s);
int64_t tar_padding(int64_t size);
void tar_checksum(const uint8_t *block, int64_t *as_unsigned, int64_t *as_signed);

#endif
