/* Iterators over query responses (core/chaincode/shim/chaincode.go). Internal to model/shim. */
#ifndef CCLAB_MODEL_SHIM_ITERATOR_H
#define CCLAB_MODEL_SHIM_ITERATOR_H

#include "model/shim/handler.h"

/* CommonIterator. */
struct common_iterator {
    struct shim_tx tx;
    Protos__QueryResponse *response;
    size_t current_loc;
};
struct state_query_iterator {
    struct common_iterator common;
};
struct history_query_iterator {
    struct common_iterator common;
};

/* Over the first batch of results; further ones are asked for by the response's id. */
struct state_query_iterator *state_query_iterator_new(
        const struct shim_tx *tx, Protos__QueryResponse *response);
struct history_query_iterator *history_query_iterator_new(
        const struct shim_tx *tx, Protos__QueryResponse *response);

#endif
