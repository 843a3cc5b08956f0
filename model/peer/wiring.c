/* Follows registerChaincodeSupport and the endorser's part of serve() in peer/node/start.go. */
#include "model/ccprovider/platforms.h"
#include "model/ccprovider/store.h"
#include "model/chaincode/chaincode_support.h"
#include "model/committer/committer.h"
#include "model/container/docker_build.h"
#include "model/container/docker_endpoint.h"
#include "model/container/docker_vm.h"
#include "model/container/inproc_vm.h"
#include "model/lab/metrics.h"
#include "model/peer/internal.h"
#include "model/rt/clock.h"
#include "model/scc/qscc.h"

/* util.GetSysCCVersion: metadata.Version, which a released build is stamped with. */
static rt_str peer_sys_cc_version(const struct peer *peer)
{
    return peer_base_world(peer->config.base)->peer.system_chaincode_version;
}

/* ---- interfaces of chaincode support over the peer's parts ---- */

static struct rt_error *chaincode_definition(void *self, rt_str chaincode_name,
        const struct query_executor *qe, Ccprovider__ChaincodeData **definition)
{
    return lscc_chaincode_definition(((struct peer *)self)->lscc, chaincode_name, qe, definition);
}

static struct rt_error *chaincode_container_info(void *self, rt_str chaincode_name,
        const struct query_executor *qe, struct chaincode_container_info **ccci)
{
    return lscc_chaincode_container_info(((struct peer *)self)->lscc, chaincode_name, qe, ccci);
}

static struct rt_error *check_acl(
        void *self, rt_str res_name, rt_str channel_id, const Protos__SignedProposal *signed_prop)
{
    const struct acl_provider *acl = ((struct peer *)self)->acl_provider;
    return acl->check_acl(acl->self, res_name, channel_id, acl_signed_proposal(signed_prop));
}

static struct rt_error *check_instantiation_policy(
        void *self, rt_str name, rt_str version, const Ccprovider__ChaincodeData *cd)
{
    return ccprovider_check_instantiation_policy(
            ((struct peer *)self)->packages, name, version, cd);
}

static bool key_level_endorsement(void *self, rt_str cid, bool *enabled)
{
    const struct peer_operations *operations = &((struct peer *)self)->operations;
    const struct channel_config *config = operations->get_channel_config(operations->self, cid);
    if (config)
        *enabled = application_capabilities_key_level_endorsement(&config->capabilities);
    return config != NULL;
}

static struct rt_error *get_chaincode_code_package(
        void *self, rt_str ccname, rt_str ccversion, rt_bytes *code_package)
{
    return package_provider_get_chaincode_code_package(
            &((struct peer *)self)->package_provider, ccname, ccversion, code_package);
}

static struct rt_error *has_read_access(void *self, rt_str channel, rt_str ns, rt_str collection,
        const Protos__SignedProposal *signed_prop, const struct query_executor *qe, bool *allowed)
{
    const struct peer *peer = self;
    const struct collection_criteria cc = {
        .channel = channel, .collection = collection, .ns = ns
    };
    return privdata_has_read_access(&peer->privdata, &cc, signed_prop, qe, allowed);
}

static const struct collection_store *new_simple_collection_store(
        void *self, rt_str channel_id, const struct peer_ledger *ledger)
{
    (void)channel_id;
    (void)ledger;
    struct collection_store *store = rt_new(struct collection_store);
    *store = (struct collection_store){ self, has_read_access };
    return store;
}

/* util.DockerBuild for the platforms. */
static struct rt_error *build_in_container(
        void *self, rt_str image, rt_str cmd, rt_bytes input, rt_bytes *output)
{
    const struct peer *peer = self;
    const struct docker_build_config config = {
        .builder = peer_base_world(peer->config.base)->peer.builder,
        .variants = peer->config.variants,
    };
    return docker_build(peer->config.docker, config, image, cmd, input, output);
}

/* A build context on its way from a platform to the Docker client. */
struct context_stream {
    struct peer *peer;
    rt_str cc_type;
    rt_str path;
    rt_str name;
    rt_str version;
    rt_bytes code_package;
    struct io_pipe *pipe;
};

static void stream_context(void *arg)
{
    struct context_stream *s = arg;
    const struct docker_builder builder = { s->peer, build_in_container };
    rt_bytes context = RT_NIL;
    struct rt_error *stream_err = NULL;
    struct rt_error *err = platforms_generate_docker_build(s->peer->platforms, &builder, s->cc_type,
            s->path, s->name, s->version, s->code_package, &context, &stream_err);
    if (!err && context.len)
        RT_DROP(io_pipe_write(s->pipe, context));
    io_pipe_close_write(s->pipe, err ? err : stream_err);
}

/* Registry.GenerateDockerBuild: only a Dockerfile that cannot be made is an error at once; the rest
 * is streamed from a goroutine, while the client has already begun its request. */
static struct rt_error *generate_docker_build(void *self, rt_str cc_type, rt_str path, rt_str name,
        rt_str version, rt_bytes code_package, struct io_reader *context)
{
    rt_str dockerfile;
    struct rt_error *err = platforms_generate_dockerfile(
            ((struct peer *)self)->platforms, cc_type, name, version, &dockerfile);
    if (err)
        return rt_errorf("Failed to generate a Dockerfile: %v", err);
    struct context_stream *s = rt_new(struct context_stream);
    *s = (struct context_stream){ self, cc_type, path, name, version, code_package,
        io_pipe_new("build context") };
    rt_go("GenerateDockerBuild", stream_context, s);
    *context = io_pipe_reader(s->pipe);
    return NULL;
}

/* inproccontroller's registry as scc.Registrar. */
static struct rt_error *register_cc(void *self, struct ccid ccid, const struct chaincode *cc)
{
    return inproc_registry_register(self, &ccid, cc);
}

static void observe_build(void *metrics, rt_str chaincode, bool success, int64_t duration_ns)
{
    static const struct metric_opts opts = { "dockercontroller_chaincode_container_build_duration",
        true, { "chaincode", "success" } };
    rt_str values[METRICS_LABELS_MAX] = { chaincode, success ? RT_STR("true") : RT_STR("false") };
    metrics_observe(metrics, &opts, values, (double)duration_ns / 1e9);
}

/* vm.endpoint: what clients look for. */
static void set_endpoint(struct peer *peer, const struct world_peer *settings)
{
    struct docker_endpoint *endpoint = rt_new(struct docker_endpoint);
    *endpoint =
            docker_endpoint_parse(settings->docker_endpoint.data ? settings->docker_endpoint
                                                                 : RT_STR(DOCKER_DEFAULT_ENDPOINT),
                    settings->docker_tls, settings->go_version);
    peer->config.docker.endpoint = endpoint;
}

static struct vm_controller *make_vm_controller(
        struct peer *peer, const struct world_peer *settings, struct inproc_registry *inproc)
{
    struct docker_vm_config *config = rt_new(struct docker_vm_config);
    *config = (struct docker_vm_config){
        .peer_id = settings->id,
        .network_id = settings->network_id,
        .get_client = docker_client_getter_over(&peer->config.docker),
        .attach_stdout = settings->attach_stdout,
        .variants = peer->config.variants,
        .pull = settings->pull,
        .host_config = settings->host_config,
        .observe_build = peer->config.metrics ? observe_build : NULL,
        .metrics = peer->config.metrics,
    };
    struct vm_provider *providers = rt_new_array(struct vm_provider, 2);
    providers[0] = docker_vm_provider(docker_vm_new(config));
    providers[1] = inproc_registry_provider(inproc);
    struct rt_map *by_type = rt_map_new();
    rt_map_put(by_type, RT_STR(CONTAINER_TYPE_DOCKER), &providers[0]);
    rt_map_put(by_type, RT_STR(CONTAINER_TYPE_INPROC), &providers[1]);
    return vm_controller_new(by_type);
}

static struct chaincode_support *make_support(struct peer *peer, rt_str endpoint,
        const struct world_peer *settings, struct vm_controller *vmc)
{
    const struct system_chaincode_provider *sccp = &peer->sccp->interface;
    struct chaincode_support_params *params = rt_new(struct chaincode_support_params);
    *params = (struct chaincode_support_params){
        .config = chaincode_config_load(settings->tls,
                rt_sprintf("%lld", (long long)(settings->keepalive_ms / 1000)),
                settings->execute_timeout_ms * RT_MS, settings->startup_timeout_ms * RT_MS,
                settings->log_format, settings->log_level, settings->shim_log_level),
        .peer_address = endpoint,
        .user_runs_cc = settings->dev_mode,
        .ca_cert = peer_tls_ca_cert(peer),
        .cert_generator = peer_tls_cert_generator(peer),
        .package_provider = { peer, get_chaincode_code_package },
        .lifecycle = { peer, chaincode_definition, chaincode_container_info },
        .acl_provider = { peer, check_acl },
        .processor = processor_of_vm_controller(vmc),
        .system_cc_provider = { sccp->self, sccp->is_sys_cc,
                sccp->is_sys_cc_and_not_invokable_cc2cc },
        .platform_registry = { peer, generate_docker_build },
        .app_config = { peer, key_level_endorsement },
        .metrics = peer->config.metrics,
        .instantiation_policy_checker = { peer, check_instantiation_policy },
        .ledger_getter = { peer, peer->operations.get_ledger },
        .collection_store = { peer, new_simple_collection_store },
        .sys_cc_version = peer_sys_cc_version(peer),
        .observer = peer->config.observer,
        .variants = peer->config.variants,
    };
    return chaincode_support_new(params);
}

static const struct platforms_registry *platforms_of(const struct world_peer *settings)
{
    static const struct platform *const platforms[] = { &platform_golang, &platform_node,
        &platform_java, &platform_car, NULL };
    struct platform_config *config = rt_new(struct platform_config);
    *config = (struct platform_config){
        .golang_runtime = settings->golang_runtime,
        .node_runtime = settings->node_runtime,
        .java_runtime = settings->java_runtime,
        .car_runtime = settings->car_runtime,
        .golang_dynamic_link = settings->golang_dynamic_link,
    };
    return platforms_new_registry(config, platforms);
}

/* A world's list names what is registered; with a plus it is not enabled. */
static struct scc_whitelist whitelist_of(const struct world_peer *settings)
{
    rt_str *names = rt_new_array(rt_str, settings->system_chaincode_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < settings->system_chaincode_count; i++)
        if (!rt_str_has_prefix(settings->system_chaincodes[i], RT_STR("+")))
            names[count++] = settings->system_chaincodes[i];
    return (struct scc_whitelist){ names, count };
}

static void register_sys_cc(struct peer *peer, const struct self_describing_sys_cc *cc)
{
    struct self_describing_sys_cc *registered = rt_new(struct self_describing_sys_cc);
    *registered = *cc;
    if (peer->config.system_chaincodes.wrap)
        registered->chaincode = peer->config.system_chaincodes.wrap(
                peer->config.system_chaincodes.self, cc->name, cc->chaincode);
    scc_provider_register_sys_cc(peer->sccp, registered);
}

void peer_make_chaincode_support(struct peer *peer, rt_str endpoint)
{
    const struct world_peer *settings = &peer_base_world(peer->config.base)->peer;
    peer_make_tls(peer, endpoint);
    peer->platforms = platforms_of(settings);
    set_endpoint(peer, settings);
    struct inproc_registry *inproc = inproc_registry_new();
    inproc->variants = peer->config.variants;
    inproc->before_start = peer->config.system_chaincodes.start;
    inproc->before_start_self = peer->config.system_chaincodes.self;
    peer->sccp = scc_provider_new(&peer->operations,
            (struct registrar){ inproc, register_cc, inproc_sys_cc_registered_err },
            peer_sys_cc_version(peer), whitelist_of(settings));
    peer->lscc = lscc_new(&peer->sccp->interface, peer->acl_provider, peer->policy_checker,
            &peer->operations, peer->packages, peer->platforms, NULL);
    peer->chaincode_support =
            make_support(peer, endpoint, settings, make_vm_controller(peer, settings, inproc));
    peer_make_chaincode_server(peer);
    inproc_registry_set_chaincode_support(
            inproc, chaincode_support_cc_support(peer->chaincode_support));
    peer->ccp = chaincode_support_provider(peer->chaincode_support);

    struct peer_configer *cscc =
            cscc_new(peer->policy_checker, peer->acl_provider, &peer->operations);
    struct ledger_querier *qscc = qscc_new(peer->acl_provider, &peer->operations);
    register_sys_cc(peer, &peer->lscc->scc);
    register_sys_cc(peer, &cscc->scc);
    register_sys_cc(peer, &qscc->scc);
    register_sys_cc(peer, scc_lifecycle_new());
}

/* ---- the endorser ---- */

void peer_make_endorser(struct peer *peer)
{
    struct endorser_support_impl *impl = rt_new(struct endorser_support_impl);
    *impl = (struct endorser_support_impl){
        .signer = peer_base_signer(peer->config.base),
        .peer = &peer->operations,
        .chaincode_support = peer->chaincode_support,
        .sys_cc_provider = &peer->sccp->interface,
        .acl_provider = peer->acl_provider,
        .lifecycle = peer->lscc,
        .packages = peer->packages,
    };
    impl->plugin_endorser = plugin_endorser_new(&default_endorsement_factory, 1,
            endorser_support_channel_state(impl), endorser_support_signer(impl));
    peer->endorser = (struct endorser){
        .distribute_private_data = { peer, peer_distribute_private_data },
        .s = endorser_support_new(impl),
        .platform_registry = peer->platforms,
        .msp_mgmt = peer->msp_mgmt,
        .sys_cc_version = peer_sys_cc_version(peer),
        .metrics = peer->config.metrics,
        .variants = peer->config.variants,
        .init_hook = peer->config.init_hook,
        .init_hook_arg = peer->config.init_hook_arg,
    };
    struct endorser_server *server = rt_new(struct endorser_server);
    *server = endorser_as_server(&peer->endorser);
    struct auth_filter *filters[] = { auth_filter_new(), auth_filter_new_expiration_check() };
    peer->auth = auth_chain_filters(server, filters, 2);
}

/* ---- a committer ---- */

struct committer *peer_make_committer(struct peer *peer, const struct peer_chain *chain)
{
    const struct committer_config config = {
        .channel_id = chain->name,
        .ledger = chain->ledger,
        .channel = peer_base_channel(peer->config.base, chain->name),
        .msp_mgmt = peer->msp_mgmt,
        .sccprovider = &peer->sccp->interface,
        .sys_cc_version = peer_sys_cc_version(peer),
        .platforms = peer->platforms,
        .privdata = &peer->privdata,
        .signer = peer_base_signer(peer->config.base),
        .transient_store = peer_disk_transient_store(peer->config.disk, chain->channel),
    };
    return committer_new(&config);
}
