/* Typed reading and writing of JSON, table driven.
 *
 * A spec says what a value may be, where it goes in a C struct, and what it is for. One table
 * serves three ends: reading with exact reports, writing, and the published JSON Schema; so they
 * cannot disagree.
 *
 * Where values go:
 *     BOOL     bool
 *     INT      int64_t, or uint64_t if it is never negative
 *     REAL     double
 *     TEXT     rt_str
 *     STRING   char *, zero-terminated
 *     WORD     int, or an enum: the index in the words
 *     HEX      rt_bytes
 *     HASH     uint64_t
 *     INTS     struct json_list of int64_t
 *     OBJECT   the struct itself
 *     ARRAY    struct json_list, or a pointer to elements with a size_t count behind it
 *     MAP      struct json_list
 *     NODE     const struct json_node *
 *     VALUE    json_t *, a reference
 *     OWN      whatever the spec's functions take it for
 * All but VALUE, OWN and what is `owned` is allocated from the current arena. */
#ifndef CCLAB_HARNESS_JSON_SPEC_H
#define CCLAB_HARNESS_JSON_SPEC_H

#include <stddef.h>
#include <stdint.h>

#include "harness/json/json.h"
#include "model/rt/str.h"

enum json_spec_kind {
    JSON_SPEC_BOOL,
    JSON_SPEC_INT,
    JSON_SPEC_REAL,
    JSON_SPEC_TEXT,
    JSON_SPEC_STRING,
    JSON_SPEC_WORD, /* one of a list of words */
    JSON_SPEC_HEX,
    JSON_SPEC_HASH, /* 16 hexadecimal digits */
    JSON_SPEC_INTS, /* a number, or an array of numbers */
    JSON_SPEC_OBJECT,
    JSON_SPEC_ARRAY,
    JSON_SPEC_MAP,   /* an object with free member names */
    JSON_SPEC_NODE,  /* anything, read by somebody else while the document lives; of what is
                      * written, the value alone */
    JSON_SPEC_VALUE, /* anything, kept as it is */
    JSON_SPEC_OWN,   /* read and written by functions of the spec's own */
};

struct json_list {
    void *items;
    size_t count;
};

struct json_field;

/* What an object must have besides if its head is this word. */
struct json_form {
    const char *word;
    const char *needs[5]; /* names of members, at most 4; NULL ends the list */
};

struct json_spec {
    enum json_spec_kind kind;
    const char *about; /* a sentence for the schema */
    const char *name;  /* OBJECT: its name under $defs; NULL: written in place */
    /* INT, INTS and REAL: bounds; TEXT, STRING: shortest length; ARRAY: fewest elements. */
    int64_t min;
    int64_t max;                     /* INT and INTS; 0 with min 0: no bound */
    int64_t step;                    /* INT and INTS: multiples of it only; 0: any */
    const char *const *words;        /* WORD: NULL ends the list */
    const struct json_field *fields; /* OBJECT: a field without a key ends the list */
    /* ARRAY, MAP: of what. NODE, VALUE, OWN: what the value is; NODE leaves checking it to its
     * reader. */
    const struct json_spec *element;
    /* NODE: the forms that the value may have, for the schema; NULL ends the list. */
    const struct json_spec *const *either;
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
    /* OBJECT: the member that says which form this is. If it is missing or wrong, that is all that
     * is reported. */
    const char *head;
    /* OBJECT with a head, a file's whole: what such a document is, for who meant another one. */
    const char *document;
    /* OBJECT: what the head's words ask for; one without a word ends the list. */
    const struct json_form *forms;
    /* STRING, ARRAY: malloced, the struct's owner frees it, also after a mistake. */
    bool owned;
    /* OWN: reads into `out`; reports and returns false on a mistake. NULL: the value is checked and
     * dropped. */
    bool (*read)(const struct json_doc *doc, const struct json_node *node, void *out);
    bool reads_null; /* OWN: `read` wants to see the null of a field that may be null */
    /* OWN: a new reference; NULL: no value. */
    json_t *(*write)(const void *in);
    /* VALUE: the schema that describes it, if it is in another file. */
    const char *schema_file;
};

struct json_field {
    const char *key;
    const struct json_spec *spec;
    size_t offset;
    const char *about;
    bool required;
    bool pointer; /* OBJECT: allocated when present, a NULL pointer when absent */
    bool skip;    /* checked, not kept, and not written */
    bool null;    /* null is as good as an absent member; so one without a value is written */
    bool lean;    /* not written if it is false or 0 */
    /* Whether the object has the member when it is written; NULL: it has. */
    bool (*has)(const void *object, bool whole);
    /* OBJECT with a head: the head's words for which the member means something, separated by
     * spaces; for any other it is a mistake. NULL: all. */
    const char *only;
    const struct json_spec *schema; /* NODE: what the schema says of it */
    const char *otherwise; /* what an absent member means, as JSON text; NULL: nothing to say */
};

/* Reads `node` into `out`, which holds the defaults. Reports every mistake and returns false if
 * there was any. */
bool json_read(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out);

/* Changes what is in `out` as the JSON merge patch `node` says (RFC 7396): members of objects and
 * maps are changed one by one, null takes one away, all else takes the old value's place. The old
 * value must be one that the spec describes; what of it stays is shared, so `out` may be a copy.
 * `absent` is a struct like `out` with what members have that are not there; NULL: zeroes. Reports
 * every mistake and returns false if there was any. */
bool json_patch(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out, const void *absent);

/* json_read() of what nobody keeps. */
bool json_check(
        const struct json_doc *doc, const struct json_node *node, const struct json_spec *spec);

/* The value that json_read() would read `in` from; a new reference. `whole`: with what only cclab
 * itself has a use for, see `has`. Members whose pointer, string or value is NULL are left out, or
 * null if they may be. */
json_t *json_make(const struct json_spec *spec, const void *in, bool whole);

/* The draft 2020-12 JSON Schema of documents described by `spec`. */
json_t *json_schema(const struct json_spec *spec, const char *id, const char *title);

/* Bytes that a value takes in a struct or an array. */
size_t json_spec_size(const struct json_spec *spec);
/* Bytes of an element of a MAP's list, and where in it the value is. */
size_t json_map_size(const struct json_spec *spec);
size_t json_map_offset(const struct json_spec *spec);

/* The head of a file of results, whose struct has an int64_t `format`, which is 1, and an int
 * `command`, the index of the spec's only word. */
#define JSON_RESULTS_HEAD(type, its_command)                                                       \
    { "format", &json_spec_format, offsetof(type, format), .required = true,                       \
        .about = "Version of this form: 1." },                                                     \
    {                                                                                              \
        "command", its_command, offsetof(type, command),                                           \
                .required = true, .about = "The command whose result this is."                     \
    }

/* Specs that everybody needs. */
extern const struct json_spec json_spec_format; /* INT, 1 */
extern const struct json_spec json_spec_text;   /* TEXT */
extern const struct json_spec json_spec_name;   /* TEXT, not empty */
extern const struct json_spec json_spec_hex;    /* HEX */
extern const struct json_spec json_spec_hash;   /* HASH */
extern const struct json_spec json_spec_flag;   /* BOOL */
extern const struct json_spec json_spec_count;  /* INT, at least 0 */
extern const struct json_spec json_spec_string; /* STRING, owned */

#endif
