/* Packages that install takes from files, or makes of sources, as the command line client does. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/scenario/load.h"
#include "harness/scenario/package.h"
#include "model/ccprovider/package.h"
#include "model/rt/rt.h"

/* ---- files ---- */

struct opening {
    rt_bytes bytes;
    struct rt_error *err;
};

static void open_package(void *arg)
{
    struct opening *o = arg;
    struct cc_package *package;
    o->err = ccprovider_get_cc_package(o->bytes, &package);
}

static bool is_text(rt_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.data[i] < ' ' && !strchr("\n\r\t", bytes.data[i]))
            return false;
    return true;
}

/* What a file is that is no package, as a hint. */
static const char *hint_about(rt_bytes bytes)
{
    if (bytes.len == 0)
        return "the file is empty";
    if (rt_str_has_prefix(bytes, RT_STR("\x1f\x8b")))
        return "this is a compressed archive: the code of a package alone, or a package of Fabric "
               "2";
    if (rt_str_has_prefix(bytes, RT_STR("PK")))
        return "this is a zip or jar file";
    return is_text(bytes) ? "this is a text" : "this is no deployment spec, plain or signed";
}

/* getPackageFromFile, as far as 1.4.2's client looks. */
static void check_file(struct loading *l, struct scenario_step *step)
{
    struct opening o = { .bytes = step->bytes };
    rt_str panic = RT_NIL;
    if (rt_recover(open_package, &o, &panic))
        o.err = rt_error_new(rt_sprintf("panic: %S", panic));
    if (!o.err)
        return;
    bool was = l->ok;
    loading_refuse(l, step, step->file.data ? "file" : "bytes", o.err->text);
    if (was && !l->ok)
        loading_wrong(l, loading_member(step->node, step->file.data ? "file" : "bytes"),
                "%s; install takes what \"peer chaincode package\" writes (\"bytes\" are sent "
                "whatever they are)",
                hint_about(step->bytes));
}

/* ---- sources ---- */

static bool has_suffix(rt_str name, const char *const *suffixes)
{
    for (; *suffixes; suffixes++)
        if (rt_str_has_suffix(name, rt_str_from(*suffixes)))
            return true;
    return false;
}

static bool in_folder(rt_str name, const char *const *folders)
{
    for (; *folders; folders++)
        if (rt_str_has_prefix(name, rt_sprintf("%s/", *folders)))
            return true;
    return false;
}

/* What WriteFolderToTarPackage leaves out for a type. */
static bool left_out(const char *type, rt_str name)
{
    static const char *const none[] = { NULL }, *const node[] = { "node_modules", NULL };
    static const char *const java[] = { "target", "build", "out", NULL };
    static const char *const classes[] = { ".class", NULL };
    if (strcmp(type, "NODE") == 0)
        return in_folder(name, node);
    if (strcmp(type, "JAVA") == 0)
        return in_folder(name, java) || has_suffix(name, classes);
    return in_folder(name, none);
}

static bool read_source(struct loading *l, const struct scenario_step *step, const char *path,
        rt_str name, struct package_file *to)
{
    size_t len;
    char *data = file_read(path, PACKAGE_FILE_MAX, &len);
    if (!data) {
        loading_wrong(l, loading_member(step->node, "source"), "cannot use %s", path);
        return false;
    }
    const char *type = chaincode_types[step->type];
    rt_str below = strcmp(type, "GOLANG") == 0 ? rt_sprintf("src/%S/", package_path(step))
                                               : RT_STR("src/");
    bool metadata = rt_str_has_prefix(name, RT_STR("META-INF/"));
    to->name = metadata ? rt_str_dup(name) : rt_str_cat(below, name);
    to->content = rt_bytes_dup(data, len);
    free(data);
    return true;
}

/* The files below a folder, by name; a file alone is there by its own name. */
static void load_source(struct loading *l, struct scenario_step *step)
{
    char *folder = file_in(l->folder, rt_cstr(step->source));
    char **list = file_list(folder, "");
    size_t root = strlen(folder), count = 0;
    while (list && list[count])
        count++;
    struct package_file *files = rt_new_array(struct package_file, count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = strlen(list[i]) > root ? list[i] + root + 1 : file_base(list[i]);
        if (!left_out(chaincode_types[step->type], rt_str_from(name)))
            kept += read_source(l, step, list[i], rt_str_from(name), &files[kept]);
    }
    if (kept == 0)
        loading_wrong(l, loading_member(step->node, "source"), "there are no sources");
    else
        step->bytes = package_of_files(step, files, kept);
    file_list_free(list);
    free(folder);
}

void load_package(struct loading *l, struct scenario_step *step)
{
    if (step->action != STEP_INSTALL)
        return;
    if (step->source.data)
        load_source(l, step);
    else if ((step->file.data || step->checked) && step->bytes.data)
        check_file(l, step);
}
