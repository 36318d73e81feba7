"""python -m tests.fuzz [NAME ...] [--seconds N] [--runs N]    targets under atheris, one by one

For each, by default for all of them: executions, octet sequences that reached something new,
coverage (edges of our code), the faults, and whether the work stayed linear with pieces of what
was found repeated.  What was found is kept in --folder, from where another run goes on.  Ends with
1 where there was a fault.
"""

from __future__ import annotations

import re
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from random import Random
from time import monotonic
from typing import Iterator, List, NamedTuple

from .growth import Unit, steep
from .targets import TARGETS

UNITS = 60  # pieces of what was found that are repeated
_EXECUTED = re.compile(r"stat::number_of_executed_units: (\d+)")
_COVERAGE = re.compile(r"cov: (\d+)")
_FAULT = re.compile(r"^(?:FAULT (.*)|==\d+== ?(ERROR.*))$", re.MULTILINE)


class Outcome(NamedTuple):
    executions: int
    seconds: float
    corpus: int
    coverage: int
    faults: List[str]


def guided(name: str, options: Namespace) -> Outcome:
    """One target in a process of its own."""
    corpus, faults = options.folder / name, options.folder / f"{name}.faults"
    for folder in (corpus, faults):
        folder.mkdir(parents=True, exist_ok=True)
    arguments = map(str, (name, corpus, faults, options.seconds, options.runs))
    begin = monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.guided", *arguments],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, errors="replace",
    )  # fmt: skip
    told = done.stderr
    found = ["".join(each) for each in _FAULT.findall(told)]
    if done.returncode and not found:
        found = [f"it ended with {done.returncode}: {told[-2000:]}"]
    found += [f"not linear: {unit}, {times:.1f} times" for unit, times in not_linear(name, corpus)]
    covered = [0, *map(int, _COVERAGE.findall(told))]
    executed = [0, *map(int, _EXECUTED.findall(told))]
    count = len(list(corpus.iterdir()))
    return Outcome(executed[-1], monotonic() - begin, count, covered[-1], found)


def not_linear(name: str, corpus: Path) -> Iterator[tuple[Unit, float]]:
    target = TARGETS[name]
    found = steep(target.work or target.check, _units(name, corpus), target.grown)
    if found is not None:
        yield found


def _units(name: str, corpus: Path) -> Iterator[Unit]:
    """Pieces of what was found, between what stands around them."""
    chance = Random(name)
    paths = sorted(corpus.iterdir())
    for _ in range(UNITS):
        octets = chance.choice(paths).read_bytes()
        start = chance.randrange(len(octets) + 1)
        end = min(len(octets), start + chance.choice((1, 2, 5, 20, 100)))
        yield Unit(octets[:start], octets[start:end] or b"x", octets[end:])


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.fuzz", description="Targets under atheris.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="of each target")
    parser.add_argument("--runs", type=int, default=-1, help="executions of each target")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    options = parser.parse_args()
    unknown = set(options.names) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    print(f"{'target':<16}{'executions':>12}{'seconds':>9}{'corpus':>8}{'coverage':>10}  faults")
    faults = 0
    for name in options.names or TARGETS:
        outcome = guided(name, options)
        faults += len(outcome.faults)
        numbers = f"{outcome.executions:>12}{outcome.seconds:>9.0f}{outcome.corpus:>8}"
        print(f"{name:<16}{numbers}{outcome.coverage:>10}  {len(outcome.faults)}", flush=True)
        for fault in outcome.faults:
            print(f"    {fault}", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
