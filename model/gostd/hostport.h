/* net.SplitHostPort, and what net.ParseIP says of a host. */
#ifndef CCLAB_MODEL_GOSTD_HOSTPORT_H
#define CCLAB_MODEL_GOSTD_HOSTPORT_H

#include "model/rt/error.h"
#include "model/rt/str.h"

/* net.SplitHostPort; an error is Go's *net.AddrError. */
RT_MUST_USE struct rt_error *net_split_host_port(rt_str hostport, rt_str *host, rt_str *port);

/* net.ParseIP(host).IsUnspecified: 0.0.0.0 or ::, in any spelling; false for a name. */
bool net_is_unspecified(rt_str host);

#endif
