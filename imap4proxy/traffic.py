"""traffic - the octets of a session's two connections, on their way to the engine and from it.

    traffic = Traffic(engine, lanes, clock, mails, log, feed)
    traffic.attend(lane, mask)          poll says this of a side: read it, send what waits for it
    traffic.send_to_client(action)      and what else the engine says of octets
    traffic.release()                   send what is held: before anything that blocks or is logged

What is read is fed to the engine, until it says `over`.  Octets of a literal go past it (relay.py,
mail_work.py).  What a piece leads to is held where more is likely to follow, and goes with that.
`hold` is how many octets may wait so.
See also: session.py, lanes.py, clock.py.
"""

from __future__ import annotations

import time
from typing import Callable

from kernun_common.errors import PeerClosed, PeerError, Side
from kernun_common.log.sinks import Log
from kernun_common.netio import intake
from kernun_common.netio.conn import Conn
from kernun_common.netio.relay import Relay
from kernun_common.tls import messages as tls_messages

from .clock import Clock
from .engine import actions, events
from .engine.engine import Engine
from .lanes import GONE, Lane, Lanes
from .mail_work import MailWork, Storing

READS = 32  # pieces of one side in a row, before the other side and the clock have their turn
HOLD = intake.SIZE  # octets that wait to go out together, of what was read together
LARGE_LITERAL = 1 << 15  # octets; behind it the next one is probably large as well, so ...
BEHIND_LARGE = 1024  # ... so many are given to the engine at once: a line, and a little of that
TITLE_SECONDS = 1.0  # the process title is that much behind, and not set for every command

Feed = Callable[[events.Event | None], None]


class Traffic:
    """See the file's first lines."""

    def __init__(
        self, engine: Engine, lanes: Lanes, clock: Clock, mails: MailWork, log: Log, feed: Feed
    ) -> None:
        self._engine = engine
        self._lanes = lanes
        self._clock = clock
        self._mails = mails
        self._log = log
        self._feed = feed
        self._client = lanes[Side.CLIENT]
        self._last_words = False  # of a server that takes nothing any more are waited for
        self.hold = 0  # so many octets to be sent wait for what follows
        self.over = False

    # --- from the peers ----------------------------------------------------------------------

    def attend(self, lane: Lane, mask: int) -> None:
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
            fields = {"side": lane.side, "reason": broken.reason}
            self._log.write_fields(tls_messages.BROKEN, fields)
            self._ended(lane)
        if self.hold:
            self.release()

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
        self.hold = HOLD if ahead else most if more and most < HOLD else 0
        self._feed(events.Received(lane.side, octets))
        self._heard(lane.side)
        return more and not self.over and self._lanes.reads(lane)

    def release(self) -> None:
        """Send what is held."""
        self.hold = 0
        for lane in self._lanes:
            if lane.conn.pending and not lane.conn.blocked:
                self._flush(lane.conn)

    def _relayed(self, lane: Lane, relay: Relay | Storing) -> bool:
        """Move octets of a literal on: is it through, and may more be read?"""
        self.hold = HOLD
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

    def on_deaf(self, lane: Lane, now: float) -> None:
        """A client that takes nothing any more is gone; a server's last words are waited for."""
        side, conn = lane.side, lane.conn
        if side is Side.CLIENT:
            self._feed(events.Closed(side, deaf=True, failure=conn.failure))
        elif not self._last_words:
            self._last_words = True
            self._clock.heard(side, now)
            self._clock.look_by(now + conn.options.recv_timeout)

    def _heard(self, side: Side) -> None:
        now = time.monotonic()
        self._clock.heard(side, now)
        self._clock.look_by(now + TITLE_SECONDS)

    # --- from the engine ---------------------------------------------------------------------

    def send_to_client(self, action: actions.SendToClient) -> None:
        self._send(self._client.conn, action.octets)

    def send_to_server(self, action: actions.SendToServer) -> None:
        self._send(self._lanes[Side.SERVER].conn, action.octets)

    def _send(self, conn: Conn, octets: bytes | memoryview) -> None:
        if conn.pending < self.hold:
            conn.put(octets)
            return
        blocked = conn.blocked
        conn.send(octets)
        if conn.blocked and not blocked:
            self._clock.took(conn.side, time.monotonic())

    def start_relay(self, action: actions.Relay) -> None:
        source = self._lanes[action.source]
        destination = self._lanes[action.source.other]
        source.relay = Relay(source.conn, destination.conn, action.octets)

    def store(self, action: actions.Store) -> events.Event | None:
        lane = self._lanes[action.source]
        stored = self._mails.store(action, lane.conn)
        lane.relay = self._mails.storing
        return stored
