#!/usr/bin/env python3
"""Holds the floors of the house (docs/architecture.md): what each folder may include, and that it is
linked with just that.

usage: floors.py [ROOT]"""
import pathlib
import re
import sys

# From below; a folder may include itself and what stands before it in its own list, nothing else.
FLOORS = {
    "model": "rt lab gostd crypto proto wire msp protoutil validation policy client ledger privdata gossip ccprovider "
    "shim container comm accesscontrol chaincode scc lscc committer endorser peer".split(),
    "mocks": "fault disk docker chaincode orderer gossip launch".split(),
    "harness": "base json yaml explore core world invariants scenario conform seeded report cli".split(),
}
# Rooms that know nothing of what lies between them and these.
ALONE = {
    "model/lab": ["model/rt"],
    "model/gostd": ["model/rt"],
    "model/crypto": ["model/rt"],
    "harness/base": ["model/rt"],
    "harness/json": ["harness/base", "model/rt"],
    "harness/yaml": ["harness/base", "harness/json", "model/rt"],
    "harness/explore": ["harness/base", "harness/json", "model/rt"],
}
BELOW = {"model": [], "mocks": ["model"], "harness": ["model", "mocks"], "fuzz": ["model", "mocks", "harness"],
         "bench": ["model", "mocks", "harness"], "tests": ["model", "mocks", "harness"]}


def allowed(room, other):
    storey, folder = room.split("/")[0], "/".join(room.split("/")[:2])
    if other.split("/")[0] != storey and folder not in ALONE:
        return other.split("/")[0] in BELOW[storey]
    if folder in ALONE:
        return other in [folder, *ALONE[folder]]
    if storey not in FLOORS or room == storey:  # tests among themselves; harness/main.c
        return True
    places = [FLOORS[storey].index(n) if n in FLOORS[storey] else -1 for n in (other.split("/")[1], folder.split("/")[1])]
    return 0 <= places[0] <= places[1]  # a room that has no floor may neither include nor be included


# Libraries by their headers; rt's protobuf-c comes with rt.
LIBRARIES = {"openssl/": "PkgConfig::CRYPTO", "zlib.h": "PkgConfig::ZLIB", "archive": "PkgConfig::ARCHIVE",
             "jansson.h": "PkgConfig::JANSSON", "yaml.h": "PkgConfig::YAML", "math.h": "m"}


def linked(root):
    """What CMake says of each room: (room, libraries), rooms by their folders."""
    found, folders = [], {"proto": "model/proto"}
    for storey in FLOORS:
        text = (root / storey / "CMakeLists.txt").read_text()
        for name, folder, libraries in re.findall(r"cclab_part\((\w+) (\w+)([^)]*)\)", text):
            folders[name] = f"{storey}/{folder}"
            found.append((folders[name], libraries.split()))
    return [(room, {folders.get(l, l) for l in libraries}) for room, libraries in found if room != "model/rt"]


def included(root, room):
    """What the files of a room include: other rooms, and libraries by CMake's names."""
    used = {"model/proto"} if room == "model/wire" else set()  # the tables are generated there
    for path in (root / room).glob("*.[ch]"):
        text = path.read_text()
        used |= set(re.findall(r'^#include "((?:model|mocks|harness)/\w+)/', text, re.M)) - {room}
        used |= {"model/proto"} if re.search(r'^#include "proto/', text, re.M) else set()
        for header in re.findall(r"^#include <([^>]+)>", text, re.M):
            used |= {name for start, name in LIBRARIES.items() if header.startswith(start)}
    return used


def links(root):
    """Prints where CMake links a room with more or less than it includes."""
    wrong = 0
    for room, libraries in linked(root):
        used = included(root, room)
        for names, what in ((used - libraries, "is not linked with"), (libraries - used, "needs no link with")):
            wrong += len(names)
            for name in sorted(names):
                print(f"{room} {what} {name}")
    return wrong


def main(root):
    wrong, files, arrows = links(root), 0, 0
    for storey in BELOW:
        for path in sorted((root / storey).rglob("*.[chS]")):
            files += 1
            room = path.relative_to(root).parent.as_posix()
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if not re.match(r"\s*#\s*(include|import)", line):
                    continue
                found = re.match(r'#include [<"]((?:model|mocks|harness|fuzz|bench|tests)(?:/\w+)?)/', line)
                if ".." in line or not re.match(r'#include (<[^>]+>|"[^"]+")', line):
                    wrong += 1
                    print(f"{path.relative_to(root)}:{number}: an include is written #include \"folder/file.h\"")
                if not found:
                    continue
                arrows += 1
                if not allowed(room, found[1]):
                    wrong += 1
                    print(f"{path.relative_to(root)}:{number}: {room} may not include {found[1]}")
    print(f"{files} files, {arrows} includes, {wrong} arrows that climb or are not as CMake says")
    return 1 if wrong or arrows < 1000 else 0


sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
