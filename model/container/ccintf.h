/* What chaincode and the peer's sides of it share: names and the stream between them.
 *
 * Follows core/container/ccintf/ccintf.go. */
#ifndef CCLAB_MODEL_CONTAINER_CCINTF_H
#define CCLAB_MODEL_CONTAINER_CCINTF_H

#include "model/rt/error.h"
#include "model/rt/str.h"

struct Protos__ChaincodeMessage; /* proto: protos.ChaincodeMessage */

/* The stream between the peer and one chaincode instance. recv gives rt_eof at the end. */
struct chaincode_stream {
    void *self;
    struct rt_error *(*send)(void *self, struct Protos__ChaincodeMessage *message);
    struct rt_error *(*recv)(void *self, struct Protos__ChaincodeMessage **message);
};

/* The peer's side that serves such streams; returns when the stream has ended. */
struct cc_support {
    void *self;
    struct rt_error *(*handle_chaincode_stream)(void *self, struct chaincode_stream stream);
};

/* Identity of a chaincode. */
struct ccid {
    rt_str name;
    rt_str version;
    bool distinct; /* the variant fix-names-distinct is on */
};

/* CCID.GetName: "name-version", or the name alone when there is no version. A distinct one has a
 * colon, which no name has, instead of the dash. */
rt_str ccid_get_name(struct ccid ccid);

#endif
