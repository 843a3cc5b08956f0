/* Follows what the shim uses of protos/utils/{proputils,commonutils}.go. */
#include "model/shim/handler.h"

#include <openssl/sha.h>

#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/common.pb-c.h"
#include "proto/proposal.pb-c.h"

struct rt_error *shim_get_proposal(rt_bytes bytes, Protos__Proposal **proposal)
{
    return rt_error_wrap(
            WIRE_UNMARSHAL(protos__proposal, bytes, proposal), "error unmarshaling Proposal");
}

static struct rt_error *get_header(rt_bytes bytes, Common__Header **header)
{
    return rt_error_wrap(
            WIRE_UNMARSHAL(common__header, bytes, header), "error unmarshaling Header");
}

static struct rt_error *get_channel_header(rt_bytes bytes, Common__ChannelHeader **header)
{
    return rt_error_wrap(WIRE_UNMARSHAL(common__channel_header, bytes, header),
            "error unmarshaling ChannelHeader");
}

static struct rt_error *get_signature_header(rt_bytes bytes, Common__SignatureHeader **header)
{
    return rt_error_wrap(WIRE_UNMARSHAL(common__signature_header, bytes, header),
            "error unmarshaling SignatureHeader");
}

static struct rt_error *validate_channel_header_type(const Common__ChannelHeader *chdr)
{
    if (chdr->type == COMMON__HEADER_TYPE__ENDORSER_TRANSACTION ||
            chdr->type == COMMON__HEADER_TYPE__CONFIG)
        return NULL;
    const ProtobufCEnumValue *value =
            protobuf_c_enum_descriptor_get_value(&common__header_type__descriptor, chdr->type);
    rt_str received = value ? rt_str_from(value->name) : rt_sprintf("%d", chdr->type);
    return rt_errorf("invalid channel header type. expected one of [ENDORSER_TRANSACTION CONFIG], "
                     "received %S",
            received);
}

struct rt_error *shim_get_chaincode_proposal_context(
        const Protos__Proposal *proposal, rt_bytes *creator, struct rt_map **transient)
{
    if (!proposal)
        return rt_errorf("proposal is nil");
    if (proposal->header.len == 0)
        return rt_errorf("proposal's header is nil");
    if (proposal->payload.len == 0)
        return rt_errorf("proposal's payload is nil");
    Common__Header *header;
    struct rt_error *err = get_header(proposal->header, &header);
    if (err)
        return rt_error_wrap(err, "error extracting header from proposal");
    Common__ChannelHeader *chdr;
    err = get_channel_header(header->channel_header, &chdr);
    if (err)
        return rt_error_wrap(err, "error extracting channel header from proposal");
    err = validate_channel_header_type(chdr);
    if (err)
        return rt_error_wrap(err, "invalid proposal");
    Common__SignatureHeader *shdr;
    err = get_signature_header(header->signature_header, &shdr);
    if (err)
        return rt_error_wrap(err, "error extracting signature header from proposal");
    Protos__ChaincodeProposalPayload *payload;
    err = rt_error_wrap(
            WIRE_UNMARSHAL(protos__chaincode_proposal_payload, proposal->payload, &payload),
            "error unmarshaling ChaincodeProposalPayload");
    if (err)
        return err;
    *creator = shdr->creator;
    *transient = NULL;
    for (size_t i = 0; i < payload->n_transientmap; i++) {
        if (!*transient)
            *transient = rt_map_new();
        rt_map_put(*transient, payload->transientmap[i]->key, &payload->transientmap[i]->value);
    }
    return NULL;
}

struct rt_error *shim_compute_proposal_binding(const Protos__Proposal *proposal, rt_bytes *binding)
{
    if (!proposal)
        return rt_errorf("proposal is nil");
    if (proposal->header.len == 0)
        return rt_errorf("proposal's header is nil");
    Common__Header *header;
    struct rt_error *err = get_header(proposal->header, &header);
    if (err)
        return err;
    Common__ChannelHeader *chdr;
    err = get_channel_header(header->channel_header, &chdr);
    if (err)
        return err;
    Common__SignatureHeader *shdr;
    err = get_signature_header(header->signature_header, &shdr);
    if (err)
        return err;
    struct rt_buf buf = { 0 };
    rt_buf_put_str(&buf, shdr->nonce);
    rt_buf_put_str(&buf, shdr->creator);
    for (unsigned shift = 0; shift < 64; shift += 8)
        rt_buf_put_byte(&buf, (uint8_t)(chdr->epoch >> shift));
    uint8_t *hash = rt_alloc(SHA256_DIGEST_LENGTH);
    SHA256(buf.data, buf.len, hash);
    *binding = rt_bytes_from(hash, SHA256_DIGEST_LENGTH);
    return NULL;
}

struct rt_error *shim_proposal_timestamp(
        const Protos__Proposal *proposal, Google__Protobuf__Timestamp **timestamp)
{
    Common__Header *header;
    struct rt_error *err = get_header(RT_DEREF(proposal)->header, &header);
    if (err)
        return err;
    Common__ChannelHeader *chdr;
    err = get_channel_header(header->channel_header, &chdr);
    if (err)
        return err;
    *timestamp = chdr->timestamp;
    return NULL;
}
