"""APPEND and MULTIAPPEND: what is announced of each mail, and how it is written again."""

from __future__ import annotations

import pytest

from imap4proxy.wire.append import (
    Append,
    AppendMail,
    encode_end,
    encode_mail,
    encode_prefix,
)
from imap4proxy.wire.command_reader import CommandReader, Piece
from imap4proxy.wire.pieces import Announced, Malformed

from ...support.command_reading import offered_with, read, reader
from ...support.cuts import every_cut

SEEN = (b"\\Seen",)
DATE = b'"14-Jul-1993 02:44:25 -0700"'

WRITTEN = [
    # octets, the same written anew, what it needs
    (b"append inbox {3}\r\nabc", b"APPEND INBOX {3}\r\nabc"),
    (b"APPEND INBOX {0}\r\n", b"APPEND INBOX {0}\r\n"),
    (b"APPEND INBOX () {3+}\r\nabc", b"APPEND INBOX {3+}\r\nabc"),
    (b'APPEND "a b" (\\seen $x) {3}\r\nabc', b'APPEND "a b" (\\Seen $x) {3}\r\nabc'),
    (b"APPEND {3}\r\na b (\\Draft) {3+}\r\na\0b", b'APPEND "a b" (\\Draft) {3+}\r\na\0b'),
    (b'APPEND a "14-JUL-1993 02:44:25 -0700" {1}\r\n\n',
     b'APPEND a "14-Jul-1993 02:44:25 -0700" {1}\r\n\n'),
    (b'APPEND a (\\Seen) " 1-Jan-2024 23:59:60 +0000" {1}\r\nx',
     b'APPEND a (\\Seen) " 1-Jan-2024 23:59:60 +0000" {1}\r\nx'),
    (b"APPEND a ~{3}\r\n\0\1\2", b"APPEND a ~{3}\r\n\0\1\2", b"BINARY"),
    (b"APPEND a utf8 (~{3+}\r\nabc)", b"APPEND a UTF8 (~{3+}\r\nabc)", b"UTF8=ACCEPT"),
    (b"APPEND a {1}\r\nx (\\Seen) {2+}\r\nyz", b"APPEND a {1}\r\nx (\\Seen) {2+}\r\nyz",
     b"MULTIAPPEND"),
    (b"APPEND a UTF8 (~{1}\r\nx) " + DATE + b" ~{2+}\r\nyz",
     b"APPEND a UTF8 (~{1}\r\nx) " + DATE + b" ~{2+}\r\nyz",
     b"UTF8=ACCEPT", b"MULTIAPPEND", b"BINARY"),
    (b"APPEND a {19+}\r\nx\r\na2 LOGOUT\r\nx {5}", b"APPEND a {19+}\r\nx\r\na2 LOGOUT\r\nx {5}"),
]


def rewritten(parts: list[bytes], made: CommandReader) -> tuple[bytes, Append]:
    """What an engine would write that sends on everything as it comes."""
    out, begun = b"", False
    last: Piece | None = None
    for part in parts:
        made.feed(part)
        while True:
            octets = made.take(1 << 20) if made.in_literal and begun else b""
            out += octets
            piece = made.next()
            if isinstance(piece, Announced) and piece.mail is None:
                made.accept()
            elif isinstance(piece, Announced):
                assert piece.mail is not None and piece.mailbox is not None
                assert (piece.size, piece.binary) == (piece.mail.size, piece.mail.binary)
                if not begun:
                    out += encode_prefix(b"p1", piece.mailbox, False)
                begun = True
                out += encode_mail(piece.mail, piece.synchronizing)
                made.stream()
            elif piece is not None:
                last = piece
            elif not octets:
                break
    assert isinstance(last, Append)
    return out + encode_end(last.mails[-1]), last


@pytest.mark.parametrize("row", WRITTEN)
def test_written(row: tuple[bytes, ...]) -> None:
    octets, canonical, *needs = row
    for parts in every_cut(b"a1 " + octets + b"\r\n"):
        out, command = rewritten(parts, reader())
        assert out == b"p1 " + canonical + b"\r\n"
        assert command.tag == b"a1"
        assert offered_with(command.needs) == set(needs)
    assert rewritten([b"a1 " + canonical + b"\r\n"], reader())[1].mails == command.mails


MALFORMED = [
    # up to the literal: it is dropped, or was never sent
    b"APPEND", b"APPEND ", b"APPEND INBOX", b"APPEND INBOX ", b"APPEND INBOX abc",
    b'APPEND INBOX "abc"', b"APPEND INBOX{3+}\r\nabc", b"APPEND {3+}\r\nabc",
    b"APPEND INBOX (\\Recent) {3+}\r\nabc", b"APPEND INBOX (a {3+}\r\nabc",
    b"APPEND INBOX \\Seen {3+}\r\nabc", b"APPEND INBOX (a)  {3+}\r\nabc", b"APPEND INBOX  {3}",
    b'APPEND INBOX "14-Jul-1993" {3+}\r\nabc',
    b'APPEND INBOX "32-Jul-1993 02:44:25 -0700" {3+}\r\nabc',
    b'APPEND INBOX "14-Foo-1993 02:44:25 -0700" {3+}\r\nabc',
    b'APPEND INBOX "14-Jul-1993 24:44:25 -0700" {3+}\r\nabc',
    b"APPEND INBOX " + DATE + b" (a) {3+}\r\nabc", b"APPEND INBOX UTF8 ({3+}\r\nabc)",
    b"APPEND INBOX CATENATE (TEXT {3+}\r\nabc)", b"APPEND IN*BOX {3}", b"APPEND \xe9 {3}",
    b"APPEND {2}\r\n\xc3\xa9 {3}", b'APPEND "a {3+}\r\nabc',
    # behind a mail
    b"APPEND INBOX {3+}\r\nabc ", b"APPEND INBOX {3+}\r\nabcd", b"APPEND INBOX {3+}\r\nabc x",
    b"APPEND INBOX {3+}\r\nabc)", b"APPEND INBOX ~{3+}\r\nabc)", b"APPEND a UTF8 (~{3+}\r\nabc",
    b"APPEND INBOX {3+}\r\nabc (\\Seen)", b"APPEND INBOX {3+}\r\nabc (x {3+}\r\nabc",
    b"APPEND INBOX {3+}\r\nabc{3+}\r\nabc",
]


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    for parts in every_cut(b"a1 " + octets + b"\r\nz NOOP\r\n"):
        pieces = [piece for piece in read(parts) if not isinstance(piece, Announced)]
        assert [(type(piece).__name__, piece.tag) for piece in pieces] == [
            ("Malformed", b"a1"), ("Plain", b"z"),
        ]


def test_each_mail_is_announced_with_all_that_is_before_it() -> None:
    made = reader()
    made.feed(b"a1 APPEND Sent (\\Seen) " + DATE + b" {2000000000}\r\n")
    mail = AppendMail(2000000000, SEEN, DATE)
    assert made.next() == Announced(b"a1", "APPEND", 2000000000, True, False, mail, b"Sent")
    assert made.next() is None


def test_a_refused_mail_that_waits_was_never_sent() -> None:
    made = reader()
    made.feed(b"a1 APPEND Sent {5}\r\na2 NOOP\r\n")
    made.next()
    assert made.refuse()
    assert [piece.tag for piece in read([], made) + read([b""], made)] == [b"a2"]


@pytest.mark.parametrize("behind", [b"", b" (\\Seen) {3+}\r\nabc", b" junk", b" {7}", b" {x"])
def test_a_refused_mail_that_is_on_its_way_is_dropped(behind: bytes) -> None:
    for parts in every_cut(b"{5+}\r\nx\r\na3" + behind + b"\r\na2 NOOP\r\n"):
        made = reader()
        made.feed(b"a1 APPEND Sent ")
        tags = []
        for part in parts:
            made.feed(part)
            while (piece := made.next()) is not None:
                if isinstance(piece, Announced):
                    assert made.refuse()
                else:
                    tags.append(piece.tag)
        assert tags == [b"a2"]


@pytest.mark.parametrize("logged_in, most", [(False, 64 * 1024), (True, 64 * 1024 * 1024)])
def test_what_is_too_much_to_drop_ends_the_session(logged_in: bool, most: int) -> None:
    for size, bearable in ((most, True), (most + 1, False), (4294967298, False)):
        made = reader(logged_in)
        made.feed(b"a1 APPEND Sent {%d+}\r\n" % size)
        assert isinstance(made.next(), Announced)
        assert made.refuse() is bearable
        made.feed(b"a2 NOOP\r\n")
        assert made.next() is None


def test_octets_that_went_past_the_reader() -> None:
    made = reader()
    made.feed(b"a1 APPEND Sent {10}\r\nabc")
    assert isinstance(made.next(), Announced)
    made.stream()
    assert (made.take(2), made.take(100), made.take(100)) == (b"ab", b"c", b"")
    assert (made.in_literal, made.midway, made.buffered) == (True, True, 0)
    made.passed(6)
    assert made.in_literal and made.next() is None
    made.passed(1)
    assert not made.in_literal and made.midway
    made.feed(b"\r\n")
    assert isinstance(made.next(), Append)
    assert not made.midway


def test_a_mail_is_not_of_the_command_that_is_bounded() -> None:
    octets = b"a1 APPEND Sent {300000+}\r\n" + b"x" * 300000 + b"\r\n"
    assert isinstance(read([octets])[-1], Append)


def test_malformed_header_of_the_second_mail_ends_the_session() -> None:
    made = reader()
    pieces = read([b"a1 APPEND Sent {3+}\r\nabc {3++}\r\nb NOOP\r\n"], made)
    assert pieces[1:] == [Malformed(b"a1", "literal expected", True)]


@pytest.mark.parametrize(
    "mailbox, utf8, expected",
    [
        (b"INBOX", False, b"p1 APPEND INBOX"),
        (b"Sent Items", False, b'p1 APPEND "Sent Items"'),
        ("Pošta".encode(), True, b'p1 APPEND "Po\xc5\xa1ta"'),
        ("Pošta".encode(), False, ValueError),
    ],
)
def test_prefix(mailbox: bytes, utf8: bool, expected: bytes | type[Exception]) -> None:
    if isinstance(expected, bytes):
        assert encode_prefix(b"p1", mailbox, utf8) == expected
    else:
        with pytest.raises(expected):
            encode_prefix(b"p1", mailbox, utf8)


def test_a_mail_may_have_another_size_when_it_is_written() -> None:
    mail = AppendMail(100, SEEN, DATE)
    assert encode_mail(mail, False, 120) == b" (\\Seen) " + DATE + b" {120+}\r\n"
