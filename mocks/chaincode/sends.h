/* Messages that a chaincode sends and no shim would: besides those of its shim, or in place of
 * them. */
#ifndef CCLAB_MOCKS_CHAINCODE_SENDS_H
#define CCLAB_MOCKS_CHAINCODE_SENDS_H

#include "mocks/chaincode/behaviour.h"

/* What a shim sends; the names are those of scenario files. */
#define CHAINCODE_MESSAGES(X)                                                                      \
    X(REGISTER, "register")                                                                        \
    X(REQUEST, "request") /* GET_STATE and so on */                                                \
    X(ANSWER, "answer")   /* COMPLETED or ERROR */                                                 \
    X(KEEPALIVE, "keepalive")

enum chaincode_message_kind {
#define CHAINCODE_MESSAGE_ENUM(name, text) CHAINCODE_SENDS_##name,
    CHAINCODE_MESSAGES(CHAINCODE_MESSAGE_ENUM)
#undef CHAINCODE_MESSAGE_ENUM
};

/* A part of a message: not given, it is that of the message at hand; given as RT_NIL, it is left
 * out. */
struct chaincode_part {
    bool given;
    rt_bytes value;
};

struct chaincode_send {
    /* When: a point is passed (the message at hand is the one that passes it), or, with NEVER, the
     * shim sends a message of that kind, which is not sent then. */
    enum chaincode_point at;
    enum chaincode_message_kind instead_of;
    uint32_t time;                /* only the n-th time in the life of a process; 0: every time */
    uint32_t count;               /* so often; 0, in place of a message: nothing is sent */
    bool maybe;                   /* a FAULT choice decides each time */
    struct chaincode_delay after; /* if any: sent by a goroutine of its own, later */
    /* What. The type of a message sent at a point is 0 if it is not given. */
    bool has_type;
    int32_t type;
    struct chaincode_part channel, txid, payload;
    rt_bytes more;  /* more fields, put behind; RT_NIL: none */
    rt_bytes bytes; /* this instead of a message; RT_NIL: a message */
    size_t tag;     /* by which the world's `did` is told */
};

/* What is wrong with one, as a sentence; data == NULL if nothing is. */
rt_str chaincode_send_check(const struct chaincode_send *send);

#endif
