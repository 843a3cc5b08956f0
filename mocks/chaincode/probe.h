/* The probe chaincode: does what its arguments say, so that a test can make a chaincode do
 * anything.
 *
 * Init and Invoke alike, by args[0]: none -> success · put k v [k v …] · get k · del k · range a b
 * · status n msg payload · error m · event name data · cc2cc cc channel args… · exit n · sleep ms ·
 * panic · history k · putprivate collection k v. Anything else is the error "unknown function
 * X". */
#ifndef CCLAB_MOCKS_CHAINCODE_PROBE_H
#define CCLAB_MOCKS_CHAINCODE_PROBE_H

#include "model/shim/shim.h"

/* The probe; `self` is not used. */
extern const struct chaincode probe_chaincode;

#endif
