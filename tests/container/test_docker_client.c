/* DockerVM and its client against recorded answers: errors, results, requests, and what gets into
 * the peer's log. */
#include <jansson.h>
#include <stdio.h>

#include "model/container/docker_build.h"
#include "model/container/docker_vm.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"
#include "tests/container/helper_script.h"
#include "tests/support/test.h"

/* One recorded call in the making. */
struct trial {
    const char *scenario;
    const char *call;
    struct script script;
    struct docker_transport transport;
    struct rt_buf notes;
    bool returned;
    struct rt_error *err;
    rt_str value;
};

static void note(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    struct trial *t = self;
    (void)time_ns;
    (void)fiber;
    rt_buf_printf(&t->notes, "%S\n", text);
}

static bool has_request(const struct trial *t, const char *part)
{
    for (size_t i = 0; i < t->script.count; i++)
        if (rt_str_contains(t->script.steps[i].uri, rt_str_from(part)))
            return true;
    return false;
}

static struct rt_error *build(void *self, struct io_reader *context)
{
    const struct trial *t = self;
    if (strcmp(t->scenario, "builder/error") == 0)
        return rt_errorf("no can do");
    *context = strcmp(t->scenario, "builder/pipe-error") == 0
                       ? io_reader_cut(RT_STR("half"), rt_errorf("pipe broke"))
                       : io_reader_from(RT_STR("whole"));
    return NULL;
}

static struct rt_map *one_file(void)
{
    struct rt_map *files = rt_map_new();
    rt_bytes *content = rt_new(rt_bytes);
    *content = RT_STR("KEY");
    rt_map_put(files, RT_STR("/etc/hyperledger/fabric/client.key"), content);
    return files;
}

static struct docker_vm *make_vm(struct trial *t)
{
    const struct docker_vm_config config = {
        .peer_id = RT_STR("peer0"),
        .network_id = RT_STR("dev"),
        .get_client = docker_client_getter_over(&t->transport),
        .attach_stdout = strstr(t->scenario, "attach") != NULL,
        .pull = strstr(t->scenario, "pull=true") != NULL,
        .host_config = { .network_mode = RT_STR("host"), .memory = 2147483648 },
    };
    return docker_vm_new(&config);
}

static void start(struct trial *t, struct vm vm, struct ccid ccid)
{
    static rt_str args[] = {
        RT_STR_INIT("chaincode"),
        RT_STR_INIT("-peer.address=peer0:7052"),
    };
    static rt_str env[] = {
        RT_STR_INIT("CORE_CHAINCODE_ID_NAME=mycc:1.0"),
        RT_STR_INIT("CORE_PEER_TLS_ENABLED=true"),
    };
    t->err = vm.start(vm.self, ccid, (struct str_slice){ args, 2 }, (struct str_slice){ env, 2 },
            has_request(t, "/archive?") ? one_file() : NULL, (struct builder){ t, build });
}

static void make_call(void *arg)
{
    struct trial *t = arg;
    struct vm vm = docker_vm_as_vm(make_vm(t));
    struct ccid ccid = { .name = RT_STR("mycc"), .version = RT_STR("1.0") };
    unsigned timeout = 0;
    char kill[8];
    char remove[8];
    if (strcmp(t->call, "HealthCheck") == 0) {
        t->err = vm.health_check(vm.self, (struct vm_context){ 300 * RT_MS });
    } else if (strcmp(t->call, "Start") == 0) {
        start(t, vm, ccid);
    } else if (strcmp(t->call, "Wait") == 0) {
        int64_t code = -77;
        t->err = vm.wait(vm.self, ccid, &code);
        t->value = rt_sprintf("%lld", (long long)code);
    } else if (sscanf(t->call, "Stop(%u,%7[a-z],%7[a-z])", &timeout, kill, remove) == 3) {
        t->err = vm.stop(
                vm.self, ccid, timeout, strcmp(kill, "true") == 0, strcmp(remove, "true") == 0);
    } else if (strcmp(t->call, "DockerBuild") == 0) {
        const struct docker_build_config config = {
            .builder = RT_STR("hyperledger/fabric-ccenv:latest"),
        };
        t->err = docker_build(t->transport, config, RT_STR(""),
                RT_STR("go build -o /chaincode/output/chaincode x"), RT_STR("TARINPUT"), &t->value);
    } else {
        fail_msg("unknown call %s", t->call);
    }
    t->returned = true;
}

static rt_str member(const json_t *v, const char *key)
{
    const json_t *s = json_object_get(v, key);
    return rt_bytes_from(json_string_value(s), json_string_length(s));
}

/* The type that the recording names, if it is one of ours. */
static const void *error_type(rt_str name)
{
    static const struct {
        const char *name;
        const void *type;
    } types[] = {
        { "*docker.Error", &docker_error_api },
        { "*docker.NoSuchContainer", &docker_error_no_such_container },
        { "*docker.ContainerNotRunning", &docker_error_container_not_running },
        { "*docker.ContainerAlreadyRunning", &docker_error_container_already_running },
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (rt_str_is(name, types[i].name))
            return types[i].type;
    return NULL;
}

static void check_result(const struct trial *t, const json_t *v)
{
    rt_str got = t->err ? t->err->text : RT_STR("");
    const void *type = error_type(member(v, "error_type"));
    if (!t->returned)
        fail_msg("%s: %s did not return", t->scenario, t->call);
    if (!rt_str_eq(got, member(v, "error")))
        fail_msg("%s: error \"%s\", want \"%s\"", t->scenario, rt_cstr(got),
                rt_cstr(member(v, "error")));
    if (type && !rt_error_is(t->err, type))
        fail_msg("%s: the error has another type", t->scenario);
    if (json_object_get(v, "value") && !rt_str_eq(t->value, member(v, "value")))
        fail_msg("%s: value \"%s\"", t->scenario, rt_cstr(t->value));
}

static void check_requests(const struct trial *t)
{
    if (t->script.complaints.len > 0)
        fail_msg("%s: %s", t->scenario, rt_cstr(rt_buf_str(&t->script.complaints)));
    for (size_t i = 0; i < t->script.count; i++)
        if (!t->script.steps[i].used)
            fail_msg("%s: %s was not asked for", t->scenario, rt_cstr(t->script.steps[i].uri));
}

/* Each line that Fabric logged at INFO or ERROR is a note of ours, in the same order. */
static void check_log(const struct trial *t, rt_str log)
{
    size_t count = 0;
    rt_str notes = rt_buf_str(&t->notes);
    rt_str *lines = rt_str_split(log, RT_STR("\n"), &count);
    for (size_t i = 0; i < count; i++) {
        bool info = rt_str_has_prefix(lines[i], RT_STR("INFO "));
        if (!info && !rt_str_has_prefix(lines[i], RT_STR("ERRO ")))
            continue;
        rt_str rest = rt_str_slice(lines[i], 5, lines[i].len);
        ptrdiff_t space = rt_str_index(rest, RT_STR(" "));
        rt_str text = rt_str_slice(rest, (size_t)space + 1, rest.len);
        ptrdiff_t at = rt_str_index(notes, text);
        if (at < 0)
            fail_msg("%s: log \"%s\" not in\n%s", t->scenario, rt_cstr(text),
                    rt_cstr(rt_buf_str(&t->notes)));
        notes = rt_str_slice(notes, (size_t)at + text.len, notes.len);
    }
}

static void check_vector(
        struct rt *rt, const struct script *all, const json_t *v, const json_t *next)
{
    struct trial *t = rt_new(struct trial);
    struct rt_sink sink = { .self = t, .note = note };
    const struct rt_config config = { .sink = &sink };
    t->scenario = json_string_value(json_object_get(v, "scenario"));
    t->call = json_string_value(json_object_get(v, "call"));
    script_select(all, t->scenario, &t->script);
    rt_begin(rt, &config);
    t->transport = script_transport(&t->script);
    struct rt_proc *peer = rt_proc_new("peer");
    rt_go_in(peer, "call", make_call, t);
    (void)rt_run_until(rt, 2 * RT_SECOND);
    check_result(t, v);
    rt_str log = member(v, "fabric_log");
    if (json_object_get(v, "fabric_log"))
        check_log(t, log);
    if (next) { /* what was logged ten seconds later */
        assert_false(rt_str_contains(rt_buf_str(&t->notes), RT_STR("Timeout while attaching")));
        (void)rt_run_until(rt, 11 * RT_SECOND);
        check_log(t, member(next, "fabric_log"));
    }
    check_requests(t);
    rt_end(rt);
}

static void test_recorded_calls(void **state)
{
    (void)state;
    struct script all = { 0 };
    struct rt *rt = rt_machine_new();
    json_t *vectors = json_array();
    unsigned checked = 0;
    struct support_lines lines = support_lines_of("corpora/docker/client-results.jsonl");
    json_t *line;
    while ((line = support_next_vector(&lines)))
        json_array_append(vectors, line);
    script_load(&all);
    for (size_t i = 0; i < json_array_size(vectors); i++) {
        const json_t *v = json_array_get(vectors, i);
        const json_t *next = json_array_get(vectors, i + 1);
        if (rt_str_is(member(v, "call"), "log-after-10s"))
            continue;
        if (!next || !rt_str_is(member(next, "call"), "log-after-10s"))
            next = NULL;
        check_vector(rt, &all, v, next);
        checked++;
    }
    assert_int_equal(checked, 128);
    json_decref(vectors);
    rt_machine_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recorded_calls),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
