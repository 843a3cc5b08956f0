/* access.jsonl: which chaincode may register with which certificate. */
#include "harness/conform/conform.h"

#include <string.h>

#include "model/accesscontrol/access.h"
#include "model/crypto/base64.h"
#include "model/crypto/crypto.h"
#include "model/crypto/pem.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/chaincode_shim.pb-c.h"

enum { MINUTE_S = 60 };

static bool claims(const char *file, const json_t *vector)
{
    return conform_named(file, vector, "access");
}

/* A vector that is being played. */
struct play {
    const json_t *vector;
    struct crypto_rand rand;
    struct tlsgen_ca *ca;
    struct authenticator *auth;
    const json_t *event;
    rt_bytes *certificates; /* DER, in the order in which they were made */
    size_t count, cap;
    size_t read;          /* messages of the event's stream */
    rt_bytes shown;       /* the certificate of the event's stream */
    json_t *seen;         /* of the event */
    json_t *observations; /* of all */
};

static struct rt_error *generate(void *self, struct tlsgen_pair **pair)
{
    struct play *p = self;
    rt_str fails = conform_get_str(p->event, "fails");
    if (fails.data)
        return rt_error_new(fails);
    return tlsgen_new_client_cert_key_pair(p->ca, pair);
}

/* Certificates are other ones than the recorded: their hashes stand as "{hash}" in vectors. */
static json_t *masked(const struct play *p, rt_str text)
{
    if (p->shown.len == 0)
        return conform_text(text);
    rt_bytes hash = crypto_sha256(p->shown);
    struct rt_buf numbers = { 0 }, out = { 0 };
    for (size_t i = 0; i < hash.len; i++)
        rt_buf_printf(&numbers, "%s%d", i > 0 ? " " : "[", hash.data[i]);
    rt_buf_put_byte(&numbers, ']');
    ptrdiff_t at = rt_str_index(text, rt_buf_str(&numbers));
    if (at < 0)
        return conform_text(text);
    rt_buf_put_str(&out, rt_str_slice(text, 0, (size_t)at));
    rt_buf_putz(&out, "{hash}");
    rt_buf_put_str(&out, rt_str_slice(text, (size_t)at + numbers.len, text.len));
    return conform_text(rt_buf_str(&out));
}

static void note(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    struct play *p = self;
    (void)time_ns;
    (void)fiber;
    json_t *log = json_object_get(p->seen, "log");
    if (!log)
        json_object_set_new(p->seen, "log", log = json_array());
    json_array_append_new(log, masked(p, text));
}

static void set_error(struct play *p, const struct rt_error *err)
{
    if (err)
        json_object_set_new(p->seen, "err", masked(p, err->text));
}

/* ---- events ---- */

static void generate_event(struct play *p)
{
    const struct cert_and_priv_key_pair *pair;
    struct pem_block block;
    rt_bytes pem;
    struct rt_error *err =
            authenticator_generate(p->auth, conform_get_str(p->event, "name"), &pair);
    set_error(p, err);
    if (err || base64_decode(pair->cert, &pem) || !pem_decode(pem, &block, NULL))
        return;
    rt_reserve(p->certificates, p->cap, p->count + 1);
    p->certificates[p->count++] = block.bytes;
}

static struct rt_error *send(void *self, Protos__ChaincodeMessage *msg)
{
    (void)self;
    (void)msg;
    return NULL;
}

static struct rt_error *recv(void *self, Protos__ChaincodeMessage **msg)
{
    struct play *p = self;
    const char *hex = json_string_value(json_array_get(json_object_get(p->event, "recv"), p->read));
    rt_bytes bytes;
    if (!hex) {
        rt_str end = conform_get_str(p->event, "end");
        return rt_str_is(end, "EOF") ? rt_eof : rt_error_new(end);
    }
    p->read++;
    if (!rt_unhex(rt_str_dup(rt_str_from(hex)), &bytes))
        return rt_errorf("the vector is broken");
    return WIRE_UNMARSHAL(protos__chaincode_message, bytes, msg);
}

/* The server behind the interceptor reads until the stream ends. */
static struct rt_error *serve(void *self, const struct register_stream *stream)
{
    struct play *p = self;
    json_t *served = json_array();
    for (;;) {
        Protos__ChaincodeMessage *msg;
        rt_bytes bytes;
        struct rt_error *err = stream->stream.recv(stream->stream.self, &msg);
        if (err) {
            json_object_set_new(p->seen, "served", served);
            return rt_errorf("served until %v", err);
        }
        RT_DROP(WIRE_MARSHAL(msg, &bytes));
        json_array_append_new(served, conform_hex(bytes));
    }
}

/* A certificate that another authority has made. */
static rt_bytes foreign_certificate(void)
{
    const rt_bytes seed[] = { RT_STR("foreign") };
    struct crypto_rand rand;
    struct tlsgen_ca *ca;
    struct tlsgen_pair *pair;
    crypto_rand_init(&rand, seed, 1);
    if (tlsgen_new_ca(&rand, &ca) || tlsgen_new_client_cert_key_pair(ca, &pair))
        return RT_NIL;
    return pair->tls_cert->raw;
}

static void stream_event(struct play *p)
{
    const json_t *cert = json_object_get(p->event, "cert");
    struct register_stream stream = { { p, send, recv }, RT_NIL };
    if (json_is_true(json_object_get(p->event, "foreign")))
        stream.client_certificate = foreign_certificate();
    else if (cert && (size_t)json_integer_value(cert) < p->count)
        stream.client_certificate = p->certificates[json_integer_value(cert)];
    p->read = 0;
    p->shown = stream.client_certificate;
    const struct register_server server =
            authenticator_wrap(p->auth, (struct register_server){ p, serve });
    set_error(p, server.register_stream(server.self, &stream));
}

static void play(void *arg)
{
    struct play *p = arg;
    const json_t *events = json_object_get(p->vector, "events");
    const rt_bytes seed[] = { conform_get_str(p->vector, "id") };
    crypto_rand_init(&p->rand, seed, 1);
    if (tlsgen_new_ca(&p->rand, &p->ca))
        return;
    p->auth = authenticator_new((struct key_gen_func){ p, generate });
    for (size_t i = 0; i < json_array_size(events); i++) {
        p->event = json_array_get(events, i);
        p->seen = json_object();
        json_array_append_new(p->observations, p->seen);
        const char *what = json_string_of(p->event, "do");
        if (strcmp(what, "generate") == 0)
            generate_event(p);
        else if (strcmp(what, "stream") == 0)
            stream_event(p);
        else
            rt_sleep_ns(json_integer_of(p->event, "minutes") * MINUTE_S * RT_SECOND);
    }
}

static void *open_suite(const struct conform_env *env, rt_str *error)
{
    (void)env;
    (void)error;
    return rt_machine_new();
}

static void run(void *machine, const json_t *vector, struct conform_outcome *out)
{
    struct play p = { .vector = vector, .observations = json_array() };
    const struct rt_sink sink = { .self = &p, .note = note };
    const struct rt_config config = { .sink = (struct rt_sink *)(uintptr_t)&sink,
        .start_time_ms = 1600000000000 };
    rt_begin(machine, &config);
    rt_go_in(rt_proc_new("peer"), "main", play, &p);
    (void)rt_run(machine);
    rt_end(machine);
    out->expected = conform_pick(vector, "expect", NULL);
    out->actual = json_object();
    json_object_set_new(out->actual, "expect", p.observations);
}

/* ---- vectors ---- */

static const char *const whats[] = { "generate", "stream", "wait", NULL };
static const struct json_form forms[] = {
    { "generate", { "name" } },
    { "stream", { "end" } },
    { "wait", { "minutes" } },
    { 0 },
};
static const struct json_spec what_spec = { .kind = JSON_SPEC_WORD, .words = whats };
static const struct json_spec minutes = { .kind = JSON_SPEC_INT, .max = 10000 };
static const struct json_spec hexes = { .kind = JSON_SPEC_ARRAY, .element = &json_spec_hex };
static const struct json_field event_fields[] = {
    CONFORM_MUST("do", &what_spec, "What happens."),
    CONFORM_MAY("name", &json_spec_text, "generate: name:version of the chaincode."),
    CONFORM_MAY("fails", &json_spec_text, "generate: the error with which no key can be made."),
    CONFORM_MAY("minutes", &minutes, "wait: how long."),
    CONFORM_MAY("cert", &json_spec_count,
            "stream: the number of the certificate that it shows, from 0 in the order of making."),
    CONFORM_MAY("foreign", &json_spec_flag, "stream: it shows one of another authority."),
    CONFORM_MAY("recv", &hexes, "stream: the messages that come."),
    CONFORM_MAY("end", &json_spec_text, "stream: the error that follows them."),
    { 0 },
};
static const struct json_spec event = {
    .kind = JSON_SPEC_OBJECT, .fields = event_fields, .head = "do", .forms = forms
};
static const struct json_spec events_spec = { .kind = JSON_SPEC_ARRAY, .element = &event };
static const struct json_field observation_fields[] = {
    CONFORM_MAY("err", &json_spec_text, "What the call returns."),
    CONFORM_MAY("log", &conform_texts, "What the peer logs."),
    CONFORM_MAY("served", &hexes, "The messages that reach chaincode support."),
    { 0 },
};
static const struct json_spec observation = { .kind = JSON_SPEC_OBJECT,
    .fields = observation_fields };
static const struct json_spec observations_spec = { .kind = JSON_SPEC_ARRAY,
    .element = &observation };
static const struct json_field fields[] = {
    CONFORM_HEAD,
    CONFORM_MUST("events", &events_spec, "What happens, in order."),
    CONFORM_MUST("expect", &observations_spec, "What is seen of each event."),
    { 0 },
};
static const struct json_spec vector_spec = {
    .kind = JSON_SPEC_OBJECT,
    .fields = fields,
};

const struct conform_suite conform_suite_access = {
    .name = "access",
    .summary = "which chaincode may register with which certificate",
    .vector = &vector_spec,
    .claims = claims,
    .open = open_suite,
    .run = run,
};
