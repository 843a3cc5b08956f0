/* Follows core/common/privdata/store.go. */
#include "model/privdata/collection_store.h"

#include "model/privdata/simple_collection.h"
#include "model/rt/arena.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/collection.pb-c.h"

const char privdata_no_such_collection[] = "NoSuchCollectionError";

/* What %#v prints for the criteria. */
static rt_str criteria_text(const struct collection_criteria *cc)
{
    return rt_sprintf(
            "common.CollectionCriteria{Channel:%q, TxId:%q, Collection:%q, Namespace:%q, "
            "XXX_NoUnkeyedLiteral:struct {}{}, XXX_unrecognized:[]uint8(nil), XXX_sizecache:0}",
            cc->channel, cc->tx_id, cc->collection, cc->ns);
}

static struct rt_error *no_such_collection_error(const struct collection_criteria *cc)
{
    return rt_error_typed(privdata_no_such_collection, NULL,
            rt_sprintf(
                    "collection %S/%S/%S could not be found", cc->channel, cc->ns, cc->collection));
}

struct rt_error *privdata_package_of(const struct collection_criteria *cc, struct rt_error *err,
        rt_bytes value, Common__CollectionConfigPackage **package)
{
    if (err)
        return rt_error_wrapf(err, "error while retrieving collection for collection criteria %S",
                criteria_text(cc));
    if (!value.data)
        return no_such_collection_error(cc);
    err = WIRE_UNMARSHAL(common__collection_config_package, value, package);
    return rt_error_wrapf(
            err, "invalid configuration for collection criteria %S", criteria_text(cc));
}

static struct rt_error *package_from_state(const struct collection_criteria *cc,
        const struct query_executor *qe, Common__CollectionConfigPackage **package)
{
    rt_bytes value = RT_NIL;
    struct rt_error *err = qe->get_state(
            qe->self, RT_STR("lscc"), rt_str_cat(cc->ns, RT_STR("~collection")), &value);
    return privdata_package_of(cc, err, value, package);
}

/* retrieveCollectionConfigPackage. */
static struct rt_error *retrieve_package(const struct privdata_support *support,
        const struct collection_criteria *cc, const struct query_executor *qe,
        Common__CollectionConfigPackage **package)
{
    if (qe)
        return package_from_state(cc, qe, package);
    struct rt_error *err = support->get_query_executor_for_ledger(support->self, cc->channel, &qe);
    if (err)
        return rt_error_wrapf(err, "could not retrieve query executor for collection criteria %S",
                criteria_text(cc));
    err = package_from_state(cc, qe, package);
    qe->done(qe->self);
    return err;
}

/* retrieveCollectionConfig. */
static struct rt_error *retrieve_config(const struct privdata_support *support,
        const struct collection_criteria *cc, const struct query_executor *qe,
        Common__StaticCollectionConfig **config)
{
    Common__CollectionConfigPackage *package = NULL;
    struct rt_error *err = retrieve_package(support, cc, qe, &package);
    if (err)
        return err;
    for (size_t i = 0; i < RT_DEREF(package)->n_config; i++) {
        const Common__CollectionConfig *c = package->config[i];
        if (c->payload_case != COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG)
            return rt_errorf("unexpected collection type");
        if (rt_str_eq(c->static_collection_config->name, cc->collection)) {
            *config = c->static_collection_config;
            return NULL;
        }
    }
    return no_such_collection_error(cc);
}

struct rt_error *privdata_retrieve_collection(const struct privdata_support *support,
        const struct collection_criteria *cc, const struct query_executor *qe,
        struct simple_collection **out)
{
    Common__StaticCollectionConfig *config;
    *out = NULL;
    struct rt_error *err = retrieve_config(support, cc, qe, &config);
    if (err)
        return err;
    struct simple_collection *sc = rt_new(struct simple_collection);
    err = simple_collection_setup(
            sc, config, support->get_identity_deserializer(support->self, cc->channel));
    if (err)
        return rt_error_wrapf(
                err, "error setting up collection for collection criteria %S", criteria_text(cc));
    *out = sc;
    return NULL;
}

/* getSignedData. */
static struct rt_error *get_signed_data(
        const Protos__SignedProposal *signed_proposal, struct signed_data *out)
{
    Protos__Proposal *proposal;
    struct rt_error *err =
            protoutil_get_proposal(RT_DEREF(signed_proposal)->proposal_bytes, &proposal);
    if (err)
        return err;
    rt_bytes creator;
    Protos__ChaincodeProposalPayload *payload;
    err = protoutil_get_chaincode_proposal_context(proposal, &creator, &payload);
    if (err)
        return err;
    *out = (struct signed_data){ signed_proposal->proposal_bytes, creator,
        signed_proposal->signature };
    return NULL;
}

struct rt_error *privdata_has_read_access(const struct privdata_support *support,
        const struct collection_criteria *cc, const Protos__SignedProposal *signed_proposal,
        const struct query_executor *qe, bool *allowed)
{
    struct simple_collection *collection;
    struct rt_error *err = privdata_retrieve_collection(support, cc, qe, &collection);
    if (err)
        return err;
    if (!collection->conf->member_only_read) {
        *allowed = true;
        return NULL;
    }
    struct signed_data data;
    err = get_signed_data(signed_proposal, &data);
    if (err)
        return err;
    *allowed = simple_collection_access_filter(collection, &data);
    return NULL;
}
