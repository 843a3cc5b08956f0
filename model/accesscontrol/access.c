/* Follows core/chaincode/accesscontrol/access.go. */
#include "model/accesscontrol/access.h"

#include "model/accesscontrol/internal.h"
#include "model/rt/arena.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"

struct authenticator *authenticator_new(struct key_gen_func key_gen)
{
    struct authenticator *auth = rt_new(struct authenticator);
    auth->mapper = cert_mapper_new(key_gen);
    return auth;
}

static struct rt_error *generate_over(void *self, struct tlsgen_pair **pair)
{
    return tlsgen_new_client_cert_key_pair(self, pair);
}

struct authenticator *authenticator_new_over(struct tlsgen_ca *ca)
{
    return authenticator_new((struct key_gen_func){ ca, generate_over });
}

struct rt_error *authenticator_generate(
        struct authenticator *auth, rt_str cc_name, const struct cert_and_priv_key_pair **out)
{
    struct tlsgen_pair *cert;
    struct rt_error *err = cert_mapper_gen_cert(auth->mapper, cc_name, &cert);
    if (err)
        return err;
    struct cert_and_priv_key_pair *pair = rt_new(struct cert_and_priv_key_pair);
    pair->key = tlsgen_priv_key_string(cert);
    pair->cert = tlsgen_pub_key_string(cert);
    *out = pair;
    return NULL;
}

/* %v of a []byte. */
static rt_str numbers(rt_bytes bytes)
{
    struct rt_buf buf = { 0 };
    rt_buf_put_byte(&buf, '[');
    for (size_t i = 0; i < bytes.len; i++)
        rt_buf_printf(&buf, "%s%d", i > 0 ? " " : "", bytes.data[i]);
    rt_buf_put_byte(&buf, ']');
    return rt_buf_str(&buf);
}

static struct rt_error *refuse(rt_str text)
{
    rt_note("%S", text);
    return rt_error_new(text);
}

struct rt_error *authenticate(struct authenticator *auth, const Protos__ChaincodeMessage *msg,
        const struct register_stream *stream)
{
    if (msg->type != PROTOS__CHAINCODE_MESSAGE__TYPE__REGISTER) {
        rt_note("Got message %S but expected a ChaincodeMessage_REGISTER message",
                wire_text(&msg->base));
        return rt_errorf("First message needs to be a register");
    }
    Protos__ChaincodeID *chaincode_id;
    struct rt_error *err = WIRE_UNMARSHAL(protos__chaincode_id, msg->payload, &chaincode_id);
    if (err) {
        rt_note("Failed unmarshaling message: %v", err);
        return err;
    }
    rt_str cc_name = chaincode_id->name;
    rt_bytes hash = cert_hash_of_stream(stream);
    if (hash.len == 0)
        return refuse(
                rt_sprintf("TLS is active but chaincode %S didn't send certificate", cc_name));
    rt_str registered_name = cert_mapper_lookup(auth->mapper, hash);
    if (registered_name.len == 0)
        return refuse(
                rt_sprintf("Chaincode %S with given certificate hash %S not found in registry",
                        cc_name, numbers(hash)));
    if (!rt_str_eq(registered_name, cc_name)) {
        rt_str text = rt_sprintf("Chaincode %S with given certificate hash %S belongs to a "
                                 "different chaincode",
                cc_name, numbers(hash));
        rt_note("%S", text);
        return rt_error_new(format_without_arguments(text));
    }
    return NULL;
}
