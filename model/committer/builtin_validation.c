/* Follows core/committer/txvalidator/plugin_validator.go and core/handlers/validation/builtin
 * (default_validation.go, v12/validation_logic.go, v13/validation_logic.go). */
#include "model/committer/committer_impl.h"
#include "model/committer/key_level.h"
#include "model/policy/cauthdsl.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/identities.pb-c.h"

struct rt_error *evaluate_policy(const struct committer *c, rt_bytes policy_bytes,
        const struct signed_data *signature_set, size_t count)
{
    const struct identity_deserializer *deserializer =
            msp_mgmt_get_identity_deserializer(c->config.msp_mgmt, c->config.channel_id);
    const struct policy *policy;
    struct rt_error *err = cauthdsl_new_policy(deserializer, policy_bytes, &policy, NULL);
    return err ? err : policy->evaluate(policy->self, signature_set, count);
}

/* ---- what both logics begin with ---- */

static struct rt_error *extract_action(const Common__Payload *payl, struct validation_artifacts *va)
{
    Protos__Transaction *tx;
    struct rt_error *err = protoutil_get_transaction(payl->data, &tx);
    if (err)
        return err;
    if (tx->n_actions == 0)
        rt_panic_index();
    return protoutil_get_chaincode_action_payload(tx->actions[0]->payload, &va->cap);
}

static struct rt_error *extract_envelope(
        const Common__Block *block, size_t seq, struct validation_artifacts *va)
{
    struct rt_error *err = protoutil_get_envelope_from_block(block->data->data[seq], &va->env);
    if (!err)
        err = protoutil_get_payload(va->env, &va->payl);
    if (!err)
        err = protoutil_get_channel_header(RT_DEREF(va->payl->header)->channel_header, &va->chdr);
    if (err)
        return err;
    if (va->chdr->type != COMMON__HEADER_TYPE__ENDORSER_TRANSACTION)
        return rt_errorf(
                "Only Endorser Transactions are supported, provided type %d", (int)va->chdr->type);
    err = extract_action(va->payl, va);
    if (err)
        return err;
    const Protos__ChaincodeEndorsedAction *action = RT_DEREF(va->cap->action);
    va->prp = action->proposal_response_payload;
    va->endorsements = action->endorsements;
    va->endorsement_count = action->n_endorsements;
    return NULL;
}

/* ---- the 1.3 logic ---- */

/* v13's extractValidationArtifacts. */
static struct rt_error *extract_validation_artifacts(
        const Common__Block *block, size_t seq, struct validation_artifacts *va)
{
    struct rt_error *err = extract_envelope(block, seq, va);
    if (err)
        return err;
    Protos__ProposalResponsePayload *prp;
    err = protoutil_get_proposal_response_payload(va->prp, &prp);
    if (err)
        return rt_errorf("GetProposalResponsePayload error %v", err);
    if (!prp->extension.data)
        return rt_errorf("nil pRespPayload.Extension");
    Protos__ChaincodeAction *action;
    err = protoutil_get_chaincode_action(prp->extension, &action);
    if (err)
        return rt_errorf("GetChaincodeAction error %v", err);
    va->rwset = action->results;
    return NULL;
}

static struct rt_error *validate_v13(struct committer *c, const struct vscc_context *ctx)
{
    uint64_t block_num = ctx->block->header->number;
    key_level_pre_validate(c->key_level, ctx->seq, ctx->block);
    struct validation_artifacts va;
    struct rt_error *err = policy_err(extract_validation_artifacts(ctx->block, ctx->seq, &va));
    if (!err)
        err = key_level_validate(c->key_level, ctx->ns, block_num, ctx->seq, &va, ctx->policy);
    if (!err && rt_str_is(ctx->ns, "lscc"))
        err = validate_lscc_invocation(c, &va);
    key_level_post_validate(c->key_level, ctx->ns, block_num, ctx->seq, err);
    return err;
}

/* ---- the 1.2 logic ---- */

/* deduplicateIdentity: one endorsement for each MSP id and certificate. */
static struct rt_error *deduplicate_identity(
        const struct validation_artifacts *va, struct signed_data **out, size_t *count)
{
    struct signed_data *set = endorsement_signature_set(va);
    struct rt_map *seen = rt_map_new();
    *count = 0;
    for (size_t i = 0; i < va->endorsement_count; i++) {
        Msp__SerializedIdentity *identity;
        struct rt_error *err =
                WIRE_UNMARSHAL(msp__serialized_identity, va->endorsements[i]->endorser, &identity);
        if (err)
            return policy_errf("Unmarshal endorser error: %v", err);
        rt_str key = rt_str_cat(identity->mspid, identity->id_bytes);
        if (rt_map_has(seen, key))
            continue;
        rt_map_put(seen, key, set);
        set[(*count)++] = set[i];
    }
    *out = set;
    return NULL;
}

static struct rt_error *validate_v12(struct committer *c, const struct vscc_context *ctx)
{
    struct validation_artifacts va = { .rwset = RT_NIL };
    struct rt_error *err = policy_err(extract_envelope(ctx->block, ctx->seq, &va));
    if (err)
        return err;
    struct signed_data *signature_set;
    size_t count;
    err = deduplicate_identity(&va, &signature_set, &count);
    if (err)
        return err;
    /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): set without an error */
    err = evaluate_policy(c, ctx->policy, signature_set, count);
    if (err && count < va.endorsement_count)
        return policy_errf("Endorsement policy evaluation failure might be caused by duplicated "
                           "identities");
    if (err)
        return policy_errf("VSCC error: endorsement policy failure, err: %v", err);
    return rt_str_is(ctx->ns, "lscc") ? validate_lscc_invocation(c, &va) : NULL;
}

/* ---- the plugin ---- */

struct rt_error *validate_with_plugin(struct committer *c, const struct vscc_context *ctx)
{
    /* core.yaml maps the one name "vscc" to the built-in validation. */
    if (!rt_str_is(ctx->vscc_name, "vscc"))
        return execution_failure(rt_errorf("plugin with name %S couldn't be used: plugin with "
                                           "name %S wasn't found",
                ctx->vscc_name, ctx->vscc_name));
    if (application_capabilities_v1_3_validation(&c->config.channel->capabilities))
        return validate_v13(c, ctx);
    return validate_v12(c, ctx);
}
