"""quarantine - keeps mails in folders, for the administrator: MSGID.eml, and MSGID.json beside it.

    folders = Folders()
    folders.open("/var/spool/quarantine")                  once, in the parent: OSError
    folders.keep(folder, name, mail, record)               OSError: nothing is left of it

The folders are opened before children give up their root and their user.  A file is
made anew and never follows a link; where a name is taken, a number behind it tells
them apart.  Both files are on the disk when `keep` returns.
imap4-proxy.cfg(5), quarantine in mail-acl.
"""

from __future__ import annotations

import json
import os
import re
import weakref
from contextlib import suppress
from typing import Any, Dict, Mapping

from .engine.events import PooledMail

_STRANGE = re.compile(r"[^A-Za-z0-9@_+=.-]")
_LONGEST = 120  # characters of a name; file systems take 255 octets
_PIECE = 1 << 20
_MOST_ALIKE = 10_000  # mails of one name
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Folders:
    def __init__(self) -> None:
        self._by_path: Dict[str, int] = {}

    def open(self, path: str) -> None:
        if path not in self._by_path:
            fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            weakref.finalize(self, os.close, fd)
            self._by_path[path] = fd

    def keep(self, folder: str, name: str, mail: PooledMail, record: Mapping[str, Any]) -> None:
        """`name` is chosen by who sent the mail: only what is harmless of it is used."""
        at, stem = self._by_path[folder], file_name(name)
        made: Dict[str, int] = {}
        try:
            stem = _make(at, stem, made)
            for start in range(0, len(mail), _PIECE):
                _write(made[f"{stem}.eml"], mail.view(start, start + _PIECE))
            _write(made[f"{stem}.json"], json.dumps(dict(record), indent=1).encode() + b"\n")
            for fd in made.values():
                os.fsync(fd)
        except OSError:
            for path in made:
                with suppress(OSError):
                    os.unlink(path, dir_fd=at)
            raise
        finally:
            for fd in made.values():
                with suppress(OSError):  # all of it is on the disk, or gone
                    os.close(fd)


def file_name(name: str) -> str:
    """What a file of the mail `name` is called, without its ending."""
    return _STRANGE.sub("_", name.strip("<>")).lstrip(".")[:_LONGEST] or "mail"


def _make(at: int, stem: str, made: Dict[str, int]) -> str:
    """Both files, open for writing, in `made`; the stem that was free."""
    for number in range(1, _MOST_ALIKE):
        found = stem if number == 1 else f"{stem}-{number}"
        try:
            made[f"{found}.eml"] = os.open(f"{found}.eml", _FLAGS, 0o600, dir_fd=at)
            break
        except FileExistsError:
            continue
    else:
        raise FileExistsError(None, "too many mails of one name", stem)
    made[f"{found}.json"] = os.open(f"{found}.json", _FLAGS, 0o600, dir_fd=at)
    return found


def _write(fd: int, octets: bytes | memoryview) -> None:
    view = memoryview(octets)
    while view:
        view = view[os.write(fd, view):]
