/* Which Go built the peer: some texts of its library differ between versions. */
#ifndef CCLAB_MODEL_LAB_GO_H
#define CCLAB_MODEL_LAB_GO_H

#include "model/rt/str.h"

/* The Go with which the vectors were recorded, and the one of the release's binaries. */
#define GO_RECORDED "1.19"
#define GO_RELEASED "1.11.5"

/* The minor number of a version, 11 for "1.11.5"; 0 if it is none. */
unsigned go_minor(rt_str version);

#endif
