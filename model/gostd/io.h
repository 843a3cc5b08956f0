/* io.Reader and io.Pipe, as far as the container code needs them.
 *
 * A reader hands out chunks of any size above zero; at the end it gives rt_eof, or the error that
 * cut it. Chunks stay valid for the rest of the run. */
#ifndef CCLAB_MODEL_GOSTD_IO_H
#define CCLAB_MODEL_GOSTD_IO_H

#include "model/rt/error.h"
#include "model/rt/str.h"

struct io_reader {
    void *self;
    struct rt_error *(*read)(void *self, rt_bytes *chunk);
    /* io.Closer: the reader loses interest. NULL when there is nothing to close. */
    void (*close)(void *self);
};

/* bytes.NewReader. */
struct io_reader io_reader_from(rt_bytes content);
/* A reader that fails with `err` after `content`; NULL stands for the end. */
struct io_reader io_reader_cut(rt_bytes content, struct rt_error *err);
/* ioutil.ReadAll: what was read is in *out also when an error is returned. */
RT_MUST_USE struct rt_error *io_read_all(struct io_reader reader, rt_bytes *out);
void io_close(struct io_reader reader);

/* io.Pipe: writes meet reads, so a writer waits until its bytes were taken. */
struct io_pipe;
struct io_pipe *io_pipe_new(const char *name);
struct io_reader io_pipe_reader(struct io_pipe *pipe);
/* Fails with "io: read/write on closed pipe" when the reader was closed. */
RT_MUST_USE struct rt_error *io_pipe_write(struct io_pipe *pipe, rt_bytes data);
/* PipeWriter.CloseWithError: NULL gives readers the end. The first call counts. */
void io_pipe_close_write(struct io_pipe *pipe, struct rt_error *err);
/* PipeReader.Close. */
void io_pipe_close_read(struct io_pipe *pipe);

#endif
