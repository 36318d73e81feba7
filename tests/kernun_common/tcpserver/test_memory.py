import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kernun_common.tcpserver.memory import Memory, whole_size

ROOT = Path(__file__).parents[3]
MIB = 1 << 20
MOST = 8 * MIB
AT_ONCE = 1 << 30  # more than what this process may still have of what it has freed


def bounded(most=MOST):
    memory = Memory(most)
    memory.bound()
    return memory


def grow(octets):
    """In small pieces, each of which the system would grant."""
    return [bytes(1000) for _ in range(octets // 1000)]


def slowly(octets):
    """So that the timer has its turn."""
    kept = []
    while len(kept) * 1000 < octets:
        kept.append(bytes(1000))
        sum(range(200))
    return kept


def fits():
    with bounded().sparing():
        slowly(MOST // 2)


def too_much():
    memory = bounded()
    for _ in range(3):  # and it goes on afterwards
        with pytest.raises(MemoryError):
            with memory.sparing():
                slowly(10 * MOST)
        with memory.sparing():
            slowly(MOST // 4)


def in_one_piece():
    bounded()
    bytes(MOST)
    with pytest.raises(MemoryError):
        bytes(AT_ONCE)


class Stubborn:
    """What is raised in its end is lost."""

    def __init__(self, done):
        self._done = done

    def __del__(self):
        slowly(MOST + MIB)
        self._done.append(True)


def lost_in_a_destructor():
    sys.unraisablehook = lambda lost: None
    memory = bounded()
    with pytest.raises(MemoryError):
        with memory.sparing():
            kept = slowly(MOST)
            Stubborn(kept)
            slowly(10 * MOST)


def outside():
    """The timer is for what asked for it; the reserve is there for others."""
    memory = bounded()
    with memory.sparing():
        pass
    assert len(slowly(MOST + MIB)) > 0
    assert resource.getrlimit(resource.RLIMIT_DATA)[1] != resource.RLIM_INFINITY


def any_amount():
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with bounded(0).sparing():
        grow(4 * MOST)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def lower_one():
    lower = 1 << 30
    resource.setrlimit(resource.RLIMIT_DATA, (lower, lower))
    bounded(8 << 30)
    assert resource.getrlimit(resource.RLIMIT_DATA) == (lower, lower)


def elsewhere():
    sys.platform = "freebsd14"
    with bounded().sparing():
        bytes(MOST // 2)
    with pytest.raises(MemoryError):
        bytes(AT_ONCE)


@pytest.mark.parametrize(
    "work",
    [
        fits,
        too_much,
        in_one_piece,
        lost_in_a_destructor,
        outside,
        any_amount,
        lower_one,
        elsewhere,
    ],
)
def test_memory(work):
    """In a new process: this one may have much left of what it has freed."""
    program = f"from {__name__} import {work.__name__}; {work.__name__}()"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0


def test_size():
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[0])
    assert abs(whole_size() - pages * os.sysconf("SC_PAGESIZE")) < 64 * MIB
