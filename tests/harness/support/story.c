/* Events told to the invariants as a peer would tell them. */
#include "tests/harness/support/story.h"

#include "tests/support/test.h"

struct check check;
const struct world_peer settings = {
    .id = RT_STR_INIT("peer0"),
    .network_id = RT_STR_INIT("dev"),
    .startup_timeout_ms = 5000,
    .execute_timeout_ms = 2000,
};

static void after_step(void *arg)
{
    (void)arg;
    check_step(&check);
}

struct rt *tell(rt_fn story)
{
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ 0 });
    check = (struct check){ .settings = &settings };
    check_begin(&check, rt);
    check.first_fiber = 1;
    check.peer = rt_proc_new("peer");
    rt_go_in(check.peer, "story", story, NULL);
    rt_on_step(rt, after_step, NULL);
    rt_run(rt);
    check_idle(&check);
    check_end(&check);
    return rt;
}

void expect_finding(rt_fn story, const char *invariant)
{
    struct rt *rt = tell(story);
    if (check.findings.count == 0)
        fail_msg("%s: not found", invariant);
    for (size_t i = 0; i < check.findings.count; i++)
        assert_string_equal(check.findings.items[i].invariant, invariant);
    rt_end(rt);
    rt_machine_free(rt);
}

void expect_silence(rt_fn story)
{
    struct rt *rt = tell(story);
    if (check.findings.count > 0)
        fail_msg("%.*s", (int)check.findings.items[0].text.len,
                (const char *)check.findings.items[0].text.data);
    rt_end(rt);
    rt_machine_free(rt);
}

struct handler *handler(int n)
{
    static char memory[8];
    return (struct handler *)(void *)&memory[n];
}

Protos__ChaincodeMessage *message(Protos__ChaincodeMessage__Type type, const char *tx)
{
    Protos__ChaincodeMessage *m = rt_new(Protos__ChaincodeMessage);
    protos__chaincode_message__init(m);
    m->type = type;
    m->txid = rt_str_from(tx);
    m->channel_id = RT_STR("ch");
    return m;
}

void expect_id(rt_fn story, const char *id)
{
    struct rt *rt = tell(story);
    assert_int_equal(check.findings.count, 1);
    assert_string_equal(rt_cstr(check.findings.items[0].id), id);
    rt_end(rt);
    rt_machine_free(rt);
}
