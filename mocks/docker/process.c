/* What programs in containers can do, and the program that builds. */
#include "mocks/docker/internal.h"

struct container *container_of_process(const struct engine_process *process)
{
    for (struct container *c = process->engine->containers; c; c = c->next)
        if (&c->process == process)
            return c;
    return NULL;
}

/* Frames: a byte for the stream, three zeros, the length. */
static rt_bytes frame(int fd, rt_bytes data)
{
    struct rt_buf buf = { 0 };
    const uint8_t header[8] = {
        (uint8_t)fd,
        0,
        0,
        0,
        (uint8_t)(data.len >> 24),
        (uint8_t)(data.len >> 16),
        (uint8_t)(data.len >> 8),
        (uint8_t)data.len,
    };
    rt_buf_put(&buf, header, sizeof(header));
    rt_buf_put_str(&buf, data);
    return rt_buf_str(&buf);
}

void engine_process_write(struct engine_process *process, int fd, rt_bytes data)
{
    struct container *c = container_of_process(process);
    if (!c || data.len == 0)
        return;
    struct log_frame *f = rt_new(struct log_frame);
    *f = (struct log_frame){ fd, frame(fd, data), rt_wall_ns(), NULL };
    if (c->log_last)
        c->log_last->next = f;
    else
        c->log = f;
    c->log_last = f;
    for (struct attachment *a = c->attachments; a; a = a->next)
        if (fd == 1 ? a->out : a->err)
            reply_write(a->x, f->data);
}

void engine_process_write_file(struct engine_process *process, rt_str path, rt_bytes content)
{
    struct container *c = container_of_process(process);
    if (c)
        file_put(container_files(c), file_clean_path(path), false, content);
}

bool engine_process_read_file(const struct engine_process *process, rt_str path, rt_bytes *content)
{
    struct container *c = container_of_process(process);
    const struct file *f = c ? file_find(*container_files(c), file_clean_path(path)) : NULL;
    if (!f || f->dir)
        return false;
    *content = f->content;
    return true;
}

rt_str env_chaincode(const struct str_slice *env)
{
    static const rt_str name = RT_STR_INIT("CORE_CHAINCODE_ID_NAME=");
    for (size_t i = 0; i < env->count; i++)
        if (rt_str_has_prefix(env->items[i], name))
            return rt_str_slice(env->items[i], name.len, env->items[i].len);
    return RT_NIL;
}

bool engine_process_builds(const struct engine_process *process)
{
    const struct str_slice *args = &process->args;
    return args->count == 3 && rt_str_is(args->items[0], "/bin/sh") &&
           rt_str_is(args->items[1], "-c") && !env_chaincode(&process->env).data;
}

void build_main(void *self, struct engine_process *process)
{
    (void)self;
    const struct container *c = container_of_process(process);
    const struct engine_fault *f = c ? c->exit_fault : NULL;
    if (f && f->output.len > 0)
        engine_process_write(process, 2, f->output);
    if (f && f->ms > 0)
        rt_sleep_ns(f->ms * RT_MS);
    if (f && f->exit_code != 0) {
        if (f->output.len == 0)
            engine_process_write(process, 2, RT_STR("build failed\n"));
        rt_proc_exit(rt_proc_self(), (int)f->exit_code, NULL);
    }
    engine_process_write_file(process, RT_STR("/chaincode/output/chaincode"),
            RT_STR("chaincode of a modelled build\n"));
}
