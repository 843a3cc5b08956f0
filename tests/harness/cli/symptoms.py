"""Each row of docs/symptoms.md: what its scenario shows has the row's text. usage: symptoms.py
CCLAB"""
import re
import subprocess
import sys

rows, failed = 0, []
for number, line in enumerate(open("docs/symptoms.md", encoding="utf-8"), 1):
    row = re.match(r"\| `(.*)` \| (.+) \| ([\w./-]+) \|$", line)
    if line.startswith("|") and not row and "---" not in line and "what is shown" not in line:
        sys.exit(f"docs/symptoms.md:{number}: a row is `text`, why and a scenario")
    if not row:
        continue
    rows += 1
    path = f"scenarios/{row[3]}.json"
    shown = subprocess.run([sys.argv[1], "run", "--plain", path], text=True, capture_output=True)
    text = ".*?".join(re.escape(part.strip()) for part in row[1].split("…"))
    if not re.search(text, shown.stdout.replace('\\"', '"'), re.S):
        failed.append(f"docs/symptoms.md:{number}: {path} does not show {row[1]}")
if failed or rows < 38:
    sys.exit("\n".join(failed) or f"only {rows} rows")
print(f"{rows} symptoms shown")
