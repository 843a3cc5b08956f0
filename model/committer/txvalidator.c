/* Follows core/committer/txvalidator/validator.go. The semaphore that caps the number of workers is
 * left out: it never blocks a block of few transactions. */
#include "model/ccprovider/platforms.h"
#include "model/committer/committer_impl.h"
#include "model/rt/chan.h"
#include "model/rt/trace.h"
#include "model/validation/msgvalidation.h"
#include "model/wire/wire.h"

#define CODE(name) PROTOS__TX_VALIDATION_CODE__##name

/* sysccprovider.ChaincodeInstance, as far as blocks are judged by it. */
struct chaincode_instance {
    bool present;
    rt_str chain_id;
    rt_str name;
};

/* blockValidationRequest and blockValidationResult. */
struct tx_validation {
    struct committer *c;
    const Common__Block *block;
    size_t index;
    struct rt_chan *results;

    Protos__TxValidationCode code;
    struct chaincode_instance chaincode;
    struct chaincode_instance upgraded_chaincode;
    struct rt_error *err;
    rt_str tx_id;
};

/* ---- which chaincode ---- */

/* getUpgradeTxInstance. */
static void get_upgrade_tx_instance(const struct committer *c, rt_str chain_id, rt_bytes cds_bytes,
        struct chaincode_instance *out)
{
    Protos__ChaincodeDeploymentSpec *cds;
    if (platforms_get_chaincode_deployment_spec(c->golang_only, cds_bytes, &cds))
        return;
    const Protos__ChaincodeID *id = RT_DEREF(RT_DEREF(cds->chaincode_spec)->chaincode_id);
    *out = (struct chaincode_instance){ true, chain_id, id->name };
}

/* getTxCCInstance. */
static struct rt_error *get_tx_cc_instance(const Common__Payload *payload, struct tx_validation *v)
{
    Common__ChannelHeader *chdr;
    struct rt_error *err = protoutil_get_channel_header(payload->header->channel_header, &chdr);
    if (err)
        return err;
    Protos__ChaincodeHeaderExtension *extension;
    err = protoutil_get_chaincode_header_extension(payload->header, &extension);
    if (err)
        return err;
    const Protos__ChaincodeID *invoke = RT_DEREF(extension->chaincode_id);
    v->chaincode = (struct chaincode_instance){ true, chdr->channel_id, invoke->name };

    Protos__Transaction *tx;
    Protos__ChaincodeActionPayload *cap;
    Protos__ChaincodeProposalPayload *cpp;
    Protos__ChaincodeInvocationSpec *cis;
    if (protoutil_get_transaction(payload->data, &tx))
        return NULL;
    if (tx->n_actions == 0)
        rt_panic_index();
    if (protoutil_get_chaincode_action_payload(tx->actions[0]->payload, &cap) ||
            protoutil_get_chaincode_proposal_payload(cap->chaincode_proposal_payload, &cpp) ||
            WIRE_UNMARSHAL(protos__chaincode_invocation_spec, cpp->input, &cis))
        return NULL;
    if (!rt_str_is(invoke->name, "lscc"))
        return NULL;
    const Protos__ChaincodeInput *input = RT_DEREF(RT_DEREF(cis->chaincode_spec)->input);
    if (input->n_args == 0)
        rt_panic_index();
    if (rt_str_is(input->args[0], "upgrade")) {
        if (input->n_args < 3)
            rt_panic_index();
        get_upgrade_tx_instance(v->c, chdr->channel_id, input->args[2], &v->upgraded_chaincode);
    }
    return NULL;
}

/* ---- one transaction ---- */

/* checkTxIdDupsLedger: true if the transaction may go on. */
static bool check_tx_id_dups_ledger(struct tx_validation *v, rt_str tx_id)
{
    const struct peer_ledger *ledger = v->c->config.ledger;
    Protos__ProcessedTransaction *known;
    struct rt_error *err = ledger->get_transaction_by_id(ledger->self, tx_id, &known);
    if (!err) {
        rt_note("Duplicate transaction found, %S, skipping", tx_id);
        v->code = CODE(DUPLICATE_TXID);
        return false;
    }
    if (!rt_error_is(err, ledger_not_found_in_index_err)) {
        v->err = err;
        return false;
    }
    return true;
}

static void validate_endorser_tx(
        struct tx_validation *v, const Common__Payload *payload, const Common__ChannelHeader *chdr)
{
    if (!check_tx_id_dups_ledger(v, chdr->tx_id))
        return;
    Protos__TxValidationCode code = CODE(VALID);
    struct rt_error *err = vscc_validate_tx(v->c, v->index, payload, v->block, &code);
    if (err) {
        rt_note("VSCCValidateTx for transaction txId = %S returned error: %v", chdr->tx_id, err);
        if (rt_error_is(err, vscc_execution_failure_error) ||
                rt_error_is(err, vscc_info_lookup_failure_error))
            v->err = err;
        else
            v->code = code;
        return;
    }
    if (get_tx_cc_instance(payload, v)) {
        v->code = CODE(INVALID_OTHER_REASON);
        return;
    }
    v->tx_id = chdr->tx_id;
    v->code = CODE(VALID);
}

static void judge_tx(struct tx_validation *v)
{
    rt_bytes data = v->block->data->data[v->index];
    Common__Envelope *env;
    if (protoutil_get_envelope_from_block(data, &env)) {
        v->code = CODE(INVALID_OTHER_REASON);
        return;
    }
    Common__Payload *payload;
    v->code = validation_validate_transaction(v->c->config.msp_mgmt, env, &payload);
    if (v->code != CODE(VALID))
        return;
    Common__ChannelHeader *chdr;
    if (protoutil_get_channel_header(payload->header->channel_header, &chdr)) {
        v->code = CODE(INVALID_OTHER_REASON);
        return;
    }
    if (chdr->type == COMMON__HEADER_TYPE__ENDORSER_TRANSACTION)
        validate_endorser_tx(v, payload, chdr);
    else if (chdr->type == COMMON__HEADER_TYPE__CONFIG)
        v->err = rt_errorf("cclab: configuration updates are not modelled");
    else
        v->code = CODE(UNKNOWN_TX_TYPE);
    rt_bytes bytes;
    if (!v->err && v->code == CODE(VALID) && WIRE_MARSHAL(env, &bytes))
        v->code = CODE(MARSHAL_TX_ERROR);
}

/* validateTx. Nil data gives a result that says VALID, as in Fabric. */
static void validate_tx(void *arg)
{
    struct tx_validation *v = arg;
    if (v->block->data->data[v->index].data)
        judge_tx(v);
    if (v->code != CODE(VALID))
        rt_note("Transaction %zu of block %llu is invalid: %S", v->index,
                (unsigned long long)v->block->header->number,
                tx_validation_code_string((int32_t)v->code));
    rt_send(v->results, v);
}

/* ---- the block ---- */

struct block_validation {
    struct tx_validation *txs;
    size_t count;
};

static void start_workers(void *arg)
{
    struct block_validation *b = arg;
    for (size_t i = 0; i < b->count; i++)
        rt_go("validateTx", validate_tx, &b->txs[i]);
}

/* markTXIdDuplicates. */
static void mark_tx_id_duplicates(struct block_validation *b)
{
    struct rt_map *seen = rt_map_new();
    for (size_t i = 0; i < b->count; i++) {
        struct tx_validation *v = &b->txs[i];
        if (v->code != CODE(VALID) || v->tx_id.len == 0)
            continue;
        if (rt_map_has(seen, v->tx_id))
            v->code = CODE(DUPLICATE_TXID);
        else
            rt_map_put(seen, v->tx_id, v);
    }
}

static bool same_chaincode(const struct chaincode_instance *a, const struct chaincode_instance *b)
{
    return a->present && b->present && rt_str_eq(a->name, b->name) &&
           rt_str_eq(a->chain_id, b->chain_id);
}

/* invalidTXsForUpgradeCC: the last upgrade of a chaincode in a block stands; other upgrades and
 * invocations of it do not. Only transactions that were valid so far count, but one that became a
 * duplicate meanwhile still does. */
static void invalid_txs_for_upgrade_cc(struct block_validation *b, const bool *was_valid)
{
    for (size_t i = 0; i < b->count; i++) {
        if (!was_valid[i] || !b->txs[i].upgraded_chaincode.present)
            continue;
        for (size_t j = 0; j < b->count; j++) {
            struct tx_validation *other = &b->txs[j];
            if (!was_valid[j])
                continue;
            if (j < i && same_chaincode(&b->txs[i].upgraded_chaincode, &other->upgraded_chaincode))
                other->code = CODE(CHAINCODE_VERSION_CONFLICT);
            if (other->code == CODE(VALID) &&
                    same_chaincode(&b->txs[i].upgraded_chaincode, &other->chaincode))
                other->code = CODE(CHAINCODE_VERSION_CONFLICT);
        }
    }
}

/* utils.InitBlockMetadata, then the codes. */
static void set_transactions_filter(Common__Block *block, const struct block_validation *b)
{
    enum { COUNT = COMMON__BLOCK_METADATA_INDEX__COMMIT_HASH + 1 };
    if (!block->metadata)
        block->metadata = WIRE_NEW(common__block_metadata);
    Common__BlockMetadata *metadata = block->metadata;
    if (metadata->n_metadata < COUNT) {
        metadata->metadata =
                rt_grow(metadata->metadata, metadata->n_metadata, COUNT, sizeof(rt_bytes));
        for (size_t i = metadata->n_metadata; i < COUNT; i++)
            metadata->metadata[i] = rt_bytes_dup("", 0);
        metadata->n_metadata = COUNT;
    }
    rt_bytes flags = { b->count, rt_alloc(b->count + 1) };
    for (size_t i = 0; i < b->count; i++)
        flags.data[i] = (uint8_t)b->txs[i].code;
    metadata->metadata[COMMON__BLOCK_METADATA_INDEX__TRANSACTIONS_FILTER] = flags;
}

struct rt_error *committer_validate(struct committer *c, Common__Block *block)
{
    struct block_validation b = { rt_new_array(struct tx_validation, block->data->n_data),
        block->data->n_data };
    struct block_validation *shared = rt_new(struct block_validation);
    struct rt_chan *results = rt_chan_make(0, "validator.results");
    for (size_t i = 0; i < b.count; i++)
        b.txs[i] = (struct tx_validation){ .c = c, .block = block, .index = i, .results = results };
    *shared = b;
    rt_go("validator", start_workers, shared);
    for (size_t i = 0; i < b.count; i++) {
        void *result;
        rt_recv(results, &result);
    }
    /* The error of the first transaction that has one. */
    bool *was_valid = rt_new_array(bool, b.count);
    for (size_t i = 0; i < b.count; i++) {
        if (b.txs[i].err)
            return b.txs[i].err;
        was_valid[i] = b.txs[i].code == CODE(VALID);
    }
    if (application_capabilities_forbid_duplicate_txid_in_block(&c->config.channel->capabilities))
        mark_tx_id_duplicates(&b);
    invalid_txs_for_upgrade_cc(&b, was_valid);
    set_transactions_filter(block, &b);
    return NULL;
}
