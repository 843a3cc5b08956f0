/* Follows core/common/ccprovider/{cdspackage,sigcdspackage}.go, GetCCPackage of ccprovider.go, and
 * ExtractSignedCCDepSpec of core/common/ccpackage/ccpackage.go. */
#include "model/ccprovider/package.h"

#include "model/crypto/crypto.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

struct cc_package *cc_package_new(enum cc_package_kind kind)
{
    struct cc_package *p = rt_new(struct cc_package);
    p->kind = kind;
    return p;
}

/* ---- getters ---- */

rt_bytes cc_package_get_id(const struct cc_package *p)
{
    if (!p->id.data)
        rt_panicf("GetId called on uninitialized package");
    return p->id;
}

Protos__ChaincodeDeploymentSpec *cc_package_get_dep_spec(const struct cc_package *p)
{
    if (!p->dep_spec)
        rt_panicf("GetDepSpec called on uninitialized package");
    return p->dep_spec;
}

rt_bytes cc_package_get_dep_spec_bytes(const struct cc_package *p)
{
    bool is_signed = p->kind == CC_PACKAGE_SIGNED_CDS;
    rt_bytes bytes = p->buf;
    if (is_signed)
        bytes = p->s_dep_spec ? p->s_dep_spec->chaincode_deployment_spec : RT_NIL;
    if (!bytes.data)
        rt_panicf("GetDepSpecBytes called on uninitialized package");
    return bytes;
}

ProtobufCMessage *cc_package_get_package_object(const struct cc_package *p)
{
    if (p->kind == CC_PACKAGE_SIGNED_CDS)
        return p->env ? &p->env->base : NULL;
    return p->dep_spec ? &p->dep_spec->base : NULL;
}

rt_bytes cc_package_get_instantiation_policy(const struct cc_package *p)
{
    if (!p->s_dep_spec)
        rt_panicf("GetInstantiationPolicy called on uninitialized package");
    return p->s_dep_spec->instantiation_policy;
}

/* cds.ChaincodeSpec.ChaincodeId, as Go reads it. */
static Protos__ChaincodeID *chaincode_id(const Protos__ChaincodeDeploymentSpec *cds)
{
    return RT_DEREF(RT_DEREF(cds->chaincode_spec)->chaincode_id);
}

Ccprovider__ChaincodeData *cc_package_get_chaincode_data(const struct cc_package *p)
{
    if (!p->dep_spec || !p->datab.data || !p->id.data)
        rt_panicf("GetChaincodeData called on uninitialized package");
    Ccprovider__ChaincodeData *data = WIRE_NEW(ccprovider__chaincode_data);
    data->name = chaincode_id(p->dep_spec)->name;
    data->version = chaincode_id(p->dep_spec)->version;
    data->data = p->datab;
    data->id = p->id;
    if (p->s_dep_spec)
        data->instantiation_policy = p->s_dep_spec->instantiation_policy;
    return data;
}

/* ---- fingerprints ---- */

static rt_bytes code_hash(const Protos__ChaincodeDeploymentSpec *cds)
{
    return crypto_sha256(cds->code_package);
}

static rt_bytes metadata_hash(const Protos__ChaincodeDeploymentSpec *cds)
{
    const Protos__ChaincodeID *id = chaincode_id(cds);
    const rt_bytes parts[] = { id->name, id->version };
    return crypto_sha256_parts(parts, 2);
}

/* CDSPackage.getCDSData. Go marshals the spec first and looks at the error alone; what was decoded
 * gives none. */
static struct rt_error *get_cds_data(struct cc_package *p, Protos__ChaincodeDeploymentSpec *cds)
{
    Ccprovider__CDSData *data = WIRE_NEW(ccprovider__cdsdata);
    data->codehash = code_hash(cds);
    data->metadatahash = metadata_hash(cds);
    struct rt_error *err = WIRE_MARSHAL(data, &p->datab);
    if (err)
        return err;
    const rt_bytes parts[] = { data->codehash, data->metadatahash };
    p->id = crypto_sha256_parts(parts, 2);
    p->data = &data->base;
    return NULL;
}

static rt_bytes signature_hash(const Protos__SignedChaincodeDeploymentSpec *scds)
{
    size_t count = scds->n_owner_endorsements;
    rt_bytes *parts = rt_new_array(rt_bytes, count + 1);
    parts[0] = scds->instantiation_policy;
    for (size_t i = 0; i < count; i++)
        parts[i + 1] = RT_DEREF(scds->owner_endorsements[i])->endorser;
    return crypto_sha256_parts(parts, count + 1);
}

/* SignedCDSPackage.getCDSData, which decodes the deployment spec a second time. */
static struct rt_error *get_signed_cds_data(
        struct cc_package *p, Protos__SignedChaincodeDeploymentSpec *scds)
{
    Protos__ChaincodeDeploymentSpec *cds;
    struct rt_error *err = WIRE_UNMARSHAL(
            protos__chaincode_deployment_spec, scds->chaincode_deployment_spec, &cds);
    if (err)
        return err;
    Ccprovider__SignedCDSData *data = WIRE_NEW(ccprovider__signed_cdsdata);
    data->hash = code_hash(cds);
    data->metadatahash = metadata_hash(cds);
    if (!scds->instantiation_policy.data)
        return rt_errorf("instantiation policy cannot be nil for chaincode (%S:%S)",
                chaincode_id(cds)->name, chaincode_id(cds)->version);
    data->signaturehash = signature_hash(scds);
    err = WIRE_MARSHAL(data, &p->datab);
    if (err)
        return err;
    const rt_bytes parts[] = { data->hash, data->metadatahash, data->signaturehash };
    p->id = crypto_sha256_parts(parts, 3);
    p->data = &data->base;
    return NULL;
}

/* ---- initialisation ---- */

struct rt_error *ccpackage_extract_signed_cc_dep_spec(const Common__Envelope *env,
        Common__ChannelHeader **channel_header, Protos__SignedChaincodeDeploymentSpec **spec)
{
    Common__Payload *payload;
    *channel_header = NULL;
    *spec = NULL;
    struct rt_error *err = WIRE_UNMARSHAL(common__payload, env->payload, &payload);
    if (err)
        return err;
    if (!payload->header)
        return rt_errorf("channel header cannot be nil");
    Common__ChannelHeader *ch;
    err = WIRE_UNMARSHAL(common__channel_header, payload->header->channel_header, &ch);
    if (err)
        return err;
    Protos__SignedChaincodeDeploymentSpec *sp;
    err = WIRE_UNMARSHAL(protos__signed_chaincode_deployment_spec, payload->data, &sp);
    if (err)
        return err;
    *channel_header = ch;
    *spec = sp;
    return NULL;
}

static struct rt_error *init_cds(struct cc_package *p, rt_bytes buf)
{
    Protos__ChaincodeDeploymentSpec *dep_spec;
    struct rt_error *err = WIRE_UNMARSHAL(protos__chaincode_deployment_spec, buf, &dep_spec);
    if (err)
        return rt_errorf("failed to unmarshal deployment spec from bytes");
    struct cc_package filled = { .kind = p->kind, .buf = buf, .dep_spec = dep_spec };
    err = get_cds_data(&filled, dep_spec);
    if (!err)
        *p = filled;
    return err;
}

static struct rt_error *init_signed_cds(struct cc_package *p, rt_bytes buf)
{
    struct cc_package filled = { .kind = p->kind, .buf = buf };
    Common__ChannelHeader *header;
    struct rt_error *err = WIRE_UNMARSHAL(common__envelope, buf, &filled.env);
    if (err)
        return rt_errorf("failed to unmarshal envelope from bytes");
    err = ccpackage_extract_signed_cc_dep_spec(filled.env, &header, &filled.s_dep_spec);
    if (err)
        return err;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): set without an error */
    if (header->type != COMMON__HEADER_TYPE__CHAINCODE_PACKAGE)
        return rt_errorf("invalid type of envelope for chaincode package");
    err = WIRE_UNMARSHAL(protos__chaincode_deployment_spec,
            filled.s_dep_spec->chaincode_deployment_spec, &filled.dep_spec);
    if (err)
        return rt_errorf("error getting deployment spec");
    err = get_signed_cds_data(&filled, filled.s_dep_spec);
    if (!err)
        *p = filled;
    return err;
}

struct rt_error *cc_package_init_from_buffer(
        struct cc_package *p, rt_bytes buf, Ccprovider__ChaincodeData **data)
{
    *p = (struct cc_package){ .kind = p->kind };
    if (data)
        *data = NULL;
    struct rt_error *err = p->kind == CC_PACKAGE_CDS ? init_cds(p, buf) : init_signed_cds(p, buf);
    if (!err) {
        Ccprovider__ChaincodeData *ccdata = cc_package_get_chaincode_data(p);
        if (data)
            *data = ccdata;
    }
    return err;
}

/* ---- validation ---- */

/* A field as proto.CompactTextString writes it; zero values are left out. */
static void put_text(struct rt_buf *out, const char *name, rt_bytes value)
{
    if (value.len == 0)
        return;
    rt_buf_printf(out, "%s:\"", name);
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        const char *special = c != 0 ? strchr("\n\r\t\"\\", c) : NULL;
        if (special)
            rt_buf_printf(out, "\\%c", "nrt\"\\"[strlen("\n\r\t\"\\") - strlen(special)]);
        else if (c >= 0x20 && c < 0x7f)
            rt_buf_put_byte(out, c);
        else
            rt_buf_printf(out, "\\%c%c%c", '0' + (c >> 6), '0' + (c >> 3 & 7), '0' + (c & 7));
    }
    rt_buf_putz(out, "\" ");
}

static rt_str chaincode_data_text(const Ccprovider__ChaincodeData *d)
{
    struct rt_buf out = { 0 };
    put_text(&out, "name", d->name);
    put_text(&out, "version", d->version);
    put_text(&out, "escc", d->escc);
    put_text(&out, "vscc", d->vscc);
    put_text(&out, "policy", d->policy);
    put_text(&out, "data", d->data);
    put_text(&out, "id", d->id);
    put_text(&out, "instantiation_policy", d->instantiation_policy);
    return rt_buf_str(&out);
}

static rt_str chaincode_id_text(const Protos__ChaincodeID *id)
{
    struct rt_buf out = { 0 };
    put_text(&out, "path", id->path);
    put_text(&out, "name", id->name);
    put_text(&out, "version", id->version);
    return rt_buf_str(&out);
}

static struct rt_error *check_data(const struct cc_package *p, rt_bytes bytes)
{
    bool equal;
    if (p->kind == CC_PACKAGE_CDS) {
        const Ccprovider__CDSData *own = (const void *)p->data;
        Ccprovider__CDSData *other;
        struct rt_error *err = WIRE_UNMARSHAL(ccprovider__cdsdata, bytes, &other);
        if (err)
            return err;
        equal = rt_str_eq(own->codehash, other->codehash) &&
                rt_str_eq(own->metadatahash, other->metadatahash);
    } else {
        const Ccprovider__SignedCDSData *own = (const void *)p->data;
        Ccprovider__SignedCDSData *other;
        struct rt_error *err = WIRE_UNMARSHAL(ccprovider__signed_cdsdata, bytes, &other);
        if (err)
            return err;
        equal = rt_str_eq(own->hash, other->hash) &&
                rt_str_eq(own->metadatahash, other->metadatahash) &&
                rt_str_eq(own->signaturehash, other->signaturehash);
    }
    return equal ? NULL : rt_errorf("data mismatch");
}

static struct rt_error *check_initialised(const struct cc_package *p)
{
    if (p->kind == CC_PACKAGE_CDS) {
        if (!p->dep_spec)
            return rt_errorf("uninitialized package");
        return !p->data ? rt_errorf("nil data") : NULL;
    }
    if (!p->s_dep_spec)
        return rt_errorf("uninitialized package");
    if (!p->s_dep_spec->chaincode_deployment_spec.data)
        return rt_errorf("signed chaincode deployment spec cannot be nil in a package");
    if (!p->dep_spec)
        return rt_errorf("chaincode deployment spec cannot be nil in a package");
    return NULL;
}

static bool is_printable(rt_str name)
{
    for (size_t at = 0; at < name.len;) {
        uint32_t rune;
        at += rt_utf8_decode(rt_str_slice(name, at, name.len), &rune);
        if (!rt_rune_printable(rune))
            return false;
    }
    return true;
}

struct rt_error *cc_package_validate_cc(
        const struct cc_package *p, const Ccprovider__ChaincodeData *ccdata)
{
    struct rt_error *err = check_initialised(p);
    if (err)
        return err;
    if (!is_printable(RT_DEREF(ccdata)->name))
        return rt_errorf("invalid chaincode name: %q", ccdata->name);
    const Protos__ChaincodeID *id = chaincode_id(p->dep_spec);
    if (!rt_str_eq(ccdata->name, id->name) || !rt_str_eq(ccdata->version, id->version))
        return rt_errorf("invalid chaincode data %S (%S)", chaincode_data_text(ccdata),
                chaincode_id_text(id));
    return check_data(p, ccdata->data);
}

/* ---- trial ---- */

static struct cc_package *try_kind(enum cc_package_kind kind, rt_bytes buf)
{
    struct cc_package *p = cc_package_new(kind);
    Ccprovider__ChaincodeData *data;
    if (cc_package_init_from_buffer(p, buf, &data) || cc_package_validate_cc(p, data))
        return NULL;
    return p;
}

struct rt_error *ccprovider_get_cc_package(rt_bytes buf, struct cc_package **package)
{
    struct cc_package *cds = try_kind(CC_PACKAGE_CDS, buf);
    struct cc_package *scds = try_kind(CC_PACKAGE_SIGNED_CDS, buf);
    *package = scds ? scds : cds;
    if (!*package)
        return rt_errorf("could not unmarshal chaincode package to CDS or SignedCDS");
    return NULL;
}
