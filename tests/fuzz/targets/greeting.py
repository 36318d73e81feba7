"""Greetings: whatever a server says first, the client gets a greeting of an independent grammar,
with no capability that the policy removes; the same in every cut."""

from __future__ import annotations

import re
from typing import Iterable, List, Sequence

from kernun_common.errors import Side
from tests.support.stage import CONNECTED, Stage, configured

from ..grammar import check_greeting, check_status
from ..target import Target, parts, same, segments
from . import seeds

_CODE = re.compile(rb"\* [A-Z]+ \[CAPABILITY ([^\]]*)\]", re.IGNORECASE)
OFFERED = {b"IMAP4REV1", b"IDLE", b"ID", b"AUTH=PLAIN", b"LOGINDISABLED"}
CAPABILITIES = "capabilities { IMAP4rev1, IDLE, ID, AUTH=PLAIN };"


def _told(cut: Iterable[bytes], items: str) -> tuple[bytes, bool]:
    """What the client gets, and whether the session is over."""
    stage = Stage(configured(command_acl=items))
    stage.happen(CONNECTED)
    for part in cut:
        stage.arrive(Side.SERVER, part)
    return bytes(stage.sent[Side.CLIENT]), stage.over


def check(octets: bytes) -> None:
    for items in ("", CAPABILITIES):
        told, over = _told([octets], items)
        for cut in parts(octets):
            same(_told(cut, items), (told, over), f"cut {list(map(len, cut))}")
        first, *others = told.splitlines(True) or [b""]
        if first:
            check_greeting(first)
        for one in others:
            check_status(one)
        for one in (first, *others) if items else ():
            _check_offered(one)


def _check_offered(greeting: bytes) -> None:
    found = _CODE.match(greeting)
    assert found is None or set(found[1].upper().split(b" ")) <= OFFERED, greeting


def _first_lines(octets: Iterable[bytes]) -> List[bytes]:
    return seeds.short([one.partition(b"\r\n")[0] + b"\r\n" for one in octets])


def _seeds() -> Sequence[bytes]:
    from tests.imap4proxy.wire.test_response_reader import SESSIONS

    return _first_lines([*seeds.of_server(), *(session[0] for session in SESSIONS)])


WORDS = (
    b"* ", b"OK ", b"PREAUTH ", b"BYE ", b"NO ", b"[CAPABILITY ", b"] ", b"IMAP4rev1 ", b"XYZZY ",
    b"LOGINDISABLED ", b"STARTTLS ", b"AUTH=PLAIN ", b"\r\n", b"\xe9", b"\0", b"[ALERT] ", b"[",
    b"[REFERRAL imap://x/] ", b"SASL-IR ", b"{3}\r\n", b'"', b"\xc3\xa9",
)  # fmt: skip


def _work(octets: bytes) -> None:
    _told(segments(octets), "")


TARGET = Target(check, _seeds, WORDS, rounds=300, longest=500, work=_work)
