/* The errors of the lifecycle system chaincode (core/scc/lscc/errors.go): a function each, named as
 * Fabric's types, which takes what its text is about. */
#ifndef CCLAB_MODEL_LSCC_LSCC_ERRORS_H
#define CCLAB_MODEL_LSCC_LSCC_ERRORS_H

#include "model/rt/error.h"

/* X(function, type of its argument, text) */
#define LSCC_ERRORS(X)                                                                             \
    X(lscc_invalid_function_err, rt_str, "invalid function to lscc: %S")                           \
    X(lscc_invalid_args_len_err, size_t, "invalid number of arguments to lscc: %zu")               \
    X(lscc_tx_not_found_err, rt_str, "transaction not found: %S")                                  \
    X(lscc_invalid_deployment_spec_err, rt_str, "invalid deployment spec: %S")                     \
    X(lscc_exists_err, rt_str, "chaincode with name '%S' already exists")                          \
    X(lscc_not_found_err, rt_str, "could not find chaincode with name '%S'")                       \
    X(lscc_invalid_channel_name_err, rt_str, "invalid channel name: %S")                           \
    X(lscc_invalid_chaincode_name_err, rt_str,                                                     \
            "invalid chaincode name '%S'. Names must start with an alphanumeric character and "    \
            "can only consist of alphanumerics, '_', and '-'")                                     \
    X(lscc_invalid_version_err, rt_str,                                                            \
            "invalid chaincode version '%S'. Versions must not be empty and can only consist of "  \
            "alphanumerics, '_',  '-', '+', and '.'")                                              \
    X(lscc_invalid_statedb_artifacts_err, rt_str, "invalid state database artifact: %S")           \
    X(lscc_chaincode_mismatch_err, rt_str, "chaincode name mismatch: %S")                          \
    X(lscc_marshall_err, rt_str, "error while marshalling: %S")                                    \
    X(lscc_identical_version_err, rt_str, "version already exists for chaincode with name '%S'")   \
    X(lscc_invalid_cc_on_fs_error, rt_str, "chaincode fingerprint mismatch: %S")

/* X(function, text): those without an argument. */
#define LSCC_PLAIN_ERRORS(X)                                                                       \
    X(lscc_instantiation_policy_missing, "instantiation policy missing")                           \
    X(lscc_collections_config_upgrades_not_allowed,                                                \
            "as V1_2 capability is not enabled, collection upgrades are not allowed")              \
    X(lscc_private_channel_data_not_available,                                                     \
            "as V1_2 or later capability is not enabled, private channel collections and data "    \
            "are not available")

#define LSCC_ERROR(name, type, text) RT_MUST_USE struct rt_error *name(type about);
#define LSCC_PLAIN_ERROR(name, text) RT_MUST_USE struct rt_error *name(void);
LSCC_ERRORS(LSCC_ERROR)
LSCC_PLAIN_ERRORS(LSCC_PLAIN_ERROR)
#undef LSCC_ERROR
#undef LSCC_PLAIN_ERROR

#endif
