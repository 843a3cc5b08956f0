/* Follows core/chaincode/shim/response.go. */
#include "model/shim/shim.h"

#include "proto/proposal_response.pb-c.h"

Protos__Response shim_success(rt_bytes payload)
{
    Protos__Response response = PROTOS__RESPONSE__INIT;
    response.status = SHIM_OK;
    response.payload = payload;
    return response;
}

Protos__Response shim_error(rt_str message)
{
    Protos__Response response = PROTOS__RESPONSE__INIT;
    response.status = SHIM_ERROR;
    response.message = message;
    return response;
}
