"""lending - a content as a file, for a clamd that reads files; antivirus(7).

    with descriptor(content, limit) as fd: ...          a file without name
    with file_in(folder, content, limit) as name: ...   a file in comm-dir, removed at the end

The file of a content that has one is lent as it is, by `descriptor`.  Otherwise the
octets are written piece by piece.  TooLarge, and no file, where they exceed `limit`;
OSError where the file cannot be made.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import contextmanager
from typing import Iterator

from ..content import Content

_MODE = 0o640  # clamd may belong to the group of the folder (set-group-ID)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def descriptor(content: Content, limit: int) -> Iterator[int]:
    if content.fd is not None:
        yield content.fd
        return
    fd = _nameless()
    try:
        _write(fd, content, limit)
        yield fd
    finally:
        os.close(fd)


@contextmanager
def file_in(folder: str, content: Content, limit: int) -> Iterator[str]:
    name = f"mail-{secrets.token_hex(16)}"
    path = os.path.join(folder, name)
    fd = os.open(path, _CREATE, _MODE)
    try:
        try:
            os.fchmod(fd, _MODE)  # whatever the umask
            _write(fd, content, limit)
        finally:
            os.close(fd)
        yield name
    finally:
        os.unlink(path)


def _nameless() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("mail")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _write(fd: int, content: Content, limit: int) -> None:
    for piece in content.pieces(limit):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(fd, rest):]
