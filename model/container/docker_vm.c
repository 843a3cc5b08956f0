/* Follows DockerVM of core/container/dockercontroller/dockercontroller.go. */
#include "model/container/docker_vm.h"

#include "model/container/docker_endpoint.h"
#include "model/gostd/tar.h"
#include "model/lab/variants.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"

struct docker_vm {
    struct docker_vm_config config;
};

static struct rt_error *create_container(struct docker_vm *vm, struct docker_client *client,
        rt_str image_id, rt_str container_id, struct str_slice args, struct str_slice env)
{
    rt_str id = { 0 };
    struct docker_create_options options = {
        .name = container_id,
        .image = image_id,
        .cmd = args,
        .env = env,
        .attach_stdout = vm->config.attach_stdout,
        .attach_stderr = vm->config.attach_stdout,
        .host_config = &vm->config.host_config,
    };
    return client->create_container(client->self, &options, &id);
}

static struct rt_error *deploy_image(struct docker_vm *vm, struct docker_client *client,
        struct ccid ccid, struct io_reader reader)
{
    struct rt_buf output = { 0 };
    struct docker_build_options options = {
        .pull = vm->config.pull,
        .input = reader,
        .output = &output,
    };
    struct rt_error *err = docker_vm_get_vm_name_for_docker(
            vm->config.network_id, vm->config.peer_id, ccid, &options.name);
    if (err)
        return err;
    int64_t start_time = rt_now_ns();
    err = client->build_image(client->self, &options);
    if (vm->config.observe_build)
        vm->config.observe_build(vm->config.metrics, rt_sprintf("%S:%S", ccid.name, ccid.version),
                !err, rt_now_ns() - start_time);
    if (err) {
        if (variant_on(vm->config.variants, VARIANT_FIX_BUILD_CONTEXT_CLOSED))
            io_close(reader);
        rt_note("Error building image: %v", err);
        rt_note("Build Output:\n********************\n%S\n********************",
                rt_buf_str(&output));
    }
    return err;
}

static struct rt_error *stop_internal(
        struct docker_client *client, rt_str id, unsigned timeout, bool dontkill, bool dontremove)
{
    struct rt_error *err = client->stop_container(client->self, id, timeout);
    if (!dontkill)
        err = client->kill_container(client->self, id);
    if (!dontremove)
        err = client->remove_container(client->self, id, true);
    return err;
}

/* What the goroutines of streamOutput share. */
struct output_stream {
    struct docker_client client;
    rt_str container;
    struct rt_chan *attached;
    struct io_pipe *pipe;
    uint64_t variants;
};

static struct rt_error *write_pipe(void *self, rt_bytes data)
{
    return io_pipe_write(self, data);
}

static void attach_goroutine(void *arg)
{
    struct output_stream *s = arg;
    struct docker_attach_options options = {
        .container = s->container,
        .stdout_to = { s->pipe, write_pipe },
        .stderr_to = { s->pipe, write_pipe },
        .success = s->attached,
    };
    struct rt_error *err = s->client.attach_to_container(s->client.self, &options);
    /* the container has ended */
    io_pipe_close_write(s->pipe, err);
}

/* Logs whole lines of what comes; what follows the last line end is dropped. */
static void log_lines(const struct output_stream *s)
{
    struct io_reader r = io_pipe_reader(s->pipe);
    struct rt_buf line = { 0 };
    for (;;) {
        rt_bytes chunk = RT_NIL;
        struct rt_error *err = r.read(r.self, &chunk);
        if (variant_on(s->variants, VARIANT_OUTPUT_BUSY_LOOP) && err) {
            rt_yield(); /* as until 1.4.0 */
            continue;
        }
        if (err == rt_eof) {
            rt_note("Container %S has closed its IO channel", s->container);
            return;
        }
        if (err) {
            rt_note("Error reading container output: %v", err);
            return;
        }
        for (size_t i = 0; i < chunk.len; i++) {
            rt_buf_put_byte(&line, chunk.data[i]);
            if (chunk.data[i] == '\n') {
                rt_note("peer.chaincode.%S: %S", s->container,
                        rt_str_slice(rt_buf_str(&line), 0, line.len - 1));
                line.len = 0;
            }
        }
    }
}

static void log_goroutine(void *arg)
{
    struct output_stream *s = arg;
    struct rt_case cases[] = {
        RT_RECV(s->attached),
        RT_RECV(rt_after(10 * RT_SECOND, "docker.attach.timeout")),
    };
    if (rt_select(cases, 2) == 0) {
        rt_close(s->attached); /* the streams may be copied now */
        log_lines(s);
    } else {
        rt_note("Timeout while attaching to IO channel in container %S", s->container);
    }
    io_pipe_close_read(s->pipe);
}

/* streamOutput: mirrors what the container prints to the peer's log. */
static void stream_output(
        const struct docker_vm *vm, const struct docker_client *client, rt_str container)
{
    struct output_stream *s = rt_new(struct output_stream);
    s->client = *client;
    s->container = container;
    s->variants = vm->config.variants;
    s->attached = rt_chan_make(0, "docker.attached");
    s->pipe = io_pipe_new("docker.output");
    rt_go("docker.streamOutput.attach", attach_goroutine, s);
    rt_go("docker.streamOutput.log", log_goroutine, s);
}

static struct rt_error *upload_files(
        struct docker_client *client, rt_str container, struct rt_map *files)
{
    struct rt_buf tar = { 0 };
    struct tar_writer writer = { .out = &tar };
    const struct rt_map_entry *entries = rt_map_range(files);
    for (size_t i = 0; i < rt_map_len(files); i++)
        tar_write_bytes_to_package(&writer, entries[i].key, *(const rt_bytes *)entries[i].value);
    struct rt_error *err = tar_writer_close(&writer);
    if (err)
        return rt_errorf("Error writing files to upload to Docker instance into a temporary tar "
                         "blob: %v",
                err);
    rt_bytes payload = gzip_compress(rt_buf_str(&tar));
    err = client->upload_to_container(
            client->self, container, RT_STR("/"), io_reader_from(payload), (int64_t)payload.len);
    if (err)
        return rt_errorf("Error uploading files to the container instance %S: %v", container, err);
    return NULL;
}

/* The second half of the build path: image, then the container again. */
static struct rt_error *build_and_create(struct docker_vm *vm, struct docker_client *client,
        struct ccid ccid, struct builder builder, rt_str image_name, rt_str container_name,
        struct str_slice args, struct str_slice env)
{
    struct io_reader reader = { 0 };
    if (!builder.build)
        rt_panic_nil();
    struct rt_error *err = builder.build(builder.self, &reader);
    if (err)
        return rt_error_wrapf(err, "failed to generate Dockerfile to build %S", container_name);
    err = deploy_image(vm, client, ccid, reader);
    if (err)
        return err;
    err = create_container(vm, client, image_name, container_name, args, env);
    if (err)
        rt_note("failed to create container: %v", err);
    return err;
}

static struct rt_error *docker_start(void *self, struct ccid ccid, struct str_slice args,
        struct str_slice env, struct rt_map *files_to_upload, struct builder builder)
{
    struct docker_vm *vm = self;
    struct docker_client client = { 0 };
    rt_str image_name = { 0 };
    struct rt_error *err = docker_vm_get_vm_name_for_docker(
            vm->config.network_id, vm->config.peer_id, ccid, &image_name);
    if (err)
        return err;
    rt_str container_name = docker_vm_get_vm_name(vm->config.network_id, vm->config.peer_id, ccid);
    err = vm->config.get_client.get(vm->config.get_client.self, &client);
    if (err)
        return err;

    (void)stop_internal(&client, container_name, 0, false, false);

    err = create_container(vm, &client, image_name, container_name, args, env);
    if (rt_error_is(err, &docker_error_no_such_image)) {
        err = build_and_create(vm, &client, ccid, builder, image_name, container_name, args, env);
        if (err)
            return err;
    } else if (err) {
        rt_note("create container failed: %v", err);
        return err;
    }

    if (vm->config.attach_stdout)
        stream_output(vm, &client, container_name);

    if (files_to_upload && rt_map_len(files_to_upload) != 0) {
        err = upload_files(&client, container_name, files_to_upload);
        if (err)
            return err;
    }

    err = client.start_container(client.self, container_name);
    if (err)
        rt_note("start-could not start container: %v", err);
    return err;
}

static struct rt_error *docker_stop(
        void *self, struct ccid ccid, unsigned timeout, bool dontkill, bool dontremove)
{
    struct docker_vm *vm = self;
    struct docker_client client = { 0 };
    struct rt_error *err = vm->config.get_client.get(vm->config.get_client.self, &client);
    if (err)
        return err;
    rt_str id = docker_vm_get_vm_name(vm->config.network_id, vm->config.peer_id, ccid);
    return stop_internal(&client, id, timeout, dontkill, dontremove);
}

static struct rt_error *docker_wait(void *self, struct ccid ccid, int64_t *exit_code)
{
    struct docker_vm *vm = self;
    struct docker_client client = { 0 };
    *exit_code = 0;
    struct rt_error *err = vm->config.get_client.get(vm->config.get_client.self, &client);
    if (err)
        return err;
    rt_str id = docker_vm_get_vm_name(vm->config.network_id, vm->config.peer_id, ccid);
    return client.wait_container(client.self, id, exit_code);
}

static struct rt_error *docker_health_check(void *self, struct vm_context context)
{
    struct docker_vm *vm = self;
    struct docker_client client = { 0 };
    struct rt_error *err = vm->config.get_client.get(vm->config.get_client.self, &client);
    if (err)
        return rt_error_wrap(err, "failed to connect to Docker daemon");
    return rt_error_wrap(client.ping(client.self, context), "failed to ping to Docker daemon");
}

struct docker_vm *docker_vm_new(const struct docker_vm_config *config)
{
    struct docker_vm *vm = rt_new(struct docker_vm);
    vm->config = *config;
    return vm;
}

struct vm docker_vm_as_vm(struct docker_vm *vm)
{
    return (struct vm){
        .self = vm,
        .start = docker_start,
        .stop = docker_stop,
        .wait = docker_wait,
        .health_check = docker_health_check,
    };
}

static struct vm provider_new_vm(void *self)
{
    return docker_vm_as_vm(self);
}

struct vm_provider docker_vm_provider(struct docker_vm *vm)
{
    return (struct vm_provider){ vm, provider_new_vm };
}

static struct rt_error *get_over(void *self, struct docker_client *client)
{
    const struct docker_transport *transport = self;
    if (transport->endpoint && transport->endpoint->err)
        return transport->endpoint->err;
    *client = docker_client_new(*transport);
    return NULL;
}

struct docker_client_getter docker_client_getter_over(struct docker_transport *transport)
{
    return (struct docker_client_getter){ transport, get_over };
}
