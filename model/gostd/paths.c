/* filepath.Clean, Split and Join. */
#include "model/gostd/paths.h"

/* Drops the last element of what was put so far. */
static void back_up(struct rt_buf *out, size_t floor)
{
    out->len--;
    while (out->len > floor && out->data[out->len] != '/')
        out->len--;
}

rt_str path_clean(rt_str path)
{
    if (path.len == 0)
        return RT_STR(".");
    bool rooted = path.data[0] == '/';
    struct rt_buf out = { 0 };
    if (rooted)
        rt_buf_put_byte(&out, '/');
    size_t floor = out.len; /* ".." does not go below */
    for (size_t at = rooted; at < path.len;) {
        size_t end = at;
        while (end < path.len && path.data[end] != '/')
            end++;
        rt_str element = rt_str_slice(path, at, end);
        at = end + 1;
        if (element.len == 0 || rt_str_is(element, "."))
            continue;
        bool dotdot = rt_str_is(element, "..");
        if (dotdot && out.len > floor) {
            back_up(&out, floor);
            continue;
        }
        if (dotdot && rooted)
            continue;
        if (out.len > (size_t)rooted)
            rt_buf_put_byte(&out, '/');
        rt_buf_put_str(&out, element);
        if (dotdot)
            floor = out.len;
    }
    return out.len > 0 ? rt_buf_str(&out) : RT_STR(".");
}

void path_split(rt_str path, rt_str *dir, rt_str *file)
{
    size_t cut = path.len;
    while (cut > 0 && path.data[cut - 1] != '/')
        cut--;
    *dir = rt_str_slice(path, 0, cut);
    *file = rt_str_slice(path, cut, path.len);
}

rt_str path_join(rt_str a, rt_str b)
{
    if (a.len == 0 && b.len == 0)
        return RT_STR("");
    if (a.len == 0)
        return path_clean(b);
    if (b.len == 0)
        return path_clean(a);
    return path_clean(rt_str_cat(rt_str_cat(a, RT_STR("/")), b));
}
