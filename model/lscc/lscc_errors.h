/* The errors of the lifecycle system chaincode (core/scc/lscc/errors.go). */
#ifndef CCLAB_MODEL_LSCC_LSCC_ERRORS_H
#define CCLAB_MODEL_LSCC_LSCC_ERRORS_H

#include "model/rt/error.h"

RT_MUST_USE struct rt_error *lscc_invalid_function_err(rt_str function);
RT_MUST_USE struct rt_error *lscc_invalid_args_len_err(size_t count);
RT_MUST_USE struct rt_error *lscc_tx_not_found_err(rt_str reason);
RT_MUST_USE struct rt_error *lscc_invalid_deployment_spec_err(rt_str reason);
RT_MUST_USE struct rt_error *lscc_exists_err(rt_str name);
RT_MUST_USE struct rt_error *lscc_not_found_err(rt_str name);
RT_MUST_USE struct rt_error *lscc_invalid_channel_name_err(rt_str channel);
RT_MUST_USE struct rt_error *lscc_invalid_chaincode_name_err(rt_str name);
RT_MUST_USE struct rt_error *lscc_invalid_version_err(rt_str version);
RT_MUST_USE struct rt_error *lscc_invalid_statedb_artifacts_err(rt_str reason);
RT_MUST_USE struct rt_error *lscc_chaincode_mismatch_err(rt_str names);
RT_MUST_USE struct rt_error *lscc_marshall_err(rt_str name);
RT_MUST_USE struct rt_error *lscc_identical_version_err(rt_str name);
RT_MUST_USE struct rt_error *lscc_invalid_cc_on_fs_error(rt_str reason);
RT_MUST_USE struct rt_error *lscc_instantiation_policy_missing(void);
RT_MUST_USE struct rt_error *lscc_collections_config_upgrades_not_allowed(void);
RT_MUST_USE struct rt_error *lscc_private_channel_data_not_available(void);

#endif
