"""belongings - the descriptors and children of the test's own process.

    before = belongings()
    ...
    assert belongings() <= before       nothing is left behind

Something of an earlier test may go in between, whenever garbage is collected; only
what has come counts.
"""

from __future__ import annotations

import os
from contextlib import suppress

import psutil


def belongings() -> set[str]:
    found = {f"child {child.pid}" for child in psutil.Process().children()}
    for fd in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):  # the descriptor of the listing itself
            found.add(f"descriptor {fd}: {os.readlink(f'/proc/self/fd/{fd}')}")
    return found
