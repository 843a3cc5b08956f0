/* Builds inside a container: how the platforms compile chaincode before its image is made.
 *
 * Follows DockerBuild of core/chaincode/platforms/util/utils.go. */
#ifndef CCLAB_MODEL_CONTAINER_DOCKER_BUILD_H
#define CCLAB_MODEL_CONTAINER_DOCKER_BUILD_H

#include "model/container/docker_client.h"

/* What the peer's configuration says. */
struct docker_build_config {
    rt_str builder;    /* chaincode.builder */
    uint64_t variants; /* bits of enum variant */
};

/* Runs `cmd` in a new container of `image` (empty: the builder), with the tar `input` at
 * /chaincode/input, and gives back a tar of /chaincode/output. The container is removed. */
RT_MUST_USE struct rt_error *docker_build(struct docker_transport transport,
        struct docker_build_config config, rt_str image, rt_str cmd, rt_bytes input,
        rt_bytes *output);

#endif
