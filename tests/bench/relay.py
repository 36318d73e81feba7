"""relay - what this proxy costs beside nginx mail and Dovecot as proxy, in one run.

    python -m tests.bench.relay [--targets imap4-proxy,nginx,dovecot] [--modes plain,tls]
                                [--mails N] [--size N] [--connections N] [--rounds N]
                                [--sessions N] [--noops N] [--idle N] [--passes N] [--json FILE]

All stand before the same Dovecot, which the run starts for itself, as it starts
the proxies.  A pass goes over every target in each mode, so that the machine's
moods meet them all; what each column means stands in README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from itertools import product
from pathlib import Path

from .client import Client, tls_context
from .load import FETCH, Load, measure
from .report import Results, document, table
from .rig import TARGETS, Sizes, rig
from .tables import machine, some_of

MODES = {"plain": None, "tls": tls_context()}


def main() -> None:
    options = _options()
    print(machine())
    sizes = Sizes(options.mails, options.size, options.connections, options.idle)
    load = Load(
        options.connections, options.rounds, options.sessions, options.noops, options.idle
    )
    results = Results({})
    with ExitStack() as stack:
        peers = stack.enter_context(rig(sizes))
        targets = [stack.enter_context(peers.target(name)) for name in options.targets]
        for target in targets:
            for mode in options.modes:
                _warm_up(target.port if mode == "plain" else target.tls_port, mode)
        for number, mode, target in product(range(options.passes), options.modes, targets):
            print(f"pass {number + 1}: {mode} {target.name}", file=sys.stderr)
            with peers.target(target.name) as fresh:
                results.add(mode, target.name, measure(target, fresh, load, MODES[mode]))
    print(table(results))
    if options.json is not None:
        _write(options.json, options, results)


def _warm_up(port: int, mode: str) -> None:
    """Fill the server's caches, and have each target load what it loads late."""
    with Client(port, MODES[mode]) as client:
        client.command(b"SELECT INBOX")
        client.command(FETCH)


def _write(path: Path, options: argparse.Namespace, results: Results) -> None:
    parameters = {name: value for name, value in vars(options).items() if name != "json"}
    text = json.dumps({"parameters": parameters, **document(results)}, indent=2)
    path.write_text(text + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.relay")
    parser.add_argument("--targets", type=some_of(TARGETS), default=list(TARGETS[:3]))
    parser.add_argument("--modes", type=some_of(tuple(MODES)), default=list(MODES))
    parser.add_argument("--mails", type=int, default=200, help="in the mailbox (200)")
    parser.add_argument("--size", type=int, default=100_000, help="octets of a mail (100000)")
    parser.add_argument("--connections", type=int, default=4, help="at work at once (4)")
    parser.add_argument("--rounds", type=int, default=3, help="fetches of the mailbox each (3)")
    parser.add_argument("--sessions", type=int, default=200, help="short sessions (200)")
    parser.add_argument("--noops", type=int, default=300, help="round trips (300)")
    parser.add_argument("--idle", type=int, default=100, help="sessions that only stay open (100)")
    parser.add_argument("--passes", type=int, default=3, help="over all targets (3)")
    parser.add_argument("--json", type=Path, help="write everything to this file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
