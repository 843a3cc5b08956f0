/* The keys of core.yaml: which ones a world's peer follows, and which mean nothing to it. */
#ifndef CCLAB_HARNESS_CORE_KEYS_H
#define CCLAB_HARNESS_CORE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* How a peer reads a key. */
enum core_kind {
    CORE_TEXT,
    CORE_IMAGE, /* a text with $(ARCH) and the like */
    CORE_BOOL,
    CORE_INT,
    CORE_TEXTS,
    CORE_START_TIME,   /* a duration, at least 5 s */
    CORE_EXECUTE_TIME, /* a duration; less than a second is 30 s */
    CORE_DURATION,     /* a duration, as it is */
    CORE_KEEPALIVE,    /* seconds, in digits only */
    CORE_MODE,         /* "dev", or anything else */
    CORE_SYSTEM,       /* the white list of system chaincodes */
    CORE_LOG_CONFIG,   /* driver and options */
    CORE_NETWORK,      /* a text; empty: host */
    CORE_ROOT_PATH,    /* the folder above that of packages */
    CORE_AUTO_DETECT,  /* whether peer.address is the machine's own */
    CORE_MSP_PATH,     /* the folder of the local MSP */
};

struct core_key {
    const char *path; /* "chaincode.startuptimeout" */
    enum core_kind kind;
    size_t offset;      /* in struct world_peer */
    const char *member; /* of a world's peer, that says the same; "host_config" for its members */
    const char *about;
};

/* A key without a path ends the list. */
extern const struct core_key core_keys[];

/* Sections, and keys, that a peer reads and that change nothing on the way of chaincode here; NULL
 * ends the list. */
extern const char *const core_without_effect[];

/* The key of exactly this path, or NULL. */
const struct core_key *core_key_find(const char *path);
/* The longest of `core_without_effect` that is the path or a section above it, or NULL. */
const char *core_key_idle(const char *path);
/* True if it is a section above a key that is known. */
bool core_key_is_section(const char *path);
/* A known path that a typing mistake away from `path`, or NULL. */
const char *core_key_similar(const char *path);

#endif
