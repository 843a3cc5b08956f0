/* Validation parameters of keys, and who changes them in the block under validation
 * (core/common/validation/statebased/{vpmanager,vpmanagerimpl}.go). */
#ifndef CCLAB_MODEL_COMMITTER_VPMANAGER_H
#define CCLAB_MODEL_COMMITTER_VPMANAGER_H

#include "model/ledger/ledger.h"

/* ValidationParameterUpdatedError, as a type of rt_error. */
extern const char validation_parameter_updated_error[];

/* KeyLevelValidationParameterManagerImpl. */
struct vpmanager;
struct vpmanager *vpmanager_new(const struct peer_ledger *ledger);

/* ExtractValidationParameterDependency: notes the keys whose parameter the transaction changes. */
void vpmanager_extract_validation_parameter_dependency(
        struct vpmanager *m, uint64_t block_num, size_t tx_num, rt_bytes rwset);
/* Waits for the transactions before that change the parameter; RT_NIL when there is none. */
RT_MUST_USE struct rt_error *vpmanager_get_validation_parameter_for_key(struct vpmanager *m,
        rt_str cc, rt_str coll, rt_str key, uint64_t block_num, size_t tx_num, rt_bytes *parameter);
/* SetTxValidationResult: those who wait for this transaction go on. */
void vpmanager_set_tx_validation_result(
        struct vpmanager *m, rt_str ns, uint64_t block_num, size_t tx_num, struct rt_error *err);

#endif
