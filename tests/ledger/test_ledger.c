/* Simulations by the rules of Fabric's lockbasedtxmgr: what is refused and with which words,
 * private data, and what kills the peer. */
#include <string.h>

#include "model/crypto/crypto.h"
#include "model/wire/wire.h"
#include "tests/ledger/helper_channel.h"
#include "tests/support/test.h"

#include "proto/kv_rwset.pb-c.h"
#include "proto/rwset.pb-c.h"

/* ---- what is refused ---- */

static void refused(void *arg)
{
    (void)arg;
    const struct results_iterator *itr;
    const struct query_results_iterator *page;
    struct tx_simulation_results *results;
    rt_bytes value;
    void *kv;
    const struct tx_simulator *sim = simulator("t");
    say_err(sim->query.execute_query(sim->query.self, RT_STR("cc"), RT_STR("{}"), &itr));
    say_err(sim->query.execute_query_with_metadata(
            sim->query.self, RT_STR("cc"), RT_STR("{}"), NULL, &page));
    say_err(sim->set_state(sim->self, RT_STR("cc"), RT_STR("a"), RT_STR("x")));
    say_err(sim->execute_update(sim->self, RT_STR("")));
    sim->query.done(sim->query.self);

    sim = simulator("u");
    sim->query.get_state_range_scan_iterator(
            sim->query.self, RT_STR("cc"), RT_STR(""), RT_STR(""), &itr);
    itr->next(itr->self, &kv);
    sim->get_tx_simulation_results(sim->self, &results);
    say_err(sim->get_tx_simulation_results(sim->self, &results));
    sim->query.done(sim->query.self);
    sim->query.done(sim->query.self);
    itr->next(itr->self, &kv);
    say("%s", kv ? "a result after Done" : "exhausted after Done");
    say_err(sim->query.get_state(sim->query.self, RT_STR("cc"), RT_STR("a"), &value));
    say_err(sim->set_state(sim->self, RT_STR("cc"), RT_STR("a"), RT_STR("x")));
}

static void test_refused(void **state)
{
    (void)state;
    run(refused, "ExecuteQuery not supported for leveldb\n"
                 "ExecuteQueryWithMetadata not supported for leveldb\n"
                 "txid [t]: Transaction has already performed a paginated query. Writes are not "
                 "allowed\n"
                 "not supported\n"
                 "this function should only be called once on a transaction simulator instance\n"
                 "exhausted after Done\n"
                 "this instance should not be used after calling Done()\n"
                 "this instance should not be used after calling Done()\n");
}

/* ---- private data ---- */

static void collections_checked(void *arg)
{
    (void)arg;
    rt_bytes value;
    const struct results_iterator *itr;
    struct rt_map *metadata;
    const struct tx_simulator *sim = simulator("t");
    void *self = sim->query.self;
    say_err(sim->query.get_private_data(self, RT_STR("cc"), RT_STR("none"), RT_STR("k"), &value));
    say_err(sim->query.get_private_data(
            self, RT_STR("other"), RT_STR("secret"), RT_STR("k"), &value));
    say_err(sim->set_private_data(
            self, RT_STR("unknown"), RT_STR("secret"), RT_STR("k"), RT_STR("v")));
    say_err(sim->query.get_private_data_metadata_by_hash(
            self, RT_STR("cc"), RT_STR("secret"), RT_STR("h"), &metadata));
    say_err(sim->query.get_private_data_range_scan_iterator(
            self, RT_STR("cc"), RT_STR("secret"), RT_STR(""), RT_STR(""), &itr));
    say_err(sim->set_private_data(self, RT_STR("cc"), RT_STR("secret"), RT_STR("k"), RT_STR("v")));
    sim->query.done(self);
}

static void test_collections_checked(void **state)
{
    (void)state;
    run(collections_checked,
            "collection [none] not defined in the collection config for chaincode [cc]\n"
            "collection config not defined for chaincode [other], pass the collection "
            "configuration upon chaincode definition/instantiation\n"
            "collection config not defined for chaincode [unknown], pass the collection "
            "configuration upon chaincode definition/instantiation\n"
            "retrieving private data metadata by keyhash is not supported in simulation. This "
            "function is only available for query as yet\n"
            "<nil>\n"
            "txid [t]: Transaction has already performed queries on pvt data. Writes are not "
            "allowed\n");
}

static void say_private(const char *key)
{
    const struct query_executor *qe;
    rt_bytes value = RT_NIL;
    ledger->new_query_executor(ledger->self, &qe);
    struct rt_error *err = qe->get_private_data(
            qe->self, RT_STR("cc"), RT_STR("secret"), rt_str_from(key), &value);
    say("%s=%S %v", key, value.data ? value : RT_STR("nil"), err);
    qe->done(qe->self);
}

static rt_bytes put_private(const char *value, struct tx_simulation_results **results)
{
    const struct tx_simulator *sim = simulator("p");
    sim->set_private_data(
            sim->self, RT_STR("cc"), RT_STR("secret"), RT_STR("k"), rt_str_from(value));
    return finish(sim, results);
}

static void private_data(void *arg)
{
    (void)arg;
    struct tx_simulation_results *results;
    rt_bytes set = put_private("v", &results);
    Rwset__NsReadWriteSet *ns = results->pub->ns_rwset[0];
    Kvrwset__HashedRWSet *hashed;
    WIRE_UNMARSHAL(kvrwset__hashed_rwset, ns->collection_hashed_rwset[0]->hashed_rwset, &hashed);
    say("%S %S", ns->namespace_, ns->collection_hashed_rwset[0]->collection_name);
    say("%x", hashed->hashed_writes[0]->key_hash);
    say("%x", hashed->hashed_writes[0]->value_hash);
    say("%t",
            rt_str_eq(ns->collection_hashed_rwset[0]->pvt_rwset_hash,
                    crypto_sha256(results->pvt->ns_pvt_rwset[0]->collection_pvt_rwset[0]->rwset)));
    commit_pvt(set, "t1", results->pvt);
    say_private("k");
    /* A block that comes without its private writes leaves the hash alone. */
    commit(put_private("w", &results), "t2");
    say_private("k");
}

static void test_private_data(void **state)
{
    (void)state;
    /* sha256("k") and sha256("v"), by sha256sum. */
    run(private_data,
            "cc secret\n"
            "8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a\n"
            "4c94485e0c21ae6c41ce1dfe7b6bfaceea5ab68e40a2476f50208e526f506080\n"
            "true\n"
            "t1: block 2 code 0\n"
            "k=v <nil>\n"
            "t2: block 3 code 0\n"
            "k=nil private data matching public hash version is not available. Public hash "
            "version = {BlockNum: 3, TxNum: 0}, Private data version = {BlockNum: 2, TxNum: 0}\n");
}

/* ---- panics that an orderly transaction can cause ---- */

static rt_bytes many_keys(unsigned from, unsigned to)
{
    struct tx_simulation_results *results;
    const struct tx_simulator *sim = simulator("many");
    for (unsigned i = from; i < to; i++)
        sim->set_state(
                sim->self, RT_STR("wide"), rt_sprintf("k%d", (int)(100000 + i)), RT_STR("v"));
    return finish(sim, &results);
}

static void phantoms_after_2550(void *arg)
{
    (void)arg;
    commit(many_keys(0, 2550), "t1");
    const struct results_iterator *itr;
    struct tx_simulation_results *results;
    const struct tx_simulator *sim = simulator("reader");
    sim->query.get_state_range_scan_iterator(
            sim->query.self, RT_STR("wide"), RT_STR(""), RT_STR(""), &itr);
    void *result;
    while (!itr->next(itr->self, &result) && result)
        continue;
    rt_bytes set = finish(sim, &results);
    commit(many_keys(2550, 2600), "t2");
    commit(set, "t3");
    commit(many_keys(2600, 2601), "t4");
    commit(set, "t5");
}

static void test_phantoms_after_2550(void **state)
{
    (void)state;
    /* Seen in the real one: 50 phantoms are a conflict, 51 kill the peer. */
    run(phantoms_after_2550, "t1: block 2 code 0\nt2: block 3 code 0\nt3: block 4 code 12\n"
                             "t4: block 5 code 0\n"
                             "panic: runtime error: index out of range\n");
}

static void empty_value(void *arg)
{
    (void)arg;
    /* On the wire an empty value is no value, but it is no delete either. */
    commit(put_set("a", ""), "t1");
}

static void test_empty_value(void **state)
{
    (void)state;
    run(empty_value, "panic: Nil value not allowed. Instead call 'Delete' function\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_collections_checked),
        cmocka_unit_test(test_private_data),
        cmocka_unit_test(test_phantoms_after_2550),
        cmocka_unit_test(test_empty_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
