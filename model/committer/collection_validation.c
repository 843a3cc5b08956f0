/* Follows validateRWSetAndCollection and what it calls in
 * core/handlers/validation/builtin/v13/lscc_validation_logic.go; v12 has the same. */
#include "model/committer/lscc_validation.h"
#include "model/ledger/deployedcc_infoprovider.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/collection.pb-c.h"
#include "proto/policies.pb-c.h"

static const Common__StaticCollectionConfig *static_config(const Common__CollectionConfig *config)
{
    if (config->payload_case != COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG)
        return NULL;
    return config->static_collection_config;
}

/* validateCollectionName. */
static struct rt_error *validate_collection_name(rt_str name)
{
    if (name.len == 0)
        return rt_errorf("empty collection-name is not allowed");
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        bool allowed = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-';
        if (!allowed)
            return rt_errorf("collection-name: %S not allowed. A valid collection name follows "
                             "the pattern: [A-Za-z0-9_-]+",
                    name);
    }
    return NULL;
}

/* validateSpOrConcat, in the same order but without recursion: an input decides how deep it is. */
static struct rt_error *validate_sp_or_concat(const Common__SignaturePolicy *root)
{
    struct frame {
        const Common__SignaturePolicy__NOutOf *node;
        size_t next;
        struct frame *parent;
    } *top = NULL;
    const Common__SignaturePolicy *sp = root;
    for (;;) {
        if (sp && sp->type_case == COMMON__SIGNATURE_POLICY__TYPE_N_OUT_OF && sp->n_out_of) {
            if (sp->n_out_of->n != 1)
                return rt_errorf("signature policy is not an OR concatenation, NOutOf %d",
                        (int)sp->n_out_of->n);
            struct frame *frame = rt_new(struct frame);
            *frame = (struct frame){ sp->n_out_of, 0, top };
            top = frame;
        }
        while (top && top->next == top->node->n_rules)
            top = top->parent;
        if (!top)
            return NULL;
        sp = top->node->rules[top->next++];
    }
}

/* What validateNewCollectionConfigs says about one collection. */
static struct rt_error *validate_collection(
        const Common__StaticCollectionConfig *collection, struct rt_map *seen)
{
    rt_str name = collection->name;
    struct rt_error *err = validate_collection_name(name);
    if (err)
        return err;
    if (rt_map_has(seen, name))
        return rt_errorf("collection-name: %S -- found duplicate collection configuration", name);
    rt_map_put(seen, name, seen);
    int maximum = collection->maximum_peer_count;
    int required = collection->required_peer_count;
    if (maximum < required)
        return rt_errorf("collection-name: %S -- maximum peer count (%d) cannot be greater than "
                         "the required peer count (%d)",
                name, maximum, required);
    if (required < 0)
        return rt_errorf("collection-name: %S -- requiredPeerCount (%d) cannot be less than zero "
                         "(%d)",
                name, maximum, required);
    const Common__CollectionPolicyConfig *members = collection->member_orgs_policy;
    const Common__SignaturePolicyEnvelope *policy = NULL;
    if (members &&
            members->payload_case == COMMON__COLLECTION_POLICY_CONFIG__PAYLOAD_SIGNATURE_POLICY)
        policy = members->signature_policy;
    err = validate_sp_or_concat(RT_DEREF(policy)->rule);
    return rt_error_wrapf(err, "collection-name: %S -- error in member org policy", name);
}

static struct rt_error *validate_new_collection_configs(
        const Common__CollectionConfigPackage *package)
{
    struct rt_map *seen = rt_map_new();
    for (size_t i = 0; i < package->n_config; i++) {
        const Common__StaticCollectionConfig *collection = static_config(package->config[i]);
        if (!collection)
            return rt_errorf("unknown collection configuration type");
        struct rt_error *err = validate_collection(collection, seen);
        if (err)
            return err;
    }
    return NULL;
}

/* ---- an upgrade against what is there ---- */

/* A []string, which may hold empty ones. */
struct names {
    struct rt_buf text;
    size_t count;
};

static void append_name(struct names *names, rt_str name)
{
    rt_buf_printf(&names->text, "%s%S", names->count++ > 0 ? " " : "", name);
}

/* validateNewCollectionConfigsAgainstOld: none may be missing, none may live longer or shorter. */
static struct rt_error *validate_against_old(const Common__CollectionConfigPackage *new_package,
        const Common__CollectionConfigPackage *old_package)
{
    struct rt_map *by_name = rt_map_new();
    for (size_t i = 0; i < new_package->n_config; i++) {
        const Common__StaticCollectionConfig *config = static_config(new_package->config[i]);
        rt_map_put(by_name, config->name, (void *)(uintptr_t)config);
    }
    struct names missing = { 0 };
    struct names modified = { 0 };
    for (size_t i = 0; i < old_package->n_config; i++) {
        const Common__StaticCollectionConfig *old = static_config(old_package->config[i]);
        if (!old)
            return rt_errorf("unknown collection configuration type");
        const Common__StaticCollectionConfig *now = rt_map_get(by_name, old->name);
        if (!now)
            append_name(&missing, old->name);
        else if (now->block_to_live != old->block_to_live)
            append_name(&modified, old->name);
    }
    if (missing.count > 0)
        return rt_errorf("the following existing collections are missing in the new collection "
                         "configuration package: [%S]",
                rt_buf_str(&missing.text));
    if (modified.count > 0)
        return rt_errorf("the BlockToLive in the following existing collections must not be "
                         "modified: [%S]",
                rt_buf_str(&modified.text));
    return NULL;
}

/* ---- the state ---- */

/* privdata.RetrieveCollectionConfigPackageFromState: *package is NULL when there is none. */
static struct rt_error *retrieve_package(const struct committer *c, const struct query_executor *qe,
        rt_str cc_name, Common__CollectionConfigPackage **package)
{
    const struct collection_criteria cc = { .channel = c->config.channel_id, .ns = cc_name };
    rt_str keys[] = { build_collection_kvs_key(cc_name) };
    rt_bytes *values = NULL;
    *package = NULL;
    struct rt_error *err = qe->get_state_multiple_keys(qe->self, RT_STR("lscc"), keys, 1, &values);
    err = privdata_package_of(&cc, err, err ? RT_NIL : values[0], package);
    return err && rt_error_is(err, privdata_no_such_collection) ? NULL : err;
}

static struct rt_error *check_deploy_collection(const struct committer *c,
        const struct query_executor *qe, const Ccprovider__ChaincodeData *cd)
{
    Common__CollectionConfigPackage *existing;
    if (retrieve_package(c, qe, cd->name, &existing))
        return execution_failure(rt_errorf("unable to check whether collection existed earlier "
                                           "for chaincode %S:%S",
                cd->name, cd->version));
    if (existing)
        return policy_errf(
                "collection data should not exist for chaincode %S:%S", cd->name, cd->version);
    return NULL;
}

static struct rt_error *check_upgrade_collection(const struct committer *c,
        const struct query_executor *qe, const Ccprovider__ChaincodeData *cd,
        const Common__CollectionConfigPackage *new_package)
{
    Common__CollectionConfigPackage *old_package;
    struct rt_error *err = retrieve_package(c, qe, cd->name, &old_package);
    if (err)
        return execution_failure(rt_errorf("unable to check whether collection existed earlier "
                                           "for chaincode %S:%S: %v",
                cd->name, cd->version, err));
    return old_package ? policy_err(validate_against_old(new_package, old_package)) : NULL;
}

static struct rt_error *validate_collections(const struct committer *c,
        const struct lscc_invocation *in, const struct query_executor *qe, rt_bytes argument)
{
    const Ccprovider__ChaincodeData *cd = in->cd_rw_set;
    bool deploy = rt_str_is(in->func, "deploy");
    if (deploy) {
        struct rt_error *err = check_deploy_collection(c, qe, cd);
        if (err)
            return err;
    }
    if (!argument.data)
        return NULL;
    Common__CollectionConfigPackage *package;
    if (WIRE_UNMARSHAL(common__collection_config_package, argument, &package))
        return policy_errf("invalid collection configuration supplied for chaincode %S:%S",
                cd->name, cd->version);
    if (!application_capabilities_v1_2_validation(&c->config.channel->capabilities))
        return NULL;
    struct rt_error *err = policy_err(validate_new_collection_configs(package));
    return err || deploy ? err : check_upgrade_collection(c, qe, cd, package);
}

static void done(void *arg)
{
    const struct query_executor *qe = arg;
    qe->done(qe->self);
}

struct rt_error *validate_rwset_and_collection(
        const struct committer *c, const struct lscc_invocation *in)
{
    const Ccprovider__ChaincodeData *cd = in->cd_rw_set;
    const Kvrwset__KVRWSet *set = in->lscc_rw_set;
    if (set->n_writes > 2)
        return policy_errf("LSCC can only issue one or two putState upon deploy");
    rt_bytes argument = in->arg_count > 5 ? in->args[5] : RT_NIL;
    rt_bytes written = RT_NIL;
    if (set->n_writes == 2) {
        rt_str key = build_collection_kvs_key(cd->name);
        if (!rt_str_eq(set->writes[1]->key, key))
            return policy_errf("invalid key for the collection of chaincode %S:%S; expected '%S', "
                               "received '%S'",
                    cd->name, cd->version, key, set->writes[1]->key);
        written = set->writes[1]->value;
    }
    if (!rt_str_eq(argument, written))
        return policy_errf("collection configuration arguments supplied for chaincode %S:%S do "
                           "not match the configuration in the lscc writeset",
                cd->name, cd->version);
    const struct query_executor *qe;
    const struct peer_ledger *ledger = c->config.ledger;
    struct rt_error *err = ledger->new_query_executor(ledger->self, &qe);
    if (err)
        return execution_failure(rt_errorf("failed obtaining query executor: %v", err));
    struct rt_defer *mark = rt_defer_mark();
    rt_defer(done, (void *)(uintptr_t)qe);
    err = validate_collections(c, in, qe, argument);
    rt_run_deferred(mark);
    return err;
}
