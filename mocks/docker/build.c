/* POST /build: a context and its Dockerfile become an image. Nothing runs in a build: RUN succeeds,
 * unless its command is "false" or "exit N". */
#include "mocks/docker/internal.h"

struct build {
    struct exchange *x;
    struct file *context;
    struct image *image; /* of the last step; NULL: scratch */
    struct file *files;
    rt_str image_id;
    bool quiet;
    bool pulls; /* bases come from a registry, even if they are there */
};

static void put_stream(const struct build *b, rt_str text)
{
    struct rt_buf buf = { 0 };
    if (b->quiet)
        return;
    rt_buf_putz(&buf, "{\"stream\":");
    gojson_quote(&buf, text);
    rt_buf_putz(&buf, "}\r\n");
    reply_write(b->x, rt_buf_str(&buf));
}

/* The end of a build that went wrong. `code` 0: none is sent. */
static void put_error(const struct build *b, int64_t code, rt_str message)
{
    struct rt_buf buf = { 0 };
    bool hidden = fault_is(b->x, ENGINE_FAULT_BUILD_HIDDEN);
    rt_buf_put_byte(&buf, '{');
    if (!hidden) {
        rt_buf_putz(&buf, "\"errorDetail\":{");
        if (code != 0)
            rt_buf_printf(&buf, "\"code\":%lld,", (long long)code);
        rt_buf_putz(&buf, "\"message\":");
        gojson_quote(&buf, message);
        rt_buf_putz(&buf, "},");
    }
    rt_buf_putz(&buf, "\"error\":");
    gojson_quote(&buf, message);
    rt_buf_putz(&buf, "}\r\n");
    reply_write(b->x, rt_buf_str(&buf));
}

static rt_str short_id(rt_str id)
{
    return rt_str_slice(id, 7, 19);
}

/* FROM: the base must be there, or come from a registry. */
static bool step_from(struct build *b, const struct instruction *i)
{
    size_t count = 0;
    rt_str reference = { 0 };
    rt_str base = rt_str_split(i->args, RT_STR(" "), &count)[0];
    if (rt_str_contains(base, RT_STR("$"))) {
        put_error(b, 0, rt_sprintf("base name (%S) should not be blank", base));
        return false;
    }
    b->files = NULL;
    b->image = NULL;
    b->image_id = (rt_str){ 0 };
    if (!rt_str_is(base, "scratch")) {
        struct rt_error *err = image_reference(base, &reference);
        rt_str message = err ? err->text : RT_NIL;
        int status = 0;
        if (!err && (b->pulls || !image_find(b->x->engine, base)))
            (void)image_refused(b->x->engine, reference, &status, &message);
        if (message.data) {
            put_error(b, 0, message);
            return false;
        }
        b->image = image_find(b->x->engine, base);
        if (!b->image)
            b->image = image_add(b->x->engine, reference);
        b->image_id = b->image->id;
        b->files = files_copy(b->image->files);
    }
    put_stream(b, rt_sprintf(" ---> %S\n", b->image ? short_id(b->image_id) : RT_STR("")));
    return true;
}

/* Copies what lies at or below `source`; false if nothing does. */
static bool copy_source(struct build *b, rt_str source, rt_str target, bool unpack)
{
    bool found = rt_str_is(source, "/");
    const struct file *one = file_find(b->context, source);
    if (one && !one->dir) {
        ptrdiff_t slash = rt_str_last_index(source, RT_STR("/"));
        if (unpack && rt_str_has_suffix(source, RT_STR(".tar")) &&
                !files_unpack(&b->files, file_clean_path(target), one->content))
            return true;
        if (rt_str_has_suffix(target, RT_STR("/")))
            target = rt_str_cat(target, rt_str_slice(source, (size_t)slash + 1, source.len));
        file_put(&b->files, file_clean_path(target), false, one->content);
        return true;
    }
    rt_str below = source.len > 1 ? rt_str_cat(source, RT_STR("/")) : source;
    for (const struct file *f = b->context; f; f = f->next) {
        found = found || rt_str_eq(f->path, source);
        if (!rt_str_has_prefix(f->path, below))
            continue;
        rt_str rest = rt_str_slice(f->path, below.len, f->path.len);
        file_put(&b->files, file_clean_path(rt_sprintf("%S/%S", target, rest)), f->dir, f->content);
    }
    return found;
}

static bool step_add(struct build *b, const struct instruction *i)
{
    size_t count = 0;
    rt_str *words = rt_str_split(i->args, RT_STR(" "), &count);
    if (count < 2)
        return true;
    for (size_t k = 0; k + 1 < count; k++) {
        if (words[k].len == 0 || rt_str_has_prefix(words[k], RT_STR("--")) ||
                rt_str_contains(words[k], RT_STR("://")))
            continue;
        if (!copy_source(
                    b, file_clean_path(words[k]), words[count - 1], rt_str_is(i->word, "ADD"))) {
            put_error(b, 0,
                    rt_sprintf("%S failed: file not found in build context or excluded by "
                               ".dockerignore: stat %S: file does not exist",
                            i->word, words[k]));
            return false;
        }
    }
    return true;
}

static bool step_run(struct build *b, const struct instruction *i)
{
    int64_t code = rt_str_is(i->args, "false") ? 1 : 0;
    if (rt_str_has_prefix(i->args, RT_STR("exit ")))
        for (size_t k = 5;
                k < i->args.len && i->args.data[k] >= '0' && i->args.data[k] <= '9' && code < 256;
                k++)
            code = code * 10 + (i->args.data[k] - '0');
    if (code == 0)
        return true;
    put_error(b, code,
            rt_sprintf("The command '/bin/sh -c %S' returned a non-zero code: %lld", i->args,
                    (long long)code));
    return false;
}

static bool step(struct build *b, const struct instruction *i)
{
    if (rt_str_is(i->word, "FROM"))
        return step_from(b, i);
    bool copies = rt_str_is(i->word, "ADD") || rt_str_is(i->word, "COPY");
    rt_str container = rt_str_slice(engine_new_id(b->x->engine), 0, 12);
    if (!copies)
        put_stream(b, rt_sprintf(" ---> Running in %S\n", container));
    if (copies ? !step_add(b, i) : rt_str_is(i->word, "RUN") && !step_run(b, i))
        return false;
    if (!copies)
        put_stream(b, rt_sprintf("Removing intermediate container %S\n", container));
    b->image_id = rt_sprintf("sha256:%S", engine_new_id(b->x->engine));
    put_stream(b, rt_sprintf(" ---> %S\n", short_id(b->image_id)));
    return true;
}

static void finish(struct build *b, rt_str reference)
{
    struct image *image = image_add(b->x->engine, reference);
    image->files = b->files;
    image->parent = b->image ? b->image->id : (rt_str){ 0 };
    if (b->quiet) {
        b->quiet = false;
        put_stream(b, rt_sprintf("%S\n", image->id));
        return;
    }
    reply_write(b->x, rt_sprintf("{\"aux\":{\"ID\":\"%S\"}}\r\n", image->id));
    put_stream(b, rt_sprintf("Successfully built %S\n", short_id(image->id)));
    if (reference.len > 0)
        put_stream(b, rt_sprintf("Successfully tagged %S\n", reference));
}

static void run_steps(
        struct build *b, const struct instruction *first, unsigned count, rt_str reference)
{
    const struct engine_fault *f = b->x->fault;
    bool fails = fault_is(b->x, ENGINE_FAULT_BUILD_ERROR) ||
                 fault_is(b->x, ENGINE_FAULT_BUILD_HIDDEN) ||
                 fault_is(b->x, ENGINE_FAULT_BUILD_TEXT);
    unsigned number = 0;
    reply_begin(b->x, 200,
            fault_is(b->x, ENGINE_FAULT_BUILD_TEXT) ? "text/plain" : "application/json", true);
    for (const struct instruction *i = first; i; i = i->next) {
        put_stream(b, rt_sprintf("Step %u/%u : %S", ++number, count, i->text));
        put_stream(b, RT_STR("\n"));
        if (!step(b, i))
            return;
    }
    if (fails && f->output.len > 0)
        put_stream(b, f->output);
    if (fails)
        put_error(b, f->status, f->message);
    else
        finish(b, reference);
}

/* Parameters that are refused before the context is looked at; false after an answer. */
static bool check_parameters(struct exchange *x, rt_str *dockerfile, rt_str *reference)
{
    rt_str args = query_get(x, "buildargs");
    rt_str version = query_get(x, "version");
    rt_str tag = query_get(x, "t");
    struct gojson *value = NULL;
    struct rt_error *err = args.len > 0 ? gojson_unmarshal(args, &value) : NULL;
    if (err) {
        reply_error(x, 400, "error reading build args: %v", err);
        return false;
    }
    if (version.len > 0 && !rt_str_is(version, "1") && !rt_str_is(version, "2")) {
        reply_error(x, 500, "invalid version %q", version);
        return false;
    }
    err = tag.len > 0 ? image_reference(tag, reference) : NULL;
    if (err) {
        reply_error(x, 500, "%v", err);
        return false;
    }
    rt_str remote = query_get(x, "remote");
    if (remote.len > 0) {
        size_t parts = 0;
        rt_str *split = rt_str_split(remote, RT_STR("/"), &parts);
        reply_error(x, 500,
                "error downloading remote context %S: Get %q: dial tcp %S: connect: connection "
                "refused",
                remote, remote, parts > 2 ? split[2] : remote);
        return false;
    }
    *dockerfile = query_get(x, "dockerfile");
    if (dockerfile->len == 0)
        *dockerfile = RT_STR("Dockerfile");
    return true;
}

void handle_build(struct exchange *x)
{
    struct build b = { .x = x, .quiet = query_bool(x, "q"), .pulls = query_bool(x, "pull") };
    struct instruction *instructions = NULL;
    unsigned count = 0;
    rt_bytes tar = RT_NIL;
    rt_str dockerfile = { 0 };
    rt_str reference = { 0 };
    struct rt_error *body_err = exchange_body(x, &tar);
    if (!check_parameters(x, &dockerfile, &reference) || exchange_abandoned(x))
        return;
    if (body_err) {
        reply_error(x, 500, "Error processing tar file(exit status 1): %v", body_err);
        return;
    }
    struct rt_error *err = files_unpack(&b.context, RT_STR("/"), tar);
    if (err) {
        reply_error(x, 500, "%v", err);
        return;
    }
    if (rt_str_has_prefix(dockerfile, RT_STR("../"))) {
        reply_error(x, 500, "forbidden path outside the build context: %S ()", dockerfile);
        return;
    }
    const struct file *f = file_find(b.context, file_clean_path(dockerfile));
    if (!f || f->dir) {
        reply_error(x, 500, "Cannot locate specified Dockerfile: %S", dockerfile);
        return;
    }
    err = dockerfile_parse(f->content, &instructions, &count);
    if (err) {
        reply_error(x, 400, "%v", err);
        return;
    }
    run_steps(&b, instructions, count, reference);
}
