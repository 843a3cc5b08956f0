/* Endorsement policies of single keys
 * (core/common/validation/statebased/{validator_keylevel,vpmanagerimpl}.go).
 *
 * A key whose metadata holds a validation parameter is written under that policy instead of its
 * chaincode's. A transaction whose policy is changed by an earlier one of the same block waits for
 * that one's verdict and is then invalid. */
#ifndef CCLAB_MODEL_COMMITTER_KEY_LEVEL_H
#define CCLAB_MODEL_COMMITTER_KEY_LEVEL_H

#include "model/committer/committer_impl.h"

/* NewKeyLevelValidator. */
struct key_level_validator *key_level_validator_new(const struct committer *c);

/* PreValidate: notes which policies the transaction and those before it change. */
void key_level_pre_validate(
        struct key_level_validator *klv, size_t tx_num, const Common__Block *block);
/* KeyLevelValidator.Validate. */
RT_MUST_USE struct rt_error *key_level_validate(struct key_level_validator *klv, rt_str cc,
        uint64_t block_num, size_t tx_num, const struct validation_artifacts *va, rt_bytes cc_ep);
/* PostValidate: tells the verdict, NULL for valid, to those who wait. */
void key_level_post_validate(struct key_level_validator *klv, rt_str cc, uint64_t block_num,
        size_t tx_num, struct rt_error *err);

/* The signed data of a transaction's endorsements. */
struct signed_data *endorsement_signature_set(const struct validation_artifacts *va);

#endif
