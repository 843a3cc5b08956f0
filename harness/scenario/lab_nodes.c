/* The peers of a lab: the first one, with the scenario's faults, and those beside it. */
#include "harness/scenario/lab_peer.h"
#include "model/lab/go.h"

/* ---- for all runs ---- */

static bool make_base(struct lab_node *node)
{
    struct rt_error *error = NULL;
    node->base = peer_base_new(node->world, &error);
    if (!node->base)
        diag_at((struct diag_place){ .file = node->lab->lab.scenario->path },
                "its world makes no peer: %s", error ? rt_cstr(error->text) : "unknown reason");
    return node->base != NULL;
}

/* What invariants and verdicts know of the peers beside the first. */
static void name_others(struct peer_lab *lab)
{
    const struct scenario *s = lab->lab.scenario;
    struct check *check = &lab->lab.check;
    check->others = rt_new_array(struct check_other, s->peer_count + 1);
    check->other_count = s->peer_count;
    for (size_t i = 0; i < s->peer_count; i++)
        check->others[i] = (struct check_other){ .name = s->peers[i].name,
            .settings = &s->peers[i].world->peer };
}

bool lab_make_nodes(struct peer_lab *lab)
{
    const struct scenario *s = lab->lab.scenario;
    lab->node_count = 1 + s->peer_count;
    lab->nodes = rt_new_array(struct lab_node, lab->node_count);
    name_others(lab);
    for (size_t i = 0; i < lab->node_count; i++) {
        lab->nodes[i] = (struct lab_node){
            .lab = lab, .number = i, .world = i == 0 ? s->world : s->peers[i - 1].world
        };
        if (!make_base(&lab->nodes[i]))
            return false;
    }
    return true;
}

void lab_free_nodes(struct peer_lab *lab)
{
    for (size_t i = 0; i < lab->node_count; i++)
        if (lab->nodes[i].base)
            peer_base_free(lab->nodes[i].base);
}

/* ---- in a run ---- */

/* The disk and what is below the ledgers fail as the scenario says. */
static void fail_as_told(struct lab_node *node)
{
    struct lab *lab = &node->lab->lab;
    const struct scenario *s = lab->scenario;
    struct disk_fault_plan files = s->disk;
    struct ledger_fault_plan ledgers = s->ledger;
    files.struck = lab_hits(lab, s->disk_effects);
    ledgers.struck = lab_hits(lab, s->ledger_effects);
    node->files = disk_new(memory_fs_interface(peer_disk_files(node->disk)), files,
            go_minor(node->world->peer.go_version));
    node->system_chaincodes = system_chaincodes_new((struct system_plan){
            s->system_faults, s->system_fault_count, lab_hits(lab, s->system_effects) });
    if (ledgers.count == 0)
        return;
    struct storage_hook hook = ledger_faults_hook(ledgers);
    peer_disk_set_storage(node->disk, &hook);
}

static void fail_never(struct lab_node *node)
{
    node->files = disk_new(memory_fs_interface(peer_disk_files(node->disk)),
            (struct disk_fault_plan){ 0 }, go_minor(node->world->peer.go_version));
    node->system_chaincodes = system_chaincodes_new((struct system_plan){ 0 });
}

void lab_begin_nodes(struct peer_lab *lab)
{
    for (size_t i = 0; i < lab->node_count; i++) {
        struct lab_node *node = &lab->nodes[i];
        node->chaincode_address = RT_NIL;
        node->peer = NULL;
        node->disk = peer_disk_new(node->base);
        if (i == 0)
            fail_as_told(node);
        else
            fail_never(node);
    }
}

const void *lab_other_roots(const struct peer_lab *lab)
{
    if (lab->node_count == 1)
        return NULL;
    const void **roots = rt_new_array(const void *, 3 * lab->node_count);
    for (size_t i = 1; i < lab->node_count; i++) {
        roots[3 * i] = lab->nodes[i].peer;
        roots[3 * i + 1] = lab->nodes[i].disk;
        roots[3 * i + 2] = lab->nodes[i].peer_died;
    }
    return roots;
}
