"""The reader against octets that break other proxies, at every cut.

An outcome is a row of (tag, what): the command's name, BAD, or END where the
session must end.  The client of these tests sends literals without waiting.
"""

from __future__ import annotations

from typing import Iterable, List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.wire.command import Command
from imap4proxy.wire.command_reader import CommandReader, Piece
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.login import Login
from imap4proxy.wire.names import UNKNOWN
from imap4proxy.wire.pieces import Announced, Malformed
from kernun_common.errors import PeerError
from kernun_common.secret import Secret

from ...support.command_reading import drain, read, reader
from ...support.cuts import every_cut

Outcome = List[Tuple[bytes | None, str]]

LIMITS = Limits()
OCTETS = [bytes([octet]) for octet in range(256)]
ATOM_CHARS = bytes(octet for octet in range(0x21, 0x7F) if octet not in b'(){%*"\\]')

BAD = {b'"': "END"}  # a quoted string that is not closed

BEHIND = b"z NOOP\r\n"
ALIVE = (b"z", "NOOP")


def outcome(pieces: Iterable[Piece]) -> Outcome:
    rows: Outcome = []
    for piece in pieces:
        if isinstance(piece, Malformed):
            rows.append((piece.tag, "END" if piece.fatal else "BAD"))
        elif isinstance(piece, Command):
            rows.append((piece.tag, piece.name))
    return rows


def check(octets: bytes, expected: Outcome, logged_in: bool = True) -> None:
    """The outcome of `octets`, however they arrive; large ones at a few cuts only."""
    cuts = every_cut(octets) if len(octets) < 4000 else [[octets], [octets[:9], octets[9:]]]
    for parts in cuts:
        made = reader(logged_in)
        assert outcome(read(parts, made)) == expected
        if expected[-1:] != [(expected[-1][0], "END")]:
            assert not made.midway


PIPELINED = [
    (b'A1 ID ("name" {11}\r\nThunderbird)\r\nA2 LOGIN u p\r\n', [(b"A1", "ID"), (b"A2", "LOGIN")]),
    (b'A1 ID ("name" {11+}\r\nThunderbird "v" {6+}\r\n16.0.0)\r\nA2 LOGIN {1+}\r\nu {1}\r\np\r\n',
     [(b"A1", "ID"), (b"A2", "LOGIN")]),
    (b"a LOGIN u p\r\nb SELECT INBOX\r\nc FETCH 1 BODY[]\r\nd LOGOUT\r\n",
     [(b"a", "LOGIN"), (b"b", "SELECT"), (b"c", "FETCH"), (b"d", "LOGOUT")]),
    (b"a LOGIN {3+}\r\n\r\nx {14+}\r\n\r\nb LOGOUT\r\nxx\r\nc NOOP\r\n",
     [(b"a", "LOGIN"), (b"c", "NOOP")]),
    (b"a NOOP\r\na NOOP\r\n", [(b"a", "NOOP"), (b"a", "NOOP")]),
]


@pytest.mark.parametrize("octets, expected", PIPELINED)
@pytest.mark.parametrize("logged_in", [False, True])
def test_pipelined(octets: bytes, expected: Outcome, logged_in: bool) -> None:
    check(octets, expected, logged_in)


@pytest.mark.parametrize(
    "octets, lines",
    [
        (b"a AUTHENTICATE PLAIN\r\nAGEAYg==\r\nb CAPABILITY\r\n", [b"AGEAYg=="]),
        (b"a AUTHENTICATE LOGIN\r\nYQ==\r\n*\r\nb CAPABILITY\r\n", [b"YQ==", b"*"]),
        (b"a AUTHENTICATE PLAIN\r\n\r\nb CAPABILITY\r\n", [b""]),
        (b"a IDLE\r\nDONE\r\nb CAPABILITY\r\n", [b"DONE"]),
    ],
)
def test_lines_that_are_no_commands(octets: bytes, lines: list[bytes]) -> None:
    for parts in every_cut(octets):
        made, found = reader(), []
        for part in parts:
            made.feed(part)
            while True:
                piece: object
                if found and len(found) <= len(lines):
                    piece = made.next_line()
                else:
                    piece = made.next()
                if piece is None:
                    break
                found.append(piece)
        assert found[1:-1] == [Secret(line) for line in lines]
        assert isinstance(found[-1], Command) and found[-1].name == "CAPABILITY"


@pytest.mark.parametrize(
    "octets", [b"DONE\n", b"\n", b"DONE {5}\r\n", b"{5+}\r\n", b"x" * LIMITS.answer, b"x" * 99999]
)
def test_no_such_line(octets: bytes) -> None:
    made = reader(logged_in=False)
    made.feed(octets)
    with pytest.raises(PeerError):
        made.next_line()


def test_a_long_answer() -> None:
    made = reader(logged_in=False)
    octets = b"x" * (LIMITS.answer - 2)
    made.feed(octets[:1000])
    assert made.next_line() is None
    made.feed(octets[1000:] + b"\r\n")
    assert made.next_line() == Secret(octets)


HUGE = [
    b"2000000000", b"4294967296", b"4294967298", b"9223372036854775807", b"9223372036854775808",
    b"18446744073709551616", b"99999999999999999999", b"0" * 5000 + b"1",
]


@pytest.mark.parametrize("size", HUGE)
@pytest.mark.parametrize("logged_in", [False, True])
def test_huge_literals(size: bytes, logged_in: bool) -> None:
    for command in (b"LOGIN ", b"SELECT ", b"XFOO ", b"SEARCH SUBJECT "):
        check(b"a " + command + b"{" + size + b"}\r\n" + BEHIND, [(b"a", "BAD"), ALIVE], logged_in)
        check(b"a " + command + b"{" + size + b"+}\r\n" + BEHIND, [(b"a", "END")], logged_in)


FORMS = [
    b"{-1}", b"{+2}", b"{2++}", b"{ 2}", b"{0x10}", b"{}", b"{2-}", b"{+}", b"{2+ }", b"{ 2+}",
    b"{2}+", b"{2+", b"{2}}", b"{2+}}", b"{{2}", b"{2} ", b"{2+} ", b"{2+}\t", b"{\xb2+}",
    b"~{2++}", b"~{}", b"{2\r}", b"{2+\0}",
]
COMMANDS = [b"LOGIN ", b"APPEND x ", b"NOOP ", b"SEARCH SUBJECT ", b"LOGIN u", b"XFOO "]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", COMMANDS)
def test_malformed_literals(form: bytes, command: bytes) -> None:
    octets = b"a " + command + form + b"\r\n" + BEHIND
    check(octets, [(b"a", "END")] if b"+" in form else [(b"a", "BAD"), ALIVE])


@pytest.mark.parametrize("form, end", [(b"{2}", "BAD"), (b"{2+}", "END"), (b"~{2+}", "END")])
def test_literals_with_a_bare_lf(form: bytes, end: str) -> None:
    alive = [ALIVE] if end == "BAD" else []
    check(b"a LOGIN " + form + b"\n" + BEHIND, [(b"a", end), *alive])
    check(b"a LOGIN {1+}\r\nu " + form + b"\n" + BEHIND, [(b"a", end), *alive])


@pytest.mark.parametrize("command", [b"LOGIN ", b"SELECT ", b"NOOP ", b"SEARCH SUBJECT ", b"ID ("])
def test_binary_literals_where_none_is_possible(command: bytes) -> None:
    check(b"a " + command + b"~{2}\r\n" + BEHIND, [(b"a", "BAD"), ALIVE])
    check(b"a " + command + b"~{2+}\r\n\0\1\r\n" + BEHIND, [(b"a", "BAD"), ALIVE])


FRAMED = [
    # a literal that looks like IMAP; a header where no literal belongs
    (b"a LOGIN {11+}\r\nx\r\nb NOOP\r\n p\r\n", [(b"a", "LOGIN")]),
    (b'a LOGIN "x{11+}\r\nx\r\nb NOOP\r\n" p\r\n', [(b"a", "BAD")]),
    (b"a NOOP {5}\r\n", [(b"a", "BAD")]),
    (b"a NOOP{5}\r\n", [(b"a", "BAD")]),
    (b"a NOOP {8+}\r\nb NOOP\r\n\r\n", [(b"a", "BAD")]),
    (b"a {8+}\r\nb NOOP\r\n\r\n", [(b"a", "BAD")]),
    (b"{8+}\r\nb NOOP\r\n\r\n", [(None, "BAD")]),
    (b"+ {8+}\r\nb NOOP\r\n x {8+}\r\nb NOOP\r\n\r\n", [(None, "BAD")]),
    (b"a FOO( {8+}\r\nb NOOP\r\n x {8}\r\n", [(b"a", "BAD")]),
    (b"a LOGIN u p {8+}\r\nb NOOP\r\n {2++}\r\n", [(b"a", "BAD"), (None, "END")]),
    (b'a LOGIN "{5+}" "{5}"\r\n', [(b"a", "LOGIN")]),
    (b"a SELECT {0+}\r\n\r\n", [(b"a", "SELECT")]),
    (b"a LOGIN {2+}\r\nab{1+}\r\nc\r\n", [(b"a", "BAD")]),
    (b"a LOGIN {1+}\r\nu p {8+}\r\nb NOOP\r\n {8+}\r\nb NOOP\r\n\r\n", [(b"a", "BAD")]),
]


@pytest.mark.parametrize("octets, expected", FRAMED)
def test_framing_decides(octets: bytes, expected: Outcome) -> None:
    ended = expected[-1][1] == "END"
    check(octets + BEHIND, expected if ended else [*expected, ALIVE])


SUMS = [
    b"a SEARCH" + b" SUBJECT {1+}\r\nx" * 10000 + b"\r\n",
    b"a XFOO" + b" {1+}\r\nx" * 10000 + b"\r\n",
    b"a XFOO {200000+}\r\n" + b"x" * 200000 + b" {70000+}\r\n" + b"x" * 70000 + b"\r\n",
    b'a ID ("a" {8000+}\r\n' + b"x" * 8000 + b' "b" {300+}\r\n' + b"x" * 300 + b")\r\n",
]


@pytest.mark.parametrize("octets", SUMS)
def test_the_sum_of_literals_is_bounded(octets: bytes) -> None:
    check(octets + BEHIND, [(b"a", "BAD"), ALIVE], logged_in=octets is not SUMS[-1])


def test_literals_that_are_never_sent() -> None:
    made = reader()
    made.feed(b"a SEARCH SUBJECT")
    for _ in range(LIMITS.literals):
        made.feed(b" {1}\r\n")
        assert isinstance(made.next(), Announced)
        made.accept()
        made.feed(b"x SUBJECT")
    made.feed(b" {1}\r\n" + BEHIND)
    assert outcome(drain(made)) == [(b"a", "BAD"), ALIVE]


NESTED = [
    b"NOOP " + b"(" * 5000, b"ID " + b"(" * 20000, b"SEARCH " + b"NOT " * 10000 + b"ALL",
    b"SEARCH " + b"(" * 10000 + b"ALL" + b")" * 10000, b"SEARCH " + b"OR ALL " * 9000 + b"ALL",
    b"FETCH 1 BODY[" + b"1." * 1000 + b"1]", b"FETCH " + b"1:2," * 10000 + b"1 FLAGS",
    b"FETCH 1 BODY[]<0.0>", b"FETCH 1 BODY[]<4294967295.4294967295>",
    b"XFOO " + b"(" * 10000 + b")" * 10000,
]


@pytest.mark.parametrize("octets", NESTED)
def test_nesting_and_number_are_bounded(octets: bytes) -> None:
    check(b"a " + octets + b"\r\n" + BEHIND, [(b"a", "BAD"), ALIVE])


LINES = [
    # octets, the tag of BAD
    (b"\r\n", None), (b"\n", None), (b" \r\n", None), (b"a\r\n", b"a"), (b"a \r\n", b"a"),
    (b"a NOOP\n", b"a"), (b"\ra NOOP\r\n", None), (b"a\rNOOP\r\n", None), (b"a (\r\n", b"a"),
    (b"a NOOP\r\r\n", b"a"), (b"a NOOP\0\r\n", b"a"), (b"\0\r\n", None), (b"a  NOOP\r\n", b"a"),
    (b" a NOOP\r\n", None), (b"a\tNOOP\r\n", None), (b"a NOOP\x80\r\n", b"a"), (b"* OK\r\n", None),
    (b'"a" NOOP\r\n', None), (b"\xef\xbb\xbfa NOOP\r\n", None), (b"a UID\r\n", b"a"),
]


@pytest.mark.parametrize("octets, tag", LINES)
def test_lines(octets: bytes, tag: bytes | None) -> None:
    check(octets + BEHIND, [(tag, "BAD"), ALIVE])


def test_a_bare_lf_ends_a_line() -> None:
    check(b"a NO\nb NOOP\r\n", [(b"a", "BAD"), (b"b", "NOOP")])


@pytest.mark.parametrize("logged_in, bound", [(False, 8 * 1024), (True, 64 * 1024)])
def test_long_lines(logged_in: bool, bound: int) -> None:
    fits = b"a LOGIN u " + b"x" * (bound - 12)
    check(fits + b"\r\n" + BEHIND, [(b"a", "LOGIN"), ALIVE], logged_in)
    check(fits + b"x\r\n" + BEHIND, [(b"a", "BAD"), ALIVE], logged_in)
    fits += b"x" * bound
    check(fits + b"{8+}\r\nb NOOP\r\n\r\n" + BEHIND, [(b"a", "BAD"), ALIVE], logged_in)
    check(fits + b"{8}\r\n" + BEHIND, [(b"a", "BAD"), ALIVE], logged_in)
    check(fits + b"{8++}\r\n" + BEHIND, [(b"a", "BAD"), (None, "END")], logged_in)
    check(b"x" * 2 * bound + b"\r\n" + BEHIND, [(None, "BAD"), ALIVE], logged_in)


def test_a_line_without_end_is_answered_once_and_not_held() -> None:
    made = reader()
    made.feed(b"a NOOP ")
    found: Outcome = []
    for _ in range(200):
        made.feed(b"x" * 1024)
        found += outcome(drain(made))
        assert made.buffered <= LIMITS.line + 1024
        assert made.midway
    assert found == [(b"a", "BAD")]
    assert made.buffered < 32
    made.feed(b"\r\n" + BEHIND)
    assert outcome(drain(made)) == [ALIVE]


def test_a_line_without_end_ends_the_session_at_last() -> None:
    made = reader(logged_in=False)
    rows: Outcome = []
    for _ in range(100):
        rows += outcome(read([b"x" * 1024], made))
    assert rows == [(None, "BAD"), (None, "END")]


@pytest.mark.parametrize("octet", OCTETS)
def test_every_octet_as_a_tag(octet: bytes) -> None:
    legal = octet in ATOM_CHARS + b"]" and octet != b"+"
    rows = outcome(read([octet + b" NOOP\r\n"]))
    assert rows[0] == ((octet, "NOOP") if legal else (None, BAD.get(octet, "BAD")))
    rows = outcome(read([b"a" + octet + b"b NOOP\r\n"]))
    others = {b" ": (b"a", UNKNOWN), b"\n": (b"a", "BAD"), b'"': (None, "END")}
    refused = others.get(octet, (None, "BAD"))
    assert rows[0] == ((b"a" + octet + b"b", "NOOP") if legal else refused)


@pytest.mark.parametrize("octet", OCTETS)
def test_every_octet_as_a_verb_and_as_an_argument(octet: bytes) -> None:
    verb = outcome(read([b"a " + octet + b"\r\n"]))
    assert verb[0] == (b"a", UNKNOWN if octet in ATOM_CHARS else BAD.get(octet, "BAD"))
    argument = outcome(read([b"a LOGIN u " + octet + b"\r\n"]))
    assert argument[0] == (b"a", "LOGIN" if octet in ATOM_CHARS + b"]" else verb[0][1])


@pytest.mark.parametrize(
    "tag, expected",
    [(b"x" * 256, b"x" * 256), (b"x" * 257, None), (b"x" * (1 << 20), None), (b"]", b"]")],
)
def test_tags(tag: bytes, expected: bytes | None) -> None:
    what = "BAD" if expected is None else "NOOP"
    check(tag + b" NOOP\r\n" + BEHIND, [(expected, what), ALIVE])


QUOTED = [
    # octets behind `a LOGIN `, and whether the end of the string is not certain
    (b'"a\0" x', False), (b'"x\\q" x', False), (b'"\xc3\xa9" x', False), (b'"a\rb" x', False),
    (b'"x"y z', False), (b'"x\\\\" y z', False), (b'"\xff\0\\"" x x', False),
    (b'"a\r\nb NOOP\r\n" x', True), (b'"x', True), (b'"x\\" y', True), (b'"x" "y', True),
    (b'x"y z', True),
    (b'"a\nb NOOP\n" x', True), (b'{1+}\r\nx "y', True), (b'"' + b'\\"' * 40000, True),
    (b'"' + b"x" * 70000, True),
]


@pytest.mark.parametrize("octets, open_end", QUOTED)
def test_quoted_strings(octets: bytes, open_end: bool) -> None:
    octets = b"a LOGIN " + octets + b"\r\n" + BEHIND
    check(octets, [(b"a", "END")] if open_end else [(b"a", "BAD"), ALIVE])


def test_a_refused_command_is_dropped() -> None:
    for octets in (b"a LOGIN {8+}\r\nb NOOP\r\n {8+}\r\nb NOOP\r\n\r\n", b"a LOGIN {8}\r\n"):
        for parts in every_cut(octets + BEHIND):
            made = reader()
            found: List[Piece] = []
            for part in parts:
                made.feed(part)
                while (piece := made.next()) is not None:
                    if isinstance(piece, Announced):
                        assert made.refuse()
                    found.append(piece)
            assert [type(piece) for piece in found][:1] == [Announced]
            assert outcome(found) == [ALIVE]


def test_the_reader_stands_still_at_a_literal() -> None:
    made = reader()
    made.feed(b"a LOGIN {1+}\r\nu p\r\n" + BEHIND)
    assert isinstance(made.next(), Announced)
    assert made.next() is made.next() is None
    assert made.midway and not made.in_literal
    made.accept()
    assert made.in_literal
    assert made.next() == Login(b"a", b"u", Secret(b"p"))


def test_bounds_grow_with_login() -> None:
    made = reader(logged_in=False)
    line = b"a XFOO " + b"x" * 9000 + b"\r\n"
    assert outcome(read([line], made)) == [(b"a", "BAD")]
    made.authenticated = True
    assert outcome(read([line], made)) == [(b"a", UNKNOWN)]
    assert made.authenticated


def test_state() -> None:
    made = reader()
    assert (made.buffered, made.midway) == (0, False)
    made.feed(b"a NOO")
    assert (made.next(), made.buffered, made.midway) == (None, 5, True)
    made.feed(b"P\r\n")
    assert made.midway
    assert made.next() is not None
    assert (made.buffered, made.midway) == (0, False)


# --- whatever comes ------------------------------------------------------------------------------

TOKENS = st.sampled_from(
    [b"a", b"b1", b" ", b"\r\n", b"\n", b"{3+}\r\n", b"{3}\r\n", b"~{2+}\r\n", b"{2++}", b"LOGIN",
     b"APPEND", b"INBOX", b"UID", b"FETCH", b"1:*", b"(", b")", b"FLAGS", b'"', b"\\", b"SEARCH",
     b"OR", b"BODY[", b"]", b"<0.1>", b"xyz", b"NOOP", b"\0", b"\xe9", b"+", b"ID", b"NIL", b"x y"]
)


@given(st.lists(TOKENS, max_size=30).map(b"".join), st.integers(0, 60))
def test_any_octets_give_the_same_pieces_at_any_cut(octets: bytes, at: int) -> None:
    whole = read([octets + b"\r\n"])
    assert read([octets[:at], octets[at:] + b"\r\n"]) == whole
    assert all(isinstance(piece, (Command, Announced, Malformed)) for piece in whole)


@given(st.binary(max_size=60))
def test_octets_of_a_literal_are_never_a_line(content: bytes) -> None:
    octets = b"a LOGIN u {%d+}\r\n%b\r\nz NOOP\r\n" % (len(content), content)
    what = "BAD" if b"\0" in content else "LOGIN"
    assert outcome(read([octets])) == [(b"a", what), ALIVE]
    poisoned = b"a NOOP {%d+}\r\n%b\r\nz NOOP\r\n" % (len(content), content)
    assert outcome(read([poisoned])) == [(b"a", "BAD"), ALIVE]


def test_one_reader_has_no_part_in_another() -> None:
    one, other = CommandReader(LIMITS), CommandReader(LIMITS)
    one.feed(b"a NO")
    assert not other.midway
