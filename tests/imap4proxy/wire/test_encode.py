"""Commands written for a server: the form of strings, where to wait, and what others make of it."""

from __future__ import annotations

import re

import imap_codec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.wire.command import Command, Plain, Unknown
from imap4proxy.wire.encode import LITERAL_MINUS, Chunk, LiteralMode, encode_command, shown
from imap4proxy.wire.idfields import Id
from imap4proxy.wire.login import Authenticate, Login
from imap4proxy.wire.parts import Astring, Binary, Mailbox, Pattern, String
from kernun_common.secret import Secret

from ...support.command_reading import command_of, encoded, offered_with
from . import (
    test_fetch,
    test_idfields,
    test_listing,
    test_login,
    test_mailboxes,
    test_metadata,
    test_rights,
    test_search,
    test_store,
)

FORMS = [
    # value, form of an Astring, a String, a Mailbox, a Pattern; None is a literal
    (b"abc", b"abc", b'"abc"', b"abc", b"abc"),
    (b"", b'""', b'""', b'""', b'""'),
    (b"NIL", b'"NIL"', b'"NIL"', b'"NIL"', b'"NIL"'),
    (b"a b", b'"a b"', b'"a b"', b'"a b"', b'"a b"'),
    (b'"\\', b'"\\"\\\\"', b'"\\"\\\\"', b'"\\"\\\\"', b'"\\"\\\\"'),
    (b"a]", b'"a]"', b'"a]"', b'"a]"', b'"a]"'),
    (b"a*%", b'"a*%"', b'"a*%"', b'"a*%"', b"a*%"),
    (b"{5+}", b'"{5+}"', b'"{5+}"', b'"{5+}"', b'"{5+}"'),
    (b"(", b'"("', b'"("', b'"("', b'"("'),
    (b"a\tb", b'"a\tb"', b'"a\tb"', b'"a\tb"', b'"a\tb"'),
    (b"\xc3\xa9", None, None, None, None),
    (b"a\r\nb", None, None, None, None),
    (b"a\nb", None, None, None, None),
    (b"x" * 1024, b"x" * 1024, b'"' + b"x" * 1024 + b'"', b"x" * 1024, b"x" * 1024),
    (b"x " * 600, None, None, b'"' + b"x " * 600 + b'"', b'"' + b"x " * 600 + b'"'),
]


def one(part: bytes | Secret) -> Command:
    return Plain(b"a1", "NOOP", (b" ", part, b" x"))


@pytest.mark.parametrize("value, astring, string, mailbox, pattern", FORMS)
def test_forms(
    value: bytes,
    astring: bytes | None,
    string: bytes | None,
    mailbox: bytes | None,
    pattern: bytes | None,
) -> None:
    literal = b"{%d+}\r\n%b" % (len(value), value)
    for part, form in (
        (Astring(value), astring),
        (Secret(value), astring),
        (String(value), string),
        (Mailbox(value), mailbox),
        (Pattern(value), pattern),
        (Binary(value), b"~" + literal),
    ):
        expected = literal if form is None else form
        assert encoded(one(part)) == b"a1 NOOP " + expected + b" x\r\n"


def test_utf8_in_quotes_only_where_it_is_enabled() -> None:
    name = "Pošta".encode()
    assert encoded(one(Mailbox(name)), utf8=True) == b'a1 NOOP "' + name + b'" x\r\n'
    assert encoded(one(Mailbox(name)), utf8=False) == b"a1 NOOP {6+}\r\n" + name + b" x\r\n"
    assert encoded(one(String(b"\xff")), utf8=True) == b"a1 NOOP {1+}\r\n\xff x\r\n"


MINUS = b"\n" * LITERAL_MINUS

WAITS = [
    # values, mode, chunks
    ((b"\n",), LiteralMode.NONE, [Chunk(b"p7 NOOP {1}\r\n", True), Chunk(b"\n\r\n")]),
    ((b"\n",), LiteralMode.MINUS, [Chunk(b"p7 NOOP {1+}\r\n\n\r\n")]),
    ((b"\n",), LiteralMode.PLUS, [Chunk(b"p7 NOOP {1+}\r\n\n\r\n")]),
    ((MINUS,), LiteralMode.MINUS, [Chunk(b"p7 NOOP {4096+}\r\n" + MINUS + b"\r\n")]),
    ((MINUS + b"\n",), LiteralMode.MINUS,
     [Chunk(b"p7 NOOP {4097}\r\n", True), Chunk(MINUS + b"\n\r\n")]),
    ((MINUS + b"\n",), LiteralMode.PLUS, [Chunk(b"p7 NOOP {4097+}\r\n" + MINUS + b"\n\r\n")]),
    ((b"\n", b"\r"), LiteralMode.NONE,
     [Chunk(b"p7 NOOP {1}\r\n", True), Chunk(b"\n {1}\r\n", True), Chunk(b"\r\r\n")]),
    ((b"a", b"b"), LiteralMode.NONE, [Chunk(b"p7 NOOP a b\r\n")]),
]


@pytest.mark.parametrize("values, mode, chunks", WAITS)
def test_waits(values: tuple[bytes, ...], mode: LiteralMode, chunks: list[Chunk]) -> None:
    parts = tuple(part for value in values for part in (b" ", Astring(value)))
    assert encode_command(Plain(b"a1", "NOOP", parts), b"p7", mode, utf8=False) == chunks


def test_no_octets_are_shown_of_a_chunk() -> None:
    login = Login(b"a1", b"joe", Secret(b"hunter2"))
    chunks = encode_command(login, b"p7", LiteralMode.NONE, utf8=False)
    assert chunks[0].octets == b"p7 LOGIN joe hunter2\r\n"
    assert "hunter2" not in repr(chunks)


@pytest.mark.parametrize(
    "command, expected",
    [
        (Login(b"a1", b"joe", Secret(b"hunter2")), b"LOGIN joe ***"),
        (Authenticate(b"a1", b"PLAIN", Secret(b"QUJD")), b"AUTHENTICATE PLAIN ***"),
        (Id(b"a1", ((b"name", b"a\nb"),)), b'ID ("name" {3})'),
        (Unknown(b"a1", b"XFOO", (b" ", Binary(b"\0\1"))), b"XFOO {2}"),
        (command_of(b'a1 select "a b"\r\n'), b'SELECT "a b"'),
    ],
)
def test_shown(command: Command, expected: bytes) -> None:
    assert shown(command) == expected


# --- parse, encode, parse ------------------------------------------------------------------------

NAMES = st.text(st.characters(codec="ascii", exclude_characters="\r\n\0")).map(str.encode)
STRINGS = st.binary(max_size=20).map(lambda octets: octets.replace(b"\0", b""))
ATOMS = st.text("abzABZ019$-_.", min_size=1).map(str.encode)
NUMBERS = st.integers(1, 2**32 - 1).map(lambda number: b"%d" % number)
SETS = st.lists(NUMBERS | st.just(b"*"), min_size=1, max_size=5).map(b",".join)


def literal(octets: bytes) -> bytes:
    return b"{%d+}\r\n%b" % (len(octets), octets)


ASTRINGS = STRINGS.map(literal) | ATOMS
FIELDS = STRINGS.map(lambda octets: literal(re.sub(rb"[][]", b"", octets))) | ATOMS
MAILBOXES = NAMES.map(literal) | ATOMS
KEYS = st.recursive(
    st.sampled_from([b"ALL", b"seen", b"OLDER 3", b"SINCE 1-Feb-1994", b"MODSEQ 7"])
    | SETS
    | ASTRINGS.map(lambda value: b"SUBJECT " + value),
    lambda keys: st.one_of(
        keys.map(lambda key: b"NOT " + key),
        st.tuples(keys, keys).map(lambda two: b"or " + b" ".join(two)),
        st.lists(keys, min_size=1, max_size=4).map(lambda many: b"(" + b" ".join(many) + b")"),
    ),
    max_leaves=12,
)
SECTIONS = st.one_of(
    st.sampled_from([b"", b"header", b"TEXT", b"1.2.MIME", b"4294967295"]),
    st.lists(FIELDS, min_size=1, max_size=3).map(
        lambda fields: b"HEADER.FIELDS (" + b" ".join(fields) + b")"
    ),
)
ITEMS = st.lists(
    st.sampled_from([b"FLAGS", b"uid", b"RFC822.SIZE", b"MODSEQ"])
    | SECTIONS.map(lambda section: b"body.peek[" + section + b"]<5.7>"),
    min_size=1, max_size=5,
).map(lambda items: b"(" + b" ".join(items) + b")")


def words(*strategies: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.tuples(*strategies).map(b" ".join)


COMMANDS = st.one_of(
    words(st.just(b"LOGIN"), ASTRINGS, ASTRINGS),
    words(st.just(b"Rename"), MAILBOXES, MAILBOXES),
    words(st.just(b"LIST"), MAILBOXES, MAILBOXES),
    words(st.just(b"uid search"), KEYS, KEYS),
    words(st.just(b"FETCH"), SETS, ITEMS),
    words(st.just(b"STORE"), SETS, st.just(b"+flags"), ATOMS),
    words(st.just(b"SETMETADATA"), MAILBOXES, STRINGS.map(lambda v: b"(/a " + literal(v) + b")")),
    words(st.just(b"XFOO"), STRINGS.map(literal), ATOMS, st.just(b"((b) c)")),
    st.lists(st.tuples(STRINGS, STRINGS), max_size=5).map(
        lambda pairs: b"ID (" + b" ".join(literal(o) for pair in pairs for o in pair) + b")"
    ),
)


@given(COMMANDS)
def test_parse_encode_parse_is_a_fixed_point(octets: bytes) -> None:
    command = command_of(b"a1 " + octets + b"\r\n")
    once = encoded(command)
    again = command_of(once)
    assert again == command
    assert encoded(again) == once
    assert command_of(encoded(command, mode=LiteralMode.NONE)) == command


# --- an independent grammar ----------------------------------------------------------------------

# What imap-codec does not speak; a command that needs one of these, or is nested more deeply
# than it permits, is not shown to it.
NESTED = b"NOT " * 9
NOT_SPOKEN = set(
    b"ESEARCH SEARCHRES WITHIN CONDSTORE QRESYNC SAVEDATE OBJECTID X-GM-EXT-1 LIST-EXTENDED XLIST "
    b"SPECIAL-USE LIST-STATUS STATUS=SIZE APPENDLIMIT IMAP4REV2 IMAP4REV2|QUOTA=RES-MESSAGE ACL "
    b"QUOTA=RES-STORAGE CREATE-SPECIAL-USE UTF8=ACCEPT MULTIAPPEND".split()
)
MODULES = (
    test_fetch, test_idfields, test_listing, test_mailboxes, test_metadata, test_rights,
    test_search, test_store,
)
ROWS = [row for module in MODULES for row in module.WRITTEN]
ROWS += [*test_login.LOGINS, *test_login.MECHANISMS]


def spoken(octets: bytes) -> bool:
    needs = command_of(b"a1 " + octets + b"\r\n").needs
    return NESTED not in octets and not offered_with(needs) & NOT_SPOKEN


@pytest.mark.parametrize("octets", [row[0] for row in ROWS if spoken(row[0])])
@pytest.mark.parametrize("mode", LiteralMode)
def test_others_understand_what_we_write(octets: bytes, mode: LiteralMode) -> None:
    command = command_of(b"a1 " + octets + b"\r\n")
    rest, _ = imap_codec.CommandCodec.decode(encoded(command, mode=mode))
    assert rest == b""
