/* The system chaincodes of a peer (core/scc/sccproviderimpl.go, sysccapi.go, importsysccs.go).
 *
 * A system chaincode is registered once, in-process, and then deployed for the peer itself (channel
 * "") and again for every channel: it is launched like any other chaincode and its Init runs. */
#ifndef CCLAB_MODEL_SCC_PROVIDER_H
#define CCLAB_MODEL_SCC_PROVIDER_H

#include "model/container/ccintf.h"
#include "model/scc/peer_operations.h"
#include "model/scc/sysccprovider.h"

struct chaincode;
struct chaincode_provider;

/* scc.SelfDescribingSysCC. */
struct self_describing_sys_cc {
    rt_str name;
    rt_str path;
    const struct chaincode *chaincode;
    bool invokable_external;
    bool invokable_cc2cc;
    bool enabled;
};

/* scc.Registrar, which inproccontroller's registry is. */
struct registrar {
    void *self;
    struct rt_error *(*register_cc)(void *self, struct ccid ccid, const struct chaincode *cc);
    /* Type of the error that says that the name is taken (SysCCRegisteredErr), which is no
     * fault. */
    const void *registered_err;
};

/* chaincode.system of core.yaml: the names that are enabled. The sample's are cscc, lscc, escc,
 * vscc and qscc, so that "+lifecycle", once registered, is a name that never runs. */
struct scc_whitelist {
    const rt_str *names;
    size_t count;
};

/* scc.Provider. */
struct scc_provider {
    struct system_chaincode_provider interface; /* the provider as others see it */
    const struct peer_operations *peer;
    struct registrar registrar;
    rt_str version; /* util.GetSysCCVersion: the version that the peer was built as */
    struct scc_whitelist whitelist;
    const struct self_describing_sys_cc **sys_ccs;
    size_t sys_cc_count;
};

/* scc.NewProvider; the names are shared. */
struct scc_provider *scc_provider_new(const struct peer_operations *peer,
        struct registrar registrar, rt_str version, struct scc_whitelist whitelist);

/* Provider.RegisterSysCC. The name is a system chaincode's from now on, even if it is not enabled.
 * Panics when the registrar refuses it. */
void scc_provider_register_sys_cc(
        struct scc_provider *provider, const struct self_describing_sys_cc *cc);

/* Provider.DeploySysCCs for a channel, or for the peer itself (""). What goes wrong is only logged,
 * as in Fabric; panics when the channel has no ledger. */
void scc_provider_deploy_sys_ccs(
        struct scc_provider *provider, rt_str channel_id, const struct chaincode_provider *ccprov);

/* isDeprecatedSysCC: escc and vscc are no chaincodes any more, but their names are taken. */
bool scc_is_deprecated_sys_cc(rt_str name);

/* The system chaincode "+lifecycle" (core/chaincode/lifecycle/scc.go). */
const struct self_describing_sys_cc *scc_lifecycle_new(void);

#endif
