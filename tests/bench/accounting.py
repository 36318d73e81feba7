"""accounting - what a target has cost: CPU seconds and memory of all its processes.

    before = cpu_seconds(pid); ...; spent = cpu_seconds(pid) - before

A tree of processes counts as one: those that live, and those that its members
have waited for.  Linux only: schedstat counts in nanoseconds, where the times in
stat are ticks of 10 ms, too coarse for many children that did little each.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import psutil

_NANOSECONDS = 1e9
_TICKS = os.sysconf("SC_CLK_TCK")
_CUTIME, _CSTIME = 13, 14  # fields of stat behind the command's name; proc(5)


def processes(pid: int) -> list[int]:
    """`pid` and all its descendants."""
    parent = psutil.Process(pid)
    return [pid, *(child.pid for child in parent.children(recursive=True))]


def cpu_seconds(pid: int) -> float:
    """CPU time, user and system, of the tree of `pid`."""
    return sum(map(_cpu_seconds, processes(pid)))


def memory(pid: int) -> int:
    """Octets of the tree of `pid`; of a page that n processes share each has an n-th (PSS)."""
    return sum(map(_memory, processes(pid)))


def private(pid: int) -> int:
    """Octets that this process alone has written: Private_Dirty, proc_pid_smaps(5)."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"^Private_Dirty:\s+([0-9]+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _cpu_seconds(pid: int) -> float:
    folder = Path("/proc", str(pid))
    try:
        tasks = [task / "schedstat" for task in (folder / "task").iterdir()]
        own = sum(int(task.read_text().split()[0]) for task in tasks)
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it ended meanwhile: now it is among those waited for
    return own / _NANOSECONDS + (int(fields[_CUTIME]) + int(fields[_CSTIME])) / _TICKS


def _memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_full_info().pss)
    except psutil.Error:
        return 0
