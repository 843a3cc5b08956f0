/* Readers over memory and io.Pipe. */
#include "model/gostd/io.h"

#include "model/rt/chan.h"
#include "model/rt/sync.h"

struct memory_reader {
    rt_bytes content; /* what is left */
    struct rt_error *err;
};

static struct rt_error *memory_read(void *self, rt_bytes *chunk)
{
    struct memory_reader *r = self;
    if (r->content.len == 0)
        return r->err;
    *chunk = r->content;
    r->content = RT_NIL;
    return NULL;
}

struct io_reader io_reader_cut(rt_bytes content, struct rt_error *err)
{
    struct memory_reader *r = rt_new(struct memory_reader);
    *r = (struct memory_reader){ content, err ? err : rt_eof };
    return (struct io_reader){ r, memory_read, NULL };
}

struct io_reader io_reader_from(rt_bytes content)
{
    return io_reader_cut(content, NULL);
}

struct rt_error *io_read_all(struct io_reader reader, rt_bytes *out)
{
    rt_bytes first = RT_NIL;
    struct rt_buf buf = { 0 };
    for (;;) {
        rt_bytes chunk = RT_NIL;
        struct rt_error *err = reader.read(reader.self, &chunk);
        if (err) {
            *out = buf.len > 0 ? rt_buf_str(&buf) : first;
            return err == rt_eof ? NULL : err;
        }
        /* most bodies come in one piece, which needs no copy */
        if (first.len == 0 && buf.len == 0) {
            first = chunk;
        } else {
            if (buf.len == 0)
                rt_buf_put_str(&buf, first);
            rt_buf_put_str(&buf, chunk);
        }
    }
}

void io_close(struct io_reader reader)
{
    if (reader.close)
        reader.close(reader.self);
}

struct io_pipe {
    struct rt_mutex write_lock; /* one writer at a time */
    struct rt_chan *chunks;     /* of rt_bytes *, unbuffered */
    struct rt_chan *done;       /* closed when either end was */
    struct rt_error *read_err;  /* for writers; NULL while open */
    struct rt_error *write_err; /* for readers; NULL while open */
    bool closed;
};

static const char pipe_type;
static struct rt_error closed_pipe = {
    .text = RT_STR_INIT("io: read/write on closed pipe"),
    .type = &pipe_type,
};

struct io_pipe *io_pipe_new(const char *name)
{
    struct io_pipe *p = rt_new(struct io_pipe);
    rt_mutex_init(&p->write_lock, name);
    p->chunks = rt_chan_make(0, name);
    p->done = rt_chan_make(0, name);
    return p;
}

static void pipe_close(struct io_pipe *p)
{
    if (p->closed)
        return;
    p->closed = true;
    rt_close(p->done);
}

static struct rt_error *pipe_read(void *self, rt_bytes *chunk)
{
    struct io_pipe *p = self;
    if (!p->closed) {
        struct rt_case cases[] = { RT_RECV(p->chunks), RT_RECV(p->done) };
        if (rt_select(cases, 2) == 0) {
            *chunk = *(rt_bytes *)cases[0].value;
            return NULL;
        }
    }
    return !p->read_err && p->write_err ? p->write_err : &closed_pipe;
}

static void pipe_close_read(void *self)
{
    io_pipe_close_read(self);
}

struct io_reader io_pipe_reader(struct io_pipe *pipe)
{
    return (struct io_reader){ pipe, pipe_read, pipe_close_read };
}

struct rt_error *io_pipe_write(struct io_pipe *p, rt_bytes data)
{
    if (data.len == 0)
        return p->closed ? &closed_pipe : NULL;
    rt_bytes *chunk = rt_new(rt_bytes);
    *chunk = data;
    rt_lock(&p->write_lock);
    size_t which = 1;
    if (!p->closed) {
        struct rt_case cases[] = { RT_SEND(p->chunks, chunk), RT_RECV(p->done) };
        which = rt_select(cases, 2);
    }
    rt_unlock(&p->write_lock);
    if (which == 0)
        return NULL;
    return !p->write_err && p->read_err ? p->read_err : &closed_pipe;
}

void io_pipe_close_write(struct io_pipe *p, struct rt_error *err)
{
    if (!p->write_err)
        p->write_err = err ? err : rt_eof;
    pipe_close(p);
}

void io_pipe_close_read(struct io_pipe *p)
{
    if (!p->read_err)
        p->read_err = &closed_pipe;
    pipe_close(p);
}
