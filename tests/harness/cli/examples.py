#!/usr/bin/env python3
"""Runs what docs/examples say with small numbers: the commands of the Kubernetes manifests and of the
Slurm scripts, each part with its index, then the merge; and compares with one run of the whole.

usage: examples.py CCLAB"""
import json
import os
import re
import subprocess
import sys
import tempfile

cclab = os.path.abspath(sys.argv[1])


def documents(path):
    try:
        import yaml
    except ImportError:
        return None
    with open(path) as f:
        return list(yaml.safe_load_all(f))


def block_script(path):
    """The script below `- |`, without a YAML library."""
    lines = open(path).read().split("\n")
    start = next(i for i, line in enumerate(lines) if line.strip() == "- |")
    indent = len(lines[start + 1]) - len(lines[start + 1].lstrip())
    script = []
    for line in lines[start + 1:]:
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            break
        script.append(line[indent:])
    return "\n".join(script)


def kubernetes(path, kind_count):
    script = block_script(path)
    docs = documents(path)
    if docs is not None:
        assert len(docs) == kind_count, path
        job = docs[-1]
        assert job["apiVersion"] == "batch/v1" and job["kind"] == "Job", path
        pod = job["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert container["command"] == ["/bin/sh", "-c"] and container["args"][0].strip() == script.strip()
        volumes = {v["name"] for v in pod["volumes"]}
        assert {m["name"] for m in container["volumeMounts"]} <= volumes
        if job["spec"].get("completionMode") == "Indexed":
            count = int(re.search(r"--shard-count (\d+)", script).group(1))
            assert job["spec"]["completions"] == count, "completions and --shard-count differ"
            assert job["spec"]["parallelism"] <= count
    return script


def run(script, results, env, statuses=(0,)):
    small = script.replace("--schedules 1000000", "--schedules 1200 --no-shrink").replace("/results", results)
    small = re.sub(r"--jobs 4", "--jobs 1", small)
    done = subprocess.run(["/bin/sh", "-c", small], env=dict(os.environ, RESULTS=results, **env),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode in statuses, done.stdout
    return done.returncode


def strip(value):
    if isinstance(value, dict):
        return {k: strip(v) for k, v in value.items() if k not in ("seconds", "replay")}
    return [strip(v) for v in value] if isinstance(value, list) else value


def whole(results):
    with open(os.path.join(results, "whole.json")) as f:
        return strip(json.load(f))


def check(parts, explore, merge, env_of):
    with tempfile.TemporaryDirectory() as folder:
        for i in range(parts):
            run(explore, folder, env_of(i))
        status = run(merge, folder, {}, (0, 1))  # 1: there is something new
        for name in ("whole.xml", "whole.sarif"):
            assert os.path.getsize(os.path.join(folder, name)) > 0
        return status, whole(folder)


def main():
    with tempfile.TemporaryDirectory() as path:
        os.symlink(cclab, os.path.join(path, "cclab"))
        os.environ["PATH"] = path + os.pathsep + os.environ["PATH"]
        k8s = "docs/examples/kubernetes/"
        slurm = "docs/examples/slurm/"
        a = check(8, kubernetes(k8s + "explore.yaml", 2), kubernetes(k8s + "merge.yaml", 1),
                  lambda i: {"JOB_COMPLETION_INDEX": str(i)})
        b = check(3, open(slurm + "explore.sh").read(), open(slurm + "merge.sh").read(),
                  lambda i: {"SLURM_ARRAY_TASK_ID": str(i + 1), "SLURM_ARRAY_TASK_COUNT": "3"})
        assert a == b, "the examples come to different results"
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([cclab, "explore", "scenarios/die-anywhere.json", "--schedules", "1200", "--no-shrink",
                            "--seed", "1", "--baseline", "scenarios/known-1.4.2.json", "--out", folder + "/out",
                            "--json", folder + "/whole.json"], stdout=subprocess.DEVNULL)
            assert (done.returncode, whole(folder)) == a, "the parts are not the whole"
    print("examples: as in the documentation")


main()
