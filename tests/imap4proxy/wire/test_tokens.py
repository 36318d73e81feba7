"""Tokens: every octet in every class, every number around its bound, strings and literals."""

import re

import pytest

from imap4proxy.wire import tokens
from imap4proxy.wire.abnf import NUMBER, NUMBER64
from imap4proxy.wire.tokens import Strings, announced, as_literal
from kernun_common.errors import PeerError

CONTROL = bytes(range(0x20)) + b"\x7f"
HIGH = bytes(range(0x80, 0x100))

# pattern, octets of which a token of one octet can be
CLASSES = [
    (tokens.ATOM, CONTROL + HIGH + b'(){ %*"\\]'),
    (tokens.ASTRING_WORD, CONTROL + HIGH + b'(){ %*"\\'),
    (tokens.FLAG, CONTROL + HIGH + b'(){ %*"\\]'),
    (tokens.WORD, CONTROL + HIGH + b'(){ "'),
]


@pytest.mark.parametrize("pattern, excluded", CLASSES)
def test_every_octet(pattern, excluded):
    matches = re.compile(pattern).match
    for octet in range(256):
        single = bytes([octet])
        assert bool(matches(single + b" ")) == (single not in excluded), single
        found = matches(b"a" + single + b" ")  # it ends a token, or is within it, or is wrong
        whole = found is not None and found.end() == 2
        assert whole == (single not in excluded)


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in CLASSES])
@pytest.mark.parametrize("end", [b" ", b")", b"\r"])
def test_a_token_shows_that_it_ends(pattern, end):
    matches = re.compile(pattern).match
    assert matches(b"abc" + end).end() == 3
    assert matches(b"abc") is None


@pytest.mark.parametrize("octets", [b"\\Seen ", b"\\X-y ", b"$Junk ", b"a+b "])
def test_flags(octets):
    assert re.compile(tokens.FLAG).match(octets)


@pytest.mark.parametrize("octets", [b"\\ ", b"\\\\Seen ", b"\\* ", b"a\\b "])
def test_no_flags(octets):
    assert not re.compile(tokens.FLAG).match(octets)


def accepts(pattern, digits):
    found = re.compile(pattern).match(digits + b" ")
    return found is not None and found[0] == digits


@pytest.mark.parametrize("limit", [10, 19, 100, 4321, NUMBER, NUMBER64, 2**64 - 1])
def test_numbers_around_the_bound(limit):
    pattern = tokens.number(limit)
    digits = len(str(limit))
    near = {limit + step for step in range(-1000, 1001)}
    powers = {10**power + step for power in range(digits + 1) for step in (-1, 0, 1)}
    for value in {v for v in near | powers if v >= 0}:
        assert accepts(pattern, b"%d" % value) == (value <= limit), value
    assert accepts(pattern, b"0" * digits) and not accepts(pattern, b"0" * (digits + 1))


@pytest.mark.parametrize("octets, valid", [(b"0", False), (b"01", False), (b"1", True)])
def test_nz_number(octets, valid):
    assert accepts(tokens.NZ, octets) == valid


def test_octets_of_a_number():
    for octet in range(256):
        assert accepts(tokens.N, b"1" + bytes([octet])) == (octet in b"0123456789")


@pytest.mark.parametrize("utf8", [False, True])
def test_every_octet_in_a_quoted_string(utf8):
    strings = Strings.of(utf8)
    quoted, raw = re.compile(strings.quoted).match, re.compile(strings.raw).match
    for octet in range(256):
        octets = b'"a%cb" ' % octet
        never = octet in b'"\\\r\n\x00'
        assert bool(quoted(octets)) == (not never and octet < 0x80)
        assert bool(raw(octets)) == (not never)
        escaped = b'"\\%c" ' % octet
        assert bool(quoted(escaped)) == bool(raw(escaped)) == (octet in b'"\\')


UTF8 = [
    ("a\u00e9\u20ac\U0001f600".encode(), True),
    (b"\xc0\x80", False),             # overlong
    (b"\xe0\x80\x80", False),
    (b"\xf0\x80\x80\x80", False),
    (b"\xed\xa0\x80", False),         # a surrogate
    (b"\xf4\x90\x80\x80", False),     # above U+10FFFF
    (b"\xe2\x82", False),             # cut short
    (b"\x80", False),
    (b"\xff", False),
]


@pytest.mark.parametrize("value, valid", UTF8)
def test_utf8_in_quoted_strings(value, valid):
    octets = b'"' + value + b'" '
    assert bool(re.compile(Strings.of(True).quoted).match(octets)) == valid
    assert tokens.is_utf8(value) == valid
    assert not re.compile(Strings.of(False).quoted).match(octets)


def test_every_code_point_of_two_octets_and_every_pair():
    quoted = re.compile(Strings.of(True).quoted).match
    for first in range(0x80, 0x100):
        for second in range(0x80, 0x100):
            pair = bytes([first, second])
            assert bool(quoted(b'"' + pair + b'" ')) == tokens.is_utf8(pair)


LITERALS = [
    (b'""', b"{0}\r\n"),
    (b'"a b"', b"{3}\r\na b"),
    (b'"\\"\\\\"', b'{2}\r\n"\\'),
    (b'"\xe9"', b"{1}\r\n\xe9"),
]


@pytest.mark.parametrize("quoted, literal", LITERALS)
def test_as_literal(quoted, literal):
    assert as_literal(quoted) == literal


ANNOUNCED = [
    (b"{5}\r\nabc", (5, 5)),
    (b"~{5}\r\nabc", (5, 6)),
    (b"{5", None),
    (b"{5}\r", None),
    (b"{5+}\r\n", PeerError),
    (b"{-5}\r\n", PeerError),
    (b"{}\r\n", PeerError),
    (b"{ 5}\r\n", PeerError),
    (b"{5}\n", PeerError),
    (b"{99999999999999999999}\r\n", PeerError),
]


@pytest.mark.parametrize("octets, expected", ANNOUNCED)
def test_announced(octets, expected):
    if expected is PeerError:
        with pytest.raises(PeerError):
            announced(octets, 0)
    else:
        assert announced(octets, 0) == expected
