/* What goes wrong on a peer's disk, and when.
 *
 * A plan is a plain array of faults. Each operation on a file looks at it, in order; the first
 * fault that applies happens. A fault applies to an operation, to files whose path contains a text,
 * and to one occurrence or to several; with `maybe` a FAULT choice decides each time.
 *
 * Operations are those that Go's errors name. ioutil.ReadFile is open and read, ioutil.WriteFile
 * open (which empties the file), write and close, ioutil.ReadDir open and readdir of the folder and
 * lstat of what is in it. */
#ifndef CCLAB_MOCKS_DISK_FAULT_PLAN_H
#define CCLAB_MOCKS_DISK_FAULT_PLAN_H

#include "mocks/fault/when.h"

/* Operations by which faults are chosen; the names are those of scenario files. */
#define DISK_OPS(X)                                                                                \
    X(ANY, "any")                                                                                  \
    X(OPEN, "open")                                                                                \
    X(READ, "read")                                                                                \
    X(WRITE, "write")                                                                              \
    X(CLOSE, "close")                                                                              \
    X(STAT, "stat")                                                                                \
    X(LSTAT, "lstat")                                                                              \
    X(READDIR, "readdir")                                                                          \
    X(MKDIR, "mkdir")

enum disk_op {
#define DISK_OP_ENUM(name, text) DISK_OP_##name,
    DISK_OPS(DISK_OP_ENUM)
#undef DISK_OP_ENUM
            DISK_OP_COUNT
};
/* As scenario files call it. */
const char *disk_op_name(enum disk_op op);

/* Kinds of faults; the names are those of scenario files.
 *   ERROR  the operation fails with `error`; a write has written `bytes` bytes before
 *   CUT    read, write: only `bytes` bytes are there, and nobody is told
 *   HANG   the operation takes `ms` longer; `ms` < 0: for ever. A write has written `bytes` bytes
 *          before it waits
 *   DIE    the peer is killed, as by kill -9, a power cut or the kernel for want of memory; a write
 *          has written `bytes` bytes before */
#define DISK_FAULTS(X)                                                                             \
    X(ERROR, "error")                                                                              \
    X(CUT, "cut")                                                                                  \
    X(HANG, "hang")                                                                                \
    X(DIE, "die")

enum disk_fault_kind {
#define DISK_FAULT_ENUM(name, text) DISK_FAULT_##name,
    DISK_FAULTS(DISK_FAULT_ENUM)
#undef DISK_FAULT_ENUM
};
const char *disk_fault_name(enum disk_fault_kind kind);

/* Errors of Linux, as Go prints them. */
#define DISK_ERRORS(X)                                                                             \
    X(EIO, "input/output error")                                                                   \
    X(ENOSPC, "no space left on device")                                                           \
    X(EDQUOT, "disk quota exceeded")                                                               \
    X(EACCES, "permission denied")                                                                 \
    X(EPERM, "operation not permitted")                                                            \
    X(EROFS, "read-only file system")                                                              \
    X(ENOENT, "no such file or directory")                                                         \
    X(EMFILE, "too many open files")                                                               \
    X(ENFILE, "too many open files in system")                                                     \
    X(EFBIG, "file too large")                                                                     \
    X(ENOMEM, "cannot allocate memory")                                                            \
    X(ESTALE, "stale NFS file handle")                                                             \
    X(ETIMEDOUT, "connection timed out")                                                           \
    X(ENODEV, "no such device")                                                                    \
    X(ENXIO, "no such device or address")                                                          \
    X(ELOOP, "too many levels of symbolic links")                                                  \
    X(EBUSY, "device or resource busy")

enum disk_error {
#define DISK_ERROR_ENUM(name, text) DISK_##name,
    DISK_ERRORS(DISK_ERROR_ENUM)
#undef DISK_ERROR_ENUM
            DISK_ERROR_COUNT
};
/* Their names ("EIO") in the order of the enumeration; NULL ends them. */
extern const char *const disk_error_names[];
/* What Go prints. */
const char *disk_error_text(enum disk_error error);

struct disk_fault {
    enum disk_fault_kind kind;
    enum disk_op op;
    rt_str path; /* part of the file's path; empty: any */
    struct fault_when when;
    enum disk_error error; /* ERROR */
    int64_t bytes;         /* of a read or write: how many are done; < 0: half of them */
    int64_t ms;            /* HANG */
};

struct disk_fault_plan {
    const struct disk_fault *faults;
    size_t count;
    /* Counts how often each of them has struck, or could have by a choice; NULL: nobody asks. */
    uint32_t *struck;
};

/* What is wrong with a fault, as a sentence for whoever wrote it; data == NULL if nothing is. */
rt_str disk_fault_check(const struct disk_fault *fault);

#endif
