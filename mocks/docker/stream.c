/* Streams of a connection: chunks in a queue. */
#include "mocks/docker/internal.h"

static void wake(struct stream *s)
{
    if (!s->wake)
        return;
    struct rt_case cases[] = { RT_SEND(s->wake, NULL) };
    (void)rt_select_default(cases, 1);
}

void stream_put(struct stream *s, rt_bytes data)
{
    if (s->end || s->abandoned || data.len == 0)
        return;
    rt_reserve(s->chunks, s->cap, s->count + 1);
    s->chunks[s->count++] = data;
    rt_message_sent(&s->order);
    wake(s);
}

void stream_end(struct stream *s, struct rt_error *err)
{
    if (s->end)
        return;
    s->end = err ? err : rt_eof;
    rt_message_sent(&s->order);
    wake(s);
}

static struct rt_error *stream_read(void *self, rt_bytes *chunk)
{
    struct stream *s = self;
    while (s->from == s->count && !s->end && !s->abandoned) {
        void *nothing = NULL;
        if (!s->wake)
            s->wake = rt_chan_make(1, "docker.stream");
        rt_recv(s->wake, &nothing);
    }
    rt_message_received(&s->order);
    if (s->from == s->count && !s->end)
        return rt_errorf("use of closed network connection");
    if (s->from == s->count)
        return s->end;
    *chunk = s->chunks[s->from++];
    if (s->from == s->count)
        s->from = s->count = 0;
    return NULL;
}

/* A reader that waits in another goroutine fails. */
static void stream_close(void *self)
{
    struct stream *s = self;
    s->abandoned = true;
    if (!s->end)
        wake(s);
}

struct io_reader stream_reader(struct stream *s)
{
    return (struct io_reader){ s, stream_read, stream_close };
}
