"""Quoted strings and atoms, over all octets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.wire import strings

OCTETS = [bytes([octet]) for octet in range(256)]

QUOTED = [
    # octets, utf8, value and end
    (b'""', False, (b"", 2)),
    (b'"a b" c', False, (b"a b", 5)),
    (b'"a\\"b\\\\"', False, (b'a"b\\', 8)),
    (b'"{5+}"', False, (b"{5+}", 6)),
    (b'"a', False, None),
    (b'"a\\"', False, None),
    (b'"x\\q"', False, None),
    (b'"a\rb"', False, None),
    (b'"\xc3\xa9"', False, None),
    (b'"\xc3\xa9"', True, (b"\xc3\xa9", 4)),
    (b'"\xc3"', True, None),
    (b'"\xff"', True, None),
    (b'"\xc0\xaf"', True, None),
    (b"a", False, None),
    (b"", False, None),
]


@pytest.mark.parametrize("octets, utf8, expected", QUOTED)
def test_quoted_at(octets: bytes, utf8: bool, expected: tuple[bytes, int] | None) -> None:
    assert strings.quoted_at(octets, 0, utf8) == expected


@pytest.mark.parametrize("octet", OCTETS)
def test_every_octet_in_quotes(octet: bytes) -> None:
    plain = octet in (bytes([o]) for o in range(1, 0x80)) and octet not in (b"\r", b"\n")
    assert (strings.quoted_at(b'"' + octet + b'"', 0, False) is not None) is (
        plain and octet not in (b'"', b"\\") or octet == b'"'
    )
    assert strings.holds(octet, False) is plain
    if plain:
        assert strings.quoted_at(strings.quoted(octet), 0, False) == (
            octet, 4 if octet in (b'"', b"\\") else 3
        )


@pytest.mark.parametrize("octet", OCTETS)
def test_every_octet_as_an_atom(octet: bytes) -> None:
    atom = octet.isalnum() or octet in (b"!", b"#", b"$", b"&", b"'", b"+", b",", b"-", b".", b"/",
                                        b":", b";", b"<", b"=", b">", b"?", b"@", b"[", b"^", b"_",
                                        b"`", b"|", b"}", b"~")
    assert strings.is_astring(octet) is atom
    assert strings.is_pattern(octet) is (atom or octet in (b"%", b"*"))


@pytest.mark.parametrize("octets", [b"", b"NIL", b"nil", b"Nil", b"a b", b"a]", b"\xe9"])
def test_no_atom(octets: bytes) -> None:
    assert not strings.is_astring(octets)
    assert not strings.is_pattern(octets)


@pytest.mark.parametrize(
    "octets, utf8, expected",
    [
        (b"", False, True), (b"a\tb", False, True), (b"a\0b", False, False), (b"a\0b", True, False),
        ("é".encode(), False, False), ("é".encode(), True, True), (b"\xe9", True, False),
        ("é\n".encode(), True, False), ("é\r".encode(), True, False), ("é\0".encode(), True, False),
    ],
)
def test_holds(octets: bytes, utf8: bool, expected: bool) -> None:
    assert strings.holds(octets, utf8) is expected


@given(st.binary(max_size=40), st.booleans())
def test_what_is_held_comes_back(octets: bytes, utf8: bool) -> None:
    if strings.holds(octets, utf8):
        written = strings.quoted(octets)
        assert strings.quoted_at(written, 0, utf8) == (octets, len(written))


@pytest.mark.parametrize(
    "line, expected",
    [
        (b"", False), (b"a LOGIN x y", False), (b'a "b" c', False), (b'a "b', True), (b'"', True),
        (b'a "b\\"', True), (b'a "b\\\\"', False), (b'a "b" "', True), (b'"a""b"', False),
        (b'"\xff\0\\x"', False), (b'"\\', True), (b'\\"', True), (b'"a\rb"', False),
    ],
)
def test_unclosed(line: bytes, expected: bool) -> None:
    assert strings.unclosed(line) is expected


def test_a_long_run_of_escapes_is_read_at_once() -> None:
    octets = b'"' + b'\\"' * 500_000
    assert strings.quoted_at(octets, 0, False) is None
    assert strings.quoted_at(octets + b'"', 0, False) == (b'"' * 500_000, len(octets) + 1)
    assert strings.unclosed(octets)
