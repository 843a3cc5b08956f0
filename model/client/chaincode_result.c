/* Follows what install, instantiate, upgrade, invoke and query return in peer/chaincode/. */
#include "model/client/chaincode_result.h"

#include "model/rt/error.h"
#include "model/wire/wire.h"

/* CreateSignedTx; no data: a transaction can be made. */
static rt_str transaction_error(const Protos__ProposalResponse *answer)
{
    const Protos__Response *r = answer->response;
    if (r->status < 200 || r->status >= 400)
        return rt_sprintf("proposal response was not successful, error code %d, msg %S",
                (int)r->status, r->message);
    if (!answer->endorsement)
        return RT_STR("error marshaling ChaincodeActionPayload: proto: repeated field Endorsements "
                      "has nil element");
    return RT_NIL;
}

static rt_str invoke_error(const Protos__ProposalResponse *answer)
{
    const Protos__Response *r = answer->response;
    rt_str error = r->status < 400 ? transaction_error(answer) : RT_NIL;
    if (error.data)
        return rt_sprintf("could not assemble transaction: %S - proposal response: %S", error,
                wire_text(&answer->base));
    if (answer->endorsement)
        return RT_NIL;
    return rt_sprintf("endorsement failure during invoke. response: %S", wire_text(&r->base));
}

rt_str client_answer_error(enum client_command command, const Protos__ProposalResponse *answer)
{
    const Protos__Response *r = answer->response;
    rt_str error;
    switch (command) {
    case CLIENT_INSTALL:
        return r->status == 200 ? RT_NIL
                                : rt_sprintf("Bad response: %d - %S", (int)r->status, r->message);
    case CLIENT_INSTANTIATE:
    case CLIENT_UPGRADE:
        error = transaction_error(answer);
        return error.data ? rt_sprintf("could not assemble transaction, err %S", error) : RT_NIL;
    case CLIENT_INVOKE:
        return invoke_error(answer);
    case CLIENT_QUERY:
        if (!answer->endorsement)
            return rt_sprintf(
                    "endorsement failure during query. response: %S", wire_text(&r->base));
        break;
    }
    return RT_NIL;
}

static const char *name_of(enum client_command command)
{
    static const char *const names[] = { "install", "instantiate", "upgrade", "invoke", "query" };
    return names[command];
}

rt_str client_call_error(enum client_command command, rt_str status)
{
    switch (command) {
    case CLIENT_INSTALL:
        return rt_sprintf("Error endorsing chaincode: %S", status);
    case CLIENT_INSTANTIATE:
    case CLIENT_UPGRADE:
        return rt_sprintf("error endorsing chaincode: %S", status);
    case CLIENT_INVOKE:
    case CLIENT_QUERY:
        break;
    }
    return rt_sprintf(
            "error endorsing %s: %S - proposal response: <nil>", name_of(command), status);
}

rt_str client_connect_error(enum client_command command, rt_str address)
{
    return rt_sprintf("error getting endorser client for %s: endorser client failed to connect to "
                      "%S: failed to create new connection: context deadline exceeded",
            name_of(command), address);
}
