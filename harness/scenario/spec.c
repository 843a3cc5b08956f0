/* The tables of the scenario form: what is read, and what the schema says. */
#include "harness/scenario/spec.h"

#include "harness/world/spec.h"

static const struct json_field orderer_fields[] = {
    { "delay_ms", &spec_delays, AT(scenario_text, orderer_delay_ms), .otherwise = "0",
            .about = "How long ordering takes; of several, a choice takes one each time." },
    { 0 },
};
static const struct json_spec orderer = {
    .kind = JSON_SPEC_OBJECT,
    .about = "The ordering service.",
    .fields = orderer_fields,
};

static const struct json_spec max_steps = { .kind = JSON_SPEC_INT, .min = 1, .max = 1000000000 };
static const struct json_spec max_ms = { .kind = JSON_SPEC_INT, .min = 1, .max = 31536000000 };
static const struct json_field limit_fields[] = {
    { "steps", &max_steps, AT(scenario_text, max_steps), .otherwise = "1000000",
            .about = "Steps of goroutines; more is a livelock." },
    { "virtual_ms", &max_ms, AT(scenario_text, max_ms), .otherwise = "3600000",
            .about = "Virtual time; what still goes on then is a livelock." },
    { 0 },
};
static const struct json_spec limits = {
    .kind = JSON_SPEC_OBJECT,
    .about = "Where a run is cut.",
    .fields = limit_fields,
};

static const struct json_field start_fields[] = {
    { "explored", &spec_flag, AT(scenario_text, start_explored), .otherwise = "false",
            .about = "The first start is explored like the rest, and actors begin with it: what "
                     "they ask for waits until the peer serves." },
    { 0 },
};
static const struct json_spec start = {
    .kind = JSON_SPEC_OBJECT,
    .about = "How the peer's first start is looked at.",
    .fields = start_fields,
};

static const char *const verdicts[] = RT_NAMES(VERDICTS_OF_RUNS);
static const struct json_spec verdict = { .kind = JSON_SPEC_WORD, .words = verdicts };
static const struct json_field result_fields[] = {
    { "verdict", &verdict, AT(scenario_expect, verdict), .otherwise = "\"completed\"",
            .about = "How the plain run ends." },
    { "findings", &spec_names, AT(scenario_expect, findings),
            .about = "Findings that may show: ids, or how ids begin. Any other fails the suite." },
    { "must_find", &spec_names, AT(scenario_expect, must_find),
            .about = "Findings that exploring has to show." },
    { "always", &spec_flag, AT(scenario_expect, always), .otherwise = "false",
            .about = "Verdict, containers and all_struck hold in every run, not in the plain one "
                     "only; a run that ends otherwise is a finding." },
    { "all_struck", &spec_flag, AT(scenario_expect, all_struck), .otherwise = "false",
            .about = "In the plain run every fault strikes, every behaviour is taken, and every "
                     "operator finds its container." },
    { "containers", &spec_count, AT(scenario_expect, containers),
            .about = "How many containers run at the end of the plain run." },
    { 0 },
};
static const struct json_spec result = {
    .kind = JSON_SPEC_OBJECT,
    .name = "expect",
    .about = "What has to come out.",
    .fields = result_fields,
    .brief = "verdict",
};

static const struct json_spec schedules = { .kind = JSON_SPEC_INT, .min = 1, .max = 1000000000 };
static const struct json_spec depth = { .kind = JSON_SPEC_INT, .min = 0, .max = 100 };
static const struct json_field explore_fields[] = {
    { "strategy", &spec_name, AT(scenario_explore, strategy),
            .about = "See cclab list strategies." },
    { "schedules", &schedules, AT(scenario_explore, schedules), .required = true,
            .about = "How many." },
    { "seed", &spec_number, AT(scenario_explore, seed), .otherwise = "1",
            .about = "Of the search." },
    { "depth", &depth, AT(scenario_explore, depth), .about = "For strategies that have one." },
    { 0 },
};
static const struct json_spec explore = {
    .kind = JSON_SPEC_OBJECT,
    .about = "How the suite explores it, beyond the plain run.",
    .fields = explore_fields,
    .size = sizeof(struct scenario_explore),
};

static const struct json_spec format = { .kind = JSON_SPEC_INT, .min = 1, .max = 1 };
static const struct json_field scenario_fields[] = {
    { "$schema", &spec_text, AT(scenario_text, schema), .about = "For editors." },
    { "scenario", &format, AT(scenario_text, format), .required = true,
            .about = "Version of this form: 1." },
    { "name", &spec_name, AT(scenario_text, name), .required = true,
            .about = "A short name; replays are called after it." },
    { "about", &spec_name, AT(scenario_text, about), .required = true,
            .about = "A sentence on what it shows." },
    { "world", &spec_node, AT(scenario_text, world), .schema = &world_spec,
            .about = "A world file, and what is different from it." },
    { "bare", &bare_spec, AT(scenario_text, bare), .pointer = true,
            .about = "Instead of a world: the launch path alone." },
    { "actors", &spec_actors, AT(scenario_text, actors), .required = true,
            .about = "Who does what." },
    { "chaincodes", &spec_behaviours, AT(scenario_text, behaviours),
            .about = "How chaincodes behave in their containers." },
    { "docker", &spec_docker, AT(scenario_text, docker), .about = "The Docker engine." },
    { "disk", &spec_disk, AT(scenario_text, disk_faults),
            .about = "The disk that holds the peer's installed packages." },
    { "ledger", &spec_ledger, AT(scenario_text, ledger_faults),
            .about = "The databases and block files below the peer's ledgers." },
    { "certificates", &spec_certificates, AT(scenario_text, certificate_faults),
            .about = "The certificates that a peer with TLS makes." },
    { "orderer", &orderer, 0, .about = "The ordering service." },
    { "gossip", &spec_gossip, AT(scenario_text, gossip_peers),
            .about = "The other peers of the network." },
    { "peers", &spec_peers, AT(scenario_text, peers),
            .about = "Peers beside the world's first one, at the same Docker engine." },
    { "variants", &spec_names, AT(scenario_text, variants),
            .about = "Variants of the model; see cclab list variants." },
    { "invariants_off", &spec_names, AT(scenario_text, invariants_off),
            .about = "Invariants that are not checked; see cclab list invariants." },
    { "timers_race", &spec_flag, AT(scenario_text, timers_race), .otherwise = "false",
            .about = "A timer may fire while goroutines can still run: time passes as they do." },
    { "stuck", &spec_flag, AT(scenario_text, stuck), .otherwise = "false",
            .about =
                    "Looks for goroutines that nothing alive can wake, whenever nothing can run." },
    { "races", &spec_flag, AT(scenario_text, races), .otherwise = "false",
            .about = "Fields that are shared without a lock are scheduling points, too." },
    { "start", &start, 0, .about = "How the peer's first start is looked at." },
    { "system_chaincodes", &spec_system, AT(scenario_text, system_faults),
            .about = "What system chaincodes do that they should not, at starts and later." },
    { "limits", &limits, 0, .about = "Where a run is cut." },
    { "expect", &result, AT(scenario_text, expect), .about = "What has to come out." },
    { "explore", &explore, AT(scenario_text, explore), .pointer = true,
            .about = "How the suite explores it, beyond the plain run." },
    { 0 },
};
static const char *const subjects[] = { "world", "bare", NULL };
const struct json_spec scenario_spec = {
    .kind = JSON_SPEC_OBJECT,
    .one_of = subjects,
    .about = "A world, what happens to it, and what is expected.",
    .head = "scenario",
    .document = "scenario",
    .fields = scenario_fields,
    .size = sizeof(struct scenario_text),
};
