/* Private data on its way from the endorsing peer to the others that may have it.
 *
 * Follows gossip/privdata/distributor.go. */
#ifndef CCLAB_MODEL_GOSSIP_DISTRIBUTOR_H
#define CCLAB_MODEL_GOSSIP_DISTRIBUTOR_H

#include "model/gossip/gossip.h"
#include "model/ledger/transient_store.h"
#include "model/privdata/collection_store.h"

struct metrics;

/* distributorImpl, of one channel. */
struct pvt_data_distributor {
    rt_str chain_id;
    struct gossip_adapter gossip;
    const struct privdata_support *support; /* whose deserializer access policies use */
    int64_t push_ack_timeout_ns;
    struct metrics *metrics; /* NULL: nothing is counted */
};

/* One message and to whom it goes: Fabric's dissemination. */
struct dissemination {
    struct private_data_message message;
    struct send_criteria criteria;
};

/* computeDisseminationPlan. Which peer of an organisation is taken, and in which order
 * organisations come, are choices. */
RT_MUST_USE struct rt_error *distributor_plan(const struct pvt_data_distributor *d, rt_str tx_id,
        const struct pvt_rwset_with_config *data, struct dissemination **plan, size_t *count);

/* Distribute: computes the plan and sends all of it at once. */
RT_MUST_USE struct rt_error *distributor_distribute(const struct pvt_data_distributor *d,
        rt_str tx_id, const struct pvt_rwset_with_config *data);

#endif
