/* Internal to tar_reader.c and tar_sparse.c: fields of a header block, and reading the source. */
#ifndef CCLAB_MODEL_GOSTD_TAR_FIELDS_H
#define CCLAB_MODEL_GOSTD_TAR_FIELDS_H

#include "model/gostd/tar.h"

/* archive/tar's parser: remembers the last error. */
struct tar_parser {
    struct rt_error *err;
};

/* Up to the first NUL, in fresh memory. */
rt_str tar_parse_string(const uint8_t *field, size_t len);
/* Octal, or base 256 if the first bit is set. */
int64_t tar_parse_numeric(struct tar_parser *p, const uint8_t *field, size_t len);
int64_t tar_parse_octal(struct tar_parser *p, const uint8_t *field, size_t len);
/* strconv.ParseInt(s, 10, 64). */
bool tar_parse_int(rt_str s, int64_t *value);
/* parsePAXTime. */
bool tar_parse_pax_time(rt_str s, struct tar_time *time);

/* tryReadFull of the source, and of the current entry as it is stored. */
size_t tar_source_read_full(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err);
size_t tar_stored_read_full(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err);

/* getFormat of a block. */
int tar_block_format(const uint8_t *block);

/* handleSparseFile: an entry that is sparse gets its map of holes. */
RT_MUST_USE struct rt_error *tar_handle_sparse_file(
        struct tar_reader *tr, struct tar_header *header);
/* Read of a sparse entry. */
size_t tar_sparse_read(struct tar_reader *tr, uint8_t *out, size_t len, struct rt_error **err);

#endif
