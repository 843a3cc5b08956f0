/* What registries refuse, and in which words. */
#include "mocks/docker/registry.h"

#include "model/rt/names.h"

static const struct {
    int status;
    const char *message;
} refusals[] = {
#define REFUSAL(name, word, status, message) { status, message },
    ENGINE_REFUSALS(REFUSAL)
#undef REFUSAL
};

const char *engine_refusal_name(enum engine_refusal says)
{
    static const char *const names[] = RT_NAMES(ENGINE_REFUSALS);
    return rt_name(names, says);
}

/* The first component of a name, if it is a host; else the public registry's. */
static rt_str host_of(rt_str reference)
{
    ptrdiff_t slash = rt_str_index(reference, RT_STR("/"));
    rt_str first = rt_str_slice(reference, 0, slash < 0 ? 0 : (size_t)slash);
    bool host = rt_str_contains(first, RT_STR(".")) || rt_str_contains(first, RT_STR(":")) ||
                rt_str_is(first, "localhost");
    return host ? first : RT_STR("registry-1.docker.io");
}

static void put_filled(
        struct rt_buf *to, const char *text, rt_str reference, enum engine_words words)
{
    ptrdiff_t colon = rt_str_last_index(reference, RT_STR(":"));
    const struct {
        const char *name;
        rt_str value;
    } values[] = {
        { "{host}", host_of(reference) },
        { "{repository}", rt_str_slice(reference, 0, colon < 0 ? reference.len : (size_t)colon) },
        { "{image}", reference },
    };
    while (*text) {
        size_t i = 0;
        while (i < 3 && strncmp(text, values[i].name, strlen(values[i].name)) != 0)
            i++;
        if (i == 3) {
            if (*text == '|' && words == ENGINE_18_09)
                return;
            if (*text != '|' && (*text != '"' || words == ENGINE_20_10))
                rt_buf_put_byte(to, (uint8_t)*text);
            text++;
            continue;
        }
        rt_buf_put_str(to, values[i].value);
        text += strlen(values[i].name);
    }
}

bool engine_registry_refuses(
        const struct engine_registry *registry, rt_str reference, int *status, rt_str *message)
{
    for (size_t i = 0; i < registry->count; i++) {
        const struct engine_refused *r = &registry->refused[i];
        if (!rt_str_contains(reference, r->image))
            continue;
        if (registry->hits)
            registry->hits[i]++;
        *status = refusals[r->says].status;
        struct rt_buf text = { 0 };
        if (r->message.len > 0) {
            *status = r->status > 0 ? r->status : 404;
            rt_buf_put_str(&text, r->message);
        } else {
            put_filled(&text, refusals[r->says].message, reference, registry->words);
        }
        *message = rt_buf_str(&text);
        return true;
    }
    return false;
}
