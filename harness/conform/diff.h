/* Differences of two JSON values, for people. */
#ifndef CCLAB_HARNESS_CONFORM_DIFF_H
#define CCLAB_HARNESS_CONFORM_DIFF_H

#include <jansson.h>
#include <stdio.h>

/* Writes what differs, member by member, each with both sides and, for long strings, the part
 * around the first difference. `indent` spaces stand before each line. */
void diff_write(FILE *to, const json_t *expected, const json_t *actual, int indent);

#endif
