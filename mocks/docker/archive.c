/* Uploads to and downloads from containers. */
#include "mocks/docker/internal.h"
#include "model/gostd/tar.h"

/* The container's files; those of its image, or a few directories, until somebody writes. */
struct file **container_files(struct container *c)
{
    static const char *const dirs[] = {
        "/",
        "/bin",
        "/etc",
        "/tmp",
        "/usr/local/bin",
        "/usr/local/src",
        "/chaincode/input",
        "/chaincode/output",
    };
    if (c->files)
        return &c->files;
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
        file_put(&c->files, rt_str_from(dirs[i]), true, RT_NIL);
    for (const struct file *f = c->image ? c->image->files : NULL; f; f = f->next)
        file_put(&c->files, f->path, f->dir, f->content);
    return &c->files;
}

/* The path parameter and the container; false after an answer. */
static bool archive_target(struct exchange *x, struct container **c, rt_str *path)
{
    *path = query_get(x, "path");
    if (path->len == 0) {
        reply_error(x, 400, "bad parameter: pathcannot be empty");
        return false;
    }
    *c = container_of(x);
    return *c != NULL;
}

void handle_upload(struct exchange *x)
{
    struct container *c = NULL;
    rt_str path = { 0 };
    rt_bytes tar = RT_NIL;
    struct rt_error *err = exchange_body(x, &tar);
    if (!archive_target(x, &c, &path))
        return;
    rt_str dir = file_clean_path(path);
    const struct file *f = file_find(*container_files(c), dir);
    if (!f) {
        reply_error(x, 404, "Could not find the file %S in container %S", path, x->name);
        return;
    }
    if (!f->dir) {
        reply_error(x, 500, "extraction point is not a directory");
        return;
    }
    if (!err)
        err = files_unpack(container_files(c), dir, tar);
    if (err) {
        reply_error(x, 500, "Error processing tar file(exit status 1): %v", err);
        return;
    }
    container_event(c, "extract-to-dir", "path", path);
    reply_empty(x, 200);
}

static void put_tree(struct tar_writer *tar, const struct file *files, rt_str root, rt_str prefix)
{
    for (const struct file *f = files; f; f = f->next) {
        if (f->dir || !rt_str_has_prefix(f->path, root) || f->path.len <= root.len)
            continue;
        if (root.len > 1 && f->path.data[root.len] != '/')
            continue;
        rt_str rest = rt_str_slice(f->path, root.len + (root.len > 1 ? 1 : 0), f->path.len);
        tar_write_bytes_to_package(tar, rt_sprintf("%S%S", prefix, rest), f->content);
    }
}

/* The base64 of what the engine says about a path. */
static rt_str path_stat(const struct file *f, rt_str name)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct rt_buf json = { 0 };
    struct rt_buf out = { 0 };
    rt_buf_putz(&json, "{\"name\":");
    gojson_quote(&json, name);
    rt_buf_printf(&json, ",\"size\":%zu,\"mode\":%lld,\"mtime\":\"%S\",\"linkTarget\":\"\"}",
            f->content.len, f->dir ? 2147484141LL : 420LL, engine_time(0));
    rt_str s = rt_buf_str(&json);
    for (size_t i = 0; i < s.len; i += 3) {
        uint32_t word = (uint32_t)s.data[i] << 16;
        word |= i + 1 < s.len ? (uint32_t)s.data[i + 1] << 8 : 0;
        word |= i + 2 < s.len ? s.data[i + 2] : 0;
        rt_buf_put_byte(&out, (uint8_t)digits[word >> 18]);
        rt_buf_put_byte(&out, (uint8_t)digits[(word >> 12) & 63]);
        rt_buf_put_byte(&out, i + 1 < s.len ? (uint8_t)digits[(word >> 6) & 63] : '=');
        rt_buf_put_byte(&out, i + 2 < s.len ? (uint8_t)digits[word & 63] : '=');
    }
    return rt_buf_str(&out);
}

void handle_download(struct exchange *x)
{
    struct container *c = NULL;
    rt_str path = { 0 };
    struct rt_buf bytes = { 0 };
    struct tar_writer tar = { .out = &bytes };
    if (!archive_target(x, &c, &path))
        return;
    rt_str root = file_clean_path(path);
    const struct file *f = file_find(*container_files(c), root);
    if (!f) {
        reply_error(x, 404, "Could not find the file %S in container %S", path, x->name);
        return;
    }
    rt_str base = rt_str_slice(root, (size_t)(rt_str_last_index(root, RT_STR("/")) + 1), root.len);
    if (strcmp(x->method, "HEAD") == 0) {
        reply_empty(x, 200);
        reply_add_header(x, "X-Docker-Container-Path-Stat", path_stat(f, base));
        return;
    }
    if (!f->dir)
        tar_write_bytes_to_package(&tar, base, f->content);
    else if (rt_str_has_suffix(path, RT_STR("/.")))
        put_tree(&tar, c->files, root, RT_STR("./"));
    else
        put_tree(&tar, c->files, root, rt_sprintf("%S/", base));
    RT_DROP(tar_writer_close(&tar));
    reply(x, 200, "application/x-tar", rt_buf_str(&bytes));
    reply_add_header(x, "X-Docker-Container-Path-Stat", path_stat(f, base));
}
