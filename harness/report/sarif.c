/* Results as a SARIF 2.1.0 log (OASIS, Static Analysis Results Interchange Format). */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/base/version.h"
#include "harness/explore/subject.h"
#include "harness/invariants/check.h"
#include "harness/json/json.h"
#include "harness/report/outputs.h"

#define DECLARED "declared"

struct log {
    json_t *rules;
    json_t *results;
    json_t *notifications; /* of what kept the tool from its work */
    bool baseline;         /* there is one to compare with */
};

static json_t *message(const char *words)
{
    json_t *o = json_object();
    json_object_set_new(o, "text", json_text_value(words, strlen(words)));
    return o;
}

/* ---- rules ---- */

static void add_rule(struct log *log, const char *id, const char *sentence)
{
    json_t *rule = json_object();
    json_object_set_new(rule, "id", json_string(id));
    json_object_set_new(rule, "shortDescription", message(sentence));
    json_object_set_new(
            rule, "defaultConfiguration", json_pack("{s:b, s:s}", "enabled", 1, "level", "error"));
    json_array_append_new(log->rules, rule);
}

/* The invariants, the ways in which a run can end badly without one, and what files declare. */
static void add_rules(struct log *log)
{
    char sentence[96];
    for (size_t i = 0; invariants[i]; i++)
        add_rule(log, invariants[i]->name, invariants[i]->sentence);
    for (int v = VERDICT_VIOLATED; v < VERDICT_COUNT; v++) {
        snprintf(sentence, sizeof(sentence), "no run ends with the verdict \"%s\"",
                verdict_name((enum verdict)v));
        if (!invariant_find(verdict_name((enum verdict)v)))
            add_rule(log, verdict_name((enum verdict)v), sentence);
    }
    add_rule(log, DECLARED, "a scenario or replay shows what it declares");
}

static int rule_index(const struct log *log, const char *id)
{
    for (size_t i = 0; i < json_array_size(log->rules); i++)
        if (strcmp(json_string_of(json_array_get(log->rules, i), "id"), id) == 0)
            return (int)i;
    return -1;
}

/* ---- results ---- */

/* A path as a URI reference (RFC 3986): what is no plain character is percent-encoded. */
static json_t *uri(const char *path)
{
    char *encoded = NULL;
    size_t size;
    FILE *to = mem_stream(&encoded, &size);
    if (*path == '/')
        fputs("file://", to);
    for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
        if (isalnum(*p) ? *p < 0x80 : strchr("/-._~", *p) != NULL)
            fputc(*p, to);
        else
            fprintf(to, "%%%02X", *p);
    }
    fclose(to);
    json_t *value = json_string(encoded);
    free(encoded);
    return value;
}

static json_t *location(const char *path, const char *scenario)
{
    json_t *place = json_object();
    if (path) {
        json_t *artifact = json_object();
        json_object_set_new(artifact, "uri", uri(path));
        json_object_set_new(
                place, "physicalLocation", json_pack("{s:o}", "artifactLocation", artifact));
    }
    if (scenario) {
        json_t *logical = json_object();
        json_object_set_new(logical, "name", json_text_value(scenario, strlen(scenario)));
        json_object_set_new(logical, "kind", json_string("scenario"));
        json_object_set_new(place, "logicalLocations", json_pack("[o]", logical));
    }
    return json_pack("[o]", place);
}

static void suppress(json_t *result, const char *kind, const char *why)
{
    json_t *suppression = json_pack("{s:s, s:s}", "kind", kind, "status", "accepted");
    json_object_set_new(suppression, "justification", json_text_value(why, strlen(why)));
    json_object_set_new(result, "suppressions", json_pack("[o]", suppression));
}

static json_t *new_result(struct log *log, const char *rule, const char *words, const char *print)
{
    int index = rule_index(log, rule);
    json_t *result = json_object();
    json_object_set_new(result, "ruleId", json_text_value(rule, strlen(rule)));
    if (index >= 0)
        json_object_set_new(result, "ruleIndex", json_integer(index));
    json_object_set_new(result, "kind", json_string("fail"));
    json_object_set_new(result, "level", json_string("error"));
    json_object_set_new(result, "message", message(words));
    json_t *prints = json_object();
    json_object_set_new(prints, "cclabFinding/v1", json_text_value(print, strlen(print)));
    json_object_set(result, "partialFingerprints", prints);
    json_object_set_new(result, "fingerprints", prints);
    json_array_append_new(log->results, result);
    return result;
}

/* `file` is what is shown when the finding has no replay. */
static void add_finding(struct log *log, const json_t *f, const char *scenario, const char *file)
{
    static const char *const properties[] = { "count", "verdict", "first_schedule", "switches",
        "faults", "hash", "known", "expected" };
    const char *replay = json_string_of(f, "replay");
    json_t *result = new_result(log, json_string_of(f, "invariant"), json_string_of(f, "text"),
            json_string_of(f, "id"));
    bool known = json_true_of(f, "known");
    json_object_set_new(result, "locations", location(replay ? replay : file, scenario));
    if (json_integer_of(f, "count") > 0)
        json_object_set(result, "occurrenceCount", json_object_get(f, "count"));
    if (log->baseline)
        json_object_set_new(result, "baselineState", json_string(known ? "unchanged" : "new"));
    if (known)
        suppress(result, "external",
                json_string_of(f, "known_as") ? json_string_of(f, "known_as") : "known");
    else if (json_true_of(f, "expected"))
        suppress(result, "inSource", "the scenario expects it");
    json_t *bag = json_object();
    for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++)
        if (json_object_get(f, properties[i]))
            json_object_set(bag, properties[i], json_object_get(f, properties[i]));
    json_object_set_new(result, "properties", bag);
}

static void notify(struct log *log, const char *subject, const char *what)
{
    char line[512];
    snprintf(line, sizeof(line), "%s: %s", subject ? subject : "?", what);
    json_t *note = json_object();
    json_object_set_new(note, "level", json_string("error"));
    json_object_set_new(note, "message", message(line));
    json_array_append_new(log->notifications, note);
}

static void add_exploration(struct log *log, const json_t *e)
{
    const char *scenario = json_string_of(e, "scenario"), *ended = json_string_of(e, "ended");
    const json_t *findings = json_object_get(e, "findings");
    for (size_t i = 0; i < json_array_size(findings); i++)
        add_finding(log, json_array_get(findings, i), scenario, NULL);
    if (json_integer_of(e, "flaky") > 0)
        notify(log, scenario, "repeated runs had another trace");
    if (json_integer_of(e, "lost_batches") > 0)
        notify(log, scenario, "batches were lost with their workers");
    if (ended && strcmp(ended, "interrupted") == 0)
        notify(log, scenario, "the search was interrupted");
    if (json_integer_of(e, "schedules") == 0 && !json_object_get(e, "part"))
        notify(log, scenario, "no schedule was run");
}

static void add_judgement(struct log *log, const json_t *r)
{
    const char *file = json_string_of(r, "file"), *details = json_string_of(r, "details");
    const json_t *findings = json_object_get(r, "findings");
    bool new_one = false;
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *f = json_array_get(findings, i);
        add_finding(log, f, json_string_of(r, "scenario"), file);
        new_one = new_one || !(json_true_of(f, "known") || json_true_of(f, "expected"));
    }
    if (json_true_of(r, "passed"))
        return;
    if (!json_string_of(r, "kind") || json_integer_of(r, "flaky") > 0 ||
            json_integer_of(r, "runs") == 0)
        notify(log, file, details && *details ? details : "nothing was run");
    else if (!new_one) {
        json_t *result = new_result(log, DECLARED, details ? details : "not as declared", file);
        json_object_set_new(result, "locations", location(file, NULL));
        if (log->baseline)
            json_object_set_new(result, "baselineState", json_string("new"));
    }
}

/* ---- the log ---- */

static json_t *driver(struct log *log)
{
    const char *version = version_text();
    size_t plain = strcspn(version, "+");
    json_t *o = json_pack("{s:s, s:s}", "name", "cclab", "version", version);
    json_object_set_new(o, "semanticVersion", json_stringn(version, plain));
    json_object_set_new(o, "shortDescription",
            message("explores the launch of chaincode in a model of a Fabric 1.4.2 peer"));
    json_object_set(o, "rules", log->rules);
    return json_pack("{s:o}", "driver", o);
}

static bool has_baseline(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *findings = json_object_get(json_array_get(list, i), "findings");
        for (size_t k = 0; k < json_array_size(findings); k++)
            if (json_true_of(json_array_get(findings, k), "known"))
                return true;
    }
    return false;
}

json_t *sarif_log(const json_t *results)
{
    const json_t *explorations = json_object_get(results, "explorations");
    const json_t *list = explorations ? explorations : json_object_get(results, "results");
    struct log log = { json_array(), json_array(), json_array(), has_baseline(list) };
    add_rules(&log);
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (explorations)
            add_exploration(&log, json_array_get(list, i));
        else
            add_judgement(&log, json_array_get(list, i));
    }
    if (json_object_get(results, "missing_shards"))
        notify(&log, "merge", "parts are missing");
    json_t *invocation = json_object();
    json_object_set_new(invocation, "executionSuccessful",
            json_boolean(json_array_size(log.notifications) == 0));
    json_object_set_new(invocation, "toolExecutionNotifications", log.notifications);
    json_t *run = json_object();
    json_object_set_new(run, "tool", driver(&log));
    json_object_set_new(run, "invocations", json_pack("[o]", invocation));
    json_object_set_new(run, "columnKind", json_string("unicodeCodePoints"));
    json_object_set_new(run, "results", log.results);
    json_decref(log.rules);
    return json_pack("{s:s, s:s, s:[o]}", "$schema",
            "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0", "runs", run);
}
