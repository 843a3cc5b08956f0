/* Protocol buffers as text, as far as lscc shows them (golang/protobuf's proto/text.go). */
#ifndef CCLAB_MODEL_LSCC_TEXT_H
#define CCLAB_MODEL_LSCC_TEXT_H

#include "model/rt/str.h"

#include "proto/chaincode.pb-c.h"

/* ChaincodeInput.String(): proto.CompactTextString. NULL gives "<nil>". */
rt_str lscc_chaincode_input_string(const Protos__ChaincodeInput *input);

#endif
