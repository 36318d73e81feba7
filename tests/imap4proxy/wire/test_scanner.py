"""The productions one by one: value, where they end, what they refuse."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from imap4proxy.wire.fragments import Line, Literal
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.scanner import Invalid, Pending, Scanner

LIMITS = Limits(ranges=3)

OCTETS = [bytes([octet]) for octet in range(256)]
PRINTABLE = set(range(0x21, 0x7F))
ATOM = PRINTABLE - set(b'(){ %*"\\]')


def scanner(octets: bytes, utf8: bool = False) -> Scanner:
    return Scanner((Line(octets),), (), LIMITS, utf8=utf8)


VALUES: list[tuple[Callable[[Scanner], Any], bytes, Any, bytes]] = [
    # production, octets, value, rest
    (Scanner.keyword, b"Flags x", b"FLAGS", b" x"),
    (Scanner.atom, b"$Junk)", b"$Junk", b")"),
    (Scanner.flag, b"\\seen", b"\\Seen", b""),
    (Scanner.flag, b"\\DRAFT)", b"\\Draft", b")"),
    (Scanner.flag, b"\\myFlag", b"\\myFlag", b""),
    (Scanner.flag, b"kw", b"kw", b""),
    (Scanner.base64, b"QUJD", b"QUJD", b""),
    (Scanner.base64, b"QUI= x", b"QUI=", b" x"),
    (Scanner.base64, b"QQ==", b"QQ==", b""),
    (Scanner.number, b"0", 0, b""),
    (Scanner.number, b"007x", 7, b"x"),
    (Scanner.number, b"4294967295", 4294967295, b""),
    (Scanner.nz_number, b"1", 1, b""),
    (Scanner.mod_sequence, b"9223372036854775807", 9223372036854775807, b""),
    (Scanner.sequence_set, b"1", b"1", b""),
    (Scanner.sequence_set, b"*:4,7 x", b"*:4,7", b" x"),
    (Scanner.sequence_set, b"1,2,3", b"1,2,3", b""),
    (Scanner.sequence_set, b"4294967295:*", b"4294967295:*", b""),
    (Scanner.sequence_set, b"$", b"$", b""),
    (Scanner.string, b'"a b"c', b"a b", b"c"),
    (Scanner.string, b'""', b"", b""),
    (Scanner.astring, b"a]b+c}", b"a]b+c}", b""),
    (Scanner.astring, b"NIL", b"NIL", b""),
    (Scanner.mailbox, b"iNBOX", b"INBOX", b""),
    (Scanner.mailbox, b'"a\tb"', b"a\tb", b""),
    (Scanner.list_mailbox, b"*%a]", b"*%a]", b""),
    (Scanner.nil, b"nil)", True, b")"),
    (Scanner.nil, b"ni", False, b"ni"),
]

REFUSED: list[tuple[Callable[[Scanner], Any], bytes]] = [
    (Scanner.keyword, b""), (Scanner.keyword, b" x"), (Scanner.atom, b"(x"), (Scanner.flag, b"\\"),
    (Scanner.flag, b"\\*"), (Scanner.flag, b"\\RECENT"), (Scanner.flag, b'"x"'),
    (Scanner.base64, b""), (Scanner.base64, b"QUJ"), (Scanner.base64, b"="), (Scanner.base64, b"*"),
    (Scanner.number, b""), (Scanner.number, b"-1"), (Scanner.number, b"4294967296"),
    (Scanner.number, b"\xb2"), (Scanner.nz_number, b"0"), (Scanner.nz_number, b"000"),
    (Scanner.mod_sequence, b"9223372036854775808"), (Scanner.sequence_set, b"0"),
    (Scanner.sequence_set, b"1,2,3,4"), (Scanner.sequence_set, b"4294967296"),
    (Scanner.sequence_set, b"1:4294967296"), (Scanner.sequence_set, b"a"), (Scanner.string, b"a"),
    (Scanner.string, b'"'), (Scanner.astring, b""), (Scanner.astring, b"("),
    (Scanner.astring, b"\\x"),
    (Scanner.mailbox, b"%"), (Scanner.list_mailbox, b"("), (Scanner.sp, b""), (Scanner.sp, b"\t"),
    (Scanner.opening, b"["), (Scanner.closing, b"("), (Scanner.end, b" "),
]


@pytest.mark.parametrize("production, octets, value, rest", VALUES)
def test_value(
    production: Callable[[Scanner], Any], octets: bytes, value: Any, rest: bytes
) -> None:
    scan = scanner(octets)
    assert production(scan) == value
    assert scan.text[scan.at:] == rest


@pytest.mark.parametrize("production, octets", REFUSED)
def test_refused(production: Callable[[Scanner], Any], octets: bytes) -> None:
    with pytest.raises(Invalid):
        production(scanner(octets))


CLASSES: list[tuple[Callable[[Scanner], Any], set[int]]] = [
    # production, the octets that are one by themselves
    (Scanner.atom, ATOM),
    (Scanner.flag, ATOM),
    (Scanner.astring, ATOM | set(b"]")),
    (Scanner.mailbox, ATOM | set(b"]")),
    (Scanner.list_mailbox, ATOM | set(b"]%*")),
    (Scanner.number, set(b"0123456789")),
    (Scanner.nz_number, set(b"123456789")),
    (Scanner.sequence_set, set(b"123456789*$")),
    (Scanner.string, set()),
    (Scanner.base64, set()),
]


@pytest.mark.parametrize("production, members", CLASSES)
def test_every_octet(production: Callable[[Scanner], Any], members: set[int]) -> None:
    accepted = set()
    for octet in OCTETS:
        try:
            production(scanner(octet))
        except Invalid:
            continue
        accepted.add(octet[0])
    assert accepted == members


LINES = (Line(b"x ", Literal(3)), Line(b" y ", Literal(2, False, True)), Line(b""))


def test_literals_stand_between_the_lines() -> None:
    scan = Scanner(LINES, (b"a b", b"\0\1"), LIMITS)
    assert (scan.atom(), scan.sp(), scan.on_last_line) == (b"x", None, False)
    assert scan.announced() == Literal(3)
    assert scan.literal8() is None
    assert scan.string() == b"a b"
    assert scan.announced() is None
    scan.sp(), scan.atom(), scan.sp()
    assert not scan.ended
    assert scan.literal8() == b"\0\1"
    assert scan.ended and scan.on_last_line
    scan.end()


def test_a_literal_that_has_not_come_is_pending() -> None:
    scan = Scanner(LINES[:1], (), LIMITS, at=2)
    with pytest.raises(Pending):
        scan.astring()


@pytest.mark.parametrize(
    "line, content",
    [
        (Line(b"", Literal(1, True, True)), b"a"),  # binary where a string is due
        (Line(b"", Literal(1)), b"\0"),
        (Line(b"x", Literal(1)), b"a"),  # an atom that runs into a literal, below
    ],
)
def test_literals_that_are_no_strings(line: Line, content: bytes) -> None:
    scan = Scanner((line, Line(b"")), (content,), LIMITS)
    with pytest.raises(Invalid):
        scan.astring()
        scan.end()


def test_requirements_are_collected_once() -> None:
    scan = scanner(b"$ $")
    scan.sequence_set(), scan.sp(), scan.sequence_set()
    assert scan.needs == [frozenset({b"SEARCHRES"})]


def test_no_result_of_a_search_where_none_can_be() -> None:
    with pytest.raises(Invalid):
        scanner(b"$").sequence_set(saved=False)


UTF8 = [
    (b'"\xc3\xa9"', True, True),
    (b'"\xc3\xa9"', False, False),
    (b'"\xe9"', True, False),
]


@pytest.mark.parametrize("octets, utf8, valid", UTF8)
def test_utf8(octets: bytes, utf8: bool, valid: bool) -> None:
    if valid:
        assert scanner(octets, utf8).mailbox() == b"\xc3\xa9"
    else:
        with pytest.raises(Invalid):
            scanner(octets, utf8).mailbox()
