"""session - a client, the engine and a server, all of them at random, but repeatable.

    session = Session(Random(7), policy)
    session.speak(command, tag)     the client gives it, and waits where it has to
    session.send(octets)            ... or says anything
    session.settle()                until nobody has anything more to say

What holds whatever anybody says is checked as it happens, and raises AssertionError:
the client gets valid IMAP and nothing that had to be put right; no password is shown.  What only
holds of whole commands is for the tests to check.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any, Callable

from imap4proxy.engine import actions, events
from imap4proxy.wire.data import Continuation
from imap4proxy.wire.leniencies import Leniency
from imap4proxy.wire.status import Status
from kernun_common.errors import Side
from tests.support.reading import Collector, make
from tests.support.stage import CONNECTED, Stage, configured

from .commands import PASSWORD, WAIT, Steps
from .server import Server

PUT_RIGHT = {Leniency.TRAILING_BLANK, Leniency.EIGHT_BIT_STRING, Leniency.NIL_LIST}

Change = Callable[[bytes], bytes]


class WatchedStage(Stage):
    """No event and no action shows a password."""

    def _feed(self, event: events.Event) -> None:
        assert PASSWORD.decode() not in repr(event)
        super()._feed(event)
        assert PASSWORD.decode() not in repr(self.done)


class Session:
    def __init__(
        self, chance: Random, policy: str, mail: str = "", spoil: Change | None = None
    ) -> None:
        """`mail`: ACLs of mails that are scanned; `spoil` changes what the server says."""
        self.server = Server(chance)
        self.answered: Counter[bytes] = Counter()  # tagged responses, by tag
        self.bye = False
        self.got = b""  # all that the client got
        self._chance = chance
        self._spoil = spoil
        self._continuations = 0
        self._said = b""  # by the client, and not yet sent
        self._collector = Collector(make())
        self._stage = WatchedStage(configured(command_acl=policy, mail=mail))
        self._stage.happen(CONNECTED)
        self._say(self.server.greeting)
        self.settle()

    @property
    def over(self) -> bool:
        return self._stage.over

    @property
    def reset(self) -> bool:
        """Was the client's side reset, in the midst of a response?"""
        return any(type(one) is actions.Finish and one.reset for one in self._stage.done)

    def speak(self, command: Steps, tag: bytes) -> None:
        said: bool | None = None
        while not self.over:
            try:
                octets = command.send(said)
            except StopIteration:
                break
            said = None
            if octets is WAIT:
                self.settle()
                said = self._may_go_on(tag)
            else:
                self._said += octets
            if self._chance.random() < 0.2:
                self.send()

    def _may_go_on(self, tag: bytes) -> bool:
        """`+` has come, or the command's end, or that of the session."""
        if self._continuations:
            self._continuations -= 1
            return True
        if self._spoil is None:
            assert self.answered[tag] or self.over, f"{tag!r} waits for ever"
        return False

    def send(self, octets: bytes = b"") -> None:
        """All that the client has said so far, and `octets`."""
        octets, self._said = self._said + octets, b""
        self._arrive(Side.CLIENT, octets)
        if self._chance.random() < 0.5:
            self._turn()

    def settle(self) -> None:
        self.send()
        while self._turn():
            pass

    def _turn(self) -> bool:
        """The server reads what it was sent, and answers: was there anything?"""
        sent = self._stage.sent[Side.SERVER]
        octets = bytes(sent)
        sent.clear()
        answer = self.server.feed(octets)
        if answer:
            self._say(answer)
        return bool(octets or answer)

    def _say(self, octets: bytes) -> None:
        self._arrive(Side.SERVER, octets if self._spoil is None else self._spoil(octets))

    def _arrive(self, side: Side, octets: bytes) -> None:
        while octets:
            size = self._chance.choice((1, 2, 7, 100, len(octets)))
            self._stage.arrive(side, octets[:size])
            octets = octets[size:]
        self._hear()

    def _hear(self) -> None:
        """What the client gets is IMAP; PeerError where it is not."""
        got = self._stage.sent[Side.CLIENT]
        self.got += got
        self._collector.feed(bytes(got))
        got.clear()
        for piece in self._collector.found:
            self._heard(piece)
        self._collector.found.clear()
        assert not self.over or self.reset or not self._collector.reader.midway

    def _heard(self, piece: Any) -> None:
        assert PUT_RIGHT.isdisjoint(piece.lenient), piece
        if isinstance(piece, Continuation):
            self._continuations += 1
        elif isinstance(piece, Status) and piece.tag is not None:
            self.answered[piece.tag] += 1
        elif isinstance(piece, Status):
            self.bye = self.bye or piece.condition == b"BYE"
