/* Follows gossip/privdata/coordinator.go. */
#include "model/committer/coordinator.h"

#include "model/crypto/crypto.h"
#include "model/ledger/validator.h"
#include "model/privdata/simple_collection.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

enum { VALID = PROTOS__TX_VALIDATION_CODE__VALID };

/* pullRetrySleepInterval, peer.gossip.pvtData.pullRetryThreshold and
 * transientstoreMaxBlockRetention as in core.yaml. */
static const int64_t pull_retry_sleep_ns = 1000 * RT_MS;
static const int64_t pull_retry_threshold_ns = 60000 * RT_MS;
static const uint64_t transient_block_retention = 1000;

/* ---- one transaction ---- */

/* blockData.forEachTxn: the sets of a transaction that counts; false for another. */
static bool sets_of_tx(const struct committer *c, Common__Block *block, size_t i, rt_str *tx_id,
        struct tx_rw_set *sets)
{
    Common__ChannelHeader *chdr;
    Protos__ChaincodeAction *action;
    if (envelope_channel_header(block->data->data[i], &chdr) ||
            chdr->type != COMMON__HEADER_TYPE__ENDORSER_TRANSACTION)
        return false;
    *tx_id = chdr->tx_id;
    if (block_validation_flag(block, i) != VALID &&
            !application_capabilities_store_pvt_data_of_invalid_tx(
                    &c->config.channel->capabilities))
        return false;
    return !protoutil_get_action_from_envelope(block->data->data[i], &action) &&
           !tx_rw_set_from_proto_bytes(action->results, sets);
}

/* containsWrites. */
static bool contains_writes(const struct coll_hashed_rw_set *set)
{
    return set->hashed_rw_set->n_hashed_writes > 0 || set->hashed_rw_set->n_metadata_writes > 0;
}

/* createSelfSignedData: what access policies are asked about; made when it is needed first. */
static const struct signed_data *self_signed_data(struct committer *c)
{
    static const uint8_t zeros[32];
    const struct signing_identity *signer = c->config.signer;
    struct signed_data *data = &c->self_signed_data;
    if (data->data.data)
        return data;
    data->data = rt_bytes_from(zeros, sizeof zeros);
    data->identity = signer->identity->serialize(signer->identity->self);
    struct rt_error *err = signer->sign(signer->self, data->data, &data->signature);
    if (err)
        rt_panicf("Failed creating self signed data because message signing failed: %v", err);
    return data;
}

/* accessPolicyForCollection and isEligible. A collection that is not defined gives a policy that is
 * nil and does not look so: asking it panics. */
static struct rt_error *is_eligible(
        struct committer *c, rt_str tx_id, rt_str ns, rt_str collection, bool *eligible)
{
    const struct collection_criteria cc = { c->config.channel_id, tx_id, collection, ns };
    struct simple_collection *policy;
    struct rt_error *err = privdata_retrieve_collection(c->config.privdata, &cc, NULL, &policy);
    if (err && !rt_error_is(err, privdata_no_such_collection))
        return execution_failure(err);
    *eligible = simple_collection_access_filter(policy, self_signed_data(c));
    return NULL;
}

/* fetchFromTransientStore, for one collection: the write set with this hash; nil for none. */
static rt_bytes find_own(
        const struct committer *c, rt_str tx_id, rt_str ns, const struct coll_hashed_rw_set *set)
{
    const struct pvt_rwset_with_config *data;
    for (size_t n = 0; (data = transient_store_get(c->config.transient_store, tx_id, n)); n++) {
        for (size_t i = 0; i < data->pvt_rwset->n_ns_pvt_rwset; i++) {
            const Rwset__NsPvtReadWriteSet *in = data->pvt_rwset->ns_pvt_rwset[i];
            for (size_t k = 0; rt_str_eq(in->namespace_, ns) && k < in->n_collection_pvt_rwset; k++)
                if (rt_str_eq(in->collection_pvt_rwset[k]->collection_name, set->collection_name) &&
                        rt_str_eq(crypto_sha256(in->collection_pvt_rwset[k]->rwset),
                                set->pvt_rw_set_hash))
                    return in->collection_pvt_rwset[k]->rwset;
        }
    }
    return RT_NIL;
}

/* ---- the write sets of a transaction that are at hand ---- */

static void add_collection(Rwset__TxPvtReadWriteSet **tx, rt_str ns, rt_str name, rt_bytes rwset)
{
    if (!*tx)
        *tx = WIRE_NEW(rwset__tx_pvt_read_write_set);
    Rwset__TxPvtReadWriteSet *set = *tx;
    size_t last = set->n_ns_pvt_rwset;
    if (last == 0 || !rt_str_eq(set->ns_pvt_rwset[last - 1]->namespace_, ns)) {
        set->ns_pvt_rwset = rt_grow(set->ns_pvt_rwset, last, last + 1, sizeof(*set->ns_pvt_rwset));
        set->ns_pvt_rwset[last] = WIRE_NEW(rwset__ns_pvt_read_write_set);
        set->ns_pvt_rwset[last]->namespace_ = ns;
        set->n_ns_pvt_rwset++;
        last++;
    }
    Rwset__NsPvtReadWriteSet *in = set->ns_pvt_rwset[last - 1];
    size_t count = in->n_collection_pvt_rwset++;
    in->collection_pvt_rwset =
            rt_grow(in->collection_pvt_rwset, count, count + 1, sizeof(*in->collection_pvt_rwset));
    in->collection_pvt_rwset[count] = WIRE_NEW(rwset__collection_pvt_read_write_set);
    in->collection_pvt_rwset[count]->collection_name = name;
    in->collection_pvt_rwset[count]->rwset = rwset;
}

/* transactionInspector.inspectTransaction, with what is found in the transient store. */
static struct rt_error *inspect(struct committer *c, rt_str tx_id, const struct tx_rw_set *sets,
        Rwset__TxPvtReadWriteSet **own, size_t *missing)
{
    for (size_t i = 0; i < sets->ns_rw_set_count; i++) {
        const struct ns_rw_set *ns = &sets->ns_rw_sets[i];
        for (size_t k = 0; k < ns->coll_hashed_rw_set_count; k++) {
            const struct coll_hashed_rw_set *set = &ns->coll_hashed_rw_sets[k];
            bool eligible = false;
            if (!contains_writes(set))
                continue;
            struct rt_error *err =
                    is_eligible(c, tx_id, ns->name_space, set->collection_name, &eligible);
            if (err)
                return err;
            if (!eligible)
                continue;
            rt_bytes rwset = find_own(c, tx_id, ns->name_space, set);
            if (rwset.data)
                add_collection(own, ns->name_space, set->collection_name, rwset);
            else
                ++*missing;
        }
    }
    return NULL;
}

/* StoreBlock's loop around fetchFromPeers, which finds nobody who answers. */
static void pull(const struct committer *c, const Common__Block *block)
{
    int64_t limit_ns = rt_now_ns() + pull_retry_threshold_ns;
    while (rt_now_ns() < limit_ns)
        rt_sleep_ns(pull_retry_sleep_ns);
    rt_note("[%S] Could not fetch all missing collection private write sets from remote peers. "
            "Will commit block [%llu] with missing private write sets",
            c->config.channel_id, (unsigned long long)block->header->number);
}

struct rt_error *coordinator_private_data(
        struct committer *c, Common__Block *block, struct block_and_pvt_data *out)
{
    size_t count = block->data->n_data, missing = 0;
    Rwset__TxPvtReadWriteSet **pvt = rt_new_array(Rwset__TxPvtReadWriteSet *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct tx_rw_set sets;
        rt_str tx_id;
        struct rt_error *err = sets_of_tx(c, block, i, &tx_id, &sets)
                                       ? inspect(c, tx_id, &sets, &pvt[i], &missing)
                                       : NULL;
        if (err)
            return err;
    }
    if (missing > 0)
        pull(c, block);
    *out = (struct block_and_pvt_data){ block, pvt, count };
    return NULL;
}

void coordinator_purge(struct committer *c, const struct block_and_pvt_data *committed)
{
    const Common__Block *block = committed->block;
    rt_str *tx_ids = rt_new_array(rt_str, committed->pvt_count + 1);
    size_t count = 0;
    bool any = false;
    for (size_t i = 0; i < committed->pvt_count; i++) {
        Common__ChannelHeader *chdr;
        any = any || committed->pvt[i];
        if (!envelope_channel_header(block->data->data[i], &chdr) &&
                chdr->type == COMMON__HEADER_TYPE__ENDORSER_TRANSACTION)
            tx_ids[count++] = chdr->tx_id;
    }
    if (any)
        transient_store_purge_by_txids(c->config.transient_store, tx_ids, count);
    uint64_t number = block->header->number;
    if (number % transient_block_retention == 0 && number > transient_block_retention)
        transient_store_purge_by_height(
                c->config.transient_store, number - transient_block_retention);
}
