/* The Docker client of a peer.
 *
 * struct docker_client is the interface dockerClient of
 * core/container/dockercontroller/dockercontroller.go; docker_client_new() makes one that behaves
 * as github.com/fsouza/go-dockerclient in the version that Fabric 1.4.2 vendors: same requests in
 * the same order, same mapping of answers to errors, same texts. */
#ifndef CCLAB_MODEL_CONTAINER_DOCKER_CLIENT_H
#define CCLAB_MODEL_CONTAINER_DOCKER_CLIENT_H

#include "model/container/transport.h"
#include "model/container/vm.h"
#include "model/lab/host_config.h"
#include "model/rt/chan.h"

/* Types of errors (struct rt_error.type). docker_api_error carries struct docker_api_error. */
struct docker_api_error {
    int status;
    rt_str message;
};
extern const char docker_error_api;
extern const char docker_error_no_such_container;
extern const char docker_error_container_not_running;
extern const char docker_error_container_already_running;
extern const char docker_error_no_such_image;            /* ErrNoSuchImage */
extern const char docker_error_container_already_exists; /* ErrContainerAlreadyExists */
extern const char docker_error_connection_refused;       /* ErrConnectionRefused */

struct docker_create_options {
    rt_str name; /* empty: the engine picks one */
    rt_str image;
    struct str_slice cmd;
    struct str_slice env;
    bool attach_stdout;
    bool attach_stderr;
    const struct docker_host_config *host_config; /* NULL: none is sent */
};

struct docker_build_options {
    rt_str name;
    bool pull;
    struct io_reader input;
    struct rt_buf *output; /* gets what the build prints */
};

/* Where attached output goes: an io.Writer. */
struct docker_output {
    void *self;
    struct rt_error *(*write)(void *self, rt_bytes data);
};

struct docker_attach_options {
    rt_str container;
    struct docker_output stdout_to;
    struct docker_output stderr_to;
    /* Unbuffered, or NULL: gets one element once the request was answered, then the client waits
     * until something comes back, or the channel is closed. */
    struct rt_chan *success;
};

struct docker_client {
    void *self;
    struct rt_error *(*create_container)(
            void *self, const struct docker_create_options *options, rt_str *id);
    struct rt_error *(*upload_to_container)(
            void *self, rt_str id, rt_str path, struct io_reader input, int64_t length);
    struct rt_error *(*start_container)(void *self, rt_str id);
    struct rt_error *(*attach_to_container)(
            void *self, const struct docker_attach_options *options);
    struct rt_error *(*build_image)(void *self, const struct docker_build_options *options);
    struct rt_error *(*remove_image)(void *self, rt_str name, bool force);
    struct rt_error *(*stop_container)(void *self, rt_str id, unsigned timeout);
    struct rt_error *(*kill_container)(void *self, rt_str id);
    struct rt_error *(*remove_container)(void *self, rt_str id, bool force);
    struct rt_error *(*ping)(void *self, struct vm_context context);
    struct rt_error *(*wait_container)(void *self, rt_str id, int64_t *exit_code);
    /* Used by the platforms' builds only. */
    struct rt_error *(*inspect_image)(void *self, rt_str name);
    struct rt_error *(*pull_image)(void *self, rt_str repository);
    struct rt_error *(*download_from_container)(
            void *self, rt_str id, rt_str path, struct rt_buf *output);
    /* AttachToContainerNonBlocking: *waiter is to be ended by attach_close() and attach_wait(). */
    struct rt_error *(*attach_non_blocking)(
            void *self, const struct docker_attach_options *options, void **waiter);
    void (*attach_close)(void *waiter);
    struct rt_error *(*attach_wait)(void *waiter);
};

/* A client over a transport to a unix socket. Each has its own memory of the engine's version,
 * which it asks for once, before a build or a start. */
struct docker_client docker_client_new(struct docker_transport transport);

#endif
