/* What a scenario expects and does not get is said, with its place: each kind of expectation. */
#include <stdio.h>
#include <string.h>

#include "harness/scenario/lab.h"
#include "tests/support/test.h"

#define WORLD "\"world\": {\"file\": \"corpora/conformance/world/world.json\"}, "
#define IN_BARE(behaviour) "\"bare\": {\"containers\": [{" behaviour "}]}, "
#define LAUNCH(expect)                                                                             \
    "\"actors\": [{\"name\": \"a\", \"steps\": [{\"do\": \"launch\", \"chaincode\": \"mycc\""      \
    ", \"expect\": {" expect "}}]}]"
#define CALL(action, more, expect)                                                                 \
    "\"actors\": [{\"name\": \"a\", \"as\": \"user\", \"steps\": [{\"do\": \"" action              \
    "\", \"chaincode\": \"mycc\", " more "\"expect\": {" expect "}}]}]"
#define LAUNCHES                                                                                   \
    "\"actors\": [{\"name\": \"a\", \"steps\": [{\"do\": \"launch\", \"chaincode\": \"mycc\"}]}]"
#define INVOKES                                                                                    \
    "\"actors\": [{\"name\": \"a\", \"as\": \"user\", \"steps\": [{\"do\": \"invoke\", "           \
    "\"chaincode\": "                                                                              \
    "\"mycc\", \"args\": [\"get\", \"a\"]}]}]"
#define INVOKE(expect) CALL("invoke", "\"args\": [\"get\", \"a\"], ", expect)
#define FAILS(expect) CALL("invoke", "\"args\": [\"fail\"], ", expect)
#define BARE_INVOKE(expect)                                                                        \
    "\"actors\": [{\"name\": \"a\", \"steps\": [{\"do\": \"invoke\", \"chaincode\": \"mycc\""      \
    ", \"expect\": {" expect "}}]}]"

/* A scenario without its head, with an @ where the difference is; NULL: there is none. */
static const struct {
    const char *text, *difference;
} cases[] = {
    /* Of the whole run. */
    { IN_BARE("") LAUNCHES ", \"expect\": {\"containers\": @0}",
            "found 1 container that runs at the end, expected 0" },
    { IN_BARE("") LAUNCHES ", \"expect\": {\"containers\": 1}", NULL },
    { WORLD INVOKES ", \"expect\": {\"containers\": @2}",
            "found 1 container that runs at the end, expected 2" },
    { IN_BARE("") LAUNCHES ", \"expect\": {\"verdict\": @\"panic\"}",
            "found the verdict completed, expected panic" },
    { IN_BARE("\"package_error\": \"no\"") LAUNCHES ", \"expect\": @{\"containers\": 0}",
            "found launching/HandlerRegistry/nobody: no launch of mycc:1.0 is in progress, "
            "launching[mycc:1.0] exists, handlers[mycc:1.0] does not: later launches will wait for "
            "one that nobody makes, which is not expected" },
    { IN_BARE("\"launch\": 2") LAUNCHES ", \"expect\": {\"all_struck\": @true}",
            "container 1 was never taken" },
    /* Of an answer. */
    { IN_BARE("") LAUNCH("\"error\": @\"no\""), "a: launch mycc: found no error, expected \"no\"" },
    { IN_BARE("\"start_error\": \"no\"") LAUNCH("\"error\": @\"yes\""),
            "a: launch mycc: found the error \"error starting container: no\", expected \"yes\"" },
    { IN_BARE("\"start_error\": \"no\"") LAUNCH("\"error\": \"error starting container: no\""),
            NULL },
    { IN_BARE("\"start_error\": \"no\"") LAUNCH("\"no_error\": @true"),
            "a: launch mycc: found the error \"error starting container: no\", expected none" },
    { IN_BARE("\"start_error\": \"no\"") LAUNCH("\"lacks\": @\"no\""),
            "a: launch mycc: found the error \"error starting container: no\", expected one "
            "without "
            "\"no\"" },
    { IN_BARE("") BARE_INVOKE("\"status\": @500"),
            "a: invoke mycc: found status 200 (), expected 500" },
    { IN_BARE("") BARE_INVOKE("\"no_error\": true, \"status\": 200"), NULL },
    { WORLD INVOKE("\"payload\": @\"zz\""), "a: invoke mycc: found the payload \"100\", expected "
                                            "\"zz\"" },
    { WORLD INVOKE("\"message\": @\"zz\""), "a: invoke mycc: found the message \"\", expected "
                                            "\"zz\"" },
    { WORLD INVOKE("\"contains\": @\"zz\""),
            "a: invoke mycc: found the message \"\", expected one with \"zz\"" },
    { WORLD INVOKE("\"prints\": @\"Error: no\""),
            "a: invoke mycc: found that the command succeeds, expected that it prints \"Error: "
            "no\"" },
    { WORLD INVOKE("\"no_answer\": @true"), "a: invoke mycc: found an answer, expected none" },
    { WORLD INVOKE("\"error\": @\"zz\""),
            "a: invoke mycc: found a response of status 200 (), expected the error \"zz\"" },
    { WORLD CALL("invoke", "\"args\": [\"put\", \"a\", \"1\"], \"commit\": true, ",
              "\"code\": @\"MVCC_READ_CONFLICT\""),
            "a: invoke mycc: found VALID, expected MVCC_READ_CONFLICT" },
    /* A response that says no is an error. */
    { WORLD FAILS("\"no_error\": @true"), "" },
    { WORLD INVOKE("\"no_error\": true"), NULL },
    /* Also where the run is expected to end badly. */
    { IN_BARE("\"package_error\": \"no\"")
                    LAUNCH("\"error\": @\"zz\"") ", \"expect\": "
                                                 "{\"verdict\": \"violated\"}",
            "a: launch mycc: found the error \"failed to get chaincode package: no\", expected "
            "\"zz\"" },
};

struct heard {
    struct diag_place place;
    char text[512];
};

static void hear(void *arg, struct diag_place place, const char *difference)
{
    struct heard *h = arg;
    h->place = place;
    snprintf(h->text, sizeof(h->text), "%s", difference);
}

static void check(const char *marked, const char *difference)
{
    char text[2048];
    struct lab_options options = { 0 };
    struct run_result result;
    struct heard heard = { 0 };
    (void)snprintf(text, sizeof(text), "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\",\n%s}",
            marked);
    char *mark = strchr(text, '@');
    int column = mark ? (int)(mark - strchr(text, '\n')) : 0;
    if (mark)
        memmove(mark, mark + 1, strlen(mark));
    struct scenario *s = scenario_from_doc(json_doc_parse("t", text, strlen(text), 1), ".");
    if (!s)
        fail_msg("%s", text);
    struct lab *lab = lab_new(s, &options);
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, NULL, NULL, &result);
    size_t count = lab_differences(lab, &result, hear, &heard);
    if (count != (mark ? 1 : 0))
        fail_msg("%s\n%zu differences: %s", text, count, heard.text);
    assert_int_equal(lab_as_expected(lab, &result), !mark);
    if (mark && (heard.place.line != 2 || heard.place.column != column ||
                        (difference[0] && strcmp(heard.text, difference) != 0)))
        fail_msg("%s\nfound %d:%d: %s\nexpected 2:%d: %s", text, heard.place.line,
                heard.place.column, heard.text, column, difference);
    lab_free(lab);
    scenario_free(s);
}

static void each_difference_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check(cases[i].text, cases[i].difference);
}

/* ---- how long a run takes ---- */

static int64_t time_of(const char *rest)
{
    char text[2048];
    struct lab_options options = { 0 };
    struct run_result result;
    (void)snprintf(
            text, sizeof(text), "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", %s}", rest);
    struct scenario *s = scenario_from_doc(json_doc_parse("t", text, strlen(text), 1), ".");
    assert_non_null(s);
    struct lab *lab = lab_new(s, &options);
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, NULL, NULL, &result);
    int64_t ms = result.time_ns / 1000000;
    lab_free(lab);
    scenario_free(s);
    return ms;
}

/* The startup timeout of 300 s, which fires when nobody waits for it any more, is no part of it. */
static void timers_that_nobody_waits_for_take_no_time(void **state)
{
    (void)state;
    assert_int_equal(time_of(IN_BARE("") LAUNCHES), 0);
    assert_int_equal(time_of(WORLD INVOKES), 0);
    assert_int_equal(time_of(IN_BARE("\"register_delay_ms\": 7") LAUNCHES), 7);
    assert_int_equal(time_of(IN_BARE("\"registers\": \"never\"") LAUNCHES), 300000);
    assert_int_equal(time_of(IN_BARE("\"exits\": \"ready\", \"exit_delay_ms\": 9") LAUNCHES), 9);
}

/* ---- always ---- */

static size_t found(const char *rest, const char *id)
{
    char text[2048];
    struct lab_options options = { 0 };
    struct lab_maker maker;
    struct exploration e;
    struct explore_options eo = { .strategy = "random", .schedules = 300, .seed = 1, .jobs = 1 };
    (void)snprintf(
            text, sizeof(text), "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", %s}", rest);
    struct scenario *s = scenario_from_doc(json_doc_parse("t", text, strlen(text), 1), ".");
    assert_non_null(s);
    assert_true(explore_run(lab_maker_init(&maker, s, &options), &eo, &e));
    const struct found *f = exploration_find(&e, id);
    size_t times = f ? (size_t)f->count : 0;
    exploration_free(&e);
    scenario_free(s);
    return times;
}

#define MAYBE_EXITS IN_BARE("\"start_error\": \"no\", \"maybe\": true")

static void what_always_holds_is_held_in_every_run(void **state)
{
    (void)state;
    const char *some = MAYBE_EXITS LAUNCHES ", \"expect\": {\"containers\": 1}";
    const char *always = MAYBE_EXITS LAUNCHES ", \"expect\": {\"containers\": 1, \"always\": true}";
    assert_int_equal(found(some, "outcome/containers/run"), 0);
    size_t times = found(always, "outcome/containers/run");
    assert_true(times > 50 && times < 250); /* whenever the start fails */
    assert_int_equal(found(IN_BARE("\"start_error\": \"no\"") LAUNCHES ", \"expect\": "
                                                                       "{\"containers\": 0, "
                                                                       "\"always\": true}",
                             "outcome/containers/run"),
            0);
    assert_int_equal(found(IN_BARE("\"launch\": 2") LAUNCHES ", \"expect\": {\"all_struck\": "
                                                             "true, \"always\": true}",
                             "outcome/all_struck/run"),
            300);
    assert_int_equal(found(IN_BARE("") LAUNCHES ", \"expect\": {\"verdict\": \"panic\", "
                                                "\"always\": true}",
                             "outcome/verdict/run"),
            300);
    assert_int_equal(found(IN_BARE("") LAUNCHES ", \"invariants_off\": [\"outcome\"], "
                                                "\"expect\": {\"verdict\": \"panic\", "
                                                "\"always\": true}",
                             "outcome/verdict/run"),
            0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_difference_is_said),
        cmocka_unit_test(timers_that_nobody_waits_for_take_no_time),
        cmocka_unit_test(what_always_holds_is_held_in_every_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
