/* Chaincode support over a fake launcher, a fake runtime and a chaincode that answers as it is
 * told. */
#ifndef CCLAB_TESTS_CHAINCODE_HELPER_SUPPORT_H
#define CCLAB_TESTS_CHAINCODE_HELPER_SUPPORT_H

#include "model/chaincode/chaincode_support.h"
#include "model/ledger/ledger.h"
#include "model/rt/clock.h"
#include "model/shim/message.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

#include "proto/chaincode.pb-c.h"
#include "proto/chaincode_event.pb-c.h"
#include "proto/proposal_response.pb-c.h"

struct fixture {
    struct chaincode_support_params params;
    struct chaincode_support *cs;
    struct rt_buf log;
    const char *fails; /* calls that begin with this fail */
    bool no_handler;   /* a launch leaves none behind */
    struct handler *h; /* mycc:1.0's */
    struct rt_chan *answers;
    Protos__ChaincodeMessage answer; /* to what it executes; type 0: none */
    Protos__ChaincodeMessage *asked;
    struct metrics *metrics;
};

/* In the run's arena; the variants are bits. */
struct fixture *fixture_new(uint64_t variants);
/* A new chaincode support of its params, with the fake launcher. */
void fixture_renew(struct fixture *f);

/* Writes down a call; the error that it returns. */
RT_MUST_USE struct rt_error *fixture_note(struct fixture *f, const char *format, ...);
/* The calls since the last look, a semicolon behind each. */
void fixture_assert_calls(struct fixture *f, const char *expected);
void fixture_assert_error(const struct rt_error *err, const char *expected);

/* What a query executor of a transaction is here. */
extern const struct query_executor fixture_executor;
/* mycc:1.0 and a transaction tx1 of channel ch that calls f. */
extern const struct cc_context mycc;
struct transaction_params fixture_params(struct rt_map *decorations);
Protos__ChaincodeInput *fixture_input(void);
/* A Response of status 200 with payload "p". */
rt_bytes fixture_response(void);

RT_MUST_USE struct rt_error *fixture_launch(struct fixture *f, struct handler **h);

struct outcome {
    struct rt_error *err;
    Protos__Response *response;
    Protos__ChaincodeEvent *event;
};

/* Execute with this answer of the chaincode (type 0: none), and ExecuteLegacyInit. */
struct outcome fixture_execute(
        struct fixture *f, Protos__ChaincodeMessage__Type type, rt_bytes payload);
struct outcome fixture_legacy_init(struct fixture *f);

#endif
