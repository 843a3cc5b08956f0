/* What INIT and TRANSACTION start in the shim. Internal to model/shim. */
#ifndef CCLAB_MODEL_SHIM_EXECUTE_H
#define CCLAB_MODEL_SHIM_EXECUTE_H

#include "model/shim/handler.h"

/* serialSendAsync: sends in a goroutine of its own; errc (may be NULL) gets the outcome. */
void shim_handler_serial_send_async(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg, struct rt_chan *errc);

/* handleInit, handleTransaction: run the chaincode in a goroutine and send what it answers. */
void shim_handle_init(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg, struct rt_chan *errc);
void shim_handle_transaction(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg, struct rt_chan *errc);

#endif
