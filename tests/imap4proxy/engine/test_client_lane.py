"""Octets of a client that break other proxies: whole, at every cut and octet by octet."""

from __future__ import annotations

from typing import Iterable, Iterator, Sequence

import pytest

from kernun_common.errors import Side
from tests.support.client_cases import CASES, Case
from tests.support.cuts import every_cut
from tests.support.obliging import Obliging
from tests.support.rehearsal import transcripts
from tests.support.responses import begin_so, told
from tests.support.stage import ACCEPTING, CONNECTED, Stage, configured

test_transcript = transcripts("client_lane")

LOGIN = b"l1 LOGIN alice sesame\r\nl2 SELECT INBOX\r\n"
PROBE = b"zz NOOP\r\n"
SLOW_PARTS = (1 << 20, 16384, 1460, 997)  # octets of a segment, where the octets are many


class Session:
    """A client, the engine, and an obliging server behind it."""

    def __init__(self, logged_in: bool, mail: str) -> None:
        self.server = Obliging()
        self._stage = Stage(configured(mail=mail))
        self._stage.happen(CONNECTED)
        self._stage.arrive(Side.SERVER, self.server.greeting)
        if logged_in:
            self.send(LOGIN)
        self.server.commands.clear()
        self.got()

    @property
    def over(self) -> bool:
        return self._stage.over

    def send(self, octets: bytes) -> None:
        sent = self._stage.sent[Side.SERVER]
        self._stage.arrive(Side.CLIENT, octets)
        while octets := bytes(sent):
            sent.clear()
            self._stage.arrive(Side.SERVER, self.server.feed(octets))

    def got(self) -> list[bytes]:
        """What the client was told since the last call."""
        got = self._stage.sent[Side.CLIENT]
        try:
            return told(bytes(got))
        finally:
            got.clear()


def in_parts(case: Case) -> Iterator[Sequence[bytes]]:
    if not case.slow:
        yield from every_cut(case.sent)
        return
    for size in SLOW_PARTS:
        yield [case.sent[at:at + size] for at in range(0, len(case.sent), size)]


def faults(case: Case, parts: Iterable[bytes], mail: str = "") -> Iterator[str]:
    session = Session(case.logged_in, mail)
    for part in parts:
        session.send(part)
    if not begin_so(answers := session.got(), case.answers):
        yield f"answered {answers}"
    if not begin_so(session.server.commands, case.reached):
        yield f"reached the server: {session.server.commands}"
    session.send((b"" if case.sent.endswith(b"\r\n") else b"\r\n") + PROBE)
    if session.over is not case.ends or begin_so(session.got(), [b"zz OK"]) is case.ends:
        yield f"the session {'ended' if session.over else 'goes on'}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_client(case: Case) -> None:
    for parts in in_parts(case):
        assert not list(faults(case, parts)), parts if len(case.sent) < 1000 else len(parts)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_client_whose_mails_are_scanned(case: Case) -> None:
    whole, *other = in_parts(case)
    for parts in (whole, *other[-1:]):
        assert not list(faults(case, parts, ACCEPTING)), len(parts)
