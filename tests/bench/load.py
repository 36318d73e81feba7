"""load - what is measured of one target in one pass.

    sample = measure(target, fresh, Load(...), tls=None)

Each load is of the kind that a mail program makes: whole mails, short sessions,
the keep-alive of an open session, and sessions that only stay open.  The memory
of these needs a target of its own, that has not worked yet: what a process has
once allocated it keeps.
"""

from __future__ import annotations

import math
import ssl
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Callable, TypeVar

from tests.support.daemons import below, title

from . import accounting
from .accounting import cpu_seconds
from .client import Client
from .rig import Target

_REST = 0.3  # seconds for what a target does behind its last answer
_SHOWN = 1.5  # seconds until a child's title tells of its session
_CHILD, _IDLE = ": child: ", ": child: idle"
_GIGA = 1e9
FETCH = b"FETCH 1:* (UID FLAGS BODY.PEEK[])"

R = TypeVar("R")


@dataclass(frozen=True)
class Load:
    """`connections` work at once; each fetches the mailbox `rounds` times."""

    connections: int
    rounds: int
    sessions: int
    noops: int
    idle: int


@dataclass(frozen=True)
class Sample:
    """One pass over one target; seconds, octets."""

    cpu_per_gigabyte: float
    fetched_per_second: float
    sessions_per_second: float
    cpu_per_session: float
    noop: float
    memory_per_idle_session: float
    private_of_a_child: float  # NaN where a process does not serve one session alone
    start_up: float


@dataclass(frozen=True)
class Memory:
    """What open sessions take, in octets; see Sample."""

    per_session: float
    of_a_child: float


def measure(target: Target, fresh: Target, load: Load, tls: ssl.SSLContext | None) -> Sample:
    """Put every load on `target`, and open sessions on `fresh`; by TLS if there is a context."""
    connect = _connector(target, tls)
    cpu_fetch, (octets, fetching) = _with_cpu(target, lambda: fetch(connect, load))
    cpu_sessions, working = _with_cpu(target, lambda: sessions(connect, load))
    memory = idle(_connector(fresh, tls), fresh, load.idle)
    return Sample(
        cpu_per_gigabyte=cpu_fetch / (octets / _GIGA),
        fetched_per_second=octets / fetching,
        sessions_per_second=load.sessions / working,
        cpu_per_session=cpu_sessions / load.sessions,
        noop=round_trip(connect, load.noops),
        memory_per_idle_session=memory.per_session,
        private_of_a_child=memory.of_a_child,
        start_up=fresh.start_up,
    )


def _connector(target: Target, tls: ssl.SSLContext | None) -> Callable[[], Client]:
    port = target.port if tls is None else target.tls_port
    return lambda: Client(port, tls)


def fetch(connect: Callable[[], Client], load: Load) -> tuple[int, float]:
    """Octets fetched, and the seconds that it took."""

    def work(_: int) -> int:
        with connect() as client:
            client.command(b"SELECT INBOX")
            return sum(client.command(FETCH) for _ in range(load.rounds))

    counts, seconds = _at_once(load.connections, load.connections, work)
    return sum(counts), seconds


def sessions(connect: Callable[[], Client], load: Load) -> float:
    """The seconds that `load.sessions` take, from connecting to LOGOUT."""

    def work(_: int) -> int:
        with connect():
            return 0

    return _at_once(load.connections, load.sessions, work)[1]


def round_trip(connect: Callable[[], Client], count: int) -> float:
    """Seconds from a NOOP to its answer; the median of `count`."""
    with connect() as client:
        client.command(b"SELECT INBOX")
        return statistics.median(_seconds(client, b"NOOP") for _ in range(count))


def idle(connect: Callable[[], Client], target: Target, count: int) -> Memory:
    """By how much the memory of `target` is larger for each of `count` open sessions."""
    with connect():
        pass  # loads what is loaded late
    time.sleep(_REST)
    before = accounting.memory(target.pid)
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(connect()).command(b"SELECT INBOX")
        time.sleep(_SHOWN)
        per_session = (accounting.memory(target.pid) - before) / count
        return Memory(per_session, private_of_a_child(target))


def private_of_a_child(target: Target) -> float:
    """The median of the children of this proxy that have a session, as their titles tell."""
    titles = {child.pid: title(child) for child in below(target.pid)}
    busy = [pid for pid, words in titles.items() if _CHILD in words and _IDLE not in words]
    return statistics.median(map(accounting.private, busy)) if busy else math.nan


def _seconds(client: Client, words: bytes) -> float:
    start = time.perf_counter()
    client.command(words)
    return time.perf_counter() - start


def _with_cpu(target: Target, work: Callable[[], R]) -> tuple[float, R]:
    """The CPU seconds that `target` spent on `work`, and what came of it."""
    before = cpu_seconds(target.pid)
    result = work()
    time.sleep(_REST)
    return cpu_seconds(target.pid) - before, result


def _at_once(workers: int, count: int, work: Callable[[int], int]) -> tuple[list[int], float]:
    """Do `work` `count` times, in `workers` threads; the results, and the seconds for all."""
    with ThreadPoolExecutor(workers) as pool:
        start = time.perf_counter()
        results = list(pool.map(work, range(count)))
        return results, time.perf_counter() - start
