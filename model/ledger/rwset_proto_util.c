/* Follows core/ledger/kvledger/txmgmt/rwsetutil/rwset_proto_util.go. */
#include "model/ledger/rwset_proto_util.h"

#include "model/rt/rt.h"
#include "model/wire/wire.h"

static struct rt_error *coll_hashed_rw_set_from_proto_msg(
        const Rwset__CollectionHashedReadWriteSet *message, struct coll_hashed_rw_set *set)
{
    set->collection_name = message->collection_name;
    set->pvt_rw_set_hash = message->pvt_rwset_hash;
    return WIRE_UNMARSHAL(kvrwset__hashed_rwset, message->hashed_rwset, &set->hashed_rw_set);
}

static struct rt_error *ns_rw_set_from_proto_msg(
        const Rwset__NsReadWriteSet *message, struct ns_rw_set *set)
{
    set->name_space = message->namespace_;
    struct rt_error *err = WIRE_UNMARSHAL(kvrwset__kvrwset, message->rwset, &set->kv_rw_set);
    if (err)
        return err;
    size_t count = message->n_collection_hashed_rwset;
    set->coll_hashed_rw_sets = rt_new_array(struct coll_hashed_rw_set, count);
    set->coll_hashed_rw_set_count = count;
    for (size_t i = 0; i < count; i++) {
        err = coll_hashed_rw_set_from_proto_msg(
                message->collection_hashed_rwset[i], &set->coll_hashed_rw_sets[i]);
        if (err)
            return err;
    }
    return NULL;
}

struct rt_error *tx_rw_set_from_proto_msg(
        const Rwset__TxReadWriteSet *message, struct tx_rw_set *set)
{
    struct tx_rw_set result = { rt_new_array(struct ns_rw_set, message->n_ns_rwset),
        message->n_ns_rwset };
    for (size_t i = 0; i < message->n_ns_rwset; i++) {
        struct rt_error *err =
                ns_rw_set_from_proto_msg(message->ns_rwset[i], &result.ns_rw_sets[i]);
        if (err)
            return err;
    }
    *set = result;
    return NULL;
}

struct rt_error *tx_rw_set_from_proto_bytes(rt_bytes bytes, struct tx_rw_set *set)
{
    Rwset__TxReadWriteSet *message;
    struct rt_error *err = WIRE_UNMARSHAL(rwset__tx_read_write_set, bytes, &message);
    return err ? err : tx_rw_set_from_proto_msg(message, set);
}
