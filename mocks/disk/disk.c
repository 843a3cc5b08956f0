/* Which fault strikes, and what the operations of package code make of it. The order of system
 * calls is that of Go's ioutil and os. */
#include "mocks/disk/disk.h"

#include "model/rt/rt.h"
#include "model/rt/trace.h"

struct disk {
    struct file_system files;
    struct disk_fault_plan plan;
    unsigned go;
    uint32_t *hits; /* by fault: occurrences that it applies to */
};

/* ---- faults ---- */

static const struct disk_fault *pick(struct disk *d, enum disk_op op, rt_str path)
{
    for (size_t i = 0; i < d->plan.count; i++) {
        const struct disk_fault *f = &d->plan.faults[i];
        if ((f->op != DISK_OP_ANY && f->op != op) || !rt_str_contains(path, f->path))
            continue;
        uint32_t *struck = d->plan.struck ? &d->plan.struck[i] : NULL;
        if (!fault_strikes(&f->when, &d->hits[i], struck, disk_fault_name(f->kind)))
            continue;
        rt_note("disk: %s %S: %s%s%s", disk_op_name(op), path, disk_fault_name(f->kind),
                f->kind == DISK_FAULT_ERROR ? " " : "",
                f->kind == DISK_FAULT_ERROR ? disk_error_names[f->error] : "");
        return f;
    }
    return NULL;
}

/* The part of `all` that is moved before a fault. */
static rt_bytes part(const struct disk_fault *f, rt_bytes all)
{
    size_t len = f->bytes < 0 ? all.len / 2 : (size_t)f->bytes;
    return len < all.len ? rt_str_slice(all, 0, len) : all;
}

/* An operation that moves no bytes; NULL if it may go on. `name` is what Go calls it. */
static struct rt_error *strike(struct disk *d, enum disk_op op, const char *name, rt_str path)
{
    const struct disk_fault *f = pick(d, op, path);
    if (!f)
        return NULL;
    if (f->kind == DISK_FAULT_ERROR)
        return file_error(name, path, disk_error_text(f->error));
    if (f->kind == DISK_FAULT_HANG)
        fault_hang(f->ms);
    if (f->kind == DISK_FAULT_DIE)
        rt_proc_exit(rt_proc_self(), 137, NULL);
    return NULL;
}

/* ---- operations ---- */

static struct rt_error *read_file(void *self, rt_str path, rt_bytes *content)
{
    struct disk *d = self;
    struct rt_error *err = strike(d, DISK_OP_OPEN, "open", path);
    if (!err)
        err = d->files.read_file(d->files.self, path, content);
    if (err)
        return err;
    const struct disk_fault *f = pick(d, DISK_OP_READ, path);
    if (!f)
        return NULL;
    switch (f->kind) {
    case DISK_FAULT_ERROR:
        *content = RT_NIL;
        return file_error("read", path, disk_error_text(f->error));
    case DISK_FAULT_CUT:
        *content = part(f, *content);
        break;
    case DISK_FAULT_HANG:
        fault_hang(f->ms);
        return d->files.read_file(d->files.self, path, content); /* it may have changed meanwhile */
    case DISK_FAULT_DIE:
        rt_proc_exit(rt_proc_self(), 137, NULL);
    }
    return NULL;
}

/* The write of a file that is open, and empty. */
static struct rt_error *write_open(struct disk *d, rt_str path, rt_bytes content)
{
    const struct disk_fault *f = pick(d, DISK_OP_WRITE, path);
    if (!f)
        return d->files.write_file(d->files.self, path, content);
    struct rt_error *err = d->files.write_file(d->files.self, path, part(f, content));
    if (err)
        return err;
    switch (f->kind) {
    case DISK_FAULT_ERROR:
        return file_error("write", path, disk_error_text(f->error));
    case DISK_FAULT_CUT:
        return NULL;
    case DISK_FAULT_HANG:
        fault_hang(f->ms);
        break;
    case DISK_FAULT_DIE:
        rt_proc_exit(rt_proc_self(), 137, NULL);
    }
    return d->files.write_file(d->files.self, path, content);
}

static struct rt_error *write_file(void *self, rt_str path, rt_bytes content)
{
    struct disk *d = self;
    struct rt_error *err = strike(d, DISK_OP_OPEN, "open", path);
    if (!err)
        err = d->files.write_file(d->files.self, path, rt_bytes_from("", 0));
    if (err)
        return err;
    err = write_open(d, path, content);
    struct rt_error *close_err = strike(d, DISK_OP_CLOSE, "close", path);
    return err ? err : close_err;
}

static struct rt_error *stat_file(void *self, rt_str path, struct file_info *info)
{
    struct disk *d = self;
    struct rt_error *err = strike(d, DISK_OP_STAT, "stat", path);
    return err ? err : d->files.stat(d->files.self, path, info);
}

/* Go's Readdir leaves out what has gone when it looks at it. */
static struct rt_error *look_at_entries(
        struct disk *d, rt_str path, struct file_info *entries, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        rt_str file = rt_sprintf("%S/%S", path, entries[i].name);
        struct rt_error *err = strike(d, DISK_OP_LSTAT, "lstat", file);
        if (err && !file_is_not_exist(err))
            return err;
        if (!err)
            entries[kept++] = entries[i];
    }
    *count = kept;
    return NULL;
}

/* Go's error does not name the folder before 1.16. */
static struct rt_error *strike_read_dir(struct disk *d, rt_str path)
{
    struct rt_error *err = strike(d, DISK_OP_READDIR, "readdirent", path);
    return err && d->go < 16 ? rt_errorf("readdirent: %s", (const char *)err->data) : err;
}

static struct rt_error *read_dir(void *self, rt_str path, struct file_info **entries, size_t *count)
{
    struct disk *d = self;
    struct rt_error *err = strike(d, DISK_OP_OPEN, "open", path);
    if (!err)
        err = strike_read_dir(d, path);
    if (!err)
        err = d->files.read_dir(d->files.self, path, entries, count);
    return err ? err : look_at_entries(d, path, *entries, count);
}

static struct rt_error *make_dir(void *self, rt_str path)
{
    struct disk *d = self;
    struct rt_error *err = strike(d, DISK_OP_MKDIR, "mkdir", path);
    return err ? err : d->files.mkdir(d->files.self, path);
}

/* ---- making ---- */

struct disk *disk_new(struct file_system files, struct disk_fault_plan plan, unsigned go)
{
    struct disk *d = rt_new(struct disk);
    d->files = files;
    d->plan = plan;
    d->go = go;
    d->hits = rt_new_array(uint32_t, plan.count + 1);
    return d;
}

struct file_system disk_interface(struct disk *disk)
{
    return (struct file_system){ .self = disk,
        .read_file = read_file,
        .write_file = write_file,
        .stat = stat_file,
        .read_dir = read_dir,
        .mkdir = make_dir };
}
