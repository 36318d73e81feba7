"""process - whose child is a process?

    parent_of(pid)      its parent's pid, None if there is no such process

Linux tells in /proc; elsewhere ps(1) does, which POSIX has everywhere.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Optional

_PROC = Path("/proc/self/stat")


def parent_of(pid: int) -> Optional[int]:
    text = _from_proc(pid) if _PROC.exists() else _from_ps(pid)
    return int(text) if text.isdigit() else None


def _from_proc(pid: int) -> str:
    """The fourth word of proc_pid_stat(5); the second one, a name in brackets, may hold blanks."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[1]


def _from_ps(pid: int) -> str:
    command = ["ps", "-o", "ppid=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()
