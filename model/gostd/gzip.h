/* compress/gzip's Reader over bytes in memory, with Go's errors; and a writer. */
#ifndef CCLAB_MODEL_GOSTD_GZIP_H
#define CCLAB_MODEL_GOSTD_GZIP_H

#include "model/gostd/flate.h"

struct gzip_reader {
    struct flate flate; /* its input pointer is the reader's */
    uint32_t digest;
    uint32_t size;
    struct rt_error *err;
};

/* gzip.NewReader: reads the first header. The input must outlive the reader. */
RT_MUST_USE struct rt_error *gzip_reader_open(struct gzip_reader *z, rt_bytes in);
/* Read, over all members of the file. */
size_t gzip_read(struct gzip_reader *z, uint8_t *out, size_t len, struct rt_error **err);

/* A whole input as one gzip member. The bytes differ from those of Go's writer, not the content. */
rt_bytes gzip_compress(rt_bytes in);

/* The same without compression, of at most 64 KiB and zeros behind them: as many as make the file
 * exactly `extra` bytes longer than with none. */
rt_bytes gzip_store(rt_bytes in, size_t extra);

#endif
