/* Follows core/chaincode/pending_query_result.go. */
#include "model/chaincode/transaction_context.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/chaincode_shim.pb-c.h"

Protos__QueryResultBytes **pending_query_result_cut(struct pending_query_result *p, size_t *count)
{
    rt_shared_write(p, "PendingQueryResult");
    Protos__QueryResultBytes **batch = p->batch;
    *count = p->size;
    *p = (struct pending_query_result){ 0 };
    return batch;
}

struct rt_error *pending_query_result_add(struct pending_query_result *p, const void *query_result)
{
    rt_bytes bytes;
    struct rt_error *err = wire_marshal(query_result, &bytes);
    if (err)
        return err;
    rt_shared_write(p, "PendingQueryResult");
    if (p->size == p->capacity) {
        size_t capacity = p->capacity == 0 ? 8 : p->capacity * 2;
        p->batch = rt_grow(p->batch, p->size, capacity, sizeof *p->batch);
        p->capacity = capacity;
    }
    Protos__QueryResultBytes *result = WIRE_NEW(protos__query_result_bytes);
    result->resultbytes = bytes;
    p->batch[p->size++] = result;
    return NULL;
}
