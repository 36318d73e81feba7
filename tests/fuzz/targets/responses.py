"""Responses of a server: the same in every cut and by every way through the reader, no more held
than the limits say, passed on so that they read the same, and so that imap-codec takes them."""

from __future__ import annotations

from typing import Any, Iterable, List, Sequence

from imap4proxy.wire.data import Capability, Continuation, Data
from imap4proxy.wire.fetch_run import Flow
from imap4proxy.wire.leniencies import Leniency
from imap4proxy.wire.response_limits import ResponseLimits
from imap4proxy.wire.status import Status, encode
from kernun_common.errors import PeerError
from tests.support.reading import Collector, Failed, Incomplete, Response, make, read

from ..grammar import check_response
from ..target import Target, parts, same, segments
from . import seeds

CORRECTED = {Leniency.TRAILING_BLANK, Leniency.EIGHT_BIT_STRING, Leniency.NIL_LIST}
FLOW = 50  # octets of a literal that comes within Data
SMALL = {
    "line_before_login": 300, "literal_before_login": 40, "status": 300, "token": 200, "tag": 20,
    "response": 1500, "nesting": 9, "capabilities": 9, "capability": 30,
}  # fmt: skip
WHOLE_LINES = (1, 30, ResponseLimits().whole_line)


def written(piece: Any) -> bytes:
    """A piece as it would go on."""
    if isinstance(piece, (Response, Data)):
        return piece.octets
    if isinstance(piece, Status):
        return encode(piece)
    if isinstance(piece, Capability):
        return b"* CAPABILITY " + b" ".join(piece.words) + b"\r\n"
    assert isinstance(piece, Continuation)
    return b"+ " + piece.text + b"\r\n"


def _outcome(cut: Iterable[bytes], **settings: Any) -> List[Any]:
    """What was found; octets that end too early or are wrong may be told so early or late."""
    found = read(cut, **settings)
    return found[:-1] if found[-1:] in ([Failed], [Incomplete]) else [*found, "whole"]


def _flowing(cut: Iterable[bytes], utf8: bool, headers: bool) -> bytes:
    """All that goes on where literals flow."""
    reader = make(utf8)
    reader.flow = Flow(FLOW, headers)
    sent, owed = b"", 0
    try:
        for part in cut:
            reader.feed(part)
            while True:
                taken = reader.take(owed)
                sent, owed = sent + taken, owed - len(taken)
                piece = reader.next()
                if piece is None:
                    break
                sent += written(piece)
                owed = piece.literal if isinstance(piece, Data) else 0
    except PeerError:
        pass
    return sent


def _check_ways(octets: bytes, utf8: bool) -> List[Any]:
    found = _outcome([octets], utf8=utf8)
    whole = [piece for piece in found if piece != "whole"]
    sent = b"".join(map(written, whole))
    for cut in ([octets], *parts(octets)):
        for size in WHOLE_LINES:
            here = _outcome(cut, utf8=utf8, whole_line=size)
            same(here, found, f"cut {list(map(len, cut))}, whole_line {size}")
        for headers in (False, True):
            flown = _flowing(cut, utf8, headers)
            assert flown == sent if found != whole else flown.startswith(sent), (flown, sent)
    return whole


def _check_passed_on(whole: List[Any], utf8: bool) -> None:
    """What goes on is read as what it was, and needs no more correction."""
    for piece in whole:
        once = written(piece)
        (again,) = read([once], utf8=utf8, response=1 << 30)
        same(written(again), once, "written twice")
        assert not CORRECTED & set(again.lenient), again
        if not piece.lenient:
            assert not again.lenient, again
            check_response(piece, once)


def _check_limits(octets: bytes, authenticated: bool) -> None:
    for cut in parts(octets):
        collector = Collector(make(False, authenticated, **SMALL))
        try:
            for part in cut:
                collector.feed(part)
                held = collector.reader.buffered
                assert held <= 2 * SMALL["status"] + len(part), f"{held} octets are held"
        except PeerError:
            pass


def check(octets: bytes) -> None:
    for utf8 in (False, True):
        _check_passed_on(_check_ways(octets, utf8), utf8)
    found = _outcome([octets], authenticated=False)
    for cut in parts(octets):
        same(_outcome(cut, authenticated=False), found, f"before login, {list(map(len, cut))}")
    for authenticated in (False, True):
        _check_limits(octets, authenticated)


def _seeds() -> Sequence[bytes]:
    from tests.imap4proxy.wire import test_leniencies, test_response_reader

    responses = test_response_reader.RESPONSES
    sessions = [b"".join(session) for session in test_response_reader.SESSIONS]
    forgiven = [octets for octets, _, _ in test_leniencies.CASES]
    return [*responses, *sessions, *forgiven, *seeds.of_server()]


WORDS = (
    b" ", b"(", b")", b'"', b"\\", b"{", b"}", b"{1}\r\nx", b"~{2}\r\n\0x", b"NIL", b"\r\n",
    b"\r", b"\n",
    b"\x00", b"\xe9", b"\xc3\xa9", b"[", b"]", b"<0>", b"* 1 FETCH (", b"BODY[] {3}\r\nabc",
    b"* OK ", b"+ ",
    b"[CAPABILITY IMAP4rev1] ", b"UID 1", b"FLAGS ()", b"ENVELOPE (", b"  ", b"()", b'"\xe9"',
    b"* ",
    b'* LIST () "/" ', b"* SEARCH ", b"* STATUS x (MESSAGES 1)", b"* THREAD (1)", b"p1 OK ",
    b"p1 NO x\r\n",
    b"BODY[1]<0> {60}\r\n" + b"y" * 60, b"* ESEARCH (TAG \"p1\") ALL 1", b",2", b"* VANISHED 1",
    b"0", b"X-A ",
    b"[BADCHARSET (", b"[COPYUID 1 1:2 3] ", b"* METADATA a (/b ", b"BINARY[1] ~{1}\r\n\0",
)  # fmt: skip


def _work(octets: bytes) -> None:
    read(segments(octets))


TARGET = Target(check, _seeds, WORDS, rounds=300, work=_work)
