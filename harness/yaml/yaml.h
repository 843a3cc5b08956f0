/* YAML files as documents of harness/json: values with their places.
 *
 * libyaml takes the text apart; scalars mean what they mean to gopkg.in/yaml.v2, as Fabric 1.4.2
 * vendors it, when it fills a map: 1.1's booleans (yes, off …), integers in Go's notations, no
 * dates, no sexagesimal numbers. Of a key that is given twice the last one counts, as there; that,
 * unlike there, is told. `<<` merges. */
#ifndef CCLAB_HARNESS_YAML_YAML_H
#define CCLAB_HARNESS_YAML_YAML_H

#include "harness/json/json.h"

/* Reads a file, or "-": one mapping, or nothing at all, which gives an empty one. Reports with
 * file, line and column and returns NULL if it is not. Free with json_doc_free(). */
struct json_doc *yaml_doc_load(const char *path);
/* The same of text. */
struct json_doc *yaml_doc_parse(const char *name, const char *text, size_t len);

#endif
