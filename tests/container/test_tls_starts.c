/* Starts of containers with TLS: v1.4.2's ContainerRuntime over its DockerVM, recorded against an
 * engine that answered in every way (tls_starts.jsonl). A vector holds what was started, the
 * requests in their order with what they carried and what they were answered, and the error. */
#include "model/accesscontrol/access.h"
#include "model/chaincode/container_runtime.h"
#include "model/container/docker_vm.h"
#include "model/container/vm_controller.h"
#include "model/gostd/gojson.h"
#include "model/gostd/gzip.h"
#include "model/gostd/tar.h"
#include "model/rt/trace.h"
#include "tests/container/helper_script.h"
#include "tests/support/test.h"

/* A start in the making. */
struct trial {
    const json_t *vector;
    struct script script;
    struct docker_transport inner;     /* gives the recorded answers */
    struct docker_transport transport; /* looks at what is asked */
    size_t asked;
    struct rt_error *err;
    bool returned;
};

static rt_str member(const json_t *v, const char *key)
{
    const json_t *s = json_object_get(v, key);
    return s ? rt_bytes_from(json_string_value(s), json_string_length(s)) : RT_STR("");
}

static const char *id(const struct trial *t)
{
    return json_string_value(json_object_get(t->vector, "id"));
}

/* ---- what is asked ---- */

static void check_texts(const struct trial *t, const json_t *wanted, const struct gojson *got)
{
    size_t count = 0;
    for (const struct gojson *g = got ? got->first : NULL; g; g = g->next, count++) {
        const json_t *want = json_array_get(wanted, count);
        rt_str text = want ? rt_str_from(json_string_value(want)) : RT_STR("nothing");
        if (!rt_str_eq(g->text, text))
            fail_msg("%s: create has %s, want %s", id(t), rt_cstr(g->text), rt_cstr(text));
    }
    assert_int_equal(count, json_array_size(wanted));
}

static void check_create(const struct trial *t, const json_t *wanted, rt_bytes body)
{
    struct gojson *options;
    assert_null(gojson_unmarshal(body, &options));
    check_texts(t, json_object_get(wanted, "cmd"), gojson_field(options, "Cmd"));
    check_texts(t, json_object_get(wanted, "env"), gojson_field(options, "Env"));
}

static const json_t *wanted_file(const json_t *files, rt_str name)
{
    for (size_t i = 0; i < json_array_size(files); i++)
        if (rt_str_eq(member(json_array_get(files, i), "name"), name))
            return json_array_get(files, i);
    return NULL;
}

/* The files come in the order of a map: here in any. */
static void check_upload(const struct trial *t, const json_t *wanted, rt_bytes body)
{
    const json_t *files = json_object_get(wanted, "files");
    struct gzip_reader gzip;
    struct tar_reader tar;
    struct tar_header header;
    size_t count = 0;
    assert_null(gzip_reader_open(&gzip, body));
    tar_reader_open_gzip(&tar, &gzip);
    while (!tar_reader_next(&tar, &header)) {
        rt_bytes content;
        const json_t *want = wanted_file(files, header.name);
        if (!want)
            fail_msg("%s: nobody uploads %s", id(t), rt_cstr(header.name));
        assert_null(tar_reader_read_all(&tar, &content));
        assert_true(rt_str_eq(content, member(want, "content")));
        assert_int_equal(header.mode, json_integer_value(json_object_get(want, "mode")));
        assert_int_equal(header.typeflag, member(want, "type").data[0]);
        assert_int_equal(header.uid, 0);
        assert_int_equal(header.gid, 0);
        assert_true(header.mod_time.seconds == 0 && header.mod_time.nanoseconds == 0);
        count++;
    }
    assert_int_equal(count, json_array_size(files));
    assert_int_equal(count, 3);
}

static struct rt_error *dial(void *self, const struct http_request *request, void **connection)
{
    struct trial *t = self;
    return t->inner.dial(t->inner.self, request, connection);
}

static struct rt_error *exchange(void *self, void *connection, const struct http_request *request,
        struct http_response *response)
{
    struct trial *t = self;
    struct http_request copy = *request;
    rt_bytes body = RT_NIL;
    const json_t *wanted = json_array_get(json_object_get(t->vector, "requests"), t->asked++);
    rt_str asked = rt_sprintf("%s %S", request->method, request->uri);
    rt_str want = rt_sprintf("%S %S", member(wanted, "method"), member(wanted, "uri"));
    if (!wanted || !rt_str_eq(asked, want))
        fail_msg("%s: request %zu is %s, want %s", id(t), t->asked, rt_cstr(asked), rt_cstr(want));
    if (request->has_body) {
        assert_null(io_read_all(request->body, &body));
        copy.body = io_reader_from(body);
    }
    if (json_object_get(wanted, "env"))
        check_create(t, wanted, body);
    if (rt_str_is(rt_str_from(request->method), "PUT"))
        check_upload(t, wanted, body);
    return t->inner.exchange(t->inner.self, connection, &copy, response);
}

/* ---- the start ---- */

static struct rt_error *generate(
        void *self, rt_str cc_name, const struct cert_and_priv_key_pair **pair)
{
    static const struct cert_and_priv_key_pair fake = { RT_STR_INIT("Q0VSVA=="),
        RT_STR_INIT("S0VZ") };
    const struct trial *t = self;
    rt_str fails = member(t->vector, "fails");
    assert_true(rt_str_eq(
            cc_name, rt_sprintf("%S:%S", member(t->vector, "name"), member(t->vector, "version"))));
    if (fails.len > 0)
        return rt_error_new(fails);
    *pair = json_object_get(t->vector, "no_pair") ? NULL : &fake;
    return NULL;
}

static void start(void *arg)
{
    struct trial *t = arg;
    const json_t *v = t->vector;
    const struct docker_vm_config config = {
        .peer_id = member(v, "peer_id"),
        .network_id = member(v, "network_id"),
        .get_client = docker_client_getter_over(&t->transport),
        .host_config = docker_host_config_default(),
    };
    struct vm_provider provider = docker_vm_provider(docker_vm_new(&config));
    struct rt_map *by_type = rt_map_new();
    rt_map_put(by_type, RT_STR(CONTAINER_TYPE_DOCKER), &provider);
    const struct cert_generator generator = { t, generate };
    struct container_runtime runtime = {
        .config = {
            .cert_generator = json_object_get(v, "no_tls") ? NULL : &generator,
            .ca_cert = RT_STR("-----CA-----\n"),
            .common_env = str_slice_append((struct str_slice){ 0 }, RT_STR("X=1")),
            .peer_address = member(v, "address"),
        },
        .processor = processor_of_vm_controller(vm_controller_new(by_type)),
    };
    struct chaincode_container_info ccci = {
        .name = member(v, "name"),
        .version = member(v, "version"),
        .type = member(v, "type"),
        .container_type = RT_STR(CONTAINER_TYPE_DOCKER),
    };
    t->err = container_runtime_start(&runtime, &ccci, RT_NIL);
    t->returned = true;
}

/* The answers, as a script of the recorded requests. */
static void make_script(struct trial *t)
{
    const json_t *requests = json_object_get(t->vector, "requests");
    t->script.count = json_array_size(requests);
    t->script.steps = rt_new_array(struct script_step, t->script.count + 1);
    for (size_t i = 0; i < t->script.count; i++) {
        const json_t *r = json_array_get(requests, i);
        t->script.steps[i] = (struct script_step){
            .scenario = id(t),
            .method = member(r, "method"),
            .uri = member(r, "uri"),
            .response = member(r, "answer"),
            .closes = true,
        };
    }
    t->inner = script_transport(&t->script);
    t->transport = (struct docker_transport){ .self = t, .dial = dial, .exchange = exchange };
}

static void check_vector(struct rt *rt, const json_t *v)
{
    static const struct rt_config config;
    rt_begin(rt, &config);
    struct trial *t = rt_new(struct trial);
    t->vector = v;
    make_script(t);
    rt_go_in(rt_proc_new("peer"), "start", start, t);
    (void)rt_run(rt);
    assert_true(t->returned);
    rt_str got = t->err ? t->err->text : RT_STR("");
    if (!rt_str_eq(got, member(v, "err")))
        fail_msg("%s: \"%s\", want \"%s\"", id(t), rt_cstr(got), rt_cstr(member(v, "err")));
    assert_int_equal(t->asked, t->script.count);
    rt_end(rt);
}

static void test_recorded_starts(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    struct support_lines lines = support_lines_of("tests/container/tls_starts.jsonl");
    const json_t *v;
    while ((v = support_next_vector(&lines)))
        check_vector(rt, v);
    assert_true(lines.number > 100);
    rt_machine_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_recorded_starts) };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
