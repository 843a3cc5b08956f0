/* Go's channels and select. Elements are pointers; NULL is a fine element.
 *
 * A nil channel is a NULL pointer: send and receive on it block forever, close panics. Sending on a
 * closed channel and closing one twice panic with Go's texts. */
#ifndef CCLAB_MODEL_RT_CHAN_H
#define CCLAB_MODEL_RT_CHAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/rt/check.h"

struct rt_chan;
struct rt_fiber;

/* make(chan T, capacity); the name is shared and shown in traces. */
struct rt_chan *rt_chan_make(size_t capacity, const char *name);

/* Sends; waits until there is room, or a receiver. */
#define rt_send(ch, value) rt_send_at((ch), (value), __FILE__, __LINE__)
void rt_send_at(struct rt_chan *ch, void *value, const char *file, int line);
/* Receives; *value may be NULL. Returns false when the channel is closed and empty (then *value is
 * NULL), as the second value of Go's receive. */
#define rt_recv(ch, value) rt_recv_at((ch), (value), __FILE__, __LINE__)
bool rt_recv_at(struct rt_chan *ch, void **value, const char *file, int line);
/* close(ch). */
#define rt_close(ch) rt_close_at((ch), __FILE__, __LINE__)
void rt_close_at(struct rt_chan *ch, const char *file, int line);
/* len(ch) and cap(ch), 0 for a nil channel; whether it was closed. No scheduling points. */
size_t rt_chan_len(const struct rt_chan *ch);
size_t rt_chan_cap(const struct rt_chan *ch);
bool rt_chan_closed(const struct rt_chan *ch);
/* Its id in traces, and its name; 0 and NULL for a nil channel. */
uint32_t rt_chan_object(const struct rt_chan *ch);
const char *rt_chan_name(const struct rt_chan *ch);
/* The channel stands for messages between processes, such as a network connection: a receive comes
 * after its send, and nothing else of it orders accesses to shared fields (model/rt/race.h). */
void rt_chan_is_message(struct rt_chan *ch) RT_NONNULL;

/* One case of a select. */
struct rt_case {
    struct rt_chan *ch;
    bool is_send;
    void *value; /* to send, or what was received */
    bool ok;     /* of a receive */
};
#define RT_SEND(channel, v)                                                                        \
    {                                                                                              \
        .ch = (channel), .is_send = true, .value = (v)                                             \
    }
#define RT_RECV(channel)                                                                           \
    {                                                                                              \
        .ch = (channel)                                                                            \
    }

/* select without default: blocks until a case can go on; a choice decides among several. Returns
 * the index of the case taken. With count 0 it blocks forever. */
#define rt_select(cases, count) rt_select_at((cases), (count), __FILE__, __LINE__)
size_t rt_select_at(struct rt_case *cases, size_t count, const char *file, int line);
/* select with default: -1 when no case can go on. */
#define rt_select_default(cases, count) rt_select_default_at((cases), (count), __FILE__, __LINE__)
int rt_select_default_at(struct rt_case *cases, size_t count, const char *file, int line);

/* True if its pending select has a default. */
bool rt_fiber_polls(const struct rt_fiber *fiber) RT_NONNULL;
/* The channel that it is about to close; NULL if it is about to do something else. */
const struct rt_chan *rt_fiber_closes(const struct rt_fiber *fiber) RT_NONNULL;
/* The cases of a goroutine's pending send, receive or select; *count is 0 for other operations. */
const struct rt_case *rt_fiber_cases(const struct rt_fiber *fiber, size_t *count) RT_NONNULL;

#endif
