/* Shared by the files of the Docker client. */
#ifndef CCLAB_MODEL_CONTAINER_DOCKER_CLIENT_IMPL_H
#define CCLAB_MODEL_CONTAINER_DOCKER_CLIENT_IMPL_H

#include "model/container/docker_client.h"
#include "model/container/docker_endpoint.h"
#include "model/gostd/gojson.h"

/* docker.Client: one per getDockerClient(). */
struct client {
    struct docker_transport transport;
    struct docker_endpoint endpoint;
    int64_t *server_version; /* APIVersion, NULL while unknown */
    size_t server_version_count;
};

/* An io.Writer; a NULL function discards. */
typedef struct docker_output io_writer;

/* newError */
RT_MUST_USE struct rt_error *client_new_error(const struct http_response *response);
/* ErrConnectionRefused, and whether an error's text is taken for one. */
extern struct rt_error client_err_connection_refused;
bool client_refused(rt_str text);
/* Statuses below 200 but 101 are no answer to net/http, which waits for the next one; before Go
 * 1.11 only 100 was none. */
bool client_is_final(const struct client *c, int status);
/* The status of an API error; 0 for NULL and for other errors. */
int client_api_status(const struct rt_error *err);

/* checkAPIVersion, with its result ignored as the callers do. */
void client_check_api_version(struct client *c);

/* streamOptions */
struct stream_options {
    bool set_raw_terminal;
    const struct http_header *headers;
    size_t header_count;
    bool has_in;
    struct io_reader in;
    int64_t length; /* of `in`; -1: unknown */
    io_writer out;
    io_writer err;
};
RT_MUST_USE struct rt_error *client_stream(
        struct client *c, const char *method, rt_str path, const struct stream_options *options);

/* stdcopy.StdCopy: splits the frames of an attached stream. */
RT_MUST_USE struct rt_error *client_std_copy(io_writer out, io_writer err, struct io_reader src);
/* jsonmessage.DisplayJSONMessagesStream for an output that is no terminal. */
RT_MUST_USE struct rt_error *client_display_json(struct io_reader in, io_writer out);

/* hijack */
struct attach_waiter;
RT_MUST_USE struct rt_error *client_hijack(struct client *c, rt_str path,
        const struct docker_attach_options *options, struct attach_waiter **waiter);
RT_MUST_USE struct rt_error *client_attach_wait(struct attach_waiter *waiter);
void client_attach_close(struct attach_waiter *waiter);

/* The JSON body of create. */
rt_str client_create_body(const struct docker_create_options *options);

/* url.QueryEscape */
rt_str client_query_escape(rt_str s);

#endif
