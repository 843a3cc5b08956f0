/* Where a peer looks for its Docker engine, and how it words what goes wrong on the way there.
 *
 * Follows parseEndpoint, getURL and getFakeNativeURL of go-dockerclient's client.go; the texts are
 * those of Go's net, net/url and net/http. */
#ifndef CCLAB_MODEL_CONTAINER_DOCKER_ENDPOINT_H
#define CCLAB_MODEL_CONTAINER_DOCKER_ENDPOINT_H

#include "model/container/transport.h"

struct docker_endpoint {
    bool unix_socket;
    rt_str url;     /* what paths are put behind: "http://unix.sock", "https://10.0.0.5:2376" */
    rt_str host;    /* of the Host header */
    rt_str network; /* "unix" or "tcp" */
    rt_str address; /* that is dialled: a path, or host:port */
    struct rt_error *err; /* why no client can be made of it; NULL: one can */
    bool unsupported;     /* net/http knows no such scheme: "tcp://host" without a port */
    unsigned go;          /* minor version of the Go that built the peer: 11 for 1.11.5 */
};

/* vm.endpoint, with vm.docker.tls.enabled, as docker.NewClient() takes it: `err` is "invalid
 * endpoint" if it does not. `go_version` is "1.11.5" or the like, empty for the one of the
 * recordings. */
struct docker_endpoint docker_endpoint_parse(rt_str text, bool tls, rt_str go_version);
#define DOCKER_DEFAULT_ENDPOINT "unix:///var/run/docker.sock"

/* The net.OpError of a transport's error: `dial unix /var/run/docker.sock: connect: permission
 * denied`. Errors without an address keep their text. */
rt_str docker_endpoint_net_text(const struct docker_endpoint *e, const struct rt_error *err);
/* What net/http, or net, says of an endpoint that cannot even be dialled; NULL if it can be. */
RT_MUST_USE struct rt_error *docker_endpoint_check(const struct docker_endpoint *e, bool hijack);
/* The url.Error of net/http around it: `Post http://unix.sock/x: EOF`, with quotes around the URL
 * since Go 1.14. */
struct rt_error *docker_endpoint_url_error(const struct docker_endpoint *e,
        const struct http_request *request, const struct rt_error *err);

#endif
