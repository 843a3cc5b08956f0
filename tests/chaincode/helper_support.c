/* The fake launcher and runtime, and the chaincode that answers. */
#include "tests/chaincode/helper_support.h"

#include <string.h>

const struct query_executor fixture_executor;
const struct cc_context mycc = { RT_STR_INIT("mycc"), RT_STR_INIT("1.0") };

struct rt_error *fixture_note(struct fixture *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str call = rt_vsprintf(format, args);
    va_end(args);
    rt_buf_printf(&f->log, "%S;", call);
    return f->fails && rt_str_has_prefix(call, rt_str_from(f->fails)) ? rt_errorf("no luck") : NULL;
}

void fixture_assert_calls(struct fixture *f, const char *expected)
{
    assert_string_equal(rt_cstr(rt_buf_str(&f->log)), expected);
    f->log = (struct rt_buf){ 0 };
}

void fixture_assert_error(const struct rt_error *err, const char *expected)
{
    assert_non_null(err);
    assert_string_equal(rt_cstr(err->text), expected);
}

/* ---- what it stands on ---- */

static struct rt_error *send(void *self, Protos__ChaincodeMessage *m)
{
    struct fixture *f = self;
    f->asked = m;
    if (f->answer.type == 0)
        return NULL;
    Protos__ChaincodeMessage *answer =
            chaincode_message_new(f->answer.type, f->answer.payload, m->txid, m->channel_id);
    answer->chaincode_event = f->answer.chaincode_event;
    rt_send(f->answers, answer);
    return NULL;
}

static struct rt_error *receive(void *self, Protos__ChaincodeMessage **m)
{
    struct fixture *f = self;
    void *value;
    rt_daemon();
    rt_recv(f->answers, &value);
    *m = value;
    return NULL;
}

static void serve(void *arg)
{
    struct fixture *f = arg;
    RT_DROP(handler_process_stream(f->h, (struct chaincode_stream){ f, send, receive }));
}

static void add_handler(struct fixture *f, rt_str cname)
{
    f->h = handler_new(&f->cs->handlers);
    f->h->chaincode_id = WIRE_NEW(protos__chaincode_id);
    f->h->chaincode_id->name = cname;
    assert_null(handler_registry_register(f->cs->handler_registry, f->h));
    f->h->state = HANDLER_READY;
    rt_go("stream", serve, f);
}

static struct rt_error *launch(void *self, struct chaincode_container_info *ccci)
{
    struct fixture *f = self;
    rt_str cname = chaincode_container_info_cname(ccci);
    struct rt_error *err = fixture_note(f, "launch(%S)", cname);
    if (!err && !f->no_handler)
        add_handler(f, cname);
    return err;
}

static struct rt_error *container_info(void *self, rt_str name, const struct query_executor *qe,
        struct chaincode_container_info **ccci)
{
    struct fixture *f = self;
    *ccci = rt_new(struct chaincode_container_info);
    (*ccci)->name = name;
    (*ccci)->version = RT_STR("1.0");
    (*ccci)->container_type = RT_STR("DOCKER");
    return fixture_note(f, "info(%S%s)", name, qe == &fixture_executor ? ",qe" : "");
}

static struct rt_error *process(void *self, rt_str vmtype, struct vmc_req req)
{
    return fixture_note(self, "process(%S,%S)", vmtype, ccid_get_name(req.get_ccid(req.self)));
}

static struct rt_error *package(void *self, rt_str name, rt_str version, rt_bytes *code)
{
    *code = RT_NIL;
    return fixture_note(self, "package(%S,%S)", name, version);
}

struct fixture *fixture_new(uint64_t variants)
{
    struct fixture *f = rt_new(struct fixture);
    f->answers = rt_chan_make(10, "answers");
    f->metrics = metrics_new();
    f->params = (struct chaincode_support_params){
        .config = { .keepalive_ns = 0,
                .execute_timeout_ns = 7 * RT_SECOND,
                .startup_timeout_ns = 9 * RT_SECOND,
                .log_format = RT_STR("format"),
                .log_level = RT_STR("info"),
                .shim_log_level = RT_STR("warning") },
        .peer_address = RT_STR("peer0:7052"),
        .user_runs_cc = true,
        .package_provider = { f, package },
        .lifecycle = { f, NULL, container_info },
        .processor = { f, process },
        .metrics = f->metrics,
        .sys_cc_version = RT_STR("1.4.2"),
        .variants = variants,
    };
    fixture_renew(f);
    return f;
}

struct rt_error *fixture_launch(struct fixture *f, struct handler **h)
{
    return chaincode_support_launch(
            f->cs, RT_STR("ch"), RT_STR("mycc"), RT_STR("1.0"), &fixture_executor, h);
}

struct transaction_params fixture_params(struct rt_map *decorations)
{
    return (struct transaction_params){
        .tx_id = RT_STR("tx1"), .channel_id = RT_STR("ch"), .proposal_decorations = decorations
    };
}

Protos__ChaincodeInput *fixture_input(void)
{
    Protos__ChaincodeInput *input = WIRE_NEW(protos__chaincode_input);
    input->n_args = 1;
    input->args = rt_new(rt_bytes);
    input->args[0] = RT_STR("f");
    return input;
}

rt_bytes fixture_response(void)
{
    Protos__Response response = PROTOS__RESPONSE__INIT;
    response.status = 200;
    response.payload = RT_STR("p");
    return WIRE_MARSHAL_OR_PANIC(&response);
}

struct outcome fixture_execute(
        struct fixture *f, Protos__ChaincodeMessage__Type type, rt_bytes payload)
{
    struct transaction_params params = fixture_params(NULL);
    struct outcome o = { .response = (void *)f, .event = (void *)f };
    f->answer.type = type;
    f->answer.payload = payload;
    o.err = chaincode_support_execute(
            f->cs, &params, &mycc, fixture_input(), &o.response, &o.event);
    return o;
}

struct outcome fixture_legacy_init(struct fixture *f)
{
    Protos__ChaincodeDeploymentSpec *cds = WIRE_NEW(protos__chaincode_deployment_spec);
    cds->chaincode_spec = WIRE_NEW(protos__chaincode_spec);
    cds->chaincode_spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    cds->chaincode_spec->chaincode_id->name = RT_STR("mycc");
    cds->chaincode_spec->chaincode_id->version = RT_STR("of the package");
    cds->chaincode_spec->input = fixture_input();
    struct transaction_params params = fixture_params(NULL);
    struct outcome o = { .response = (void *)f, .event = (void *)f };
    f->answer.type = CC_MSG(COMPLETED);
    f->answer.payload = fixture_response();
    o.err = chaincode_support_execute_legacy_init(
            f->cs, &params, &mycc, cds, &o.response, &o.event);
    return o;
}

void fixture_renew(struct fixture *f)
{
    f->cs = chaincode_support_new(&f->params);
    f->cs->launcher = (struct launcher){ f, launch };
}
