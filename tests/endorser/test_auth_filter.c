/* The filters in front of the endorser. */
#include "model/endorser/auth_filter.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

/* Certificates of the world end at 2036-11-20T18:06:00Z. */
static const int64_t not_after_ms = INT64_C(2110817160000);

static Protos__SignedProposal *proposal_of(rt_bytes creator)
{
    Common__SignatureHeader *signature_header = WIRE_NEW(common__signature_header);
    signature_header->creator = creator;
    Common__Header *header = WIRE_NEW(common__header);
    header->signature_header = WIRE_MARSHAL_OR_PANIC(signature_header);
    Protos__Proposal *proposal = WIRE_NEW(protos__proposal);
    proposal->header = WIRE_MARSHAL_OR_PANIC(header);
    Protos__SignedProposal *out = WIRE_NEW(protos__signed_proposal);
    out->proposal_bytes = WIRE_MARSHAL_OR_PANIC(proposal);
    return out;
}

static void expiry(void **state)
{
    (void)state;
    const struct signing_identity *user = support_signer("user");
    Protos__SignedProposal *p = proposal_of(user->identity->serialize(user->identity->self));
    assert_null(auth_expiration_check(p, SUPPORT_NOW_MS));
    assert_null(auth_expiration_check(p, not_after_ms));
    struct rt_error *err = auth_expiration_check(p, not_after_ms + 1);
    assert_true(rt_str_is(err->text, "identity expired"));
    /* No decision about what is no certificate. */
    assert_null(auth_expiration_check(proposal_of(RT_STR("junk")), not_after_ms + 1));
    assert_null(auth_expiration_check(proposal_of(RT_NIL), not_after_ms + 1));
}

static void unreadable(void **state)
{
    (void)state;
    Protos__SignedProposal p = PROTOS__SIGNED_PROPOSAL__INIT;
    p.proposal_bytes = RT_STR("\x0a");
    struct rt_error *err = auth_expiration_check(&p, 0);
    assert_true(rt_str_is(
            err->text, "failed parsing proposal: error unmarshaling Proposal: unexpected EOF"));
    p.proposal_bytes = RT_STR("\x0a\x01\x0a");
    err = auth_expiration_check(&p, 0);
    assert_true(rt_str_is(
            err->text, "failed parsing header: error unmarshaling Header: unexpected EOF"));
    p.proposal_bytes = RT_STR("\x0a\x03\x12\x01\x0a");
    err = auth_expiration_check(&p, 0);
    assert_true(rt_str_is(err->text,
            "failed parsing signature header: error unmarshaling SignatureHeader: unexpected EOF"));
}

static struct rt_error *endorser(
        void *self, const Protos__SignedProposal *p, Protos__ProposalResponse **out)
{
    (void)p;
    (*(int *)self)++;
    *out = NULL;
    return NULL;
}

static void chain(void **state)
{
    (void)state;
    int calls = 0;
    struct endorser_server last = { &calls, endorser };
    assert_ptr_equal(auth_chain_filters(&last, NULL, 0), &last);
    struct auth_filter *filters[] = { auth_filter_new(), auth_filter_new() };
    const struct endorser_server *first = auth_chain_filters(&last, filters, 2);
    assert_ptr_equal(first, &filters[0]->server);
    Protos__ProposalResponse *response;
    assert_null(first->process_proposal(first->self, proposal_of(RT_NIL), &response));
    assert_int_equal(calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expiry),
        cmocka_unit_test(unreadable),
        cmocka_unit_test(chain),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
