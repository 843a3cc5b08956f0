/* The probe chaincode: does what its arguments say, so that a test can make a chaincode do
 * anything.
 *
 * Init and Invoke alike, by args[0]: none -> success · put k v [k v …] · get k · del k · range a b
 * · status n msg payload · error m · event name data · cc2cc cc channel args… · exit n · sleep ms ·
 * panic · history k · putprivate collection k v · getprivate collection k · delprivate collection
 * k · privatehash collection k (in hex) · rangeprivate collection a b · transient t, the value t
 * of the transient map · puttransient collection k t. Anything else is the error "unknown function
 * X". */
#ifndef CCLAB_MOCKS_CHAINCODE_PROBE_H
#define CCLAB_MOCKS_CHAINCODE_PROBE_H

#include "model/shim/shim.h"

/* The probe; `self` is not used. */
extern const struct chaincode probe_chaincode;

#endif
