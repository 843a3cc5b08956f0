/* What a peer keeps on its disk. */
#include "model/ccprovider/filesystem.h"
#include "model/ledger/kv_ledger.h"
#include "model/ledger/transient_store.h"
#include "model/peer/internal.h"

struct peer_disk {
    const struct peer_base *base;
    struct ledger_disk **ledgers;             /* as the world's channels */
    struct transient_store *transient_stores; /* as the world's channels */
    struct memory_fs *files;
    uint32_t starts;
};

/* The folders above the install path, which the peer itself does not make. */
static void make_parents(struct memory_fs *files, rt_str path)
{
    size_t end = path.len;
    while (end > 0 && path.data[end - 1] != '/')
        end--;
    if (end > 1)
        memory_fs_put_directory(files, rt_str_slice(path, 0, end - 1));
}

static void put_package(struct memory_fs *files, rt_str folder, const struct world_package *package)
{
    rt_str path = rt_sprintf("%S/%S", folder, package->file_name);
    if (package->directory)
        memory_fs_put_directory(files, path);
    else if (package->unreadable)
        memory_fs_put_unreadable(files, path, package->content);
    else
        memory_fs_put(files, path, package->content);
}

struct peer_disk *peer_disk_new(const struct peer_base *base)
{
    const struct world *world = peer_base_world(base);
    struct peer_disk *disk = rt_new(struct peer_disk);
    disk->base = base;
    disk->ledgers = rt_new_array(struct ledger_disk *, world->channel_count + 1);
    for (size_t i = 0; i < world->channel_count; i++)
        disk->ledgers[i] = ledger_disk_new(&world->channels[i]);
    disk->transient_stores = rt_new_array(struct transient_store, world->channel_count + 1);
    disk->files = memory_fs_new();
    make_parents(disk->files, world->peer.chaincode_install_path);
    for (size_t i = 0; i < world->package_count; i++)
        put_package(disk->files, world->peer.chaincode_install_path, &world->packages[i]);
    return disk;
}

uint32_t peer_disk_count_start(struct peer_disk *disk)
{
    return ++disk->starts;
}

struct transient_store *peer_disk_transient_store(const struct peer_disk *disk, size_t i)
{
    return &disk->transient_stores[i];
}

void peer_disk_set_storage(struct peer_disk *disk, const struct storage_hook *hook)
{
    for (size_t i = 0; i < peer_base_world(disk->base)->channel_count; i++)
        disk->ledgers[i]->storage.hook = *hook;
}

struct memory_fs *peer_disk_files(const struct peer_disk *disk)
{
    return disk->files;
}

struct ledger_disk *peer_disk_ledger(const struct peer_disk *disk, size_t channel)
{
    return disk->ledgers[channel];
}
