/* A collection and who may have its data.
 *
 * Follows core/common/privdata/simplecollection.go. */
#ifndef CCLAB_MODEL_PRIVDATA_SIMPLE_COLLECTION_H
#define CCLAB_MODEL_PRIVDATA_SIMPLE_COLLECTION_H

#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"
#include "proto/collection.pb-c.h"

struct simple_collection {
    const Common__StaticCollectionConfig *conf;
    const struct policy *access_policy;
    rt_str *member_orgs; /* of the policy's principals, in their order; an organisation may be there
                          * more than once */
    size_t member_org_count;
};

/* Setup. */
RT_MUST_USE struct rt_error *simple_collection_setup(struct simple_collection *sc,
        const Common__StaticCollectionConfig *config,
        const struct identity_deserializer *deserializer);

/* AccessFilter: whether who signed is among those who may have the data. A collection that was
 * never set up (NULL) panics as in Go. */
bool simple_collection_access_filter(
        const struct simple_collection *sc, const struct signed_data *signed_data);

#endif
