#!/usr/bin/perl
# Prints model/rt/printable.c: the runes that unicode.IsPrint of Go 1.11 accepts, which is what
# Fabric 1.4.2 is built with. Its tables are those of Unicode 10.0; the rule is that of its
# documentation: categories L, M, N, P, S and the ASCII space. Perl's own tables may be newer: what
# came later is left out by its age, and no category of an older rune has changed so that it matters.
#   scripts/printable.pl >model/rt/printable.c
use strict;
use warnings;

my @ranges;
for my $rune (0x20 .. 0x10ffff) {
    next if $rune >= 0xd800 && $rune <= 0xdfff;
    my $char = chr $rune;
    next unless $rune == 0x20
        || $char =~ /[\p{L}\p{M}\p{N}\p{P}\p{S}]/ && $char =~ /\p{Present_In: 10.0}/;
    if (@ranges && $ranges[-1][1] == $rune - 1) {
        $ranges[-1][1] = $rune;
    } else {
        push @ranges, [$rune, $rune];
    }
}

print <<'HEAD';
/* Which runes strconv.Quote leaves as they are: letters, marks, numbers, punctuation, symbols and
 * the ASCII space of Unicode 10.0. Made by scripts/printable.pl. */
#include "model/rt/str.h"

static const struct {
    uint32_t first;
    uint32_t last;
} printable[] = {
    /* clang-format off */
HEAD
while (my @row = splice @ranges, 0, 4) {
    print '    ', join(' ', map { sprintf '{ 0x%04x, 0x%04x },', @$_ } @row), "\n";
}
print <<'TAIL';

    /* clang-format on */
};

bool rt_rune_printable(uint32_t rune)
{
    size_t low = 0;
    size_t high = sizeof(printable) / sizeof(printable[0]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rune > printable[middle].last)
            low = middle + 1;
        else if (rune < printable[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}
TAIL
