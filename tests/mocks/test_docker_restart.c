/* What an engine knows after a restart: its containers and images, and how often each fault has had
 * an occasion. */
#include "tests/mocks/helper_docker.h"
#include "tests/support/test.h"

static const char chaincode[] = "{\"Image\":\"cc\",\"Cmd\":[\"chaincode\"]}";

static int status_of(struct lab *lab, const char *method, const char *uri)
{
    return lab_get(lab, method, uri)->status;
}

/* As a real engine: the container is there and does not run, so stop answers 304, kill 409; remove
 * finds it, and its name is free again. */
static void test_containers_are_kept(void **state)
{
    (void)state;
    struct lab lab;
    struct engine_container_info info;
    lab_begin(&lab, &(const struct engine_config){ 0 });
    docker_engine_add_image(lab.engine, RT_STR("cc"));
    assert_int_equal(lab_post(&lab, "/containers/create?name=one", chaincode)->status, 201);
    assert_int_equal(status_of(&lab, "POST", "/containers/one/start"), 204);
    docker_engine_restart(lab.engine);
    assert_true(docker_engine_container(lab.engine, RT_STR("one"), &info));
    assert_int_equal(info.state, ENGINE_EXITED);
    assert_int_equal(info.exit_code, 137);
    assert_int_equal(status_of(&lab, "POST", "/containers/one/stop?t=0"), 304);
    assert_int_equal(status_of(&lab, "POST", "/containers/one/kill?"), 409);
    assert_int_equal(status_of(&lab, "DELETE", "/containers/one?force=1"), 204);
    assert_int_equal(lab_post(&lab, "/containers/create?name=one", chaincode)->status, 201);
    assert_int_equal(status_of(&lab, "POST", "/containers/one/start"), 204);
    assert_int_equal(docker_engine_starts(lab.engine), 2);
    lab_end(&lab);
}

static void test_open_requests_end(void **state)
{
    (void)state;
    struct lab lab;
    lab_begin(&lab, &(const struct engine_config){ .all_images = true });
    assert_int_equal(lab_post(&lab, "/containers/create?name=one", chaincode)->status, 201);
    assert_int_equal(status_of(&lab, "POST", "/containers/one/start"), 204);
    struct call *wait = lab_send(&lab, "POST", RT_STR("/containers/one/wait"), NULL, RT_NIL, false);
    struct call *removed = lab_send(
            &lab, "POST", RT_STR("/containers/one/wait?condition=removed"), NULL, RT_NIL, false);
    struct call *events = lab_send(&lab, "GET", RT_STR("/events"), NULL, RT_NIL, false);
    lab_run(&lab, 10);
    docker_engine_restart(lab.engine);
    lab_run(&lab, 10);
    assert_true(rt_str_is(rt_buf_str(&wait->body), "{\"Error\":null,\"StatusCode\":137}\n"));
    assert_true(removed->ended && rt_str_is(removed->body_err->text, "unexpected EOF"));
    assert_true(events->ended && rt_str_is(events->body_err->text, "unexpected EOF"));
    /* nobody is left who would be told */
    assert_int_equal(status_of(&lab, "DELETE", "/containers/one"), 204);
    assert_int_equal(removed->body.len, 0);
    lab_end(&lab);
}

static void test_images_and_the_log_are_kept(void **state)
{
    (void)state;
    struct lab lab;
    size_t count;
    lab_begin(&lab, &(const struct engine_config){ 0 });
    docker_engine_add_image(lab.engine, RT_STR("cc"));
    assert_int_equal(status_of(&lab, "GET", "/images/cc/json"), 200);
    docker_engine_restart(lab.engine);
    assert_int_equal(status_of(&lab, "GET", "/images/cc/json"), 200);
    (void)docker_engine_requests(lab.engine, &count);
    assert_int_equal(count, 2);
    lab_end(&lab);
}

static void test_faults_go_on_counting(void **state)
{
    (void)state;
    static const struct engine_fault fault = {
        .kind = ENGINE_FAULT_STATUS, .op = ENGINE_OP_PING, .first = 2, .count = 1, .status = 500
    };
    struct lab lab;
    lab_begin(&lab, &(const struct engine_config){ .faults = { .faults = &fault, .count = 1 } });
    assert_int_equal(status_of(&lab, "GET", "/_ping"), 200);
    docker_engine_restart(lab.engine);
    assert_int_equal(status_of(&lab, "GET", "/_ping"), 500);
    docker_engine_restart(lab.engine);
    assert_int_equal(status_of(&lab, "GET", "/_ping"), 200);
    lab_end(&lab);
}

/* A restart policy outlives the engine. */
static void test_policies_are_kept(void **state)
{
    (void)state;
    struct lab lab;
    struct engine_container_info info;
    lab_begin(&lab, &(const struct engine_config){ .all_images = true });
    assert_int_equal(lab_post(&lab, "/containers/create?name=always",
                             "{\"Image\":\"cc\",\"Cmd\":[\"chaincode\"],\"HostConfig\":"
                             "{\"RestartPolicy\":{\"Name\":\"always\"}}}")
                             ->status,
            201);
    assert_int_equal(status_of(&lab, "POST", "/containers/always/start"), 204);
    docker_engine_restart(lab.engine);
    assert_true(docker_engine_container(lab.engine, RT_STR("always"), &info));
    assert_int_equal(info.state, ENGINE_RUNNING);
    lab_end(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_containers_are_kept),
        cmocka_unit_test(test_open_requests_end),
        cmocka_unit_test(test_images_and_the_log_are_kept),
        cmocka_unit_test(test_faults_go_on_counting),
        cmocka_unit_test(test_policies_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
