/* A file system in memory. */
#include "model/ccprovider/filesystem.h"

#include "model/gostd/paths.h"
#include "model/rt/arena.h"
#include "model/rt/map.h"

/* Limits of Linux. */
enum { NAME_LIMIT = 255, PATH_LIMIT = 4096 };

struct node {
    bool is_dir;
    bool unreadable;
    rt_bytes content;
};

struct memory_fs {
    struct rt_arena *arena;
    struct rt_map *nodes; /* by cleaned absolute path */
};

/* ---- errors ---- */

static const char no_such_file[] = "no such file or directory";
static const char not_a_directory[] = "not a directory";
static const char is_a_directory[] = "is a directory";
static const char file_exists[] = "file exists";
static const char name_too_long[] = "file name too long";
static const char invalid_argument[] = "invalid argument";
static const char permission_denied[] = "permission denied";

/* The error's type tells os.PathError from others, its data which errno it holds. */
static const char path_error_type;

struct rt_error *file_error(const char *op, rt_str path, const char *reason)
{
    if (strcmp(reason, no_such_file) == 0)
        reason = no_such_file;
    return rt_error_typed(&path_error_type, reason, rt_sprintf("%s %S: %s", op, path, reason));
}

bool file_is_not_exist(const struct rt_error *err)
{
    return err && rt_error_is(err, &path_error_type) && err->data == no_such_file;
}

/* ---- nodes ---- */

static rt_str absolute(rt_str path)
{
    return path_clean(rt_str_cat(RT_STR("/"), path));
}

static const char *check_name(rt_str path)
{
    size_t name = 0;
    for (size_t i = 0; i < path.len; i++) {
        if (path.data[i] == 0)
            return invalid_argument;
        name = path.data[i] == '/' ? 0 : name + 1;
        if (name > NAME_LIMIT)
            return name_too_long;
    }
    if (path.len >= PATH_LIMIT)
        return name_too_long;
    return path.len == 0 ? no_such_file : NULL;
}

/* Why the directory above a path does not take it, or NULL. */
static const char *check_parents(const struct memory_fs *fs, rt_str path)
{
    for (size_t i = 1; i < path.len; i++) {
        if (path.data[i] != '/')
            continue;
        const struct node *node = rt_map_get(fs->nodes, rt_str_slice(path, 0, i));
        if (!node)
            return no_such_file;
        if (!node->is_dir)
            return not_a_directory;
    }
    return NULL;
}

/* The node of a path as it was given; NULL and the reason if there is none. */
static struct node *lookup(const struct memory_fs *fs, rt_str path, const char **reason)
{
    *reason = check_name(path);
    if (*reason)
        return NULL;
    rt_str clean = absolute(path);
    struct node *node = rt_map_get(fs->nodes, clean);
    if (!node) {
        *reason = check_parents(fs, clean);
        if (!*reason)
            *reason = no_such_file;
    } else if (!node->is_dir && path.data[path.len - 1] == '/') {
        *reason = not_a_directory;
        node = NULL;
    }
    return node;
}

/* Adds or changes a node in the file system's own arena. */
static void set_node(struct memory_fs *fs, rt_str clean, bool is_dir, rt_bytes content)
{
    struct rt_arena *before = rt_arena_use(fs->arena);
    struct node *node = rt_map_get(fs->nodes, clean);
    if (!node) {
        node = rt_new(struct node);
        rt_map_put(fs->nodes, rt_str_dup(clean), node);
    }
    *node = (struct node){ .is_dir = is_dir, .content = content };
    rt_arena_use(before);
}

/* Nothing changes bytes that were written: those of the same arena need no copy. */
static rt_bytes copy_for(const struct memory_fs *fs, rt_bytes content)
{
    if (fs->arena == rt_arena_current())
        return content;
    struct rt_arena *before = rt_arena_use(fs->arena);
    rt_bytes copy = rt_bytes_dup(content.data, content.len);
    rt_arena_use(before);
    return copy;
}

/* ---- operations ---- */

static struct rt_error *read_file(void *self, rt_str path, rt_bytes *content)
{
    struct memory_fs *fs = self;
    const char *reason;
    const struct node *node = lookup(fs, path, &reason);
    if (!node)
        return file_error("open", path, reason);
    if (node->unreadable)
        return file_error("open", path, permission_denied);
    if (node->is_dir)
        return file_error("read", path, is_a_directory);
    *content = node->content.data ? node->content : rt_bytes_from("", 0);
    return NULL;
}

static struct rt_error *write_file(void *self, rt_str path, rt_bytes content)
{
    struct memory_fs *fs = self;
    const char *reason;
    const struct node *node = lookup(fs, path, &reason);
    rt_str clean = absolute(path);
    if (node && node->is_dir)
        return file_error("open", path, is_a_directory);
    if (node && node->unreadable)
        return file_error("open", path, permission_denied);
    if (!node && (reason != no_such_file || path.len == 0 || check_parents(fs, clean)))
        return file_error("open", path, reason);
    if (!node && path.data[path.len - 1] == '/')
        return file_error("open", path, is_a_directory);
    set_node(fs, clean, false, copy_for(fs, content));
    return NULL;
}

static void describe(rt_str clean, const struct node *node, struct file_info *info)
{
    rt_str dir;
    path_split(clean, &dir, &info->name);
    info->is_dir = node->is_dir;
    info->size = node->content.len;
}

static struct rt_error *stat_file(void *self, rt_str path, struct file_info *info)
{
    struct memory_fs *fs = self;
    const char *reason;
    const struct node *node = lookup(fs, path, &reason);
    if (!node)
        return file_error("stat", path, reason);
    describe(absolute(path), node, info);
    return NULL;
}

static struct rt_error *read_dir(void *self, rt_str path, struct file_info **entries, size_t *count)
{
    struct memory_fs *fs = self;
    const char *reason;
    const struct node *node = lookup(fs, path, &reason);
    if (!node)
        return file_error("open", path, reason);
    if (!node->is_dir)
        return rt_errorf("readdirent: %s", not_a_directory);
    rt_str below = absolute(path);
    if (below.len > 1)
        below = rt_str_cat(below, RT_STR("/"));
    const struct rt_map_entry *all = rt_map_sorted(fs->nodes);
    size_t total = rt_map_len(fs->nodes);
    *entries = rt_new_array(struct file_info, total);
    *count = 0;
    for (size_t i = 0; i < total; i++) {
        if (all[i].key.len <= below.len || !rt_str_has_prefix(all[i].key, below))
            continue;
        rt_str rest = rt_str_slice(all[i].key, below.len, all[i].key.len);
        if (!rt_str_contains(rest, RT_STR("/")))
            describe(all[i].key, all[i].value, &(*entries)[(*count)++]);
    }
    return NULL;
}

static struct rt_error *make_dir(void *self, rt_str path)
{
    struct memory_fs *fs = self;
    const char *reason;
    if (lookup(fs, path, &reason))
        return file_error("mkdir", path, file_exists);
    rt_str clean = absolute(path);
    if (reason != no_such_file || path.len == 0 || check_parents(fs, clean))
        return file_error("mkdir", path, reason);
    set_node(fs, clean, true, RT_NIL);
    return NULL;
}

/* ---- making ---- */

struct memory_fs *memory_fs_new(void)
{
    struct memory_fs *fs = rt_new(struct memory_fs);
    fs->arena = rt_arena_current();
    fs->nodes = rt_map_new();
    set_node(fs, RT_STR("/"), true, RT_NIL);
    return fs;
}

struct file_system memory_fs_interface(struct memory_fs *fs)
{
    return (struct file_system){ .self = fs,
        .read_file = read_file,
        .write_file = write_file,
        .stat = stat_file,
        .read_dir = read_dir,
        .mkdir = make_dir };
}

/* Makes the directories above a path. */
static void put_parents(struct memory_fs *fs, rt_str clean)
{
    for (size_t i = 1; i < clean.len; i++)
        if (clean.data[i] == '/' && !rt_map_has(fs->nodes, rt_str_slice(clean, 0, i)))
            set_node(fs, rt_str_slice(clean, 0, i), true, RT_NIL);
}

static void put(struct memory_fs *fs, rt_str path, bool is_dir, rt_bytes content)
{
    if (check_name(path) == name_too_long)
        return;
    rt_str clean = absolute(path);
    put_parents(fs, clean);
    set_node(fs, clean, is_dir, content);
}

void memory_fs_put(struct memory_fs *fs, rt_str path, rt_bytes content)
{
    put(fs, path, false, content);
}

void memory_fs_put_unreadable(struct memory_fs *fs, rt_str path, rt_bytes content)
{
    put(fs, path, false, content);
    struct node *node = rt_map_get(fs->nodes, absolute(path));
    if (node)
        node->unreadable = true;
}

void memory_fs_put_directory(struct memory_fs *fs, rt_str path)
{
    put(fs, path, true, RT_NIL);
}

bool memory_fs_remove(struct memory_fs *fs, rt_str path)
{
    rt_str clean = absolute(path);
    const struct node *node = rt_map_get(fs->nodes, clean);
    if (!node || node->is_dir)
        return false;
    rt_map_delete(fs->nodes, clean);
    return true;
}
