/* Certificates that cannot be made: whether a fault of the scenario strikes. */
#include "harness/scenario/lab_peer.h"
#include "mocks/fault/when.h"
#include "model/rt/choice.h"
#include "model/rt/trace.h"

void lab_certificates_begin(struct peer_lab *lab)
{
    lab->certificate_hits = rt_new_array(uint32_t, lab->lab.scenario->certificate_fault_count + 1);
}

struct rt_error *lab_certificate_fails(
        void *self, enum peer_certificate certificate, rt_str chaincode)
{
    struct peer_lab *lab = self;
    const struct scenario *s = lab->lab.scenario;
    for (size_t i = 0; i < s->certificate_fault_count; i++) {
        const struct certificate_fault *f = &s->certificate_faults[i];
        if (f->of != certificate || !scenario_entry_fits(f->chaincode, chaincode))
            continue;
        const struct fault_when when = { .first = f->first, .count = f->count, .maybe = f->maybe };
        uint32_t *struck = &lab_hits(&lab->lab, s->certificate_effects)[i];
        if (!fault_strikes(
                    &when, &lab->certificate_hits[i], struck, "a certificate cannot be made"))
            continue;
        rt_note("no certificate can be made: %S", f->error);
        return rt_error_new(f->error);
    }
    return NULL;
}
