/* Certificates that cannot be made: whether a fault of the scenario strikes. */
#include "harness/scenario/lab_peer.h"
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
        uint32_t hit = ++lab->certificate_hits[i];
        if (hit < f->first || (f->count > 0 && hit - f->first >= f->count))
            continue;
        lab_hits(&lab->lab, s->certificate_effects)[i]++;
        if (f->maybe && rt_choose(RT_CHOICE_FAULT, 2, "a certificate cannot be made") == 0)
            continue;
        rt_note("no certificate can be made: %S", f->error);
        return rt_error_new(f->error);
    }
    return NULL;
}
