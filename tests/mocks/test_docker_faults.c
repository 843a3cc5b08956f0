/* What each fault does to DockerVM, and the engine's events. Expected errors are those of the
 * recorded client for such answers. */
#include "mocks/docker/fault_plan.h"
#include "model/container/docker_build.h"
#include "model/container/docker_vm.h"
#include "model/gostd/gzip.h"
#include "tests/mocks/helper_docker.h"
#include "tests/support/test.h"

/* A call on DockerVM with an engine that has one fault. */
struct trial {
    struct engine_fault fault;
    const char *before; /* calls made first: s start, x stop */
    char call;          /* s start, x stop, w wait, h health check, b platform build */
    const char *err;    /* NULL: success; "": it does not return within a minute */
    int64_t code;       /* of a wait */
    bool images;        /* all images exist */
    bool tls;
};

struct actor {
    struct lab lab;
    struct docker_transport transport;
    struct vm vm;
    const struct trial *trial;
    char call;
    bool returned;
    struct rt_error *err;
    int64_t code;
};

static struct rt_error *build(void *self, struct io_reader *context)
{
    (void)self;
    *context = io_reader_from(
            gzip_compress(one_file_tar("Dockerfile", RT_STR("FROM scratch\nENV A=b\n"))));
    return NULL;
}

static void act(void *arg)
{
    const struct docker_build_config config = {
        .builder = RT_STR("hyperledger/fabric-ccenv:latest"),
    };
    static rt_str args[] = { RT_STR_INIT("chaincode") };
    struct actor *a = arg;
    struct ccid ccid = { .name = RT_STR("cc"), .version = RT_STR("1") };
    struct str_slice list = { args, 1 };
    struct rt_map *files = rt_map_new();
    rt_bytes key = RT_STR("KEY");
    rt_bytes output = RT_NIL;
    rt_daemon();
    if (a->trial->tls)
        rt_map_put(files, RT_STR("/etc/client.key"), &key);
    if (a->call == 's')
        a->err = a->vm.start(a->vm.self, ccid, list, (struct str_slice){ 0 }, files,
                (struct builder){ NULL, build });
    else if (a->call == 'x')
        a->err = a->vm.stop(a->vm.self, ccid, 0, false, false);
    else if (a->call == 'w')
        a->err = a->vm.wait(a->vm.self, ccid, &a->code);
    else if (a->call == 'b')
        a->err = docker_build(a->transport, config, RT_STR(""), RT_STR("go build"),
                one_file_tar("src/x.go", RT_STR("x")), &output);
    else
        a->err = a->vm.health_check(a->vm.self, (struct vm_context){ 300 * RT_MS });
    a->returned = true;
}

static void call(struct actor *a, char what)
{
    a->call = what;
    a->returned = false;
    rt_go_in(a->lab.client, "peer", act, a);
    lab_run(&a->lab, 60000);
}

static void begin(struct actor *a, const struct trial *t)
{
    const struct engine_config engine = {
        .faults = { .faults = &t->fault, .count = t->fault.op == ENGINE_OP_COUNT ? 0 : 1 },
        .all_images = t->images,
    };
    *a = (struct actor){ .trial = t };
    lab_begin(&a->lab, &engine);
    a->transport = docker_engine_transport(a->lab.engine);
    const struct docker_vm_config vm = {
        .peer_id = RT_STR("peer0"),
        .network_id = RT_STR("dev"),
        .get_client = docker_client_getter_over(&a->transport),
        .host_config = docker_host_config_default(),
    };
    a->vm = docker_vm_as_vm(docker_vm_new(&vm));
    for (const char *c = t->before; c && *c != 0; c++)
        call(a, *c);
}

static void check(size_t index, const struct trial *t)
{
    struct actor a;
    assert_true(!engine_fault_check(&t->fault).data);
    begin(&a, t);
    call(&a, t->call);
    const char *got = a.err ? rt_cstr(a.err->text) : NULL;
    bool same = !t->err          ? a.returned && !got
                : t->err[0] == 0 ? !a.returned
                                 : got && strcmp(got, t->err) == 0;
    if (!same)
        fail_msg("trial %zu, %s: %s, \"%s\"", index, engine_fault_name(t->fault.kind),
                a.returned ? "returned" : "did not return", got ? got : "no error");
    assert_int_equal(a.code, t->code);
    lab_end(&a.lab);
}

#define URL_PREFIX "\"http://unix.sock/containers/dev-peer0-cc-1"

static const struct trial trials[] = {
    /* answers with a status */
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_CREATE,
              .status = 500,
              .message = RT_STR_INIT("boom") },
            .call = 's', .images = true, .err = "API error (500): boom" },
    { { .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_CREATE, .status = 409 }, .call = 's',
            .images = true, .err = "container already exists" },
    { { .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_START, .status = 304 }, .call = 's',
            .images = true, .err = "Container already running: dev-peer0-cc-1" },
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_START,
              .status = 404,
              .message = RT_STR_INIT("gone") },
            .call = 's', .images = true, .err = "API error (404): gone" },
    { { .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_VERSION, .status = 500 }, .call = 's',
            .images = true },
    { { .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_STOP, .status = 500 }, .call = 's',
            .images = true },
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_REMOVE,
              .status = 500,
              .message = RT_STR_INIT("r") },
            .call = 'x', .images = true, .err = "API error (500): r" },
    { { .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_KILL, .status = 500 }, .before = "s",
            .call = 'x', .images = true },
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_WAIT,
              .status = 500,
              .message = RT_STR_INIT("boom") },
            .before = "s", .call = 'w', .images = true, .err = "API error (500): boom" },
    { { .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_PING, .status = 204 }, .call = 'h',
            .err = "failed to ping to Docker daemon: API error (204): " },
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_UPLOAD,
              .status = 500,
              .message = RT_STR_INIT("u") },
            .call = 's', .images = true, .tls = true,
            .err = "Error uploading files to the container instance dev-peer0-cc-1: API error "
                   "(500): u" },
    /* answers that have no body on a wire, whatever was to be in it */
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_CREATE,
              .status = 304,
              .message = RT_STR_INIT("boom") },
            .call = 's', .images = true, .err = "EOF" },
    { { .kind = ENGINE_FAULT_BODY,
              .op = ENGINE_OP_CREATE,
              .status = 204,
              .body = RT_STR_INIT("{\"Id\":\"x\"}") },
            .call = 's', .images = true, .err = "EOF" },
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_WAIT,
              .status = 304,
              .message = RT_STR_INIT("boom") },
            .before = "s", .call = 'w', .images = true, .err = "EOF" },
    { { .kind = ENGINE_FAULT_BODY,
              .op = ENGINE_OP_WAIT,
              .status = 204,
              .body = RT_STR_INIT("{\"StatusCode\":7}") },
            .before = "s", .call = 'w', .images = true, .err = "EOF" },
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_BUILD,
              .status = 304,
              .message = RT_STR_INIT("boom") },
            .call = 's', .err = "no such image" },
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_PING,
              .status = 304,
              .message = RT_STR_INIT("boom") },
            .call = 'h', .err = "failed to ping to Docker daemon: API error (304): " },
    /* bodies that are not what they should be */
    { { .kind = ENGINE_FAULT_BODY,
              .op = ENGINE_OP_CREATE,
              .status = 201,
              .body = RT_STR_INIT("nonsense") },
            .call = 's', .images = true,
            .err = "invalid character 'o' in literal null (expecting 'u')" },
    { { .kind = ENGINE_FAULT_BODY, .op = ENGINE_OP_CREATE, .status = 201 }, .call = 's',
            .images = true, .err = "EOF" },
    { { .kind = ENGINE_FAULT_BODY,
              .op = ENGINE_OP_WAIT,
              .status = 200,
              .body = RT_STR_INIT("{\"StatusCode\":\"0\"}") },
            .before = "s", .call = 'w', .images = true,
            .err = "json: cannot unmarshal string into Go struct field .StatusCode of type int" },
    { { .kind = ENGINE_FAULT_BODY,
              .op = ENGINE_OP_UPLOAD,
              .status = 200,
              .body = RT_STR_INIT("hello"),
              .content_type = RT_STR_INIT("text/plain") },
            .call = 's', .images = true, .tls = true }, /* shorter than a frame's head */
    { { .kind = ENGINE_FAULT_BODY,
              .op = ENGINE_OP_UPLOAD,
              .status = 200,
              .body = RT_STR_INIT("hello you"),
              .content_type = RT_STR_INIT("text/plain") },
            .call = 's', .images = true, .tls = true,
            .err = "Error uploading files to the container instance dev-peer0-cc-1: "
                   "Unrecognized input header: 104" },
    /* connections that break */
    { { .kind = ENGINE_FAULT_REFUSED, .op = ENGINE_OP_CREATE }, .call = 's', .images = true,
            .err = "cannot connect to Docker endpoint" },
    { { .kind = ENGINE_FAULT_EOF, .op = ENGINE_OP_CREATE }, .call = 's', .images = true,
            .err = "Post \"http://unix.sock/containers/create?name=dev-peer0-cc-1\": EOF" },
    { { .kind = ENGINE_FAULT_EOF, .op = ENGINE_OP_START, .after = true }, .call = 's',
            .images = true, .err = "Post " URL_PREFIX "/start\": EOF" },
    { { .kind = ENGINE_FAULT_EOF, .op = ENGINE_OP_UPLOAD }, .call = 's', .images = true,
            .tls = true,
            .err = "Error uploading files to the container instance dev-peer0-cc-1: unexpected "
                   "EOF" },
    { { .kind = ENGINE_FAULT_EOF, .op = ENGINE_OP_BUILD }, .call = 's', .err = "unexpected EOF" },
    { { .kind = ENGINE_FAULT_CUT, .op = ENGINE_OP_CREATE, .bytes = 10 }, .call = 's',
            .images = true, .err = "unexpected EOF" },
    { { .kind = ENGINE_FAULT_CUT, .op = ENGINE_OP_BUILD, .bytes = 50 }, .call = 's',
            .err = "unexpected EOF" },
    { { .kind = ENGINE_FAULT_DIE, .op = ENGINE_OP_START }, .call = 's', .images = true,
            .err = "Post " URL_PREFIX "/start\": EOF" },
    { { .kind = ENGINE_FAULT_DIE, .op = ENGINE_OP_CREATE }, .before = "s", .call = 'x',
            .images = true, .err = "cannot connect to Docker endpoint" },
    /* time */
    { { .kind = ENGINE_FAULT_HANG, .op = ENGINE_OP_CREATE, .ms = -1 }, .call = 's', .images = true,
            .err = "" },
    { { .kind = ENGINE_FAULT_HANG, .op = ENGINE_OP_START, .ms = -1, .after = true }, .call = 's',
            .images = true, .err = "" },
    { { .kind = ENGINE_FAULT_HANG, .op = ENGINE_OP_START, .ms = 5000 }, .call = 's',
            .images = true },
    { { .kind = ENGINE_FAULT_HANG, .op = ENGINE_OP_PING, .ms = -1 }, .call = 'h',
            .err = "failed to ping to Docker daemon: context deadline exceeded" },
    { { .kind = ENGINE_FAULT_HANG, .op = ENGINE_OP_PING, .ms = 200 }, .call = 'h' },
    /* images and builds */
    { { .kind = ENGINE_FAULT_NO_IMAGE, .op = ENGINE_OP_CREATE, .count = 1 }, .call = 's',
            .images = true },
    { { .kind = ENGINE_FAULT_NO_IMAGE, .op = ENGINE_OP_CREATE }, .call = 's', .images = true,
            .err = "no such image" },
    { { .kind = ENGINE_FAULT_CONFLICT, .op = ENGINE_OP_CREATE }, .call = 's', .images = true,
            .err = "container already exists" },
    { { .kind = ENGINE_FAULT_BUILD_ERROR,
              .op = ENGINE_OP_BUILD,
              .message = RT_STR_INIT("it failed") },
            .call = 's', .err = "it failed" },
    { { .kind = ENGINE_FAULT_BUILD_ERROR, .op = ENGINE_OP_BUILD, .status = 401 }, .call = 's',
            .err = "authentication is required" },
    { { .kind = ENGINE_FAULT_BUILD_HIDDEN,
              .op = ENGINE_OP_BUILD,
              .message = RT_STR_INIT("it failed") },
            .call = 's', .err = "no such image" },
    { { .kind = ENGINE_FAULT_BUILD_TEXT,
              .op = ENGINE_OP_BUILD,
              .message = RT_STR_INIT("it failed") },
            .call = 's', .err = "no such image" },
    { { .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_COUNT, .status = 500 },
            .call = 's' }, /* builds */
    /* containers */
    { { .kind = ENGINE_FAULT_NO_EXEC, .op = ENGINE_OP_START }, .call = 's', .images = true,
            .err = "API error (400): failed to create shim task: OCI runtime create failed: runc "
                   "create failed: unable to start container process: exec: \"chaincode\": "
                   "executable file not found in $PATH: unknown" },
    { { .kind = ENGINE_FAULT_EXIT, .op = ENGINE_OP_START, .exit_code = 7 }, .before = "s",
            .call = 'w', .images = true, .code = 7 },
    { { .kind = ENGINE_FAULT_EXIT, .op = ENGINE_OP_START, .exit_code = 9, .ms = 2000 },
            .before = "s", .call = 'w', .images = true, .code = 9 },
    { { .kind = ENGINE_FAULT_EARLY_WAIT, .op = ENGINE_OP_WAIT, .exit_code = 3 }, .before = "s",
            .call = 'w', .images = true, .code = 3 },
    { { .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_COUNT, .status = 500 }, .call = 'w',
            .images = true, .err = "No such container: dev-peer0-cc-1" },
    /* the platforms' builds */
    { { .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_COUNT, .status = 500 }, .call = 'b' },
    { { .kind = ENGINE_FAULT_EXIT, .op = ENGINE_OP_START, .exit_code = 2 }, .call = 'b',
            .err = "Error returned from build: 2 \"build failed\n\"" },
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_PULL,
              .status = 404,
              .message = RT_STR_INIT("pull access denied for x") },
            .call = 'b',
            .err = "Failed to pull hyperledger/fabric-ccenv:latest: API error (404): pull access "
                   "denied for x" },
    { { .kind = ENGINE_FAULT_STATUS,
              .op = ENGINE_OP_DOWNLOAD,
              .status = 404,
              .message = RT_STR_INIT("Could not find the file /chaincode/output/.") },
            .call = 'b',
            .err = "Error downloading output: API error (404): Could not find the file "
                   "/chaincode/output/." },
};

static void test_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
        check(i, &trials[i]);
}

/* Where every image exists, the one that is being built does not, before its build has gone well;
 * and one that was removed is gone. */
static void test_images_that_are_missing(void **state)
{
    (void)state;
    static const struct engine_fault faults[] = {
        { .kind = ENGINE_FAULT_NO_IMAGE, .op = ENGINE_OP_CREATE, .count = 1 },
        { .kind = ENGINE_FAULT_BUILD_HIDDEN, .op = ENGINE_OP_BUILD, .count = 1 },
    };
    static const char create[] = "{\"Image\":\"i\",\"Cmd\":[\"/t\"]}";
    const struct engine_config config = { .faults = { .faults = faults, .count = 2 },
        .all_images = true };
    rt_bytes context = RT_NIL;
    struct lab lab;
    lab_begin(&lab, &config);
    context = one_file_tar("Dockerfile", RT_STR("FROM scratch\nENV A=b\n"));
    assert_int_equal(lab_post(&lab, "/containers/create?name=aa", create)->status, 404);
    (void)lab_call(&lab, "POST", RT_STR("/build?t=i"), "application/tar", context, false);
    assert_int_equal(lab_post(&lab, "/containers/create?name=aa", create)->status, 404);
    (void)lab_call(&lab, "POST", RT_STR("/build?t=i"), "application/tar", context, false);
    assert_int_equal(lab_post(&lab, "/containers/create?name=aa", create)->status, 201);
    assert_int_equal(lab_get(&lab, "DELETE", "/containers/aa")->status, 204);
    assert_int_equal(lab_get(&lab, "DELETE", "/images/i")->status, 200);
    assert_int_equal(lab_post(&lab, "/containers/create?name=aa", create)->status, 404);
    lab_end(&lab);
}

/* Occurrences and containers by which a fault is chosen. */
static void test_choice_of_faults(void **state)
{
    (void)state;
    static const struct engine_fault faults[] = {
        { .kind = ENGINE_FAULT_STATUS,
                .op = ENGINE_OP_PING,
                .first = 2,
                .count = 2,
                .status = 500 },
        { .kind = ENGINE_FAULT_STATUS,
                .op = ENGINE_OP_STOP,
                .container = RT_STR_INIT("bad"),
                .status = 503 },
    };
    static const int pings[] = { 200, 500, 500, 200, 200 };
    const struct engine_config config = { .faults = { .faults = faults, .count = 2 } };
    struct lab lab;
    lab_begin(&lab, &config);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(lab_get(&lab, "GET", "/_ping")->status, pings[i]);
    assert_int_equal(lab_get(&lab, "POST", "/containers/good/stop?t=0")->status, 404);
    assert_int_equal(lab_get(&lab, "POST", "/containers/a-bad-one/stop?t=0")->status, 503);
    lab_end(&lab);
}

static void test_checks(void **state)
{
    (void)state;
    struct engine_fault fault = { .kind = ENGINE_FAULT_NO_IMAGE, .op = ENGINE_OP_START };
    assert_true(rt_str_is(engine_fault_check(&fault),
            "a fault \"no-image\" can only happen at \"create\", not at \"start\""));
    fault = (struct engine_fault){ .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_START };
    assert_true(engine_fault_check(&fault).data != NULL);
}

/* The events of one life, in the order that a real engine has them in. */
/* Nobody would see it, if it were kept back until the container ends. */
static void test_attach_that_fails_after(void **state)
{
    (void)state;
    const struct engine_fault fault = {
        .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_ATTACH, .status = 404, .after = true
    };
    const struct engine_config config = { .faults = { .faults = &fault, .count = 1 },
        .all_images = true };
    struct lab lab;
    lab_begin(&lab, &config);
    assert_int_equal(
            lab_post(&lab, "/containers/create?name=life", "{\"Image\":\"x\",\"Cmd\":[\"/t\"]}")
                    ->status,
            201);
    struct call *attach = lab_call(
            &lab, "POST", RT_STR("/containers/life/attach?stream=1&stdout=1"), NULL, RT_NIL, true);
    assert_int_equal(attach->status, 404);
    assert_true(attach->ended);
    lab_end(&lab);
}

static void test_events(void **state)
{
    (void)state;
    static const char *const want[] = {
        "create",
        "extract-to-dir",
        "start",
        "kill",
        "kill",
        "die",
        "stop",
        "destroy",
    };
    const struct engine_config config = { .all_images = true };
    struct lab lab;
    lab_begin(&lab, &config);
    struct call *events = lab_send(&lab, "GET", RT_STR("/events"), NULL, RT_NIL, false);
    lab_run(&lab, 10);
    assert_int_equal(events->status, 200); /* the head comes at once */
    assert_int_equal(
            lab_post(&lab, "/containers/create?name=life", "{\"Image\":\"x\",\"Cmd\":[\"/t\"]}")
                    ->status,
            201);
    assert_int_equal(lab_call(&lab, "PUT", RT_STR("/containers/life/archive?path=/"), NULL,
                             one_file_tar("f", RT_STR("x")), false)
                             ->status,
            200);
    assert_int_equal(lab_get(&lab, "POST", "/containers/life/start")->status, 204);
    assert_int_equal(lab_get(&lab, "POST", "/containers/life/stop?t=0")->status, 204);
    assert_int_equal(lab_get(&lab, "DELETE", "/containers/life")->status, 204);
    rt_str body = rt_buf_str(&events->body);
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        rt_str part = rt_sprintf("\"Type\":\"container\",\"Action\":\"%s\"", want[i]);
        ptrdiff_t at = rt_str_index(body, part);
        if (at < 0)
            fail_msg("no event \"%s\" after the ones before it", want[i]);
        body = rt_str_slice(body, (size_t)at + part.len, body.len);
    }
    assert_false(rt_str_contains(body, RT_STR("\"Type\"")));
    assert_true(rt_str_contains(rt_buf_str(&events->body), RT_STR("\"exitCode\":\"137\"")));
    assert_false(events->ended);
    lab_end(&lab);
}

/* The list and the log of requests. */
static void test_list_and_log(void **state)
{
    (void)state;
    const struct engine_config config = { .all_images = true };
    struct lab lab;
    size_t count = 0;
    lab_begin(&lab, &config);
    (void)lab_post(&lab, "/containers/create?name=one", "{\"Image\":\"x\",\"Cmd\":[\"/t\",\"a\"]}");
    (void)lab_post(&lab, "/containers/create?name=two", "{\"Image\":\"x\",\"Cmd\":[\"/t\"]}");
    (void)lab_get(&lab, "POST", "/containers/two/start");
    struct call *running = lab_get(&lab, "GET", "/containers/json");
    struct call *all = lab_get(&lab, "GET", "/containers/json?all=1");
    assert_false(rt_str_contains(rt_buf_str(&running->body), RT_STR("\"/one\"")));
    assert_true(rt_str_contains(rt_buf_str(&running->body), RT_STR("\"/two\"")));
    assert_true(rt_str_contains(rt_buf_str(&all->body), RT_STR("\"Command\":\"/t a\"")));
    assert_true(rt_str_contains(rt_buf_str(&all->body), RT_STR("\"Status\":\"Created\"")));
    struct call *pruned = lab_get(&lab, "POST", "/containers/prune");
    assert_true(rt_str_is(without_ids(rt_buf_str(&pruned->body)),
            "{\"ContainersDeleted\":[\"<id>\"],\"SpaceReclaimed\":0}\n"));
    const struct engine_request *log = docker_engine_requests(lab.engine, &count);
    assert_int_equal(count, 6);
    assert_string_equal(log[2].method, "POST");
    assert_true(rt_str_is(log[2].uri, "/containers/two/start"));
    assert_int_equal(log[2].status, 204);
    assert_int_equal(log[2].op, ENGINE_OP_START);
    lab_end(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_images_that_are_missing),
        cmocka_unit_test(test_choice_of_faults),
        cmocka_unit_test_setup_teardown(test_checks, support_arena_begin, support_arena_end),
        cmocka_unit_test(test_attach_that_fails_after),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_list_and_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
