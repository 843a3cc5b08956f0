/* Follows hijack() of go-dockerclient's client.go. */
#include "model/container/docker_client_impl.h"
#include "model/rt/rt.h"

/* One attached connection and what waits for its end. */
struct attach_waiter {
    struct client *client;
    void *connection;
    struct http_request request;
    struct http_response response;
    struct docker_attach_options options;
    struct rt_chan *errs;         /* capacity 1: the result, struct rt_error * */
    struct rt_chan *quit;         /* closed by Close() */
    struct rt_chan *err_chan_out; /* capacity 1 */
};

static void copy_output(void *arg)
{
    struct attach_waiter *w = arg;
    struct rt_error *err =
            client_std_copy(w->options.stdout_to, w->options.stderr_to, w->response.body);
    rt_send(w->err_chan_out, err);
}

/* Drives the connection. The answer's status is never looked at, and an answer that did not come is
 * as good as one that did. */
static void hijacked(void *arg)
{
    struct attach_waiter *w = arg;
    struct docker_transport *t = &w->client->transport;
    struct rt_error *err = t->exchange(t->self, w->connection, &w->request, &w->response);
    if (err)
        w->response.body = io_reader_from(RT_NIL);
    if (w->options.success) {
        void *back = NULL;
        rt_send(w->options.success, NULL);
        rt_recv(w->options.success, &back);
    }
    rt_go("docker.attach.copy", copy_output, w);
    struct rt_case cases[] = { RT_RECV(w->err_chan_out), RT_RECV(w->quit) };
    struct rt_error *result = rt_select(cases, 2) == 0 ? cases[0].value : NULL;
    rt_send(w->errs, result);
    io_close(w->response.body);
}

struct rt_error *client_hijack(struct client *c, rt_str path,
        const struct docker_attach_options *options, struct attach_waiter **waiter)
{
    static const struct http_header headers[] = {
        { RT_STR_INIT("Host"), RT_STR_INIT("") },
        { RT_STR_INIT("User-Agent"), RT_STR_INIT("Go-http-client/1.1") },
        { RT_STR_INIT("Connection"), RT_STR_INIT("Upgrade") },
        { RT_STR_INIT("Content-Type"), RT_STR_INIT("application/json") },
        { RT_STR_INIT("Upgrade"), RT_STR_INIT("tcp") },
    };
    struct attach_waiter *w = rt_new(struct attach_waiter);
    w->client = c;
    w->options = *options;
    w->request = (struct http_request){
        .method = "POST",
        .uri = path,
        .headers = (struct http_header *)(uintptr_t)headers,
        .header_count = sizeof(headers) / sizeof(headers[0]),
        .hijack = true,
    };
    struct rt_error *err = docker_endpoint_check(&c->endpoint, true);
    if (!err)
        err = c->transport.dial(c->transport.self, &w->request, &w->connection);
    if (err)
        return rt_error_new(docker_endpoint_net_text(&c->endpoint, err));
    w->errs = rt_chan_make(1, "docker.attach.errs");
    w->quit = rt_chan_make(0, "docker.attach.quit");
    w->err_chan_out = rt_chan_make(1, "docker.attach.out");
    rt_go("docker.attach", hijacked, w);
    *waiter = w;
    return NULL;
}

struct rt_error *client_attach_wait(struct attach_waiter *waiter)
{
    void *err = NULL;
    rt_recv(waiter->errs, &err);
    return err;
}

void client_attach_close(struct attach_waiter *waiter)
{
    rt_close(waiter->quit);
}
