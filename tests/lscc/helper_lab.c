/* The world of the lab: channels, MSPs, packages; and the peer's interfaces over them. */
#include "tests/lscc/helper_lab_internal.h"

#include <fnmatch.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/policy/channelconfig.h"
#include "model/policy/policychecker.h"
#include "model/wire/wire.h"

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "lscc lab: %s\n", what);
    abort();
}

static rt_bytes read_file(const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    check(f != NULL, path);
    struct rt_buf buf = { 0 };
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
        rt_buf_put(&buf, chunk, n);
    fclose(f);
    return rt_buf_str(&buf);
}

static rt_bytes hex_bytes(const json_t *value)
{
    rt_bytes out;
    check(rt_unhex(rt_str_from(json_string_value(value)), &out), "bad hex");
    return rt_str_dup(out);
}

static void load_msps(struct lscc_lab *lab, const json_t *msps, const char *folder)
{
    const char *name;
    json_t *dir;
    json_object_foreach((json_t *)(uintptr_t)msps, name, dir)
    {
        char file[300];
        snprintf(file, sizeof(file), "%s/cacert.pem", json_string_value(dir));
        rt_bytes ca = read_file(folder, file);
        snprintf(file, sizeof(file), "%s/admincert.pem", json_string_value(dir));
        rt_bytes admin = read_file(folder, file);
        struct msp_config config = {
            .name = rt_str_dup(rt_str_from(name)),
            .root_certs = &ca,
            .root_cert_count = 1,
            .admins = &admin,
            .admin_count = 1,
            .now_ms = lab->now_ms,
        };
        struct msp *msp;
        struct rt_error *err = msp_new(MSP_V1_0, &config, &msp);
        check(!err, err ? rt_cstr(err->text) : "");
        check(lab->msp_count < LAB_MAX, "too many MSPs");
        lab->msps[lab->msp_count++] = msp;
    }
}

static const struct msp *find_msp(const struct lscc_lab *lab, const char *name)
{
    for (size_t i = 0; i < lab->msp_count; i++)
        if (rt_str_is(msp_get_identifier(lab->msps[i]), name))
            return lab->msps[i];
    check(false, "no such MSP");
    return NULL;
}

static void configure(struct lab_channel *channel)
{
    struct channel_config_params params = {
        .channel_id = channel->name,
        .capabilities = channel->capabilities,
        .capability_count = channel->capability_count,
        .orgs = channel->orgs,
        .org_count = channel->org_count,
    };
    struct rt_error *err = channel_config_new(&params, &channel->config);
    check(!err, err ? rt_cstr(err->text) : "");
}

static void load_channel(struct lscc_lab *lab, const char *name, const json_t *json)
{
    check(lab->channel_count < LAB_MAX, "too many channels");
    struct lab_channel *channel = &lab->channels[lab->channel_count++];
    channel->name = rt_str_dup(rt_str_from(name));
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(json, "application_capabilities"), i, item)
            channel->capabilities[channel->capability_count++] =
            rt_str_dup(rt_str_from(json_string_value(item)));
    json_array_foreach(json_object_get(json, "orgs"), i, item) channel->orgs[channel->org_count++] =
            find_msp(lab, json_string_value(item));
    configure(channel);
    channel->state = rt_map_new();
    const char *key;
    json_object_foreach(json_object_get(json_object_get(json, "state"), "lscc"), key, item)
    {
        rt_bytes *value = rt_new(rt_bytes);
        *value = hex_bytes(json_object_get(item, "value"));
        rt_map_put(channel->state, rt_str_dup(rt_str_from(key)), value);
    }
}

struct lscc_lab *lscc_lab_new(const char *world_path)
{
    json_error_t error;
    json_t *root = json_load_file(world_path, 0, &error);
    check(root != NULL, error.text);
    char folder[256];
    snprintf(folder, sizeof(folder), "%s", world_path);
    *strrchr(folder, '/') = '\0';

    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct lscc_lab *lab = rt_new(struct lscc_lab);
    lab->arena = arena;
    lab->now_ms = 1795459500000; /* 2026-11-23T18:45:00Z */
    check(strcmp(json_string_value(json_object_get(root, "now")), "2026-11-23T18:45:00Z") == 0,
            "another time than this lab's");
    load_msps(lab, json_object_get(root, "msps"), folder);
    const json_t *peer = json_object_get(root, "peer");
    lab->local_msp = find_msp(lab, json_string_value(json_object_get(peer, "mspid")));
    lab->install_path = rt_str_dup(
            rt_str_from(json_string_value(json_object_get(peer, "chaincode_install_path"))));

    const char *name;
    json_t *item;
    json_object_foreach(json_object_get(root, "channels"), name, item)
            load_channel(lab, name, item);
    lab->fs = memory_fs_new();
    json_object_foreach(json_object_get(root, "packages"), name, item)
            memory_fs_put(lab->fs, rt_sprintf("%S/%s", lab->install_path, name), hex_bytes(item));
    lab->machine = rt_machine_new();
    rt_arena_use(before);
    json_decref(root);
    return lab;
}

void lscc_lab_free(struct lscc_lab *lab)
{
    rt_machine_free(lab->machine);
    rt_arena_free(lab->arena);
}

void lscc_lab_remove_packages(struct lscc_lab *lab, const char *pattern)
{
    struct rt_arena *before = rt_arena_use(lab->arena);
    struct file_system fs = memory_fs_interface(lab->fs);
    struct file_info *entries;
    size_t count;
    check(!fs.read_dir(fs.self, lab->install_path, &entries, &count), "read_dir");
    for (size_t i = 0; i < count; i++)
        if (fnmatch(pattern, rt_cstr(entries[i].name), 0) == 0)
            memory_fs_remove(lab->fs, rt_sprintf("%S/%S", lab->install_path, entries[i].name));
    rt_arena_use(before);
}

struct lab_channel *lab_find_channel(const struct lscc_lab *lab, rt_str name)
{
    for (size_t i = 0; i < lab->channel_count; i++)
        if (rt_str_eq(lab->channels[i].name, name))
            return (struct lab_channel *)(uintptr_t)&lab->channels[i];
    return NULL;
}

void lscc_lab_set_capabilities(
        struct lscc_lab *lab, const char *channel, const rt_str *names, size_t count)
{
    struct rt_arena *before = rt_arena_use(lab->arena);
    struct lab_channel *c = lab_find_channel(lab, rt_str_from(channel));
    check(c && count <= LAB_MAX, "set_capabilities");
    for (size_t i = 0; i < count; i++)
        c->capabilities[i] = rt_str_dup(names[i]);
    c->capability_count = count;
    configure(c);
    rt_arena_use(before);
}

void lscc_lab_set_state(struct lscc_lab *lab, const char *channel, rt_str key, rt_bytes value)
{
    struct rt_arena *before = rt_arena_use(lab->arena);
    struct lab_channel *c = lab_find_channel(lab, rt_str_from(channel));
    check(c != NULL, "set_state");
    if (value.data) {
        rt_bytes *copy = rt_new(rt_bytes);
        *copy = rt_str_dup(value);
        rt_map_put(c->state, rt_str_dup(key), copy);
    } else {
        rt_map_delete(c->state, key);
    }
    rt_arena_use(before);
}
