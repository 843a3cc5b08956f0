/* Blocks made by hand. */
#include "tests/ledger/helper_block.h"

#include "model/rt/arena.h"
#include "model/wire/wire.h"

#include "proto/proposal.pb-c.h"
#include "proto/proposal_response.pb-c.h"
#include "proto/transaction.pb-c.h"

Common__Block *helper_make_block(
        rt_bytes results, rt_str tx_id, uint64_t block_number, rt_bytes previous_hash)
{
    Protos__ChaincodeAction *action = WIRE_NEW(protos__chaincode_action);
    action->results = results;
    Protos__ProposalResponsePayload *prp = WIRE_NEW(protos__proposal_response_payload);
    prp->extension = WIRE_MARSHAL_OR_PANIC(action);
    Protos__ChaincodeActionPayload *cap = WIRE_NEW(protos__chaincode_action_payload);
    cap->action = WIRE_NEW(protos__chaincode_endorsed_action);
    cap->action->proposal_response_payload = WIRE_MARSHAL_OR_PANIC(prp);
    Protos__TransactionAction *tx_action = WIRE_NEW(protos__transaction_action);
    tx_action->payload = WIRE_MARSHAL_OR_PANIC(cap);
    Protos__Transaction *tx = WIRE_NEW(protos__transaction);
    tx->actions = &tx_action;
    tx->n_actions = 1;
    Common__ChannelHeader *chdr = WIRE_NEW(common__channel_header);
    chdr->type = COMMON__HEADER_TYPE__ENDORSER_TRANSACTION;
    chdr->tx_id = tx_id;
    Common__Payload *payload = WIRE_NEW(common__payload);
    payload->header = WIRE_NEW(common__header);
    payload->header->channel_header = WIRE_MARSHAL_OR_PANIC(chdr);
    payload->data = WIRE_MARSHAL_OR_PANIC(tx);
    Common__Envelope *envelope = WIRE_NEW(common__envelope);
    envelope->payload = WIRE_MARSHAL_OR_PANIC(payload);

    Common__Block *block = WIRE_NEW(common__block);
    block->header = WIRE_NEW(common__block_header);
    block->header->number = block_number;
    block->header->previous_hash = previous_hash;
    block->data = WIRE_NEW(common__block_data);
    block->data->n_data = 1;
    block->data->data = rt_new(rt_bytes);
    block->data->data[0] = WIRE_MARSHAL_OR_PANIC(envelope);
    block->metadata = WIRE_NEW(common__block_metadata);
    block->metadata->n_metadata = 5;
    block->metadata->metadata = rt_new_array(rt_bytes, 5);
    block->metadata->metadata[COMMON__BLOCK_METADATA_INDEX__TRANSACTIONS_FILTER] =
            rt_bytes_dup("", 1);
    return block;
}
