/* What a scalar of YAML means. Internal to yaml. */
#ifndef CCLAB_HARNESS_YAML_SCALAR_H
#define CCLAB_HARNESS_YAML_SCALAR_H

#include <jansson.h>
#include <stdbool.h>

/* resolve() of yaml.v2: the value of a scalar with this tag (NULL: none), `plain` if it stands
 * without quotes; a new reference. NULL, with a sentence in *problem, if the tag does not fit. */
json_t *yaml_scalar(
        const char *tag, bool plain, const char *text, size_t len, const char **problem);
/* The name of a member whose key is such a scalar; malloced. */
char *yaml_key_text(const json_t *value, const char *text, size_t len);

#endif
