/* Follows SatisfiesPrincipal of msp/mspimpl.go. */
#include "model/msp/msp_internal.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

struct principals {
    const Common__MSPPrincipal **items;
    size_t count, cap;
};

static void push(struct principals *list, const Common__MSPPrincipal *principal)
{
    rt_reserve(list->items, list->cap, list->count + 1);
    list->items[list->count++] = principal;
}

/* collectPrincipals: the parts of combined principals, in order. They may be nested as deep as they
 * like, so there is a stack for them. */
static struct rt_error *collect_principals(
        const Common__MSPPrincipal *principal, enum msp_version version, struct principals *out)
{
    struct principals todo = { 0 };
    push(&todo, principal);
    while (todo.count > 0) {
        todo.count--;
        const Common__MSPPrincipal *next = RT_DEREF(todo.items[todo.count]);
        if (next->principal_classification != COMMON__MSPPRINCIPAL__CLASSIFICATION__COMBINED) {
            push(out, next);
            continue;
        }
        if (version <= MSP_V1_1)
            return rt_errorf("invalid principal type %d", (int)next->principal_classification);
        Common__CombinedPrincipal *combined;
        struct rt_error *err =
                WIRE_UNMARSHAL(common__combined_principal, next->principal, &combined);
        if (err)
            return rt_error_wrap(err, "could not unmarshal CombinedPrincipal from principal");
        if (combined->n_principals == 0)
            return rt_errorf("No principals in CombinedPrincipal");
        for (size_t i = combined->n_principals; i-- > 0;)
            push(&todo, combined->principals[i]);
    }
    return NULL;
}

static struct rt_error *other_msp(const struct identity *identity, rt_str expected)
{
    return rt_errorf("the identity is a member of a different MSP (expected %S, got %S)", expected,
            identity->base.identifier.mspid);
}

static struct rt_error *satisfies_admin(const struct identity *identity)
{
    const struct msp *msp = identity->msp;
    for (size_t i = 0; i < msp->admin_count; i++) {
        if (rt_str_eq(msp->admins[i]->raw, identity->cert->raw))
            return NULL;
    }
    return rt_errorf("This identity is not an admin");
}

/* hasOURole of a client or a peer. */
static struct rt_error *has_ou_role(const struct identity *identity, bool peer)
{
    const struct msp *msp = identity->msp;
    if (!msp->ou_enforcement)
        return rt_errorf("NodeOUs not activated. Cannot tell apart identities.");
    rt_str wanted = (peer ? &msp->peer_ou : &msp->client_ou)->organizational_unit_identifier;
    size_t count;
    const struct ou_identifier *units = msp_organizational_units(identity, &count);
    for (size_t i = 0; i < count; i++) {
        if (rt_str_eq(units[i].organizational_unit_identifier, wanted))
            return NULL;
    }
    return rt_errorf("The identity does not contain OU [%s], MSP: [%S]", peer ? "PEER" : "CLIENT",
            msp->name);
}

static struct rt_error *satisfies_node_role(const struct identity *identity, bool peer)
{
    const struct msp *msp = identity->msp;
    struct rt_error *err = msp_validate(msp, identity);
    if (err)
        return rt_error_wrapf(err, "The identity is not valid under this MSP [%S]", msp->name);
    return rt_error_wrapf(has_ou_role(identity, peer),
            "The identity is not a [%s] under this MSP [%S]", peer ? "PEER" : "CLIENT", msp->name);
}

static struct rt_error *satisfies_role(const struct identity *identity, rt_bytes principal)
{
    Common__MSPRole *role;
    struct rt_error *err = WIRE_UNMARSHAL(common__msprole, principal, &role);
    if (err)
        return rt_error_wrap(err, "could not unmarshal MSPRole from principal");
    if (!rt_str_eq(role->msp_identifier, identity->msp->name))
        return other_msp(identity, role->msp_identifier);
    switch ((int)role->role) {
    case COMMON__MSPROLE__MSPROLE_TYPE__MEMBER:
        return msp_validate(identity->msp, identity);
    case COMMON__MSPROLE__MSPROLE_TYPE__ADMIN:
        return satisfies_admin(identity);
    case COMMON__MSPROLE__MSPROLE_TYPE__CLIENT:
        return satisfies_node_role(identity, false);
    case COMMON__MSPROLE__MSPROLE_TYPE__PEER:
        return satisfies_node_role(identity, true);
    default:
        return rt_errorf("invalid MSP role type %d", (int)role->role);
    }
}

static struct rt_error *satisfies_identity(const struct identity *identity, rt_bytes principal)
{
    const struct identity_deserializer *deserializer = &identity->msp->deserializer;
    const struct msp_identity *wanted;
    struct rt_error *err =
            deserializer->deserialize_identity(deserializer->self, principal, &wanted);
    if (err)
        return rt_error_wrap(err, "invalid identity principal, not a certificate");
    const struct identity *other = wanted->self;
    if (!rt_str_eq(identity->cert->raw, other->cert->raw))
        return rt_errorf("The identities do not match");
    return wanted->validate(wanted->self);
}

static struct rt_error *satisfies_unit(const struct identity *identity, rt_bytes principal)
{
    Common__OrganizationUnit *wanted;
    struct rt_error *err = WIRE_UNMARSHAL(common__organization_unit, principal, &wanted);
    if (err)
        return rt_error_wrap(err, "could not unmarshal OrganizationUnit from principal");
    if (!rt_str_eq(wanted->msp_identifier, identity->msp->name))
        return other_msp(identity, wanted->msp_identifier);
    err = msp_validate(identity->msp, identity);
    if (err)
        return err;
    size_t count;
    const struct ou_identifier *units = msp_organizational_units(identity, &count);
    for (size_t i = 0; i < count; i++) {
        if (rt_str_eq(units[i].organizational_unit_identifier,
                    wanted->organizational_unit_identifier) &&
                rt_str_eq(units[i].certifiers_identifier, wanted->certifiers_identifier))
            return NULL;
    }
    return rt_errorf("The identities do not match");
}

static struct rt_error *satisfies_anonymity(rt_bytes principal)
{
    Common__MSPIdentityAnonymity *anonymity;
    struct rt_error *err = WIRE_UNMARSHAL(common__mspidentity_anonymity, principal, &anonymity);
    if (err)
        return rt_error_wrap(err, "could not unmarshal MSPIdentityAnonymity from principal");
    switch ((int)anonymity->anonymity_type) {
    case COMMON__MSPIDENTITY_ANONYMITY__MSPIDENTITY_ANONYMITY_TYPE__ANONYMOUS:
        return rt_errorf(
                "Principal is anonymous, but X.509 MSP does not support anonymous identities");
    case COMMON__MSPIDENTITY_ANONYMITY__MSPIDENTITY_ANONYMITY_TYPE__NOMINAL:
        return NULL;
    default:
        return rt_errorf("Unknown principal anonymity type: %d", (int)anonymity->anonymity_type);
    }
}

/* satisfiesPrincipalInternalV13 and ...PreV13. */
static struct rt_error *satisfies_one(
        const struct identity *identity, const Common__MSPPrincipal *principal)
{
    int classification = (int)principal->principal_classification;
    switch (classification) {
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__ROLE:
        return satisfies_role(identity, principal->principal);
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__IDENTITY:
        return satisfies_identity(identity, principal->principal);
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__ORGANIZATION_UNIT:
        return satisfies_unit(identity, principal->principal);
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__ANONYMITY:
        if (identity->msp->version >= MSP_V1_3)
            return satisfies_anonymity(principal->principal);
        return rt_errorf("invalid principal type %d", classification);
    default:
        return rt_errorf("invalid principal type %d", classification);
    }
}

struct rt_error *msp_satisfies_principal(
        const struct identity *identity, const Common__MSPPrincipal *principal)
{
    struct principals parts = { 0 };
    struct rt_error *err = collect_principals(principal, identity->msp->version, &parts);
    for (size_t i = 0; !err && i < parts.count; i++)
        err = satisfies_one(identity, parts.items[i]);
    return err;
}

struct rt_error *msp_local_principal_get(
        const struct msp *local_msp, rt_str role, Common__MSPPrincipal **out)
{
    *out = NULL;
    Common__MSPRole msp_role = COMMON__MSPROLE__INIT;
    msp_role.msp_identifier = msp_get_identifier(local_msp);
    if (rt_str_is(role, "Admins"))
        msp_role.role = COMMON__MSPROLE__MSPROLE_TYPE__ADMIN;
    else if (rt_str_is(role, "Members"))
        msp_role.role = COMMON__MSPROLE__MSPROLE_TYPE__MEMBER;
    else
        return rt_errorf("MSP Principal role [%S] not recognized", role);
    Common__MSPPrincipal *principal = WIRE_NEW(common__mspprincipal);
    principal->principal_classification = COMMON__MSPPRINCIPAL__CLASSIFICATION__ROLE;
    struct rt_error *err = WIRE_MARSHAL(&msp_role, &principal->principal);
    if (err)
        return rt_error_wrap(err, "marshalling failed");
    *out = principal;
    return NULL;
}
