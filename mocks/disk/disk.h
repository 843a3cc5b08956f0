/* A disk that can fail: a file system over another one, with a plan of faults.
 *
 * It lives in the arena of a run and outlives the peers of that run: occurrences are counted on
 * when a peer is restarted. */
#ifndef CCLAB_MOCKS_DISK_DISK_H
#define CCLAB_MOCKS_DISK_DISK_H

#include "mocks/disk/fault_plan.h"
#include "model/ccprovider/filesystem.h"

struct disk;

/* A disk over `files`; the plan must outlive it. `go` is the minor version of the Go that built the
 * peer: from 16 on the error of a folder that cannot be read names it. */
struct disk *disk_new(struct file_system files, struct disk_fault_plan plan, unsigned go);
/* What uses the disk. Its operations may wait, and kill the process that calls them. */
struct file_system disk_interface(struct disk *disk);

#endif
