"""conversation - what the lanes and phases of one session share.

Facts, the acls chosen, the RFC state, the commands in flight, the counters; and
the few verbs that all of them need: tell the client a line, refuse a command,
log, end the session.

A line of the proxy's own must not fall into the middle of a response that is
being passed on, so while `midst` is true such lines wait (`_deferred`).
"""

from __future__ import annotations

from typing import Any, List, Mapping

from kernun_common.acl.facts import Facts
from kernun_common.errors import Side
from kernun_common.log.message import Message

from .. import messages
from ..section import CommandAcl, Imap4Proxy, SessionAcl
from ..texts import Catalogue, Text
from .actions import Arm, Disarm, Finish, Result
from .capability import Offer
from .events import Connected, Timer
from .exchange import Exchange
from .inflight import InFlight, InFlightTable
from .outbox import Outbox
from .refusal import Refusal
from .repeats import Repeats
from .states import BARRIERS, SELECTING, State, after

MOST_INVALID = 10  # invalid commands that end a session
MOST_DEFERRED = 100  # lines of our own that wait for the end of a response


def departure(who: str, failure: str) -> str:
    """Why a session ended of which one peer has gone; `failure` as in events.Closed."""
    return f"{who}'s connection broke: {failure}" if failure else f"{who} closed the connection"


class Conversation:
    def __init__(self, proxy: Imap4Proxy, catalogues: Mapping[str, Catalogue]) -> None:
        self.proxy = proxy
        self.outbox = Outbox()
        self.inflight = InFlightTable()
        self.offer = Offer()
        self.state = State.NOT_AUTHENTICATED
        self.now = 0.0
        self.started = 0.0
        self.octets_in = 0  # from the server, inside TLS
        self.octets_out = 0  # from the client, inside TLS
        self.consumed = 0  # of these, by commands that are complete
        self.commands = 0
        self.activity = ""  # what the session is doing, for the process title
        self.mailbox: bytes | None = None  # that is selected
        self.read_only = False  # ... by EXAMINE
        self.selections = 0  # how often one was
        self.uidvalidity: int | None = None  # ... and what its UIDs are valid with
        self.user: bytes | None = None  # the IMAP user, where the login showed it
        self.facts: Facts | None = None
        self.server: Connected | None = None
        self.session_acl: SessionAcl | None = None
        self.command_acl: CommandAcl | None = None
        self.exchange: Exchange | None = None  # a command that speaks in lines: AUTHENTICATE, IDLE
        self.barrier: InFlight | None = None  # the next command is read behind this one's answer
        self.greeted = False  # the client has had its greeting
        self.client_gone = False  # it will send no more; it may still listen
        self.server_bye = False
        self.over = False  # it is when `result` is known
        self.result: Result | None = None
        self.ending = ""  # why it ended, in a few words
        self._catalogues = catalogues
        self._language = "EN"
        self._utf8 = False
        self._midst = False
        self._deferred: List[bytes] = []
        self._invalid = 0
        self._repeats = Repeats()

    # --- texts -------------------------------------------------------------------------------

    def speak(self, language: str | None) -> None:
        """Choose the language of the proxy's texts; None leaves it as it is."""
        self._language = language or self._language

    @property
    def language(self) -> str:
        """A word of nls."""
        return self._language

    def enable_utf8(self) -> None:
        """The client enabled UTF8=ACCEPT or IMAP4rev2 (RFC 6855, RFC 9051)."""
        self._utf8 = True

    @property
    def utf8(self) -> bool:
        return self._utf8

    def text(self, text: Text, *values: str) -> bytes:
        return self._catalogues[self._language].octets(text, *values, utf8=self._utf8)

    # --- towards the client ------------------------------------------------------------------

    @property
    def midst(self) -> bool:
        """Has the client been sent a part of a response whose rest is still to come?"""
        return self._midst

    @midst.setter
    def midst(self, midst: bool) -> None:
        self._midst = midst
        if self._deferred and not midst:
            self.outbox.to_client(b"".join(self._deferred))
            self._deferred.clear()

    @property
    def crowded(self) -> bool:
        """Do so many lines wait for the end of a response that the client is heard no more?"""
        return len(self._deferred) >= MOST_DEFERRED

    def greet(self, octets: bytes) -> None:
        """Send the greeting (with CRLF); from here on the client has login-timeout to log in."""
        self.greeted = True
        self.outbox.to_client(octets)
        self.arm(Timer.LOGIN, self.proxy.client_conn.login_timeout)

    def tell(self, line: bytes) -> None:
        """Send the client a line (without CRLF) of the proxy's own, at the next boundary."""
        if self._midst:
            self._deferred.append(line + b"\r\n")
        else:
            self.outbox.to_client(line + b"\r\n")

    def refuse(self, tag: bytes, name: str, refusal: Refusal) -> None:
        """Answer a command that does not go to the server."""
        self.log(messages.COMMAND_REFUSED, command=name, reason=refusal.text.name)
        self.tell(refusal.line(tag, self.text(refusal.text)))
        if refusal.invalid:
            self._count_invalid()

    def invalid(self, tag: bytes | None, reason: str) -> None:
        """Answer what is no command: BAD, and the tenth ends the session (spec 2.2)."""
        self.log(messages.COMMAND_INVALID, reason=reason)
        self.tell((tag or b"*") + b" BAD " + self.text(Text.INVALID, reason))
        self._count_invalid()

    def _count_invalid(self) -> None:
        self._invalid += 1
        if self._invalid >= MOST_INVALID:
            self.bye(Text.TOO_MANY_INVALID, Result.FAILED, "too many invalid commands")

    # --- commands in flight ------------------------------------------------------------------

    def launch(self, record: InFlight) -> None:
        """A command is on its way to the server."""
        self.inflight.add(record)
        if record.client_tag is None or record.name in BARRIERS:
            self.barrier = record
        if record.name in SELECTING:
            self.uidvalidity = None
            self.selections += 1
        if record.client_tag is not None:
            self.commands += 1
            self.activity = record.name

    def landed(self, record: InFlight, condition: bytes) -> None:
        """The server completed a command with `condition`."""
        if self.barrier is record:
            self.barrier = None
        self.state = after(self.state, record.name, condition)
        self.activity = self.state.value
        if self.state is not State.SELECTED:
            self.mailbox = None
        elif record.name in SELECTING:
            self.mailbox = record.mailbox
            self.read_only = record.name == "EXAMINE"
        if record.client_tag is not None:
            self.log_request(record, condition.decode("ascii"))

    def log_request(self, record: InFlight, result: str) -> None:
        self.outbox.log(
            messages.REQUEST,
            {
                "command": record.name,
                "mailbox": record.mailbox,
                "result": result,
                "in": self.octets_in - record.octets_in,
                "out": self.octets_out - record.octets_out,
                "time": self.now - record.since,
            },
        )

    def record(
        self, tag: bytes, client_tag: bytes | None, name: str, mailbox: bytes | None = None
    ) -> InFlight:
        """The record of a command that starts now."""
        return InFlight(
            tag, client_tag, name, mailbox, self.now, self.octets_in, self.consumed
        )

    # --- limits ------------------------------------------------------------------------------

    def count(self, side: Side, octets: int) -> bool:
        """Octets of `side` pass; False if that is over max-bytes-in or -out: the session ends."""
        acl = self.command_acl
        if side is Side.SERVER:
            self.octets_in += octets
            limit = acl.max_bytes_in if acl is not None else None
            if limit is not None and self.octets_in > limit:
                return self.exceeded("max-bytes-in")
        else:
            self.octets_out += octets
            limit = acl.max_bytes_out if acl is not None else None
            if limit is not None and self.octets_out > limit:
                return self.exceeded("max-bytes-out")
        return True

    def exceeded(self, item: str) -> bool:
        """A limit of the command-acl is exceeded: the session ends.  False, for its callers."""
        self.log(messages.LIMIT_EXCEEDED, item=item)
        self.bye(Text.LIMIT_EXCEEDED, Result.REJECTED, item)
        return False

    # --- log, time, end ----------------------------------------------------------------------

    def log(self, message: Message, **fields: Any) -> None:
        self.outbox.log(message, fields)

    def log_once(self, message: Message, kind: str = "", /, **fields: Any) -> None:
        """What the server may bring about at will: the first of each kind; the rest is counted."""
        if self._repeats.first(message, kind):
            self.log(message, **fields)

    def arm(self, timer: Timer, seconds: float) -> None:
        self.outbox.add(Arm(timer, seconds))

    def disarm(self, timer: Timer) -> None:
        self.outbox.add(Disarm(timer))

    def bye(self, text: Text, result: Result, reason: str) -> None:
        """End the session with `* BYE`; by a reset where a line would fall into a response."""
        self.say_bye(self.text(text), result, reason)

    def say_bye(self, text: bytes, result: Result, reason: str) -> None:
        if self.over:
            return
        if not self._midst:
            self.tell(b"* BYE " + text)
        self.finish(result, reason)

    def finish(self, result: Result, reason: str, reset: bool = False) -> None:
        if self.over:
            return
        self.over, self.result, self.ending = True, result, reason
        self.state = State.LOGOUT
        for identification, times in self._repeats.counts():
            self.log(messages.REPEATED, identification=identification, times=times)
        self.log(messages.FINISHED, reason=reason)
        self.outbox.end(Finish(result, reason, reset=reset or self._midst))
