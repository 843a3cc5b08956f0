/* The lab's insides, shared by its two files. */
#ifndef CCLAB_TESTS_LSCC_HELPER_LAB_INTERNAL_H
#define CCLAB_TESTS_LSCC_HELPER_LAB_INTERNAL_H

#include "tests/lscc/helper_lab.h"

#include "model/ccprovider/filesystem.h"
#include "model/ccprovider/store.h"
#include "model/msp/msp.h"

enum { LAB_MAX = 8 };

struct lab_channel {
    rt_str name;
    rt_str capabilities[LAB_MAX];
    size_t capability_count;
    const struct msp *orgs[LAB_MAX];
    size_t org_count;
    struct channel_config *config;
    struct rt_map *state; /* namespace lscc: rt_bytes * by key */
};

struct lscc_lab {
    struct rt_arena *arena;
    struct rt *machine;
    int64_t now_ms;
    rt_str install_path;
    const struct msp *msps[LAB_MAX];
    size_t msp_count;
    const struct msp *local_msp;
    struct lab_channel channels[LAB_MAX];
    size_t channel_count;
    struct memory_fs *fs;
};

/* NULL when there is none. */
struct lab_channel *lab_find_channel(const struct lscc_lab *lab, rt_str name);

#endif
