/* Follows ValidateCodePackage of core/chaincode/platforms/{golang,node,java,car}/platform.go and
 * core/chaincode/platforms/ccmetadata/targzmetadataprovider.go. */
#include "model/ccprovider/code_package.h"

#include "model/gostd/tar.h"
#include "model/rt/arena.h"

struct code_reader {
    struct gzip_reader gzip;
    struct tar_reader tar;
};

static struct rt_error *open_code(struct code_reader *r, rt_bytes code)
{
    struct rt_error *err = gzip_reader_open(&r->gzip, code);
    tar_reader_open_gzip(&r->tar, &r->gzip);
    return err;
}

static bool strip_prefix(rt_str *s, const char *prefix)
{
    size_t len = strlen(prefix);
    if (s->len < len || memcmp(s->data, prefix, len) != 0)
        return false;
    *s = rt_str_slice(*s, len, s->len);
    return true;
}

/* Matches ^(/)?(src|META-INF)/.* */
static bool is_source_path(rt_str name)
{
    (void)strip_prefix(&name, "/");
    return strip_prefix(&name, "src/") || strip_prefix(&name, "META-INF/");
}

/* Matches ^(/)?src/((src|META-INF)/.*|(build\.gradle|settings\.gradle|pom\.xml)) but not
 * .*\.class$ */
static bool is_java_path(rt_str name)
{
    rt_str rest = name;
    (void)strip_prefix(&rest, "/");
    if (!strip_prefix(&rest, "src/") || rt_str_has_suffix(name, RT_STR(".class")))
        return false;
    return strip_prefix(&rest, "src/") || strip_prefix(&rest, "META-INF/") ||
           strip_prefix(&rest, "build.gradle") || strip_prefix(&rest, "settings.gradle") ||
           strip_prefix(&rest, "pom.xml");
}

/* A number as fmt's %o. */
static rt_str octal(int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t x = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + (x & 7));
        x >>= 3;
    } while (x > 0);
    if (value < 0)
        digits[--at] = '-';
    return rt_bytes_dup(digits + at, sizeof digits - at);
}

static struct rt_error *check_entry(const struct tar_header *h, bool (*path_is_good)(rt_str name))
{
    if (!path_is_good(h->name))
        return rt_errorf("illegal file detected in payload: \"%S\"", h->name);
    if ((h->mode & ~(int64_t)0100666) != 0)
        return rt_errorf("illegal file mode detected for file %S: %S", h->name, octal(h->mode));
    return NULL;
}

/* Looks at every entry; *end is what Next() ended with. */
static struct rt_error *check_entries(
        rt_bytes code, bool (*path_is_good)(rt_str name), bool *package_json, struct rt_error **end)
{
    struct code_reader r;
    struct tar_header h;
    *package_json = false;
    *end = NULL;
    struct rt_error *err = open_code(&r, code);
    if (err)
        return rt_errorf("failure opening codepackage gzip stream: %v", err);
    while (!(*end = tar_reader_next(&r.tar, &h))) {
        err = check_entry(&h, path_is_good);
        if (err)
            return err;
        *package_json |= rt_str_is(h.name, "src/package.json");
    }
    return NULL;
}

struct rt_error *code_package_validate_golang(rt_bytes code)
{
    bool package_json;
    struct rt_error *end;
    return code.len > 0 ? check_entries(code, is_source_path, &package_json, &end) : NULL;
}

struct rt_error *code_package_validate_node(rt_bytes code)
{
    bool package_json;
    struct rt_error *end;
    if (code.len == 0)
        return NULL;
    struct rt_error *err = check_entries(code, is_source_path, &package_json, &end);
    if (!err && !package_json)
        err = rt_errorf("no package.json found at the root of the chaincode package");
    return err;
}

/* Java alone looks at how the archive ends. */
struct rt_error *code_package_validate_java(rt_bytes code)
{
    bool package_json;
    struct rt_error *end;
    if (code.len == 0)
        return NULL;
    struct rt_error *err = check_entries(code, is_java_path, &package_json, &end);
    if (!err && end != rt_eof)
        err = end;
    return err;
}

struct rt_error *code_package_validate_car(rt_bytes code)
{
    (void)code;
    return NULL;
}

/* ---- metadata ---- */

/* io.Copy of the current entry. */
static struct rt_error *copy_entry(struct tar_writer *to, struct tar_reader *from)
{
    uint8_t chunk[4096];
    struct rt_error *err = NULL;
    while (!err) {
        size_t n = tar_reader_read(from, chunk, sizeof chunk, &err);
        struct rt_error *write_err = n > 0 ? tar_writer_write(to, chunk, n) : NULL;
        if (write_err)
            return write_err;
    }
    return err == rt_eof ? NULL : err;
}

struct rt_error *code_package_metadata(rt_bytes code, rt_bytes *tar)
{
    struct code_reader r;
    struct tar_header h;
    struct rt_buf out = { 0 };
    struct tar_writer writer = { .out = &out };
    *tar = RT_NIL;
    if (!code.data)
        return rt_errorf("nil code package");
    struct rt_error *err = open_code(&r, code);
    if (err)
        return err;
    while (!(err = tar_reader_next(&r.tar, &h))) {
        if (!rt_str_has_prefix(h.name, RT_STR("META-INF/statedb/")))
            continue;
        err = tar_writer_write_header(&writer, &h);
        if (!err)
            err = copy_entry(&writer, &r.tar);
        if (err)
            return err;
    }
    if (err != rt_eof)
        return err;
    err = tar_writer_close(&writer);
    if (!err)
        *tar = rt_buf_str(&out);
    return err;
}

struct rt_error *code_package_no_metadata(rt_bytes code, rt_bytes *tar)
{
    struct rt_buf out = { 0 };
    struct tar_writer writer = { .out = &out };
    (void)code;
    struct rt_error *err = tar_writer_close(&writer);
    *tar = rt_buf_str(&out);
    return err;
}
