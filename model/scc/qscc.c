/* Follows core/scc/qscc/query.go. */
#include "model/scc/qscc.h"

#include "model/ledger/ledger.h"
#include "model/policy/aclmgmt.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/common.pb-c.h"
#include "proto/ledger.pb-c.h"
#include "proto/proposal_response.pb-c.h"
#include "proto/transaction.pb-c.h"

static Protos__Response errorf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str text = rt_vsprintf(format, args);
    va_end(args);
    return shim_error(text);
}

static Protos__Response marshal(const ProtobufCMessage *message)
{
    rt_bytes bytes;
    struct rt_error *err = wire_marshal(message, &bytes);
    return err ? errorf("%v", err) : shim_success(bytes);
}

/* strconv.ParseUint(s, 10, 64). */
static struct rt_error *parse_uint(rt_str s, uint64_t *number)
{
    const char *problem = s.len == 0 ? "invalid syntax" : NULL;
    *number = 0;
    for (size_t i = 0; i < s.len && !problem; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            problem = "invalid syntax";
        else if (__builtin_mul_overflow(*number, (uint64_t)10, number) ||
                 __builtin_add_overflow(*number, (uint64_t)(s.data[i] - '0'), number))
            problem = "value out of range";
    }
    return problem ? rt_errorf("strconv.ParseUint: parsing %q: %s", s, problem) : NULL;
}

static Protos__Response get_transaction_by_id(const struct peer_ledger *vledger, rt_bytes tid)
{
    if (!tid.data)
        return errorf("Transaction ID must not be nil.");
    Protos__ProcessedTransaction *transaction;
    struct rt_error *err = vledger->get_transaction_by_id(vledger->self, tid, &transaction);
    if (err)
        return errorf("Failed to get transaction with id %S, error %v", tid, err);
    return marshal(&transaction->base);
}

static Protos__Response get_block_by_number(const struct peer_ledger *vledger, rt_bytes number)
{
    if (!number.data)
        return errorf("Block number must not be nil.");
    uint64_t bnum;
    struct rt_error *err = parse_uint(number, &bnum);
    if (err)
        return errorf("Failed to parse block number with error %v", err);
    Common__Block *block;
    err = vledger->get_block_by_number(vledger->self, bnum, &block);
    if (err)
        return errorf("Failed to get block number %llu, error %v", (unsigned long long)bnum, err);
    return marshal(&block->base);
}

static Protos__Response get_block_by_hash(const struct peer_ledger *vledger, rt_bytes hash)
{
    if (!hash.data)
        return errorf("Block hash must not be nil.");
    Common__Block *block;
    struct rt_error *err = vledger->get_block_by_hash(vledger->self, hash, &block);
    if (err)
        return errorf("Failed to get block hash %S, error %v", hash, err);
    return marshal(&block->base);
}

static Protos__Response get_chain_info(const struct peer_ledger *vledger)
{
    Common__BlockchainInfo *info;
    struct rt_error *err = vledger->get_blockchain_info(vledger->self, &info);
    if (err)
        return errorf("Failed to get block info with error %v", err);
    return marshal(&info->base);
}

static Protos__Response get_block_by_tx_id(const struct peer_ledger *vledger, rt_bytes tx_id)
{
    Common__Block *block;
    struct rt_error *err = vledger->get_block_by_tx_id(vledger->self, tx_id, &block);
    if (err)
        return errorf("Failed to get block for txID %S, error %v", tx_id, err);
    return marshal(&block->base);
}

static Protos__Response dispatch(
        const struct peer_ledger *vledger, const rt_bytes *args, size_t count)
{
    rt_str fname = args[0];
    if (rt_str_is(fname, "GetChainInfo"))
        return get_chain_info(vledger);
    rt_bytes third = count > 2 ? args[2] : RT_NIL; /* there are three by now */
    if (rt_str_is(fname, "GetTransactionByID"))
        return get_transaction_by_id(vledger, third);
    if (rt_str_is(fname, "GetBlockByNumber"))
        return get_block_by_number(vledger, third);
    if (rt_str_is(fname, "GetBlockByHash"))
        return get_block_by_hash(vledger, third);
    if (rt_str_is(fname, "GetBlockByTxID"))
        return get_block_by_tx_id(vledger, third);
    return errorf("Requested function %S not found.", fname);
}

static Protos__Response invoke(void *self, const struct chaincode_stub *stub)
{
    struct ledger_querier *e = self;
    size_t count;
    const rt_bytes *args = stub->get_args(stub->self, &count);
    if (count < 2)
        return errorf("Incorrect number of arguments, %zu", count);
    rt_str fname = args[0];
    rt_str cid = args[1];
    if (!rt_str_is(fname, "GetChainInfo") && count < 3)
        return errorf("missing 3rd argument for %S", fname);
    const struct peer_ledger *target = e->peer->get_ledger(e->peer->self, cid);
    if (!target)
        return errorf("Invalid chain ID, %S", cid);
    Protos__SignedProposal *sp = NULL;
    struct rt_error *err = stub->get_signed_proposal(stub->self, &sp);
    if (err)
        return errorf("Failed getting signed proposal from stub, %S: %v", cid, err);
    err = e->acl_provider->check_acl(e->acl_provider->self, rt_str_cat(RT_STR("qscc/"), fname), cid,
            acl_signed_proposal(sp));
    if (err)
        return errorf("access denied for [%S][%S]: [%v]", fname, cid, err);
    return dispatch(target, args, count);
}

static Protos__Response init(void *self, const struct chaincode_stub *stub)
{
    (void)self;
    (void)stub;
    return shim_success(RT_NIL);
}

struct ledger_querier *qscc_new(
        const struct acl_provider *acl_provider, const struct peer_operations *peer)
{
    struct ledger_querier *e = rt_new(struct ledger_querier);
    *e = (struct ledger_querier){
        .acl_provider = acl_provider,
        .peer = peer,
        .chaincode = { .self = e, .init = init, .invoke = invoke },
    };
    e->scc = (struct self_describing_sys_cc){
        .name = RT_STR("qscc"),
        .path = RT_STR("github.com/hyperledger/fabric/core/scc/qscc"),
        .chaincode = &e->chaincode,
        .invokable_external = true,
        .invokable_cc2cc = true,
        .enabled = true,
    };
    return e;
}
