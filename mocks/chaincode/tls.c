/* What the shim of 1.4.2 (userChaincodeStreamGetter, comm.InitTLSForShim) and gRPC 1.15 do before
 * a stream to a peer with TLS is open. */
#include "mocks/chaincode/tls.h"

#include "model/crypto/base64.h"
#include "model/crypto/tlsgen.h"
#include "model/rt/arena.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"

/* ---- environment and files ---- */

static rt_str env(const struct life *life, const char *name)
{
    rt_str key = rt_sprintf("%s=", name);
    struct str_slice all = life->process ? life->process->env : (struct str_slice){ 0 };
    for (size_t i = 0; i < all.count; i++)
        if (rt_str_has_prefix(all.items[i], key))
            return rt_str_slice(all.items[i], key.len, all.items[i].len);
    return RT_STR("");
}

static struct rt_error *read_file(const struct life *life, rt_str path, rt_bytes *content)
{
    if (path.len > 0 && life->process && engine_process_read_file(life->process, path, content))
        return NULL;
    return rt_errorf("open %S: no such file or directory", path);
}

static struct rt_error *read_named(const struct life *life, const char *name, rt_bytes *content)
{
    rt_str path = env(life, name);
    return rt_error_wrapf(
            read_file(life, path, content), "error trying to read file content %S", path);
}

/* comm.InitTLSForShim: its complaints are panics. */
static struct comm_client_tls *init_tls_for_shim(
        const struct life *life, rt_bytes key, rt_bytes cert)
{
    struct comm_client_tls *tls = rt_new(struct comm_client_tls);
    rt_bytes priv, pub, root;
    struct rt_error *err = base64_decode(key, &priv);
    if (err)
        rt_panicf("failed decoding private key from base64, string: %S, error: %v", key, err);
    err = base64_decode(cert, &pub);
    if (err)
        rt_panicf("failed decoding public key from base64, string: %S, error: %v", cert, err);
    err = comm_x509_key_pair(pub, priv, &tls->certificate);
    if (err)
        rt_panicf("failed loading certificate: %v", err);
    err = read_file(life, env(life, "CORE_PEER_TLS_ROOTCERT_FILE"), &root);
    if (err)
        rt_panicf("failed loading root ca cert: %v", err);
    if (!comm_append_certs_from_pem(&tls->root_cas, root))
        rt_panicf("failed to append certificates");
    return tls;
}

static struct rt_error *load(const struct life *life, struct comm_client_tls **tls)
{
    rt_bytes key, cert;
    struct rt_error *err = read_named(life, "CORE_TLS_CLIENT_KEY_PATH", &key);
    if (!err)
        err = read_named(life, "CORE_TLS_CLIENT_CERT_PATH", &cert);
    if (err)
        return err;
    *tls = init_tls_for_shim(life, key, cert);
    rt_map_put(life->world->certificates, life->cname, *tls);
    return NULL;
}

/* ---- deviations ---- */

/* A certificate, and an authority, that the peer has nothing to do with. */
static void make_stranger(const struct life *life, struct comm_client_tls *stranger)
{
    struct crypto_rand *rand = rt_new(struct crypto_rand);
    const rt_bytes seed[] = { RT_STR("stranger"), life->cname };
    struct tlsgen_ca *ca;
    struct tlsgen_pair *pair;
    crypto_rand_init(rand, seed, 2);
    if (tlsgen_new_ca(rand, &ca) || tlsgen_new_client_cert_key_pair(ca, &pair))
        rt_panicf("a reader from a seed does not fail");
    stranger->certificate = pair->tls_cert;
    (void)comm_append_certs_from_pem(&stranger->root_cas, tlsgen_ca_cert_bytes(ca));
}

/* What another chaincode was given; NULL if it has not run with TLS yet. */
static const struct comm_client_tls *given_to(const struct life *life, rt_str other)
{
    const struct comm_client_tls *tls = rt_map_get(life->world->certificates, other);
    if (!tls)
        rt_note("%S: there is no certificate of %S yet", life->cname, other);
    return tls;
}

/* What somebody has who was not launched: the peer's authority is no secret. */
static struct comm_client_tls *of_user(const struct life *life)
{
    struct comm_client_tls *tls = rt_new(struct comm_client_tls);
    const struct rt_map_entry *known = rt_map_sorted(life->world->certificates);
    if (rt_map_len(life->world->certificates) > 0)
        tls->root_cas = ((const struct comm_client_tls *)known[0].value)->root_cas;
    return tls;
}

/* What it does differently from what it was given. */
static void deviate(const struct life *life, struct comm_client_tls *tls)
{
    struct comm_client_tls stranger = { 0 };
    enum chaincode_tls how = life->behaviour->tls;
    tls->shows_any = how == CHAINCODE_TLS_FORGED;
    tls->cut = how == CHAINCODE_TLS_CUT;
    if (how == CHAINCODE_TLS_UNKNOWN || tls->shows_any || how == CHAINCODE_TLS_DISTRUST)
        make_stranger(life, &stranger);
    if (how == CHAINCODE_TLS_NONE || how == CHAINCODE_TLS_UNKNOWN || tls->shows_any) {
        tls->certificate = stranger.certificate;
    } else if (how == CHAINCODE_TLS_OTHER) {
        const struct comm_client_tls *other = given_to(life, life->behaviour->certificate_of);
        tls->certificate = other ? other->certificate : NULL;
    } else if (how == CHAINCODE_TLS_DISTRUST) {
        tls->root_cas = stranger.root_cas;
    }
}

/* The client's side of TLS; *tls is NULL for one that does not speak it. */
static struct rt_error *configure(struct life *life, struct comm_client_tls **tls)
{
    *tls = NULL;
    if (life->behaviour->tls != CHAINCODE_TLS_OWN)
        life_happened(life, CHAINCODE_TRAIT_TLS);
    if (life->behaviour->tls == CHAINCODE_TLS_OFF)
        return NULL;
    if (rt_str_is(env(life, "CORE_PEER_TLS_ENABLED"), "true")) {
        struct comm_client_tls *own;
        struct rt_error *err = load(life, &own);
        if (err)
            return err;
        *tls = rt_new(struct comm_client_tls);
        **tls = *own;
    } else if (life->behaviour->tls != CHAINCODE_TLS_OWN) {
        *tls = of_user(life);
    }
    if (*tls)
        deviate(life, *tls);
    return NULL;
}

/* ---- connecting ---- */

static bool listens(const struct life *life)
{
    const struct chaincode_support_server *server =
            chaincode_world_server(life->world, life->address);
    const struct rt_proc *peer = server->proc(server->self);
    if (life->address.len > 0 && server->is_at && !server->is_at(server->self, life->address))
        return false;
    return rt_now_ns() >= life->reachable_ns && peer && rt_proc_alive(peer);
}

/* One attempt: true when the connection stands. Without TLS (NULL) it does when somebody
 * listens. */
static bool attempt(const struct life *life, const struct comm_client_tls *tls,
        struct rt_chan *deadline, rt_bytes *certificate)
{
    const struct chaincode_support_server *server =
            chaincode_world_server(life->world, life->address);
    struct rt_error *err = NULL;
    if (!listens(life))
        return false;
    if (!tls)
        return true;
    const struct comm_conn *conn = server->handshake(server->self, tls);
    if (conn) {
        struct rt_case cases[] = { RT_RECV(conn->done), RT_RECV(deadline) };
        if (rt_select(cases, 2) == 1)
            return false;
        err = conn->client_err;
        *certificate = conn->client_certificate;
    } else {
        err = rt_errorf("tls: first record does not look like a TLS handshake");
    }
    if (err)
        rt_note("%S: grpc: transport: authentication handshake failed: %v", life->cname, err);
    return !err;
}

/* grpc.DialContext WithBlock: the shim waits three seconds, in which gRPC tries three times: after
 * a second, and after 1.6 more, a fifth more or less. */
static struct rt_error *dial(
        const struct life *life, const struct comm_client_tls *tls, rt_bytes *certificate)
{
    static const int64_t second_pause_ns[] = { RT_SECOND * 8 / 5, 1280 * RT_MS, 1920 * RT_MS };
    struct rt_timer *timeout = rt_timer_new(3 * RT_SECOND, "the shim's connection timeout");
    struct rt_chan *deadline = rt_timer_chan(timeout);
    for (size_t i = 0; i < 3; i++) {
        if (attempt(life, tls, deadline, certificate)) {
            (void)rt_timer_stop(timeout);
            return NULL;
        }
        int64_t pause_ns =
                i == 0   ? RT_SECOND
                : i == 2 ? 3 * RT_SECOND
                         : second_pause_ns[rt_choose(RT_CHOICE_DELAY, 3, "until gRPC dials again")];
        struct rt_timer *pause = rt_timer_new(pause_ns, "gRPC's pause");
        struct rt_case cases[] = { RT_RECV(deadline), RT_RECV(rt_timer_chan(pause)) };
        bool over = rt_select(cases, 2) == 0;
        (void)rt_timer_stop(pause);
        if (over)
            break;
    }
    return rt_errorf("error trying to connect to local peer: context deadline exceeded");
}

/* Without TLS gRPC takes the connection for good, and learns only from the first answer that it is
 * not. */
static struct rt_error *connect_plainly(const struct life *life)
{
    const struct chaincode_support_server *server =
            chaincode_world_server(life->world, life->address);
    if (!server->handshake)
        return NULL;
    const struct comm_conn *conn = server->handshake(server->self, NULL);
    if (!conn)
        return NULL;
    struct rt_timer *timeout = rt_timer_new(20 * RT_SECOND, "gRPC's keepalive");
    struct rt_case cases[] = { RT_RECV(conn->done), RT_RECV(rt_timer_chan(timeout)) };
    (void)rt_select(cases, 2);
    (void)rt_timer_stop(timeout);
    return rt_errorf("receive failed: rpc error: code = Unavailable desc = transport is closing");
}

struct rt_error *tls_connect(struct life *life, rt_bytes *certificate)
{
    struct comm_client_tls *tls;
    struct rt_error *err = configure(life, &tls);
    if (err)
        return err;
    if (tls || !listens(life))
        err = dial(life, tls, certificate);
    return err || tls ? err : connect_plainly(life);
}
