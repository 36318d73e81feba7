"""growth - what the cost does as the work grows: python -m tests.bench.growth

    [--targets imap4-proxy,nginx,dovecot,direct] [--sessions 10,100,1000]
    [--sizes 1000,100000,10000000] [--passes 2] [--seconds 240] [--json FILE] [--plot FILE]
    [--from FILE --plot FILE]

So many sessions are open at a time: what opening and closing one costs, the memory that it takes,
a round trip of one among them, and what it costs that all of them fetch mails at once.  Then a few
sessions that fetch mails of 1 KB, 100 KB and 10 MB.  `--from` draws what an earlier run has found.
What the columns mean stands in README.md.  A thousand sessions take some 8 GiB of memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import selectors
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Iterable, Sequence, cast

from . import growth_plot
from .accounting import cpu_seconds, memory
from .client import Client
from .load import round_trip
from .rig import TARGETS, Sizes, Target, rig
from .tables import aligned, cell, machine, some_of

_MAILS_AT_ONCE = 100_000  # octets of a mail that many sessions fetch
_VOLUME = 200_000_000  # octets that all sessions fetch together, if each gets one mail at least
_SMALL_VOLUME = 20_000_000  # ... where mails are of 1 KB
_MAILBOX = 20_000_000  # octets of a mailbox, if it holds no more than ...
_MOST_MAILS, _FEWEST_MAILS = 2000, 4
_FETCHERS = 4  # sessions that fetch mails of one size
_NOOPS = 200
_READ = 1 << 16  # octets that each of many clients reads at once
_REST = 0.3  # seconds for what a target does behind its last answer
_SETTLING, _SILENCE = 1.5, 3.0  # seconds until children have shown their titles; of silence
_SPARE = 200  # files that this process has open besides its sessions'


@dataclass(frozen=True)
class Sample:
    """Seconds and octets; None: not measured where only the size of mails grows."""

    cpu_per_gigabyte: float
    cpu_per_session: float | None = None
    noop: float | None = None
    memory_per_session: float | None = None
    cpu_idle: float | None = None


COLUMNS = (  # as the fields of Sample: heading, factor, digits
    ("CPU s/GB", 1, 2),
    ("CPU ms/session", 1e3, 2),
    ("NOOP us", 1e6, 0),
    ("KiB/idle session", 1 / 1024, 0),
    ("idle CPU ms/s", 1e3, 1),
)
SESSIONS, SIZE = "sessions", "octets"  # what grows
Samples = dict[tuple[str, int, str], list[Sample]]  # by that, how much, and target


# --- one target ----------------------------------------------------------------------------


def many(target: Target, count: int) -> Sample:
    """`count` sessions that are open at once, on a target that has not worked yet."""
    with Client(target.port) as client:
        client.command(b"SELECT INBOX")  # loads what is loaded late
    time.sleep(_REST)
    memory_before, before = memory(target.pid), cpu_seconds(target.pid)
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(target.port, most=_READ)) for _ in range(count)]
        together(clients, b"SELECT INBOX")
        time.sleep(_REST)
        taken = (memory(target.pid) - memory_before) / count
        opened = cpu_seconds(target.pid) - before
        quiet = _idling(target)
        noop = round_trip(lambda: Client(target.port), _NOOPS)
        fetched = _cost(target, clients, max(1, _VOLUME // _MAILS_AT_ONCE // count))
        before = cpu_seconds(target.pid)
    time.sleep(_REST)
    spent = opened + cpu_seconds(target.pid) - before
    return Sample(fetched, spent / count, noop, taken, quiet)


def few(target: Target, mails: int, rounds: int) -> Sample:
    """Some sessions fetch the whole mailbox, again and again."""
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(target.port)) for _ in range(_FETCHERS)]
        together(clients, b"SELECT INBOX")
        together(clients[:1], _fetch(mails))  # fills the server's caches
        before, octets = cpu_seconds(target.pid), 0
        for _ in range(rounds):
            octets += together(clients, _fetch(mails))
        time.sleep(_REST)
        return Sample((cpu_seconds(target.pid) - before) / (octets / 1e9))


def _cost(target: Target, clients: Sequence[Client], mails: int) -> float:
    """CPU seconds for 10^9 octets, where each client fetches so many mails."""
    before = cpu_seconds(target.pid)
    octets = together(clients, _fetch(mails))
    time.sleep(_REST)
    return (cpu_seconds(target.pid) - before) / (octets / 1e9)


def _idling(target: Target) -> float:
    """CPU seconds in a second in which nobody says a word."""
    time.sleep(_SETTLING)
    before, start = cpu_seconds(target.pid), time.perf_counter()
    time.sleep(_SILENCE)
    return (cpu_seconds(target.pid) - before) / (time.perf_counter() - start)


def _fetch(mails: int) -> bytes:
    return b"FETCH 1:%d (UID FLAGS BODY.PEEK[])" % mails


def together(clients: Iterable[Client], words: bytes) -> int:
    """All give the command, then all read their answers as they come; octets of all answers."""
    total = 0
    with selectors.DefaultSelector() as selector:
        for client in clients:
            client.begin(words)
            selector.register(client, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                client = cast(Client, key.fileobj)
                count, ended = client.step()
                total += count
                if ended:
                    selector.unregister(client)
    return total


# --- all targets ---------------------------------------------------------------------------


def by_sessions(options: argparse.Namespace, samples: Samples) -> None:
    mails = max(1, _VOLUME // _MAILS_AT_ONCE // min(options.sessions))
    for count in options.sessions:
        with rig(Sizes(min(mails, _MOST_MAILS), _MAILS_AT_ONCE, _FETCHERS, count)) as peers:
            for name in options.targets:
                _tell(f"{count} sessions: {name}")
                with peers.target(name) as target:
                    _add(samples, (SESSIONS, count, name), many(target, count))


def by_size(options: argparse.Namespace, samples: Samples) -> None:
    for size in options.sizes:
        mails = max(_FEWEST_MAILS, min(_MOST_MAILS, _MAILBOX // size))
        volume = min(_VOLUME, max(_SMALL_VOLUME, size * mails * _FETCHERS))
        rounds = max(1, volume // (size * mails * _FETCHERS))
        with rig(Sizes(mails, size, _FETCHERS, 0)) as peers, ExitStack() as stack:
            targets = [stack.enter_context(peers.target(name)) for name in options.targets]
            for target in targets:
                _tell(f"{size} octets: {target.name}")
                _add(samples, (SIZE, size, target.name), few(target, mails, rounds))


def _passes(options: argparse.Namespace, samples: Samples) -> None:
    end = time.monotonic() + options.seconds
    for number in range(options.passes):
        if number and time.monotonic() > end:
            break
        by_sessions(options, samples)
        by_size(options, samples)


def _tell(what: str) -> None:
    print(what, file=sys.stderr)


def _add(samples: Samples, key: tuple[str, int, str], sample: Sample) -> None:
    samples.setdefault(key, []).append(sample)


# --- what came of it -----------------------------------------------------------------------


def table(samples: Samples) -> str:
    lines = [["what", "", "target", *(heading for heading, _, _ in COLUMNS)]]
    for (what, number, target), passes in samples.items():
        cells = [
            cell(values(passes, field.name, factor), digits)
            for field, (_, factor, digits) in zip(fields(Sample), COLUMNS)
        ]
        lines.append([what, str(number), target, *cells])
    return aligned(lines)


def values(passes: Iterable[Sample], field: str, factor: float) -> list[float]:
    found = [getattr(sample, field) for sample in passes]
    return [value * factor for value in found if value is not None]


def curves(samples: Samples, what: str, column: int) -> growth_plot.Curves:
    """By target: how much there was of `what`, and the medians of that column."""
    field, factor = fields(Sample)[column].name, COLUMNS[column][1]
    found: growth_plot.Curves = {}
    for (grows, number, target), passes in samples.items():
        if grows == what:
            median = statistics.median(values(passes, field, factor))
            found.setdefault(target, []).append((number, median))
    return found


def draw(samples: Samples, path: Path) -> None:
    panels = [
        (heading, "sessions open at once", curves(samples, SESSIONS, column))
        for column, (heading, _, _) in enumerate(COLUMNS)
    ]
    panels.append((COLUMNS[0][0], "octets of a mail", curves(samples, SIZE, 0)))
    growth_plot.draw([panel for panel in panels if panel[2]], path)


def document(samples: Samples) -> list[dict[str, Any]]:
    return [
        {"what": what, "number": number, "target": target, **asdict(sample)}
        for (what, number, target), passes in samples.items()
        for sample in passes
    ]


def read(path: Path) -> Samples:
    """What `document` made."""
    samples: Samples = {}
    for row in json.loads(path.read_text()):
        key = (row.pop("what"), row.pop("number"), row.pop("target"))
        _add(samples, key, Sample(**row))
    return samples


def main() -> None:
    options = _options()
    samples: Samples = {}
    if options.source is not None:
        samples = read(options.source)
    else:
        files = max([_FETCHERS, *options.sessions]) + _SPARE
        print(machine())
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(files, 4096)), hard))
        _passes(options, samples)
    print(table(samples))
    if options.json is not None:
        options.json.write_text(json.dumps(document(samples), indent=1) + "\n")
    if options.plot is not None:
        draw(samples, options.plot)


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth")
    parser.add_argument("--targets", type=some_of(TARGETS), default=list(TARGETS))
    parser.add_argument("--sessions", type=_numbers, default=[10, 100, 1000])
    parser.add_argument("--sizes", type=_numbers, default=[1000, 100_000, 10_000_000])
    parser.add_argument("--passes", type=int, default=2, help="over all targets (2)")
    parser.add_argument("--seconds", type=float, default=240, help="no pass begins later (240)")
    parser.add_argument("--json", type=Path, help="write every sample to this file")
    parser.add_argument("--plot", type=Path, help="draw them; the suffix says how: svg, png")
    parser.add_argument("--from", type=Path, dest="source", help="read this file, do not measure")
    return parser.parse_args()


if __name__ == "__main__":
    main()
