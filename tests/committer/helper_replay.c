/* The recorded actions of a transaction, replayed against a simulator. */
#include "tests/committer/helper_replay.h"

#include <stdlib.h>

#include "model/ledger/rwset_proto_util.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/arena.h"
#include "tests/support/test.h"

/* ---- worlds ---- */

static rt_str text(const char *s)
{
    return rt_str_dup(rt_str_from(s));
}

static void load_key(struct world_key *key, const char *ns, const char *name, const json_t *entry)
{
    const json_t *version = json_object_get(entry, "version");
    key->ns = text(ns);
    key->key = text(name);
    key->value = replay_hex(entry, "value");
    key->block = (uint64_t)json_integer_value(json_array_get(version, 0));
    key->tx = (uint64_t)json_integer_value(json_array_get(version, 1));
}

static int by_ns_and_key(const void *a, const void *b)
{
    const struct world_key *x = a, *y = b;
    int order = rt_str_cmp(x->ns, y->ns);
    return order ? order : rt_str_cmp(x->key, y->key);
}

struct world_channel *replay_load_channel(const char *path, const char *name)
{
    json_error_t error;
    json_t *world = json_load_file(path, 0, &error);
    assert_non_null(world);
    const json_t *json = json_object_get(json_object_get(world, "channels"), name);
    assert_non_null(json);
    struct world_channel *channel = rt_new(struct world_channel);
    channel->name = text(name);
    channel->height = (uint64_t)json_integer_value(json_object_get(json, "height"));
    const char *ns, *key;
    json_t *keys, *entry;
    json_object_foreach(json_object_get(json, "state"), ns, keys) channel->state_count +=
            json_object_size(keys);
    channel->state = rt_new_array(struct world_key, channel->state_count);
    size_t at = 0;
    json_object_foreach(json_object_get(json, "state"), ns, keys)
    {
        json_object_foreach(keys, key, entry) load_key(&channel->state[at++], ns, key, entry);
    }
    qsort(channel->state, channel->state_count, sizeof(*channel->state), by_ns_and_key);
    json_decref(world);
    return channel;
}

rt_bytes replay_hex(const json_t *vector, const char *key)
{
    const char *hex = json_string_value(json_object_get(vector, key));
    rt_bytes bytes = RT_NIL;
    if (hex)
        assert_true(rt_unhex(rt_str_from(hex), &bytes));
    return bytes;
}

/* ---- replaying ---- */

/* Reads as far as the recorded query did: to the end, or as many keys as it saw. */
static void replay_range(
        const struct query_executor *qe, rt_str ns, const Kvrwset__RangeQueryInfo *info)
{
    const struct results_iterator *iterator;
    qe->get_state_range_scan_iterator(qe->self, ns, info->start_key,
            info->itr_exhausted ? info->end_key : RT_STR(""), &iterator);
    size_t seen = 0;
    if (info->reads_info_case == KVRWSET__RANGE_QUERY_INFO__READS_INFO_RAW_READS)
        seen = info->raw_reads->n_kv_reads;
    bool more = true;
    for (size_t i = 0; more && (info->itr_exhausted || i < seen); i++) {
        void *result;
        more = !iterator->next(iterator->self, &result) && result;
    }
}

static void replay_namespace(const struct tx_simulator *sim, const struct ns_rw_set *set)
{
    const struct query_executor *qe = &sim->query;
    const Kvrwset__KVRWSet *kv = set->kv_rw_set;
    rt_bytes value;
    for (size_t i = 0; i < kv->n_reads; i++)
        qe->get_state(qe->self, set->name_space, kv->reads[i]->key, &value);
    for (size_t i = 0; i < kv->n_range_queries_info; i++)
        replay_range(qe, set->name_space, kv->range_queries_info[i]);
    for (size_t i = 0; i < kv->n_writes; i++)
        sim->set_state(sim->self, set->name_space, kv->writes[i]->key,
                kv->writes[i]->is_delete ? RT_NIL : kv->writes[i]->value);
}

bool replay_matches(const struct peer_ledger *ledger, rt_bytes proposal_response_payload)
{
    Protos__ProposalResponsePayload *prp;
    Protos__ChaincodeAction *action;
    struct tx_rw_set set;
    if (protoutil_get_proposal_response_payload(proposal_response_payload, &prp) ||
            protoutil_get_chaincode_action(prp->extension, &action) ||
            tx_rw_set_from_proto_bytes(action->results, &set))
        return false;
    const struct tx_simulator *sim;
    if (ledger->new_tx_simulator(ledger->self, RT_STR("replay"), &sim))
        return false;
    for (size_t i = 0; i < set.ns_rw_set_count; i++)
        replay_namespace(sim, &set.ns_rw_sets[i]);
    struct tx_simulation_results *results;
    rt_bytes bytes = RT_NIL;
    struct rt_error *err = sim->get_tx_simulation_results(sim->self, &results);
    if (!err)
        err = ledger_pub_simulation_bytes(results, &bytes);
    sim->query.done(sim->query.self);
    return !err && rt_str_eq(bytes, action->results);
}
