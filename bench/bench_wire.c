/* How fast messages are decoded: a typical deployment spec decoded and validated, against
 * protobuf_c_message_unpack of the same bytes, and other messages on a proposal's way.
 *
 *   bench_wire [--json] [--seconds N] */
#include "model/ccprovider/platforms.h"
#include "model/rt/arena.h"
#include "model/wire/wire.h"
#include "proto/chaincode.pb-c.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static rt_bytes input;

/* What deploy carries: type, id and path, arguments of Init; the code stays behind. */
static rt_bytes typical_cds(void)
{
    Protos__ChaincodeDeploymentSpec *cds = WIRE_NEW(protos__chaincode_deployment_spec);
    Protos__ChaincodeSpec *spec = cds->chaincode_spec = WIRE_NEW(protos__chaincode_spec);
    rt_bytes args[] = { RT_STR("init"), RT_STR("a"), RT_STR("100"), RT_STR("b"), RT_STR("200") };
    spec->type = PROTOS__CHAINCODE_SPEC__TYPE__GOLANG;
    spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    spec->chaincode_id->path = RT_STR("github.com/example/chaincode/marbles");
    spec->chaincode_id->name = RT_STR("marbles");
    spec->chaincode_id->version = RT_STR("1.0");
    spec->input = WIRE_NEW(protos__chaincode_input);
    spec->input->args = args;
    spec->input->n_args = 5;
    return WIRE_MARSHAL_OR_PANIC(cds);
}

static bool decode_and_validate(void)
{
    Protos__ChaincodeDeploymentSpec *cds;
    return !platforms_get_chaincode_deployment_spec(platforms_default_registry(), input, &cds);
}

static bool decode(void)
{
    Protos__ChaincodeDeploymentSpec *cds;
    return !WIRE_UNMARSHAL(protos__chaincode_deployment_spec, input, &cds);
}

static bool decode_and_encode(void)
{
    Protos__ChaincodeDeploymentSpec *cds;
    rt_bytes out;
    return !WIRE_UNMARSHAL(protos__chaincode_deployment_spec, input, &cds) &&
           !WIRE_MARSHAL(cds, &out);
}

static bool unpack(void)
{
    Protos__ChaincodeDeploymentSpec *cds =
            protos__chaincode_deployment_spec__unpack(NULL, input.len, input.data);
    bool ok = cds != NULL;
    if (ok)
        protos__chaincode_deployment_spec__free_unpacked(cds, NULL);
    return ok;
}

/* Runs a second of `once` after a short warm-up. */
static double measure(bool (*once)(void), struct rt_arena *arena, double seconds)
{
    uint64_t count = 0;
    double start = seconds_now(), now = start;
    while (now - start < seconds) {
        for (int i = 0; i < 1000; i++) {
            if (!once()) {
                (void)fprintf(stderr, "the typical deployment spec was refused\n");
                exit(1);
            }
            rt_arena_reset(arena);
        }
        count += 1000;
        now = seconds_now();
    }
    return (double)count / (now - start);
}

int main(int argc, char **argv)
{
    static const struct option options[] = { { "json", no_argument, NULL, 'j' },
        { "seconds", required_argument, NULL, 's' }, { NULL, 0, NULL, 0 } };
    static const struct {
        const char *name;
        bool (*once)(void);
    } cases[] = { { "decode and validate", decode_and_validate }, { "decode", decode },
        { "decode and encode", decode_and_encode }, { "protobuf-c unpack and free", unpack } };
    enum { COUNT = sizeof cases / sizeof *cases };
    bool json = false;
    double seconds = 1, rate[COUNT];
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'j')
            json = true;
        else if (c == 's')
            seconds = strtod(optarg, NULL);
        else
            return 2;
    }
    struct rt_arena *input_arena = rt_arena_new(), *arena = rt_arena_new();
    rt_arena_use(input_arena);
    input = typical_cds();
    rt_arena_use(arena);
    (void)measure(decode, arena, 0.1);
    for (size_t i = 0; i < COUNT; i++)
        rate[i] = measure(cases[i].once, arena, seconds);
    if (json)
        (void)printf("{\"bytes\": %zu", input.len);
    for (size_t i = 0; i < COUNT; i++)
        (void)printf(json ? ", \"%s\": %.0f" : "%-28s %12.0f a second\n", cases[i].name, rate[i]);
    (void)printf(json ? ", \"ratio\": %.2f}\n"
                      : "decode and validate is %.2f times as fast as protobuf-c\n",
            rate[0] / rate[COUNT - 1]);
    rt_arena_free(arena);
    rt_arena_free(input_arena);
    return 0;
}
