/* The registries that an engine pulls from: they have everything, but for what a list says.
 *
 * The texts are those of engine 20.10.24; older ones say less, and put no URL in quotes. */
#ifndef CCLAB_MOCKS_DOCKER_REGISTRY_H
#define CCLAB_MOCKS_DOCKER_REGISTRY_H

#include "model/rt/str.h"

/* What a registry says instead: the name that scenario files give it, the status of the engine's
 * answer to a pull, and its message: {host} is the registry's, {repository} and {image} are the
 * image without and with its tag. What follows a bar is said since 19.03; quotes are around URLs
 * alone, and are Go's since 1.14. */
#define ENGINE_REFUSALS(X)                                                                         \
    X(MANIFEST_UNKNOWN, "manifest-unknown", 404,                                                   \
            "manifest for {image} not found|: manifest unknown: manifest unknown")                 \
    X(ACCESS_DENIED, "access-denied", 404,                                                         \
            "pull access denied for {repository}, repository does not exist or may require "       \
            "'docker login'|: denied: requested access to the resource is denied")                 \
    X(RATE_LIMIT, "rate-limit", 500,                                                               \
            "toomanyrequests: You have reached your pull rate limit. You may increase the limit "  \
            "by authenticating and upgrading: https://www.docker.com/increase-rate-limit")         \
    X(NO_SUCH_HOST, "no-such-host", 500,                                                           \
            "Get \"https://{host}/v2/\": dial tcp: lookup {host} on 127.0.0.53:53: no such host")  \
    X(NO_NAME_SERVER, "no-name-server", 500,                                                       \
            "Get \"https://{host}/v2/\": dial tcp: lookup {host} on [::1]:53: read udp "           \
            "[::1]:46796->[::1]:53: read: connection refused")                                     \
    X(NO_NETWORK, "no-network", 500,                                                               \
            "Get \"https://{host}/v2/\": dial tcp: lookup {host}: Temporary failure in name "      \
            "resolution")                                                                          \
    X(TIMEOUT, "timeout", 500,                                                                     \
            "Get \"https://{host}/v2/\": net/http: request canceled while waiting for connection " \
            "(Client.Timeout exceeded while awaiting headers)")                                    \
    X(UNKNOWN_AUTHORITY, "unknown-authority", 500,                                                 \
            "Get \"https://{host}/v2/\": x509: certificate signed by unknown authority")           \
    X(NO_TLS, "no-tls", 500,                                                                       \
            "Get \"https://{host}/v2/\": http: server gave HTTP response to HTTPS client")

enum engine_refusal {
#define ENGINE_REFUSAL_ENUM(name, ...) ENGINE_REFUSAL_##name,
    ENGINE_REFUSALS(ENGINE_REFUSAL_ENUM)
#undef ENGINE_REFUSAL_ENUM
};
/* As scenario files call it. */
const char *engine_refusal_name(enum engine_refusal says);

struct engine_refused {
    rt_str image;             /* part of the image's name; empty: every one */
    enum engine_refusal says; /* unless there is a message */
    int status;               /* with a message; 0: 404 */
    rt_str message;
};

/* Whose words an engine has: of the registries, and of the runtime that finds no program. */
#define ENGINE_WORDS(X)                                                                            \
    X(20_10, "20.10")                                                                              \
    X(19_03, "19.03")                                                                              \
    X(18_09, "18.09")
enum engine_words {
#define ENGINE_WORDS_ENUM(name, ...) ENGINE_##name,
    ENGINE_WORDS(ENGINE_WORDS_ENUM)
#undef ENGINE_WORDS_ENUM
};

struct engine_registry {
    const struct engine_refused *refused; /* of those that fit an image, the first counts */
    size_t count;
    uint32_t *hits; /* how often each has refused; NULL: nobody counts */
    enum engine_words words;
};

/* Whether a registry refuses an image ("name:tag"), with what the engine then answers. */
bool engine_registry_refuses(
        const struct engine_registry *registry, rt_str reference, int *status, rt_str *message);

#endif
