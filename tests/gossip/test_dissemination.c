/* To whom private data goes and what becomes of it, against gossip's code of 1.4.2.
 *
 * Each line of dissemination.jsonl is a situation: who is there (`peers`: in the channel or not,
 * good for the collections' policies or not, and of kind "send" what they answer how late, in
 * tenths of the timeout), what was written (`writes`, with collections, marshalled), and all
 * `outcomes` that the real distributor, SendByCriteria and ackSendOperation had in many runs.
 * Random schedules and choices of the model have those and no other ones. */
#include "model/gossip/distributor.h"
#include "model/gossip/gossip_impl.h"
#include "model/privdata/simple_collection.h"
#include "model/rt/arena.h"
#include "model/rt/clock.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "proto/msp_principal.pb-c.h"
#include "proto/rwset.pb-c.h"

enum { RUNS = 300, MAX_PEERS = 8, MAX_OUTCOMES = 256 };
static const int64_t unit_ns = 1000000;

static rt_str text(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return value ? rt_bytes_dup(json_string_value(value), json_string_length(value)) : RT_NIL;
}

static bool yes(json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* ---- identities: "org|name|1" satisfies the roles of its organisation, "…|0" none ---- */

struct identity {
    struct msp_identity base;
    rt_str org;
    bool good;
};

static struct rt_error *verify(void *self, rt_bytes message, rt_bytes signature)
{
    (void)self, (void)message, (void)signature;
    return NULL;
}

static struct rt_error *satisfies(void *self, const Common__MSPPrincipal *principal)
{
    const struct identity *id = self;
    Common__MSPRole *role;
    assert_null(WIRE_UNMARSHAL(common__msprole, principal->principal, &role));
    return id->good && rt_str_eq(role->msp_identifier, id->org) ? NULL : rt_errorf("no");
}

static struct rt_error *deserialize(
        void *self, rt_bytes serialized, const struct msp_identity **out)
{
    size_t count;
    rt_str *parts = rt_str_split(serialized, RT_STR("|"), &count);
    (void)self;
    assert_int_equal(count, 3);
    struct identity *id = rt_new(struct identity);
    *id = (struct identity){ .org = parts[0], .good = rt_str_is(parts[2], "1") };
    id->base = (struct msp_identity){ .self = id,
        .identifier = { parts[0], parts[1] },
        .verify = verify,
        .satisfies_principal = satisfies };
    *out = &id->base;
    return NULL;
}

static const struct identity_deserializer *get_deserializer(void *self, rt_str chain)
{
    static const struct identity_deserializer deserializer = { NULL, deserialize, NULL };
    (void)self, (void)chain;
    return &deserializer;
}

/* ---- the network ---- */

struct peer {
    struct gossip_peer known;
    struct peer_signature info;
    bool in_channel;
    bool answers;
    struct rt_error *answer;
    int64_t late_ns;
};

/* A situation in a run. */
struct play {
    json_t *vector;
    struct peer peers[MAX_PEERS];
    struct gossip_peer *known[MAX_PEERS];
    size_t count;
    rt_str errors[MAX_OUTCOMES]; /* of disseminations */
    size_t error_count;
    struct gossip_adapter real;
    rt_str outcome;
};

static const struct peer_signature *state_info(const struct gossip_peer *known, rt_str channel)
{
    const struct peer *peer = known->more;
    (void)channel;
    return peer->in_channel ? &peer->info : NULL;
}

static struct gossip_peer *const *known_peers(void *self, size_t *count)
{
    struct play *play = self;
    *count = play->count;
    return play->known;
}

struct delivery {
    const struct peer *peer;
    struct rt_chan *acks;
};

static void deliver(void *arg)
{
    const struct delivery *d = arg;
    rt_sleep_ns(d->peer->late_ns);
    rt_send(d->acks, d->peer->answer);
}

static void send(void *self, const struct gossip_peer *to,
        const struct private_data_message *message, struct rt_chan *acks)
{
    struct delivery *d = rt_new(struct delivery);
    *d = (struct delivery){ to->more, acks };
    (void)self, (void)message;
    if (d->peer->answers)
        rt_go("deliver", deliver, d);
}

static bool in_channel(void *self, rt_str channel)
{
    (void)channel;
    return yes(((struct play *)self)->vector, "channel_exists");
}

static void make_peers(struct play *play)
{
    size_t i;
    json_t *from;
    json_array_foreach(json_object_get(play->vector, "peers"), i, from)
    {
        struct peer *peer = &play->peers[i];
        rt_str name = text(from, "name"), org = text(from, "org"), answer = text(from, "answer");
        rt_bytes id = rt_sprintf("%S|%S|%d", org, name, yes(from, "good"));
        *peer = (struct peer){
            .known = { { name, name }, { name, id, org }, true, state_info, peer },
            .info = { RT_STR("s"), RT_STR("m"), id },
            .in_channel = yes(from, "channel"),
            .answers = answer.data && !rt_str_is(answer, "none"),
            .answer = rt_str_is(answer, "ack") ? NULL : rt_error_new(answer),
            .late_ns = json_integer_value(json_object_get(from, "late")) * unit_ns,
        };
        play->known[play->count++] = &peer->known;
    }
}

/* ---- the data ---- */

static Rwset__NsPvtReadWriteSet *make_set(json_t *write)
{
    Rwset__NsPvtReadWriteSet *set = WIRE_NEW(rwset__ns_pvt_read_write_set);
    size_t i;
    json_t *name;
    set->namespace_ = text(write, "ns");
    set->collection_pvt_rwset = rt_new_array(Rwset__CollectionPvtReadWriteSet *, 8);
    json_array_foreach(json_object_get(write, "colls"), i, name)
    {
        Rwset__CollectionPvtReadWriteSet *coll = WIRE_NEW(rwset__collection_pvt_read_write_set);
        coll->collection_name = rt_str_dup(rt_str_from(json_string_value(name)));
        coll->rwset = RT_STR("x");
        set->collection_pvt_rwset[set->n_collection_pvt_rwset++] = coll;
    }
    return set;
}

static struct pvt_rwset_with_config *make_data(json_t *writes)
{
    struct pvt_rwset_with_config *data = rt_new(struct pvt_rwset_with_config);
    size_t i;
    json_t *write;
    data->endorsed_at = 7;
    data->pvt_rwset = WIRE_NEW(rwset__tx_pvt_read_write_set);
    data->pvt_rwset->ns_pvt_rwset = rt_new_array(Rwset__NsPvtReadWriteSet *, 8);
    data->collection_configs = rt_map_new();
    json_array_foreach(writes, i, write)
    {
        Common__CollectionConfigPackage *package;
        rt_bytes bytes = RT_NIL;
        data->pvt_rwset->ns_pvt_rwset[data->pvt_rwset->n_ns_pvt_rwset++] = make_set(write);
        if (yes(write, "no_package"))
            continue;
        assert_true(rt_unhex(text(write, "package"), &bytes));
        assert_null(WIRE_UNMARSHAL(common__collection_config_package, bytes, &package));
        rt_map_put(data->collection_configs, text(write, "ns"), package);
    }
    return data;
}

/* ---- one run ---- */

static int compare(const void *a, const void *b)
{
    return rt_str_cmp(*(const rt_str *)a, *(const rt_str *)b);
}

static rt_str sorted(rt_str *parts, size_t count)
{
    qsort(parts, count, sizeof(*parts), compare);
    return rt_str_join(parts, count, RT_STR("; "));
}

static rt_str describe(const struct play *play, const struct dissemination *d)
{
    const struct send_criteria *c = &d->criteria;
    rt_str names[MAX_PEERS];
    size_t count = 0;
    for (size_t i = 0; i < play->count; i++)
        if (play->peers[i].in_channel &&
                c->is_eligible.accepts(c->is_eligible.self, &play->known[i]->member))
            names[count++] = play->known[i]->member.pki_id;
    return rt_sprintf("%lld of %lld in %S", (long long)c->min_ack, (long long)c->max_peers,
            rt_str_join(names, count, RT_STR(" ")));
}

static rt_str plan_of(struct play *play, const struct pvt_data_distributor *d)
{
    struct dissemination *plan;
    rt_str parts[64];
    size_t count;
    struct rt_error *err = distributor_plan(
            d, RT_STR("tx"), make_data(json_object_get(play->vector, "writes")), &plan, &count);
    if (err)
        return rt_sprintf("error: %S", err->text);
    for (size_t i = 0; i < count; i++)
        parts[i] = describe(play, &plan[i]);
    return sorted(parts, count);
}

/* SendByCriteria, with its errors kept. */
static struct rt_error *send_by_criteria(void *self, const struct private_data_message *message,
        const struct send_criteria *criteria)
{
    struct play *play = self;
    struct rt_error *err = play->real.send_by_criteria(play->real.self, message, criteria);
    if (err)
        play->errors[play->error_count++] = err->text;
    return err;
}

static rt_str send_of(struct play *play, struct pvt_data_distributor *d)
{
    struct rt_error *err = distributor_distribute(
            d, RT_STR("tx"), make_data(json_object_get(play->vector, "writes")));
    if (!err)
        return RT_STR("sent");
    return rt_sprintf("%S: %S", err->text, sorted(play->errors, play->error_count));
}

/* Everything but sending is the real adapter's. */
static struct rt_error *peer_filter(void *self, rt_str channel,
        struct sub_channel_selection predicate, struct routing_filter *filter)
{
    struct play *play = self;
    return play->real.peer_filter(play->real.self, channel, predicate, filter);
}

static const struct peer_identity_info *identity_info(void *self, size_t *count)
{
    struct play *play = self;
    return play->real.identity_info(play->real.self, count);
}

static const struct network_member *peers_of_channel(void *self, rt_str channel, size_t *count)
{
    struct play *play = self;
    return play->real.peers_of_channel(play->real.self, channel, count);
}

static void go(void *arg)
{
    struct play *play = arg;
    bool sends = rt_str_is(text(play->vector, "kind"), "send");
    struct gossip_service *service = rt_new(struct gossip_service);
    struct privdata_support *support = rt_new(struct privdata_support);
    struct pvt_data_distributor *d = rt_new(struct pvt_data_distributor);
    make_peers(play);
    *service = (struct gossip_service){ { play, known_peers, send }, play, in_channel };
    *support = (struct privdata_support){ .get_identity_deserializer = get_deserializer };
    play->real = gossip_service_adapter(service);
    *d = (struct pvt_data_distributor){
        .chain_id = RT_STR("ch"),
        .gossip = { play, send_by_criteria, peer_filter, identity_info, peers_of_channel },
        .support = support,
        .push_ack_timeout_ns = yes(play->vector, "no_timeout") ? 0 : 10 * unit_ns,
    };
    play->outcome = rt_str_dup(sends ? send_of(play, d) : plan_of(play, d));
}

static void recover(void *arg)
{
    struct play *play = arg;
    rt_str panic;
    if (rt_recover(go, play, &panic))
        play->outcome = rt_sprintf("panic: %S", panic);
}

/* ---- all runs of a situation ---- */

static uint32_t draw(void *self, const struct rt_choice *choice)
{
    return rt_rng_below(self, choice->options);
}

/* The index of the outcome among the recorded ones; how many there are for another one. */
static size_t run_once(struct rt *machine, json_t *vector, uint64_t seed, size_t number)
{
    struct rt_rng rng = { seed };
    const struct rt_source source = { .self = &rng, .choose = draw };
    const struct rt_config config = { .source = &source };
    json_t *outcomes = json_object_get(vector, "outcomes");
    rt_begin(machine, &config);
    struct play *play = rt_new(struct play);
    play->vector = vector;
    rt_go_in(rt_proc_new("test"), "main", recover, play);
    assert_int_equal(rt_run(machine), RT_IDLE);
    assert_non_null(play->outcome.data);
    size_t i = 0, count = json_array_size(outcomes);
    while (i < count && !rt_str_is(play->outcome, json_string_value(json_array_get(outcomes, i))))
        i++;
    if (i == count)
        print_error("line %zu: %s\n", number, rt_cstr(play->outcome));
    rt_end(machine);
    return i;
}

static bool as_recorded(struct rt *machine, json_t *vector, size_t number)
{
    json_t *outcomes = json_object_get(vector, "outcomes");
    size_t count = json_array_size(outcomes);
    bool seen[MAX_OUTCOMES] = { false };
    assert_true(count < MAX_OUTCOMES);
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        size_t outcome = run_once(machine, vector, seed, number);
        if (outcome == count)
            return false;
        seen[outcome] = true;
    }
    for (size_t i = 0; i < count; i++) {
        if (seen[i])
            continue;
        print_error("line %zu: never seen: %s\n", number,
                json_string_value(json_array_get(outcomes, i)));
        return false;
    }
    return true;
}

static void outcomes_are_those_of_gossip(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("tests/gossip/dissemination.jsonl");
    size_t wrong = 0, right = 0;
    json_t *vector;
    struct rt *machine = rt_machine_new();
    while ((vector = support_next_vector(&lines))) {
        if (as_recorded(machine, vector, lines.number))
            right++;
        else
            wrong++;
    }
    rt_machine_free(machine);
    assert_true(right > 100);
    assert_int_equal(wrong, 0);
}

/* ---- how long it takes ---- */

struct timed {
    const char *peers;
    int64_t min_ack, max_peers;
    int64_t units; /* until SendByCriteria returns */
    bool good;
};

static bool anybody(void *self, const struct network_member *member)
{
    (void)self, (void)member;
    return true;
}

static void send_timed(void *arg)
{
    const struct timed *t = arg;
    struct play *play = rt_new(struct play);
    char text[512];
    (void)snprintf(text, sizeof(text), "{\"channel_exists\": true, \"peers\": [%s]}", t->peers);
    play->vector = json_loads(text, 0, NULL);
    assert_non_null(play->vector);
    make_peers(play);
    struct gossip_service *service = rt_new(struct gossip_service);
    *service = (struct gossip_service){ { play, known_peers, send }, play, in_channel };
    const struct gossip_adapter gossip = gossip_service_adapter(service);
    const struct private_data_message message = { .channel = RT_STR("ch") };
    const struct send_criteria criteria = { 10 * unit_ns, RT_STR("ch"), t->max_peers, t->min_ack,
        { NULL, anybody } };
    struct rt_error *err = gossip.send_by_criteria(gossip.self, &message, &criteria);
    assert_int_equal(rt_now_ns(), t->units * unit_ns);
    assert_true(!err == t->good);
    json_decref(play->vector);
}

/* ackSendOperation goes on when as many as are wanted have acknowledged; if none is wanted, at the
 * first answer, whatever it is. */
static void waiting_ends_with_enough_answers(void **state)
{
#define PEER(name, answer, late)                                                                   \
    "{\"name\": \"" name                                                                           \
    "\", \"org\": \"A\", \"channel\": true, \"good\": true, \"answer\": \"" answer                 \
    "\", \"late\": " late "}"
    static const struct timed cases[] = {
        { PEER("p", "ack", "3") "," PEER("q", "none", "0"), 1, 2, 3, true },
        { PEER("p", "ack", "3") "," PEER("q", "ack", "5"), 2, 2, 5, true },
        { PEER("p", "full", "2") "," PEER("q", "ack", "5"), 1, 2, 5, true },
        { PEER("p", "full", "2") "," PEER("q", "none", "0"), 1, 2, 10, false },
        { PEER("p", "full", "2") "," PEER("q", "none", "0"), 0, 2, 2, true },
        { PEER("p", "none", "0"), 0, 1, 10, true },
        { PEER("p", "none", "0"), 0, 0, 0, true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        support_run(NULL, send_timed, (void *)(uintptr_t)&cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                outcomes_are_those_of_gossip, support_arena_begin, support_arena_end),
        cmocka_unit_test(waiting_ends_with_enough_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
