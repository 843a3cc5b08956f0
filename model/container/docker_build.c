/* Follows DockerBuild of core/chaincode/platforms/util/utils.go. */
#include "model/container/docker_build.h"

#include "model/container/docker_endpoint.h"
#include "model/lab/variants.h"
#include "model/rt/rt.h"
#include "model/rt/sync.h"
#include "model/rt/trace.h"

/* What the container prints: a bytes.Buffer that two goroutines use. Closing the attachment makes
 * the wait for it return at once, so nothing orders the last writes and the look at it. */
struct printed {
    struct rt_buf stdout_buf;
    struct rt_mutex lock; /* for the variant FIX_BUILD_OUTPUT */
    uint64_t variants;
};

static struct rt_error *append(void *self, rt_bytes data)
{
    struct printed *p = self;
    if (variant_on(p->variants, VARIANT_FIX_BUILD_OUTPUT))
        rt_lock(&p->lock);
    rt_shared_write(&p->stdout_buf, "DockerBuild.stdout");
    rt_buf_put_str(&p->stdout_buf, data);
    if (variant_on(p->variants, VARIANT_FIX_BUILD_OUTPUT))
        rt_unlock(&p->lock);
    return NULL;
}

/* stdout.String(). */
static rt_str text_of(struct printed *p)
{
    if (variant_on(p->variants, VARIANT_FIX_BUILD_OUTPUT))
        rt_lock(&p->lock);
    rt_shared_read(&p->stdout_buf, "DockerBuild.stdout");
    rt_str text = rt_buf_str(&p->stdout_buf);
    if (variant_on(p->variants, VARIANT_FIX_BUILD_OUTPUT))
        rt_unlock(&p->lock);
    return text;
}

static struct rt_error *image_at_hand(const struct docker_client *client, rt_str image)
{
    if (!client->inspect_image(client->self, image))
        return NULL;
    struct rt_error *err = client->pull_image(client->self, image);
    return err ? rt_errorf("Failed to pull %S: %v", image, err) : NULL;
}

/* From the start of the container to its end. */
static struct rt_error *run(
        const struct docker_client *client, rt_str id, void *waiter, struct printed *printed)
{
    struct rt_error *err = client->start_container(client->self, id);
    if (err) {
        client->attach_close(waiter);
        return rt_errorf("Error executing build: %v \"%S\"", err, text_of(printed));
    }
    int64_t exit_code = 0;
    err = client->wait_container(client->self, id, &exit_code);
    client->attach_close(waiter);
    if (err)
        return rt_errorf("Error waiting for container to complete: %v", err);
    err = client->attach_wait(waiter);
    if (err)
        rt_note("attach wait failed: %v", err);
    if (exit_code > 0)
        return rt_errorf(
                "Error returned from build: %lld \"%S\"", (long long)exit_code, text_of(printed));
    return NULL;
}

/* What happens in the container `id`. */
static struct rt_error *build_in(const struct docker_client *client, rt_str id, rt_bytes input,
        uint64_t variants, rt_bytes *output)
{
    struct rt_error *err = client->upload_to_container(client->self, id, RT_STR("/chaincode/input"),
            io_reader_from(input), (int64_t)input.len);
    if (err)
        return rt_errorf("Error uploading input to container: %v", err);

    struct printed *printed = rt_new(struct printed);
    printed->variants = variants;
    rt_mutex_init(&printed->lock, "DockerBuild.stdout");
    const struct docker_attach_options attach = {
        .container = id,
        .stdout_to = { printed, append },
        .stderr_to = { printed, append },
    };
    void *waiter;
    err = client->attach_non_blocking(client->self, &attach, &waiter);
    if (err)
        return rt_errorf("Error attaching to container: %v", err);
    err = run(client, id, waiter, printed);
    if (err)
        return err;

    struct rt_buf result = { 0 };
    err = client->download_from_container(client->self, id, RT_STR("/chaincode/output/."), &result);
    if (err)
        return rt_errorf("Error downloading output: %v", err);
    *output = rt_buf_str(&result);
    return NULL;
}

struct rt_error *docker_build(struct docker_transport transport, struct docker_build_config config,
        rt_str image, rt_str cmd, rt_bytes input, rt_bytes *output)
{
    if (transport.endpoint && transport.endpoint->err)
        return rt_errorf("Error creating docker client: %v", transport.endpoint->err);
    struct docker_client client = docker_client_new(transport);
    if (image.len == 0)
        image = config.builder;
    if (image.len == 0)
        return rt_errorf("No image provided and \"chaincode.builder\" default does not exist");
    struct rt_error *err = image_at_hand(&client, image);
    if (err)
        return err;

    rt_str command[] = { RT_STR("/bin/sh"), RT_STR("-c"), cmd };
    const struct docker_create_options create = {
        .image = image,
        .cmd = { command, 3 },
        .attach_stdout = true,
        .attach_stderr = true,
    };
    rt_str id;
    err = client.create_container(client.self, &create, &id);
    if (err)
        return rt_errorf("Error creating container: %v", err);
    err = build_in(&client, id, input, config.variants, output);
    client.remove_container(client.self, id, false);
    return err;
}
