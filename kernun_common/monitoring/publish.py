"""publish - the file in which the other processes of the machine see a proxy.

    make_folder(path, owner)                OSError: it cannot be had, or nothing made in it
    folder_complaint(path, owner)           why it could not, or None; nothing is made
    file = Publication(path, name, pid)     comm-dir/monitor.NAME.PID
    file.write(text)                        OSError; the one before stays then
    file.remove()
    for status in published(path, unread): ...      what the living proxies published there

The file belongs to its owner alone, because it names users.  It is written under
another name, which nobody can know before, and never through a link; then it takes
the place of the one before, so that a reader finds the old or the new.  A file whose
parent is dead says nothing and is removed by the next proxy that publishes there.

In a folder where anybody may make files, those of root, of the folder's owner and
of the reader count, and no others.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from typing import Callable, Iterator, NamedTuple, Optional, Tuple
from urllib.parse import quote

from .status import Status, read

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # no waiting at a named pipe
_FOLDER_MODE = 0o755  # who may look sees the names of proxies; the files are for their owner
_FILE_MODE = 0o600

_NAME = re.compile(r"\.?monitor\..+\.(\d{1,9})(\.[0-9a-f]+)?")
_TEMPORARY = "."  # how the name begins that a file has while it is written
_MOST_OCTETS = 64 << 20  # of a file that is read: a session has some hundred


class Owner(NamedTuple):
    """Who is to write the file, if not who starts the proxy."""

    user: int
    groups: Tuple[int, ...]  # the first one is the user's own


def make_folder(path: str, owner: Optional[Owner] = None) -> None:
    """See to it that there is a folder in which the owner can make files; OSError."""
    try:
        os.mkdir(path)
    except FileExistsError:
        pass
    else:
        os.chmod(path, _FOLDER_MODE)  # whatever the umask
        if owner is not None:
            os.chown(path, owner.user, owner.groups[0])
    os.close(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
    if not os.access(path, os.W_OK | os.X_OK) or not (owner is None or _may_write(path, owner)):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)


def folder_complaint(path: str, owner: Optional[Owner] = None) -> Optional[str]:
    """Why `make_folder` would fail, or None; nothing is made."""
    number = _obstacle(path, owner)
    return None if number is None else os.strerror(number)


def _obstacle(path: str, owner: Optional[Owner]) -> Optional[int]:
    """As errno."""
    above = os.path.dirname(path)
    if os.path.isdir(path):
        allowed = os.access(path, os.W_OK | os.X_OK) and (owner is None or _may_write(path, owner))
    elif os.path.lexists(path):
        return errno.ENOTDIR
    elif os.path.isdir(above):
        allowed = os.access(above, os.W_OK | os.X_OK)
    else:
        return errno.ENOENT
    return None if allowed else errno.EACCES


def _may_write(path: str, owner: Owner) -> bool:
    """As the system will answer when that user asks."""
    found = os.stat(path)
    if owner.user in (0, found.st_uid):
        needed = 0 if owner.user == 0 else stat.S_IWUSR | stat.S_IXUSR
    elif found.st_gid in owner.groups:
        needed = stat.S_IWGRP | stat.S_IXGRP
    else:
        needed = stat.S_IWOTH | stat.S_IXOTH
    return found.st_mode & needed == needed


class Publication:
    """The file of one proxy."""

    def __init__(self, folder: str, name: str, pid: int) -> None:
        self._folder = folder
        self._name = f"monitor.{quote(name, safe='')}.{pid}"
        self.path = os.path.join(folder, self._name)

    def write(self, text: str) -> None:
        random = f"{_TEMPORARY}{self._name}.{secrets.token_hex(8)}"
        temporary = os.path.join(self._folder, random)
        try:
            with open(temporary, "w", encoding="utf-8", errors="replace", opener=_create) as file:
                file.write(text)
            os.rename(temporary, self.path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    def remove(self) -> None:
        with suppress(OSError):
            os.unlink(self.path)


def _create(path: str, _: int) -> int:
    return os.open(path, _CREATE, _FILE_MODE)


def sweep(folder: str) -> None:
    """Remove what dead parents have left; what cannot be removed stays."""
    for path, pid in _files(folder):
        if not lives(pid):
            with suppress(OSError):
                os.unlink(path)


def published(folder: str, unread: Callable[[str, str], None]) -> Iterator[Status]:
    """What is known of the living proxies; OSError where the folder cannot be read.

    `unread` is told of each file that cannot be read, or is none of a proxy, and why.
    """
    for path, pid in _files(folder):
        if os.path.basename(path).startswith(_TEMPORARY) or not lives(pid):
            continue
        try:
            yield _status(path, pid)
        except FileNotFoundError:
            continue  # its proxy has just ended
        except OSError as error:
            unread(path, error.strerror or str(error))
        except (ValueError, RecursionError) as error:
            unread(path, f"not of a proxy: {error}")


def _status(path: str, pid: int) -> Status:
    status = read(_text(path))
    if status.parent != pid:
        raise ValueError("the name is another process's")
    return status


def _files(folder: str) -> Iterator[Tuple[str, int]]:
    for name in sorted(os.listdir(folder)):
        match = _NAME.fullmatch(name)
        if match is not None:
            yield os.path.join(folder, name), int(match[1])


def _text(path: str) -> str:
    """What stands in the file; ValueError where anybody could have written it."""
    with open(path, encoding="utf-8", opener=lambda name, _: os.open(name, _READ)) as file:
        found, above = os.fstat(file.fileno()), os.stat(os.path.dirname(path))
        trusted = found.st_uid in (0, os.geteuid(), above.st_uid)
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("no regular file")
        if above.st_mode & stat.S_IWOTH and not trusted:
            raise ValueError("somebody else's file, where anybody may make one")
        return file.read(_MOST_OCTETS)


def lives(pid: int) -> bool:
    """Is there such a process?"""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return pid > 0
