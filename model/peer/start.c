/* Follows peer/node/start.go: what serve() does, in its order. */
#include "model/ccprovider/store.h"
#include "model/peer/internal.h"
#include "model/rt/chan.h"
#include "model/rt/trace.h"

static rt_str endpoint_of(const struct peer *peer)
{
    struct world_peer settings = peer_base_world(peer->config.base)->peer;
    if (peer->config.chaincode_address.data)
        settings.chaincode_address = peer->config.chaincode_address;
    return peer_chaincode_endpoint(&settings);
}

/* startChaincodeServer: from here on chaincodes are served, though system chaincodes do not run and
 * no channel is up. */
static void start_chaincode_server(struct peer *peer)
{
    const struct world_peer *settings = &peer_base_world(peer->config.base)->peer;
    struct file_system fs = peer->config.files;
    if (!fs.read_file)
        fs = memory_fs_interface(peer_disk_files(peer->config.disk));
    peer->packages = package_store_new(fs, settings->chaincode_install_path);
    peer->package_provider = (struct persistence_package_provider){
        .store = { fs, settings->chaincode_install_path },
        .legacy = peer->packages,
    };
    peer->endpoint = endpoint_of(peer);
    peer->chaincode_listens = true;
    peer_make_chaincode_support(peer, peer->endpoint);
    rt_close(peer->chaincode_serves);
}

/* cc.NewLifeCycle: lists what is installed. A package without its parts ends the peer here, at each
 * start; one that cannot be read only makes the list incomplete. */
static void new_life_cycle(struct peer *peer)
{
    struct installed_chaincode *installed;
    package_provider_list_installed_chaincodes(
            &peer->package_provider, &installed, &peer->lifecycle.count);
    peer->lifecycle.installed = installed;
}

void peer_node_serve(void *arg)
{
    struct peer *peer = arg;
    const struct world_peer *settings = &peer_base_world(peer->config.base)->peer;
    peer_make_operations(peer);
    start_chaincode_server(peer);
    peer_make_endorser(peer);
    scc_provider_deploy_sys_ccs(peer->sccp, RT_STR(""), &peer->ccp);
    rt_note("Deployed system chaincodes");
    new_life_cycle(peer);
    peer_initialize(peer);
    rt_note("Started peer with ID=[name:%q ], network ID=[%S]", settings->id, settings->network_id);
    peer->is_serving = true;
    rt_message_sent(&peer->order);
    rt_close(peer->serving);
}
