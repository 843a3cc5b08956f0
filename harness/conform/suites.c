/* The table of all suites: to add one, declare it and name it. */
#include "harness/conform/conform.h"

/* extern const struct conform_suite conform_suite_<name>; */

const struct conform_suite *const conform_suites[] = {
    NULL,
};
