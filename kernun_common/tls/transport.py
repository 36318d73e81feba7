"""transport - octets inside TLS, for ../netio/conn.py.

One TLS record holds up to 16 KiB, and poll does not see octets of it that are
decrypted already.  `read` leaves none behind; `read_into` may, where its view
ends within a record, and `buffered` then says so.

The end of a peer is its close_notify, and just as well the end of TCP without
one: IMAP says by itself what is complete, so a truncation shows there.  (That is
why OP_IGNORE_UNEXPECTED_EOF is not needed; it would also keep a session resumable
that ended so.)  Octets that break TLS are a PeerError.
"""

from __future__ import annotations

import errno
import os
import select
import socket
from typing import Sequence

from OpenSSL import SSL

from ..errors import PeerError, Side
from ..netio.transport import Octets

RECORD = 16384  # octets of content in one record at most; RFC 8446 section 5.1


class Tls:
    """See ../netio/transport.py, Transport."""

    __slots__ = ("_connection", "_last", "_side", "_sock", "read_wants", "write_wants")

    plain = False

    def __init__(self, connection: SSL.Connection, sock: socket.socket, side: Side) -> None:
        """`connection` has its handshake behind it."""
        self._connection = connection
        self._sock = sock
        self._side = side
        self._last: SSL.Error | None = None  # what ended it: OpenSSL tells it once
        self.read_wants: int = select.POLLIN
        self.write_wants: int = select.POLLOUT

    @property
    def buffered(self) -> bool:
        return self._connection.pending() > 0

    def read(self, most: int) -> bytes | None:
        """One record, or what of it fits in `most` and then its rest."""
        connection = self._connection
        try:
            octets = connection.recv(most)
            if len(octets) == most and connection.pending():
                octets += connection.recv(connection.pending())
            return octets
        except SSL.Error as error:
            return None if self._not_yet(error) else b""

    def read_into(self, view: memoryview) -> int | None:
        count, room = 0, len(view)
        try:
            while count < room:
                count += self._connection.recv_into(view[count:], RECORD)
            return count
        except SSL.Error as error:
            if not count:
                return None if self._not_yet(error) else 0
            if not isinstance(error, (SSL.WantReadError, SSL.WantWriteError)):
                self._last = self._last or error
            return count

    def _not_yet(self, error: SSL.Error) -> bool:
        """Is there only nothing to read for now?  PeerError where TLS is broken, OSError: TCP."""
        if isinstance(error, SSL.WantReadError):
            self.read_wants = select.POLLIN
            return True
        if isinstance(error, SSL.WantWriteError):  # it answers a key update first
            self.read_wants = select.POLLOUT
            return True
        error = self._last or error
        if broken := _errno_of(error):
            raise OSError(broken, os.strerror(broken)) from None
        if isinstance(error, (SSL.ZeroReturnError, SSL.SysCallError)):
            return False
        raise PeerError(self._side, f"TLS: {reason_of(error)}") from None

    def write(self, octets: Octets) -> int:
        """OpenSSL takes a record at a time; a refused one is tried again with the same octets."""
        done, size, send = 0, len(octets), self._connection.send
        try:
            done = send(octets)
            while done < size:
                done += send(memoryview(octets)[done:])
        except SSL.WantWriteError:
            self.write_wants = select.POLLOUT
        except SSL.WantReadError:
            self.write_wants = select.POLLIN
        except SSL.Error as error:
            self._last = self._last or error
            number = _errno_of(error) or errno.EPIPE
            raise OSError(number, os.strerror(number)) from None
        return done

    def write_many(self, pieces: Sequence[Octets]) -> int:
        done = 0
        for piece in pieces:
            taken = self.write(piece)
            done += taken
            if taken < len(piece):
                break
        return done

    def end(self) -> None:
        try:
            self._connection.shutdown()
        except SSL.Error:  # no room for it, or the peer is gone: FIN says it too
            pass
        self._sock.shutdown(socket.SHUT_WR)


def _errno_of(error: SSL.Error) -> int:
    """Of what broke TCP below; 0: TCP ended, or it is TLS that tells."""
    return max(0, error.args[0]) if isinstance(error, SSL.SysCallError) else 0


def reason_of(error: SSL.Error) -> str:
    """What OpenSSL says of an error, in its words."""
    if broken := _errno_of(error):
        return os.strerror(broken)
    if isinstance(error, (SSL.SysCallError, SSL.ZeroReturnError)):
        return "the peer closed the connection"
    queue = error.args[0] if error.args else []
    return queue[-1][-1] if queue else "unknown error"
