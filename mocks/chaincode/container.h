/* What runs in a chaincode's container: a process that dials the peer, registers and serves.
 *
 * The mock engine calls chaincode_program() at each start of a container (struct engine_config) to
 * learn what to run. How a chaincode behaves is chosen by its name. */
#ifndef CCLAB_MOCKS_CHAINCODE_CONTAINER_H
#define CCLAB_MOCKS_CHAINCODE_CONTAINER_H

#include "mocks/chaincode/behaviour.h"
#include "mocks/chaincode/grpc_stream.h"
#include "mocks/docker/engine.h"
#include "model/comm/creds.h"

/* The peer as a chaincode reaches it, protos.ChaincodeSupport/Register. Called in the chaincode's
 * goroutine: serves `stream` in a goroutine of the peer and calls grpc_stream_server_ended() when
 * the handler has returned. An error if nobody listens. With TLS the stream carries the certificate
 * that the client has shown. */
struct chaincode_support_server {
    void *self;
    /* The peer's process, NULL if there is none now. */
    struct rt_proc *(*proc)(void *self);
    struct rt_error *(*serve)(void *self, struct grpc_stream *stream, rt_bytes client_certificate);
    /* Whether the peer is at the address that a launched chaincode was told to dial. May be
     * NULL: it is at any. */
    bool (*is_at)(void *self, rt_str address);
    /* Begins the handshake of a connection; NULL if the listener has no TLS. May itself be NULL. */
    struct comm_conn *(*handshake)(void *self, const struct comm_client_tls *client);
};

/* All chaincodes of a run. */
struct chaincode_world {
    struct chaincode_support_server server;
    /* Of several peers the one at an address, asked with `self`; NULL: `server` is the only one. */
    const struct chaincode_support_server *(*server_at)(void *self, rt_str address);
    /* The behaviour of a chaincode, by CORE_CHAINCODE_ID_NAME ("name:version"), for its n-th start
     * (from 1); NULL is the plain one. `behaviour` itself may be NULL. */
    void *self;
    const struct chaincode_behaviour *(*behaviour)(void *self, rt_str cname, uint32_t start);
    /* A trait of a behaviour has had its effect, or could have by a choice; NULL: nobody asks. */
    void (*happened)(
            void *self, const struct chaincode_behaviour *behaviour, enum chaincode_trait trait);
    /* Likewise one of a behaviour's messages or prints, by its tag; NULL: nobody asks. */
    void (*did)(void *self, size_t tag);
    uint64_t variants; /* of the model, bits of enum variant */
    /* Made by chaincode_world_init(): */
    struct rt_map *starts;
    struct rt_map *certificates; /* of chaincodes that have run with TLS, by name */
};
void chaincode_world_init(struct chaincode_world *w);
/* The peer that a chaincode dials which was told this address; empty: none. */
const struct chaincode_support_server *chaincode_world_server(
        const struct chaincode_world *w, rt_str address);

/* For struct engine_config: `program` with program_self a struct chaincode_world. */
struct engine_program chaincode_program(void *self, const struct engine_process *process);

/* Runs a chaincode that the user starts (dev mode) in a process of its own: no engine, no
 * container. Returns the process. */
struct rt_proc *chaincode_run_by_user(struct chaincode_world *w, rt_str cname);

#endif
