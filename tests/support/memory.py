"""memory - what a process has of its own, and how much that grows.

    anonymous(pid)              octets that no file stands behind: RssAnon of proc(5)
    busy(pid)                   the children below it that have a session
    with Watch(child) as watch: ...
    watch.growth                the most that it came to have more than before, in octets
"""

from __future__ import annotations

import re
import threading
from pathlib import Path

from .daemons import below, title

MIB = 1 << 20


def anonymous(pid: int) -> int:
    found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0


def busy(pid: int) -> list[int]:
    titles = {it.pid: title(it) for it in below(pid)}
    return [pid for pid, words in titles.items() if ": child: " in words and "idle" not in words]


class Watch:
    """See the file's head."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._over = threading.Event()
        self.before = self.most = anonymous(pid)
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            self.most = max(self.most, anonymous(self.pid))

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def growth(self) -> int:
        return self.most - self.before
