"""session - one session: two connections on one hand, the engine on the other.

    Session(client, accepted, proxy, tools, stopping).serve()

A loop without a decision: wait for a side or for time, tell the engine, perform
what it answers.  A side is read when the engine wants it and what it would lead
to has room (send-bufsize), so that back-pressure goes from one side to the
other; octets of a literal go past the engine (../kernun_common/netio/relay.py).
Both directions are independent: a client that writes much while it reads slowly
stops nobody.

`Connect` and `Secure` block, for conn-timeout and idle-timeout at most.  The end
of the program is an event; it cuts those and the close short.
See also: engine/events.py, engine/actions.py, clock.py, record.py.
"""

from __future__ import annotations

import select
import time
from typing import Any, Callable, Dict, List, Tuple

from kernun_common.errors import PeerClosed, PeerError, Side, Timeout, Unavailable
from kernun_common.log.message import Message
from kernun_common.netio import closing
from kernun_common.netio import messages as netio_messages
from kernun_common.netio.conn import Conn
from kernun_common.netio.connect import connect
from kernun_common.netio.relay import Buffer, Relay
from kernun_common.netio.section import SockOpt
from kernun_common.netio.waiting import Waiter, milliseconds
from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver.stopping import Stopping
from kernun_common.tls import messages as tls_messages
from kernun_common.tls.context import Role
from kernun_common.tls.upgrade import upgrade

from . import record
from .clock import Clock
from .engine import actions, events
from .engine.engine import Engine
from .engine.events import Timer
from .section import Imap4Proxy
from .tools import Tools

GONE = select.POLLERR | select.POLLHUP
TITLE_SECONDS = 1.0  # the process title is that much behind, and not set for every command

_ROLES = {Side.CLIENT: Role.SERVER, Side.SERVER: Role.CLIENT}


class Lane:
    """One side: its connection, and what the loop knows of it."""

    __slots__ = ("conn", "mask", "reads", "relay", "side")

    def __init__(self, conn: Conn) -> None:
        self.conn = conn
        self.side = conn.side
        self.relay: Relay | None = None  # octets of this side that go past the engine
        self.reads = False  # there is a use for its octets, and room for what they lead to
        self.mask = -1  # what poll waits for; -1 = it knows nothing of this side


class Session:
    def __init__(
        self,
        client: Conn,
        accepted: events.Accepted,
        proxy: Imap4Proxy,
        tools: Tools,
        stopping: Stopping,
    ) -> None:
        self._options = proxy.server_conn
        self._tools = tools
        self._stop_fd = stopping.fd
        self._waiter = Waiter(stopping.fd)
        self._engine = Engine(proxy, tools.catalogues)
        self._accepted = accepted
        self._started = time.monotonic()
        self._clock = Clock(self._started, _shortest(client.options, proxy.server_conn))
        self._client = Lane(client)
        self._lanes: Dict[Side, Lane] = {Side.CLIENT: self._client}
        self._by_fd: Dict[int, Lane] = {client.fd: self._client}
        self._buffer = Buffer()
        self._poll = select.poll()
        self._finish: actions.Finish | None = None
        self._perform: Dict[Any, Callable[[Any], events.Event | None]] = {
            actions.SendToClient: self._send_to_client,
            actions.SendToServer: self._send_to_server,
            actions.Relay: self._start_relay,
            actions.Connect: self._connect,
            actions.Secure: self._secure,
            actions.Arm: self._arm,
            actions.Disarm: self._disarm,
            actions.Log: self._log,
            actions.Finish: self._end,
        }

    def serve(self) -> None:
        """The whole session, to the end of both connections."""
        try:
            self._poll.register(self._stop_fd, select.POLLIN)
            self._feed(self._accepted)
            while self._finish is None:
                self._turn()
            self._close(self._finish)
        finally:
            conns = {side: lane.conn for side, lane in self._lanes.items()}
            seconds = time.monotonic() - self._started
            record.write(self._tools.log, self._engine, self._accepted, conns, seconds)
            for conn in conns.values():
                conn.close()

    # --- waiting -----------------------------------------------------------------------------

    def _turn(self) -> None:
        """Wait once, and work on what there is."""
        ready = self._wait()
        for fd, mask in ready:
            if self._finish is not None:
                return
            if fd == self._stop_fd:
                self._stop()
            else:
                self._attend(self._by_fd[fd], mask)
        if self._finish is None and time.monotonic() >= self._clock.wake:
            self._look_at_clock()
        if self._finish is None and self._client.conn.deaf:
            self._feed(events.Closed(Side.CLIENT, deaf=True))

    def _wait(self) -> List[Tuple[int, int]]:
        """What is ready, as poll says it."""
        unseen = [lane for lane in self._lanes.values() if self._arrange(lane)]
        patience = 0 if unseen else milliseconds(self._clock.wake - time.monotonic())
        ready = self._poll.poll(patience)
        for lane in unseen:  # poll does not know, but there is something to read
            ready.append((lane.conn.fd, lane.conn.read_wants))
        return ready

    def _arrange(self, lane: Lane) -> bool:
        """Tell poll what to wait for; is there something to read that it cannot see?"""
        conn = lane.conn
        reads = self._reads(lane)
        if reads is not lane.reads:
            lane.reads = reads
            self._clock.heard(lane.side, time.monotonic())  # its silence begins now
        mask = conn.wants(reads)
        if mask != lane.mask:
            self._register(lane, mask)
        return reads and conn.buffered

    def _register(self, lane: Lane, mask: int) -> None:
        """A hang-up is news only of a side that has ended: another one is read in due time."""
        if mask or lane.conn.ended:
            self._poll.register(lane.conn.fd, mask)
        elif lane.mask >= 0:
            self._poll.unregister(lane.conn.fd)
        lane.mask = mask

    def _reads(self, lane: Lane) -> bool:
        if lane.conn.ended:
            return False
        other = self._lanes.get(lane.side.other)
        if lane.relay is not None:
            return other is None or not other.conn.pending
        if other is not None and other.conn.pending >= other.conn.options.send_bufsize:
            return False
        return self._engine.reading(lane.side)

    def _look_at_clock(self) -> None:
        due = self._clock.look(self._watched(), time.monotonic())
        if due is not None:
            self._feed(events.Expired(due.timer, due.side))
        self._tools.title.show(record.title(self._engine, self._accepted))

    def _watched(self) -> List[Tuple[Timer, Side, float]]:
        """The silences that count now."""
        watched = []
        for side, lane in self._lanes.items():
            if lane.conn.pending:
                watched.append((Timer.SEND, side, lane.conn.options.send_timeout))
            if lane.reads and self._engine.midway(side):
                watched.append((Timer.RECV, side, lane.conn.options.recv_timeout))
        return watched

    def _stop(self) -> None:
        self._poll.unregister(self._stop_fd)
        self._feed(events.Stopped())

    # --- octets ------------------------------------------------------------------------------

    def _attend(self, lane: Lane, mask: int) -> None:
        """Poll says this of a side."""
        conn = lane.conn
        if conn.pending and mask & (conn.write_wants | GONE):
            self._flush(lane)
        if lane.reads and mask & (conn.read_wants | GONE):
            self._read(lane)
        elif conn.ended and mask & GONE:
            self._feed(events.Closed(lane.side, deaf=True))

    def _flush(self, lane: Lane) -> None:
        conn = lane.conn
        before = conn.pending
        conn.flush()
        if conn.pending < before:
            self._clock.took(lane.side, time.monotonic())

    def _read(self, lane: Lane) -> None:
        try:
            if lane.relay is not None and not self._relayed(lane, lane.relay):
                return
            octets = lane.conn.receive()
        except PeerClosed:
            self._ended(lane)
        except PeerError as broken:
            self._write(tls_messages.BROKEN, side=lane.side, reason=broken.reason)
            self._ended(lane)
        else:
            if octets is not None:
                self._heard(lane)
                self._feed(events.Received(lane.side, octets))

    def _relayed(self, lane: Lane, relay: Relay) -> bool:
        """Move octets of a literal on: is it through, and may more be read?"""
        if relay.step():
            self._heard(lane)
            self._clock.took(lane.side.other, time.monotonic())
        if not relay.left:
            lane.relay = None
        return self._reads(lane) and lane.relay is None

    def _heard(self, lane: Lane) -> None:
        now = time.monotonic()
        self._clock.heard(lane.side, now)
        self._clock.look_by(now + TITLE_SECONDS)

    def _ended(self, lane: Lane) -> None:
        lane.conn.ended = True
        lane.relay = None
        self._feed(events.Closed(lane.side, deaf=lane.conn.deaf))

    # --- the engine --------------------------------------------------------------------------

    def _feed(self, event: events.Event | None) -> None:
        """Tell the engine what happened, and perform what it answers; an outcome is an event."""
        while event is not None:
            todo, event = self._engine.feed(event, time.monotonic()), None
            for action in todo:
                event = self._perform[type(action)](action) or event

    def _send_to_client(self, action: actions.SendToClient) -> None:
        self._send(self._client, action.octets)

    def _send_to_server(self, action: actions.SendToServer) -> None:
        self._send(self._lanes[Side.SERVER], action.octets)

    def _send(self, lane: Lane, octets: bytes) -> None:
        conn = lane.conn
        waiting = conn.pending
        conn.send(octets)
        if conn.pending and not waiting:
            self._clock.took(lane.side, time.monotonic())

    def _start_relay(self, action: actions.Relay) -> None:
        source, destination = self._lanes[action.source], self._lanes[action.source.other]
        source.relay = Relay(source.conn, destination.conn, action.octets, self._buffer)

    def _connect(self, action: actions.Connect) -> events.Event:
        try:
            sock, host, server = connect(
                action.candidates,
                self._options,
                self._tools.resolver,
                self._waiter,
                lambda reason: self._write(netio_messages.CONNECT_FAILED, reason=reason),
            )
        except Unavailable as failure:
            return events.Unreachable(failure.what)
        self._write(netio_messages.CONNECTED, to=server, own=Sockaddr.of(sock.getsockname()))
        lane = Lane(Conn(sock, Side.SERVER, self._options))
        self._lanes[Side.SERVER] = self._by_fd[lane.conn.fd] = lane
        return events.Connected(host, server)

    def _secure(self, action: actions.Secure) -> events.Event:
        side, conn = action.side, self._lanes[action.side].conn
        context = self._tools.contexts.get(action.params, _ROLES[side])
        deadline = time.monotonic() + self._clock.idle_seconds
        try:
            peer = upgrade(conn, context, action.name, self._waiter, deadline)
        except PeerError as failure:
            return events.Insecure(side, failure.reason)
        except Timeout as failure:
            return events.Insecure(side, f"{failure.which} in the handshake")
        return events.Secured(side, *peer)

    def _arm(self, action: actions.Arm) -> None:
        self._clock.arm(action.timer, action.seconds, time.monotonic())

    def _disarm(self, action: actions.Disarm) -> None:
        self._clock.disarm(action.timer)

    def _log(self, action: actions.Log) -> None:
        self._tools.log.write_fields(action.message, action.fields)

    def _write(self, message: Message, **fields: object) -> None:
        self._tools.log.write_fields(message, fields)

    # --- the end -----------------------------------------------------------------------------

    def _end(self, action: actions.Finish) -> None:
        self._finish = action

    def _close(self, finish: actions.Finish) -> None:
        if finish.reset:
            self._client.conn.reset()
        closing.close([lane.conn for lane in self._lanes.values()], self._stop_fd)


def _shortest(*options: SockOpt) -> float:
    return min(min(one.recv_timeout, one.send_timeout) for one in options)
