/* A channel with a little state, and its peer. */
#include <string.h>

#include "tests/ledger/helper_channel.h"

#include "model/lab/world.h"
#include "model/ledger/validator.h"
#include "model/wire/wire.h"
#include "tests/ledger/helper_block.h"
#include "tests/support/test.h"

#include "proto/ccprovider.pb-c.h"
#include "proto/collection.pb-c.h"
#include "proto/ledger.pb-c.h"
#include "proto/rwset.pb-c.h"

static struct rt_buf said;

void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str text = rt_vsprintf(format, args);
    va_end(args);
    rt_buf_put_str(&said, text);
    rt_buf_put_byte(&said, '\n');
}

char *all_said(void)
{
    return rt_cstr(rt_buf_str(&said));
}

void say_err(struct rt_error *err)
{
    say("%v", err);
}

/* ---- a channel ---- */

struct ledger_disk *disk;
const struct peer_ledger *ledger;
struct rt_proc *peer;

static rt_bytes chaincode_data(void)
{
    Ccprovider__ChaincodeData *data = WIRE_NEW(ccprovider__chaincode_data);
    data->name = RT_STR("cc");
    data->version = RT_STR("1");
    return WIRE_MARSHAL_OR_PANIC(data);
}

static rt_bytes collections(void)
{
    Common__CollectionConfigPackage *package = WIRE_NEW(common__collection_config_package);
    Common__CollectionConfig *config = WIRE_NEW(common__collection_config);
    config->payload_case = COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG;
    config->static_collection_config = WIRE_NEW(common__static_collection_config);
    config->static_collection_config->name = RT_STR("secret");
    package->config = &config;
    package->n_config = 1;
    return WIRE_MARSHAL_OR_PANIC(package);
}

void open_channel(void)
{
    said = (struct rt_buf){ 0 };
    struct world_key state[] = {
        { RT_STR("cc"), RT_STR("a"), RT_STR("1"), RT_NIL, 1, 0 },
        { RT_STR("cc"), RT_STR("b"), RT_STR("2"), RT_NIL, 1, 0 },
        { RT_STR("lscc"), RT_STR("cc"), chaincode_data(), RT_NIL, 1, 0 },
        { RT_STR("lscc"), RT_STR("cc~collection"), collections(), RT_NIL, 1, 0 },
        { RT_STR("lscc"), RT_STR("other"), chaincode_data(), RT_NIL, 1, 0 },
    };
    struct world_channel *channel = rt_new(struct world_channel);
    channel->name = RT_STR("ch");
    channel->height = 2;
    channel->state_count = sizeof(state) / sizeof(state[0]);
    channel->state = rt_new_array(struct world_key, channel->state_count);
    memcpy(channel->state, state, sizeof(state));
    disk = ledger_disk_new(channel);
}

void start_peer(void)
{
    peer = rt_proc_new("peer");
    assert_null(kv_ledger_open(disk, NULL, NULL, &ledger));
}

const struct tx_simulator *simulator(const char *tx_id)
{
    const struct tx_simulator *sim;
    ledger->new_tx_simulator(ledger->self, rt_str_from(tx_id), &sim);
    return sim;
}

rt_bytes finish(const struct tx_simulator *sim, struct tx_simulation_results **results)
{
    rt_bytes bytes = RT_NIL;
    sim->get_tx_simulation_results(sim->self, results);
    assert_null(ledger_pub_simulation_bytes(*results, &bytes));
    sim->query.done(sim->query.self);
    return bytes;
}

void commit_pvt(rt_bytes results, const char *tx_id, Rwset__TxPvtReadWriteSet *pvt)
{
    Common__BlockchainInfo *info;
    ledger->get_blockchain_info(ledger->self, &info);
    Common__Block *block =
            helper_make_block(results, rt_str_from(tx_id), info->height, info->currentblockhash);
    struct block_and_pvt_data data = { block, &pvt, pvt ? 1 : 0 };
    struct rt_error *err = ledger->commit_with_pvt_data(ledger->self, &data);
    if (err)
        say_err(err);
    else
        say("%s: block %llu code %d", tx_id, (unsigned long long)block->header->number,
                (int)block_validation_flag(block, 0));
}

void commit(rt_bytes results, const char *tx_id)
{
    commit_pvt(results, tx_id, NULL);
}

rt_bytes put_set(const char *key, const char *value)
{
    struct tx_simulation_results *results;
    const struct tx_simulator *sim = simulator("put");
    sim->set_state(sim->self, RT_STR("cc"), rt_str_from(key), value ? rt_str_from(value) : RT_NIL);
    return finish(sim, &results);
}

void say_state(const char *key)
{
    const struct query_executor *qe;
    rt_bytes value;
    ledger->new_query_executor(ledger->self, &qe);
    qe->get_state(qe->self, RT_STR("cc"), rt_str_from(key), &value);
    say("%s=%S", key, value.data ? value : RT_STR("nil"));
    qe->done(qe->self);
}

uint32_t run(rt_fn fn, const char *expected)
{
    struct rt *rt = rt_machine_new();
    struct rt_config config = { 0 };
    rt_begin(rt, &config);
    open_channel();
    start_peer();
    rt_go_in(peer, "main", fn, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    uint32_t left;
    rt_fibers(rt, &left);
    if (rt_proc_panic(peer).data)
        say("panic: %S", rt_proc_panic(peer));
    assert_string_equal(all_said(), expected);
    rt_end(rt);
    rt_machine_free(rt);
    return left;
}
