/* Follows core/ledger/ledger_interface.go: TxSimulationResults and the types of errors. */
#include "model/ledger/ledger.h"

#include "model/wire/wire.h"

#include "proto/rwset.pb-c.h"

const char ledger_not_found_in_index_err[] = "NotFoundInIndexErr";
const char ledger_coll_config_not_defined[] = "CollConfigNotDefinedError";
const char ledger_invalid_coll_name[] = "InvalidCollNameError";
const char ledger_unsupported_transaction[] = "ErrUnsupportedTransaction";
const char ledger_pvtdata_not_available[] = "ErrPvtdataNotAvailable";

struct rt_error *ledger_pub_simulation_bytes(
        const struct tx_simulation_results *results, rt_bytes *out)
{
    return WIRE_MARSHAL(results->pub, out);
}

struct rt_error *ledger_pvt_simulation_bytes(
        const struct tx_simulation_results *results, rt_bytes *out)
{
    if (!results->pvt) {
        *out = RT_NIL;
        return NULL;
    }
    return WIRE_MARSHAL(results->pvt, out);
}
