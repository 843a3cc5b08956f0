/* One handler with a chaincode at the other end of its stream, over a ledger that writes down
 * what it is asked. Everything is in the run's arena, in goroutines of one process. */
#ifndef CCLAB_TESTS_CHAINCODE_HELPER_HANDLER_H
#define CCLAB_TESTS_CHAINCODE_HELPER_HANDLER_H

#include "model/chaincode/handler.h"
#include "model/ledger/ledger.h"
#include "model/rt/clock.h"
#include "model/shim/message.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

#include "proto/chaincode.pb-c.h"
#include "proto/proposal.pb-c.h"

struct peer_side {
    struct handler_environment env;
    struct handler *h;
    struct rt_chan *to_peer;      /* of Protos__ChaincodeMessage * */
    struct rt_chan *to_chaincode; /* of the same */
    struct rt_error *stream_err;  /* what ended the stream */
    struct rt_chan *ended;        /* closed then */
    struct rt_buf log;            /* calls of the ledger and others, a space behind each */
    const char *fails;            /* calls that begin with this fail with "no luck" */
    const char *fails_send;       /* sends of this type fail */
    bool denied;                  /* no read access to collections */
    bool no_config, no_capability;
    int results;                                    /* of a query */
    int given;                                      /* of them, so far */
    struct rt_chan *gate;                           /* NULL, or what reads of states wait for */
    struct rt_chan *send_gate;                      /* NULL, or what sends wait for */
    struct tx_simulator simulator, other_simulator; /* of "ch", of another channel */
    struct history_query_executor history, other_history;
    struct peer_ledger other_ledger;
    struct collection_store store;
    struct transaction_params params; /* of transaction "tx1" of channel "ch" */
    struct rt_error *execute_err;
    Protos__ChaincodeMessage *response;
    struct rt_chan *executed; /* closed when Execute has returned */
    int64_t execute_timeout_ns;
};

/* A handler in state created, whose stream is served; variants are bits. */
struct peer_side *peer_side_new(uint64_t variants);
/* Writes down a call; the error that it returns. */
RT_MUST_USE struct rt_error *peer_side_call(struct peer_side *p, const char *format, ...);

/* Its simulators, histories and ledger (helper_ledger.c). */
void peer_side_make_ledger(struct peer_side *p);

/* The chaincode registers as mycc:1.0 and takes REGISTERED and READY. */
void peer_side_register(struct peer_side *p);
/* The chaincode says something, for the transaction of `params`; the next thing that it is
 * told. */
void peer_side_say(struct peer_side *p, Protos__ChaincodeMessage__Type type, rt_bytes payload);
Protos__ChaincodeMessage *peer_side_hear(struct peer_side *p);
/* Execute of TRANSACTION (or INIT) tx1 in a goroutine, and what the chaincode hears of it. */
Protos__ChaincodeMessage *peer_side_execute(
        struct peer_side *p, Protos__ChaincodeMessage__Type type);

/* Asks, and gives what came back with all calls since the last one: "calls| TYPE payload". */
rt_str peer_side_ask(struct peer_side *p, Protos__ChaincodeMessage__Type type, rt_bytes payload);
/* The same for a message, and for a query: "calls| results more metadata". */
#define ASK(p, type, message) peer_side_ask((p), CC_MSG(type), WIRE_MARSHAL_OR_PANIC(message))
#define ASK_QUERY(p, type, message)                                                                \
    peer_side_ask_query((p), CC_MSG(type), WIRE_MARSHAL_OR_PANIC(message))
rt_str peer_side_ask_query(
        struct peer_side *p, Protos__ChaincodeMessage__Type type, rt_bytes payload);

#define assert_text(s, expected) assert_string_equal(rt_cstr(s), (expected))

/* Runs a test's function as the chaincode, before anything has happened. */
struct peer_side_case;
void peer_side_run(const struct rt_config *config, const struct peer_side_case *c);

/* The same in a transaction, for who expects the peer to crash: the panic's text, NULL for none. */
const char *peer_side_panic(const struct peer_side_case *c);

/* A test of cmocka that runs `fn` as the chaincode, registered and in transaction tx1. */
void test_in_transaction(void **state);
/* The same, before anything has happened. */
void test_at_stream(void **state);
struct peer_side_case {
    void (*fn)(struct peer_side *p);
    uint64_t variants;
};
#define IN_TRANSACTION_WITH(fn, variants)                                                          \
    {                                                                                              \
        .name = #fn, .test_func = test_in_transaction, .initial_state = &(struct peer_side_case)   \
        {                                                                                          \
            fn, variants                                                                           \
        }                                                                                          \
    }
#define IN_TRANSACTION(fn) IN_TRANSACTION_WITH(fn, 0)
#define AT_STREAM_WITH(fn, variants)                                                               \
    {                                                                                              \
        .name = #fn, .test_func = test_at_stream, .initial_state = &(struct peer_side_case)        \
        {                                                                                          \
            fn, variants                                                                           \
        }                                                                                          \
    }
#define AT_STREAM(fn) AT_STREAM_WITH(fn, 0)
#define WITH(variant) ((uint64_t)1 << VARIANT_##variant)

#endif
