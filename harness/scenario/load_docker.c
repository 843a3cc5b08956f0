/* The Docker engine: its images, delays and faults. */
#include "harness/scenario/load.h"
#include "model/lab/go.h"

/* The kinds that look at a member, in words. */
static rt_str kinds_with(const char *member)
{
    static const char *const kinds[] = RT_NAMES(ENGINE_FAULTS);
    struct rt_buf buf = { 0 };
    for (size_t i = 0; kinds[i]; i++)
        if (engine_fault_uses((enum engine_fault_kind)i, member))
            rt_buf_printf(&buf, "%s\"%s\"", buf.len > 0 ? ", " : "", kinds[i]);
    return rt_buf_str(&buf);
}

/* Members that a kind of fault, or its operation, does not look at. */
static void check_members(
        struct loading *l, const struct fault_text *t, const struct engine_fault *fault)
{
    for (const struct json_node *m = t->node->child; m; m = m->next)
        if (!engine_fault_uses(fault->kind, m->key))
            loading_wrong(l, m, "\"%s\" means nothing for a fault \"%s\", only for %s", m->key,
                    engine_fault_name(fault->kind), rt_cstr(kinds_with(m->key)));
    if (fault->container.len > 0 && !engine_op_has_name(fault->op))
        loading_wrong(l, loading_member(t->node, "container"),
                "a request \"%s\" names no container and no image", engine_op_name(fault->op));
}

/* Where the peer looks for the engine, as engine_reason_fits() has it. */
static char place_of(const struct world_peer *peer)
{
    rt_str endpoint = peer->docker_endpoint;
    if (!endpoint.data || rt_str_has_prefix(endpoint, RT_STR("unix:")))
        return 'u';
    return peer->docker_tls || rt_str_has_prefix(endpoint, RT_STR("https:")) ? 's' : 't';
}

/* What an engine never says there. */
static void check_network(
        struct loading *l, const struct fault_text *t, const struct engine_fault *fault)
{
    if (fault->kind == ENGINE_FAULT_STATUS && fault->status == 404 &&
            fault->op == ENGINE_OP_CREATE && rt_str_has_prefix(fault->message, RT_STR("network ")))
        loading_wrong(l, loading_member(t->node, "message"),
                "a create that is answered 404 has no image, and is followed by a build; the "
                "network "
                "belongs to the peer's NetworkMode, and one that is missing fails at \"start\": "
                "give docker.networks without it");
}

static void check_reason(
        struct loading *l, const struct fault_text *t, const struct engine_fault *fault)
{
    const struct json_node *reason = json_member(t->node, "reason");
    if (!reason || fault->kind != ENGINE_FAULT_UNREACHABLE || !l->s->world)
        return;
    if (json_member(t->node, "message"))
        loading_wrong(l, reason, "\"message\" is the whole text, so no \"reason\" is looked at");
    if (fault->reason == ENGINE_REASON_EXPIRED && go_minor(l->s->world->peer.go_version) >= 14)
        loading_wrong(l, reason, "since Go 1.14 this text names two times: give it as \"message\"");
    char place = place_of(&l->s->world->peer);
    if (!engine_reason_fits(fault->reason, place))
        loading_wrong(l, reason, "\"%s\" cannot be where the peer's \"docker_endpoint\" is: %s",
                engine_reason_name(fault->reason),
                place == 'u'   ? "a unix socket"
                : place == 't' ? "TCP without TLS"
                               : "TCP with TLS");
}

static void load_fault(
        struct loading *l, const struct fault_text *t, size_t number, struct engine_fault *to)
{
    *to = (struct engine_fault){
        .kind = (enum engine_fault_kind)t->kind,
        .op = (enum engine_op)t->op,
        .container = t->container,
        .first = (uint32_t)t->first,
        .count = (uint32_t)t->count,
        .maybe = t->maybe,
        .after = t->after,
        .status = (int)t->status,
        .message = t->message,
        .reason = (enum engine_reason)t->reason,
        .breaks = (enum engine_break)t->breaks,
        .body = t->body,
        .content_type = t->content_type,
        .ms = t->ms,
        .output = t->output,
        .exit_code = t->exit_code,
        .bytes = (uint64_t)t->bytes,
    };
    if (!json_member(t->node, "count"))
        to->count = 1;
    rt_str what = rt_sprintf(
            "fault %zu (%s at %s)", number, engine_fault_name(to->kind), engine_op_name(to->op));
    loading_effect(l, (struct scenario_effect){ t->node, what, "never struck", 0 });
    rt_str mistake = engine_fault_check(to);
    if (mistake.data)
        loading_wrong(l, t->node, "%s", rt_cstr(mistake));
    check_members(l, t, to);
    check_reason(l, t, to);
    check_network(l, t, to);
}

void load_docker(struct loading *l, const struct docker_text *t, const struct json_node *root)
{
    const struct json_node *node = json_member(root, "docker");
    struct scenario_docker *to = &l->s->docker;
    load_engine(l, t, node);
    to->delays_ns = loading_ns(t->delay_ms);
    to->delay_count = t->delay_ms.count;
    to->faults = rt_new_array(struct engine_fault, t->faults.count + 1);
    to->fault_count = t->faults.count;
    l->s->fault_effects = l->s->effect_count;
    for (size_t i = 0; i < t->faults.count; i++)
        load_fault(l, &((const struct fault_text *)t->faults.items)[i], i + 1, &to->faults[i]);
}
