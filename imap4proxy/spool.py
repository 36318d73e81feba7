"""spool - the mail pool: where a mail waits while it is checked; in memory, or an unlinked file.

    pool = MailPool(section)                    once, in the parent: OSError of `dir`
    writer = pool.writer(octets)                Unavailable: no room for so many
    writer.write(view); mail = writer.mail()    OSError: the disk is full
    mail.octets                                 bytes, or a map of the file; len(mail)
    mail.view(start, end)                       to be sent; not copied
    mail.digest                                 BLAKE2b, 32 octets; made when it is first asked for
    mail.fd                                     of a file that holds it alone, or None
    mail.release()                              when it is of no use any more
    pool.keep(chunks)                           -> a mail of octets that nobody has counted before
    pool.empty()                                at the end of a session: of all of them
    pool.used                                   has there been any, since it was last set?

Of all mails of a session together `memory` octets are held in memory; the others
are files of `dir` without a name, so that nothing is left behind whatever ends the
child, and are mapped: what is read of them is the kernel's page cache, not ours.
`free` octets of the disk are left to others.  The folder is opened in the parent, so
that a child finds it whatever its root is.  imap4-proxy.cfg(5), mail-pool.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import weakref
from contextlib import suppress
from functools import cached_property
from typing import Callable, Iterable, Set, Union

from kernun_common.errors import Unavailable

from .section.mail_pool import MailPoolSection

Octets = Union[bytes, mmap.mmap]

_HASHED = 1 << 20  # octets at a time
_DIGEST = 32


class Mail:
    """A mail in the pool, complete; it never changes."""

    def __init__(
        self, octets: Octets, release: Callable[[], None], fd: int | None = None
    ) -> None:
        self.octets = octets
        self.fd = fd
        self._release = release

    def __len__(self) -> int:
        return len(self.octets)

    def view(self, start: int = 0, end: int | None = None) -> memoryview:
        """The octets from `start` to before `end`."""
        return memoryview(self.octets)[start:end]

    @cached_property
    def digest(self) -> bytes:
        hashed = hashlib.blake2b(digest_size=_DIGEST)
        for at in range(0, len(self), _HASHED):
            hashed.update(self.view(at, at + _HASHED))
        return hashed.digest()

    def release(self) -> None:
        """Its room is free again; views that were given out stay good until they are dropped."""
        self._release()
        self._release = _nothing
        self.octets, self.fd = b"", None


class MailPool:
    """The mails of one child; it has one session at a time."""

    def __init__(self, section: MailPoolSection) -> None:
        self._dir = section.dir
        self._fd = os.open(self._dir, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._fd)
        self._memory = section.memory
        self._free = section.free
        self._held = 0  # octets in memory
        self._files: Set[int] = set()
        self.used = False

    def writer(self, size: int, in_memory: bool = True) -> Writer:
        """Room for a mail of `size` octets; may it be held in memory?"""
        self.used = True
        if in_memory and self._held + size <= self._memory:
            self._held += size
            return _InMemory(size, self._give_back)
        return _InFile(self._opened(size), self._close)

    def _opened(self, size: int) -> int:
        fd = self._open(size)
        self._files.add(fd)
        return fd

    def keep(self, chunks: Iterable[bytes]) -> Mail:
        """Octets of which nobody knows how many will come, in a file; OSError, Unavailable."""
        self.used = True
        writer = _InFile(self._opened(0), self._close)
        try:
            for chunk in chunks:
                writer.write(chunk)
            return writer.mail()
        except BaseException:
            writer.abandon()
            raise

    def empty(self) -> None:
        """Nobody has a use for any mail any more."""
        for fd in list(self._files):
            self._close(fd)
        self._held = 0

    def _give_back(self, size: int) -> None:
        self._held = max(0, self._held - size)

    def _close(self, fd: int) -> None:
        if fd in self._files:
            self._files.remove(fd)
            with suppress(OSError):  # nobody wants to know whether all of it got to the disk
                os.close(fd)

    def _open(self, size: int) -> int:
        try:
            disk = os.fstatvfs(self._fd)
            if disk.f_bavail * disk.f_frsize - size < self._free:
                raise Unavailable(f"{self._dir}: less than {self._free} octets would stay free")
            flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
            return os.open(".", flags, 0o600, dir_fd=self._fd)
        except OSError as error:
            raise Unavailable(f"{self._dir}: {error.strerror}") from None


class _InMemory:
    def __init__(self, size: int, give_back: Callable[[int], None]) -> None:
        self._octets = bytearray()
        self._size = size
        self._give_back = give_back

    def write(self, octets: Union[bytes, memoryview]) -> None:
        self._octets += octets

    def mail(self) -> Mail:
        octets, self._octets = bytes(self._octets), bytearray()
        return Mail(octets, self.abandon)

    def abandon(self) -> None:
        """It is not wanted any more."""
        self._give_back(self._size)
        self._size = 0
        self._octets.clear()


class _InFile:
    def __init__(self, fd: int, close: Callable[[int], None]) -> None:
        self._fd = fd
        self._close = close
        self._size = 0

    def write(self, octets: Union[bytes, memoryview]) -> None:
        self._size += len(octets)
        view = memoryview(octets)
        while view:
            view = view[os.write(self._fd, view):]

    def mail(self) -> Mail:
        octets: Octets = b""
        if self._size:  # nothing cannot be mapped
            octets = mmap.mmap(self._fd, self._size, mmap.MAP_SHARED, mmap.PROT_READ)
        return Mail(octets, self.abandon, self._fd)

    def abandon(self) -> None:
        """It is not wanted any more."""
        self._close(self._fd)


Writer = Union[_InMemory, _InFile]


def _nothing() -> None:
    """It was released before."""
