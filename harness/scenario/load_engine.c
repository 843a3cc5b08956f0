/* What an engine has when a scenario begins. */
#include "harness/scenario/load.h"
#include "model/container/docker_vm.h"

/* The chaincode "name:version"; false after a report. */
static bool split(struct loading *l, const struct json_node *node, rt_str text, struct ccid *ccid)
{
    const uint8_t *colon = memchr(text.data, ':', text.len);
    size_t at = colon ? (size_t)(colon - text.data) : 0;
    if (at == 0 || at + 1 == text.len) {
        loading_wrong(l, loading_member(node, "chaincode"),
                "found \"%s\", expected the chaincode's name and version: mycc:1.0", rt_cstr(text));
        return false;
    }
    ccid->name = rt_str_slice(text, 0, at);
    ccid->version = rt_str_slice(text, at + 1, text.len);
    return true;
}

/* As the peer of the scenario's world calls them. */
static rt_str image_of(struct loading *l, const struct json_node *node, struct ccid ccid)
{
    const struct world_peer *peer = &l->s->world->peer;
    rt_str image = { 0 };
    struct rt_error *err =
            docker_vm_get_vm_name_for_docker(peer->network_id, peer->id, ccid, &image);
    if (err)
        loading_wrong(l, node, "%s", rt_cstr(err->text));
    return image;
}

static rt_str container_of(const struct loading *l, struct ccid ccid)
{
    const struct world_peer *peer = &l->s->world->peer;
    return docker_vm_get_vm_name(peer->network_id, peer->id, ccid);
}

static void load_images(struct loading *l, struct json_list list)
{
    const struct image_text *texts = list.items;
    struct scenario_docker *to = &l->s->docker;
    to->images = rt_new_array(struct scenario_image, list.count + 1);
    to->image_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct ccid ccid = { 0 };
        to->images[i] = (struct scenario_image){ texts[i].image, texts[i].holds };
        if (texts[i].chaincode.data && split(l, texts[i].node, texts[i].chaincode, &ccid))
            to->images[i].reference = image_of(l, texts[i].node, ccid);
        if (texts[i].image.data && !docker_engine_valid_image(texts[i].image))
            loading_wrong(l, loading_member(texts[i].node, "image"),
                    "\"%s\" cannot be the name of an image", rt_cstr(texts[i].image));
    }
}

static void load_containers(struct loading *l, struct json_list list)
{
    static const enum engine_state states[] = {
#define STATE(name, text) ENGINE_##name,
        OLD_STATES(STATE)
#undef STATE
    };
    const struct container_text *texts = list.items;
    struct scenario_docker *to = &l->s->docker;
    to->containers = rt_new_array(struct engine_old_container, list.count + 1);
    to->container_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        const struct container_text *t = &texts[i];
        struct engine_old_container *c = &to->containers[i];
        struct ccid ccid = { 0 };
        *c = (struct engine_old_container){ t->name, t->image, t->chaincode, states[t->state],
            t->exit_code };
        if (t->chaincode.data && split(l, t->node, t->chaincode, &ccid)) {
            c->name = container_of(l, ccid);
            if (!t->image.data)
                c->image = image_of(l, t->node, ccid);
        } else if (!t->image.data) {
            c->image = t->name;
        }
        if (c->state != ENGINE_EXITED && json_member(t->node, "exit_code"))
            loading_wrong(l, json_member(t->node, "exit_code"),
                    "a container that is %s has no exit code", engine_state_name(c->state));
        for (size_t k = 0; k < i; k++)
            if (rt_str_eq(to->containers[k].name, c->name))
                loading_wrong(l, t->node, "there is a container \"%s\" already", rt_cstr(c->name));
    }
}

static void load_registry(struct loading *l, struct json_list list)
{
    const struct refused_text *texts = list.items;
    struct scenario_docker *to = &l->s->docker;
    to->refused = rt_new_array(struct engine_refused, list.count + 1);
    to->refused_count = list.count;
    l->s->registry_effects = l->s->effect_count;
    for (size_t i = 0; i < list.count; i++) {
        const struct refused_text *t = &texts[i];
        to->refused[i] = (struct engine_refused){ t->image, (enum engine_refusal)t->says,
            (int)t->status, t->message };
        rt_str what = rt_sprintf("registry entry %zu (%S)", i + 1,
                t->message.data ? t->message
                                : rt_str_from(engine_refusal_name((enum engine_refusal)t->says)));
        loading_effect(l, (struct scenario_effect){ t->node, what, "never refused", 0 });
        if (!t->message.data && json_member(t->node, "status"))
            loading_wrong(l, json_member(t->node, "status"),
                    "\"status\" goes with a \"message\": a reason has its own");
    }
}

void load_engine(struct loading *l, const struct docker_text *t, const struct json_node *docker)
{
    struct scenario_docker *to = &l->s->docker;
    to->all_images = !docker || !json_member(docker, "images");
    to->all_networks = !docker || !json_member(docker, "networks");
    to->networks = (struct str_slice){ t->networks.items, t->networks.count };
    to->words = (enum engine_words)t->words;
    to->no_bridge = docker && json_member(docker, "bridge") && !t->bridge;
    if (!l->s->world)
        return;
    load_images(l, t->images);
    load_containers(l, t->containers);
    load_registry(l, t->registry);
}
