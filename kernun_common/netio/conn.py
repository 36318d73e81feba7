"""conn - one connection of a session, never blocking.

    octets = conn.receive()     what has arrived; None = nothing yet; PeerClosed at the end
    conn.buffered               there is something to receive, whatever poll says
    conn.take(most)             the same for a bulk: a view of octets that were read ahead
    conn.send(octets)           what the socket takes goes at once, the rest is queued
    conn.put(octets)            queue only; flush() sends: many small answers become one segment
    conn.blocked                the socket did not take all: no use to flush before poll says so
    conn.wants(reading)         what poll has to wait for

The end of a peer is told by `receive` alone, after the last octet that it sent;
`failure` says in the system's words what broke the connection, "" where nothing did.
A peer that takes nothing any more (EPIPE, reset) may still have something to
say - a server that says BYE and closes - so a failed send only makes the
connection `deaf`: what is sent to it from then on is dropped.

Octets are counted as the session sees them: inside TLS.
See also: netio(7), transport.py, closing.py, relay.py.
"""

from __future__ import annotations

import errno
import socket
import struct
from contextlib import suppress
from typing import NoReturn

from ..errors import PeerClosed, Side
from .intake import Intake
from .pipe import Pipe
from .queue import Queue
from .section import SockOpt
from .transport import Octets, Plain, Transport

DRAIN = 65536  # octets thrown away at once
LINGER_NOT = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time: close sends a reset


class Conn:
    """A connected TCP socket, its queue and its counters."""

    __slots__ = (
        "_intake",
        "_most",
        "_pipe",
        "_queue",
        "_read",
        "_transport",
        "_write",
        "blocked",
        "deaf",
        "ended",
        "failure",
        "fd",
        "octets_in",
        "octets_out",
        "options",
        "side",
        "sock",
    )

    def __init__(self, sock: socket.socket, side: Side, options: SockOpt) -> None:
        sock.setblocking(False)
        configure(sock, options)
        self.sock = sock
        self.fd = sock.fileno()
        self.side = side
        self.options = options
        self.octets_in = 0
        self.octets_out = 0
        self.blocked = False  # the socket takes nothing for now
        self.deaf = False  # the peer takes nothing any more
        self.ended = False  # the peer says nothing any more
        self.failure = ""  # what broke the connection
        self._queue = Queue()
        self._intake: Intake | None = None
        self._pipe: Pipe | None = None
        self._most = options.recv_bufsize
        self._travel(Plain(sock))

    @property
    def pending(self) -> int:
        """How many octets are queued."""
        return self._queue.octets

    @property
    def plain(self) -> bool:
        """Is what travels what the session sees?"""
        return self._transport.plain

    def become(self, transport: Transport) -> None:
        """From here on octets travel in another way; nothing is on its way then."""
        assert not self.pending and not self.ahead
        self._travel(transport)

    def _travel(self, transport: Transport) -> None:
        self._transport = transport
        self._read, self._write = transport.read, transport.write  # what every octet needs

    # Reading

    def receive(self, most: int | None = None) -> bytes | None:
        """Up to `most` octets (recv-bufsize; of TLS perhaps a record), None if there are none yet.

        PeerClosed at the peer's end; PeerError where it broke TLS.
        """
        most = most or self._most
        intake = self._intake
        try:
            octets = bytes(intake.take(most)) if intake else self._read(most)
        except OSError as error:
            self._broken(error)
        if octets:
            self.octets_in += len(octets)
        elif octets is not None:
            self._ended()
        return octets

    @property
    def ahead(self) -> int:
        """How many octets were read ahead of those who ask for them."""
        return 0 if self._intake is None else len(self._intake)

    def read_ahead(self) -> bool:
        """Read as much as there is, up to a quarter megabyte: was there anything?

        Only with nothing `ahead`, and when nobody uses what `take` gave before.
        PeerClosed and PeerError as `receive`.
        """
        if self._intake is None:
            self._intake = Intake()
        try:
            count = self._intake.fill(self._transport.read_into)
        except OSError as error:
            self._broken(error)
        if count == 0:
            self._ended()
        return count is not None

    def take(self, most: int) -> memoryview:
        """The next octets of those that were read ahead, at most so many."""
        if self._intake is None:
            return memoryview(b"")
        view = self._intake.take(most)
        self.octets_in += len(view)
        return view

    def _ended(self) -> NoReturn:
        self.ended = True
        raise PeerClosed(self.side, self.failure)

    def _broken(self, error: OSError) -> NoReturn:
        self._note(error)
        self._ended()

    def _note(self, error: OSError) -> None:
        """The first one counts: the system tells each once.  EPIPE: the peer had closed before."""
        if error.errno != errno.EPIPE and not self.failure:
            self.failure = error.strerror or str(error)

    # Writing

    def put(self, octets: Octets) -> None:
        """Queue octets; the caller no longer changes them."""
        if not self.deaf:
            self._queue.put(octets)

    def send(self, octets: Octets) -> None:
        """Send what the socket takes, and queue the rest."""
        if self._queue.octets or self.deaf or not octets:
            self.put(octets)
            self.flush()
            return
        try:
            sent = self._write(octets)
        except OSError as error:
            self._note(error)
            self._turn_deaf()
            return
        self.octets_out += sent
        if sent < len(octets):
            self._queue.put(memoryview(octets)[sent:])
            self.blocked = True

    def flush(self) -> None:
        """Send of the queue what the socket takes now."""
        queue = self._queue
        before = queue.octets
        try:
            queue.send(self._transport.write_many, self.fd)
        except OSError as error:
            self._note(error)
            self._turn_deaf()
            return
        self.octets_out += before - queue.octets
        self.blocked = queue.octets > 0

    def splice(self, source: Conn, most: int) -> int:
        """Send up to `most` octets of `source` on, inside the kernel; the queue is empty.

        How many left `source`: 0 if no more have arrived.  What this socket does
        not take stays in the pipe, in the queue.  PeerClosed(source).
        """
        pipe = self.pipe()
        try:
            moved = pipe.fill(source.fd, min(most, pipe.size))
        except OSError as error:
            source._broken(error)
        if moved == 0:
            source._ended()
        if moved is None:
            return 0
        source.octets_in += moved
        self._queue.put(pipe)
        self.flush()
        return moved

    def pipe(self) -> Pipe:
        """The pipe that splice uses, made when it is first wanted; OSError as Pipe."""
        if self._pipe is None:
            self._pipe = Pipe()
        return self._pipe

    def _turn_deaf(self) -> None:
        self.deaf = True
        self.blocked = False
        self._queue.clear()

    # The end

    def finish(self) -> None:
        """Tell the peer that nothing more follows; it may go on talking."""
        try:
            self._transport.end()
        except OSError:
            self._turn_deaf()

    def drain(self) -> bool:
        """Throw away what has arrived, after `finish`: is the peer's end reached?"""
        try:
            return not self.sock.recv(DRAIN)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def reset(self) -> None:
        """Close by a TCP reset: the peer learns that what it was promised does not come."""
        with suppress(OSError):  # the peer has gone
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.close()

    def close(self) -> None:
        """Close at once; closing.py is the polite way."""
        self._turn_deaf()
        with suppress(OSError):  # what was on its way may be lost, as by a reset
            self.sock.close()
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    # Waiting

    @property
    def buffered(self) -> bool:
        """Has something arrived that poll no longer sees?  Then read before waiting."""
        return self._transport.buffered or self.ahead > 0

    @property
    def read_wants(self) -> int:
        """What poll has to say before `receive` can have anything new."""
        return self._transport.read_wants

    @property
    def write_wants(self) -> int:
        """What poll has to say before `flush` can send anything more."""
        return self._transport.write_wants

    def wants(self, reading: bool) -> int:
        """The mask for poll; 0 when neither reading nor with anything to send."""
        mask = self._transport.read_wants if reading else 0
        return mask | self._transport.write_wants if self._queue.octets else mask


def configure(sock: socket.socket, options: SockOpt) -> None:
    """Give a TCP socket its options."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, options.keepalive)
    if options.ip_tos is not None:
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, options.ip_tos)
        else:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, options.ip_tos)
