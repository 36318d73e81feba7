"""session - one session: two connections on one hand, the engine on the other.

    Session(client, accepted, proxy, tools, stopping).serve()

A loop without a decision: wait for a side or for time, tell the engine, perform
what it answers.  Both directions are independent: a client that writes much while
it reads slowly stops nobody.

`Connect` and `Secure` block (connecting.py).  The end of the program is an event;
it cuts those and the close short.
See also: traffic.py, engine/events.py, engine/actions.py, lanes.py, clock.py, record.py.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from kernun_common.auth.presence import NOBODY, Presence
from kernun_common.errors import Side
from kernun_common.log.message import Message
from kernun_common.log.sinks import Log
from kernun_common.monitoring.seat import Seat
from kernun_common.netio import closing
from kernun_common.netio.conn import Conn
from kernun_common.netio.section import SockOpt
from kernun_common.netio.shape import UNSHAPED, Shape
from kernun_common.netio.waiting import Waiter
from kernun_common.tcpserver.stopping import Stopping
from kernun_common.tcpserver.title import Title
from kernun_common.tls.context import Contexts
from kernun_common.traffic_shaping import messages as shaping_messages
from kernun_common.traffic_shaping.section import Queue

from . import data_log, record
from .clock import Clock
from .connecting import Connecting
from .engine import actions, events
from .engine.engine import Engine
from .engine.events import Timer
from .engine.processing import Tools as ProcessingTools
from .lanes import Lanes
from .mail_means import MailMeans
from .section import Imap4Proxy
from .texts import Catalogue
from .traffic import TITLE_SECONDS, Traffic


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
        self._engine = Engine(proxy, tools.catalogues, tools.processing)
        self._data_log = data_log.DataLog(self._engine, proxy, tools.log)
        self._mails = tools.mails.work(accepted.resolution)
        self._accepted = accepted
        self._presence = presence
        self._started = time.monotonic()
        self._clock = Clock(self._started, _shortest(client.options, proxy.server_conn))
        self._clock.look_by(min(self._started + TITLE_SECONDS, presence.due))
        self._lanes = Lanes(stopping.fd, self._engine.reading, self._resumed, stopping.wakeup)
        self._lanes.add(client)
        self._traffic = traffic = Traffic(
            self._engine, self._lanes, self._clock, self._mails, tools.log, self._feed
        )
        self._connecting = Connecting(
            self._lanes,
            self._clock,
            Waiter(stopping.fd, idle=tools.log.flush, wakeup=stopping.wakeup),
            tools.contexts,
            tools.log,
        )
        self._finish: actions.Finish | None = None
        self._perform: Dict[Any, Callable[[Any], events.Event | None]] = {
            actions.SendToClient: traffic.send_to_client,
            actions.SendToServer: traffic.send_to_server,
            actions.Relay: traffic.start_relay,
            actions.Connect: self._connect,
            actions.Secure: self._secure,
            actions.Shape: self._shape,
            actions.Arm: self._arm,
            actions.Disarm: self._disarm,
            actions.Reserve: self._mails.reserve,
            actions.Store: traffic.store,
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
                self._traffic.attend(lane, mask)
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
                self._traffic.on_deaf(lane, now)

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
        words = record.shown(engine, self._accepted, self._connecting.tls)
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

    # --- what the engine says ----------------------------------------------------------------

    def _feed(self, event: events.Event | None) -> None:
        """Tell the engine what happened, and perform what it answers; an outcome is an event."""
        while event is not None:
            full = self._tools.log.level >= data_log.LEVEL
            engine = self._data_log if full else self._engine
            todo, event = engine.feed(event, time.monotonic()), None
            for action in todo:
                event = self._perform[type(action)](action) or event

    def _connect(self, action: actions.Connect) -> events.Event:
        self._pause("connecting")
        return self._connecting.connect(action, self._options, self._accepted.resolution)

    def _secure(self, action: actions.Secure) -> events.Event:
        self._pause("handshake")
        return self._connecting.secure(action)

    def _pause(self, phase: str) -> None:
        """What follows may take long."""
        self._traffic.release()
        self._tools.seat.phase(phase)

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
        if self._traffic.hold:
            self._traffic.release()
        self._tools.log.write_fields(action.message, action.fields)

    def _write(self, message: Message, **fields: object) -> None:
        self._tools.log.write_fields(message, fields)

    def _end(self, action: actions.Finish) -> None:
        self._finish = action
        self._traffic.over = True

    def _leave(self) -> None:
        conversation = self._engine.conversation
        result = conversation.result or actions.Result.FAILED
        live = record.live(self._engine, self._lanes.conns)
        self._presence.show()
        self._tools.seat.end(result.value, live, record.acls(conversation))

    def _close(self, finish: actions.Finish) -> None:
        if finish.reset:
            self._lanes[Side.CLIENT].conn.reset()
        closing.close(self._lanes.conns.values(), self._stop_fd, idle=self._tools.log.flush)


def _shortest(*options: SockOpt) -> float:
    """Of the timeouts that bound a silence."""
    return min(min(one.recv_timeout, one.send_timeout) for one in options)
