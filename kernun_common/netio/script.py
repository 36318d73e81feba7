"""script - what is said in a dialogue with a server, without I/O.

    def hello(name) -> Script[bytes]:       a generator
        arrived = yield b"HELLO\\r\\n"         sent; `arrived` has come meanwhile, perhaps b""
        arrived = yield Passing(b"x", fd)   likewise, with a descriptor (unix sockets only)
        arrived = yield b""                 waits; `arrived` has come, or None: the server has ended
        return answer

    yield from more_in(buffer, most)        waits, and puts what has come into `buffer`

A script that makes nothing of an answer raises Unavailable, in words for the log.
See also: dialogue.py, which performs it.
"""

from __future__ import annotations

from typing import Generator, NamedTuple, Optional, TypeVar, Union

from ..errors import Unavailable

T = TypeVar("T")

CLOSED = "it closed the connection before it had answered"
TOO_LONG = "its answer is too long"


class Passing(NamedTuple):
    """At least one octet, and a descriptor that goes with it; unix(7), SCM_RIGHTS."""

    octets: bytes
    fd: int


Arrived = Optional[bytes]
Script = Generator[Union[bytes, Passing], Arrived, T]


def more_in(buffer: bytearray, most: int) -> Script[None]:
    """Unavailable where the server has ended, or where the buffer holds more than `most`."""
    arrived = yield b""
    if arrived is None:
        raise Unavailable(CLOSED)
    put(arrived, buffer, most)


def put(arrived: Arrived, buffer: bytearray, most: int) -> None:
    """What has come while something was sent; the end shows at the next `more_in`."""
    buffer += arrived or b""
    if len(buffer) > most:
        raise Unavailable(TOO_LONG)
