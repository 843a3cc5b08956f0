/* The collections of chaincodes, from the state, and who may read them.
 *
 * Follows core/common/privdata/store.go. */
#ifndef CCLAB_MODEL_PRIVDATA_COLLECTION_STORE_H
#define CCLAB_MODEL_PRIVDATA_COLLECTION_STORE_H

#include "model/ledger/ledger.h"
#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"

/* privdata.Support. */
struct privdata_support {
    void *self;
    struct rt_error *(*get_query_executor_for_ledger)(
            void *self, rt_str cid, const struct query_executor **executor);
    const struct identity_deserializer *(*get_identity_deserializer)(void *self, rt_str chain_id);
};

/* common.CollectionCriteria. */
struct collection_criteria {
    rt_str channel;
    rt_str tx_id;
    rt_str collection;
    rt_str ns;
};

struct simple_collection;
/* The type of the error of a collection that is not defined, for rt_error_is(). */
extern const char privdata_no_such_collection[];

/* RetrieveCollectionConfigPackageFromState, when the state has been asked: it gave `err` or
 * `value`. */
struct Common__CollectionConfigPackage;
RT_MUST_USE struct rt_error *privdata_package_of(const struct collection_criteria *cc,
        struct rt_error *err, rt_bytes value, struct Common__CollectionConfigPackage **package);

/* simpleCollectionStore.retrieveSimpleCollection; *out is NULL with an error. `qe` may be NULL. */
RT_MUST_USE struct rt_error *privdata_retrieve_collection(const struct privdata_support *support,
        const struct collection_criteria *cc, const struct query_executor *qe,
        struct simple_collection **out);

/* simpleCollectionStore.HasReadAccess. `qe` may be NULL: the support is then asked for one. */
RT_MUST_USE struct rt_error *privdata_has_read_access(const struct privdata_support *support,
        const struct collection_criteria *cc, const Protos__SignedProposal *signed_proposal,
        const struct query_executor *qe, bool *allowed);

#endif
