/* What a chaincode's process prints. */
#include "mocks/chaincode/output.h"

#include <stdio.h>

#include "mocks/chaincode/life.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"

rt_str chaincode_print_check(const struct chaincode_print *print)
{
    if (print->at == CHAINCODE_POINT_NEVER)
        return RT_STR("what is never printed is nothing");
    if (print->at == CHAINCODE_POINT_ANY || print->at == CHAINCODE_POINT_DURING_LAUNCH)
        return RT_STR("a line is printed at one certain point");
    return RT_NIL;
}

static void print(struct life *life, enum chaincode_output to, rt_str text)
{
    if (life->process)
        engine_process_write(life->process, to == CHAINCODE_STDOUT ? 1 : 2, text);
}

void life_prints_at(struct life *life, enum chaincode_point point)
{
    const struct chaincode_behaviour *b = life->behaviour;
    for (size_t i = 0; i < b->print_count; i++) {
        const struct chaincode_print *p = &b->prints[i];
        if (p->at != point || (p->time != 0 && p->time != life->passed[point]))
            continue;
        life_did(life, p->tag);
        rt_note("%S prints %q", life->cname, p->text);
        print(life, p->to, p->unfinished ? p->text : rt_str_cat(p->text, RT_STR("\n")));
    }
}

void life_print_panic(struct life *life, rt_str text, const char *place)
{
    print(life, CHAINCODE_STDERR,
            rt_sprintf("panic: %S\n\ngoroutine 1 [running]:\n%s(...)\n"
                       "\t/chaincode/input/src/probe/probe.go\n",
                    text, place));
}

/* The time as "2006-01-02 15:04:05.000 UTC". */
static rt_str time_text(int64_t wall_ns)
{
    int64_t ms = wall_ns / 1000000, days = ms / 86400000, rest = ms % 86400000;
    /* Days from 1 March of year 0, in eras of 400 years. */
    int64_t z = days + 719468, era = z / 146097, doe = z % 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
    int64_t year = yoe + era * 400 + (month <= 2);
    char text[96];
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d.%03d UTC", (int)year,
            (int)month, (int)day, (int)(rest / 3600000), (int)(rest / 60000 % 60),
            (int)(rest / 1000 % 60), (int)(rest % 1000));
    return rt_str_dup(rt_str_from(text));
}

/* Where the shim logs an error that begins so, and what stands before it. */
static const struct {
    const char *begins, *function, *line, *called_at, *before;
} shim_lines[] = {
    { "receive failed", "chatWithPeer", "362", "156",
            "Received error from server, ending chaincode stream: " },
    { "error trying to read file content /etc/hyperledger/fabric/client.key",
            "userChaincodeStreamGetter", "90", "151", "" },
    { "error trying to read file content", "userChaincodeStreamGetter", "98", "151", "" },
    { "", "userChaincodeStreamGetter", "112", "151", "" },
};

/* %+v prints the cause of an error before its own text, and then where it was made. */
void life_print_failure(struct life *life, const struct rt_error *err)
{
    static const char shim[] = "github.com/hyperledger/fabric/core/chaincode/shim";
    size_t i = 0;
    while (!rt_str_has_prefix(err->text, rt_str_from(shim_lines[i].begins)))
        i++;
    ptrdiff_t colon = rt_str_index(err->text, RT_STR(": "));
    if (colon < 0)
        return; /* none of the shim's */
    rt_str text = rt_str_slice(err->text, 0, (size_t)colon);
    rt_str cause = rt_str_slice(err->text, (size_t)colon + 2, err->text.len);
    print(life, CHAINCODE_STDERR,
            rt_sprintf("\x1b[31m%S [shim] %s -> ERRO 001\x1b[0m %s%S\n%S\n"
                       "%s.%s\n\t/opt/gopath/src/%s/chaincode.go:%s\n"
                       "%s.Start\n\t/opt/gopath/src/%s/chaincode.go:%s\n"
                       "main.main\n\t/chaincode/input/src/probe/probe.go\n"
                       "runtime.main\n\t/opt/go/src/runtime/proc.go:201\n"
                       "runtime.goexit\n\t/opt/go/src/runtime/asm_amd64.s:1333\n",
                    time_text(rt_wall_ns()), shim_lines[i].function, shim_lines[i].before, cause,
                    text, shim, shim_lines[i].function, shim, shim_lines[i].line, shim, shim,
                    shim_lines[i].called_at));
    print(life, CHAINCODE_STDOUT, rt_sprintf("Error starting Simple chaincode: %S", err->text));
}
