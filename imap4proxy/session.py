"""session - one session: two connections on one hand, the engine on the other.

    Session(client, accepted, proxy, tools, stopping).serve()

A loop without a decision: wait for a side or for time, tell the engine, perform
what it answers.  A side is read when the engine wants it and what it would lead
to has room, so that back-pressure goes from one side to the other; octets of a
literal go past the engine (../kernun_common/netio/relay.py).  Both directions
are independent: a client that writes much while it reads slowly stops nobody.

`Connect` and `Secure` block, for conn-timeout and idle-timeout at most.
See also: engine/events.py, engine/actions.py, clock.py, record.py.
"""

from __future__ import annotations

import select
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Callable, Deque, Dict, List, Mapping, Tuple

from kernun_common.errors import PeerClosed, PeerError, Side, Timeout, Unavailable
from kernun_common.log.sinks import Log
from kernun_common.netio import closing
from kernun_common.netio.conn import Conn
from kernun_common.netio.connect import Resolver, connect
from kernun_common.netio.relay import Buffer, Relay
from kernun_common.netio.waiting import Waiter, milliseconds
from kernun_common.tcpserver.stopping import Stopping
from kernun_common.tcpserver.title import Title
from kernun_common.tls.context import Contexts, Role
from kernun_common.tls.upgrade import upgrade

from . import record
from .clock import Clock
from .engine import actions
from .engine.engine import Engine
from .engine.events import (
    Accepted,
    Closed,
    Connected,
    Event,
    Expired,
    Insecure,
    Received,
    Secured,
    Stopped,
    Timer,
    Unreachable,
)
from .section import Imap4Proxy
from .texts import Catalogue

ROOM = 65536  # octets queued for a side, from which on the other side is not read

_ROLES = {Side.CLIENT: Role.SERVER, Side.SERVER: Role.CLIENT}


@dataclass(frozen=True)
class Tools:
    """What the parent made for all sessions."""

    catalogues: Mapping[str, Catalogue]
    contexts: Contexts
    resolver: Resolver
    log: Log
    title: Title


class Session:
    def __init__(
        self, client: Conn, accepted: Accepted, proxy: Imap4Proxy, tools: Tools, stopping: Stopping
    ) -> None:
        self._proxy = proxy
        self._tools = tools
        self._stop_fd = stopping.fd
        self._stopped = False
        self._waiter = Waiter(stopping.fd)
        self._engine = Engine(proxy, tools.catalogues)
        self._accepted = accepted
        self._clock = Clock(time.monotonic())
        self._conns: Dict[Side, Conn] = {Side.CLIENT: client}
        self._relays: Dict[Side, Relay] = {}
        self._buffer = Buffer()
        self._poll = select.poll()
        self._masks: Dict[int, int] = {}
        self._events: Deque[Event] = deque()
        self._finish: actions.Finish | None = None
        self._perform: Dict[Any, Callable[[Any], None]] = {
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
        started = time.time()
        try:
            self._poll.register(self._stop_fd, select.POLLIN)
            self._feed(self._accepted)
            while self._finish is None:
                self._turn()
            self._close(self._finish)
        finally:
            duration = time.time() - started
            record.write(self._tools.log, self._engine, self._accepted, self._conns, duration)
            for conn in self._conns.values():
                conn.close()

    # --- waiting -----------------------------------------------------------------------------

    def _turn(self) -> None:
        """Wait once, and work on what there is."""
        for side, fd, mask in self._wait():
            conn = self._conns[side]
            if conn.pending and mask & ~select.POLLIN:
                conn.flush()
                self._clock.took(side, time.monotonic())
            if self._reads(side) and self._finish is None:
                self._read(side, conn)
        self._look_at_clock()

    def _wait(self) -> List[Tuple[Side, int, int]]:
        """The sides that are ready, with what poll says of them."""
        buffered = self._register()
        if buffered:
            return buffered
        due = self._clock.next(self._watched())
        patience = None if due is None else milliseconds(due.when - time.monotonic())
        ready = dict(self._poll.poll(patience))
        if self._stop_fd in ready and not self._stopped:
            self._stop()
        return [
            (side, conn.fd, ready[conn.fd])
            for side, conn in self._conns.items()
            if conn.fd in ready
        ]

    def _register(self) -> List[Tuple[Side, int, int]]:
        """Tell poll what to wait for; the sides that poll cannot see have something."""
        buffered = []
        for side, conn in self._conns.items():
            reads = self._reads(side)
            if reads and conn.buffered:
                buffered.append((side, conn.fd, select.POLLIN))
            mask = conn.wants(reads)
            if self._masks.get(conn.fd) != mask:
                self._masks[conn.fd] = mask
                if mask:
                    self._poll.register(conn.fd, mask)
                else:  # poll would report a hang-up over and over
                    self._unregister(conn.fd)
        return buffered

    def _unregister(self, fd: int) -> None:
        try:
            self._poll.unregister(fd)
        except KeyError:
            pass  # it never was

    def _reads(self, side: Side) -> bool:
        """Is there a use for octets of `side`, and room for what they lead to?"""
        conn = self._conns.get(side)
        if conn is None or conn.ended:
            return False
        other = self._conns.get(side.other)
        if side in self._relays:
            return other is None or not other.pending
        return self._engine.reading(side) and (other is None or other.pending < ROOM)

    def _watched(self) -> List[Tuple[Timer, Side, float]]:
        """The silences that count now."""
        watched = []
        for side, conn in self._conns.items():
            if conn.pending:
                watched.append((Timer.SEND, side, conn.options.send_timeout))
            if self._engine.midway(side) and self._reads(side):
                watched.append((Timer.RECV, side, conn.options.recv_timeout))
        return watched

    def _look_at_clock(self) -> None:
        now = time.monotonic()
        due = self._clock.next(self._watched())
        if due is not None and due.when <= now and self._finish is None:
            self._feed(Expired(due.timer, due.side))

    def _stop(self) -> None:
        self._poll.unregister(self._stop_fd)
        self._stopped = True
        self._feed(Stopped())

    # --- octets ------------------------------------------------------------------------------

    def _read(self, side: Side, conn: Conn) -> None:
        try:
            if side in self._relays and not self._relayed(side):
                return
            octets = conn.receive()
        except (PeerClosed, PeerError):  # a side that breaks TLS is gone like one that resets
            conn.ended = True
            self._relays.pop(side, None)
            self._feed(Closed(side, deaf=conn.deaf))
            return
        if octets:
            self._clock.heard(side, time.monotonic())
            self._feed(Received(side, octets))

    def _relayed(self, side: Side) -> bool:
        """Move octets of a literal on: is it through?"""
        relay = self._relays[side]
        if relay.step():
            self._clock.heard(side, time.monotonic())
        if relay.left:
            return False
        del self._relays[side]
        return True

    # --- the engine --------------------------------------------------------------------------

    def _feed(self, event: Event) -> None:
        """Tell the engine what happened, and perform what it answers."""
        self._events.append(event)
        while self._events:
            for action in self._engine.feed(self._events.popleft(), time.monotonic()):
                self._perform[type(action)](action)
        client = self._conns[Side.CLIENT]
        if client.deaf and self._finish is None:
            self._feed(Closed(Side.CLIENT, deaf=True))
        self._tools.title.show(record.title(self._engine, self._accepted))

    def _send_to_client(self, action: actions.SendToClient) -> None:
        self._send(self._conns[Side.CLIENT], action.octets)

    def _send_to_server(self, action: actions.SendToServer) -> None:
        self._send(self._conns[Side.SERVER], action.octets)

    def _send(self, conn: Conn, octets: bytes) -> None:
        if not conn.pending:
            self._clock.took(conn.side, time.monotonic())
        conn.send(octets)

    def _start_relay(self, action: actions.Relay) -> None:
        source, destination = self._conns[action.source], self._conns[action.source.other]
        self._relays[action.source] = Relay(source, destination, action.octets, self._buffer)

    def _connect(self, action: actions.Connect) -> None:
        options, tools = self._proxy.server_conn, self._tools
        try:
            found = connect(action.candidates, options, tools.resolver, self._waiter)
        except Unavailable as failure:
            self._events.append(Unreachable(failure.what))
            return
        self._conns[Side.SERVER] = Conn(found.sock, Side.SERVER, options)
        self._clock.heard(Side.SERVER, time.monotonic())
        self._events.append(Connected(found.host, found.server))

    def _secure(self, action: actions.Secure) -> None:
        context = self._tools.contexts.get(action.params, _ROLES[action.side])
        deadline = time.monotonic() + self._clock.idle_seconds
        try:
            peer = upgrade(
                self._conns[action.side], context, action.name, self._waiter, deadline
            )
        except (PeerError, PeerClosed) as failure:
            self._events.append(Insecure(action.side, str(failure)))
        except Timeout as failure:
            self._events.append(Insecure(action.side, f"{failure.which} in the handshake"))
        else:
            self._clock.heard(action.side, time.monotonic())
            self._events.append(
                Secured(action.side, peer.certificate, peer.version, peer.cipher)
            )

    def _arm(self, action: actions.Arm) -> None:
        self._clock.arm(action.timer, action.seconds, time.monotonic())

    def _disarm(self, action: actions.Disarm) -> None:
        self._clock.disarm(action.timer)

    def _log(self, action: actions.Log) -> None:
        self._tools.log.write_fields(action.message, action.fields)

    # --- the end -----------------------------------------------------------------------------

    def _end(self, action: actions.Finish) -> None:
        self._finish = action

    def _close(self, finish: actions.Finish) -> None:
        conns = dict(self._conns)
        if finish.reset:
            conns.pop(Side.CLIENT).reset()
        closing.close(conns.values(), None if self._stopped else self._stop_fd)
