/* Which part of the whole a shard is, from its flags. */
#include "harness/explore/shard.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "harness/base/diag.h"

/* A number from 1 to SHARD_MAX at *text, which then stands behind it. */
static bool read_number(const char **text, uint64_t *number)
{
    char *end;
    if (!isdigit((unsigned char)**text))
        return false;
    errno = 0;
    *number = strtoull(*text, &end, 10);
    *text = end;
    return errno == 0 && *number >= 1 && *number <= SHARD_MAX;
}

static bool read_text(const char *command, const char *text, struct shard *shard)
{
    const char *p = text;
    bool ok = read_number(&p, &shard->index) && *p == '/';
    p++;
    if (ok && read_number(&p, &shard->count) && *p == 0 && shard->index <= shard->count)
        return true;
    diag("%s: --shard %s: expected a part and the number of parts, such as 3/8 (from 1/8 to 8/8)",
            command, text);
    return false;
}

bool shard_from_flags(const char *command, const struct shard_flags *flags, struct shard *shard)
{
    *shard = (struct shard){ 0 };
    bool numbers = flags->index >= 0 || flags->count > 0;
    if (flags->text && numbers) {
        diag("%s: --shard and --shard-index with --shard-count say the same, give one of them",
                command);
        return false;
    }
    if (flags->text)
        return read_text(command, flags->text, shard);
    if (!numbers)
        return true;
    if (flags->index < 0 || flags->count == 0) {
        diag("%s: --shard-index and --shard-count belong together", command);
        return false;
    }
    if (flags->index >= flags->count) {
        diag("%s: --shard-index %lld: expected a number from 0 to %lld, one less than "
             "--shard-count",
                command, (long long)flags->index, (long long)flags->count - 1);
        return false;
    }
    *shard = (struct shard){ (uint64_t)flags->index + 1, (uint64_t)flags->count };
    return true;
}

/* total * part / parts, exactly. */
static uint64_t share(uint64_t total, uint64_t part, uint64_t parts)
{
    return total / parts * part + total % parts * part / parts;
}

void shard_range(struct shard shard, uint64_t total, uint64_t *begin, uint64_t *end)
{
    *begin = shard.count > 0 ? share(total, shard.index - 1, shard.count) : 0;
    *end = shard.count > 0 ? share(total, shard.index, shard.count) : total;
}
