#!/usr/bin/env python3
"""Runs the scenarios that stand in the documentation as they stand, in a folder where nothing else is.

usage: docs.py CCLAB"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

CCLAB = os.path.abspath(sys.argv[1])


def blocks(path):
    """The JSON blocks of a page: (line, text)."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for block in re.finditer(r"^```json\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, block.start()) + 2, block[1]


def run(folder, path, line, text):
    """Runs a scenario; its plain run must end as it says."""
    file = os.path.join(folder, "scenario.json")
    with open(file, "w", encoding="utf-8") as out:
        out.write(text)
    done = subprocess.run([CCLAB, "run", "--quiet", file], cwd=folder, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"{path}:{line}: status {done.returncode}\n{done.stdout}")


def main():
    count = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in ["README.md", *sorted(glob.glob("docs/**/*.md", recursive=True))]:
            for line, text in blocks(path):
                if not text.startswith("{"):
                    continue  # a part of an example
                try:
                    value = json.loads(text)
                except ValueError as error:
                    sys.exit(f"{path}:{line}: {error}")
                if isinstance(value, dict) and "scenario" in value:
                    run(folder, path, line, text)
                    count[path] = count.get(path, 0) + 1
    if count.get("docs/scenarios.md", 0) < 2 or count.get("docs/worlds.md", 0) < 2:
        sys.exit(f"found too few scenarios: {count}")
    print(f"{sum(count.values())} scenarios of {len(count)} pages run")


main()
