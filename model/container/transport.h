/* HTTP without sockets: a request, an answer, and something that carries them to an engine.
 *
 * The Docker client speaks through this interface; the modelled engine implements it directly, a
 * socket can do so as well. */
#ifndef CCLAB_MODEL_CONTAINER_TRANSPORT_H
#define CCLAB_MODEL_CONTAINER_TRANSPORT_H

#include "model/gostd/io.h"

struct http_header {
    rt_str name;
    rt_str value;
};

struct http_request {
    const char *method;
    rt_str uri; /* path and query as on the request line: "/containers/x/kill?" */
    struct http_header *headers;
    size_t header_count;
    bool has_body;
    struct io_reader body;
    int64_t content_length; /* -1: chunked */
    bool hijack;            /* asks for a raw stream in both directions (attach) */
    int64_t timeout_ns;     /* the client gives up after this time; 0: never */
};

struct http_response {
    int status;
    struct http_header *headers;
    size_t header_count;
    /* The body without transfer encoding. An answer cut short ends with the error that Go reports:
     * "unexpected EOF". For a hijacked connection: what the peer of it writes. */
    struct io_reader body;
};

struct docker_endpoint;

/* Carries requests. `dial` opens a connection for one request; `exchange` sends it there and waits
 * for the head of the answer. Errors have one of the types below, or are a plain text. */
struct docker_transport {
    void *self;
    struct rt_error *(*dial)(void *self, const struct http_request *request, void **connection);
    struct rt_error *(*exchange)(void *self, void *connection, const struct http_request *request,
            struct http_response *response);
    /* What clients look for; NULL: unix:///var/run/docker.sock, with texts as recorded. */
    const struct docker_endpoint *endpoint;
};
/* No connection came to be; the text says why, what stands before it is the client's: "connect:
 * permission denied". */
extern const char http_no_connection;
/* The other end has closed while it had not read the whole request ("read: connection reset by
 * peer"), or while the client was writing it ("write: broken pipe"). */
extern const char http_reset;
extern const char http_broken_pipe;
extern const char http_deadline;  /* request->timeout_ns is over */
extern const char http_malformed; /* what came is no HTTP: net/http's text without its prefix */
/* The connection was closed before an answer; the text is "EOF". */
extern struct rt_error *const http_closed;

/* Header.Get: the first value, names compared without case; len 0 when there is none. */
rt_str http_header_get(const struct http_header *headers, size_t count, const char *name);

#endif
