/* How fast the bare launch path is: launch, register, READY, Init, close, on one core, each cycle a
 * run of its own with every step chosen at random. The runtime and the stream are in memory: no
 * Docker, no ledger, no signatures.
 *
 *   bench_launch [--json] [--seconds N] [--dull]
 *
 * --dull takes the plain schedule each time, to show what the choosing costs. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/chaincode/chaincode_support.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/shim/message.h"

#include "proto/chaincode.pb-c.h"
#include "proto/proposal_response.pb-c.h"

/* Time of the processor, so that other programs on the machine do not count. */
static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint32_t choose_random(void *rng, const struct rt_choice *c)
{
    return rt_rng_below(rng, c->options);
}

/* ---- the world of one cycle ---- */

struct cycle {
    struct chaincode_support *cs;
    struct rt_proc *container;
    struct rt_chan *to_peer; /* closed: the chaincode has closed its stream */
    struct rt_chan *to_chaincode;
    struct rt_chan *exited;
    bool initialised;
    bool ended;
};

static struct rt_error *stream_send(void *self, Protos__ChaincodeMessage *msg)
{
    const struct cycle *c = self;
    rt_send(c->to_chaincode, msg);
    return NULL;
}

static struct rt_error *stream_recv(void *self, Protos__ChaincodeMessage **msg)
{
    const struct cycle *c = self;
    void *value;
    bool ok = rt_recv(c->to_peer, &value);
    *msg = value;
    return ok ? NULL : rt_eof;
}

static void serve(void *arg)
{
    struct cycle *c = arg;
    const struct chaincode_stream stream = { c, stream_send, stream_recv };
    RT_DROP(chaincode_support_handle_chaincode_stream(c->cs, stream));
    c->ended = true;
}

/* The marshalled ChaincodeID{name: "mycc:1.0"} and Response{status: 200}. */
static const uint8_t chaincode_id[] = { 0x12, 8, 'm', 'y', 'c', 'c', ':', '1', '.', '0' };
static const uint8_t response_200[] = { 0x08, 0xc8, 0x01 };

static void chaincode(void *arg)
{
    struct cycle *c = arg;
    rt_send(c->to_peer,
            chaincode_message_new(CC_MSG(REGISTER),
                    rt_bytes_from(chaincode_id, sizeof chaincode_id), RT_STR(""), RT_STR("")));
    const Protos__ChaincodeMessage *msg;
    do {
        void *value;
        rt_recv(c->to_chaincode, &value);
        msg = value;
    } while (msg->type != CC_MSG(INIT));
    rt_send(c->to_peer,
            chaincode_message_new(CC_MSG(COMPLETED),
                    rt_bytes_from(response_200, sizeof response_200), msg->txid, msg->channel_id));
    rt_close(c->to_peer);
    rt_send(c->exited, NULL);
}

static struct rt_error *runtime_start(
        void *self, struct chaincode_container_info *ccci, rt_bytes code_package)
{
    struct cycle *c = self;
    (void)ccci;
    (void)code_package;
    rt_go("stream", serve, c);
    rt_go_in(c->container, "chaincode", chaincode, c);
    return NULL;
}

static struct rt_error *runtime_stop(void *self, struct chaincode_container_info *ccci)
{
    (void)self;
    (void)ccci;
    return NULL;
}

static struct rt_error *runtime_wait(
        void *self, struct chaincode_container_info *ccci, int64_t *exit_code)
{
    const struct cycle *c = self;
    (void)ccci;
    void *value;
    rt_recv(c->exited, &value);
    *exit_code = 0;
    return NULL;
}

static struct rt_error *code_package(void *self, rt_str ccname, rt_str ccversion, rt_bytes *code)
{
    (void)self;
    (void)ccname;
    (void)ccversion;
    *code = RT_STR("code");
    return NULL;
}

static struct chaincode_support *new_support(struct cycle *c)
{
    const struct chaincode_support_params params = {
        .config = { .execute_timeout_ns = 30 * RT_SECOND, .startup_timeout_ns = 300 * RT_SECOND },
        .package_provider = { c, code_package },
    };
    struct chaincode_support *cs = chaincode_support_new(&params);
    struct runtime_launcher *launcher = cs->launcher.self;
    cs->runtime = (struct runtime){ c, runtime_start, runtime_stop, runtime_wait };
    launcher->runtime = cs->runtime;
    return cs;
}

static void execute_init(void *arg)
{
    struct cycle *c = arg;
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    id.name = RT_STR("mycc");
    id.version = RT_STR("1.0");
    Protos__ChaincodeInput input = PROTOS__CHAINCODE_INPUT__INIT;
    Protos__ChaincodeSpec chaincode_spec = PROTOS__CHAINCODE_SPEC__INIT;
    chaincode_spec.chaincode_id = &id;
    chaincode_spec.input = &input;
    Protos__ChaincodeDeploymentSpec spec = PROTOS__CHAINCODE_DEPLOYMENT_SPEC__INIT;
    spec.chaincode_spec = &chaincode_spec;
    struct transaction_params tx_params = { .tx_id = RT_STR("tx"), .channel_id = RT_STR("ch") };
    const struct cc_context cccid = { RT_STR("mycc"), RT_STR("1.0") };
    Protos__Response *response;
    Protos__ChaincodeEvent *event;
    struct rt_error *err = chaincode_support_execute_legacy_init(
            c->cs, &tx_params, &cccid, &spec, &response, &event);
    c->initialised = !err && response && response->status == 200;
}

/* One cycle; its number of steps, or 0 if it did not go as it must under every schedule. */
static uint64_t run_cycle(struct rt *rt, const struct rt_source *source)
{
    const struct rt_config config = { .source = source };
    rt_begin(rt, &config);
    struct cycle c = { 0 };
    struct rt_proc *peer = rt_proc_new("peer");
    c.container = rt_proc_new("container");
    c.to_peer = rt_chan_make(8, "to peer");
    c.to_chaincode = rt_chan_make(8, "to chaincode");
    c.exited = rt_chan_make(1, "exited");
    c.cs = new_support(&c);
    rt_go_in(peer, "init", execute_init, &c);
    rt_run_ready(rt);
    uint64_t steps = c.initialised && c.ended ? rt_steps(rt) : 0;
    rt_end(rt);
    return steps;
}

/* ---- the program ---- */

int main(int argc, char **argv)
{
    static const struct option options[] = { { "json", no_argument, NULL, 'j' },
        { "seconds", required_argument, NULL, 's' }, { "dull", no_argument, NULL, 'd' },
        { NULL, 0, NULL, 0 } };
    double seconds = 2;
    bool json = false;
    bool dull = false;
    for (int c; (c = getopt_long(argc, argv, "js:d", options, NULL)) != -1;) {
        if (c == '?')
            return 2;
        json |= c == 'j';
        dull |= c == 'd';
        if (c == 's')
            seconds = strtod(optarg, NULL);
    }
    struct rt_rng rng = { 1 };
    const struct rt_source random = { .self = &rng, .choose = choose_random };
    struct rt *rt = rt_machine_new();
    uint64_t cycles = 0;
    uint64_t steps = 0;
    double start = seconds_now();
    double now;
    do {
        for (int i = 0; i < 100; i++, cycles++) {
            uint64_t taken = run_cycle(rt, dull ? NULL : &random);
            if (taken == 0) {
                (void)fprintf(stderr, "bench_launch: cycle %llu went wrong\n",
                        (unsigned long long)cycles);
                return 1;
            }
            steps += taken;
        }
        now = seconds_now();
    } while (now - start < seconds);
    rt_machine_free(rt);
    double rate = (double)cycles / (now - start);
    double mean = (double)steps / (double)cycles;
    if (json)
        printf("{\"cycles_per_second\": %.0f, \"steps_per_cycle\": %.1f}\n", rate, mean);
    else
        printf("%.0f launch-register-init-close cycles a second, %.1f steps each\n", rate, mean);
    return 0;
}
