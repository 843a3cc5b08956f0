"""The files of the tree, and what commands write, fit their published schemas, as another reader than
cclab's sees them.

usage: schemas.py CCLAB"""
import glob
import json
import os
import subprocess
import sys
import tempfile

from jsonschema import Draft202012Validator, RefResolver

CCLAB = os.path.abspath(sys.argv[1])
RUNS = ["life-of-a-chaincode", "nil-parts", "bare/late-ready"]
REPLAY = "scenarios/known/answers-block-stream.replay.json"
LABELS = {"run": {"chaincode", "channel", "success", "type"}}  # names within its maps
RARE = {"conform": {"note"}}  # members that no command here writes: of a model that crashes
FILES = "tests/harness/files"


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


SCENARIO = load("scenarios/scenario.schema.json")
STORE = {"file:///scenarios/scenario.schema.json": SCENARIO}


def undescribed(schema, path="#"):
    """Members without a sentence."""
    if isinstance(schema, list):
        return [found for i, s in enumerate(schema) for found in undescribed(s, f"{path}/{i}")]
    if not isinstance(schema, dict):
        return []
    found = [f"{path}/{name}" for name, member in schema.get("properties", {}).items() if not member.get("description")]
    return found + [f for key, s in schema.items() if key not in ("if", "dependentSchemas") for f in undescribed(s, f"{path}/{key}")]


def check(schema, values):
    """Exits if a value does not fit, or if the schema takes members that nobody knows or tells nothing of one."""
    Draft202012Validator.check_schema(schema)
    if undescribed(schema):
        sys.exit("\n".join(f"{schema['title']}: {path} has no description" for path in undescribed(schema)))
    validator = Draft202012Validator(schema, resolver=RefResolver("file:///docs/schemas/", schema, STORE))
    for name, value in values:
        errors = [f"{name}: {list(e.absolute_path)}: {e.message[:200]}" for e in validator.iter_errors(value)]
        if errors:
            sys.exit("\n".join(errors))
    if validator.is_valid({**values[0][1], "no-such-member": 1}):
        sys.exit(f"{schema['title']}: takes any member")
    return len(values)


def files(*patterns):
    names = [name for pattern in patterns for name in sorted(glob.glob(pattern, recursive=True))]
    return [(name, load(name)) for name in names]


def members(value):
    """Names of all members within it."""
    if isinstance(value, list):
        return {name for v in value for name in members(v)}
    return set(value).union(*map(members, value.values())) if isinstance(value, dict) else set()


def written(folder, kind, status, command, rows=None):
    """What a command writes, which has each member that its schema knows (`rows`: as --trace does)."""
    path = f"{folder}/{kind}.json"
    to = ["--trace" if rows else "--json", path]
    run = subprocess.run([CCLAB, *command.split(), *to], stdout=subprocess.DEVNULL, check=False)
    if run.returncode != status:
        sys.exit(f"cclab {command}: status {run.returncode}, expected {status}")
    values = [(f"{command}, line {i + 1}", v) for i, v in enumerate(lines(path))] if rows else [(command, load(path))]
    schema = load(f"docs/schemas/{kind}.schema.json")
    known = {name for s in [schema, *schema["$defs"].values()] for name in s["properties"]} - {"$comment"} - RARE.get(kind, set())
    absent = (known | LABELS.get(kind, set())) - members([v for _, v in values])
    if absent:
        sys.exit(f"cclab {command}: wrote no {', '.join(sorted(absent))}")
    return check(schema, values)


def refused(folder):
    """A scenario with an invoke that fails, so that there is nothing to commit."""
    path = f"{folder}/refused.json"
    scenario = load("scenarios/life-of-a-chaincode.json")
    scenario["world"]["file"] = os.path.abspath("corpora/conformance/world/flow-world.json")
    steps = scenario["actors"][0]["steps"]
    steps[2] = {"do": "invoke", "chaincode": "probe", "args": ["error", "no"], "commit": True}
    del steps[3]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(scenario, file)
    return path


def wrong_vectors(folder):
    """Vectors of which one fails."""
    path = f"{folder}/names.jsonl"
    vectors = lines("corpora/conformance/names.jsonl")[:3]
    vectors[1]["container"] = "another"
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(v) + "\n" for v in vectors)
    return path


def results():
    with tempfile.TemporaryDirectory() as folder:
        runs = " ".join(f"scenarios/{name}.json" for name in RUNS)
        return (
            written(folder, "run", 0, f"run --quiet --metrics {runs} {refused(folder)}")
            + written(folder, "trace", 0, f"run --quiet scenarios/{RUNS[0]}.json", rows=True)
            + written(folder, "replay-results", 0, f"replay --quiet {REPLAY}")
            + written(folder, "conform", 1, f"conform {wrong_vectors(folder)}")
            + written(folder, "bench-bugs", 0, "bench-bugs --seeds 1 --schedules 3 --bug a02-ready-overtaken")
        )


def main():
    count = 0
    everything = files("scenarios/**/*.json")
    replays = [(n, v) for n, v in everything if n.endswith(".replay.json")]
    baselines = [(n, v) for n, v in everything if "/known-" in n]
    others = ("/known-", ".schema.json", ".replay.json")
    scenarios = [(n, v) for n, v in everything if not any(part in n for part in others)]
    count += check(SCENARIO, scenarios)
    for kind, values in (
        ("replay", replays),
        ("baseline", baselines + files(f"{FILES}/baseline.json")),
        ("world", files("corpora/conformance/world/*.json")),
        ("exploration", files(f"{FILES}/exploration.json")),
        ("suite", files(f"{FILES}/suite.json")),
    ):
        count += check(load(f"docs/schemas/{kind}.schema.json"), values)
    for path in sorted(glob.glob("corpora/conformance/*.jsonl")):
        name = path.split("/")[-1].removesuffix(".jsonl")
        kind = "peer" if name.startswith("peer-") and name != "peer-identity" else name
        count += check(load(f"docs/schemas/vectors-{kind}.schema.json"), [(path, v) for v in lines(path)])
    count += results()
    print(f"{count} values fit")


main()
