"""rehearsal - plays a transcript to an engine, and compares.

    for fault in faults(transcript, cuts=[]):
        print(fault)

It stands where the session stands, without sockets: it holds octets back while
the engine does not read a side or waits for an outcome, and it moves the octets
of `Relay` past the engine.  `cuts` are the places at which a segment ends,
counted over all octets that arrive in the transcript.

It also watches what holds in every session: nothing is done behind `Finish`,
nothing is sent into a literal that is being relayed, no password is logged.
See also: transcript.py.
"""

from __future__ import annotations

import difflib
from collections import deque
from datetime import datetime
from functools import lru_cache
from typing import Any, Callable, Collection, Iterator, cast

from imap4proxy import VERSION_TAG, catalogues
from imap4proxy.engine import actions, events
from imap4proxy.engine.engine import Engine
from imap4proxy.section import ROOT, Imap4Proxy
from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.errors import Side
from kernun_common.log.message import Message
from kernun_common.sockaddr import Sockaddr, address
from kernun_common.tls.certificate import Certificate

from .transcript import Doings, Happening, Octets, Stimulus, Transcript, Turn, shown

CLIENT = Sockaddr(address("198.51.100.1"), 1025)
PROXY = Sockaddr(address("192.0.2.1"), 143)
SERVER = Sockaddr(address("192.0.2.7"), 143)
NAME = "transcript"  # of the configuration, in errors
SECRETS = ("sesame", "c2VzYW1l")  # the password in transcripts, and as the end of a SASL answer
SIDES = {"client": Side.CLIENT, "server": Side.SERVER}
STATED = "CEWN"  # the severities of the messages that a transcript states in full

_CONFIGURATION = """
version {version};
ssl-params IN {{ cert-file "in.pem"; key-file "in.key"; verify optional; ca-file "ca.pem"; }}
ssl-params OUT {{ ca-file "ca.pem"; }}
{top}
imap4-proxy T {{
    listen-on {{ non-transparent [192.0.2.1] port 143; }}
    {items}
    session-acl ALL {{ plug-to [192.0.2.7] : 143; {session_acl} accept; }}
    command-acl ALL {{ {command_acl} no-mail-scanning; accept; }}
}}
"""


class Broken(Exception):
    """The engine did what it never may."""


@lru_cache(maxsize=None)
def configured(top: str, items: str, session_acl: str, command_acl: str) -> Imap4Proxy:
    """The section imap4-proxy with these items in its places."""
    text = _CONFIGURATION.format(
        version=VERSION_TAG,
        top=top,
        items=items,
        session_acl=session_acl,
        command_acl=command_acl,
    )
    file = parse(text, NAME)
    configuration = check(file.statements, file.errors, NAME, ROOT, VERSION_TAG, Context())
    [proxy] = configuration.sections("imap4-proxy")
    return cast(Imap4Proxy, proxy)


@lru_cache(maxsize=None)
def texts() -> Any:
    return catalogues.load()


class Rehearsal:
    def __init__(self, transcript: Transcript, cuts: Collection[int] = ()) -> None:
        head = transcript.head
        items = ("top", "proxy", "session-acl", "command-acl")
        proxy = configured(*(head.get(key, "") for key in items))
        self._engine = Engine(proxy, texts())
        self._timers = transcript.states_timers
        self._cuts = cuts
        self._at = 0  # octets that have arrived
        self._now = 0.0
        self._doings = Doings()
        self._waiting: dict[Side, deque[bytes]] = {side: deque() for side in Side}
        self._relayed = {side: 0 for side in Side}  # octets of a literal still to pass
        self._outcome_due = False
        self._over = False
        self._perform: dict[type, Callable[[Any], None]] = {
            actions.SendToClient: lambda action: self._send(Side.CLIENT, action.octets),
            actions.SendToServer: lambda action: self._send(Side.SERVER, action.octets),
            actions.Relay: self._relay,
            actions.Connect: self._connect,
            actions.Secure: self._secure,
            actions.Arm: self._arm,
            actions.Disarm: self._disarm,
            actions.Log: lambda action: self._log(action.message, action.fields),
            actions.Finish: self._finish,
        }

    def turn(self, turn: Turn) -> Doings:
        """Play it; what the engine did."""
        self._doings = Doings()
        if not turn.line:
            self._feed(events.Accepted(CLIENT, PROXY, False, datetime(2026, 3, 2, 10)))
        for stimulus in turn.stimuli:
            self._stimulus(stimulus)
        return self._doings

    # --- what happens ------------------------------------------------------------------------

    def _stimulus(self, stimulus: Stimulus) -> None:
        if isinstance(stimulus, Octets):
            self._waiting[stimulus.side].extend(self._segments(stimulus.octets))
        else:
            self._happen(stimulus)
        self._deliver()

    def _segments(self, octets: bytes) -> Iterator[bytes]:
        begin = 0
        for at in range(1, len(octets)):
            if self._at + at in self._cuts:
                yield octets[begin:at]
                begin = at
        self._at += len(octets)
        yield octets[begin:]

    def _happen(self, happening: Happening) -> None:
        name, *words = happening.words.split()
        if name == "after":
            self._now += float(words[0])
            return
        self._outcome_due = False
        self._feed(_event(name, words))

    def _deliver(self) -> None:
        """Give the engine what it reads, until it reads no more."""
        moved = True
        while moved and not self._over:
            moved = False
            for side, waiting in self._waiting.items():
                while waiting and self._reads(side):
                    moved = True
                    octets = self._past_engine(side, waiting.popleft())
                    if octets:
                        self._feed(events.Received(side, octets))

    def _reads(self, side: Side) -> bool:
        if self._outcome_due or self._over:
            return False
        return self._relayed[side] > 0 or self._engine.reading(side)

    def _past_engine(self, side: Side, octets: bytes) -> bytes:
        count = min(self._relayed[side], len(octets))
        self._relayed[side] -= count
        self._doings.sent[side.other] += octets[:count]
        return octets[count:]

    def _feed(self, event: events.Event) -> None:
        for action in self._engine.feed(event, self._now):
            if self._over:
                raise Broken(f"{action} behind Finish")
            self._perform[type(action)](action)

    # --- what the engine does ----------------------------------------------------------------

    def _send(self, side: Side, octets: bytes) -> None:
        if self._relayed[side.other]:
            raise Broken(f"{octets!r} is sent into a literal")
        self._doings.sent[side] += octets

    def _relay(self, action: actions.Relay) -> None:
        if self._relayed[action.source]:
            raise Broken("a literal within a literal")
        self._relayed[action.source] = action.octets

    def _connect(self, action: actions.Connect) -> None:
        self._outcome(" ".join(["connect", *map(str, action.candidates)]))

    def _secure(self, action: actions.Secure) -> None:
        self._outcome(f"secure {_side(action.side)}")

    def _outcome(self, words: str) -> None:
        self._outcome_due = True
        self._doings.actions.append(words)

    def _arm(self, action: actions.Arm) -> None:
        if self._timers:
            self._doings.actions.append(f"arm {action.timer.value} {action.seconds:g}")

    def _disarm(self, action: actions.Disarm) -> None:
        if self._timers:
            self._doings.actions.append(f"disarm {action.timer.value}")

    def _log(self, message: Message, fields: Any) -> None:
        line = f"{message.tag} {message.render(fields)}"
        if any(secret in line for secret in SECRETS):
            raise Broken(f"a password is logged: {line}")
        self._doings.logs.append(line)

    def _finish(self, action: actions.Finish) -> None:
        self._over = True
        reset = "reset " if action.reset else ""
        self._doings.actions.append(f"finish {action.result.value} {reset}{action.reason}")


def faults(transcript: Transcript, cuts: Collection[int] = ()) -> Iterator[str]:
    """Where the engine did something else than the transcript says; the first such turn."""
    rehearsal = Rehearsal(transcript, cuts)
    for turn in transcript.turns:
        done = rehearsal.turn(turn)
        done.logs = list(_stated(turn.doings.logs, done.logs))
        if done != turn.doings:
            lines = difflib.ndiff(list(shown(turn.doings)), list(shown(done)))
            yield "\n".join([f"{transcript.name}.txt, behind line {turn.line}:", *lines])
            return


def _stated(stated: list[str], logged: list[str]) -> Iterator[str]:
    """The messages that a transcript has to state; in its words where it does."""
    rest = list(stated)
    for line in logged:
        tag = line.split()[0]
        if rest and tag == rest[0].split()[0] and rest[0].partition(" ")[2] in line:
            yield rest.pop(0)
        elif tag[-1] in STATED:
            yield line


def _certificate(subject: str) -> Certificate | None:
    return Certificate((subject,), ("CN=CA",), (), "00" * 32) if subject else None


def _side(side: Side) -> str:
    return side.name.lower()


def _event(name: str, words: list[str]) -> events.Event:
    """The event of EVENTS."""
    if name == "connected":
        return events.Connected("192.0.2.7", SERVER)
    if name == "unreachable":
        return events.Unreachable(" ".join(words))
    if name == "stopped":
        return events.Stopped()
    if name == "expired":
        side = SIDES[words[1]] if len(words) > 1 else Side.CLIENT
        return events.Expired(events.Timer(words[0]), side)
    side, rest = SIDES[words[0]], " ".join(words[1:])
    if name == "closed":
        return events.Closed(side)
    if name == "insecure":
        return events.Insecure(side, rest)
    return events.Secured(side, _certificate(rest), "TLSv1.3", "TLS_AES_256_GCM_SHA384")
