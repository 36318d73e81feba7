"""stage - where an engine plays without sockets: what a session does, in memory.

    stage = Stage(configured(command_acl="commands ! { DELETE };"))
    stage.happen(events.Connected(...))
    stage.arrive(Side.CLIENT, b"a1 NOOP\\r\\n")
    stage.sent[Side.SERVER]                     b"p1 NOOP\\r\\n"

It holds octets back while the engine does not read a side or waits for an
outcome, and moves the octets of `Relay` past the engine.  It watches what holds
in every session: nothing is done behind `Finish`, nothing is sent into a literal
that is being relayed, no password is logged.
See also: imap4proxy/session.py, which does the same with sockets; rehearsal.py.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Callable, Mapping, cast

from imap4proxy import VERSION_TAG, catalogues
from imap4proxy.engine import actions, events
from imap4proxy.engine.engine import Engine
from imap4proxy.engine.processing import Tools
from imap4proxy.section import ROOT, Imap4Proxy
from imap4proxy.texts import Catalogue
from kernun_common.antivirus.status import Status
from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.errors import Side
from kernun_common.sockaddr import Sockaddr, address

CLIENT = Sockaddr(address("198.51.100.1"), 1025)
PROXY = Sockaddr(address("192.0.2.1"), 143)
SERVER = Sockaddr(address("192.0.2.7"), 143)
CONNECTED = events.Connected("192.0.2.7", SERVER)
SECRETS = ("sesame", "c2VzYW1l", "secret", "c2VjcmV0")  # passwords, also as the end of an answer

ACCEPTING = "mail-acl ALL { accept; } doc-acl ALL { accept; }"  # mails are scanned

_NAME = "stage"  # of the configuration, in errors
_CONFIGURATION = """
version {version};
ssl-params IN {{ cert-file "in.pem"; key-file "in.key"; verify optional; ca-file "ca.pem"; }}
ssl-params OUT {{ ca-file "ca.pem"; }}
{top}
imap4-proxy T {{
    listen-on {{ non-transparent [192.0.2.1] port 143; }}
    {proxy}
    session-acl ALL {{ plug-to [192.0.2.7] : 143; {session_acl} accept; }}
    command-acl ALL {{ {command_acl} {scanning} accept; }}
    {mail}
}}
"""


class Broken(Exception):
    """The engine did what it never may."""


@lru_cache(maxsize=None)
def configured(
    top: str = "", proxy: str = "", session_acl: str = "", command_acl: str = "", mail: str = ""
) -> Imap4Proxy:
    """The section imap4-proxy with these items in its places; `mail`: ACLs of scanned mails."""
    text = _CONFIGURATION.format(
        version=VERSION_TAG,
        top=top,
        proxy=proxy,
        session_acl=session_acl,
        command_acl=command_acl,
        scanning="" if mail else "no-mail-scanning;",
        mail=mail,
    )
    file = parse(text, _NAME)
    configuration = check(file.statements, file.errors, _NAME, ROOT, VERSION_TAG, Context())
    [section] = configuration.sections("imap4-proxy")
    return cast(Imap4Proxy, section)


@lru_cache(maxsize=None)
def texts() -> Mapping[str, Catalogue]:
    return catalogues.load()


@dataclass(frozen=True)
class Findings:
    """What engines say where there is none."""

    virus_status: Status = Status.SKIPPED
    virus_name: str | None = None
    spam_score: int | None = None


class Pooled:
    """A mail in the pool, in memory."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.digest = blake2b(octets).digest()

    def __len__(self) -> int:
        return len(self.octets)

    def view(self, start: int = 0, end: int | None = None) -> memoryview:
        return memoryview(self.octets)[start:end]

    def release(self) -> None:
        pass


def _saved(action: actions.Save) -> events.Stored:
    octets = b"".join(action.chunks)
    assert len(octets) == action.length
    return events.Stored(Pooled(octets))


class Stage:
    """The session of a client who has connected; `done` are the actions that are not octets."""

    def __init__(self, proxy: Imap4Proxy) -> None:
        self.sent = {side: bytearray() for side in Side}
        self.done: list[actions.Action] = []
        self.now = 0.0
        self.over = False
        self._engine = Engine(proxy, texts(), Tools())
        self.waiting: dict[Side, deque[bytes]] = {side: deque() for side in Side}  # not read yet
        self._relayed = {side: 0 for side in Side}  # octets of a literal still to pass
        self._stored: tuple[Side, bytearray, int] | None = None  # a mail, and what is still to come
        self._outcomes: deque[events.Event] = deque()  # that follow at once
        self.no_room = ""  # why the mail pool has none
        self.findings = Findings()  # of the engines
        self.unchecked = ""  # why they could not be asked
        self.outcome_due = False  # of connecting or of a handshake: nothing else happens
        self._perform: dict[type, Callable[[Any], None]] = {
            actions.SendToClient: lambda action: self._send(Side.CLIENT, action.octets),
            actions.SendToServer: lambda action: self._send(Side.SERVER, action.octets),
            actions.Relay: self._relay,
            actions.Reserve: lambda action: self._later(events.Reserved(self.no_room)),
            actions.Store: self._store,
            actions.Save: lambda action: self._later(_saved(action)),
        }
        self._feed(events.Accepted(CLIENT, PROXY, False, datetime(2026, 3, 2, 10)))

    def arrive(self, side: Side, octets: bytes) -> None:
        """Octets of `side`, in a segment; they wait while the engine does not read them."""
        self.waiting[side].append(octets)
        self._deliver()

    def happen(self, event: events.Event) -> None:
        """Anything but octets; an outcome that was waited for among them."""
        self.outcome_due = False
        if not self.over:
            self._feed(event)
        self._deliver()

    def midway(self, side: Side) -> bool:
        """Does recv-timeout run for a side?"""
        return self._engine.midway(side)

    def _deliver(self) -> None:
        moved = True
        while moved:
            moved = False
            for side, waiting in self.waiting.items():
                while waiting and self._reads(side):
                    moved = True
                    octets = self._past_engine(side, waiting.popleft())
                    if octets:
                        self._feed(events.Received(side, octets))

    def _reads(self, side: Side) -> bool:
        if self.outcome_due or self.over:
            return False
        if self._stored is not None and self._stored[0] is side:
            return True
        return self._relayed[side] > 0 or self._engine.reading(side)

    def _past_engine(self, side: Side, octets: bytes) -> bytes:
        if self._stored is not None and self._stored[0] is side:
            _, mail, rest = self._stored
            mail += octets[:rest]
            self._stored = (side, mail, max(0, rest - len(octets)))
            if octets[rest:]:
                self.waiting[side].appendleft(octets[rest:])
            self._keep()
            self._follow()
            return b""
        count = min(self._relayed[side], len(octets))
        self._relayed[side] -= count
        self.sent[side.other] += octets[:count]
        return octets[count:]

    def _feed(self, event: events.Event) -> None:
        for action in self._engine.feed(event, self.now):
            if self.over:
                raise Broken(f"{action} behind Finish")
            self._perform.get(type(action), self._other)(action)
        self._follow()

    def _follow(self) -> None:
        while self._outcomes and not self.over:
            self._feed(self._outcomes.popleft())

    def _later(self, event: events.Event) -> None:
        self._outcomes.append(event)

    def _store(self, action: actions.Store) -> None:
        self._stored = (action.source, bytearray(action.octets), action.rest)
        self._keep()

    def _keep(self) -> None:
        """The mail is in the pool, if all of it has come."""
        assert self._stored is not None
        _, mail, rest = self._stored
        if not rest:
            self._stored = None
            self._later(events.Stored(Pooled(bytes(mail))))

    def _send(self, side: Side, octets: bytes) -> None:
        if self._relayed[side.other]:
            raise Broken(f"{octets!r} is sent into a literal")
        self.sent[side] += octets

    def _relay(self, action: actions.Relay) -> None:
        if self._relayed[action.source]:
            raise Broken("a literal within a literal")
        self._relayed[action.source] = action.octets

    def _other(self, action: actions.Action) -> None:
        self.done.append(action)
        if isinstance(action, (actions.Connect, actions.Secure)):
            self.outcome_due = True
        elif isinstance(action, actions.Check):
            self._later(events.Checked(self.findings, self.unchecked))
        elif isinstance(action, actions.Quarantine):
            self._later(events.Quarantined())
        elif isinstance(action, actions.Finish):
            self.over = True
        elif isinstance(action, actions.Log):
            line = action.message.render(action.fields)
            if any(secret in line for secret in SECRETS):
                raise Broken(f"a password is logged: {line}")
