/* What a peer keeps on its disk. */
#include "model/ccprovider/filesystem.h"
#include "model/ledger/kv_ledger.h"
#include "model/peer/internal.h"

struct peer_disk {
    const struct peer_base *base;
    struct ledger_disk **ledgers; /* as the world's channels */
    struct memory_fs *files;
    uint32_t starts;
};

/* The folders above the install path, which the peer itself does not make. */
static void make_parents(struct memory_fs *files, rt_str path)
{
    struct file_system fs = memory_fs_interface(files);
    for (size_t i = 1; i < path.len; i++)
        if (path.data[i] == '/')
            fs.mkdir(fs.self, rt_str_slice(path, 0, i));
}

struct peer_disk *peer_disk_new(const struct peer_base *base)
{
    const struct world *world = peer_base_world(base);
    struct peer_disk *disk = rt_new(struct peer_disk);
    disk->base = base;
    disk->ledgers = rt_new_array(struct ledger_disk *, world->channel_count + 1);
    for (size_t i = 0; i < world->channel_count; i++)
        disk->ledgers[i] = ledger_disk_new(&world->channels[i]);
    disk->files = memory_fs_new();
    make_parents(disk->files, world->peer.chaincode_install_path);
    for (size_t i = 0; i < world->package_count; i++) {
        rt_str path = rt_sprintf(
                "%S/%S", world->peer.chaincode_install_path, world->packages[i].file_name);
        memory_fs_put(disk->files, path, world->packages[i].content);
    }
    return disk;
}

uint32_t peer_disk_count_start(struct peer_disk *disk)
{
    return ++disk->starts;
}

struct memory_fs *peer_disk_files(const struct peer_disk *disk)
{
    return disk->files;
}

/* Opens the ledgers of all channels, as ledgermgmt and peer.Initialize do. */
void peer_open_ledgers(struct peer *peer)
{
    const struct world *world = peer_base_world(peer->config.base);
    peer->ledgers = rt_new_array(const struct peer_ledger *, world->channel_count + 1);
    for (size_t i = 0; i < world->channel_count; i++) {
        struct rt_error *err =
                kv_ledger_open(peer->config.disk->ledgers[i], NULL, &peer->ledgers[i]);
        if (err)
            rt_panicf(
                    "Error in opening the ledger of channel %S: %v", world->channels[i].name, err);
        kv_ledger_set_observer(peer->ledgers[i], peer->config.observer);
    }
}

const struct peer_ledger *peer_ledger(const struct peer *peer, rt_str channel)
{
    const struct world *world = peer_base_world(peer->config.base);
    for (size_t i = 0; i < world->channel_count; i++)
        if (rt_str_eq(world->channels[i].name, channel))
            return peer->ledgers[i];
    return NULL;
}
