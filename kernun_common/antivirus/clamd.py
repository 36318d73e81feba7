"""clamd - what is said to ClamAV's clamd, clamd(8); scripts without I/O.

    instream(pieces)        the octets are sent                     -> Verdict
    fildes(fd)              a descriptor is passed (unix socket)    -> Verdict
    scan(path)              clamd reads a file                      -> Verdict
    version()               its version and that of its database    -> octets

Commands begin with z and end with NUL, so does the answer:

    stream: OK    stream: NAME FOUND    INSTREAM size limit exceeded. ERROR

Anything else raises Unavailable.
"""

from __future__ import annotations

import re
import struct
from typing import Iterable

from ..errors import Unavailable
from ..netio.script import Passing, Script, more_in, put
from .status import FREE, Status, Verdict, virus_name

LONGEST = 8192  # octets of an answer; it holds a path and a name

_LENGTH = struct.Struct("!I")  # before every chunk
_END = _LENGTH.pack(0)
_FOUND = b" FOUND"
_FREE = re.compile(rb"[^\0]*: OK", re.DOTALL)
_LIMIT = b"size limit exceeded"
_VERSION = re.compile(rb"ClamAV [ -~]+")


def instream(pieces: Iterable[bytes]) -> Script[Verdict]:
    """INSTREAM; what clamd answers before the end counts, and the rest is not sent."""
    answer = bytearray()
    put((yield b"zINSTREAM\0"), answer, LONGEST)
    for piece in pieces:
        if b"\0" in answer:
            break
        put((yield _LENGTH.pack(len(piece)) + piece), answer, LONGEST)
    else:
        put((yield _END), answer, LONGEST)
    return verdict((yield from _whole(answer)))


def fildes(fd: int) -> Script[Verdict]:
    """FILDES; clamd reads the file from its beginning."""
    answer = bytearray()
    put((yield b"zFILDES\0"), answer, LONGEST)
    put((yield Passing(b"\0", fd)), answer, LONGEST)
    return verdict((yield from _whole(answer)))


def scan(path: str) -> Script[Verdict]:
    """SCAN; the path is as clamd sees it."""
    return verdict((yield from _asked(b"zSCAN %b\0" % path.encode("utf-8", "surrogateescape"))))


def version() -> Script[bytes]:
    """VERSION: for instance `ClamAV 1.0.7/27463/Sun Nov 17 09:30:46 2024`."""
    answer = yield from _asked(b"zVERSION\0")
    if not _VERSION.fullmatch(answer):
        raise _nonsense(answer)
    return answer


def _asked(command: bytes) -> Script[bytes]:
    answer = bytearray()
    put((yield command), answer, LONGEST)
    return (yield from _whole(answer))


def _whole(answer: bytearray) -> Script[bytes]:
    """The answer without its NUL."""
    while b"\0" not in answer:
        yield from more_in(answer, LONGEST)
    return bytes(answer[:answer.index(b"\0")])


def verdict(answer: bytes) -> Verdict:
    """What the answer to a scan means; Unavailable where it means nothing."""
    if answer.endswith(_FOUND):
        _, colon, name = answer.removesuffix(_FOUND).partition(b": ")
        if colon:
            return Verdict(Status.FOUND, virus_name(name))
    if _FREE.fullmatch(answer):
        return FREE
    if answer.endswith(b" ERROR") and _LIMIT in answer:
        return Verdict(Status.UNKNOWN, reason="larger than the engine takes")
    raise _nonsense(answer)


def _nonsense(answer: bytes) -> Unavailable:
    return Unavailable(f"it answered {answer[:200]!r}")
