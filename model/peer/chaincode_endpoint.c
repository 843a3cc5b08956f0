/* Follows computeChaincodeEndpoint and createChaincodeServer of peer/node/start.go. */
#include "model/gostd/hostport.h"
#include "model/peer/internal.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

enum { DEFAULT_CHAINCODE_PORT = 7052 };

static struct rt_error *invalid_endpoint(void)
{
    return rt_errorf("invalid endpoint for chaincode to connect");
}

/* Without peer.chaincodeAddress: the address that chaincodes' server listens at, or, where that is
 * none that can be dialled, the peer's own host. */
static struct rt_error *from_listener(rt_str listen_address, rt_str peer_host, rt_str *endpoint)
{
    rt_str host, port = rt_sprintf("%d", DEFAULT_CHAINCODE_PORT);
    *endpoint = listen_address;
    if (listen_address.len > 0) {
        struct rt_error *err = net_split_host_port(listen_address, &host, &port);
        if (err)
            return err;
        if (!net_is_unspecified(host))
            return NULL;
    }
    if (net_is_unspecified(peer_host))
        return invalid_endpoint();
    *endpoint = rt_sprintf("%S:%S", peer_host, port);
    return NULL;
}

static struct rt_error *compute(const struct world_peer *p, rt_str peer_host, rt_str *endpoint)
{
    rt_str host, port;
    if (p->chaincode_address.len == 0)
        return from_listener(p->chaincode_listen_address, peer_host, endpoint);
    struct rt_error *err = net_split_host_port(p->chaincode_address, &host, &port);
    if (!err && net_is_unspecified(host))
        err = invalid_endpoint();
    *endpoint = p->chaincode_address;
    return err;
}

/* What the chaincodes' server cannot listen at ends the peer, too. */
static void check_listener(rt_str listen_address)
{
    rt_str host, port;
    if (listen_address.len == 0)
        return;
    struct rt_error *err = net_split_host_port(listen_address, &host, &port);
    if (err)
        rt_panicf("Failed to create chaincode server: listen tcp: %v", err);
}

rt_str peer_chaincode_endpoint(const struct world_peer *p)
{
    rt_str endpoint, peer_host, port;
    struct rt_error *err = net_split_host_port(p->address, &peer_host, &port);
    if (err)
        rt_panicf("peer address is not in the format of host:port: %v", err);
    err = compute(p, peer_host, &endpoint);
    if (!err) {
        rt_note("Exit with ccEndpoint: %S", endpoint);
    } else if (p->dev_mode) {
        endpoint = rt_sprintf("0.0.0.0:%d", DEFAULT_CHAINCODE_PORT);
        rt_note("use %S as chaincode endpoint because of error in computeChaincodeEndpoint: %v",
                endpoint, err);
    } else {
        rt_panicf("Failed to create chaincode server: %v", err);
    }
    check_listener(p->chaincode_listen_address);
    return endpoint;
}
