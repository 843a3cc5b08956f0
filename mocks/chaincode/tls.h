/* How a chaincode connects to a peer with TLS: the shim's reading of its files, and gRPC's
 * attempts. Internal to mocks/chaincode. */
#ifndef CCLAB_MOCKS_CHAINCODE_TLS_H
#define CCLAB_MOCKS_CHAINCODE_TLS_H

#include "mocks/chaincode/life.h"

/* What happens before a stream can be opened: without TLS on both sides nothing. *certificate is
 * what the peer has been shown. */
RT_MUST_USE struct rt_error *tls_connect(struct life *life, rt_bytes *certificate);

#endif
