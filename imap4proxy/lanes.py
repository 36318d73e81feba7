"""lanes - the two sides of a session, and the waiting for them.

    lanes = Lanes(stop_fd, wanted=engine.reading, resumed=..., wakeup=stopping.wakeup)
    client = lanes.add(conn)
    for lane, mask in lanes.wait(seconds): ...      lane None: the program ends

A side is read when `wanted` says that there is a use for its octets, and when
what it would lead to has room: of what the other side does not take, less than
send-bufsize waits, or nothing where octets of a literal go straight on.  So who
sends to a slow peer is slowed down.  Commands may lead to octets for the client
itself, so one that takes nothing is not heard either, but for literals.

Octets inside TLS that poll does not see count as ready.  A side that nobody reads
is not polled at all, because poll reports a hang-up whether one asks or not; but
one that has ended (it sends no more, and may still take what it is owed) is, for
then the hang-up is news.

A signal ends the waiting, even one that comes in the last moment before the system call:
what its handler has to say, such as the end, is seen at the next one.
"""

from __future__ import annotations

import select
from typing import Callable, Dict, Iterable, Iterator, List, Tuple

from kernun_common.errors import Side
from kernun_common.netio.conn import Conn
from kernun_common.netio.relay import Relay
from kernun_common.netio.waiting import Wakeup, milliseconds
from kernun_common.steps import Want

from .mail_work import Storing

GONE = select.POLLERR | select.POLLHUP
NOT_POLLED = -1


class Lane:
    """One side: its connection, and how it stands."""

    __slots__ = ("conn", "mask", "other", "reads", "relay", "side")

    def __init__(self, conn: Conn) -> None:
        self.conn = conn
        self.side = conn.side
        self.other: Lane | None = None  # the other side, once it is there
        self.relay: Relay | Storing | None = None  # octets of this side that go past the engine
        self.reads = False
        self.mask = NOT_POLLED


class Lanes:
    """At most one lane for each side."""

    def __init__(
        self,
        stop_fd: int,
        wanted: Callable[[Side], bool],
        resumed: Callable[[Side], None],
        wakeup: Wakeup | None = None,
    ) -> None:
        """`resumed` is told when a side begins to be read, or is read no more."""
        self._wanted = wanted
        self._resumed = resumed
        self._poll = select.poll()
        self._poll.register(stop_fd, select.POLLIN)
        self._stop_fd = stop_fd
        self._wakeup, self._wake_fd = wakeup, NOT_POLLED
        if wakeup is not None:
            self._wake_fd = wakeup.fd
            self._poll.register(self._wake_fd, select.POLLIN)
        self._by_side: Dict[Side, Lane] = {}
        self._by_fd: Dict[int, Lane] = {}
        self.ready: List[int] = []  # descriptors of others that the last wait found ready

    def add(self, conn: Conn) -> Lane:
        lane = Lane(conn)
        lane.other = self._by_side.get(conn.side.other)
        if lane.other is not None:
            lane.other.other = lane
        self._by_side[conn.side] = self._by_fd[conn.fd] = lane
        return lane

    def __getitem__(self, side: Side) -> Lane:
        return self._by_side[side]

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._by_side.values())

    @property
    def conns(self) -> Dict[Side, Conn]:
        return {lane.side: lane.conn for lane in self}

    def reads(self, lane: Lane) -> bool:
        """Is there a use for octets of this side now, and room for what they lead to?"""
        conn, other, relayed = lane.conn, lane.other, lane.relay is not None
        if conn.ended:
            return False
        onward = lane.relay is not None and lane.relay.onward
        if other is not None and other.conn.blocked and (onward or _full(other.conn)):
            return False
        if lane.side is Side.CLIENT and conn.blocked and not relayed and _full(conn):
            return False
        return relayed or self._wanted(lane.side)

    def wait(self, seconds: float, others: Iterable[Want] = ()) -> List[Tuple[Lane | None, int]]:
        """The lanes that are ready within `seconds`, with poll's mask; None when the program ends.

        That is told once.  What is ready of `others` is in `ready` then.
        """
        unseen = [lane for lane in self._by_side.values() if self._arrange(lane)]
        found: List[Tuple[Lane | None, int]] = []
        self.ready = []
        for fd, mask in self._polled(0 if unseen else milliseconds(seconds), others):
            if fd == self._stop_fd:
                self._poll.unregister(fd)
                found.append((None, mask))
            elif fd in self._by_fd:
                found.append((self._by_fd[fd], mask))
            elif fd == self._wake_fd and self._wakeup is not None:
                self._wakeup.drain()
            else:
                self.ready.append(fd)
        for lane in unseen:
            found.append((lane, lane.conn.read_wants))
        return found

    def _polled(self, most: int, others: Iterable[Want]) -> List[Tuple[int, int]]:
        """poll, with descriptors that are waited for this time only."""
        for want in others:
            self._poll.register(want.fd, want.mask)
        found = self._poll.poll(most)
        for want in others:
            self._poll.unregister(want.fd)
        return found

    def _arrange(self, lane: Lane) -> bool:
        """Tell poll what to wait for; is there something to read that it cannot see?"""
        conn = lane.conn
        reads = self.reads(lane)
        if reads is not lane.reads:
            lane.reads = reads
            self._resumed(lane.side)
        mask = conn.wants(reads)
        if mask != lane.mask:
            self._register(lane, mask)
        return reads and conn.buffered

    def _register(self, lane: Lane, mask: int) -> None:
        if mask or lane.conn.ended:
            self._poll.register(lane.conn.fd, mask)
        elif lane.mask != NOT_POLLED:
            self._poll.unregister(lane.conn.fd)
            mask = NOT_POLLED
        lane.mask = mask


def _full(conn: Conn) -> bool:
    return conn.pending >= conn.options.send_bufsize
