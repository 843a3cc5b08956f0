/* Findings and their ids. */
#include "harness/explore/finding.h"

#include <string.h>

#include "model/rt/clock.h"

void findings_add(struct findings *list, struct rt *rt, const char *invariant, rt_str place,
        rt_str goroutines, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    findings_add_v(list, rt, invariant, place, goroutines, format, args);
    va_end(args);
}

void findings_add_v(struct findings *list, struct rt *rt, const char *invariant, rt_str place,
        rt_str goroutines, const char *format, va_list args)
{
    rt_str id = rt_sprintf("%s/%S/%S", invariant, place, goroutines);
    for (size_t i = 0; i < list->count; i++)
        if (rt_str_eq(list->items[i].id, id))
            return;
    if (list->count == FINDINGS_MAX)
        return;
    list->items[list->count++] = (struct finding){
        .invariant = invariant,
        .id = id,
        .text = rt_vsprintf(format, args),
        .time_ns = rt_current() ? rt_now_ns() : 0,
        .step = rt ? rt_steps(rt) : 0,
    };
}

rt_str finding_stable_text(rt_str text)
{
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < text.len && i < 120 && text.data[i] != '\n'; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (!digit)
            rt_buf_put_byte(&buf, text.data[i] == '/' ? '|' : text.data[i]);
        else if (buf.len == 0 || buf.data[buf.len - 1] != '#')
            rt_buf_put_byte(&buf, '#');
    }
    return rt_buf_str(&buf);
}

rt_str finding_pair(rt_str a, rt_str b)
{
    bool swap = rt_str_cmp(a, b) > 0;
    return rt_sprintf("%S,%S", swap ? b : a, swap ? a : b);
}

rt_str finding_place(const struct rt_fiber *fiber)
{
    const struct rt_op *op = fiber ? rt_fiber_op(fiber) : NULL;
    return op ? rt_op_place(op) : RT_STR("nowhere");
}

rt_str finding_plain_name(const char *fiber_name)
{
    return rt_bytes_from(fiber_name, strcspn(fiber_name, "("));
}

rt_str finding_goroutine(const struct rt_fiber *fiber, const struct rt_proc *home)
{
    if (!fiber)
        return RT_STR("scheduler");
    rt_str plain = finding_plain_name(rt_fiber_name(fiber));
    struct rt_proc *proc = rt_fiber_proc(fiber);
    if (proc == home || !proc)
        return plain;
    return rt_sprintf("%s:%S", rt_proc_name(proc), plain);
}
