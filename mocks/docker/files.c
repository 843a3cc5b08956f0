/* A small file system for containers and images, and tars of it. */
#include "mocks/docker/internal.h"

#include <archive.h>
#include <archive_entry.h>

rt_str file_clean_path(rt_str path)
{
    size_t count = 0;
    size_t kept = 0;
    rt_str *parts = rt_str_split(path, RT_STR("/"), &count);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len == 0 || rt_str_is(parts[i], "."))
            continue;
        if (rt_str_is(parts[i], ".."))
            kept -= kept > 0 ? 1 : 0;
        else
            parts[kept++] = parts[i];
    }
    return rt_str_cat(RT_STR("/"), rt_str_join(parts, kept, RT_STR("/")));
}

struct file *file_find(struct file *files, rt_str path)
{
    for (struct file *f = files; f; f = f->next)
        if (rt_str_eq(f->path, path))
            return f;
    return NULL;
}

void file_put(struct file **files, rt_str path, bool dir, rt_bytes content)
{
    ptrdiff_t slash = rt_str_last_index(path, RT_STR("/"));
    if (slash > 0) {
        rt_str parent = rt_str_slice(path, 0, (size_t)slash);
        if (!file_find(*files, parent))
            file_put(files, parent, true, RT_NIL);
    }
    struct file *f = file_find(*files, path);
    if (!f) {
        struct file **last = files;
        while (*last)
            last = &(*last)->next;
        f = *last = rt_new(struct file);
        f->path = path;
    }
    f->dir = dir;
    f->content = content;
}

struct file *files_copy(const struct file *files)
{
    struct file *copy = NULL;
    struct file **last = &copy;
    for (; files; files = files->next) {
        *last = rt_new(struct file);
        **last = (struct file){ files->path, files->dir, files->content, NULL };
        last = &(*last)->next;
    }
    return copy;
}

static bool read_entry(struct archive *a, struct archive_entry *entry, rt_bytes *content)
{
    struct rt_buf buf = { 0 };
    uint8_t chunk[4096];
    for (;;) {
        la_ssize_t n = archive_read_data(a, chunk, sizeof(chunk));
        if (n < 0)
            return false;
        if (n == 0)
            break;
        rt_buf_put(&buf, chunk, (size_t)n);
    }
    *content = rt_buf_str(&buf);
    return archive_entry_size(entry) == (la_int64_t)buf.len;
}

static struct rt_error *unexpected_eof(void)
{
    return rt_errorf("unexpected EOF");
}

/* A file where the path needs a directory. */
static bool blocked(struct file *files, rt_str path)
{
    for (size_t i = 1; i < path.len; i++) {
        const struct file *f =
                path.data[i] == '/' ? file_find(files, rt_str_slice(path, 0, i)) : NULL;
        if (f && !f->dir)
            return true;
    }
    return false;
}

/* filepath.Clean of a name in a tar: it may lead out of where it is unpacked. */
static rt_str clean_name(rt_str name)
{
    size_t count = 0;
    size_t kept = 0;
    bool rooted = rt_str_has_prefix(name, RT_STR("/"));
    rt_str *parts = rt_str_split(name, RT_STR("/"), &count);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len == 0 || rt_str_is(parts[i], "."))
            continue;
        if (!rt_str_is(parts[i], "..") || (kept == 0 && !rooted) ||
                (kept > 0 && rt_str_is(parts[kept - 1], "..")))
            parts[kept++] = parts[i];
        else
            kept -= kept > 0 ? 1 : 0;
    }
    return rt_str_cat(rt_str_from(rooted ? "/" : ""), rt_str_join(parts, kept, RT_STR("/")));
}

/* Go's filepath.Rel begins with "../": the folder above is not refused, what is in it is. */
static bool is_outside(rt_str path, rt_str dir)
{
    if (dir.len == 1 || rt_str_eq(path, dir) || rt_str_has_prefix(path, rt_sprintf("%S/", dir)))
        return false;
    ptrdiff_t slash = rt_str_last_index(dir, RT_STR("/"));
    return !rt_str_eq(path, slash > 0 ? rt_str_slice(dir, 0, (size_t)slash) : RT_STR("/"));
}

static struct rt_error *unpack_all(struct archive *a, struct file **files, rt_str dir)
{
    struct archive_entry *entry = NULL;
    for (;;) {
        int result = archive_read_next_header(a, &entry);
        if (result == ARCHIVE_EOF)
            return NULL;
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
            return unexpected_eof();
        const char *name = archive_entry_pathname(entry);
        rt_bytes content = RT_NIL;
        if (!name || !read_entry(a, entry, &content))
            return unexpected_eof();
        rt_str clean = clean_name(rt_str_from(name));
        rt_str path = file_clean_path(rt_sprintf("%S/%S", dir, clean));
        if (is_outside(path, dir))
            return rt_errorf("%q is outside of %q", clean, dir);
        if (blocked(*files, path))
            return rt_errorf("open %S: not a directory", path);
        if (path.len > 1)
            file_put(files, path, archive_entry_filetype(entry) == AE_IFDIR, content);
    }
}

/* Whether the bytes can begin a tar: libarchive takes anything without complaint. */
static bool looks_like_tar(rt_bytes tar)
{
    static const char *const magics[] = { "\x1f\x8b", "BZh", "\xfd\x37zXZ", "\x28\xb5\x2f\xfd" };
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
        if (rt_str_has_prefix(tar, rt_str_from(magics[i])))
            return true;
    return tar.len >= 512;
}

struct rt_error *files_unpack(struct file **files, rt_str dir, rt_bytes tar)
{
    if (tar.len == 0)
        return NULL;
    if (!looks_like_tar(tar))
        return unexpected_eof();
    struct archive *a = archive_read_new();
    (void)archive_read_support_format_tar(a);
    (void)archive_read_support_filter_gzip(a);
    (void)archive_read_support_filter_bzip2(a);
    (void)archive_read_support_filter_xz(a);
    (void)archive_read_support_filter_zstd(a);
    struct rt_error *err = archive_read_open_memory(a, tar.data, tar.len) == ARCHIVE_OK
                                   ? unpack_all(a, files, dir)
                                   : unexpected_eof();
    (void)archive_read_free(a);
    return err;
}
