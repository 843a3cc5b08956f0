/* cclab world: what is in a world, and new ones. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/cli/commands.h"
#include "harness/json/json.h"
#include "harness/scenario/scenario.h"
#include "harness/world/new.h"
#include "harness/world/show.h"
#include "harness/world/world.h"

struct options {
    bool json;
    struct flag_list orgs;
    struct flag_list channels;
    struct flag_list blocks;
    struct flag_list identities;
    const char *peer;
    const char *id;
    const char *now;
    int64_t seed;
    const char *out;
};

static const struct flag flags[] = {
    BOOL_FLAG("json", json, "show: print the world as JSON, with all files in it"),
    LIST_FLAG("org", orgs, "ID[=FOLDER]",
            "new: an organisation, or one with an MSP folder; the peer is of the first"),
    LIST_FLAG("channel", channels, "NAME", "new: a channel of all organisations"),
    LIST_FLAG("block", blocks, "FILE", "new: the channel of a configuration block"),
    LIST_FLAG("identity", identities, "NAME[@ORG][=FOLDER]",
            "new: who can sign, made or from an MSP folder; admin and user if none is given"),
    TEXT_FLAG("peer", peer, "FOLDER", "new: the peer's own MSP folder"),
    TEXT_FLAG("id", id, "NAME", "new: the peer's id; peer0 if not given"),
    TEXT_FLAG("now", now, "TIME", "new: the time of the world, 2026-01-01T00:00:00Z"),
    NUMBER_FLAG("seed", seed, "N", "new: of the keys and certificates that are made", 0, 0),
    FILE_FLAG("out", out, "FILE", "new: write the world there instead of printing it"),
    { 0 },
};

static int print_json(const char *path, json_t *value)
{
    bool ok = json_write(path, value);
    json_decref(value);
    return ok ? CCLAB_OK : CCLAB_OUTPUT;
}

/* ---- show ---- */

static int show_world(const struct options *o, const struct world *world)
{
    if (o->json)
        return print_json("-", world_to_json(world));
    world_show(stdout, world);
    return CCLAB_OK;
}

/* A file is a scenario if it says so. */
static bool is_scenario(const struct json_doc *doc)
{
    return json_is_object(doc->root->value) && json_member(doc->root, "scenario");
}

static int show_scenario(const struct options *o, const char *path, struct json_doc *doc)
{
    char *folder = file_beside(path, "");
    struct scenario *s = scenario_from_doc(doc, folder);
    int status = CCLAB_USAGE;
    free(folder);
    if (s && !s->world)
        diag("world: %s has no world: it is the launch path alone", path);
    else if (s)
        status = show_world(o, s->world);
    scenario_free(s);
    return status;
}

static int show(const struct options *o, const char *path)
{
    if (strcmp(path, "default") != 0) {
        struct json_doc *doc = json_doc_load(path);
        if (!doc)
            return CCLAB_USAGE;
        if (is_scenario(doc))
            return show_scenario(o, path, doc);
        json_doc_free(doc);
    }
    struct world *world = world_load(path);
    int status = world ? show_world(o, world) : CCLAB_USAGE;
    world_free(world);
    return status;
}

/* ---- new ---- */

static struct world_new_list list_of(const struct flag_list *list)
{
    return (struct world_new_list){ list->items, list->count };
}

static int make(const struct options *o)
{
    const struct world_new how = { .orgs = list_of(&o->orgs),
        .channels = list_of(&o->channels),
        .blocks = list_of(&o->blocks),
        .identities = list_of(&o->identities),
        .peer = o->peer,
        .id = o->id,
        .now = o->now,
        .seed = o->seed };
    json_t *world = world_new(&how);
    return world ? print_json(o->out ? o->out : "-", world) : CCLAB_USAGE;
}

static int run(const void *options, const struct operands *operands)
{
    const char *what = operands->items[0];
    if (strcmp(what, "show") == 0 && operands->count == 2)
        return show(options, operands->items[1]);
    if (strcmp(what, "new") == 0 && operands->count == 1)
        return make(options);
    diag("world: expected \"show FILE\" or \"new\"; see cclab world --help");
    return CCLAB_USAGE;
}

const struct command command_world = {
    .name = "world",
    .summary = "Shows what is in a world, or makes a new one.",
    .operands = "show FILE | new",
    .details =
            "FILE is a world, a scenario, or \"default\" for the world that cclab has in it.\n\n"
            "A new world has a peer, identities and channels, of organisations that are made from\n"
            "a seed or read from MSP folders; its file can be named by any scenario:\n\n"
            "    cclab world new --org Org1MSP --org Org2MSP --channel mychannel \\\n"
            "        --identity admin --identity user@Org2MSP --out world.json\n"
            "    cclab world new --org Org1MSP=msp --peer peers/peer0/msp \\\n"
            "        --identity admin=users/Admin/msp --block mychannel.block --out world.json",
    .flags = flags,
    .options_size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
