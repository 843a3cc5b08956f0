/* Follows core/common/validation/statebased/validator_keylevel.go. */
#include "model/committer/key_level.h"

#include "model/committer/vpmanager.h"
#include "model/rt/trace.h"

struct key_level_validator {
    const struct committer *c;
    struct vpmanager *vpmgr;
    /* blockDependency */
    struct rt_mutex mutex;
    uint64_t block_num;
    struct rt_once *tx_dep_once;
};

struct key_level_validator *key_level_validator_new(const struct committer *c)
{
    struct key_level_validator *klv = rt_new(struct key_level_validator);
    klv->c = c;
    klv->vpmgr = vpmanager_new(c->config.ledger);
    rt_mutex_init(&klv->mutex, "keyLevelValidator.blockDep");
    return klv;
}

/* ---- dependencies ---- */

struct extraction {
    struct key_level_validator *klv;
    const Common__Block *block;
    size_t tx_num;
};

/* extractDependenciesForTx. A transaction that cannot be taken apart leaves those after it waiting
 * forever, as in Fabric 1.4.2. */
static void extract_dependencies_for_tx(void *arg)
{
    const struct extraction *e = arg;
    Common__Envelope *env;
    Common__Payload *payl;
    Protos__Transaction *tx;
    Protos__ChaincodeActionPayload *cap;
    Protos__ProposalResponsePayload *prp;
    Protos__ChaincodeAction *action;
    rt_bytes envelope = e->block->data->data[e->tx_num];
    if (protoutil_get_envelope_from_block(envelope, &env) || protoutil_get_payload(env, &payl) ||
            protoutil_get_transaction(payl->data, &tx))
        return;
    if (tx->n_actions == 0)
        rt_panic_index();
    if (protoutil_get_chaincode_action_payload(tx->actions[0]->payload, &cap) ||
            protoutil_get_proposal_response_payload(
                    RT_DEREF(cap->action)->proposal_response_payload, &prp) ||
            protoutil_get_chaincode_action(prp->extension, &action))
        return;
    vpmanager_extract_validation_parameter_dependency(
            e->klv->vpmgr, e->block->header->number, e->tx_num, action->results);
}

/* invokeOnce. */
static struct rt_once *invoke_once(
        struct key_level_validator *klv, const Common__Block *block, size_t tx_num)
{
    rt_lock(&klv->mutex);
    if (klv->block_num != block->header->number) {
        klv->block_num = block->header->number;
        klv->tx_dep_once = rt_new_array(struct rt_once, block->data->n_data);
    }
    struct rt_once *once = &klv->tx_dep_once[tx_num];
    rt_unlock(&klv->mutex);
    return once;
}

void key_level_pre_validate(
        struct key_level_validator *klv, size_t tx_num, const Common__Block *block)
{
    for (size_t i = tx_num + 1; i-- > 0;) {
        struct extraction *e = rt_new(struct extraction);
        *e = (struct extraction){ klv, block, i };
        rt_once_do(invoke_once(klv, block, i), extract_dependencies_for_tx, e);
    }
}

void key_level_post_validate(struct key_level_validator *klv, rt_str cc, uint64_t block_num,
        size_t tx_num, struct rt_error *err)
{
    vpmanager_set_tx_validation_result(klv->vpmgr, cc, block_num, tx_num, err);
}

/* ---- policyChecker ---- */

struct policy_checker_state {
    struct key_level_validator *klv;
    rt_str cc;
    uint64_t block_num;
    size_t tx_num;
    rt_bytes cc_ep;
    struct signed_data *signature_set;
    size_t signature_count;
    bool some_ep_checked;
    bool cc_ep_checked;
};

/* checkCCEPIfCondition. */
static struct rt_error *check_ccep_unless(struct policy_checker_state *p, bool checked)
{
    if (checked)
        return NULL;
    struct rt_error *err =
            evaluate_policy(p->klv->c, p->cc_ep, p->signature_set, p->signature_count);
    if (err)
        return policy_err(rt_error_wrapf(err,
                "validation of endorsement policy for chaincode %S in tx %llu:%zu failed", p->cc,
                (unsigned long long)p->block_num, p->tx_num));
    p->cc_ep_checked = true;
    p->some_ep_checked = true;
    return NULL;
}

/* checkSBAndCCEP. */
static struct rt_error *check_sb_and_ccep(struct policy_checker_state *p, rt_str coll, rt_str key)
{
    rt_bytes vp = RT_NIL;
    struct rt_error *err = vpmanager_get_validation_parameter_for_key(
            p->klv->vpmgr, p->cc, coll, key, p->block_num, p->tx_num, &vp);
    if (err) {
        struct rt_error *cause = rt_error_cause(err);
        if (rt_error_is(cause, validation_parameter_updated_error))
            return policy_err(cause);
        if (!rt_error_is(cause, ledger_coll_config_not_defined) &&
                !rt_error_is(cause, ledger_invalid_coll_name))
            return execution_failure(cause);
        rt_note("skipping key-level validation: %v", cause);
        vp = RT_NIL;
    }
    if (vp.len == 0)
        return check_ccep_unless(p, p->cc_ep_checked);
    err = evaluate_policy(p->klv->c, vp, p->signature_set, p->signature_count);
    if (err)
        return policy_err(
                rt_error_wrapf(err, "validation of key %S (coll'%S':ns'%S') in tx %llu:%zu failed",
                        key, coll, p->cc, (unsigned long long)p->block_num, p->tx_num));
    p->some_ep_checked = true;
    return NULL;
}

static struct rt_error *check_public(struct policy_checker_state *p, const struct ns_rw_set *ns)
{
    struct rt_error *err = NULL;
    for (size_t i = 0; !err && i < ns->kv_rw_set->n_writes; i++)
        err = check_sb_and_ccep(p, RT_STR(""), ns->kv_rw_set->writes[i]->key);
    for (size_t i = 0; !err && i < ns->kv_rw_set->n_metadata_writes; i++)
        err = check_sb_and_ccep(p, RT_STR(""), ns->kv_rw_set->metadata_writes[i]->key);
    return err;
}

static struct rt_error *check_collections(
        struct policy_checker_state *p, const struct ns_rw_set *ns)
{
    struct rt_error *err = NULL;
    for (size_t i = 0; !err && i < ns->coll_hashed_rw_set_count; i++) {
        const struct coll_hashed_rw_set *coll = &ns->coll_hashed_rw_sets[i];
        for (size_t j = 0; !err && j < coll->hashed_rw_set->n_hashed_writes; j++)
            err = check_sb_and_ccep(
                    p, coll->collection_name, coll->hashed_rw_set->hashed_writes[j]->key_hash);
    }
    for (size_t i = 0; !err && i < ns->coll_hashed_rw_set_count; i++) {
        const struct coll_hashed_rw_set *coll = &ns->coll_hashed_rw_sets[i];
        for (size_t j = 0; !err && j < coll->hashed_rw_set->n_metadata_writes; j++)
            err = check_sb_and_ccep(
                    p, coll->collection_name, coll->hashed_rw_set->metadata_writes[j]->key_hash);
    }
    return err;
}

struct signed_data *endorsement_signature_set(const struct validation_artifacts *va)
{
    struct signed_data *set = rt_new_array(struct signed_data, va->endorsement_count);
    for (size_t i = 0; i < va->endorsement_count; i++) {
        const Protos__Endorsement *endorsement = va->endorsements[i];
        set[i] = (struct signed_data){
            .data = rt_str_cat(va->prp, endorsement->endorser),
            .identity = endorsement->endorser,
            .signature = endorsement->signature,
        };
    }
    return set;
}

struct rt_error *key_level_validate(struct key_level_validator *klv, rt_str cc, uint64_t block_num,
        size_t tx_num, const struct validation_artifacts *va, rt_bytes cc_ep)
{
    struct policy_checker_state p = {
        .klv = klv, .cc = cc, .block_num = block_num, .tx_num = tx_num, .cc_ep = cc_ep
    };
    p.signature_set = endorsement_signature_set(va);
    p.signature_count = va->endorsement_count;
    struct tx_rw_set rw_set;
    struct rt_error *err = tx_rw_set_from_proto_bytes(va->rwset, &rw_set);
    if (err)
        return policy_err(rt_error_wrapf(err, "txRWSet.FromProtoBytes failed on tx (%llu,%zu)",
                (unsigned long long)block_num, tx_num));
    for (size_t i = 0; !err && i < rw_set.ns_rw_set_count; i++) {
        const struct ns_rw_set *ns = &rw_set.ns_rw_sets[i];
        if (!rt_str_eq(ns->name_space, cc))
            continue;
        err = check_public(&p, ns);
        if (!err)
            err = check_collections(&p, ns);
    }
    /* Whatever is written, the chaincode's policy or another must have been asked. */
    return err ? err : check_ccep_unless(&p, p.some_ep_checked);
}
