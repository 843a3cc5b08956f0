#!/usr/bin/env python3
"""A mutation pass: each one-token mutant of the run time's heart and of model/chaincode must be
killed by some test. See docs/mutation.md."""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from mutants import mutants_of  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / 'build/mutate'
BUILD = WORK / 'build'
REASONS = ROOT / 'tests/mutants.txt'
MEMORY = 3 << 30


class Group:
    """Files that are held to one threshold by the same tests: names of ctest, a prefix each. Those
    of the first prefix are asked first, the fastest of them before the others."""

    def __init__(self, name, patterns, threshold, tests):
        self.name, self.patterns, self.threshold, self.tests = name, patterns, threshold, tests

    def files(self):
        return sorted(str(p.relative_to(ROOT)) for pattern in self.patterns
                      for p in ROOT.glob(pattern))


GROUPS = [
    Group('rt', [f'model/rt/{f}.c' for f in ('chan', 'sync', 'clock', 'sched')], 95,
          ['rt/', 'harness/explore/test_dpor']),
    Group('chaincode', ['model/chaincode/*.c'], 90,
          ['chaincode/', 'conform/launch', 'conform/flow', 'conform/peer-cc', 'container/',
           'harness/scenario/', 'suite/seeded', 'harness/seeded/test_bench_bugs']),
]


# ---- the build without mutants ----

class Test:
    def __init__(self, name, command, link):
        self.name, self.command, self.link = name, command, link
        self.seconds = self.cpu = 0.0


def say(text):
    print(text, flush=True)


def call(args):
    done = subprocess.run(args, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        sys.exit(f'{shlex.join(map(str, args))}\n{done.stdout}')
    return done.stdout


def ctest_commands():
    """What each test runs, by its name."""
    listing = json.loads(call(['ctest', '--test-dir', BUILD, '--show-only=json-v1']))
    return {t['name']: t['command'] for t in listing['tests'] if 'command' in t}


def link_command(program):
    """How the program is linked, as a shell command with {out} and {object} to fill in."""
    target = os.path.relpath(program, BUILD)
    lines = call(['ninja', '-C', BUILD, '-t', 'commands', target]).splitlines()
    line = next(text for text in reversed(lines) if f'-o {target}' in text)
    line = line.split('&& ', 1)[1].rsplit(' &&', 1)[0]
    fast = next((f' -fuse-ld={ld}' for ld in ('lld', 'gold') if shutil.which(f'ld.{ld}')), '')
    return line.replace(f'-o {target}', '-o {out} {object}' + fast)


def build_tests(groups):
    """Builds what the groups' tests run; the tests of each group."""
    WORK.mkdir(parents=True, exist_ok=True)
    call(['cmake', '-S', ROOT, '-B', BUILD, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug',
          '-DCMAKE_C_FLAGS_DEBUG=-O1', '-DCCLAB_WERROR=OFF'])
    call(['ninja', '-C', BUILD])  # all: ctest knows the command of a test that is built
    commands = ctest_commands()
    for prefix in (p for g in groups for p in g.tests):
        if not any(n.startswith(prefix) for n in commands):
            sys.exit(f'there is no test {prefix}')
    found = {g.name: [n for n in commands if n.startswith(tuple(g.tests))] for g in groups}
    programs = {commands[n][0] for names in found.values() for n in names}
    links = {p: link_command(p) for p in programs}
    return {g: [Test(n, commands[n], links[commands[n][0]]) for n in names]
            for g, names in found.items()}


def compile_commands():
    entries = json.loads((BUILD / 'compile_commands.json').read_text())
    return {os.path.relpath(e['file'], ROOT): e['command'] for e in entries}


# ---- running ----

def run(args, cpu_seconds, wall_seconds, temporary=None):
    """Runs a command in the root of the tree; (exit code, or None for a time-out; CPU seconds).
    CPU time limits it, so that a busy machine kills nobody; a wait for ever meets the wall."""
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))
    environment = dict(os.environ, TMPDIR=str(temporary)) if temporary else None
    with subprocess.Popen(args, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, preexec_fn=limit, start_new_session=True,
                          env=environment) as child:
        try:
            code = child.wait(wall_seconds)
        except subprocess.TimeoutExpired:
            code = None
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return code


def measure(group, tests):
    """Runs each test without a mutant, which must pass, and puts them in the order of asking."""
    for test in tests:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        if run(test.command, 300, 600) != 0:
            sys.exit(f'{test.name} fails without any mutant')
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        test.seconds = time.monotonic() - begin
        test.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rank = {t: next(i for i, p in enumerate(group.tests) if t.name.startswith(p)) for t in tests}
    tests.sort(key=lambda t: (rank[t], t.cpu))


class Pass:
    """What judging a mutant needs; `judge` runs on several threads."""

    def __init__(self, tests):
        self.tests = tests
        self.compile = compile_commands()
        self.seen = {}  # objects of this pass, by digest: the mutant, None for the original
        self.originals = set()

    def object_of(self, file, source, folder):
        """Compiles a source in place of the file; the object's path, None if it does not."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        path, out = folder / Path(file).name, folder / 'mutant.o'
        path.write_text(source)
        words = shlex.split(self.compile[file])
        words = [w for w in words if os.path.basename(w) != 'ccache']
        words[words.index('-o') + 1] = str(out)
        words[words.index('-c') + 1] = str(path)
        for flag in ('-MT', '-MF'):
            if flag in words:
                at = words.index(flag)
                del words[at:at + 2]
        words = [w for w in words if w != '-MD'] + ['-w', '-fdebug-prefix-map=%s=.' % folder,
                                                    '-fmacro-prefix-map=%s=.' % folder]
        done = subprocess.run(words, cwd=BUILD, capture_output=True, check=False)
        return out if done.returncode == 0 else None

    def same_as(self, mutant, out):
        """The name of what has the same object: 'original', or a mutant's id."""
        digest = hashlib.sha256(out.read_bytes()).hexdigest()
        return self.seen.setdefault((mutant.file, digest), mutant.id)

    def learn_original(self, file):
        folder = WORK / 'original'
        out = self.object_of(file, (ROOT / file).read_text(), folder)
        digest = hashlib.sha256(out.read_bytes()).hexdigest()
        self.seen[(file, digest)] = 'original'

    def judge(self, mutant):
        """A result: killed by a test, survived, invalid (does not compile), same."""
        folder = WORK / 'mutants' / mutant.id
        try:
            out = self.object_of(mutant.file, mutant.source, folder)
            if not out:
                return {'verdict': 'invalid'}
            same = self.same_as(mutant, out)
            if same != mutant.id:
                return {'verdict': 'same', 'as': same}
            return self.try_tests(out, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def try_tests(self, out, folder):
        linked = {}
        for test in self.tests:
            program = test.command[0]
            if program not in linked:
                linked[program] = folder / f'program{len(linked)}'
                command = test.link.format(out=shlex.quote(str(linked[program])),
                                           object=shlex.quote(str(out)))
                subprocess.run(command, cwd=BUILD, shell=True, check=True, capture_output=True)
            code = run([linked[program]] + test.command[1:], int(4 * test.cpu) + 3,
                       20 * test.seconds + 30, folder)
            if code != 0:
                how = 'time-out' if code in (None, -signal.SIGXCPU, -signal.SIGKILL) else 'failed'
                return {'verdict': 'killed', 'by': test.name, 'how': how}
        return {'verdict': 'survived'}


# ---- reasons ----

def read_reasons():
    """Why mutants may survive, by (file, function, before, after). See tests/mutants.txt."""
    reasons, place, pairs, words = {}, None, [], []

    def keep():
        if pairs and not words:
            sys.exit(f'{REASONS}: no reason for {place}: {pairs[-1]}')
        reasons.update({(*place, *pair): ' '.join(words) for pair in pairs})
        pairs.clear()
        words.clear()
    before = None
    for line in REASONS.read_text().splitlines() if REASONS.exists() else []:
        if line.startswith('#') or not line.strip():
            continue
        text = line.strip()
        if not line.startswith(' '):
            keep()
            place = tuple(text.split())
        elif text[:2] in ('- ', '+ ') and words:
            keep()
        if line.startswith(' ') and text.startswith('- '):
            before = text[2:]
        elif line.startswith(' ') and text.startswith('+ '):
            pairs.append((before, text[2:]))
        elif line.startswith(' '):
            words.append(text)
    keep()
    return reasons


def tell_stale(mutants, results, reasons):
    """Reasons that nobody needs any more: of mutants that are killed, or are no mutants."""
    files = {m.file for m in mutants}
    survived = {m.key[:4] for m in mutants if results[m.id]['verdict'] == 'survived'}
    for key in reasons:
        if key[0] in files and key not in survived:
            say(f'a reason too many: {key[0]} {key[1]}: {key[3]}')


# ---- the pass ----

def chosen(args, groups):
    """The mutants of this pass: all, one in N (which ones, the seed says), or one."""
    for group in groups:
        for file in group.files():
            if args.file and args.file not in file:
                continue
            for mutant in mutants_of(file, (ROOT / file).read_text()):
                draw = int(hashlib.sha1(f'{args.seed} {mutant.id}'.encode()).hexdigest(), 16)
                if mutant.id == args.only if args.only else draw % args.every == 0:
                    yield group, mutant


def load_results(path):
    """Results of an earlier pass that still hold; what survived is tried again."""
    results = {}
    if path.exists():
        for line in path.read_text().splitlines():
            entry = json.loads(line)
            if entry['verdict'] in ('killed', 'invalid', 'same'):
                results[(entry['id'], entry['file'])] = entry
    return results


def judge_all(group, mutants, tests, args):
    """Judges the group's mutants; results by id."""
    path = WORK / f'{group.name}.jsonl'
    known = load_results(path) if args.resume or args.only else {}
    if not (args.resume or args.only or args.file):
        path.unlink(missing_ok=True)
    measure(group, tests)
    tests = [t for t in tests if t.cpu <= args.quick]
    work = Pass(tests)
    for file in {m.file for m in mutants}:
        work.learn_original(file)
    say(f'{group.name}: {len(mutants)} mutants, {len(tests)} tests')
    results = {}
    with open(path, 'a', encoding='utf-8') as log, \
            concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        todo = {}
        for mutant in mutants:
            if (mutant.id, mutant.file) in known:
                results[mutant.id] = known[(mutant.id, mutant.file)]
            else:
                todo[pool.submit(work.judge, mutant)] = mutant
        for count, future in enumerate(concurrent.futures.as_completed(todo), 1):
            mutant, result = todo[future], future.result()
            results[mutant.id] = result
            log.write(json.dumps(dict(result, id=mutant.id, file=mutant.file)) + '\n')
            log.flush()
            if result['verdict'] == 'survived' or args.only:
                say(describe(mutant, result))
            if count % 100 == 0:
                say(f'... {count} of {len(todo)}')
    return results


def describe(mutant, result=None):
    how = ''
    if result:
        how = ' '.join(str(v) for v in result.values() if v not in (mutant.id, mutant.file)) + ' '
    return (f'{how}[{mutant.id}] {mutant.file}:{mutant.line} {mutant.function}\n'
            f'    - {mutant.before}\n    + {mutant.after}')


def report(group, mutants, results, reasons):
    """Prints the table and the survivors; True if the group is as good as it must be."""
    table = collections.defaultdict(lambda: [0, 0, 0])
    unexplained, explained = [], []
    for mutant in mutants:
        verdict = results[mutant.id]['verdict']
        row = table[mutant.file]
        if verdict not in ('killed', 'survived'):
            continue
        row[1] += 1
        row[0] += verdict == 'killed'
        if verdict == 'survived':
            row[2] += 1
            known = (mutant.file, mutant.function, mutant.before, mutant.after) in reasons
            (explained if known else unexplained).append(mutant)
    say(f'\n{"file":46} killed  total  percent')
    total = [sum(column) for column in zip(*table.values())]
    rows = sorted(table.items()) + [('all of ' + group.name, total)]
    for file, (killed, total, _) in rows:
        say(f'{file:46} {killed:6} {total:6} {100 * killed / max(total, 1):8.1f}')
    killed, total, _ = rows[-1][1]
    for mutant in unexplained:
        say('survived without a reason: ' + describe(mutant))
    say(f'{len(explained)} survivors are explained in {REASONS.relative_to(ROOT)}, '
        f'{len(unexplained)} are not')
    enough = 100 * killed >= group.threshold * total
    if not enough:
        say(f'{group.name}: fewer than {group.threshold} percent are killed')
    return enough and not unexplained


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--file', help='only files whose path contains this')
    parser.add_argument('--group', choices=[g.name for g in GROUPS], help='only this group')
    parser.add_argument('--every', type=int, default=1, help='one mutant in so many (1: all)')
    parser.add_argument('--seed', type=int, default=1, help='which ones, with --every')
    parser.add_argument('--only', metavar='ID', help='one mutant')
    parser.add_argument('--list', action='store_true', help='print the mutants and judge none')
    parser.add_argument('--show', action='store_true',
                        help='print the mutated source (with --only)')
    parser.add_argument('--resume', action='store_true',
                        help='keep what an earlier pass killed, try the others')
    parser.add_argument('--quick', type=float, default=float('inf'), metavar='SECONDS',
                        help='only with tests that take no longer: for a first look')
    parser.add_argument('--jobs', type=int, default=2)
    return parser.parse_args()


def main():
    args = arguments()
    groups = [g for g in GROUPS if args.group in (None, g.name)]
    by_group = collections.defaultdict(list)
    for group, mutant in chosen(args, groups):
        by_group[group].append(mutant)
    if not by_group:
        sys.exit('no mutant')
    if args.list or args.show:
        for mutants in by_group.values():
            for mutant in mutants:
                say(mutant.source if args.show else describe(mutant))
        return
    reasons = read_reasons()
    begin = time.monotonic()
    tests = build_tests(list(by_group))
    good = True
    for group, mutants in by_group.items():
        results = judge_all(group, mutants, tests[group.name], args)
        good &= report(group, mutants, results, reasons)
        if args.every == 1 and not args.only and args.quick == float('inf'):
            tell_stale(mutants, results, reasons)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = usage.ru_utime + usage.ru_stime
    say(f'{time.monotonic() - begin:.0f} seconds, {cpu:.0f} of CPU time')
    sys.exit(not good)


if __name__ == '__main__':
    main()
