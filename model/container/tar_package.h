/* archive/tar and compress/gzip for what a peer sends to Docker.
 *
 * Follows WriteBytesToPackage of core/container/util/writer.go: plain files with mode 0100644 and
 * no time, so that equal content gives equal bytes. */
#ifndef CCLAB_MODEL_CONTAINER_TAR_PACKAGE_H
#define CCLAB_MODEL_CONTAINER_TAR_PACKAGE_H

#include "model/rt/str.h"

/* Appends a file. */
void tar_put_file(struct rt_buf *tar, rt_str name, rt_bytes content);
/* Appends the two empty blocks of tar.Writer.Close. */
void tar_end(struct rt_buf *tar);
/* gzip.Writer over a whole input. */
rt_bytes gzip_bytes(rt_bytes in);

#endif
