"""transport - how a connection's octets travel: plain TCP here, TLS in ../tls/transport.py.

    read(most), read_into(view)   what has arrived: None = nothing yet, b"" / 0 = the end
    write(octets)                 how many were taken, 0 = none for now
    write_many(pieces)            as if they were one
    end()                         tell the peer that nothing more follows
                                  of all these OSError: a reset, or a path that has died
    read_wants, write_wants       what poll has to wait for before trying again
    buffered                      has something arrived that poll no longer sees?

`read_into` returns less than it was given room for only when no more has
arrived, or when the end is near: its caller need not ask twice.
"""

from __future__ import annotations

import select
import socket
from typing import Protocol, Sequence, Union

Octets = Union[bytes, bytearray, memoryview]


class Transport(Protocol):
    """What Conn asks of the octets' way."""

    plain: bool
    read_wants: int
    write_wants: int

    @property
    def buffered(self) -> bool: ...

    def read(self, most: int) -> bytes | None: ...

    def read_into(self, view: memoryview) -> int | None: ...

    def write(self, octets: Octets) -> int: ...

    def write_many(self, pieces: Sequence[Octets]) -> int: ...

    def end(self) -> None: ...


class Plain:
    """TCP as it is."""

    __slots__ = ("_end", "_read", "_read_into", "_write", "_write_many")

    plain = True
    buffered = False
    read_wants = select.POLLIN
    write_wants = select.POLLOUT

    def __init__(self, sock: socket.socket) -> None:
        self._read = sock.recv
        self._read_into = sock.recv_into
        self._write = sock.send
        self._write_many = sock.sendmsg
        self._end = sock.shutdown

    def read(self, most: int) -> bytes | None:
        try:
            return self._read(most)
        except BlockingIOError:
            return None

    def read_into(self, view: memoryview) -> int | None:
        try:
            return self._read_into(view)
        except BlockingIOError:
            return None

    def write(self, octets: Octets) -> int:
        try:
            return self._write(octets)
        except BlockingIOError:
            return 0

    def write_many(self, pieces: Sequence[Octets]) -> int:
        try:
            return self._write_many(pieces) if len(pieces) > 1 else self._write(pieces[0])
        except BlockingIOError:
            return 0

    def end(self) -> None:
        self._end(socket.SHUT_WR)
