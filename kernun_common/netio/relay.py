"""relay - octets from one connection to the other that nobody has to see.

    relay = Relay(source, destination, octets, Buffer())
    relay.step()        when `source` is readable and `destination` takes octets
    relay.left          octets that are still to come; 0 = through

A step moves octets until no more have arrived, the destination takes no more,
or `ROUNDS` are done, so that a peer that is faster than we are does not keep the
loop from the other direction and from the clock.  Memory is constant: the rest
that a destination did not take (at most BUFFER octets) waits in its queue, and
until that is gone no more is read.  What was put into its queue before goes out
with the first octets, in one call.

Where both sides are plain, octets can stay in the kernel (pipe.py).  Measured on
loopback, CPU seconds of the relaying process per GB, pieces of one literal:

    octets of a literal     16 Ki   84 K   100 K   1 M
    recv, send, 16 Ki        0.60   0.83    0.80  0.65
    recv, send, 256 Ki       0.54   0.33    0.36  0.26
    splice, 256 Ki pipe      0.51   0.48    0.33  0.35
    splice, 1 Mi pipe        0.51   0.35    0.37  0.20

so the large buffer is as good up to some hundred kilobytes, needs no
descriptors, and splice is used from SPLICE_FROM on.
"""

from __future__ import annotations

from . import pipe
from .conn import Conn

BUFFER = 1 << 18  # octets; larger ones gained nothing for mails of 100 KB
SPLICE_FROM = 1 << 19  # octets of a literal
PIPE_AT_LEAST = 1 << 16  # octets; a smaller pipe loses to the buffer
ROUNDS = 16


class Buffer:
    """Where octets pass through; made when they first do, then kept: one for all relays."""

    __slots__ = ("_view",)

    def __init__(self) -> None:
        self._view: memoryview | None = None

    def view(self) -> memoryview:
        if self._view is None:
            self._view = memoryview(bytearray(BUFFER))
        return self._view


class Relay:
    """`left` octets on their way from `source` to `destination`."""

    __slots__ = ("_buffer", "_destination", "_move", "_source", "left")

    def __init__(self, source: Conn, destination: Conn, octets: int, buffer: Buffer) -> None:
        self._source = source
        self._destination = destination
        self._buffer = buffer
        self._move = self._splice if self._can_splice(octets) else self._copy
        self.left = octets

    def _can_splice(self, octets: int) -> bool:
        if octets < SPLICE_FROM or not pipe.AVAILABLE:
            return False
        if not (self._source.plain and self._destination.plain):
            return False
        try:
            return self._destination.pipe().size >= PIPE_AT_LEAST
        except OSError:  # no descriptors left; the buffer needs none
            return False

    def step(self) -> int:
        """Move what can be moved now: how many octets left the source.

        PeerClosed(source) where it ends before the last of them, PeerError where
        it breaks TLS.
        """
        before = self.left
        for _ in range(ROUNDS):
            if not self.left or self._destination.blocked or not self._move():
                break
        return before - self.left

    def _copy(self) -> bool:
        """May more have arrived?"""
        view = self._buffer.view()
        room = view if self.left >= BUFFER else view[: self.left]
        count = self._source.receive_into(room)
        self.left -= count
        if count:
            self._destination.send_view(view[:count])
        return count == len(room)

    def _splice(self) -> bool:
        """May more have arrived?  A destination that takes nothing any more wants no pipe."""
        if self._destination.deaf:
            self._move = self._copy
            return True
        self._destination.flush()
        if self._destination.blocked:
            return False
        count = self._destination.splice(self._source, self.left)
        self.left -= count
        return count > 0
