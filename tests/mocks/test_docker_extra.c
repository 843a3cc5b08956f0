/* Parameter errors, versions, waits that meet removals, builds: against the recording of a real
 * engine, by the recording's names of cases. */
#include <jansson.h>
#include <stdio.h>

#include "model/gostd/gzip.h"
#include "tests/mocks/helper_docker.h"
#include "tests/support/test.h"

static json_t *recorded[128];
static size_t recorded_count;
static bool used[128];
static struct lab lab;

static int load(void **state)
{
    static const char *const files[] = {
        "corpora/docker/engine-extra.jsonl",
        "corpora/docker/engine-more.jsonl",
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct support_lines lines = support_lines_of(files[i]);
        json_t *vector;
        while ((vector = support_next_vector(&lines)))
            recorded[recorded_count++] = json_incref(vector);
    }
    return 0;
}

/* Every recorded case was looked at by some test. */
static int unload(void **state)
{
    int missed = 0;
    (void)state;
    for (size_t i = 0; i < recorded_count; i++) {
        if (!used[i]) {
            print_error(
                    "not covered: %s\n", json_string_value(json_object_get(recorded[i], "case")));
            missed++;
        }
        json_decref(recorded[i]);
    }
    return missed;
}

/* The next unused recording of this name. */
static const json_t *take(const char *name)
{
    for (size_t i = 0; i < recorded_count; i++) {
        if (used[i] || strcmp(json_string_value(json_object_get(recorded[i], "case")), name) != 0)
            continue;
        used[i] = true;
        return recorded[i];
    }
    fail_msg("no recording \"%s\"", name);
    return NULL;
}

static rt_str member(const json_t *v, const char *key)
{
    const json_t *s = json_object_get(v, key);
    return rt_bytes_from(json_string_value(s), json_string_length(s));
}

/* Status, content type, body up to ids. */
static void compare(const char *name, const struct call *c)
{
    const json_t *v = take(name);
    const json_t *headers = json_object_get(v, "headers");
    rt_str got = without_ids(rt_buf_str(&c->body));
    rt_str want = without_ids(member(v, "body"));
    const char *type = json_string_value(json_object_get(headers, "Content-Type"));
    if (c->status != json_integer_value(json_object_get(v, "status")))
        fail_msg("%s: status %d, body %s", name, c->status, rt_cstr(got));
    if (!rt_str_is(c->content_type, type ? type : ""))
        fail_msg("%s: content type %s", name, rt_cstr(c->content_type));
    if (!rt_str_eq(got, want))
        fail_msg("%s: body\n%s\nwant\n%s", name, rt_cstr(got), rt_cstr(want));
}

/* As compare(), for bodies that describe the machine: only that there is one. */
static void compare_head(const char *name, const struct call *c, const char *part)
{
    const json_t *v = take(name);
    assert_int_equal(c->status, json_integer_value(json_object_get(v, "status")));
    assert_true(rt_str_contains(rt_buf_str(&c->body), rt_str_from(part)));
    assert_true(rt_str_contains(member(v, "body"), rt_str_from(part)));
}

static void program_main(void *self, struct engine_process *process)
{
    void *never = NULL;
    (void)self;
    for (size_t i = 0; i + 1 < process->args.count; i++) {
        if (rt_str_is(process->args.items[i], "sleep-then"))
            rt_sleep_ns(RT_SECOND);
        if (rt_str_is(process->args.items[i], "exit"))
            rt_proc_exit(rt_proc_self(), process->args.items[i + 1].data[0] - '0', NULL);
    }
    rt_daemon();
    rt_recv(NULL, &never);
}

/* "deaf" ignores SIGTERM. */
static struct engine_program program(void *self, const struct engine_process *process)
{
    bool deaf = process->args.count > 1 && rt_str_is(process->args.items[1], "deaf");
    return (struct engine_program){ self, program_main, deaf ? -1 : 0 };
}

static int begin(void **state)
{
    static const struct engine_config config = { .program = program };
    (void)state;
    lab_begin(&lab, &config);
    docker_engine_add_image(lab.engine, RT_STR("dkstate"));
    return 0;
}

static int end(void **state)
{
    (void)state;
    lab_end(&lab);
    return 0;
}

static struct call *create(const char *name, const char *args)
{
    rt_str uri = rt_sprintf("/containers/create?name=%s", name);
    rt_str body = rt_sprintf("{\"Image\":\"dkstate\",\"Cmd\":[\"/t\"%s]}", args);
    return lab_call(&lab, "POST", uri, "application/json", body, false);
}

static void created(const char *name, const char *args)
{
    assert_int_equal(create(name, args)->status, 201);
}

static void running(const char *name, const char *args)
{
    created(name, args);
    struct call *c = lab_get(&lab, "POST", rt_cstr(rt_sprintf("/containers/%s/start", name)));
    assert_int_equal(c->status, 204);
}

static void test_paths_and_versions(void **state)
{
    (void)state;
    created("dkst-p", "");
    compare("ping", lab_get(&lab, "GET", "/_ping"));
    compare("HEAD ping", lab_get(&lab, "HEAD", "/_ping"));
    compare("ping v1.41", lab_get(&lab, "GET", "/v1.41/_ping"));
    compare("ping v1.11", lab_get(&lab, "GET", "/v1.11/_ping"));
    compare("version v1.11", lab_get(&lab, "GET", "/v1.11/version"));
    compare("version v1.99", lab_get(&lab, "GET", "/v1.99/version"));
    compare_head("version v1.41", lab_get(&lab, "GET", "/v1.41/version"),
            "\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"");
    compare("version vX", lab_get(&lab, "GET", "/v1/version"));
    compare("unknown path", lab_get(&lab, "GET", "/v1.41/nope"));
    compare("wrong method", lab_get(&lab, "PUT", "/v1.41/containers/create"));
    compare("wrong method 2", lab_get(&lab, "GET", "/v1.41/containers/dkst-p/start"));
    compare("root", lab_get(&lab, "GET", "/"));
    struct call *c = lab_get(&lab, "GET", "/v1.41/containers//dkst-p/json");
    assert_true(rt_str_is(c->location, "/v1.41/containers/dkst-p/json"));
    compare("inspect by /name", c);
    c = lab_get(&lab, "GET", "/v1.41/containers/%2fdkst-p/json");
    assert_true(rt_str_is(c->location, "/v1.41/containers/dkst-p/json"));
    compare("inspect by %2fname", c);
    struct engine_container_info info;
    assert_true(docker_engine_container(lab.engine, RT_STR("dkst-p"), &info));
    rt_str prefix = rt_str_slice(info.id, 0, 12);
    compare_head("inspect by 12",
            lab_get(&lab, "GET", rt_cstr(rt_sprintf("/containers/%S/json", prefix))), "\"Status\"");
    compare_head("inspect by 1 char",
            lab_get(&lab, "GET",
                    rt_cstr(rt_sprintf("/containers/%S/json", rt_str_slice(prefix, 0, 1)))),
            "\"Status\":\"created\",\"Running\":false,\"Paused\":false,\"Restarting\":false,"
            "\"OOMKilled\":false,\"Dead\":false,\"Pid\":0,\"ExitCode\":0,\"Error\":\"\","
            "\"StartedAt\":\"0001-01-01T00:00:00Z\",\"FinishedAt\":\"0001-01-01T00:00:00Z\"}");
    compare("rm self by prefix",
            lab_get(&lab, "DELETE", rt_cstr(rt_sprintf("/containers/%S", prefix))));
}

static void test_create(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *uri;
        const char *body;
    } cases[] = {
        { "create no image", "/containers/create", "{\"Image\":\"nosuch:tag\"}" },
        { "create empty image", "/containers/create", "{\"Image\":\"\",\"Cmd\":[\"x\"]}" },
        { "create bad json", "/containers/create", "{bad" },
        { "create empty body", "/containers/create", "" },
        { "create null", "/containers/create", "null" },
        { "create array", "/containers/create", "[]" },
        { "create wrong type", "/containers/create", "{\"Image\":5}" },
        { "create bad name", "/containers/create?name=a/b", "{\"Image\":\"dkstate\"}" },
        { "create 1-char name", "/containers/create?name=a", "{\"Image\":\"dkstate\"}" },
        { "create bad memory", "/containers/create",
                "{\"Image\":\"dkstate\",\"HostConfig\":{\"Memory\":1000}}" },
        { "create bad netmode", "/containers/create?name=net",
                "{\"Image\":\"dkstate\",\"Cmd\":[\"/t\"],\"HostConfig\":{\"NetworkMode\":"
                "\"nosuchnet\"}}" },
        { "create bad restart", "/containers/create",
                "{\"Image\":\"dkstate\",\"HostConfig\":{\"RestartPolicy\":{\"Name\":\"bogus\"}}}" },
        { "create bad imgref", "/containers/create", "{\"Image\":\"DKstate\"}" },
        { "create no cmd", "/containers/create", "{\"Image\":\"dkstate\"}" },
        { "create trailing junk", "/containers/create", "{\"Image\":\"dkstate\"} junk" },
        { "create plat", "/containers/create?platform=linux/arm64", "{\"Image\":\"dkstate\"}" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        compare(cases[i].name, lab_post(&lab, cases[i].uri, cases[i].body));
    rt_bytes body = RT_STR("{\"Image\":\"dkstate\"}");
    rt_str uri = RT_STR("/containers/create");
    compare("create wrong ctype", lab_call(&lab, "POST", uri, "text/plain", body, false));
    compare("create no ctype", lab_call(&lab, "POST", uri, NULL, body, false));
    compare("start bad netmode", lab_get(&lab, "POST", "/containers/net/start"));
    compare_head("inspect bad netmode", lab_get(&lab, "GET", "/containers/net/json"),
            "\"ExitCode\":128,\"Error\":\"network nosuchnet not found\"");
    struct call *c = lab_post(&lab, "/containers/create",
            "{\"Image\":\"dkstate\",\"HostConfig\":{\"LogConfig\":{\"Type\":\"nosuch\"}}}");
    lab_run(&lab, 8000);
    assert_false(c->ended);
    (void)take("create bad logdriver"); /* a timeout in the recording */
}

static void test_start_stop_kill(void **state)
{
    (void)state;
    created("dkst-s", "");
    compare("start with hostconfig body v1.41",
            lab_post(&lab, "/v1.41/containers/dkst-s/start", "{\"Memory\":0}"));
    compare("start bad detachKeys/checkpoint",
            lab_get(&lab, "POST", "/containers/dkst-s/start?checkpoint=x"));
    compare("start ok plain/text ctype", lab_call(&lab, "POST", RT_STR("/containers/dkst-s/start"),
                                                 "plain/text", RT_NIL, false));
    compare("start twice", lab_get(&lab, "POST", "/containers/dkst-s/start"));
    compare("stop t=-5", lab_get(&lab, "POST", "/containers/dkst-s/stop?t=abc"));
    compare("kill signal=0", lab_get(&lab, "POST", "/containers/dkst-s/kill?signal=0"));
    compare("kill signal=64", lab_get(&lab, "POST", "/containers/dkst-s/kill?signal=64"));
    running("dkst-deaf", ",\"deaf\"");
    struct call *c = lab_get(&lab, "POST", "/containers/dkst-deaf/stop?t=1");
    assert_int_equal(c->ended_ns - c->began_ns, RT_SECOND);
    compare("stop t=1 ignoring TERM", c);
    running("dkst-deaf0", ",\"deaf\"");
    compare("stop t=0 ignoring TERM", lab_get(&lab, "POST", "/containers/dkst-deaf0/stop?t=0"));
    assert_int_equal(lab_post(&lab, "/containers/create?name=dkst-st",
                             "{\"Image\":\"dkstate\",\"Cmd\":[\"/t\",\"deaf\"],\"StopTimeout\":1}")
                             ->status,
            201);
    assert_int_equal(lab_get(&lab, "POST", "/containers/dkst-st/start")->status, 204);
    c = lab_get(&lab, "POST", "/containers/dkst-st/stop");
    assert_int_equal(c->ended_ns - c->began_ns, RT_SECOND);
    compare("stop no t, StopTimeout=1", c);
}

/* A slow stop, and what other requests see of it. */
static void test_calls_during_stop(void **state)
{
    (void)state;
    running("dkst-c", ",\"deaf\"");
    struct call *wait =
            lab_send(&lab, "POST", RT_STR("/containers/dkst-c/wait"), NULL, RT_NIL, false);
    struct call *one =
            lab_send(&lab, "POST", RT_STR("/containers/dkst-c/stop?t=2"), NULL, RT_NIL, false);
    struct call *two =
            lab_send(&lab, "POST", RT_STR("/containers/dkst-c/stop?t=2"), NULL, RT_NIL, false);
    lab_run(&lab, 100);
    compare("start during stop", lab_get(&lab, "POST", "/containers/dkst-c/start"));
    compare("concurrent kill?signal=TERM",
            lab_get(&lab, "POST", "/containers/dkst-c/kill?signal=TERM"));
    lab_run(&lab, 3000);
    assert_int_equal(wait->ended_ns - wait->began_ns, 2 * RT_SECOND);
    compare("concurrent stop?t=2", one);
    compare("concurrent stop?t=2", two);
    compare("concurrent wait", wait);
}

static void wait_autoremove(const char *condition, const char *label)
{
    const char *body = "{\"Image\":\"dkstate\",\"Cmd\":[\"/t\",\"sleep-then\",\"exit\",\"4\"],"
                       "\"HostConfig\":{\"AutoRemove\":true}}";
    assert_int_equal(lab_post(&lab, "/containers/create?name=dkst-ar", body)->status, 201);
    assert_int_equal(lab_get(&lab, "POST", "/containers/dkst-ar/start")->status, 204);
    struct call *c = lab_get(
            &lab, "POST", rt_cstr(rt_sprintf("/containers/dkst-ar/wait?condition=%s", condition)));
    compare(label, c);
    lab_run(&lab, 10);
}

static void test_waits(void **state)
{
    (void)state;
    wait_autoremove("", "wait autoremove cond=''");
    wait_autoremove("next-exit", "wait autoremove cond='next-exit'");
    wait_autoremove("removed", "wait autoremove cond='removed'");
    compare("inspect after autoremove", lab_get(&lab, "GET", "/containers/dkst-ar/json"));
    running("dkst-w", "");
    struct call *next = lab_send(&lab, "POST",
            RT_STR("/containers/dkst-w/wait?condition=next-exit"), NULL, RT_NIL, false);
    struct call *plain =
            lab_send(&lab, "POST", RT_STR("/containers/dkst-w/wait"), NULL, RT_NIL, false);
    struct call *removed = lab_send(
            &lab, "POST", RT_STR("/containers/dkst-w/wait?condition=removed"), NULL, RT_NIL, false);
    lab_run(&lab, 500);
    assert_false(next->ended || plain->ended || removed->ended);
    compare("rm force running", lab_get(&lab, "DELETE", "/containers/dkst-w?force=1"));
    compare("wait while rm-forced cond='next-exit'", next);
    compare("wait while rm-forced cond=''", plain);
    compare("wait while rm-forced cond='removed'", removed);
    created("dkst-w", "");
    removed = lab_send(
            &lab, "POST", RT_STR("/containers/dkst-w/wait?condition=removed"), NULL, RT_NIL, false);
    next = lab_send(&lab, "POST", RT_STR("/containers/dkst-w/wait?condition=next-exit"), NULL,
            RT_NIL, false);
    lab_run(&lab, 500);
    compare("rm created", lab_get(&lab, "DELETE", "/containers/dkst-w"));
    compare("wait on created then rm cond='removed'", removed);
    compare("wait on created then rm cond='next-exit'", next);
}

static void test_removals_meet(void **state)
{
    struct call *calls[6];
    unsigned gone = 0;
    (void)state;
    running("dkst-cr", "");
    for (size_t i = 0; i < 6; i++)
        calls[i] = lab_send(
                &lab, "DELETE", RT_STR("/containers/dkst-cr?force=1"), NULL, RT_NIL, false);
    lab_run(&lab, 1000);
    /* one of them removes, the others come too late: while it does, or after it */
    for (size_t i = 0; i < 6; i++) {
        assert_true(calls[i]->ended);
        gone += calls[i]->status == 204;
        const json_t *v = take("concurrent rm force");
        if (calls[i]->status == 409)
            assert_string_equal(rt_cstr(rt_buf_str(&calls[i]->body)),
                    "{\"message\":\"removal of container dkst-cr is already in progress\"}\n");
        else
            assert_true(calls[i]->status == 204 || calls[i]->status == 404);
        assert_non_null(v);
    }
    assert_int_equal(gone, 1);
}

static rt_bytes context(const char *file, const char *dockerfile)
{
    return gzip_compress(one_file_tar(file, rt_str_from(dockerfile)));
}

static struct call *build(const char *query, const char *type, rt_bytes tar)
{
    return lab_call(&lab, "POST", rt_sprintf("/build?%s", query), type, tar, false);
}

/* A build's output without the ids of layers and containers. The first build of the recording had
 * no cache; ours never has one. */
static void compare_build(const char *name, const struct call *c)
{
    const json_t *v = take(name);
    rt_str want = without_ids(member(v, "body"));
    rt_str got = without_ids(rt_buf_str(&c->body));
    assert_int_equal(c->status, json_integer_value(json_object_get(v, "status")));
    assert_true(rt_str_is(c->content_type, "application/json"));
    ptrdiff_t cached =
            rt_str_index(want, RT_STR("{\"stream\":\" ---\\u003e Using cache\\n\"}\r\n"));
    if (cached >= 0) {
        static const char instead[] =
                "{\"stream\":\" ---\\u003e Running in <short>\\n\"}\r\n"
                "{\"stream\":\"Removing intermediate container <short>\\n\"}\r\n";
        size_t behind = (size_t)cached + strlen("{\"stream\":\" ---\\u003e Using cache\\n\"}\r\n");
        want = rt_sprintf("%S%s%S", rt_str_slice(want, 0, (size_t)cached), instead,
                rt_str_slice(want, behind, want.len));
    }
    if (!rt_str_eq(got, want))
        fail_msg("%s: body\n%s\nwant\n%s", name, rt_cstr(got), rt_cstr(want));
}

static void test_builds(void **state)
{
    (void)state;
    rt_bytes good = context("Dockerfile", "FROM dkstate\nENV A=b\n");
    compare_build("build ok gz app/tar rm=1", build("t=dkstb&rm=1", "application/tar", good));
    compare_build("build ok no ctype", build("t=dkstb", NULL, good));
    compare_build("build ok text ctype", build("t=dkstb", "text/plain", good));
    compare("build q=1", build("t=dkstb&q=1", "application/tar", good));
    compare("build bad tag", build("t=DKstb", "application/tar", good));
    compare("build bad dockerfile param", build("dockerfile=../x", "application/tar", good));
    compare("build dockerfile missing", build("dockerfile=Other", "application/tar", good));
    compare("build unknown build arg", build("buildargs=nope", "application/tar", good));
    compare("build version=3", build("version=3", "application/tar", good));
    compare("build from missing arg",
            build("", "application/tar", context("Dockerfile", "FROM ${X}\n")));
    compare("build remote", build("remote=http://127.0.0.1:1/x", "application/tar", RT_NIL));
    compare("image rm ok", lab_get(&lab, "DELETE", "/images/dkstb"));
    /* not modelled: BuildKit's protocol, and a registry that cannot be reached */
    (void)take("build version=2 no session");
    (void)take("build pull=1 of local-only");
    /* the context never arrived in full: no image */
    compare("image of cancelled build", lab_get(&lab, "GET", "/images/dkcancel/json"));
}

static void test_images(void **state)
{
    (void)state;
    created("dkst-i", "");
    compare_head("images/json", lab_get(&lab, "GET", "/images/json"),
            "\"RepoDigests\":[\"<none>@<none>\"],\"RepoTags\":[");
    compare("image inspect missing", lab_get(&lab, "GET", "/images/nope:latest/json"));
    compare("pull localhost:1",
            lab_get(&lab, "POST", "/images/create?fromImage=localhost:1/x&tag=latest"));
    compare("pull w/o tag localhost:1 ",
            lab_get(&lab, "POST", "/images/create?fromImage=localhost:1/x"));
    compare("image rm missing", lab_get(&lab, "DELETE", "/images/nope"));
    compare("image rm in use", lab_get(&lab, "DELETE", "/images/dkstate"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_paths_and_versions, begin, end),
        cmocka_unit_test_setup_teardown(test_create, begin, end),
        cmocka_unit_test_setup_teardown(test_start_stop_kill, begin, end),
        cmocka_unit_test_setup_teardown(test_calls_during_stop, begin, end),
        cmocka_unit_test_setup_teardown(test_waits, begin, end),
        cmocka_unit_test_setup_teardown(test_removals_meet, begin, end),
        cmocka_unit_test_setup_teardown(test_builds, begin, end),
        cmocka_unit_test_setup_teardown(test_images, begin, end),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
