#!/usr/bin/env python3
"""Prints lines of prose and of C that are wider than 100 columns, and fails if there are any.

Prose is what is neither a table nor code in *.md, and comments of scripts. In C, clang-format has
wrapped the code; what is left is comments that it may not touch."""
import subprocess
import sys

WIDTH = 100


def wide(path):
    fenced = False
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        fenced ^= line.lstrip().startswith("```")
        if len(line) <= WIDTH or line.endswith("\\"):
            continue
        if path.endswith(".md") and (fenced or line.lstrip().startswith("|")):
            continue
        if path.endswith((".sh", ".py")) and not line.lstrip().startswith("#"):
            continue
        yield f"{path}:{number}: {len(line)} columns; at most {WIDTH}"


kinds = ["*.c", "*.h", "*.md", "*.sh", "*.py"]
files = subprocess.run(["git", "ls-files", *kinds], check=True, text=True, capture_output=True)
found = [line for path in files.stdout.split() for line in wide(path)]
print("\n".join(found), end="\n" if found else "")
sys.exit(1 if found else 0)
