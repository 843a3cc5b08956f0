/* Images: references, listing, pulling, removal. */
#include "mocks/docker/internal.h"

static bool lower_alphanumeric(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Path components: letters and digits with single separators, or "__", or dashes between. */
static bool valid_repository(rt_str s)
{
    bool separator = true;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];
        if (lower_alphanumeric(c)) {
            separator = false;
            continue;
        }
        bool again = separator && (i == 0 || s.data[i - 1] != c || (c != '-' && c != '_'));
        if ((c != '-' && c != '_' && c != '.' && c != '/' && c != ':') || again)
            return false;
        separator = true;
    }
    return !separator;
}

struct rt_error *image_reference(rt_str name, rt_str *reference)
{
    ptrdiff_t slash = rt_str_last_index(name, RT_STR("/"));
    ptrdiff_t colon = rt_str_last_index(name, RT_STR(":"));
    rt_str repository = name;
    if (colon > slash)
        repository = rt_str_slice(name, 0, (size_t)colon);
    if (!valid_repository(repository)) {
        if (!rt_str_eq(rt_str_lower(repository), repository) &&
                valid_repository(rt_str_lower(repository)))
            return rt_errorf("invalid reference format: repository name must be lowercase");
        return rt_errorf("invalid reference format");
    }
    *reference = colon > slash ? name : rt_str_cat(name, RT_STR(":latest"));
    return NULL;
}

struct image *image_find(const struct docker_engine *e, rt_str name)
{
    rt_str reference = { 0 };
    if (!image_reference(name, &reference))
        for (struct image *i = e->images; i; i = i->next)
            for (size_t k = 0; k < i->tag_count; k++)
                if (rt_str_eq(i->tags[k], reference))
                    return i;
    if (rt_str_has_prefix(name, RT_STR("sha256:")))
        name = rt_str_slice(name, 7, name.len);
    for (struct image *i = e->images; i && name.len > 0; i = i->next)
        if (rt_str_has_prefix(rt_str_slice(i->id, 7, i->id.len), name))
            return i;
    return NULL;
}

/* ---- images that are known to be missing ---- */

void image_absent(struct docker_engine *e, rt_str reference)
{
    image_untag(e, reference);
    if (!image_is_absent(e, reference))
        e->absent = str_slice_append(e->absent, rt_str_dup(reference));
}

bool image_is_absent(const struct docker_engine *e, rt_str reference)
{
    for (size_t i = 0; i < e->absent.count; i++)
        if (rt_str_eq(e->absent.items[i], reference))
            return true;
    return false;
}

static void forget_absence(struct docker_engine *e, rt_str reference)
{
    struct str_slice kept = { 0 };
    for (size_t i = 0; i < e->absent.count; i++)
        if (!rt_str_eq(e->absent.items[i], reference))
            kept = str_slice_append(kept, e->absent.items[i]);
    e->absent = kept;
}

void image_wanted(const struct exchange *x)
{
    rt_str reference = { 0 };
    if (!image_reference(query_get(x, "t"), &reference) && !image_find(x->engine, reference))
        image_absent(x->engine, reference);
}

/* ---- images that are there ---- */

struct image *image_add(struct docker_engine *e, rt_str reference)
{
    struct image *i = rt_new(struct image);
    struct image **last = &e->images;
    if (reference.len > 0)
        image_untag(e, reference);
    while (*last)
        last = &(*last)->next;
    *last = i;
    i->id = rt_sprintf("sha256:%S", engine_new_id(e));
    i->created_ns = rt_wall_ns();
    if (reference.len > 0) {
        forget_absence(e, reference);
        i->tags = rt_new(rt_str);
        i->tags[0] = rt_str_dup(reference);
        i->tag_count = 1;
    }
    return i;
}

void image_untag(struct docker_engine *e, rt_str reference)
{
    for (struct image *i = e->images; i; i = i->next) {
        size_t kept = 0;
        for (size_t k = 0; k < i->tag_count; k++)
            if (!rt_str_eq(i->tags[k], reference))
                i->tags[kept++] = i->tags[k];
        i->tag_count = kept;
    }
}

void docker_engine_add_image(struct docker_engine *engine, rt_str reference)
{
    rt_str whole = { 0 };
    if (!image_reference(reference, &whole))
        (void)image_add(engine, whole);
}

bool docker_engine_valid_image(rt_str reference)
{
    rt_str whole = { 0 };
    return !image_reference(reference, &whole);
}

struct str_slice docker_engine_images(const struct docker_engine *engine)
{
    struct str_slice all = { 0 };
    for (const struct image *i = engine->images; i; i = i->next)
        for (size_t k = 0; k < i->tag_count; k++)
            all = str_slice_append(all, i->tags[k]);
    return all;
}

void docker_engine_add_image_file(
        struct docker_engine *engine, rt_str reference, rt_str path, rt_bytes content)
{
    struct image *i = image_find(engine, reference);
    if (i)
        file_put(&i->files, file_clean_path(path), !content.data, content);
}

static void put_tags(struct rt_buf *buf, const struct image *i)
{
    rt_buf_put_byte(buf, '[');
    for (size_t k = 0; k < i->tag_count; k++) {
        if (k > 0)
            rt_buf_put_byte(buf, ',');
        gojson_quote(buf, i->tags[k]);
    }
    if (i->tag_count == 0)
        rt_buf_putz(buf, "\"<none>:<none>\"");
    rt_buf_put_byte(buf, ']');
}

void handle_image_list(struct exchange *x)
{
    struct rt_buf buf = { 0 };
    rt_buf_put_byte(&buf, '[');
    for (const struct image *i = x->engine->images; i; i = i->next) {
        if (buf.len > 1)
            rt_buf_put_byte(&buf, ',');
        rt_buf_printf(&buf,
                "{\"Containers\":-1,\"Created\":%lld,\"Id\":\"%S\",\"Labels\":null,"
                "\"ParentId\":\"%S\",\"RepoDigests\":[\"<none>@<none>\"],\"RepoTags\":",
                (long long)(i->created_ns / RT_SECOND), i->id, i->parent);
        put_tags(&buf, i);
        rt_buf_putz(&buf, ",\"SharedSize\":-1,\"Size\":0,\"VirtualSize\":0}");
    }
    rt_buf_putz(&buf, "]\n");
    reply_json(x, 200, rt_buf_str(&buf));
}

/* The image of a request, or the answer that there is none. */
static struct image *image_of(struct exchange *x, const char *before)
{
    rt_str reference = { 0 };
    struct image *i = image_find(x->engine, x->name);
    if (i)
        return i;
    struct rt_error *err = image_reference(x->name, &reference);
    if (err)
        reply_error(x, 400, "%v", err);
    else if (before)
        reply_error(x, 404, "%s: %S: No such image: %S", before,
                rt_str_contains(x->name, RT_STR(":")) ? x->name : reference, reference);
    else
        reply_error(x, 404, "No such image: %S", reference);
    return NULL;
}

void handle_image_inspect(struct exchange *x)
{
    struct rt_buf buf = { 0 };
    /* the text names the image as asked for, then completed */
    struct image *i = image_find(x->engine, x->name);
    rt_str reference = { 0 };
    if (!i && !image_reference(x->name, &reference)) {
        reply_error(x, 404, "no such image: %S: No such image: %S", x->name, reference);
        return;
    }
    if (!i)
        i = image_of(x, NULL);
    if (!i)
        return;
    rt_buf_printf(&buf, "{\"Id\":\"%S\",\"RepoTags\":", i->id);
    put_tags(&buf, i);
    rt_buf_printf(&buf,
            ",\"RepoDigests\":[],\"Parent\":\"%S\",\"Comment\":\"\",\"Created\":\"%S\","
            "\"Architecture\":\"amd64\",\"Os\":\"linux\",\"Size\":0,\"VirtualSize\":0}\n",
            i->parent, engine_time(i->created_ns));
    reply_json(x, 200, rt_buf_str(&buf));
}

void handle_image_remove(struct exchange *x)
{
    struct image *i = image_of(x, NULL);
    rt_str reference = { 0 };
    if (!i)
        return;
    for (const struct container *c = x->engine->containers; c; c = c->next) {
        if (c->image == i && !query_bool(x, "force")) {
            reply_error(x, 409,
                    "conflict: unable to remove repository reference \"%S\" (must force) - "
                    "container %S is using its referenced image %S",
                    x->name, rt_str_slice(c->id, 0, 12), rt_str_slice(i->id, 7, 19));
            return;
        }
    }
    RT_DROP(image_reference(x->name, &reference));
    image_absent(x->engine, reference);
    struct rt_buf buf = { 0 };
    rt_buf_putz(&buf, "[{\"Untagged\":");
    gojson_quote(&buf, reference);
    rt_buf_put_byte(&buf, '}');
    if (i->tag_count == 0) {
        struct image **at = &x->engine->images;
        while (*at && *at != i)
            at = &(*at)->next;
        if (*at)
            *at = i->next;
        rt_buf_printf(&buf, ",{\"Deleted\":\"%S\"}", i->id);
    }
    rt_buf_putz(&buf, "]\n");
    reply_json(x, 200, rt_buf_str(&buf));
}

/* localhost:<port> has no registry; the others have everything but for what the configuration
 * says. */
bool image_refused(const struct docker_engine *e, rt_str reference, int *status, rt_str *message)
{
    if (engine_registry_refuses(&e->config.registry, reference, status, message))
        return true;
    if (!rt_str_has_prefix(reference, RT_STR("localhost:")))
        return false;
    ptrdiff_t slash = rt_str_index(reference, RT_STR("/"));
    rt_str host = rt_str_slice(reference, 0, slash < 0 ? reference.len : (size_t)slash);
    *status = 500;
    *message =
            rt_sprintf("Get \"http://%S/v2/\": dial tcp 127.0.0.1%S: connect: connection refused",
                    host, rt_str_slice(host, 9, host.len));
    return true;
}

void handle_pull(struct exchange *x)
{
    rt_str name = query_get(x, "fromImage");
    rt_str tag = query_get(x, "tag");
    rt_str reference = { 0 };
    rt_str message = { 0 };
    int status = 0;
    if (tag.len > 0 && !rt_str_contains(tag, RT_STR("sha256:")))
        name = rt_sprintf("%S:%S", name, tag);
    struct rt_error *err = image_reference(name, &reference);
    if (err) {
        reply_error(x, 400, "%v", err);
        return;
    }
    if (image_refused(x->engine, reference, &status, &message)) {
        reply_error(x, status, "%S", message);
        return;
    }
    if (!image_find(x->engine, reference))
        (void)image_add(x->engine, reference);
    reply_begin(x, 200, "application/json", true);
    ptrdiff_t colon = rt_str_last_index(reference, RT_STR(":"));
    reply_write(x, rt_sprintf("{\"status\":\"Pulling from %S\",\"id\":\"%S\"}\r\n",
                           rt_str_slice(reference, 0, (size_t)colon),
                           rt_str_slice(reference, (size_t)colon + 1, reference.len)));
    reply_write(
            x, rt_sprintf("{\"status\":\"Status: Downloaded newer image for %S\"}\r\n", reference));
}
