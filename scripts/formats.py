#!/usr/bin/env python3
"""Checks what no compiler does: calls of functions that format as rt_sprintf() (model/rt/str.h).

Such a function is variadic, its last named parameter is a const char *, and it is not marked as
printf's like. Its format must be a literal, and each verb must get an argument of its type. Needs
Debian's python3-clang.

usage: formats.py BUILD [FILE...]   BUILD holds compile_commands.json"""
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

from clang.cindex import CursorKind, Index, TranslationUnit, TypeKind

VERB = re.compile(r"%(?:0\d+)?(?P<length>z|ll?)?(?:(?P<number>[du])|X(?P<digits>\d*))|%(?P<plain>[sSqxvct%])")
STRUCTS = {"S": "ProtobufCBinaryData", "q": "ProtobufCBinaryData", "x": "ProtobufCBinaryData"}
SIGNED = {"": TypeKind.INT, "l": TypeKind.LONG, "ll": TypeKind.LONGLONG, "z": TypeKind.LONG}
UNSIGNED = {"": TypeKind.UINT, "l": TypeKind.ULONG, "ll": TypeKind.ULONGLONG, "z": TypeKind.ULONG}


def verbs(text):
    """The verbs of a format that take an argument, each a match; a string says what is wrong."""
    found, at = [], text.find("%")
    while at >= 0:
        verb = VERB.match(text, at)
        if not verb:
            return f"no verb at {text[at:at + 6]!r}"
        if verb["plain"] != "%":
            found.append(verb)
        at = text.find("%", verb.end())
    return found


def bare(cursor):
    """The expression as it was written, without implicit conversions and parentheses."""
    while cursor.kind in (CursorKind.UNEXPOSED_EXPR, CursorKind.PAREN_EXPR):
        children = list(cursor.get_children())
        if len(children) != 1:
            break
        cursor = children[0]
    return cursor


def fits(verb, argument):
    kind = argument.type.get_canonical().kind
    spelling = argument.type.get_canonical().spelling.replace("const ", "").replace("struct ", "")
    length = verb["length"] or ""
    plain = verb["plain"]
    if verb["number"] == "d":
        return kind == SIGNED[length] or (not length and kind in (TypeKind.SHORT, TypeKind.SCHAR))
    if verb["number"] == "u" or verb["digits"] is not None:
        inner = bare(argument).type.get_canonical().kind
        narrow = (TypeKind.UCHAR, TypeKind.USHORT, TypeKind.BOOL)
        return kind in (UNSIGNED[length], TypeKind.ENUM) or (not length and inner in narrow)
    if plain in STRUCTS:
        return spelling == STRUCTS[plain]
    if plain == "s":
        return spelling == "char *"
    if plain == "v":
        return spelling == "rt_error *"
    return kind == TypeKind.INT  # c and t, promoted


def literal(cursor, tokens):
    """The texts that the format may be, or None if it is no literal."""
    cursor = bare(cursor)
    if cursor.kind == CursorKind.STRING_LITERAL:
        return [cursor.spelling[1:-1]]
    if cursor.kind == CursorKind.CONDITIONAL_OPERATOR:
        texts = [literal(c, tokens) for c in list(cursor.get_children())[1:]]
        return None if None in texts else sum(texts, [])
    return None


def formats(declaration):
    """The place of the format among the parameters of a function like rt_sprintf(), or -1."""
    if declaration is None or declaration.kind != CursorKind.FUNCTION_DECL:
        return -1
    if declaration.type.kind != TypeKind.FUNCTIONPROTO or not declaration.type.is_function_variadic():
        return -1
    file = declaration.location.file
    if file is None or not os.path.abspath(file.name).startswith(os.getcwd() + os.sep):
        return -1  # not ours: libc's, jansson's
    parameters = list(declaration.get_arguments())
    if parameters[-1].type.spelling != "const char *":
        return -1
    spelled = " ".join(t.spelling for d in (declaration, declaration.canonical) for t in d.get_tokens())
    after = spelled + read_after(declaration.canonical)
    return -1 if re.search(r"format\s*\(\s*(__)?printf", after) else len(parameters) - 1


def read_after(declaration):
    """What stands between the end of a declaration and the next semicolon: its attributes."""
    file = declaration.extent.end.file
    if file is None:
        return ""
    with open(file.name, "rb") as source:
        source.seek(declaration.extent.end.offset)
        return source.read(200).decode(errors="replace").split(";")[0]


def check_call(call, place):
    arguments = list(call.get_arguments())
    texts = literal(arguments[place], None)
    if texts is None:
        return [] if passes_on(call, arguments[place]) else ["the format is no literal"]
    wrong = []
    for text in texts:
        wanted = verbs(text)
        if isinstance(wanted, str):
            wrong.append(wanted)
            continue
        given = arguments[place + 1:]
        if len(wanted) != len(given):
            wrong.append(f'"{text}" wants {len(wanted)} arguments and gets {len(given)}')
            continue
        for verb, argument in zip(wanted, given):
            if not fits(verb, argument):
                wrong.append(f'{verb[0]} in "{text}" gets {argument.type.spelling}')
    return wrong


def passes_on(call, argument):
    """True for a wrapper's own parameter: then the wrapper's callers are checked."""
    referenced = bare(argument).referenced
    return referenced is not None and referenced.kind == CursorKind.PARM_DECL and call.spelling.endswith("_v")


def walk(cursor, path, found):
    for child in cursor.get_children():
        if child.location.file and child.location.file.name != path and child.kind.is_declaration():
            continue
        if child.kind == CursorKind.CALL_EXPR:
            place = formats(child.referenced)
            if place >= 0:
                found["calls"] += 1
                where = f"{os.path.relpath(path)}:{child.location.line}"
                found["wrong"] += [f"{where}: {child.spelling}: {w}" for w in check_call(child, place)]
        walk(child, path, found)


def resource_dir():
    return subprocess.check_output(["clang", "-print-resource-dir"], text=True).strip()


def check(entry, resources):
    path = entry["file"]
    words = (entry.get("arguments") or entry["command"].split())[1:]
    flags = [w for w in words if re.match(r"-[ID]|-std=", w)]
    unit = Index.create().parse(path, args=[*flags, "-resource-dir", resources, "-fsyntax-only"],
                                options=TranslationUnit.PARSE_NONE)
    errors = [d for d in unit.diagnostics if d.severity >= 3]
    found = {"calls": 0, "wrong": [f"{path}: {d.spelling}" for d in errors[:1]]}
    walk(unit.cursor, path, found)
    return found


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(os.path.join(sys.argv[1], "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    root = os.getcwd()
    chosen = [os.path.abspath(f) for f in sys.argv[2:]]
    ours = {}
    for e in entries:
        folder = os.path.relpath(e["file"], root).split(os.sep)[0]
        if folder in ("model", "mocks", "harness", "fuzz", "bench", "tests") and (not chosen or e["file"] in chosen):
            ours[e["file"]] = e
    resources = resource_dir()
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(check, ours.values(), [resources] * len(ours), chunksize=8))
    wrong = [w for r in results for w in r["wrong"]]
    calls = sum(r["calls"] for r in results)
    print("\n".join(wrong + [f"{len(ours)} files, {calls} calls that format, {len(wrong)} wrong"]))
    sys.exit(1 if wrong or not calls else 0)


if __name__ == "__main__":
    main()
