/* What the Docker client says when there is no engine, when a connection breaks, and when an answer
 * is none: held against recordings of the real client, and against the rules of older Go. */
#include "mocks/docker/engine.h"
#include "model/container/docker_client.h"
#include "model/container/docker_endpoint.h"
#include "model/container/docker_vm.h"
#include "tests/support/test.h"

struct trial {
    struct docker_endpoint endpoint;
    struct engine_fault fault;
    const char *op;
    bool returned;
    struct rt_error *err;
};

static struct rt_error *perform(struct docker_client *c, const char *op)
{
    static const char *const big = "a build context that does not fit into a socket's buffer";
    struct rt_buf output = { 0 };
    int64_t code;
    rt_str id;
    struct io_reader input = io_reader_from(rt_str_from(big));
    if (strcmp(op, "create") == 0)
        return c->create_container(c->self,
                &(struct docker_create_options){ .name = RT_STR("c"), .image = RT_STR("i") }, &id);
    if (strcmp(op, "start") == 0)
        return c->start_container(c->self, RT_STR("c"));
    if (strcmp(op, "wait") == 0)
        return c->wait_container(c->self, RT_STR("c"), &code);
    if (strcmp(op, "stop") == 0)
        return c->stop_container(c->self, RT_STR("c"), 0);
    if (strcmp(op, "inspect") == 0)
        return c->inspect_image(c->self, RT_STR("i"));
    if (strcmp(op, "pull") == 0)
        return c->pull_image(c->self, RT_STR("i"));
    if (strcmp(op, "build") == 0)
        return c->build_image(
                c->self, &(struct docker_build_options){
                                 .name = RT_STR("n"), .input = input, .output = &output });
    if (strcmp(op, "upload") == 0)
        return c->upload_to_container(c->self, RT_STR("c"), RT_STR("/"), input, -1);
    if (strcmp(op, "download") == 0)
        return c->download_from_container(c->self, RT_STR("c"), RT_STR("/"), &output);
    return c->ping(c->self, (struct vm_context){ 0 });
}

static void act(void *arg)
{
    struct trial *t = arg;
    const struct engine_config config = { .faults = { .faults = &t->fault, .count = 1 },
        .all_images = true };
    struct docker_transport transport = docker_engine_transport(docker_engine_new(&config));
    transport.endpoint = &t->endpoint;
    struct docker_client client;
    t->err = docker_client_getter_over(&transport).get(&transport, &client);
    if (!t->err)
        t->err = perform(&client, t->op);
    t->returned = true;
}

/* The fault that does what a recording calls by this name. */
static struct engine_fault fault_of(const char *name, const char *op)
{
    static const char body[] = "{\"message\":\"m\",\"Id\":\"x\"}";
    static const struct {
        const char *name;
        struct engine_fault fault;
    } faults[] = {
        { "none", { .kind = ENGINE_FAULT_HANG } },
        { "all-then-close", { .kind = ENGINE_FAULT_EOF } },
        { "close-unread", { .kind = ENGINE_FAULT_RESET } },
        { "head-then-close", { .kind = ENGINE_FAULT_BROKEN_PIPE } },
        { "s100", { .kind = ENGINE_FAULT_STATUS, .status = 100 } },
        { "s101", { .kind = ENGINE_FAULT_STATUS, .status = 101 } },
        { "s102", { .kind = ENGINE_FAULT_STATUS, .status = 102 } },
        { "s199", { .kind = ENGINE_FAULT_STATUS, .status = 199 } },
        { "s204body", { .kind = ENGINE_FAULT_BODY, .status = 204, .body = RT_STR_INIT(body) } },
        { "s304body", { .kind = ENGINE_FAULT_BODY, .status = 304, .body = RT_STR_INIT(body) } },
        { "s301", { .kind = ENGINE_FAULT_BODY, .status = 301, .body = RT_STR_INIT(body) } },
        { "detail", { .kind = ENGINE_FAULT_BODY,
                            .status = 200,
                            .body = RT_STR_INIT(
                                    "{\"errorDetail\":{\"code\":\"x\",\"message\":\"m\"}}") } },
        { "detail2", { .kind = ENGINE_FAULT_BODY,
                             .status = 200,
                             .body = RT_STR_INIT("{\"errorDetail\":7}") } },
        { "jsonstr",
                { .kind = ENGINE_FAULT_BODY,
                        .status = 200,
                        .body = RT_STR_INIT("{\"Id\":7, \"StatusCode\":\"x\",\"stream\":5}") } },
    };
    struct engine_fault fault = { .kind = ENGINE_FAULT_UNREACHABLE };
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if (strcmp(faults[i].name, name) == 0)
            fault = faults[i].fault;
    if (fault.kind == ENGINE_FAULT_UNREACHABLE) {
        while (fault.reason < ENGINE_REASON_COUNT &&
                strcmp(engine_reason_name(fault.reason), name) != 0)
            fault.reason++;
        if (fault.reason == ENGINE_REASON_COUNT)
            fail_msg("what is \"%s\"?", name);
    }
    if (fault.kind == ENGINE_FAULT_BROKEN_PIPE)
        fault.op = strcmp(op, "build") == 0 ? ENGINE_OP_BUILD : ENGINE_OP_UPLOAD;
    return fault;
}

/* One call, in a machine of its own. */
static void in_machine(const char *endpoint, bool tls, const char *go, const char *name,
        const char *op, const char *want)
{
    struct rt *rt = rt_machine_new();
    struct trial t = { .op = op };
    rt_begin(rt, &(const struct rt_config){ 0 });
    t.endpoint = docker_endpoint_parse(rt_str_from(endpoint), tls, rt_str_from(go));
    t.fault = fault_of(name, op);
    assert_false(engine_fault_check(&t.fault).data != NULL);
    rt_go_in(rt_proc_new("peer"), "peer", act, &t);
    (void)rt_run_until(rt, 120 * INT64_C(1000000000));
    const char *got = t.err ? rt_cstr(t.err->text) : "no error";
    if (!t.returned || strcmp(got, want ? want : "no error") != 0)
        fail_msg("%s, %s, %s (Go %s): \"%s\", expected \"%s\"", endpoint, name, op, go, got,
                want ? want : "no error");
    rt_end(rt);
    rt_machine_free(rt);
}

static void test_recorded(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("corpora/docker/transport.jsonl");
    const json_t *v;
    size_t count = 0;
    while ((v = support_next_vector(&lines))) {
        in_machine(json_string_value(json_object_get(v, "endpoint")),
                json_is_true(json_object_get(v, "tls")), "1.19",
                json_string_value(json_object_get(v, "case")),
                json_string_value(json_object_get(v, "op")),
                json_string_value(json_object_get(v, "error")));
        count++;
    }
    assert_int_equal(count, 376);
}

/* Go's sources: url.Error has quotes since 1.14; until 1.11 only 100 was no answer. */
static void test_versions_of_go(void **state)
{
    (void)state;
    static const char unix_socket[] = "unix:///host/var/run/docker.sock";
    in_machine(unix_socket, false, "1.11.5", "all-then-close", "create",
            "Post http://unix.sock/containers/create?name=c: EOF");
    in_machine(unix_socket, false, "1.13.15", "all-then-close", "create",
            "Post http://unix.sock/containers/create?name=c: EOF");
    in_machine(unix_socket, false, "1.14", "all-then-close", "create",
            "Post \"http://unix.sock/containers/create?name=c\": EOF");
    in_machine(unix_socket, false, "1.11.5", "permission-denied", "create",
            "Post http://unix.sock/containers/create?name=c: dial unix "
            "/host/var/run/docker.sock: connect: permission denied");
    in_machine(unix_socket, false, "1.11.5", "head-then-close", "build",
            "write unix @->/host/var/run/docker.sock: write: broken pipe");
    in_machine(unix_socket, false, "1.11.5", "s101", "create", "API error (101): ");
    in_machine(unix_socket, false, "1.11.5", "s102", "create",
            "Post http://unix.sock/containers/create?name=c: net/http: HTTP/1.x transport "
            "connection broken: unexpected EOF");
    in_machine(unix_socket, false, "1.10.8", "s102", "create", "API error (102): ");
    in_machine(unix_socket, false, "1.10.8", "s100", "create",
            "Post http://unix.sock/containers/create?name=c: net/http: HTTP/1.x transport "
            "connection broken: unexpected EOF");
}

static void test_tls(void **state)
{
    (void)state;
    in_machine("tcp://10.0.0.5:2376", true, "1.11.5", "unknown-authority", "create",
            "Post https://10.0.0.5:2376/containers/create?name=c: x509: certificate signed by "
            "unknown authority");
    in_machine("tcp://10.0.0.5:2376", true, "1.11.5", "no-tls", "pull",
            "Post https://10.0.0.5:2376/images/create?fromImage=i: http: server gave HTTP "
            "response to HTTPS client");
    in_machine("tcp://10.0.0.5:2376", true, "1.11.5", "refused", "build",
            "cannot connect to Docker endpoint");
    /* a unix socket stays what it is */
    in_machine("unix:///var/run/docker.sock", true, "1.11.5", "all-then-close", "ping",
            "Get http://unix.sock/_ping: EOF");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recorded),
        cmocka_unit_test(test_versions_of_go),
        cmocka_unit_test(test_tls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
