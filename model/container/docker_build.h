/* Builds inside a container: how the platforms compile chaincode before its image is made.
 *
 * Follows DockerBuild of core/chaincode/platforms/util/utils.go. */
#ifndef CCLAB_MODEL_CONTAINER_DOCKER_BUILD_H
#define CCLAB_MODEL_CONTAINER_DOCKER_BUILD_H

#include "model/container/docker_client.h"

/* chaincode.builder of the release's core.yaml, for amd64. */
#define DOCKER_BUILD_DEFAULT_IMAGE "hyperledger/fabric-ccenv:latest"

/* Runs `cmd` in a new container of `image` (empty: the default builder), with the tar `input` at
 * /chaincode/input, and gives back a tar of /chaincode/output. The container is removed.
 * `variants`: bits of enum variant. */
RT_MUST_USE struct rt_error *docker_build(struct docker_transport transport, rt_str image,
        rt_str cmd, rt_bytes input, uint64_t variants, rt_bytes *output);

#endif
