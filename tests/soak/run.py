"""run - one soak: everybody at work at once, reloads and a killed child on the way.

    outcome = run(folder, clamd, spamd, seconds=75)
    print(outcome.table)
    outcome.faults              what is not as it should be, in words; none is what is wanted

Times are parts of the whole run.  Before WARM nothing is judged, nor is a process in the first
YOUNG of its own life: until it has done everything once it grows.
"""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence

import psutil

from tests.support.engines import Clamd, Spamd
from tests.support.outcomes import DIED
from tests.support.waiting import wait_until

from .broken import BROKEN
from .honest import HONEST
from .judge import Row
from .report import table
from .samples import Sample, Sampler
from .work import Work
from .world import READER, World

RELOADS = (0.1, 0.2, 0.6)
KILL = 0.3
WARM = 0.25
YOUNG = 0.1
EVERY = 1 / 60  # of the run, between two samples; but no more than
SELDOM = 5.0  # seconds

KIB = 1024
LONG = 600  # seconds: a run that is shorter is over before everything is warm, and ...
WARMING = 4 * KIB  # ... an idle child may rise by so much more
IDLE = "memory of an idle child"
# How much the fitted line may rise in all the time that is judged, however long that is.  Of sums
# it is what chance may do: sessions come and go.
ROWS = (
    # name, kinds of processes, what of them, unit, bound
    ("memory of the parent", ("parent",), "memory", "KiB", 1 * KIB),
    (IDLE, ("idle",), "memory", "KiB", 2 * KIB),
    ("memory of a child in a session", ("busy",), "memory", "KiB", 8 * KIB),
    ("memory of a helper", ("helper",), "memory", "KiB", 1 * KIB),
    ("descriptors of the parent", ("parent",), "descriptors", "", 4),
    ("descriptors of an idle child", ("idle",), "descriptors", "", 0.5),
    ("descriptors of a child in a session", ("busy",), "descriptors", "", 2),
    ("threads of a process", ("parent", "idle", "busy", "helper"), "threads", "", 0.1),
)
SUMS = (
    # name, kinds, what is summed up, bound
    ("children", ("idle", "busy"), None, 12),
    ("open files of the mail pool", ("idle", "busy"), "pooled", 12),
)


@dataclass(frozen=True)
class Outcome:
    """See the file's head."""

    table: str
    faults: Sequence[str]


def run(folder: Path, clamd: Clamd, spamd: Spamd, seconds: float) -> Outcome:
    with World(folder, clamd, spamd) as world:
        work = Work(seconds)
        every = min(SELDOM, seconds * EVERY)
        with Sampler(world.proxy.pid, world.pool, world.verdicts, every) as sampler:
            threads = list(_at_work(world, work))
            _disturb(world, work, seconds)
            for thread in threads:
                thread.join()
        faults = [*work.failures, *_left_over(world, sampler)]
        rows = list(judged(sampler.samples, seconds))
        status = world.proxy.stop()
        faults += [f"{row.name} rose by {row.rise:.1f}" for row in rows if not row.flat]
        faults += list(_of_log(world.proxy.log_file))
        if status != 0:
            faults.append(f"the exit status was {status}")
        log = world.proxy.log_file
    return Outcome(table(seconds, rows, work, log), faults)


def _at_work(world: World, work: Work) -> Iterator[threading.Thread]:
    for manner, count, pause in (*HONEST, *BROKEN):
        for number in range(count):
            name = manner.__name__ + (f" {number + 1}" if count > 1 else "")
            thread = threading.Thread(target=work.repeat, args=(name, manner, world, pause))
            thread.start()
            yield thread


def _disturb(world: World, work: Work, seconds: float) -> None:
    """Reload and kill at their times."""
    begin = work.end - seconds
    for part, disturb in sorted([(KILL, _kill), *((part, _reload) for part in RELOADS)]):
        time.sleep(max(0.0, begin + part * seconds - time.monotonic()))
        disturb(world)


def _reload(world: World) -> None:
    os.kill(world.proxy.pid, signal.SIGHUP)


def _kill(world: World) -> None:
    """The child that serves a session of ours; nobody else's is lost."""
    with world.entrances["plain"].login(READER) as victim:
        port = victim.socket.getsockname()[1]
        [child] = (
            process
            for process in psutil.Process(world.proxy.pid).children(recursive=True)
            if any(it.raddr and it.raddr.port == port for it in process.net_connections("tcp"))
        )
        child.kill()
        assert victim.rest() == b""


def judged(samples: Sequence[Sample], seconds: float) -> Iterator[Row]:
    warm = [it for it in samples if it.at >= max(WARM * seconds, it.born + YOUNG * seconds)]
    for name, kinds, what, unit, bound in ROWS:
        series: dict[int, list[tuple[float, float]]] = {}
        for sample in warm:
            if sample.kind in kinds:
                series.setdefault(sample.pid, []).append((sample.at, getattr(sample, what)))
        warming = WARMING if name == IDLE and seconds < LONG else 0
        yield Row(name, unit, list(series.values()), bound + warming)
    for name, kinds, summed, bound in SUMS:
        sums: dict[float, float] = {}
        for sample in samples:
            if sample.at >= WARM * seconds:
                more = getattr(sample, summed) if summed else 1
                sums[sample.at] = sums.get(sample.at, 0) + (more if sample.kind in kinds else 0)
        yield Row(name, "", [list(sums.items())], bound)


def _left_over(world: World, sampler: Sampler) -> Iterator[str]:
    """What there still is when the last client has gone."""
    try:
        wait_until(lambda: all(it.kind != "busy" for it in sampler.now()), "the last session")
    except AssertionError:
        yield "a child still has a session"
    last = sampler.now()
    if pooled := sum(it.pooled for it in last):
        yield f"{pooled} files of the mail pool are open"
    if names := [path.name for path in world.pool.iterdir()]:
        yield f"in the mail pool there are {names}"


def _of_log(path: Path) -> Iterator[str]:
    """Deaths and faults of the program: only the one child that was killed has died."""
    deaths = re.compile(rf"{'|'.join(DIED)}|Traceback")
    with path.open(errors="backslashreplace") as log:
        lines = [line.rstrip() for line in log if deaths.search(line)]
    killed = [line for line in lines if "TCPS-640" in line and 'BY="signal 9"' in line]
    if len(killed) != 1:
        yield f"{len(killed)} children were killed"
    yield from (line for line in lines if line not in killed)
