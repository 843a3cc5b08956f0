#!/bin/sh
# Layout, spelling, widths, cppcheck, formats and clang-tidy over the project's own code; needs
# build/release.
set -eu
cd "$(dirname "$0")/.."
./scripts/deps.sh clang-format clang-tidy cppcheck python3-clang
[ -f build/release/compile_commands.json ] || { mkdir -p build; cmake --preset release >/dev/null; }
cmake --build --preset release -j "$(nproc)" --target proto >/dev/null
echo "clang-format"
git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror
echo "spelling"
# refuse PATTERN WHY: fails if a line of C has the pattern, comments apart
refuse() {
    if git grep -nE "$1" -- '*.c' '*.h' | grep -vE '^[^:]*:[0-9]*: *(/\*| \*)|/\*.*NULL'; then
        echo "$2" >&2
        exit 1
    fi
}
refuse '\b(if|while) \([^(]* != NULL|(&&|\|\|) [^ ]+ != NULL|!= NULL (&&|\|\||\?)| == NULL' "conditions say p and !p"
if git grep -nE '^ *\*/$' -- '*.c' '*.h'; then
    echo "a comment ends on its last line" >&2
    exit 1
fi
for file in $(git ls-files '*.c' '*.h'); do
    case $(head -c 2 "$file") in
    "/*") ;;
    *) echo "$file does not open with a sentence" >&2 && exit 1 ;;
    esac
done
echo "widths"
python3 scripts/width.py
echo "cppcheck"
cppcheck --quiet --error-exitcode=1 -j "$(nproc)" --inline-suppr --suppressions-list=.cppcheck-suppressions \
    --library=scripts/cppcheck.cfg -D__cppcheck__ --enable=warning,performance,portability --std=c11 -I . \
    model mocks harness fuzz bench
# The formats with %S and %v, with the Python that Debian's module is for.
echo "formats"
/usr/bin/python3 scripts/formats.py build/release
# One file a process: the checks of va_list keep what they know of a file for the next one.
echo "clang-tidy"
git ls-files 'model/*.c' 'mocks/*.c' 'harness/*.c' 'bench/*.c' |
    xargs -P "$(nproc)" -n 1 clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p build/release 2>/dev/null
