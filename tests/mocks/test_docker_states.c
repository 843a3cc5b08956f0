/* Every call in every state of a container, against the recording of a real engine. */
#include <jansson.h>
#include <stdio.h>

#include "tests/mocks/helper_docker.h"
#include "tests/support/test.h"

/* The recording's program: "out" prints a line on each stream, "trap" exits with 33 on SIGTERM,
 * "exit N" ends, "sleep" waits. */
static void program_main(void *self, struct engine_process *process)
{
    void *never = NULL;
    (void)self;
    engine_process_write(process, 2, RT_STR("hello stderr\n"));
    engine_process_write(process, 1, RT_STR("hello stdout\n"));
    for (size_t i = 0; i + 1 < process->args.count; i++)
        if (rt_str_is(process->args.items[i], "exit"))
            rt_proc_exit(rt_proc_self(), process->args.items[i + 1].data[0] - '0', NULL);
    rt_daemon();
    rt_recv(NULL, &never);
}

static struct engine_program program(void *self, const struct engine_process *process)
{
    bool missing = process->args.count > 0 && rt_str_is(process->args.items[0], "/nope");
    return (struct engine_program){ self, missing ? NULL : program_main, 33 };
}

static const char *text(const json_t *v, const char *key)
{
    return json_string_value(json_object_get(v, key));
}

static void create(struct lab *lab, const char *state, const char *args, const char *policy)
{
    rt_str body = rt_sprintf("{\"Image\":\"dkstate\",\"Entrypoint\":null,\"Cmd\":[%s],"
                             "\"HostConfig\":{\"NetworkMode\":\"none\",\"RestartPolicy\":{"
                             "\"Name\":\"%s\"}}}",
            args, policy);
    rt_str uri = rt_sprintf("/containers/create?name=dkst-%s", state);
    assert_int_equal(lab_call(lab, "POST", uri, "application/json", body, false)->status, 201);
}

static void must(struct lab *lab, const char *state, const char *verb, int status)
{
    rt_str uri = rt_sprintf("/containers/dkst-%s/%s", state, verb);
    assert_int_equal(lab_call(lab, "POST", uri, NULL, RT_NIL, false)->status, status);
}

/* Brings dkst-<state> into its state. */
static void prepare(struct lab *lab, const char *state)
{
    if (strcmp(state, "created") == 0) {
        create(lab, state, "\"/t\",\"out\",\"sleep\",\"300\"", "no");
    } else if (strcmp(state, "running") == 0 || strcmp(state, "paused") == 0) {
        create(lab, state, "\"/t\",\"out\",\"trap\",\"sleep\",\"300\"", "no");
        must(lab, state, "start", 204);
        if (state[0] == 'p')
            must(lab, state, "pause", 204);
    } else if (strcmp(state, "exited") == 0) {
        create(lab, state, "\"/t\",\"out\",\"exit\",\"7\"", "no");
        must(lab, state, "start", 204);
        lab_run(lab, 10);
    } else if (strcmp(state, "failed-start") == 0) {
        create(lab, state, "\"/nope\"", "no");
        must(lab, state, "start", 400);
    } else if (strcmp(state, "restarting") == 0) {
        /* long enough that the next start is 2 s away, as in the recording */
        create(lab, state, "\"/t\",\"out\",\"exit\",\"5\"", "always");
        must(lab, state, "start", 204);
        lab_run(lab, 3900);
    }
}

static struct call *send_call(struct lab *lab, const json_t *v)
{
    const char *name = text(v, "call");
    const char *request = text(v, "req");
    rt_bytes body = RT_NIL;
    const char *type = NULL;
    rt_str method = rt_str_from(request);
    rt_str uri = rt_str_from(strchr(request, ' ') + 1);
    method = rt_str_slice(method, 0, method.len - uri.len - 1);
    if (strcmp(name, "create same name") == 0) {
        body = RT_STR("{\"Image\":\"dkstate\",\"Cmd\":[\"/t\"]}");
        type = "application/json";
    } else if (strcmp(name, "archive PUT garbage") == 0) {
        body = RT_STR("this is no tar");
    } else if (strncmp(name, "archive PUT", 11) == 0 && strcmp(name, "archive PUT empty") != 0) {
        body = one_file_tar("d/f", RT_STR("x"));
    }
    return lab_call(lab, rt_cstr(method), uri, type, body, strcmp(name, "attach stream") == 0);
}

/* Bodies that depend on processes, clocks or sizes of the recorded machine. */
static bool body_is_local(const char *call)
{
    return strcmp(call, "inspect") == 0 || strcmp(call, "top") == 0 ||
           strncmp(call, "stats", 5) == 0 || strcmp(call, "archive GET") == 0;
}

static void fail_vector(const json_t *v, const char *what, rt_str got)
{
    fail_msg("%s, %s: %s is \"%s\"", text(v, "state"), text(v, "call"), what, rt_cstr(got));
}

static void check_head(const json_t *v, const struct call *c)
{
    const json_t *te = json_object_get(v, "te");
    const json_t *type = json_object_get(v, "content_type");
    assert_null(c->err);
    if (c->status != json_integer_value(json_object_get(v, "status")))
        fail_vector(v, "status", rt_sprintf("%d", c->status));
    if (!rt_str_is(c->content_type, json_is_string(type) ? json_string_value(type) : ""))
        fail_vector(v, "content type", c->content_type);
    if (!rt_str_is(c->encoding, json_is_string(te) ? "chunked" : "") &&
            !body_is_local(text(v, "call")))
        fail_vector(v, "transfer encoding", c->encoding);
}

/* Frames of the two streams come in any order: compares the frames, not their order. */
static size_t frames_of(rt_str body, const char *line)
{
    size_t count = 0;
    for (;;) {
        ptrdiff_t at = rt_str_index(body, rt_str_from(line));
        if (at < 0)
            return count;
        count++;
        body = rt_str_slice(body, (size_t)at + 1, body.len);
    }
}

static void check_body(const json_t *v, const struct call *c)
{
    const char *name = text(v, "call");
    const json_t *recorded = json_object_get(v, "body");
    rt_str want = rt_bytes_from(json_string_value(recorded), json_string_length(recorded));
    rt_str got = rt_buf_str(&c->body);
    bool open = rt_str_is(want, "<<stream still open>>");
    if (open || strcmp(name, "attach stream") == 0) {
        if (c->ended != !open && c->status == 200)
            fail_vector(v, "open stream", got);
        if (open)
            return;
    }
    if (body_is_local(name)) {
        assert_true(got.len > 0 || c->status != 200 || strcmp(name, "archive HEAD") == 0);
        if (c->status >= 300 && !rt_str_eq(without_ids(got), without_ids(want)))
            fail_vector(v, "body", got);
        return;
    }
    if (rt_str_contains(want, RT_STR("hello std"))) {
        bool many = strcmp(text(v, "state"), "restarting") == 0;
        size_t out = frames_of(got, "hello stdout\n");
        size_t err = frames_of(got, "hello stderr\n");
        assert_int_equal(out, err);
        assert_true(many ? out > 1 : out == 1);
        return;
    }
    if (!rt_str_eq(without_ids(got), without_ids(want)))
        fail_vector(v, "body", got);
    const json_t *length = json_object_get(v, "cl");
    if (json_is_string(length) && c->length.len == 0)
        fail_vector(v, "content length", c->length);
}

/* The restarting container goes on by itself: its state afterwards may be a later one. */
static void check_after(struct lab *lab, const json_t *v)
{
    const char *post = text(v, "post");
    rt_str name = rt_sprintf("dkst-%s", text(v, "state"));
    struct engine_container_info info;
    bool there = docker_engine_container(lab->engine, name, &info);
    if (strcmp(post, "gone") == 0) {
        assert_false(there);
        return;
    }
    assert_true(there);
    lab_run(lab, 10);
    (void)docker_engine_container(lab->engine, name, &info);
    if (strcmp(engine_state_name(info.state), post) != 0)
        fail_vector(v, "state after", rt_str_from(engine_state_name(info.state)));
    if (info.exit_code != json_integer_value(json_object_get(v, "post_exit")))
        fail_vector(v, "exit code after", rt_sprintf("%lld", (long long)info.exit_code));
}

static void check_vector(const json_t *v)
{
    const struct engine_config config = { .program = program };
    struct lab lab;
    lab_begin(&lab, &config);
    docker_engine_add_image(lab.engine, RT_STR("dkstate"));
    docker_engine_add_image_file(lab.engine, RT_STR("dkstate"), RT_STR("/t"), RT_STR("ELF"));
    docker_engine_add_image_file(lab.engine, RT_STR("dkstate"), RT_STR("/d/f"), RT_STR("f"));
    prepare(&lab, text(v, "state"));
    struct engine_container_info info;
    bool there =
            docker_engine_container(lab.engine, rt_sprintf("dkst-%s", text(v, "state")), &info);
    assert_string_equal(there ? engine_state_name(info.state) : "gone", text(v, "pre"));
    const struct call *c = send_call(&lab, v);
    check_head(v, c);
    check_body(v, c);
    check_after(&lab, v);
    lab_end(&lab);
}

static void test_recorded_states(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("corpora/docker/engine-states.jsonl");
    const json_t *v;
    while ((v = support_next_vector(&lines)))
        check_vector(v);
    assert_int_equal(lines.number, 252);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recorded_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
