"""relay - octets from one connection to the other that nobody has to see.

    relay = Relay(source, destination, octets)
    relay.step()        when `source` is readable and `destination` takes octets
    relay.left          octets that are still to come; 0 = through

A step moves octets until no more have arrived, the destination takes no more,
or `ROUNDS` are done, so that a peer that is faster than we are does not keep the
loop from the other direction and from the clock.

Octets are read ahead, past the end of the literal, into one buffer that the
source keeps, and are queued for the destination as views of it: what stands
before, between and behind several literals goes out with them in one call, when
the buffer is used up or somebody flushes.  Memory is constant: the buffer is
filled again when the destination has taken all of it.

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

SPLICE_FROM = 1 << 19  # octets of a literal
PIPE_AT_LEAST = 1 << 16  # octets; a smaller pipe loses to the buffer
ROUNDS = 16


class Relay:
    """`left` octets on their way from `source` to `destination`."""

    __slots__ = ("_destination", "_move", "_source", "left", "octets")

    onward = True  # to the other side of the session

    def __init__(self, source: Conn, destination: Conn, octets: int) -> None:
        self._source = source
        self._destination = destination
        self._move = self._splice if self._can_splice(octets) else self._copy
        self.octets = self.left = octets

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
        """Queue what was read ahead, or read ahead: was there anything?"""
        source, destination = self._source, self._destination
        if not source.ahead:
            destination.flush()  # the queue may hold views of the buffer
            if destination.blocked or not source.read_ahead():
                return False
        view = source.take(self.left)
        self.left -= len(view)
        destination.put(view)
        return True

    def _splice(self) -> bool:
        """May more have arrived?  A destination that takes nothing any more wants no pipe."""
        source, destination = self._source, self._destination
        if source.ahead or destination.deaf:
            return self._copy()
        destination.flush()
        if destination.blocked:
            return False
        count = destination.splice(source, self.left)
        self.left -= count
        return count > 0
