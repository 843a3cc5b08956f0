/* Typed reading of JSON, table driven.
 *
 * A spec says what a value may be, where it goes in a C struct, and what it is for. One table
 * serves three ends: reading with exact reports, the published JSON Schema (schema.h), and the
 * reference in the documentation; so they cannot disagree.
 *
 * Where values go: BOOL bool, INT int64_t, TEXT rt_str, WORD int (index in the words), HEX
 * rt_bytes, OBJECT the struct itself, ARRAY and MAP struct json_list, INTS struct json_list of
 * int64_t, NODE const struct json_node *. Everything is allocated from the current arena. */
#ifndef CCLAB_HARNESS_JSON_SPEC_H
#define CCLAB_HARNESS_JSON_SPEC_H

#include <stddef.h>
#include <stdint.h>

#include "harness/json/json.h"
#include "model/rt/str.h"

enum json_spec_kind {
    JSON_SPEC_BOOL,
    JSON_SPEC_INT,
    JSON_SPEC_TEXT,
    JSON_SPEC_WORD, /* one of a list of words */
    JSON_SPEC_HEX,
    JSON_SPEC_INTS, /* a number, or an array of numbers */
    JSON_SPEC_OBJECT,
    JSON_SPEC_ARRAY,
    JSON_SPEC_MAP,  /* an object with free member names */
    JSON_SPEC_NODE, /* anything, read by somebody else */
};

struct json_list {
    void *items;
    size_t count;
};

struct json_field;

struct json_spec {
    enum json_spec_kind kind;
    const char *about; /* a sentence for the schema */
    const char *name;  /* OBJECT: its name under $defs; NULL: written in place */
    int64_t min;       /* INT and INTS: bounds; TEXT: shortest length; ARRAY: fewest elements */
    int64_t max;       /* INT and INTS; 0 with min 0: no bound */
    int64_t step;      /* INT and INTS: multiples of it only; 0: any */
    const char *const *words;        /* WORD: NULL ends the list */
    const struct json_field *fields; /* OBJECT: a field without a key ends the list */
    const struct json_spec *element; /* ARRAY, MAP */
    /* OBJECT: bytes of the struct. The elements of a MAP are structs that begin with the member's
     * name, an rt_str. */
    size_t size;
    /* OBJECT: where the node it was read from goes, for later reports. */
    size_t place;
    bool has_place;
    /* OBJECT: it has exactly one of these members; NULL ends the list, NULL: no such rule. */
    const char *const *one_of;
    /* OBJECT: a bare string stands for an object with only this member. */
    const char *brief;
};

struct json_field {
    const char *key;
    const struct json_spec *spec;
    size_t offset;
    const char *about;
    bool required;
    bool pointer;                   /* OBJECT: allocated when present, a NULL pointer when absent */
    const struct json_spec *schema; /* NODE: what the schema says of it */
    const char *otherwise; /* what an absent member means, as JSON text; NULL: nothing to say */
};

/* Reads `node` into `out`, which holds the defaults. Reports every mistake and returns false if
 * there was any. */
bool json_read(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out);

/* The draft 2020-12 JSON Schema of documents described by `spec`. */
json_t *json_schema(const struct json_spec *spec, const char *id, const char *title);

#endif
