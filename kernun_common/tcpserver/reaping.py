"""reaping - children of this process that have ended, and what ended them."""

from __future__ import annotations

import os
from typing import Iterator, Tuple


def dead() -> Iterator[Tuple[int, int]]:
    """Pid and status (as wait gives it) of every child that has ended; each is told of once."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, status


def cause(code: int) -> str:
    """What ended it, for the log; `code` is an exit status, or minus a signal's number."""
    return f"signal {-code}" if code < 0 else f"exit status {code}"
