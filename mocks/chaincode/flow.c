/* What google.golang.org/grpc 1.15's internal/transport does for flow control: writeQuota,
 * loopyWriter.processData, inFlow and bdpEstimator. */
#include "mocks/chaincode/flow.h"

#include "model/rt/arena.h"
#include "model/rt/clock.h"

enum { WRITE_QUOTA = 64 * 1024, WINDOW = 65535, FRAME = 16384, HEADER = 5 };

static void push(struct flow_queue *q, int64_t item)
{
    if (q->first == q->count)
        q->first = q->count = 0;
    rt_reserve(q->items, q->cap, q->count + 1);
    q->items[q->count++] = item;
}

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void flow_init(struct flow *f)
{
    *f = (struct flow){ .quota = WRITE_QUOTA, .window = WINDOW, .limit = WINDOW };
}

bool flow_open(const struct flow *f)
{
    return f->quota > 0;
}

static void count_burst(struct flow *f, int64_t bytes)
{
    int64_t now = rt_now_ns();
    f->burst = f->burst_ns == now ? f->burst + bytes : bytes;
    f->burst_ns = now;
    if (f->burst > f->most)
        f->most = f->burst;
}

/* processData: as the window lets it through, in frames; the first one of a message has its header,
 * and is never longer than if it had been whole. */
static void transmit(struct flow *f)
{
    while (f->out.first < f->out.count && f->window > 0) {
        int64_t size = f->out.items[f->out.first], head = min(size, FRAME);
        int64_t rest = f->offset < head ? head - f->offset : min(size - f->offset, FRAME);
        int64_t bytes = min(rest, f->window);
        f->offset += bytes;
        f->window -= bytes;
        f->quota += bytes;
        f->unread += bytes;
        push(&f->frames, bytes);
        count_burst(f, bytes);
        if (f->offset == size) {
            f->out.first++;
            f->offset = 0;
        }
    }
}

void flow_send(struct flow *f, int64_t size)
{
    f->quota -= size;
    push(&f->out, size);
    transmit(f);
}

/* inFlow.maybeAdjust: the application wants more than the sender may transmit. */
static void adjust(struct flow *f, int64_t wanted)
{
    if (wanted - f->unread <= f->limit - (f->unread + f->update))
        return;
    f->delta = wanted;
    f->window += wanted;
    transmit(f);
}

/* inFlow.onRead */
static void on_read(struct flow *f, int64_t bytes)
{
    int64_t extra = min(bytes, f->delta);
    f->unread -= bytes;
    f->delta -= extra;
    f->update += bytes - extra;
    if (f->update < f->limit / 4)
        return;
    f->window += f->update;
    f->update = 0;
    transmit(f);
}

static void take(struct flow *f, int64_t wanted)
{
    adjust(f, wanted);
    while (wanted > 0) {
        int64_t *frame = &f->frames.items[f->frames.first];
        int64_t bytes = min(wanted, *frame);
        wanted -= bytes;
        *frame -= bytes;
        if (*frame == 0)
            f->frames.first++;
        on_read(f, bytes);
    }
}

void flow_read(struct flow *f, int64_t size)
{
    take(f, HEADER);
    take(f, size - HEADER);
}

/* bdpEstimator.calculate, with its factors 0.66 and 2. */
bool flow_may_widen(const struct flow *f)
{
    return f->out.first < f->out.count && f->most * 100 >= f->limit * 66;
}

void flow_widen(struct flow *f, bool widens)
{
    int64_t seen = f->most;
    f->most = f->burst = 0;
    if (!widens)
        return;
    f->window += 2 * seen - f->limit;
    f->limit = 2 * seen;
    transmit(f);
}
