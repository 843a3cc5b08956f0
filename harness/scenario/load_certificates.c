/* Certificates of a peer with TLS: the table of the member "certificates", and what it makes. */
#include "harness/scenario/load.h"
#include "model/rt/names.h"

static const char *const kinds[] = RT_NAMES(PEER_CERTIFICATES);
static const struct json_spec kind = { .kind = JSON_SPEC_WORD, .words = kinds };

static const struct json_field fault_fields[] = {
    { "of", &kind, AT(certificate_fault_text, of), .otherwise = "\"chaincode\"",
            .about = "Whose: a chaincode's at its launch; the peer's authority or its listener for "
                     "chaincodes at a start." },
    { "chaincode", &spec_name, AT(certificate_fault_text, chaincode),
            .about = "Of chaincode: name:version or name of the chaincode; absent: any." },
    { "error", &spec_name, AT(certificate_fault_text, error), .required = true,
            .about = "What the system says instead of random bytes." },
    { "first", &spec_ordinal, AT(certificate_fault_text, first), .otherwise = "1",
            .about = "The first occurrence that is hit." },
    { "count", &spec_count, AT(certificate_fault_text, count), .otherwise = "1",
            .about = "How many are hit; 0: all from the first on." },
    { "maybe", &spec_flag, AT(certificate_fault_text, maybe), .otherwise = "false",
            .about = "A choice decides each time; it does not happen in the plain run." },
    { 0 },
};
static const struct json_spec fault = {
    .kind = JSON_SPEC_OBJECT,
    .name = "certificate_fault",
    .about = "A certificate that cannot be made; of several that fit, the first happens.",
    .fields = fault_fields,
    .size = sizeof(struct certificate_fault_text),
    .place = AT(certificate_fault_text, node),
    .has_place = true,
};
static const struct json_spec faults = { .kind = JSON_SPEC_ARRAY, .element = &fault };
static const struct json_field fields[] = {
    { "faults", &faults, 0, .about = "What cannot be made." },
    { 0 },
};
const struct json_spec spec_certificates = {
    .kind = JSON_SPEC_OBJECT,
    .name = "certificates",
    .about = "The certificates that a peer with TLS makes.",
    .fields = fields,
    .size = sizeof(struct json_list),
};

static void load_fault(struct loading *l, const struct certificate_fault_text *t, size_t number,
        struct certificate_fault *to)
{
    *to = (struct certificate_fault){
        .of = (enum peer_certificate)t->of,
        .chaincode = t->chaincode,
        .error = t->error,
        .first = json_member(t->node, "first") ? (uint32_t)t->first : 1,
        .count = json_member(t->node, "count") ? (uint32_t)t->count : 1,
        .maybe = t->maybe,
    };
    rt_str what = rt_sprintf("certificate fault %zu (%s)", number, kinds[t->of]);
    loading_effect(l, (struct scenario_effect){ t->node, what, "never struck", 0 });
    if (to->of != PEER_CERTIFICATE_CHAINCODE && t->chaincode.len > 0)
        loading_wrong(l, loading_member(t->node, "chaincode"),
                "the peer's own certificates are no chaincode's");
    if (l->s->world && !l->s->world->peer.tls)
        loading_wrong(l, t->node,
                "a peer without TLS gives no certificates to chaincodes: set world.peer.tls");
}

void load_certificates(struct loading *l, struct json_list list)
{
    struct certificate_fault *all = rt_new_array(struct certificate_fault, list.count + 1);
    l->s->certificate_effects = l->s->effect_count;
    for (size_t i = 0; i < list.count; i++)
        load_fault(l, &((const struct certificate_fault_text *)list.items)[i], i + 1, &all[i]);
    l->s->certificate_faults = all;
    l->s->certificate_fault_count = list.count;
}
