/* Flow control of one direction of a stream, as gRPC 1.15 does it over HTTP/2: how much a sender
 * may hand over before the other side reads.
 *
 * A sender's quota of 64 KiB is soft: it is asked for before a message, whatever its length. What
 * was handed over is transmitted as far as the receiver's window of 64 KiB goes; that gives the
 * quota back. The window grows again as messages are read. So, to a receiver that does not read,
 * 131,071 bytes have to be handed over until a sender waits. (The window of the connection does not
 * matter: gRPC gives it back whether the application reads or not.) */
#ifndef CCLAB_MOCKS_CHAINCODE_FLOW_H
#define CCLAB_MOCKS_CHAINCODE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers in order of arrival, in the run's arena. */
struct flow_queue {
    int64_t *items;
    size_t first, count, cap; /* count: up to the last one, `first` included */
};

struct flow {
    int64_t quota;            /* transport.writeQuota */
    struct flow_queue out;    /* messages that are not transmitted wholly: their sizes */
    int64_t offset;           /* what is transmitted of the first */
    int64_t window;           /* what may be transmitted */
    struct flow_queue frames; /* transmitted and not read */
    int64_t limit, unread, update, delta; /* transport.inFlow; unread is pendingData */
    int64_t burst_ns, burst, most;        /* bytes transmitted at one time; the most of them */
};

/* Bytes of a message on the wire: five go before each. */
#define FLOW_WIRE(len) ((int64_t)(len) + 5)

void flow_init(struct flow *f);
/* Whether a sender may hand over a message; if not, it waits. */
bool flow_open(const struct flow *f);
/* A message of `size` bytes on the wire is handed over. */
void flow_send(struct flow *f, int64_t size);
/* The receiver reads the next one, of that size. */
void flow_read(struct flow *f, int64_t size);

/* Whether more is to be transmitted than the window lets through, and gRPC's estimator may have
 * seen two thirds of it arrive within a round trip: then it widens the window to twice of that. */
bool flow_may_widen(const struct flow *f);
/* What it did. */
void flow_widen(struct flow *f, bool widens);

#endif
