/* Follows gossip/gossip/gossip_impl.go, gossip/gossip/channel/channel.go, gossip/filter/filter.go
 * and gossip/comm/{comm,comm_impl,ack}.go. */
#include "model/gossip/gossip_impl.h"

#include "model/gostd/gojson.h"
#include "model/rt/arena.h"
#include "model/rt/choice.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

/* ---- who is there ---- */

/* gossipChannel.GetPeers: *count of them, of struct gossip_peer. */
static const struct gossip_peer **get_peers(
        const struct gossip_service *g, rt_str channel, size_t *count)
{
    size_t known;
    struct gossip_peer *const *peers = g->network.peers(g->network.self, &known);
    const struct gossip_peer **members = rt_new_array(const struct gossip_peer *, known + 1);
    *count = 0;
    for (size_t i = 0; i < known; i++)
        if (peers[i]->alive && peers[i]->state_info(peers[i], channel))
            members[(*count)++] = peers[i];
    return members;
}

static const struct network_member *peers_of_channel(void *self, rt_str channel, size_t *count)
{
    const struct gossip_service *g = self;
    *count = 0;
    if (!g->in_channel(g->self, channel))
        return NULL;
    const struct gossip_peer **peers = get_peers(g, channel, count);
    struct network_member *members = rt_new_array(struct network_member, *count + 1);
    for (size_t i = 0; i < *count; i++)
        members[i] = peers[i]->member;
    return members;
}

static const struct peer_identity_info *identity_info(void *self, size_t *count)
{
    const struct gossip_service *g = self;
    struct gossip_peer *const *peers = g->network.peers(g->network.self, count);
    struct peer_identity_info *infos = rt_new_array(struct peer_identity_info, *count + 1);
    for (size_t i = 0; i < *count; i++)
        infos[i] = peers[i]->identity;
    return infos;
}

/* What gossipChannel.PeerFilter closes over. */
struct peer_filter {
    const struct gossip_service *g;
    rt_str channel;
    struct sub_channel_selection predicate;
};

static bool accepts(void *self, const struct network_member *member)
{
    const struct peer_filter *filter = self;
    size_t count;
    struct gossip_peer *const *peers = filter->g->network.peers(filter->g->network.self, &count);
    for (size_t i = 0; i < count; i++) {
        if (!rt_str_eq(peers[i]->member.pki_id, member->pki_id))
            continue;
        const struct peer_signature *info = peers[i]->state_info(peers[i], filter->channel);
        return info && filter->predicate.selects(filter->predicate.self, info);
    }
    return false;
}

static struct rt_error *peer_filter(void *self, rt_str channel,
        struct sub_channel_selection predicate, struct routing_filter *out)
{
    const struct gossip_service *g = self;
    if (!g->in_channel(g->self, channel))
        return rt_errorf("Channel %S doesn't exist", channel);
    struct peer_filter *filter = rt_new(struct peer_filter);
    *filter = (struct peer_filter){ g, channel, predicate };
    *out = (struct routing_filter){ filter, accepts };
    return NULL;
}

/* ---- sending ---- */

/* filter.SelectPeers: at most `max` of those that are eligible, any of them; negative: all. */
static const struct gossip_peer **select_peers(const struct gossip_peer **pool, size_t pool_count,
        const struct send_criteria *criteria, size_t *count)
{
    const struct routing_filter *filter = &criteria->is_eligible;
    size_t eligible = 0;
    for (size_t i = 0; i < pool_count; i++)
        if (filter->accepts(filter->self, &pool[i]->member))
            pool[eligible++] = pool[i];
    *count = criteria->max_peers < 0 || eligible < (size_t)criteria->max_peers
                     ? eligible
                     : (size_t)criteria->max_peers;
    for (size_t i = 0; i < *count && *count < eligible; i++) {
        size_t k = i + rt_choose(RT_CHOICE_DATA, (uint32_t)(eligible - i), "peer to send to");
        const struct gossip_peer *taken = pool[k];
        pool[k] = pool[i];
        pool[i] = taken;
    }
    return pool;
}

/* comm.SendResult, of one peer. */
struct send_result {
    const struct gossip_service *g;
    const struct gossip_peer *peer;
    const struct private_data_message *message;
    int64_t timeout_ns;
    struct rt_chan *acks; /* of the whole operation */
    struct rt_error *error;
};

/* Sends to one peer, and waits for its acknowledgement. */
static void send_and_wait(void *arg)
{
    struct send_result *r = arg;
    struct rt_chan *answer = rt_chan_make(1, "subscription.c");
    rt_chan_is_message(answer);
    r->g->network.send(r->g->network.self, r->peer, r->message, answer);
    struct rt_case cases[] = { RT_RECV(answer),
        RT_RECV(rt_after(r->timeout_ns, "subscription.ttl")) };
    if (rt_select(cases, 2) == 0)
        r->error = cases[0].value;
    else
        r->error = rt_errorf("timed out");
    rt_send(r->acks, r);
}

/* AggregatedSendResult.String: JSON of how many failed with which error. */
static rt_str results_string(struct send_result *const *results, size_t count, size_t acks)
{
    struct rt_map *errors = rt_map_new();
    for (size_t i = 0; i < count; i++) {
        if (!results[i]->error)
            continue;
        size_t *n = rt_map_get(errors, results[i]->error->text);
        if (!n) {
            n = rt_new(size_t);
            rt_map_put(errors, results[i]->error->text, n);
        }
        ++*n;
    }
    struct rt_buf buf = { 0 };
    const struct rt_map_entry *entries = rt_map_sorted(errors);
    rt_buf_putz(&buf, "{\"failures\":{");
    for (size_t i = 0; i < rt_map_len(errors); i++) {
        rt_buf_putz(&buf, i ? "," : "");
        gojson_quote(&buf, entries[i].key);
        rt_buf_printf(&buf, ":%zu", *(const size_t *)entries[i].value);
    }
    rt_buf_putz(&buf, "}");
    if (acks > 0)
        rt_buf_printf(&buf, ",\"successes\":%zu", acks);
    rt_buf_putz(&buf, "}");
    return rt_buf_str(&buf);
}

/* ackSendOperation.send, and the end of SendByCriteria: it is enough when as many as are wanted
 * have acknowledged; if none is wanted, at the first answer of any kind. */
static struct rt_error *send_with_ack(const struct gossip_service *g,
        const struct private_data_message *message, const struct send_criteria *criteria,
        const struct gossip_peer **peers, size_t count)
{
    struct send_result **results = rt_new_array(struct send_result *, count + 1);
    struct rt_chan *acks = rt_chan_make(count, "acks");
    int64_t successes = 0;
    size_t got = 0;
    for (size_t i = 0; i < count; i++) {
        struct send_result *r = rt_new(struct send_result);
        *r = (struct send_result){ g, peers[i], message, criteria->timeout_ns, acks, NULL };
        rt_go("ackSendOperation", send_and_wait, r);
    }
    while (got < count) {
        void *value;
        rt_recv(acks, &value);
        results[got++] = value;
        successes += !results[got - 1]->error;
        if (successes == criteria->min_ack)
            break;
    }
    for (size_t i = 0; i < got; i++)
        if (results[i]->error)
            rt_note("Failed sending to %S error: %v", results[i]->peer->member.endpoint,
                    results[i]->error);
    if (successes < criteria->min_ack)
        return rt_error_new(results_string(results, got, (size_t)successes));
    return NULL;
}

static struct rt_error *send_by_criteria(void *self, const struct private_data_message *message,
        const struct send_criteria *criteria)
{
    const struct gossip_service *g = self;
    if (criteria->max_peers == 0)
        return NULL;
    if (criteria->timeout_ns == 0)
        return rt_errorf("Timeout should be specified");
    if (!g->in_channel(g->self, criteria->channel))
        return rt_errorf(
                "Requested to Send for channel %S, but no such channel exists", criteria->channel);
    size_t count;
    const struct gossip_peer **pool = get_peers(g, criteria->channel, &count);
    const struct gossip_peer **peers = select_peers(pool, count, criteria, &count);
    if ((int64_t)count < criteria->min_ack)
        return rt_errorf("Requested to send to at least %lld peers, but know only of %zu suitable "
                         "peers",
                (long long)criteria->min_ack, count);
    return send_with_ack(g, message, criteria, peers, count);
}

struct gossip_adapter gossip_service_adapter(struct gossip_service *service)
{
    return (struct gossip_adapter){ service, send_by_criteria, peer_filter, identity_info,
        peers_of_channel };
}
