/* Skipping what is not known. */
#ifndef CCLAB_MODEL_WIRE_SKIP_H
#define CCLAB_MODEL_WIRE_SKIP_H

#include "model/rt/error.h"

/* skipField of table_unmarshal.go: moves *p behind the payload of a field of this wire type. */
RT_MUST_USE struct rt_error *wire_skip_field(const uint8_t **p, const uint8_t *end, unsigned wire);

#endif
