/* Worlds made for somebody who has none: from names, MSP folders and configuration blocks. */
#ifndef CCLAB_HARNESS_WORLD_NEW_H
#define CCLAB_HARNESS_WORLD_NEW_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct world_new_list {
    const char *const *items;
    size_t count;
};

struct world_new {
    struct world_new_list orgs;       /* "Org1MSP", or "Org1MSP=FOLDER"; the peer is of the first */
    struct world_new_list channels;   /* names: channels of all organisations */
    struct world_new_list blocks;     /* files with a channel's configuration block */
    struct world_new_list identities; /* "user", "user@Org2MSP", "user=FOLDER" … */
    const char *peer;                 /* the peer's MSP folder; NULL: a key is made */
    const char *id;                   /* of the peer */
    const char *now;
    int64_t seed; /* of keys and certificates that are made */
};

/* The world as one self-contained value, a new reference; NULL after reports. Equal arguments make
 * equal bytes. */
json_t *world_new(const struct world_new *how);

#endif
