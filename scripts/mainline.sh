#!/bin/sh
# Fabric 1.4.2 alone: prints files of the model without their variants, to be read beside Go's.
#
#     scripts/mainline.sh model/chaincode/handler.c     prints it
#     scripts/mainline.sh --check                       looks at all of model/: is it written so?
#
# What goes: the last section of a file, `---- variants ----`; the prototypes under `Variants, at
# the end of this file`; members and parameters that only carry the set of variants; and in the main
# line each test of a variant with the one statement that depends on it, or one and a return,
# continue or break in braces. CONTRIBUTING says how a variant is written. Fails where `VARIANT_`
# stands elsewhere.
set -eu
cd "$(dirname "$0")/.."
check=0
if [ "${1-}" = --check ]; then
    check=1
    shift
    set -- $(find model -name '*.[ch]' ! -path 'model/lab/*' | sort)
fi
[ $# -gt 0 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
awk -v check="$check" '
function put(text) {
    if (!check)
        print text
}
function complain(what) {
    printf "%s:%d: %s: %s\n", FILENAME, FNR, what, $0 >"/dev/stderr"
    bad = 1
}
function code(text) { # without what follows the code of a line
    sub(/[ \t]*\/\*.*$/, "", text)
    return text
}
function trim(text) {
    sub(/^[ \t]+/, "", text)
    return text
}
function depth(text) {
    return gsub(/\(/, "(", text) - gsub(/\)/, ")", text)
}
function next_line(   line) {
    if ((getline line) <= 0) {
        complain("the file ends here")
        exit
    }
    $0 = line
}
# One test, or several joined by ||, or one with && and whatever else.
function is_test(cond) {
    if (cond ~ ("^" one "( [|][|] " one ")*$"))
        return 1
    return cond ~ ("^" one " && ") && binds(substr(cond, index(cond, " && ")))
}
function binds(rest,   i, c, level) { # no || outside of parentheses
    for (i = 1; i <= length(rest); i++) {
        c = substr(rest, i, 1)
        level += (c == "(") - (c == ")")
        if (level == 0 && substr(rest, i, 2) == "||")
            return 0
    }
    return 1
}
function simple(text) {
    return text !~ /^(if|else|for|while|do|switch|case|default|goto)([^A-Za-z0-9_]|$)/ && text !~ /[{}]/
}
function statement() { # from the current line to its semicolon
    if (!simple(trim($0)))
        complain("more than a plain statement depends on a variant")
    while (code($0) !~ /;$/)
        next_line()
}
function block(   last) {
    next_line()
    statement()
    last = trim(code($0))
    next_line()
    if (trim($0) != "}") {
        last = trim($0)
        next_line()
    }
    if (last !~ /^(return|continue|break);$/)
        complain("a block that depends on a variant does one thing and leaves")
    if (trim($0) != "}")
        complain("a block that depends on a variant ends, without else, after one thing")
}
function test(   cond) {
    cond = trim($0)
    while (depth(cond) > 0) {
        next_line()
        cond = cond " " trim($0)
    }
    cond = code(cond)
    braces = sub(/ [{]$/, "", cond)
    cond = substr(cond, 5, length(cond) - 5)
    if (!is_test(cond))
        complain("a test of a variant is alone, or first and joined by &&")
    if (braces) {
        block()
    } else {
        next_line()
        statement()
    }
}
BEGIN {
    one = "(variant_on|handler_variant)[(][a-z_>-]+([.][a-z_>-]+)*, VARIANT_[A-Z0-9_]+[)]"
}
FNR == 1 { cut = 0 }
cut { next }
$0 == "/* ---- variants ---- */" && FILENAME ~ /[.]c$/ { cut = 1; next }
$0 == "/* Variants, at the end of this file. */" {
    while ($0 != "")
        next_line()
    next
}
$0 == "#include \"model/lab/variants.h\"" { next }
/^ *[a-z_.>-]*variants = [a-z_.>-]*variants[;,]$/ { next }
/^ *else/ && after_test { complain("an else depends on a variant") }
{ after_test = 0 }
/^ *if \(/ && /VARIANT_/ { test(); after_test = 1; next }
/VARIANT_/ { complain("a variant is tested by an if of its own") }
{ put($0) }
END { exit bad }
' "$@"
