/* The probe chaincode: each function does one thing that a shim can do. */
#include "mocks/chaincode/probe.h"

#include <stdlib.h>

#include "model/rt/clock.h"
#include "model/rt/rt.h"

#include "proto/kv_query_result.pb-c.h"
#include "proto/proposal_response.pb-c.h"

/* A call of the probe. */
struct call {
    const struct chaincode_stub *stub;
    const rt_bytes *args;
    size_t count;
};

/* args[i], which Go checks. */
static rt_bytes arg(const struct call *c, size_t i)
{
    if (i >= c->count)
        rt_panic_index();
    return c->args[i];
}

static long number(rt_str text)
{
    return strtol(rt_cstr(text), NULL, 10);
}

static Protos__Response outcome(struct rt_error *err, rt_bytes payload)
{
    return err ? shim_error(err->text) : shim_success(payload);
}

static Protos__Response put(const struct call *c)
{
    for (size_t i = 1; i + 1 < c->count; i += 2) {
        struct rt_error *err = c->stub->put_state(c->stub->self, c->args[i], c->args[i + 1]);
        if (err)
            return shim_error(err->text);
    }
    return shim_success(RT_STR("put"));
}

static Protos__Response get(const struct call *c)
{
    rt_bytes value = RT_NIL;
    struct rt_error *err = c->stub->get_state(c->stub->self, arg(c, 1), &value);
    return outcome(err, value);
}

static Protos__Response del(const struct call *c)
{
    return outcome(c->stub->del_state(c->stub->self, arg(c, 1)), RT_NIL);
}

/* The pairs that an iterator gives; closes it. */
static Protos__Response all_of(struct state_query_iterator *iterator)
{
    struct rt_error *err = NULL;
    struct rt_buf buf = { 0 };
    while (!err && state_query_iterator_has_next(iterator)) {
        Queryresult__KV *kv;
        err = state_query_iterator_next(iterator, &kv);
        if (!err)
            rt_buf_printf(&buf, "%S=%S;", kv->key, kv->value);
    }
    RT_DROP(state_query_iterator_close(iterator));
    return outcome(err, rt_buf_str(&buf));
}

static Protos__Response range(const struct call *c)
{
    struct state_query_iterator *iterator;
    struct rt_error *err =
            c->stub->get_state_by_range(c->stub->self, arg(c, 1), arg(c, 2), &iterator);
    return err ? shim_error(err->text) : all_of(iterator);
}

static Protos__Response status(const struct call *c)
{
    Protos__Response response = PROTOS__RESPONSE__INIT;
    response.status = (int32_t)number(arg(c, 1));
    response.message = arg(c, 2);
    response.payload = arg(c, 3);
    return response;
}

static Protos__Response error(const struct call *c)
{
    return shim_error(arg(c, 1));
}

static Protos__Response event(const struct call *c)
{
    c->stub->set_event(c->stub->self, arg(c, 1), arg(c, 2));
    return shim_success(RT_STR("event"));
}

static Protos__Response cc2cc(const struct call *c)
{
    arg(c, 2);
    return c->stub->invoke_chaincode(
            c->stub->self, c->args[1], c->args + 3, c->count - 3, c->args[2]);
}

static Protos__Response exit_process(const struct call *c)
{
    rt_proc_exit(rt_proc_self(), (int)(number(arg(c, 1)) & 0xff), NULL);
    return shim_success(RT_NIL);
}

static Protos__Response sleep_ms(const struct call *c)
{
    rt_sleep_ns(number(arg(c, 1)) * RT_MS);
    return shim_success(RT_NIL);
}

/* The values that a key has had, oldest first. */
static Protos__Response history(const struct call *c)
{
    struct history_query_iterator *iterator;
    struct rt_error *err = c->stub->get_history_for_key(c->stub->self, arg(c, 1), &iterator);
    if (err)
        return shim_error(err->text);
    struct rt_buf buf = { 0 };
    while (!err && history_query_iterator_has_next(iterator)) {
        Queryresult__KeyModification *modification;
        err = history_query_iterator_next(iterator, &modification);
        if (!err)
            rt_buf_printf(&buf, "%S;", modification->value);
    }
    RT_DROP(history_query_iterator_close(iterator));
    return outcome(err, rt_buf_str(&buf));
}

static Protos__Response put_private(const struct call *c)
{
    arg(c, 3);
    return outcome(
            c->stub->put_private_data(c->stub->self, c->args[1], c->args[2], c->args[3]), RT_NIL);
}

static Protos__Response get_private(const struct call *c)
{
    rt_bytes value = RT_NIL;
    struct rt_error *err = c->stub->get_private_data(c->stub->self, arg(c, 1), arg(c, 2), &value);
    return outcome(err, value);
}

static Protos__Response del_private(const struct call *c)
{
    return outcome(c->stub->del_private_data(c->stub->self, arg(c, 1), arg(c, 2)), RT_NIL);
}

static Protos__Response private_hash(const struct call *c)
{
    rt_bytes hash = RT_NIL;
    struct rt_error *err =
            c->stub->get_private_data_hash(c->stub->self, arg(c, 1), arg(c, 2), &hash);
    return outcome(err, rt_hex(hash));
}

static Protos__Response range_private(const struct call *c)
{
    struct state_query_iterator *iterator;
    struct rt_error *err = c->stub->get_private_data_by_range(
            c->stub->self, arg(c, 1), arg(c, 2), arg(c, 3), &iterator);
    return err ? shim_error(err->text) : all_of(iterator);
}

/* A value of the proposal's transient map. */
static rt_bytes transient_value(const struct call *c, rt_str key)
{
    struct rt_map *transient = NULL;
    if (c->stub->get_transient(c->stub->self, &transient))
        return RT_NIL;
    const rt_bytes *value = rt_map_get(transient, key);
    return value ? *value : RT_NIL;
}

static Protos__Response transient(const struct call *c)
{
    return shim_success(transient_value(c, arg(c, 1)));
}

static Protos__Response put_transient(const struct call *c)
{
    rt_bytes value = transient_value(c, arg(c, 3));
    if (!value.data)
        return shim_error(rt_sprintf("no transient value %S", c->args[3]));
    return outcome(c->stub->put_private_data(c->stub->self, c->args[1], c->args[2], value), RT_NIL);
}

static Protos__Response panic(const struct call *c)
{
    (void)c;
    rt_panicf("probe");
}

static const struct {
    const char *name;
    Protos__Response (*run)(const struct call *c);
} functions[] = {
    { "put", put },
    { "get", get },
    { "del", del },
    { "range", range },
    { "status", status },
    { "error", error },
    { "event", event },
    { "cc2cc", cc2cc },
    { "exit", exit_process },
    { "sleep", sleep_ms },
    { "panic", panic },
    { "history", history },
    { "putprivate", put_private },
    { "getprivate", get_private },
    { "delprivate", del_private },
    { "privatehash", private_hash },
    { "rangeprivate", range_private },
    { "transient", transient },
    { "puttransient", put_transient },
};

static Protos__Response run(void *self, const struct chaincode_stub *stub)
{
    (void)self;
    struct call c = { .stub = stub };
    c.args = stub->get_args(stub->self, &c.count);
    if (c.count == 0)
        return shim_success(RT_NIL);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (rt_str_is(c.args[0], functions[i].name))
            return functions[i].run(&c);
    return shim_error(rt_sprintf("unknown function %S", c.args[0]));
}

const struct chaincode probe_chaincode = { NULL, run, run };
