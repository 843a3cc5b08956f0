/* Which cclab this is. */
#ifndef CCLAB_HARNESS_BASE_VERSION_H
#define CCLAB_HARNESS_BASE_VERSION_H

/* The version and a digest of the sources: "0.1.0+3f2a09c1d4e5b677". Results of equal ones can be
 * put together, whatever machine or compiler made them. */
const char *version_text(void);

#endif
