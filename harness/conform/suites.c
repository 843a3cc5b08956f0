/* The table of all suites: to add one, declare it and name it. */
#include "harness/conform/conform.h"

/* extern const struct conform_suite conform_suite_<name>; */

extern const struct conform_suite conform_suite_access;
extern const struct conform_suite conform_suite_cds;
extern const struct conform_suite conform_suite_launch;
extern const struct conform_suite conform_suite_names;
extern const struct conform_suite conform_suite_policy;
extern const struct conform_suite conform_suite_wire;
extern const struct conform_suite conform_suite_flow;
extern const struct conform_suite conform_suite_peer;
extern const struct conform_suite conform_suite_peer_identity;

const struct conform_suite *const conform_suites[] = {
    &conform_suite_launch,
    &conform_suite_names,
    &conform_suite_policy,
    &conform_suite_wire,
    &conform_suite_cds,
    &conform_suite_flow,
    &conform_suite_peer,
    &conform_suite_peer_identity,
    &conform_suite_access,
    NULL,
};
