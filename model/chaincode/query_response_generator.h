/* Results of range, rich and history queries, in batches.
 *
 * Follows core/chaincode/query_response_generator.go. */
#ifndef CCLAB_MODEL_CHAINCODE_QUERY_RESPONSE_GENERATOR_H
#define CCLAB_MODEL_CHAINCODE_QUERY_RESPONSE_GENERATOR_H

#include "model/chaincode/transaction_context.h"

typedef struct Protos__QueryResponse Protos__QueryResponse;

struct query_response_generator {
    size_t max_result_limit; /* results in a message; 100 in a peer */
};

/* BuildQueryResponse: reads on until the batch is full, the iterator is exhausted or the total
 * limit is reached. An iterator that is exhausted is closed. */
RT_MUST_USE struct rt_error *query_response_generator_build(
        const struct query_response_generator *q, struct transaction_context *tx_context,
        const struct query_iterator *iter, rt_str iter_id, bool is_paginated,
        int32_t total_return_limit, Protos__QueryResponse **response);

#endif
