"""Lines and literals come out the same however the octets arrive."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from imap4proxy.wire.fragments import (
    BARE_LF,
    TOO_LARGE,
    TOO_LONG,
    Fragments,
    Line,
    Literal,
    NotAHeader,
    header,
    literal_at,
    treacherous,
)

from ...support.cuts import every_cut

BOUND = 64

LINES = [
    # octets, the line
    (b"a1 NOOP\r\n", Line(b"a1 NOOP")),
    (b"\r\n", Line(b"")),
    (b"a\rb\r\n", Line(b"a\rb")),
    (b"a1 NOOP\n", Line(b"a1 NOOP", None, BARE_LF)),
    (b"\n", Line(b"", None, BARE_LF)),
    (b"\r\r\n", Line(b"\r")),
    (b"a {5}\r\n", Line(b"a ", Literal(5))),
    (b"a {0}\r\n", Line(b"a ", Literal(0))),
    (b"a {007}\r\n", Line(b"a ", Literal(7))),
    (b"a {5+}\r\n", Line(b"a ", Literal(5, False))),
    (b"a ~{5}\r\n", Line(b"a ", Literal(5, True, True))),
    (b"a ~{5+}\r\n", Line(b"a ", Literal(5, False, True))),
    (b"{5}\r\n", Line(b"", Literal(5))),
    (b"~{5}\r\n", Line(b"", Literal(5, True, True))),
    (b'a "x{5+}\r\n', Line(b'a "x', Literal(5, False))),
    (b'a "x{5+}"\r\n', Line(b'a "x{5+}"')),
    (b"a }\r\n", Line(b"a }")),
    (b"}\r\n", Line(b"}")),
    (b"a {5}\n", Line(b"a {5}", None, BARE_LF)),
    (b"a {5+}\n", Line(b"a {5+}", None, BARE_LF)),
    (b"a {2000000000}\r\n", Line(b"a ", Literal(2000000000))),
    (b"a {4294967298+}\r\n", Line(b"a ", Literal(4294967298, False))),
    (b"a {9223372036854775807}\r\n", Line(b"a ", Literal(2**63 - 1))),
    (b"a {9223372036854775808}\r\n", Line(b"a {9223372036854775808}", None, TOO_LARGE)),
    (b"a {18446744073709551616}\r\n", Line(b"a {18446744073709551616}")),
    (b"a {99999999999999999999}\r\n", Line(b"a {99999999999999999999}")),
    (b"a" * (BOUND - 2) + b"\r\n", Line(b"a" * (BOUND - 2))),
    (b"a" * (BOUND - 1) + b"\r\n", Line(b"a" * (BOUND - 1) + b"\r", None, TOO_LONG)),
    (b"a" * BOUND, Line(b"a" * BOUND, None, TOO_LONG)),
    # no headers; the grammar refuses the line
    *[
        (b"a " + form + b"\r\n", Line(b"a " + form))
        for form in b"{-1} {+2} {2++} {\t2} {0x10} {} {2-} {+} {2}}".split()
    ],
]


def lines(parts: list[bytes]) -> list[Line]:
    fragments = Fragments()
    found = []
    for part in parts:
        fragments.feed(part)
        line = fragments.line(BOUND)
        while line is not None and line.flaw is not TOO_LONG:
            found.append(line)
            line = fragments.line(BOUND)
        if line is not None:
            return [*found, line]
    return found


@pytest.mark.parametrize("octets, line", LINES)
def test_line(octets: bytes, line: Line) -> None:
    for parts in every_cut(octets):
        assert lines(parts) == [line]


@pytest.mark.parametrize(
    "text, expected",
    [
        (b"a {5+}", True), (b"a {+5}", True), (b"a {5++}", True), (b"a {5+} ", True),
        (b"a {5}+", True), (b"a {5+", True), (b"a {5}", False), (b"a {-1}", False),
        (b"a 5+}", False), (b"a+ {5}", False), (b"", False),
    ],
)
def test_treacherous(text: bytes, expected: bool) -> None:
    assert treacherous(text) is expected


@pytest.mark.parametrize(
    "literal, octets",
    [
        (Literal(0), b"{0}\r\n"),
        (Literal(5, False), b"{5+}\r\n"),
        (Literal(5, True, True), b"~{5}\r\n"),
        (Literal(5, False, True), b"~{5+}\r\n"),
    ],
)
def test_header(literal: Literal, octets: bytes) -> None:
    assert header(literal) == octets
    assert lines([octets]) == [Line(b"", literal)]


SERVER = [
    # octets, the literal and where it begins, NotAHeader
    (b"{5}\r\n", (Literal(5), 5)),
    (b"{5}\r\nhello", (Literal(5), 5)),
    (b"~{5}\r\n", (Literal(5, True, True), 6)),
    (b"{9223372036854775807}\r\n", (Literal(2**63 - 1), 23)),
    (b"{9223372036854775808}\r\n", NotAHeader),
    (b"{99999999999999999999}\r\n", NotAHeader),
    (b"{5+}\r\n", NotAHeader),
    (b"{}\r\n", NotAHeader),
    (b"{ 5}\r\n", NotAHeader),
    (b"{5}\n", NotAHeader),
    (b"{5} \r\n", NotAHeader),
    (b"~5", NotAHeader),
    (b"x", NotAHeader),
]


@pytest.mark.parametrize("octets, expected", SERVER)
def test_literal_at(octets: bytes, expected: object) -> None:
    def outcome(end: int) -> object:
        try:
            return literal_at(octets[:end], 0)
        except NotAHeader:
            return NotAHeader

    assert outcome(len(octets)) == expected
    steps = [outcome(end) for end in range(len(octets) + 1)]
    known = next(at for at, step in enumerate(steps) if step is not None)
    assert steps[:known] == [None] * known
    assert steps[known:] == [expected] * (len(steps) - known)


def test_literal_is_taken_and_dropped_in_parts() -> None:
    fragments = Fragments()
    fragments.feed(b"{5}\r\nhel")
    assert fragments.line(BOUND) == Line(b"", Literal(5))
    assert fragments.take(5) == b"hel"
    fragments.feed(b"loX\r\nrest")
    assert (fragments.drop(2), fragments.dropped) == (2, 2)
    assert fragments.line(BOUND) == Line(b"X")
    assert len(fragments) == 4
    assert (fragments.drop(9), fragments.dropped) == (4, 6)


SKIPPED = [
    # octets behind a line too long, its end
    (b"x" * 200 + b"\r\n", None, ""),
    (b"x" * 200 + b"{5+}\r\n", Literal(5, False), ""),
    (b"x" * 200 + b"~{1234567890123456789+}\r\n", Literal(1234567890123456789, False, True), ""),
    (b"x" * 200 + b"{5+}\n", None, BARE_LF),
    (b"{5}\r\n", Literal(5), ""),
    (b"\r\n", None, ""),
]


@pytest.mark.parametrize("octets, literal, flaw", SKIPPED)
def test_skip_sees_what_the_end_of_the_line_announces(
    octets: bytes, literal: Literal | None, flaw: str
) -> None:
    for parts in every_cut(octets):
        fragments = Fragments()
        end = None
        for part in parts:
            assert end is None
            fragments.feed(part)
            end = fragments.skip()
            assert len(fragments) < 32
        assert end is not None
        assert (end.literal, end.flaw) == (literal, flaw)
        assert fragments.dropped == len(octets)
        assert len(fragments) == 0


@given(st.lists(st.text("a5~{+}\r\n").map(str.encode)))
def test_fragments_joined_are_the_input(parts: list[bytes]) -> None:
    octets = b"".join(parts)
    assume(not re.search(rb"\{0\d", octets))  # a Line does not tell leading zeros
    fragments = Fragments()
    joined = b""
    for part in parts:
        fragments.feed(part)
        while (line := fragments.line(len(octets) + 1)) is not None:
            ending = b"\n" if line.flaw is BARE_LF else b"\r\n"
            joined += line.text + (header(line.literal) if line.literal else ending)
    assert joined + fragments.take(len(octets)) == octets


@pytest.mark.parametrize("octets", [b"a1 NOOP\r\n", b"a {5}\r\n", b"~{12+}\r\n", b"\r\n"])
def test_length(octets: bytes) -> None:
    assert lines([octets])[0].length == len(octets)


def test_a_line_is_not_shown() -> None:
    assert "secret" not in repr(Line(b"a LOGIN u secret"))
