"""The files of the tree fit their published schemas, as another reader than cclab's sees them."""
import glob
import json
import sys

from jsonschema import Draft202012Validator, RefResolver

FILES = "tests/harness/files"


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


SCENARIO = load("scenarios/scenario.schema.json")
STORE = {"file:///scenarios/scenario.schema.json": SCENARIO}


def check(schema, values):
    """Exits if a value does not fit, or if the schema takes members that nobody knows."""
    Draft202012Validator.check_schema(schema)
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
    print(f"{count} values fit")


main()
