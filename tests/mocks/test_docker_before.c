/* What an engine has from before, which networks it knows, and what its registries refuse. */
#include "mocks/docker/registry.h"
#include "tests/mocks/helper_docker.h"
#include "tests/support/test.h"

static int status_of(struct lab *lab, const char *method, const char *uri)
{
    return lab_get(lab, method, uri)->status;
}

/* The recorded answers of a real engine to the calls of a launch, by the container's state. */
static void test_old_containers(void **state)
{
    (void)state;
    static const struct {
        enum engine_state state;
        int stop, kill, remove;
    } rows[] = {
        { ENGINE_CREATED, 304, 409, 204 },
        { ENGINE_RUNNING, 204, 409, 204 }, /* KILL has ended it after TERM did not */
        { ENGINE_PAUSED, 204, 409, 204 },
        { ENGINE_EXITED, 304, 409, 204 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lab lab;
        struct engine_container_info info;
        lab_begin(&lab, &(const struct engine_config){ .all_images = true });
        docker_engine_add_container(
                lab.engine, &(const struct engine_old_container){ RT_STR("old"), RT_STR("x"),
                                    RT_STR("mycc:1.0"), rows[i].state, 3 });
        assert_true(docker_engine_container(lab.engine, RT_STR("old"), &info));
        assert_int_equal(info.state, rows[i].state);
        assert_true(rt_str_is(info.chaincode, "mycc:1.0"));
        assert_int_equal(info.exit_code, rows[i].state == ENGINE_EXITED ? 3 : 0);
        assert_int_equal(docker_engine_starts(lab.engine), 0);
        assert_int_equal(lab_post(&lab, "/containers/create?name=old",
                                 "{\"Image\":\"x\",\"Cmd\":[\"chaincode\"]}")
                                 ->status,
                409);
        assert_int_equal(status_of(&lab, "POST", "/containers/old/stop?t=0"), rows[i].stop);
        assert_int_equal(status_of(&lab, "POST", "/containers/old/kill?"), rows[i].kill);
        assert_int_equal(status_of(&lab, "DELETE", "/containers/old?force=1"), rows[i].remove);
        assert_int_equal(status_of(&lab, "POST", "/containers/old/stop?t=0"), 404);
        lab_end(&lab);
    }
}

static struct engine_program remember_code(void *self, const struct engine_process *process)
{
    *(rt_str *)self = process->code;
    return (struct engine_program){ 0 };
}

/* The program is asked for with the code that the image holds, until it is built again. */
static void test_images_hold_other_code(void **state)
{
    (void)state;
    static const char create[] = "{\"Image\":\"i\",\"Cmd\":[\"chaincode\"]}";
    rt_str code = { 0 };
    struct lab lab;
    lab_begin(
            &lab, &(const struct engine_config){ .program = remember_code, .program_self = &code });
    docker_engine_add_image(lab.engine, RT_STR("i"));
    docker_engine_image_holds(lab.engine, RT_STR("i"), RT_STR("old"));
    assert_int_equal(lab_post(&lab, "/containers/create?name=one", create)->status, 201);
    (void)lab_get(&lab, "POST", "/containers/one/start");
    assert_true(rt_str_is(code, "old"));
    rt_bytes context = one_file_tar("Dockerfile", RT_STR("FROM scratch\nENV A=b\n"));
    (void)lab_call(&lab, "POST", RT_STR("/build?t=i"), "application/tar", context, false);
    assert_int_equal(lab_post(&lab, "/containers/create?name=two", create)->status, 201);
    (void)lab_get(&lab, "POST", "/containers/two/start");
    assert_int_equal(code.len, 0);
    lab_end(&lab);
}

static void test_networks(void **state)
{
    (void)state;
    static const rt_str networks[] = { RT_STR_INIT("net_basic") };
    static const struct {
        const char *mode;
        bool listed; /* there are networks beside those of every engine, if they are listed */
        int status;
    } rows[] = {
        { "net_basic", true, 204 },
        { "net_other", true, 404 },
        { "net_basic", false, 404 },
        { "host", false, 204 },
        { "container:x", false, 204 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lab lab;
        lab_begin(&lab, &(const struct engine_config){ .all_images = true,
                                .networks = { networks, rows[i].listed ? 1 : 0 } });
        rt_str body = rt_sprintf("{\"Image\":\"x\",\"Cmd\":[\"/t\"],\"HostConfig\":"
                                 "{\"NetworkMode\":\"%s\"}}",
                rows[i].mode);
        assert_int_equal(lab_post(&lab, "/containers/create?name=one", rt_cstr(body))->status, 201);
        struct call *start = lab_get(&lab, "POST", "/containers/one/start");
        assert_int_equal(start->status, rows[i].status);
        if (start->status == 404)
            assert_true(rt_str_eq(rt_buf_str(&start->body),
                    rt_sprintf("{\"message\":\"network %s not found\"}\n", rows[i].mode)));
        lab_end(&lab);
    }
}

/* The texts are those that users quote of engines 20.10. */
static void test_registries(void **state)
{
    (void)state;
    static const struct engine_refused refused[] = {
        { RT_STR_INIT("fabric-ccenv"), ENGINE_REFUSAL_MANIFEST_UNKNOWN, 0, { 0 } },
        { RT_STR_INIT("private/"), ENGINE_REFUSAL_ACCESS_DENIED, 0, { 0 } },
        { RT_STR_INIT("registry.example.com:5000/"), ENGINE_REFUSAL_NO_TLS, 0, { 0 } },
        { RT_STR_INIT("odd"), ENGINE_REFUSAL_NO_TLS, 503, RT_STR_INIT("closed today") },
    };
    static const struct {
        const char *image;
        int status;
        const char *message;
    } rows[] = {
        { "hyperledger/fabric-ccenv:1.4.9", 404,
                "manifest for hyperledger/fabric-ccenv:1.4.9 not found: manifest unknown: manifest "
                "unknown" },
        { "private/cc", 404,
                "pull access denied for private/cc, repository does not exist or may require "
                "'docker login': denied: requested access to the resource is denied" },
        { "registry.example.com:5000/cc", 500,
                "Get \\\"https://registry.example.com:5000/v2/\\\": http: server gave HTTP "
                "response to HTTPS client" },
        { "odd", 503, "closed today" },
        { "other", 200, NULL },
    };
    uint32_t hits[4] = { 0 };
    struct lab lab;
    lab_begin(
            &lab, &(const struct engine_config){ .registry = { refused, 4, hits, ENGINE_20_10 } });
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        rt_str uri = rt_sprintf("/images/create?fromImage=%s", rows[i].image);
        struct call *pull = lab_get(&lab, "POST", rt_cstr(uri));
        assert_int_equal(pull->status, rows[i].status);
        if (rows[i].message)
            assert_true(rt_str_eq(rt_buf_str(&pull->body),
                    rt_sprintf("{\"message\":\"%s\"}\n", rows[i].message)));
        assert_int_equal(hits[i < 4 ? i : 0], 1);
    }
    /* the base of an image comes from there, too */
    rt_bytes context = one_file_tar("Dockerfile", RT_STR("FROM odd\nENV A=b\n"));
    struct call *build =
            lab_call(&lab, "POST", RT_STR("/build?t=i"), "application/tar", context, false);
    assert_true(rt_str_contains(rt_buf_str(&build->body),
            RT_STR("{\"errorDetail\":{\"message\":\"closed today\"},\"error\":\"closed today\"}")));
    lab_end(&lab);
}

/* What a container and a build print before they fail is read by who is attached. */
static void test_output(void **state)
{
    (void)state;
    static const struct engine_fault faults[] = {
        { .kind = ENGINE_FAULT_EXIT,
                .op = ENGINE_OP_START,
                .container = RT_STR_INIT("builder"),
                .exit_code = 2,
                .output = RT_STR_INIT("undefined: shim.Succes\n") },
        { .kind = ENGINE_FAULT_BUILD_ERROR,
                .op = ENGINE_OP_BUILD,
                .output = RT_STR_INIT("npm ERR!\n"),
                .message = RT_STR_INIT("failed") },
    };
    struct lab lab;
    lab_begin(&lab, &(const struct engine_config){
                            .faults = { .faults = faults, .count = 2 }, .all_images = true });
    /* the fault means containers by their image, too */
    assert_int_equal(lab_post(&lab, "/containers/create?name=one",
                             "{\"Image\":\"the/builder\",\"Cmd\":[\"/bin/sh\",\"-c\",\"go\"]}")
                             ->status,
            201);
    assert_int_equal(status_of(&lab, "POST", "/containers/one/start"), 204);
    struct call *wait = lab_get(&lab, "POST", "/containers/one/wait");
    assert_true(rt_str_contains(rt_buf_str(&wait->body), RT_STR("\"StatusCode\":2")));
    struct call *logs = lab_get(&lab, "GET", "/containers/one/logs?stderr=1");
    assert_true(rt_str_contains(rt_buf_str(&logs->body), RT_STR("undefined: shim.Succes\n")));
    assert_false(rt_str_contains(rt_buf_str(&logs->body), RT_STR("build failed")));
    rt_bytes context = one_file_tar("Dockerfile", RT_STR("FROM scratch\nENV A=b\n"));
    struct call *build =
            lab_call(&lab, "POST", RT_STR("/build?t=i"), "application/tar", context, false);
    assert_true(rt_str_contains(rt_buf_str(&build->body),
            RT_STR("{\"stream\":\"npm ERR!\\n\"}\r\n{\"errorDetail\":{\"message\":\"failed\"}")));
    lab_end(&lab);
}

/* A tar may not lead out of the folder that it is unpacked into. */
static void test_names_that_lead_out(void **state)
{
    (void)state;
    static const struct {
        const char *name, *outside; /* NULL: it is taken */
    } rows[] = {
        { "src/a.go", NULL },
        { "/src/a.go", NULL },
        { "/../src/a.go", NULL },
        { "../../chaincode/input/a.go", NULL },
        { "src/../a.go", NULL },
        { "src/../../a.go", "../a.go" },
        { "../a.go", "../a.go" },
        { "src/../../../etc/./a.go", "../../etc/a.go" },
    };
    struct lab lab;
    lab_begin(&lab, &(const struct engine_config){ .all_images = true });
    assert_int_equal(
            lab_post(&lab, "/containers/create?name=box", "{\"Image\":\"x\",\"Cmd\":[\"/t\"]}")
                    ->status,
            201);
    rt_str input = one_file_tar("chaincode/input/here", RT_STR("x"));
    rt_str to_root = RT_STR("/containers/box/archive?path=/");
    assert_int_equal(lab_call(&lab, "PUT", to_root, NULL, input, false)->status, 200);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct call *call =
                lab_call(&lab, "PUT", RT_STR("/containers/box/archive?path=/chaincode/input"), NULL,
                        one_file_tar(rows[i].name, RT_STR("x")), false);
        rt_str body = rt_buf_str(&call->body);
        assert_int_equal(call->status, rows[i].outside ? 500 : 200);
        if (rows[i].outside)
            assert_true(rt_str_contains(
                    body, rt_sprintf("\\\"%s\\\" is outside of \\\"/chaincode/input\\\"",
                                  rows[i].outside)));
    }
    lab_end(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_old_containers),
        cmocka_unit_test(test_images_hold_other_code),
        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_registries),
        cmocka_unit_test(test_output),
        cmocka_unit_test(test_names_that_lead_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
