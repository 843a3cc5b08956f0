/* What the files of the committer share. */
#ifndef CCLAB_MODEL_COMMITTER_COMMITTER_IMPL_H
#define CCLAB_MODEL_COMMITTER_COMMITTER_IMPL_H

#include "model/committer/committer.h"
#include "model/ledger/rwset_proto_util.h"
#include "model/policy/channelconfig.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/sync.h"

struct key_level_validator;

struct committer {
    struct committer_config config;
    const struct platforms_registry *golang_only; /* what getUpgradeTxInstance knows */
    struct key_level_validator *key_level;        /* of the 1.3 validation */
    struct signed_data self_signed_data;          /* nil until it is needed */
};

/* commonerrors and validation.ExecutionFailureError, as types of rt_error. */
extern const char vscc_info_lookup_failure_error[];
extern const char vscc_endorsement_policy_error[];

/* &VSCCEndorsementPolicyError{err}: the text and cause of `err`. */
RT_MUST_USE struct rt_error *policy_err(struct rt_error *err);
RT_MUST_USE struct rt_error *policy_errf(const char *format, ...);
/* &VSCCExecutionFailureError{err}. */
RT_MUST_USE struct rt_error *execution_failure(struct rt_error *err);

/* One call of a validation plugin (txvalidator.Context). */
struct vscc_context {
    size_t seq;
    const Common__Block *block;
    rt_str ns;
    rt_str vscc_name;
    rt_bytes policy;
};

/* VsccValidatorImpl.VSCCValidateTx. */
RT_MUST_USE struct rt_error *vscc_validate_tx(struct committer *c, size_t seq,
        const Common__Payload *payload, const Common__Block *block, Protos__TxValidationCode *code);

/* PluginValidator.ValidateWithPlugin, and DefaultValidation.Validate behind it. */
RT_MUST_USE struct rt_error *validate_with_plugin(
        struct committer *c, const struct vscc_context *ctx);

/* PolicyEvaluator.Evaluate. */
RT_MUST_USE struct rt_error *evaluate_policy(const struct committer *c, rt_bytes policy,
        const struct signed_data *signature_set, size_t count);

/* What the validation logics take from a transaction. */
struct validation_artifacts {
    rt_bytes rwset;
    rt_bytes prp;
    Protos__Endorsement **endorsements;
    size_t endorsement_count;
    Common__ChannelHeader *chdr;
    Common__Envelope *env;
    Common__Payload *payl;
    Protos__ChaincodeActionPayload *cap;
};

/* Validator.ValidateLSCCInvocation; NULL if all is good. */
RT_MUST_USE struct rt_error *validate_lscc_invocation(
        const struct committer *c, const struct validation_artifacts *va);
/* validateRWSetAndCollection, of a deploy or an upgrade. */
struct lscc_invocation;
RT_MUST_USE struct rt_error *validate_rwset_and_collection(
        const struct committer *c, const struct lscc_invocation *invocation);

#endif
