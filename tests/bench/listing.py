"""listing - what it costs to list a large mailbox: python -m tests.bench.listing

    [--targets imap4-proxy,scanned,nginx,dovecot] [--mails 10000] [--size 2000] [--rounds 5]
    [--passes 3] [--json FILE]

One client has a mailbox selected and asks for the same data of all its mails, `rounds` times in
a row; then for other data.  Dovecot without a proxy is measured in each pass as well: the ratios
are to it.  What the rows and columns mean stands in README.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, astuple, dataclass
from itertools import product
from pathlib import Path

from .accounting import cpu_seconds
from .client import Client
from .rig import SCANNING, TARGETS, Sizes, Target, rig
from .tables import aligned, cell, machine, ratios, some_of

LISTINGS = {
    "flags": b"FETCH 1:* (FLAGS)",
    "UIDs, flags": b"FETCH 1:* (UID FLAGS)",
    "envelopes": b"FETCH 1:* (UID FLAGS ENVELOPE)",
    "fields": b"FETCH 1:* (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)])",
}
DIRECT = "direct"
_REST = 0.2  # seconds for what a target does behind its last answer


@dataclass(frozen=True)
class Sample:
    """One listing by one target in one pass: seconds, each the mean of the rounds; and octets."""

    seconds: float
    cpu: float
    octets: float


COLUMNS = (("ms", 1e3, 1), ("CPU ms", 1e3, 1), ("MB", 1e-6, 2))  # as the fields of Sample
Samples = dict[tuple[str, str], list[Sample]]  # by listing and target, in the order of the passes


def measure(target: Target, words: bytes, rounds: int) -> Sample:
    """One session; what it does but for the listing is not counted."""
    with Client(target.port) as client:
        client.command(b"SELECT INBOX")
        octets = client.command(words)
        time.sleep(_REST)
        spent = cpu_seconds(target.pid)
        took = [_timed(client, words) for _ in range(rounds)]
        time.sleep(_REST)
        spent = cpu_seconds(target.pid) - spent
    return Sample(statistics.median(took), spent / rounds, octets)


def _timed(client: Client, words: bytes) -> float:
    start = time.perf_counter()
    client.command(words)
    return time.perf_counter() - start


def run(options: argparse.Namespace) -> Samples:
    samples: Samples = {}
    with ExitStack() as stack:
        peers = stack.enter_context(rig(Sizes(options.mails, options.size, 2, 0)))
        names = [*(name for name in options.targets if name != DIRECT), DIRECT]
        targets = [stack.enter_context(peers.target(name)) for name in names]
        with Client(targets[-1].port) as client:  # fills the server's caches
            for command in (b"SELECT INBOX", *LISTINGS.values()):
                client.command(command)
        for number, words in product(range(options.passes), LISTINGS):
            print(f"pass {number + 1}: {words}", file=sys.stderr)
            for target in targets:
                found = measure(target, LISTINGS[words], options.rounds)
                samples.setdefault((words, target.name), []).append(found)
    return samples


def table(samples: Samples) -> str:
    """A line for each listing and target, with the ratios to the server itself."""
    head = ["listing", "target", *(heading for heading, _, _ in COLUMNS)]
    lines = [[*head, f"time / {DIRECT}", f"CPU / {DIRECT}"]]
    for (words, target), found in samples.items():
        rows = list(zip(*map(astuple, found)))
        direct = list(zip(*map(astuple, samples[words, DIRECT])))
        shown = [
            cell([value * factor for value in row], digits)
            for row, (_, factor, digits) in zip(rows, COLUMNS)
        ]
        to_direct = [cell(ratios(rows[index], direct[index]), 2) for index in (0, 1)]
        lines.append([words, target, *shown, *("" if target == DIRECT else it for it in to_direct)])
    return aligned(lines)


def _write(path: Path, options: argparse.Namespace, samples: Samples) -> None:
    found = [
        {"listing": words, "target": target, "pass": number, **asdict(sample)}
        for (words, target), passes in samples.items()
        for number, sample in enumerate(passes, 1)
    ]
    parameters = {name: value for name, value in vars(options).items() if name != "json"}
    path.write_text(json.dumps({"parameters": parameters, "samples": found}, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.listing")
    default = [TARGETS[0], SCANNING[0], *TARGETS[1:3]]
    parser.add_argument("--targets", type=some_of((*TARGETS, *SCANNING)), default=default)
    parser.add_argument("--mails", type=int, default=10_000, help="in the mailbox (10000)")
    parser.add_argument("--size", type=int, default=2000, help="octets of a mail (2000)")
    parser.add_argument("--rounds", type=int, default=5, help="listings in a row (5)")
    parser.add_argument("--passes", type=int, default=3, help="over all targets (3)")
    parser.add_argument("--json", type=Path, help="write every sample to this file")
    options = parser.parse_args()
    print(machine())
    samples = run(options)
    print(table(samples))
    if options.json is not None:
        _write(options.json, options, samples)


if __name__ == "__main__":
    main()
