"""docs/invariants/contracts.md names every invariant of the program, and no other.
usage: contracts.py CCLAB"""
import re
import subprocess
import sys

listed = subprocess.run([sys.argv[1], "list", "invariants"], check=True, text=True,
                        capture_output=True).stdout
known = set(re.findall(r"^([a-z-]+) ", listed, re.M))
named = set()
for number, line in enumerate(open("docs/invariants/contracts.md", encoding="utf-8"), 1):
    cells = [c.strip() for c in line.strip().strip("|").split("|")]
    if not line.startswith("|") or number < 9 or cells[0].startswith("**"):
        continue
    if len(cells) != 3 or not all(cells):
        sys.exit(f"docs/invariants/contracts.md:{number}: a row has place, contract and invariant")
    if not cells[2].startswith("none: "):
        named.add(cells[2])
if not known or named != known:
    sys.exit(f"not in the table: {sorted(known - named)}; no invariant: {sorted(named - known)}")
