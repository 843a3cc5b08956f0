/* Follows client.go and container.go of go-dockerclient: requests by do(), answers to errors. */
#include "model/container/docker_client.h"
#include "model/container/docker_client_impl.h"
#include "model/rt/arena.h"

#include <ctype.h>

const char docker_error_api;
const char docker_error_no_such_container;
const char docker_error_container_not_running;
const char docker_error_container_already_running;
const char docker_error_no_such_image;
const char docker_error_container_already_exists;
const char docker_error_connection_refused;

static struct rt_error err_no_such_image = {
    .text = RT_STR_INIT("no such image"),
    .type = &docker_error_no_such_image,
};
static struct rt_error err_container_already_exists = {
    .text = RT_STR_INIT("container already exists"),
    .type = &docker_error_container_already_exists,
};
struct rt_error client_err_connection_refused = {
    .text = RT_STR_INIT("cannot connect to Docker endpoint"),
    .type = &docker_error_connection_refused,
};

static struct rt_error *no_such_container(rt_str id)
{
    return rt_error_typed(
            &docker_error_no_such_container, NULL, rt_sprintf("No such container: %S", id));
}

static struct rt_error *container_not_running(rt_str id)
{
    return rt_error_typed(
            &docker_error_container_not_running, NULL, rt_sprintf("Container not running: %S", id));
}

int client_api_status(const struct rt_error *err)
{
    if (!rt_error_is(err, &docker_error_api))
        return 0;
    return ((const struct docker_api_error *)err->data)->status;
}

struct rt_error *client_new_error(const struct http_response *response)
{
    struct docker_api_error *e = rt_new(struct docker_api_error);
    rt_bytes data = RT_NIL;
    struct gojson *body = NULL;
    e->status = response->status;
    struct rt_error *err = io_read_all(response->body, &data);
    if (err) {
        e->message = rt_sprintf("cannot read body, err: %v", err);
    } else {
        err = gojson_unmarshal(data, &body);
        if (!err)
            err = gojson_want_object(body, "docker.ErrMsg");
        if (!err)
            err = gojson_get_string(body, "ErrMsg", "message", &e->message);
        if (err)
            e->message = data;
    }
    return rt_error_typed(
            &docker_error_api, e, rt_sprintf("API error (%d): %S", e->status, e->message));
}

bool client_refused(rt_str text)
{
    return rt_str_contains(text, RT_STR("connection refused"));
}

bool client_is_final(const struct client *c, int status)
{
    return status >= 200 || status == 101 || (c->endpoint.go < 11 && status != 100);
}

/* do(): an answer from 200 to 399, or an error. `data` is the JSON body when it has one. */
static struct rt_error *client_do(struct client *c, const char *method, rt_str path,
        const rt_str *data, int64_t timeout_ns, struct http_response *response)
{
    struct http_header headers[] = {
        { RT_STR("Host"), c->endpoint.host },
        { RT_STR("User-Agent"), RT_STR("go-dockerclient") },
        { RT_STR("Accept-Encoding"), RT_STR("gzip") },
        { RT_STR("Connection"), RT_STR("close") },
        { RT_STR("Content-Type"), RT_STR("plain/text") },
    };
    struct http_request request = {
        .method = method,
        .uri = path,
        .headers = headers,
        .header_count = data || strcmp(method, "POST") == 0 ? 5 : 4,
        .timeout_ns = timeout_ns,
    };
    if (data) {
        headers[4].value = RT_STR("application/json");
        request.has_body = true;
        request.body = io_reader_from(*data);
        request.content_length = (int64_t)data->len;
    }
    void *connection = NULL;
    struct rt_error *err = docker_endpoint_check(&c->endpoint, false);
    if (!err)
        err = c->transport.dial(c->transport.self, &request, &connection);
    if (!err)
        err = c->transport.exchange(c->transport.self, connection, &request, response);
    if (!err && !client_is_final(c, response->status))
        err = rt_error_typed(&http_malformed, NULL, RT_STR("unexpected EOF"));
    if (rt_error_is(err, &http_deadline))
        return rt_errorf("context deadline exceeded");
    if (err)
        err = docker_endpoint_url_error(&c->endpoint, &request, err);
    if (err)
        return client_refused(err->text) ? &client_err_connection_refused : err;
    if (response->status < 200 || response->status >= 400)
        return client_new_error(response);
    return NULL;
}

static struct rt_error *client_ping(void *self, struct vm_context context)
{
    struct http_response response = { 0 };
    struct rt_error *err =
            client_do(self, "GET", RT_STR("/_ping"), NULL, context.timeout_ns, &response);
    if (err)
        return err;
    return response.status == 200 ? NULL : client_new_error(&response);
}

/* NewAPIVersion: numbers between dots, up to a dash. NULL when it does not parse. */
static int64_t *new_api_version(rt_str input, size_t *count)
{
    size_t n;
    if (!rt_str_contains(input, RT_STR(".")))
        return NULL;
    rt_str *parts = rt_str_split(rt_str_split(input, RT_STR("-"), &n)[0], RT_STR("."), count);
    int64_t *version = rt_new_array(int64_t, *count);
    for (size_t i = 0; i < *count; i++) {
        bool negative = parts[i].len > 1 && parts[i].data[0] == '-';
        size_t from = negative || (parts[i].len > 1 && parts[i].data[0] == '+') ? 1 : 0;
        if (parts[i].len == 0 || parts[i].len > 17)
            return NULL;
        for (size_t k = from; k < parts[i].len; k++) {
            if (!isdigit(parts[i].data[k]))
                return NULL;
            version[i] = version[i] * 10 + (parts[i].data[k] - '0');
        }
    }
    return version;
}

void client_check_api_version(struct client *c)
{
    struct http_response response = { 0 };
    struct gojson *body = NULL;
    struct rt_error *err = client_do(c, "GET", RT_STR("/version"), NULL, 0, &response);
    if (err || response.status != 200)
        return;
    struct gojson_decoder decoder = { .reader = response.body };
    err = gojson_decode(&decoder, &body);
    io_close(response.body);
    if (err)
        return;
    const struct gojson *version = gojson_member(body, "ApiVersion");
    if (version && version->kind == GOJSON_STRING)
        c->server_version = new_api_version(version->text, &c->server_version_count);
}

/* APIVersion.LessThan of a version that is known. */
static bool version_less(const struct client *c, int64_t major, int64_t minor)
{
    const int64_t other[] = { major, minor };
    for (size_t i = 0; i < c->server_version_count && i < 2; i++)
        if (c->server_version[i] != other[i])
            return c->server_version[i] < other[i];
    return c->server_version_count < 2;
}

static struct rt_error *client_create_container(
        void *self, const struct docker_create_options *options, rt_str *id)
{
    struct http_response response = { 0 };
    rt_str body = client_create_body(options);
    rt_str path = options->name.len == 0 ? RT_STR("/containers/create?")
                                         : rt_sprintf("/containers/create?name=%S",
                                                   client_query_escape(options->name));
    struct rt_error *err = client_do(self, "POST", path, &body, 0, &response);
    int status = client_api_status(err);
    if (status == 404)
        return &err_no_such_image;
    if (status == 409)
        return &err_container_already_exists;
    if (status == 400 && rt_str_contains(((const struct docker_api_error *)err->data)->message,
                                 RT_STR("Conflict.")))
        return &err_container_already_exists;
    if (err)
        return err;
    struct gojson_decoder decoder = { .reader = response.body };
    struct gojson *container = NULL;
    err = gojson_decode(&decoder, &container);
    io_close(response.body);
    if (!err)
        err = gojson_want_object(container, "docker.Container");
    return err ? err : gojson_get_string(container, "Container", "Id", id);
}

static struct rt_error *client_start_container(void *self, rt_str id)
{
    struct client *c = self;
    struct http_response response = { 0 };
    static const rt_str null_body = RT_STR_INIT("null");
    if (!c->server_version)
        client_check_api_version(c);
    const rt_str *data = c->server_version && version_less(c, 1, 24) ? &null_body : NULL;
    struct rt_error *err =
            client_do(c, "POST", rt_sprintf("/containers/%S/start", id), data, 0, &response);
    if (client_api_status(err) == 404)
        return rt_error_typed(&docker_error_no_such_container, NULL, err->text);
    if (err)
        return err;
    io_close(response.body);
    if (response.status == 304)
        return rt_error_typed(&docker_error_container_already_running, NULL,
                rt_sprintf("Container already running: %S", id));
    return NULL;
}

static struct rt_error *client_stop_container(void *self, rt_str id, unsigned timeout)
{
    struct http_response response = { 0 };
    struct rt_error *err = client_do(
            self, "POST", rt_sprintf("/containers/%S/stop?t=%u", id, timeout), NULL, 0, &response);
    if (client_api_status(err) == 404)
        return no_such_container(id);
    if (err)
        return err;
    io_close(response.body);
    return response.status == 304 ? container_not_running(id) : NULL;
}

static struct rt_error *client_kill_container(void *self, rt_str id)
{
    struct http_response response = { 0 };
    struct rt_error *err =
            client_do(self, "POST", rt_sprintf("/containers/%S/kill?", id), NULL, 0, &response);
    if (client_api_status(err) == 404)
        return no_such_container(id);
    if (client_api_status(err) == 409)
        return container_not_running(id);
    if (!err)
        io_close(response.body);
    return err;
}

static struct rt_error *client_remove_container(void *self, rt_str id, bool force)
{
    struct http_response response = { 0 };
    struct rt_error *err = client_do(self, "DELETE",
            rt_sprintf("/containers/%S?%s", id, force ? "force=1" : ""), NULL, 0, &response);
    if (client_api_status(err) == 404)
        return no_such_container(id);
    if (!err)
        io_close(response.body);
    return err;
}

static struct rt_error *client_wait_container(void *self, rt_str id, int64_t *exit_code)
{
    struct http_response response = { 0 };
    *exit_code = 0;
    struct rt_error *err =
            client_do(self, "POST", rt_sprintf("/containers/%S/wait", id), NULL, 0, &response);
    if (client_api_status(err) == 404)
        return no_such_container(id);
    if (err)
        return err;
    struct gojson_decoder decoder = { .reader = response.body };
    struct gojson *body = NULL;
    err = gojson_decode(&decoder, &body);
    io_close(response.body);
    if (!err)
        err = gojson_want_object(body, "struct { StatusCode int }");
    int64_t code = 0;
    if (!err)
        err = gojson_get_int(body, "", "StatusCode", &code);
    if (!err)
        *exit_code = code;
    return err;
}

/* The members of docker.Image that have a simple type; a wrong one is an error. */
static struct rt_error *check_image(const struct gojson *image)
{
    static const char *const texts[] = { "Id", "Parent", "Comment", "Container", "DockerVersion",
        "Author", "Architecture" };
    static const char *const numbers[] = { "Size", "VirtualSize" };
    struct rt_error *err = gojson_want_object(image, "docker.Image");
    rt_str text = { 0 };
    int64_t number = 0;
    for (size_t i = 0; !err && i < sizeof(texts) / sizeof(*texts); i++)
        err = gojson_get_string(image, "Image", texts[i], &text);
    for (size_t i = 0; !err && i < sizeof(numbers) / sizeof(*numbers); i++)
        err = gojson_get_int(image, "Image", numbers[i], &number);
    return err;
}

static struct rt_error *client_inspect_image(void *self, rt_str name)
{
    struct http_response response = { 0 };
    struct gojson *image = NULL;
    struct rt_error *err =
            client_do(self, "GET", rt_sprintf("/images/%S/json", name), NULL, 0, &response);
    if (client_api_status(err) == 404)
        return &err_no_such_image;
    if (err)
        return err;
    struct gojson_decoder decoder = { .reader = response.body };
    err = gojson_decode(&decoder, &image);
    io_close(response.body);
    return err ? err : check_image(image);
}

static struct rt_error *client_remove_image(void *self, rt_str name, bool force)
{
    struct http_response response = { 0 };
    struct rt_error *err = client_do(self, "DELETE",
            rt_sprintf("/images/%S?%s", name, force ? "force=1" : ""), NULL, 0, &response);
    if (client_api_status(err) == 404)
        return &err_no_such_image;
    if (!err)
        io_close(response.body);
    return err;
}

static struct rt_error *client_upload(
        void *self, rt_str id, rt_str path, struct io_reader input, int64_t length)
{
    struct stream_options options = { .has_in = true, .in = input, .length = length };
    return client_stream(self, "PUT",
            rt_sprintf("/containers/%S/archive?path=%S", id, client_query_escape(path)), &options);
}

static struct rt_error *buffer_write(void *self, rt_bytes data)
{
    rt_buf_put_str(self, data);
    return NULL;
}

static struct rt_error *client_download(void *self, rt_str id, rt_str path, struct rt_buf *output)
{
    struct stream_options options = {
        .set_raw_terminal = true,
        .out = { output, buffer_write },
    };
    return client_stream(self, "GET",
            rt_sprintf("/containers/%S/archive?path=%S", id, client_query_escape(path)), &options);
}

static struct rt_error *client_build_image(void *self, const struct docker_build_options *options)
{
    struct client *c = self;
    /* versionedAuthConfigs() */
    if (!c->server_version)
        client_check_api_version(c);
    struct http_header headers[] = {
        { RT_STR("Content-Type"), RT_STR("application/tar") },
        { RT_STR("X-Registry-Auth"), RT_STR("e30K") },
        { RT_STR("X-Registry-Config"), RT_STR("bnVsbAo=") },
    };
    if (!c->server_version || version_less(c, 1, 19))
        headers[2].value = RT_STR("eyJjb25maWdzIjpudWxsfQo="); /* {"configs":null} */
    struct stream_options stream = {
        .set_raw_terminal = true,
        .headers = headers,
        .header_count = 3,
        .has_in = true,
        .in = options->input,
        .length = -1,
        .out = { options->output, buffer_write },
    };
    rt_str path = rt_sprintf(
            "/build?%st=%S", options->pull ? "pull=1&" : "", client_query_escape(options->name));
    return client_stream(c, "POST", path, &stream);
}

static struct rt_error *client_pull_image(void *self, rt_str repository)
{
    if (repository.len == 0)
        return &err_no_such_image;
    struct http_header headers[] = { { RT_STR("X-Registry-Auth"), RT_STR("e30K") } };
    struct stream_options options = {
        .set_raw_terminal = true,
        .headers = headers,
        .header_count = 1,
    };
    rt_str tag = { 0 };
    ptrdiff_t at = rt_str_index(repository, RT_STR("@"));
    if (at >= 0) {
        tag = rt_str_slice(repository, (size_t)at + 1, repository.len);
        repository = rt_str_slice(repository, 0, (size_t)at);
    }
    rt_str path = rt_sprintf("/images/create?fromImage=%S", client_query_escape(repository));
    if (tag.len > 0)
        path = rt_sprintf("%S&tag=%S", path, client_query_escape(tag));
    return client_stream(self, "POST", path, &options);
}

static struct rt_error *attach_non_blocking(
        void *self, const struct docker_attach_options *options, void **waiter)
{
    if (options->container.len == 0)
        return no_such_container(options->container);
    rt_str path = rt_sprintf(
            "/containers/%S/attach?logs=1&stderr=1&stdout=1&stream=1", options->container);
    struct attach_waiter *w = NULL;
    struct rt_error *err = client_hijack(self, path, options, &w);
    *waiter = w;
    return err;
}

static struct rt_error *attach_wait(void *waiter)
{
    return client_attach_wait(waiter);
}

static void attach_close(void *waiter)
{
    client_attach_close(waiter);
}

static struct rt_error *client_attach(void *self, const struct docker_attach_options *options)
{
    void *waiter = NULL;
    struct rt_error *err = attach_non_blocking(self, options, &waiter);
    return err ? err : client_attach_wait(waiter);
}

struct docker_client docker_client_new(struct docker_transport transport)
{
    struct client *c = rt_new(struct client);
    c->transport = transport;
    c->endpoint = transport.endpoint
                          ? *transport.endpoint
                          : docker_endpoint_parse(RT_STR(DOCKER_DEFAULT_ENDPOINT), false, RT_NIL);
    return (struct docker_client){
        .self = c,
        .create_container = client_create_container,
        .upload_to_container = client_upload,
        .start_container = client_start_container,
        .attach_to_container = client_attach,
        .build_image = client_build_image,
        .remove_image = client_remove_image,
        .stop_container = client_stop_container,
        .kill_container = client_kill_container,
        .remove_container = client_remove_container,
        .ping = client_ping,
        .wait_container = client_wait_container,
        .inspect_image = client_inspect_image,
        .pull_image = client_pull_image,
        .download_from_container = client_download,
        .attach_non_blocking = attach_non_blocking,
        .attach_close = attach_close,
        .attach_wait = attach_wait,
    };
}
