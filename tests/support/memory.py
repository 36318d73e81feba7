"""memory - the memory that a process comes to have while something happens.

    with Watch(pid) as watch: ...
    watch.growth, watch.most            octets that no file stands behind: RssAnon of proc(5)
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Self

MIB = 1 << 20
PAUSE = 0.005  # seconds


def anonymous(pid: int) -> int:
    """Octets of memory that no file stands behind; 0 of a process that is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"RssAnon:\s+(\d+) kB", text)
    return int(found[1]) * 1024 if found else 0


class Watch:
    """The most that a process comes to have."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._over = threading.Event()
        self.before = self.most = anonymous(pid)
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._over.wait(PAUSE):
            self._look()

    def _look(self) -> None:
        self.most = max(self.most, anonymous(self.pid))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    @property
    def growth(self) -> int:
        return self.most - self.before
