/* Follows the log lines of SimulateProposal and ProcessProposal in core/endorser/endorser.go. */
#include "model/endorser/endorser_log.h"

#include "model/rt/str.h"
#include "model/rt/trace.h"

/* shorttxid. */
static rt_str short_tx_id(rt_str tx_id)
{
    return rt_str_slice(tx_id, 0, tx_id.len < 8 ? tx_id.len : 8);
}

/* ChaincodeID.String: what is empty is left out, and a space follows each field. */
static rt_str id_text(const Protos__ChaincodeID *cid)
{
    const struct {
        const char *name;
        rt_str value;
    } fields[] = { { "path", cid->path }, { "name", cid->name }, { "version", cid->version } };
    struct rt_buf text = { 0 };
    for (size_t i = 0; i < 3; i++)
        if (fields[i].value.len > 0)
            rt_buf_put_str(&text, rt_sprintf("%s:%q ", fields[i].name, fields[i].value));
    return rt_buf_str(&text);
}

static void put_with_causes(struct rt_buf *to, const struct rt_error *err)
{
    rt_str text = err->text;
    if (err->cause) {
        put_with_causes(to, err->cause);
        rt_buf_put_byte(to, '\n');
        if (rt_str_has_suffix(text, rt_sprintf(": %S", err->cause->text)))
            text = rt_str_slice(text, 0, text.len - err->cause->text.len - 2);
    }
    rt_buf_put_str(to, text);
}

void endorser_log_failed_call(
        rt_str channel, rt_str tx_id, const Protos__ChaincodeID *cid, const struct rt_error *err)
{
    if (!rt_tracing())
        return;
    struct rt_buf text = { 0 };
    put_with_causes(&text, err);
    rt_note("[%S][%S] failed to invoke chaincode %S, error: %S", channel, short_tx_id(tx_id),
            id_text(cid), rt_buf_str(&text));
}

void endorser_log_failed_answer(
        rt_str channel, rt_str tx_id, const Protos__ChaincodeID *cid, int32_t status)
{
    if (!rt_tracing())
        return;
    rt_note("[%S][%S] simulateProposal() resulted in chaincode %S response status %d for txid: %S",
            channel, short_tx_id(tx_id), id_text(cid), (int)status, tx_id);
}
