/* Follows core/scc/lscc/errors.go. */
#include "model/lscc/lscc_errors.h"

struct rt_error *lscc_invalid_function_err(rt_str function)
{
    return rt_errorf("invalid function to lscc: %S", function);
}

struct rt_error *lscc_invalid_args_len_err(size_t count)
{
    return rt_errorf("invalid number of arguments to lscc: %zu", count);
}

struct rt_error *lscc_tx_not_found_err(rt_str reason)
{
    return rt_errorf("transaction not found: %S", reason);
}

struct rt_error *lscc_invalid_deployment_spec_err(rt_str reason)
{
    return rt_errorf("invalid deployment spec: %S", reason);
}

struct rt_error *lscc_exists_err(rt_str name)
{
    return rt_errorf("chaincode with name '%S' already exists", name);
}

struct rt_error *lscc_not_found_err(rt_str name)
{
    return rt_errorf("could not find chaincode with name '%S'", name);
}

struct rt_error *lscc_invalid_channel_name_err(rt_str channel)
{
    return rt_errorf("invalid channel name: %S", channel);
}

struct rt_error *lscc_invalid_chaincode_name_err(rt_str name)
{
    return rt_errorf("invalid chaincode name '%S'. Names must start with an alphanumeric character "
                     "and can only consist of alphanumerics, '_', and '-'",
            name);
}

struct rt_error *lscc_invalid_version_err(rt_str version)
{
    return rt_errorf("invalid chaincode version '%S'. Versions must not be empty and can only "
                     "consist of alphanumerics, '_',  '-', '+', and '.'",
            version);
}

struct rt_error *lscc_invalid_statedb_artifacts_err(rt_str reason)
{
    return rt_errorf("invalid state database artifact: %S", reason);
}

struct rt_error *lscc_chaincode_mismatch_err(rt_str names)
{
    return rt_errorf("chaincode name mismatch: %S", names);
}

struct rt_error *lscc_marshall_err(rt_str name)
{
    return rt_errorf("error while marshalling: %S", name);
}

struct rt_error *lscc_identical_version_err(rt_str name)
{
    return rt_errorf("version already exists for chaincode with name '%S'", name);
}

struct rt_error *lscc_invalid_cc_on_fs_error(rt_str reason)
{
    return rt_errorf("chaincode fingerprint mismatch: %S", reason);
}

struct rt_error *lscc_instantiation_policy_missing(void)
{
    return rt_errorf("instantiation policy missing");
}

struct rt_error *lscc_collections_config_upgrades_not_allowed(void)
{
    return rt_errorf("as V1_2 capability is not enabled, collection upgrades are not allowed");
}

struct rt_error *lscc_private_channel_data_not_available(void)
{
    return rt_errorf("as V1_2 or later capability is not enabled, private channel collections and "
                     "data are not available");
}
