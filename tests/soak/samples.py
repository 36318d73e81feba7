"""samples - what the processes of a program have, every few seconds.

    with Sampler(pid, pool, lasting="/tmp/x/verdicts", every=2.0) as sampler: ...
    sampler.samples                 [Sample(at=12.3, pid=4711, kind="idle", memory=..., ...), ...]

Kinds: `parent`; `idle` and `busy` children, by their titles; `helper`.  Memory is RssAnon of
proc(5): what no file stands behind.  Files of the mail pool have no name; they are seen as open
descriptors.  Not counted are those of files that begin with `lasting`: what a process opens once,
when it first needs it, and keeps.  A process that goes meanwhile, or is of another kind behind the
look at it, is left out.
"""

from __future__ import annotations

import os
import re
import threading
import time
from pathlib import Path
from typing import Iterator, NamedTuple, Self

import psutil

from tests.support.daemons import below, title


class Sample(NamedTuple):
    """One process at one time; `born` is when it was seen first, both in seconds of the run."""

    at: float
    pid: int
    born: float
    kind: str
    memory: int
    descriptors: int
    pooled: int
    threads: int


class Sampler:
    """See the file's head."""

    def __init__(self, pid: int, pool: Path, lasting: Path, every: float) -> None:
        self._pid = pid
        self._pool = str(pool)
        self._lasting = str(lasting)
        self._every = every
        self._begin = time.monotonic()
        self._born: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.samples: list[Sample] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begin

    def _run(self) -> None:
        while not self._over.wait(self._every):
            self.samples += self.now()

    def now(self) -> list[Sample]:
        """All processes, as they are."""
        return list(self._now())

    def _now(self) -> Iterator[Sample]:
        at = self.seconds
        kinds = {it: kind(title(it)) for it in below(self._pid)}
        parent = psutil.Process(self._pid)
        for process, what in [(parent, "parent"), *kinds.items()]:
            pid = process.pid
            try:
                status = Path(f"/proc/{pid}/status").read_text()
                links = [os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()]
            except OSError:
                continue
            if not (memory := _number("RssAnon", status)):
                continue  # it is about to go
            if what != "parent" and kind(title(process)) != what:
                continue  # a session has begun or ended meanwhile
            links = [link for link in links if not link.startswith(self._lasting)]
            pooled = sum(link.startswith(self._pool) and "(deleted)" in link for link in links)
            born = self._born.setdefault(pid, at)
            threads = _number("Threads", status)
            yield Sample(at, pid, born, what, memory, len(links), pooled, threads)


def kind(words: str) -> str:
    """By what ps(1) shows of a process."""
    if ": child: idle" in words:
        return "idle"
    return "busy" if ": child: " in words else "helper"


def _number(key: str, status: str) -> int:
    found = re.search(rf"^{key}:\s+(\d+)", status, re.M)
    return int(found[1]) if found else 0
