/* Chaincode packages: what `peer chaincode install` sends and the peer keeps in a file.
 *
 * Follows core/common/ccprovider/{ccprovider,cdspackage,sigcdspackage}.go. A package is a
 * ChaincodeDeploymentSpec, plain or in an envelope with its owners' endorsements and an
 * instantiation policy. Fabric tells the two apart by trying to decode. */
#ifndef CCLAB_MODEL_CCPROVIDER_PACKAGE_H
#define CCLAB_MODEL_CCPROVIDER_PACKAGE_H

#include "model/ccprovider/ccprovider.h"
#include "proto/ccprovider.pb-c.h"
#include "proto/chaincode.pb-c.h"
#include "proto/common.pb-c.h"
#include "proto/signed_cc_dep_spec.pb-c.h"

enum cc_package_kind { CC_PACKAGE_CDS, CC_PACKAGE_SIGNED_CDS };

/* CCPackage, implemented by CDSPackage and SignedCDSPackage. */
struct cc_package {
    enum cc_package_kind kind;
    rt_bytes buf;
    Protos__ChaincodeDeploymentSpec *dep_spec;
    Protos__SignedChaincodeDeploymentSpec *s_dep_spec; /* signed only */
    Common__Envelope *env;                             /* signed only */
    ProtobufCMessage *data; /* Ccprovider__CDSData or Ccprovider__SignedCDSData */
    rt_bytes datab;
    rt_bytes id;
};

/* An uninitialised package of a kind. */
struct cc_package *cc_package_new(enum cc_package_kind kind);

/* InitFromBuffer. Panics where Go does: a spec without ChaincodeSpec or ChaincodeId is
 * dereferenced. *data (may be NULL) gets GetChaincodeData. The package shares the memory of
 * `buf`. */
RT_MUST_USE struct rt_error *cc_package_init_from_buffer(
        struct cc_package *p, rt_bytes buf, Ccprovider__ChaincodeData **data);
/* ValidateCC. */
RT_MUST_USE struct rt_error *cc_package_validate_cc(
        const struct cc_package *p, const Ccprovider__ChaincodeData *ccdata);

/* The getters panic with Go's text on an uninitialised package. */
rt_bytes cc_package_get_id(const struct cc_package *p);
Protos__ChaincodeDeploymentSpec *cc_package_get_dep_spec(const struct cc_package *p);
rt_bytes cc_package_get_dep_spec_bytes(const struct cc_package *p);
Ccprovider__ChaincodeData *cc_package_get_chaincode_data(const struct cc_package *p);
/* GetPackageObject: the deployment spec, or the envelope of a signed one. */
ProtobufCMessage *cc_package_get_package_object(const struct cc_package *p);
/* SignedCDSPackage.GetInstantiationPolicy. */
rt_bytes cc_package_get_instantiation_policy(const struct cc_package *p);

/* GetCCPackage: tries both kinds; guesses "signed" when both fit. */
RT_MUST_USE struct rt_error *ccprovider_get_cc_package(rt_bytes buf, struct cc_package **package);

/* ccpackage.ExtractSignedCCDepSpec; on an error both outputs are NULL. */
RT_MUST_USE struct rt_error *ccpackage_extract_signed_cc_dep_spec(const Common__Envelope *env,
        Common__ChannelHeader **channel_header, Protos__SignedChaincodeDeploymentSpec **spec);

#endif
