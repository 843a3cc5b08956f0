/* What the command line would print for a call of a client that failed. */
#include "harness/scenario/lab_impl.h"
#include "model/client/chaincode_result.h"
#include "model/peer/peer.h"
#include "model/wire/wire.h"

static bool command_of(const struct scenario_step *step, enum client_command *command)
{
    switch ((enum step_action)step->action) {
    case STEP_INSTALL:
        *command = CLIENT_INSTALL;
        return true;
    case STEP_INSTANTIATE:
        *command = CLIENT_INSTANTIATE;
        return true;
    case STEP_UPGRADE:
        *command = CLIENT_UPGRADE;
        return true;
    case STEP_INVOKE:
        *command = CLIENT_INVOKE;
        return true;
    case STEP_QUERY:
        *command = CLIENT_QUERY;
        return true;
    default:
        return false;
    }
}

/* As grpc's status prints. */
static rt_str status(const char *code, rt_str desc)
{
    return rt_sprintf("rpc error: code = %s desc = %S", code, desc);
}

/* What a peer's function returns has no code of its own. */
static rt_str status_of(rt_str error)
{
    if (rt_str_has_prefix(error, RT_STR("rpc error: ")))
        return error;
    const char *code = rt_str_is(error, "context deadline exceeded") ? "DeadlineExceeded"
                       : rt_str_is(error, "context canceled")        ? "Canceled"
                                                                     : "Unknown";
    return status(code, error);
}

static rt_str error_of(const struct lab_call *call, enum client_command command)
{
    const Protos__ProposalResponse *answer = call->call ? call->call->response : NULL;
    if (call->step->client.refusal.data)
        return call->step->client.refusal;
    if (call->lost && !call->call)
        return client_connect_error(command, call->lab->scenario->world->peer.address);
    if (call->lost)
        return client_call_error(command, status("Unavailable", RT_STR("transport is closing")));
    if (call->error && call->tx && answer) /* it has waited for the event in vain */
        return rt_sprintf("%v - proposal response: %S", call->error, wire_text(&answer->base));
    if (call->error)
        return client_call_error(command, status_of(call->error->text));
    return answer && answer->response ? client_answer_error(command, answer) : RT_NIL;
}

rt_str lab_prints(const struct lab_call *call)
{
    enum client_command command;
    if (call->lab->scenario->bare || !command_of(call->step, &command))
        return RT_NIL;
    if (!call->check.returned && !call->lost)
        return RT_NIL;
    rt_str error = error_of(call, command);
    if (rt_str_has_prefix(error, RT_STR("panic: "))) /* the command dies of it */
        return error;
    return error.data ? rt_sprintf("Error: %S", error) : RT_NIL;
}
