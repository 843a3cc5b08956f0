/* Proposals layer by layer. */
#include "harness/scenario/layers.h"

#include "harness/scenario/proto_form.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/arena.h"
#include "model/rt/names.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/common.pb-c.h"
#include "proto/proposal.pb-c.h"
#include "proto/timestamp.pb-c.h"

static const char *const layer_names[] = RT_NAMES(PROPOSAL_LAYERS);
static const ProtobufCMessageDescriptor *const layer_types[LAYER_COUNT] = {
#define LAYER_TYPE(name, text, type) &type##__descriptor,
    PROPOSAL_LAYERS(LAYER_TYPE)
#undef LAYER_TYPE
};

/* ---- reading ---- */

static bool read_position(const struct json_doc *doc, const struct json_node *node)
{
    json_int_t value = json_integer_value(node->value);
    return (json_is_integer(node->value) && value >= 0) ||
           json_wrong(doc, node, "a whole number, at least 0");
}

static bool has_no_bytes(const struct json_doc *doc, const struct json_node *node, int layer)
{
    diag_at(json_key_place(doc, node), "\"%s\" is part of a message and has no bytes of its own",
            layer_names[layer]);
    return false;
}

static bool has_no_fields(const struct json_doc *doc, const struct json_node *node)
{
    diag_at(json_key_place(doc, node),
            "a signature has no field \"%s\"; expected bytes, cut or flip", node->key);
    return false;
}

/* One member of a layer: its fields are checked, and read again when the proposal is made. */
static bool read_member(const struct json_doc *doc, const struct json_node *node, int layer,
        struct layer *to, ProtobufCMessage *scratch)
{
    bool bytes = strcmp(node->key, "bytes") == 0, cut = strcmp(node->key, "cut") == 0;
    if (bytes || cut || strcmp(node->key, "flip") == 0) {
        if (!bytes)
            *(cut ? &to->cut : &to->flip) = node;
        if (layer < LAYER_INVOCATION)
            return has_no_bytes(doc, node, layer);
        return bytes ? bytes_form_read(doc, node, &to->bytes) : read_position(doc, node);
    }
    return scratch ? proto_form_set(doc, node, scratch) : has_no_fields(doc, node);
}

static bool read_layer(
        const struct json_doc *doc, const struct json_node *node, int layer, struct layer *to)
{
    ProtobufCMessage *scratch = layer_types[layer] ? wire_new(layer_types[layer]) : NULL;
    bool ok = true;
    to->left_out = json_is_null(node->value);
    if (to->left_out)
        return true;
    if (!json_is_object(node->value))
        return json_wrong(doc, node, "an object, or null");
    to->node = node;
    for (const struct json_node *child = node->child; child; child = child->next)
        ok = read_member(doc, child, layer, to, scratch) && ok;
    return ok;
}

#define READ_LAYER(name)                                                                           \
    static bool read_##name(const struct json_doc *doc, const struct json_node *node, void *out)   \
    {                                                                                              \
        return read_layer(doc, node, LAYER_##name, out);                                           \
    }                                                                                              \
    static const struct json_spec spec_##name = {                                                  \
        .kind = JSON_SPEC_OWN,                                                                     \
        .size = sizeof(struct layer),                                                              \
        .read = read_##name,                                                                       \
        .reads_null = true,                                                                        \
    };
#define READ_EACH(name, text, type) READ_LAYER(name)
PROPOSAL_LAYERS(READ_EACH)
READ_LAYER(SIGNATURE)

#define LAYER_AT(name) offsetof(struct proposal_layers, layers[LAYER_##name])
#define LAYER_FIELD(name, key, what)                                                               \
    {                                                                                              \
        key, &spec_##name, LAYER_AT(name),                                                         \
                .null = true,                                                                      \
                .about = what " Fields by their names in the .proto file, null: left out; bytes: " \
                              "in their place; cut, flip: damaged."                                \
    }

static const struct json_field fields[] = {
    { "chaincode_id", &spec_CHAINCODE_ID, LAYER_AT(CHAINCODE_ID), .null = true,
            .about = "ChaincodeID, of the spec and of the extension: its fields." },
    { "input", &spec_INPUT, LAYER_AT(INPUT), .null = true,
            .about = "ChaincodeInput: args, decorations." },
    { "spec", &spec_SPEC, LAYER_AT(SPEC), .null = true,
            .about = "ChaincodeSpec: type, chaincode_id, input, timeout." },
    LAYER_FIELD(INVOCATION, "invocation", "ChaincodeInvocationSpec."),
    LAYER_FIELD(PAYLOAD, "payload", "ChaincodeProposalPayload."),
    LAYER_FIELD(SIGNATURE_HEADER, "signature_header", "SignatureHeader: creator, nonce."),
    LAYER_FIELD(EXTENSION, "extension", "ChaincodeHeaderExtension."),
    LAYER_FIELD(CHANNEL_HEADER, "channel_header", "ChannelHeader."),
    LAYER_FIELD(HEADER, "header", "Header."),
    LAYER_FIELD(PROPOSAL, "proposal", "Proposal."),
    LAYER_FIELD(SIGNED_PROPOSAL, "signed_proposal", "SignedProposal."),
    LAYER_FIELD(SIGNATURE, "signature", "The signature; it has no fields."),
    { "signed_by", &json_spec_name, offsetof(struct proposal_layers, signed_by),
            .about = "Whose key signs; the creator stays." },
    { "signs", &spec_bytes_part, offsetof(struct proposal_layers, signs),
            .about = "What is signed in place of the proposal." },
    { 0 },
};
const struct json_spec spec_layers = {
    .kind = JSON_SPEC_OBJECT,
    .name = "layers",
    .about = "What is different in the layers of a proposal, from inside out.",
    .fields = fields,
    .size = sizeof(struct proposal_layers),
};

/* ---- making ---- */

struct making {
    const struct proposal_layers *layers;
    const struct json_doc *doc;
    struct rt_error *err; /* the first */
};

static const struct layer *layer_of(const struct making *m, enum proposal_layer layer)
{
    return &m->layers->layers[layer];
}

/* The layer's fields put into the message that the client would make; NULL if it is left out. */
static void *change(struct making *m, enum proposal_layer layer, void *message)
{
    const struct layer *l = layer_of(m, layer);
    if (l->left_out)
        return NULL;
    for (const struct json_node *child = l->node ? l->node->child : NULL; child;
            child = child->next)
        if (strcmp(child->key, "bytes") != 0 && child != l->cut && child != l->flip)
            (void)proto_form_set(m->doc, child, message);
    return message;
}

/* What becomes of a layer's bytes. */
static rt_bytes finish(struct making *m, enum proposal_layer layer, rt_bytes bytes)
{
    const struct layer *l = layer_of(m, layer);
    const char *name = layer == LAYER_SIGNATURE ? "signature" : layer_names[layer];
    if (l->left_out)
        return RT_NIL;
    if (l->bytes.data)
        bytes = l->bytes;
    size_t cut = l->cut ? (size_t)json_integer_value(l->cut->value) : bytes.len;
    size_t flip = l->flip ? (size_t)json_integer_value(l->flip->value) : 0;
    if ((cut > bytes.len || (l->flip && flip >= cut)) && !m->err)
        m->err = rt_errorf("the layer \"%s\" has only %zu bytes", name, bytes.len);
    if (m->err)
        return bytes;
    bytes = rt_bytes_dup(bytes.data, cut);
    if (l->flip)
        bytes.data[flip] ^= 0xff;
    return bytes;
}

static rt_bytes marshal(struct making *m, enum proposal_layer layer, void *message)
{
    rt_bytes bytes = RT_NIL;
    void *changed = change(m, layer, message);
    struct rt_error *err = changed ? wire_marshal(changed, &bytes) : NULL;
    if (err && !m->err)
        m->err = rt_error_wrapf(err, "the layer \"%s\" cannot be marshalled", layer_names[layer]);
    return finish(m, layer, bytes);
}

static rt_bytes make_payload(
        struct making *m, const struct layers_basis *b, Protos__ChaincodeID **chaincode_id)
{
    Protos__ChaincodeInvocationSpec invocation = PROTOS__CHAINCODE_INVOCATION_SPEC__INIT;
    Protos__ChaincodeSpec spec = *b->spec;
    Protos__ChaincodeProposalPayload payload = *b->payload;
    spec.chaincode_id = change(m, LAYER_CHAINCODE_ID, spec.chaincode_id);
    spec.input = change(m, LAYER_INPUT, spec.input);
    *chaincode_id = spec.chaincode_id;
    invocation.chaincode_spec = change(m, LAYER_SPEC, &spec);
    payload.input = marshal(m, LAYER_INVOCATION, &invocation);
    return marshal(m, LAYER_PAYLOAD, &payload);
}

static rt_bytes make_channel_header(struct making *m, const struct layers_basis *b,
        Protos__ChaincodeID *chaincode_id, rt_str txid)
{
    Protos__ChaincodeHeaderExtension extension = PROTOS__CHAINCODE_HEADER_EXTENSION__INIT;
    Google__Protobuf__Timestamp timestamp = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Common__ChannelHeader header = COMMON__CHANNEL_HEADER__INIT;
    extension.chaincode_id = chaincode_id;
    timestamp.seconds = b->wall_ns / 1000000000;
    timestamp.nanos = (int32_t)(b->wall_ns % 1000000000);
    header.type = COMMON__HEADER_TYPE__ENDORSER_TRANSACTION;
    header.timestamp = &timestamp;
    header.channel_id = b->channel;
    header.tx_id = txid;
    header.extension = marshal(m, LAYER_EXTENSION, &extension);
    return marshal(m, LAYER_CHANNEL_HEADER, &header);
}

static rt_bytes sign(struct making *m, const struct layers_basis *b, rt_bytes proposal)
{
    const struct bytes_part *signs = &m->layers->signs;
    rt_bytes signature = RT_NIL;
    struct rt_error *err =
            b->signer->sign(b->signer->self, signs->given ? signs->value : proposal, &signature);
    if (err && !m->err)
        m->err = err;
    return finish(m, LAYER_SIGNATURE, signature);
}

struct rt_error *layers_make(const struct proposal_layers *layers, const struct json_doc *doc,
        const struct layers_basis *basis, rt_bytes *out)
{
    struct making m = { layers, doc, NULL };
    Protos__ChaincodeID *chaincode_id;
    Common__SignatureHeader signature_header = COMMON__SIGNATURE_HEADER__INIT;
    Common__Header header = COMMON__HEADER__INIT;
    Protos__Proposal proposal = PROTOS__PROPOSAL__INIT;
    Protos__SignedProposal signed_proposal = PROTOS__SIGNED_PROPOSAL__INIT;
    proposal.payload = make_payload(&m, basis, &chaincode_id);
    signature_header.nonce = basis->nonce;
    signature_header.creator = basis->creator;
    header.signature_header = marshal(&m, LAYER_SIGNATURE_HEADER, &signature_header);
    header.channel_header = make_channel_header(&m, basis, chaincode_id,
            protoutil_compute_tx_id(signature_header.nonce, signature_header.creator));
    proposal.header = marshal(&m, LAYER_HEADER, &header);
    signed_proposal.proposal_bytes = marshal(&m, LAYER_PROPOSAL, &proposal);
    signed_proposal.signature = sign(&m, basis, signed_proposal.proposal_bytes);
    *out = marshal(&m, LAYER_SIGNED_PROPOSAL, &signed_proposal);
    return m.err;
}
