"""daemon - leaving the terminal, and the pid file.

    secure()                        umask 077, no core dumps: any process
    detach(fds)                     go on as a daemon; only these descriptors stay open
    pid_file_complaint(path)        why it cannot be written, or None; before detaching
    with pid_file(path): ...        there while the parent lives

A pid file that names no living process was left by a parent that was killed, and
is replaced.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import Iterable, Iterator, Optional

import lockfile
from daemon import DaemonContext
from daemon.daemon import prevent_core_dump
from daemon.pidfile import TimeoutPIDLockFile

UMASK = 0o077


def secure() -> None:
    """No file that others may read, no core that holds a password."""
    os.umask(UMASK)
    prevent_core_dump()


def detach(fds: Iterable[int]) -> None:
    """Leave the terminal.  Returns in the daemon; the process that was called has ended with 0."""
    DaemonContext(
        working_directory="/",
        umask=UMASK,
        detach_process=True,
        files_preserve=list(fds),
        signal_map={},
    ).open()


def pid_file_complaint(path: str) -> Optional[str]:
    pid = TimeoutPIDLockFile(path).read_pid()
    if pid is not None and _lives(pid):
        return f"the process {pid}, to which this file belongs, is running"
    folder = os.path.dirname(path)
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"no file can be made in {folder}"
    return None


@contextmanager
def pid_file(path: str) -> Iterator[None]:
    """OSError if it cannot be written."""
    file = TimeoutPIDLockFile(path, acquire_timeout=0)
    if not _lives(file.read_pid()):
        file.break_lock()
    try:
        file.acquire()
    except lockfile.LockError as error:
        raise OSError(str(error)) from error
    try:
        yield
    finally:
        with suppress(OSError):
            if file.i_am_locking():
                file.release()


def _lives(pid: Optional[int]) -> bool:
    if pid is None or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
