/* The tables of a scenario's member "gossip". */
#include "harness/scenario/spec.h"

#include "mocks/gossip/peers.h"

static const char *const states[] = RT_NAMES(GOSSIP_PEER_STATES);
static const struct json_spec state = { .kind = JSON_SPEC_WORD, .words = states };
static const char *const answers[] = RT_NAMES(GOSSIP_ANSWERS);
static const struct json_spec answer = { .kind = JSON_SPEC_WORD, .words = answers };

static const struct json_field peer_fields[] = {
    { "endpoint", &spec_name, AT(gossip_peer_text, endpoint), .required = true,
            .about = "host:port, its name in logs." },
    { "as", &spec_name, AT(gossip_peer_text, as), .required = true,
            .about =
                    "The identity of the world that is the peer's: collections judge it by that." },
    { "channels", &spec_names, AT(gossip_peer_text, channels),
            .about = "The channels that it is in; else all that its organisation is in." },
    { "state", &state, AT(gossip_peer_text, state), .otherwise = "\"alive\"",
            .about = "What gossip takes it for: dead ones are not counted, unreachable ones are, "
                     "until something is sent to them." },
    { "answer", &answer, AT(gossip_peer_text, answer), .otherwise = "\"ack\"",
            .about = "What it does with private data that it gets." },
    { "error", &spec_name, AT(gossip_peer_text, error),
            .about = "Why it could not keep it: its answer is an error." },
    { "answer_delay_ms", &spec_delays, AT(gossip_peer_text, answer_delay), .otherwise = "0",
            .about = "How long it takes to answer; of several, a choice takes one each time." },
    { 0 },
};
static const struct json_spec peer = {
    .kind = JSON_SPEC_OBJECT,
    .name = "gossip_peer",
    .about = "Another peer, which may get private data.",
    .fields = peer_fields,
    .size = sizeof(struct gossip_peer_text),
    .place = AT(gossip_peer_text, node),
    .has_place = true,
};
static const struct json_spec peers = { .kind = JSON_SPEC_ARRAY, .element = &peer };

static const struct json_field gossip_fields[] = {
    { "peers", &peers, 0, .required = true, .about = "The peers that gossip has heard of." },
    { 0 },
};
const struct json_spec spec_gossip = {
    .kind = JSON_SPEC_OBJECT,
    .about = "The other peers of the network, as far as private data goes to them; else none.",
    .fields = gossip_fields,
    .size = sizeof(struct json_list),
};
