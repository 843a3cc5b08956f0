/* JSON documents that know where each value stands.
 *
 * jansson reads the values; a second pass over the text builds a tree of nodes with lines and
 * columns (columns count characters, both from 1), so that a mistake found later, when the meaning
 * is looked at, is reported where it was made. Duplicate member names are mistakes. A document that
 * is not UTF-8 or nests deeper than jansson's limit (2048) is refused with the place. */
#ifndef CCLAB_HARNESS_JSON_JSON_H
#define CCLAB_HARNESS_JSON_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/base/diag.h"
#include "model/rt/check.h"

struct json_node {
    json_t *value;  /* borrowed from the document */
    const char *at; /* in the document's text */
    int line;
    const char *key; /* of a member of an object, borrowed like `value`; NULL otherwise */
    const char *key_at;
    int key_line;
    struct json_node *child; /* first member or element */
    struct json_node *next;  /* next member or element of the same parent */
};

struct json_doc {
    const char *name; /* of the file, as reported; owned */
    char *text;       /* owned */
    json_t *root_value;
    struct json_node *root;
    struct json_node *nodes; /* all of them, one block */
    struct json_doc *whole;  /* of which this is a part; NULL: of none */
    size_t parts;            /* that are in use */
};

/* Reads a file, or "-". Reports and returns NULL if it is not one JSON value. */
struct json_doc *json_doc_load(const char *path);
/* The same of text that is not the whole file: its first line is the file's `line`-th. */
struct json_doc *json_doc_parse(const char *name, const char *text, size_t len, int line);
/* A document of a value that was made in memory, which it copies; `name` stands in reports, with
 * lines of the value's text as json_text() writes it. */
struct json_doc *json_doc_wrap(const char *name, const json_t *value);
/* A value within a document as one of its own, with the same places. The whole may be freed before
 * it. */
struct json_doc *json_doc_part(const struct json_doc *whole, const struct json_node *node);
void json_doc_free(struct json_doc *doc);

/* Where a node, or a member's name, stands. */
struct diag_place json_place(const struct json_doc *doc, const struct json_node *node) RT_NONNULL;
struct diag_place json_key_place(
        const struct json_doc *doc, const struct json_node *node) RT_NONNULL;
/* The member of that name, or NULL. */
const struct json_node *json_member(const struct json_node *object, const char *key) RT_NONNULL;
/* The same of a member that must be there: if it is not, that is reported, with `what` it is. */
const struct json_node *json_need(const struct json_doc *doc, const struct json_node *object,
        const char *key, const char *what) RT_NONNULL;
/* The n-th element or member, from 0, or NULL. */
const struct json_node *json_nth(const struct json_node *list, size_t n) RT_NONNULL;

/* What a value is, in words for a report: `the string "abc"`, `an object`, `the number 42`. Written
 * into buf. */
const char *json_describe(const json_t *value, char *buf, size_t size);
/* Reports what was found at the node, and what was expected; returns false. */
bool json_wrong(
        const struct json_doc *doc, const struct json_node *node, const char *expected) RT_NONNULL;

/* A member's string, or NULL; its whole number, or 0; whether it is true. */
const char *json_string_of(const json_t *object, const char *key);
json_int_t json_integer_of(const json_t *object, const char *key);
bool json_true_of(const json_t *object, const char *key);

/* ---- writing ---- */

/* Dumps with two-space indents (or on one line), members in the order in which they were set,
 * non-ASCII as it is; malloced. */
char *json_text(const json_t *value);
char *json_line(const json_t *value);
/* Writes the indented form and a line end with file_write(). */
bool json_write(const char *path, const json_t *value);

/* A string value from bytes that may be no UTF-8: each wrong byte becomes U+FFFD, as in Go's
 * encoding/json. */
json_t *json_text_value(const void *data, size_t len);
json_t *json_hex_value(const void *data, size_t len);
/* 16 hexadecimal digits. */
json_t *json_hash_value(uint64_t hash);
/* Decodes the hex of a string value into malloced memory; false if it is no hex. */
bool json_unhex(const json_t *value, unsigned char **data, size_t *len);

#endif
