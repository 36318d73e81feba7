"""session - one session: two connections on one hand, the engine on the other.

    Session(client, accepted, proxy, tools, stopping).serve()

A loop without a decision: wait for a side or for time, tell the engine, perform
what it answers.  Octets of a literal go past the engine (relay.py).  Both
directions are independent: a client that writes much while it reads slowly stops
nobody.

`Connect` and `Secure` block, for conn-timeout and idle-timeout at most.  The end
of the program is an event; it cuts those and the close short.
See also: engine/events.py, engine/actions.py, lanes.py, clock.py, record.py.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from kernun_common.auth.presence import NOBODY, Presence
from kernun_common.errors import PeerClosed, PeerError, Side, Timeout, Unavailable
from kernun_common.log.message import Message
from kernun_common.log.sinks import Log
from kernun_common.monitoring.seat import Seat
from kernun_common.netio import closing, intake
from kernun_common.netio import messages as netio_messages
from kernun_common.netio.conn import Conn
from kernun_common.netio.connect import connect
from kernun_common.netio.relay import Relay
from kernun_common.netio.section import SockOpt
from kernun_common.netio.shape import UNSHAPED, Shape
from kernun_common.netio.waiting import Waiter
from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver.stopping import Stopping
from kernun_common.tcpserver.title import Title
from kernun_common.tls import messages as tls_messages
from kernun_common.tls.context import Contexts, Role
from kernun_common.tls.upgrade import upgrade
from kernun_common.traffic_shaping import messages as shaping_messages
from kernun_common.traffic_shaping.section import Queue

from . import data_log, record
from .clock import Clock
from .engine import actions, events
from .engine.engine import Engine
from .engine.events import Timer
from .engine.processing import Tools as ProcessingTools
from .lanes import GONE, Lane, Lanes
from .mail_means import MailMeans
from .mail_work import Storing
from .section import Imap4Proxy
from .texts import Catalogue

READS = 32  # pieces of one side in a row, before the other side and the clock have their turn
HOLD = intake.SIZE  # octets that wait to go out together, of what was read together
LARGE_LITERAL = 1 << 15  # octets; behind it the next one is probably large as well, so ...
BEHIND_LARGE = 1024  # ... so many are given to the engine at once: a line, and a little of that
TITLE_SECONDS = 1.0  # the process title is that much behind, and not set for every command

_ROLES = {Side.CLIENT: Role.SERVER, Side.SERVER: Role.CLIENT}


@dataclass(frozen=True)
class Tools:
    """What the parent made for all sessions: texts by language, TLS contexts, log, title, seat.

    And what mails are processed with, and what a queue is to a socket.
    """

    catalogues: Mapping[str, Catalogue]
    contexts: Contexts
    mails: MailMeans
    processing: ProcessingTools
    log: Log
    title: Title
    seat: Seat
    shape: Callable[[Optional[Queue]], Shape] = lambda queue: UNSHAPED


class Session:
    def __init__(
        self,
        client: Conn,
        accepted: events.Accepted,
        proxy: Imap4Proxy,
        tools: Tools,
        stopping: Stopping,
        presence: Presence = NOBODY,
    ) -> None:
        self._options = proxy.server_conn
        self._tools = tools
        self._stop_fd = stopping.fd
        self._waiter = Waiter(stopping.fd, idle=tools.log.flush, wakeup=stopping.wakeup)
        self._engine = Engine(proxy, tools.catalogues, tools.processing)
        self._data_log = data_log.DataLog(self._engine, proxy, tools.log)
        self._mails = tools.mails.work(accepted.resolution)
        self._accepted = accepted
        self._presence = presence
        self._started = time.monotonic()
        self._clock = Clock(self._started, _shortest(client.options, proxy.server_conn))
        self._clock.look_by(min(self._started + TITLE_SECONDS, presence.due))
        self._lanes = Lanes(stopping.fd, self._engine.reading, self._resumed, stopping.wakeup)
        self._client = self._lanes.add(client)
        self._tls: Dict[Side, str] = {}  # version and cipher of the sides that have it
        self._hold = 0  # so many octets to be sent wait for what follows
        self._last_words = False  # of a server that takes nothing any more are waited for
        self._finish: actions.Finish | None = None
        self._perform: Dict[Any, Callable[[Any], events.Event | None]] = {
            actions.SendToClient: self._send_to_client,
            actions.SendToServer: self._send_to_server,
            actions.Relay: self._start_relay,
            actions.Connect: self._connect,
            actions.Secure: self._secure,
            actions.Shape: self._shape,
            actions.Arm: self._arm,
            actions.Disarm: self._disarm,
            actions.Reserve: self._mails.reserve,
            actions.Store: self._store,
            actions.Save: self._mails.save,
            actions.Check: self._mails.check,
            actions.Quarantine: self._mails.quarantine,
            actions.Log: self._log,
            actions.Finish: self._end,
        }

    def serve(self) -> None:
        """The whole session, to the end of both connections."""
        with self._tools.log.gathering():
            self._serve()

    def _serve(self) -> None:
        try:
            self._feed(self._accepted)
            while self._finish is None:
                self._turn()
            self._close(self._finish)
        finally:
            seconds, conns = time.monotonic() - self._started, self._lanes.conns
            record.write(self._tools.log, self._engine, self._accepted, conns, seconds)
            self._leave()
            self._mails.close()
            for conn in conns.values():
                conn.close()

    def _turn(self) -> None:
        """Wait once, and work on what there is."""
        log, wants = self._tools.log, self._mails.wants
        wake = min(self._clock.wake, log.due, *(want.deadline for want in wants))
        for lane, mask in self._lanes.wait(wake - time.monotonic(), wants):
            if lane is None:
                self._feed(events.Stopped())
            else:
                self._attend(lane, mask)
            if self._finish is not None:
                return
        if wants:
            self._feed(self._mails.step(self._lanes.ready))
        now = time.monotonic()
        if now >= log.due:
            log.flush()
        if now >= self._clock.wake:
            self._look_at_clock()
        for lane in self._lanes:
            if lane.conn.deaf:
                self._on_deaf(lane.side, now)

    def _on_deaf(self, side: Side, now: float) -> None:
        """A client that takes nothing any more is gone; a server's last words are waited for."""
        if side is Side.CLIENT:
            self._feed(events.Closed(side, deaf=True, failure=self._client.conn.failure))
        elif not self._last_words:
            self._last_words = True
            self._clock.heard(side, now)
            self._clock.look_by(now + self._options.recv_timeout)

    # --- time --------------------------------------------------------------------------------

    def _look_at_clock(self) -> None:
        due = self._clock.look(self._watched(), time.monotonic())
        if due is not None:
            self._feed(events.Expired(due.timer, due.side))
        if time.monotonic() >= self._presence.due:
            self._presence.show()
        self._clock.look_by(self._presence.due)
        self._tools.title.show(record.title(self._engine, self._accepted))
        self._show()

    def _show(self) -> None:
        """To those who monitor the proxy."""
        engine, conns = self._engine, self._lanes.conns
        words = record.shown(engine, self._accepted, self._tls)
        self._tools.seat.show(words, record.live(engine, conns))

    def _watched(self) -> List[Tuple[Timer, Side, float]]:
        """The silences that count now."""
        watched = []
        for lane in self._lanes:
            options = lane.conn.options
            if lane.conn.blocked:
                watched.append((Timer.SEND, lane.side, options.send_timeout))
            if lane.reads and (lane.conn.deaf or self._engine.midway(lane.side)):
                watched.append((Timer.RECV, lane.side, options.recv_timeout))
        return watched

    def _resumed(self, side: Side) -> None:
        self._clock.heard(side, time.monotonic())

    def _heard(self, side: Side) -> None:
        now = time.monotonic()
        self._clock.heard(side, now)
        self._clock.look_by(now + TITLE_SECONDS)

    # --- octets ------------------------------------------------------------------------------

    def _attend(self, lane: Lane, mask: int) -> None:
        """Poll says this of a side."""
        conn = lane.conn
        if conn.pending and mask & (conn.write_wants | GONE):
            self._flush(conn)
        if lane.reads and mask & (conn.read_wants | GONE):
            self._read(lane)
        elif conn.ended and mask & GONE:
            self._feed(events.Closed(lane.side, deaf=True, failure=conn.failure))

    def _flush(self, conn: Conn) -> None:
        """Send what waits; to take some of it, or to begin to refuse it, restarts SEND."""
        blocked, before = conn.blocked, conn.pending
        conn.flush()
        if conn.pending < before or conn.blocked is not blocked:
            self._clock.took(conn.side, time.monotonic())

    def _read(self, lane: Lane) -> None:
        """What has arrived, as long as there is likely to be more."""
        try:
            for _ in range(READS):
                if not self._read_on(lane):
                    break
        except PeerClosed:
            self._ended(lane)
        except PeerError as broken:
            self._write(tls_messages.BROKEN, side=lane.side, reason=broken.reason)
            self._ended(lane)
        if self._hold:
            self._release()

    def _read_on(self, lane: Lane) -> bool:
        """Is there likely to be more?  Then what this piece leads to is held, to go with it.

        A large piece gains nothing by waiting.
        """
        conn, relay, most = lane.conn, lane.relay, lane.conn.options.recv_bufsize
        if relay is not None:
            if not self._relayed(lane, relay):
                return False
            if relay.octets >= LARGE_LITERAL:
                most = min(most, BEHIND_LARGE)
        elif self._engine.flows(lane.side):
            most = intake.SIZE
        ahead = conn.ahead
        octets = conn.receive(most)
        if octets is None:
            return False
        more = ahead > 0 or len(octets) >= most
        self._hold = HOLD if ahead else most if more and most < HOLD else 0
        self._feed(events.Received(lane.side, octets))
        self._heard(lane.side)
        return more and self._finish is None and self._lanes.reads(lane)

    def _release(self) -> None:
        """Send what is held."""
        self._hold = 0
        for lane in self._lanes:
            if lane.conn.pending and not lane.conn.blocked:
                self._flush(lane.conn)

    def _relayed(self, lane: Lane, relay: Relay | Storing) -> bool:
        """Move octets of a literal on: is it through, and may more be read?"""
        self._hold = HOLD
        if relay.step():
            self._heard(lane.side)
            if relay.onward:
                self._clock.took(lane.side.other, time.monotonic())
        if relay.left:
            return False
        lane.relay = None
        if not relay.onward:
            self._feed(self._mails.stored())
        return self._lanes.reads(lane)

    def _ended(self, lane: Lane) -> None:
        conn = lane.conn
        conn.ended = True
        lane.relay = None
        self._feed(events.Closed(lane.side, conn.deaf, conn.failure))

    # --- what the engine says ----------------------------------------------------------------

    def _feed(self, event: events.Event | None) -> None:
        """Tell the engine what happened, and perform what it answers; an outcome is an event."""
        while event is not None:
            full = self._tools.log.level >= data_log.LEVEL
            engine = self._data_log if full else self._engine
            todo, event = engine.feed(event, time.monotonic()), None
            for action in todo:
                event = self._perform[type(action)](action) or event

    def _send_to_client(self, action: actions.SendToClient) -> None:
        self._send(self._client.conn, action.octets)

    def _send_to_server(self, action: actions.SendToServer) -> None:
        self._send(self._lanes[Side.SERVER].conn, action.octets)

    def _send(self, conn: Conn, octets: bytes | memoryview) -> None:
        if conn.pending < self._hold:
            conn.put(octets)
            return
        blocked = conn.blocked
        conn.send(octets)
        if conn.blocked and not blocked:
            self._clock.took(conn.side, time.monotonic())

    def _start_relay(self, action: actions.Relay) -> None:
        source = self._lanes[action.source]
        destination = self._lanes[action.source.other]
        source.relay = Relay(source.conn, destination.conn, action.octets)

    def _store(self, action: actions.Store) -> events.Event | None:
        lane = self._lanes[action.source]
        stored = self._mails.store(action, lane.conn)
        lane.relay = self._mails.storing
        return stored

    def _connect(self, action: actions.Connect) -> events.Event:
        self._release()
        self._tools.seat.phase("connecting")
        try:
            sock, host, server = connect(
                action.candidates,
                self._options,
                self._accepted.resolution,
                self._waiter,
                self._write,
                action.sources,
            )
        except Unavailable as failure:
            return events.Unreachable(failure.what)
        try:
            own = Sockaddr.of(sock.getsockname())
            conn = Conn(sock, Side.SERVER, self._options)
        except OSError as error:
            sock.close()
            return events.Unreachable(f"{server}: {error.strerror}")
        self._write(netio_messages.CONNECTED, to=server, own=own)
        self._lanes.add(conn)
        return events.Connected(host, server)

    def _secure(self, action: actions.Secure) -> events.Event:
        self._release()
        self._tools.seat.phase("handshake")
        side, conn = action.side, self._lanes[action.side].conn
        context = self._tools.contexts.get(action.params, _ROLES[side])
        deadline = self._clock.latest(time.monotonic())
        try:
            peer = upgrade(conn, context, action.name, self._waiter, deadline)
        except PeerError as failure:
            return events.Insecure(side, failure.reason)
        except Timeout as failure:
            return events.Insecure(side, f"{failure.which} in the handshake")
        self._tls[side] = f"{peer.version} {peer.cipher}"
        self._clock.heard(side, time.monotonic())
        return events.Secured(side, *peer)

    def _shape(self, action: actions.Shape) -> None:
        try:
            self._tools.shape(action.queue).give(self._lanes[action.side].conn.sock)
        except OSError as error:
            self._write(
                shaping_messages.UNSHAPED, queue=action.queue.name, reason=error.strerror
            )

    def _arm(self, action: actions.Arm) -> None:
        self._clock.arm(action.timer, action.seconds, time.monotonic())

    def _disarm(self, action: actions.Disarm) -> None:
        self._clock.disarm(action.timer)

    def _log(self, action: actions.Log) -> None:
        if self._hold:
            self._release()
        self._tools.log.write_fields(action.message, action.fields)

    def _write(self, message: Message, **fields: object) -> None:
        self._tools.log.write_fields(message, fields)

    def _end(self, action: actions.Finish) -> None:
        self._finish = action

    def _leave(self) -> None:
        conversation = self._engine.conversation
        result = conversation.result or actions.Result.FAILED
        live = record.live(self._engine, self._lanes.conns)
        self._presence.show()
        self._tools.seat.end(result.value, live, record.acls(conversation))

    def _close(self, finish: actions.Finish) -> None:
        if finish.reset:
            self._client.conn.reset()
        closing.close(self._lanes.conns.values(), self._stop_fd, idle=self._tools.log.flush)


def _shortest(*options: SockOpt) -> float:
    """Of the timeouts that bound a silence."""
    return min(min(one.recv_timeout, one.send_timeout) for one in options)
