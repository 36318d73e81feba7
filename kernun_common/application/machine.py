"""machine - what a start would not find, or not be allowed, on this machine; test-imap4(8).

    errors = list(complaints(section))          ConfigurationErrors, each at its item's place

It looks, and makes nothing.  What it tells of permissions holds for the user who asks,
who had better be the one that starts the proxy.  Whether a port is free it does not ask:
the proxy that is running has it, and another configuration may be checked meanwhile.
See also: privileges.py, proxy.py, which meet the same at the start.
"""

from __future__ import annotations

import os
from typing import Iterator, Optional

from kernun_common.errors import ConfigurationError, Where
from kernun_common.inside import inside
from kernun_common.monitoring.publish import folder_complaint
from kernun_common.tcpserver.listen_on import device_complaints

from . import installed, privileges
from .privileges import Privileges
from .section import Application
from .subject import owner_of

Complaints = Iterator[ConfigurationError]


def complaints(section: Application) -> Complaints:
    """All that can be known before a start."""
    wrong = list(privileges.complaints(section))
    yield from wrong
    yield from _files(section)
    yield from device_complaints(section.listen_on)
    yield from installed.complaints(section)
    if not wrong:
        yield from _comm_dir(section, Privileges.of(section))


def _files(section: Application) -> Complaints:
    """The files that the parent makes."""
    for log in (section.log_debug, section.log_stats):
        if log.file is not None:
            yield from _of_path(log.place("file"), log.file, _log_complaint(log.file))
    path = section.pid_file
    if path is not None:
        yield from _of_path(section.place("pid_file"), path, _making_complaint(path))


def _of_path(where: Where, path: str, complaint: Optional[str]) -> Complaints:
    if complaint is not None:
        yield ConfigurationError(where, f"{path}: {complaint}")


def _log_complaint(path: str) -> Optional[str]:
    """Why nothing can be appended to the file."""
    if os.path.isdir(path):
        return "it is a folder"
    if os.path.exists(path):
        return None if os.access(path, os.W_OK) else "it cannot be written"
    return _making_complaint(path)


def _making_complaint(path: str) -> Optional[str]:
    """Why the file cannot be made."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        return f"there is no folder {folder}"
    return None if os.access(folder, os.W_OK | os.X_OK) else f"no file can be made in {folder}"


def _comm_dir(section: Application, given_up: Privileges) -> Complaints:
    """The default is nobody's wish: without it the proxy starts all the same."""
    monitoring = section.monitoring
    if monitoring.disabled or "comm_dir" not in monitoring.places:
        return
    path, root = monitoring.comm_dir, given_up.root or "/"
    if inside(path, root) is None:
        complaint: Optional[str] = f"it is not below {root}"
    else:
        complaint = folder_complaint(path, owner_of(given_up))
    yield from _of_path(monitoring.place("comm_dir"), path, complaint)
