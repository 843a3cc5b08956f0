/* Packages that cclab makes for install, and their size. Internal to scenario. */
#ifndef CCLAB_HARNESS_SCENARIO_PACKAGE_H
#define CCLAB_HARNESS_SCENARIO_PACKAGE_H

#include "harness/scenario/scenario.h"

/* How long a file may be that a step names: somewhat more than a peer receives, so that what is
 * refused for its length can be said. */
#define PACKAGE_FILE_MAX ((size_t)160 << 20)

/* The path of the chaincode in the package. */
rt_str package_path(const struct scenario_step *step);

/* The package that install sends if the step has none: a deployment spec whose code is one source
 * file, as the chaincode's type wants it, and `padding` bytes that nobody reads. */
rt_bytes package_made(const struct scenario_step *step, size_t padding);

struct package_file {
    rt_str name; /* in the archive */
    rt_bytes content;
};
/* The package whose code are these files. */
rt_bytes package_of_files(
        const struct scenario_step *step, const struct package_file *files, size_t count);

#endif
