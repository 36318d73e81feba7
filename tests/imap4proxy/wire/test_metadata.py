"""GETMETADATA and SETMETADATA: canonical form, what they need, what is refused."""

from __future__ import annotations

import pytest

from ...support.command_reading import check_malformed, check_written

ANY = b"METADATA|METADATA-SERVER"

WRITTEN = [
    # octets, canonical form, what it needs
    (b"getmetadata inbox /private/comment", b"GETMETADATA INBOX /private/comment", b"METADATA"),
    (b'GETMETADATA "" ("/shared/comment" /private/x)',
     b'GETMETADATA "" (/shared/comment /private/x)', ANY),
    (b'GETMETADATA (maxsize 1024 depth INFINITY) "a b" (/x)',
     b'GETMETADATA (MAXSIZE 1024 DEPTH infinity) "a b" (/x)', b"METADATA"),
    (b"GETMETADATA (DEPTH 1) a {2}\r\n/x", b"GETMETADATA (DEPTH 1) a /x", b"METADATA"),
    (b'setmetadata inbox (/private/comment "my own")',
     b'SETMETADATA INBOX (/private/comment "my own")', b"METADATA"),
    (b'SETMETADATA "" (/a nil /b {3}\r\nx\ny)', b'SETMETADATA "" (/a NIL /b {3+}\r\nx\ny)', ANY),
    (b'SETMETADATA x (/a ~{3+}\r\n\0\1\2 /b "c")',
     b'SETMETADATA x (/a ~{3+}\r\n\0\1\2 /b "c")', b"METADATA"),
]
MALFORMED = [
    b"GETMETADATA", b"GETMETADATA a", b"GETMETADATA a ()", b"GETMETADATA a x", b"GETMETADATA a (x)",
    b"GETMETADATA (MAXSIZE) a /x", b"GETMETADATA (MAXSIZE x) a /x", b"GETMETADATA (DEPTH 2) a /x",
    b"GETMETADATA (FOO 1) a /x", b"GETMETADATA () a /x", b"GETMETADATA a /x /y",
    b"GETMETADATA a (MAXSIZE 10) /x", b"SETMETADATA a", b"SETMETADATA a ()", b"SETMETADATA a (/x)",
    b"SETMETADATA a /x NIL", b"SETMETADATA a (/x y)", b"SETMETADATA a (x NIL)",
    b"SETMETADATA a (/x {3}\r\na\0b)", b"SETMETADATA ~{1+}\r\na (/x NIL)",
]


@pytest.mark.parametrize("row", WRITTEN)
def test_written(row: tuple[bytes, ...]) -> None:
    octets, canonical, *needs = row
    check_written(b"a1 " + octets + b"\r\n", canonical, *needs)


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")
