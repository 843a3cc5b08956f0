/* Follows core/ledger/kvledger/txmgmt/validator/valimpl/{default_impl,helper}.go and
 * core/ledger/util/txvalidationflags.go. */
#include "model/ledger/validator.h"

#include "model/ledger/pvt_batch.h"
#include "model/ledger/rwset_proto_util.h"
#include "model/ledger/state_based_validator.h"
#include "model/ledger/tx_ops.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"

#define CODE(name) ((uint8_t)PROTOS__TX_VALIDATION_CODE__##name)

static rt_bytes *validation_flags(const Common__Block *block)
{
    enum { FILTER = COMMON__BLOCK_METADATA_INDEX__TRANSACTIONS_FILTER };
    const Common__BlockMetadata *metadata = RT_DEREF(block->metadata);
    if (metadata->n_metadata <= FILTER)
        rt_panic_index();
    return &metadata->metadata[FILTER];
}

uint8_t block_validation_flag(const Common__Block *block, size_t tx_index)
{
    const rt_bytes *flags = validation_flags(block);
    if (tx_index >= flags->len)
        rt_panic_index();
    return flags->data[tx_index];
}

void block_set_validation_flag(Common__Block *block, size_t tx_index, uint8_t code)
{
    rt_bytes *flags = validation_flags(block);
    if (tx_index >= flags->len)
        rt_panic_index();
    *flags = rt_bytes_dup(flags->data, flags->len);
    flags->data[tx_index] = code;
}

struct rt_error *envelope_channel_header(rt_bytes envelope, Common__ChannelHeader **chdr)
{
    Common__Envelope *env;
    Common__Payload *payload;
    *chdr = NULL;
    struct rt_error *err = protoutil_get_envelope_from_block(envelope, &env);
    if (!err)
        err = protoutil_get_payload(env, &payload);
    if (!err)
        err = protoutil_get_channel_header(RT_DEREF(payload->header)->channel_header, chdr);
    return err;
}

/* preprocessProtoBlock for one transaction: *use is false when it takes no part any more. */
static struct rt_error *preprocess_tx(
        Common__Block *block, size_t index, struct tx_rw_set *rw_set, bool *use)
{
    rt_bytes envelope = block->data->data[index];
    Common__ChannelHeader *chdr;
    *use = false;
    struct rt_error *err = envelope_channel_header(envelope, &chdr);
    if (block_validation_flag(block, index) != CODE(VALID) || err)
        return block_validation_flag(block, index) != CODE(VALID) ? NULL : err;
    if (chdr->type != COMMON__HEADER_TYPE__ENDORSER_TRANSACTION)
        return NULL; /* a configuration: its state is not modelled */
    Protos__ChaincodeAction *action;
    if (protoutil_get_action_from_envelope(envelope, &action)) {
        block_set_validation_flag(block, index, CODE(NIL_TXACTION));
        return NULL;
    }
    if (tx_rw_set_from_proto_bytes(action->results, rw_set)) {
        block_set_validation_flag(block, index, CODE(INVALID_OTHER_REASON));
        return NULL;
    }
    *use = true;
    return NULL;
}

struct rt_error *validate_and_prepare_batch(const struct state_db *db,
        const struct block_and_pvt_data *data, bool do_mvcc_validation, struct update_batch *batch)
{
    Common__Block *block = data->block;
    size_t count = block->data->n_data;
    struct tx_rw_set *rw_sets = rt_new_array(struct tx_rw_set, count);
    bool *use = rt_new_array(bool, count);
    for (size_t i = 0; i < count; i++) {
        struct rt_error *err = preprocess_tx(block, i, &rw_sets[i], &use[i]);
        if (err)
            return err;
    }
    struct pvt_batch pvt = { .block_num = block->header->number };
    for (size_t i = 0; i < count; i++) {
        if (!use[i])
            continue;
        Protos__TxValidationCode code = PROTOS__TX_VALIDATION_CODE__VALID;
        struct rt_error *err = NULL;
        if (do_mvcc_validation)
            err = validate_tx_reads(&rw_sets[i], db, batch, &code);
        if (!err && code == PROTOS__TX_VALIDATION_CODE__VALID)
            err = apply_write_set(&rw_sets[i], HEIGHT(block->header->number, i), db, batch);
        if (err)
            return err;
        block_set_validation_flag(block, i, (uint8_t)code);
    }
    for (size_t i = 0; i < count && i < data->pvt_count; i++) {
        if (!use[i] || block_validation_flag(block, i) != CODE(VALID) || !data->pvt[i])
            continue;
        struct rt_error *err = pvt_batch_add_tx(&pvt, i, &rw_sets[i], data->pvt[i]);
        if (err)
            return err;
    }
    return pvt_batch_finish(&pvt, db, batch);
}
