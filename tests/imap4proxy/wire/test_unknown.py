"""Commands that the proxy does not know: balanced, or refused."""

from __future__ import annotations

import pytest

from imap4proxy.wire.command import Unknown
from imap4proxy.wire.limits import Limits

from ...support.command_reading import check_malformed, check_written, command_of

NESTING = Limits().nesting

WRITTEN = [
    # octets, canonical form, what it needs
    (b"xfoo", b"XFOO"),
    (b"XFOO bar BAZ", b"XFOO bar BAZ"),
    (b'XFOO "a" "b c" ""', b'XFOO "a" "b c" ""'),
    (b"XFOO {3}\r\nabc (x {2+}\r\n\r\n)", b'XFOO "abc" (x {2+}\r\n\r\n)'),
    (b"XFOO ~{3}\r\na\0b x", b"XFOO ~{3+}\r\na\0b x"),
    (b"XFOO (a (b () c) [d]) *%\\x", b"XFOO (a (b () c) [d]) *%\\x"),
    (b'FETCHX 1 BODY[HEADER.FIELDS ("a")]<0.1>', b'FETCHX 1 BODY[HEADER.FIELDS ("a")]<0.1>'),
    (b"uid xfoo 1:*", b"UID XFOO 1:*"),
    (b"XFOO " + b"(" * NESTING + b")" * NESTING, b"XFOO " + b"(" * NESTING + b")" * NESTING),
    (b"compress deflate", b"COMPRESS deflate", b"COMPRESS=DEFLATE"),
    (b"notify none", b"NOTIFY none", b"NOTIFY"),
    (b"UID REPLACE 1 x", b"UID REPLACE 1 x", b"REPLACE"),
]
MALFORMED = [
    b"XFOO ", b"XFOO  a", b"XFOO a ", b"XFOO (a", b"XFOO a)", b"XFOO (a ))", b"XFOO ( a)",
    b"XFOO(a)",
    b"XFOO (a )", b'XFOO "a"b', b'XFOO a"b"', b'XFOO "a""b"', b"XFOO a{1+}\r\nb",
    b"XFOO {1}\r\nab", b"XFOO a\0", b"XFOO a\x7f", b"XFOO \xe9", b"XFOO a\rb", b"XFOO a{b",
    b"XFOO " + b"(" * (NESTING + 1) + b")" * (NESTING + 1), b"XFOO {2}\r\na\0", b'XFOO "x\\q"',
]


@pytest.mark.parametrize("row", WRITTEN)
def test_written(row: tuple[bytes, ...]) -> None:
    octets, canonical, *needs = row
    check_written(b"a1 " + octets + b"\r\n", canonical, *needs)


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")


def test_the_verb_is_kept() -> None:
    command = command_of(b"a1 Uid xFoo\r\n")
    assert isinstance(command, Unknown)
    assert (command.name, command.verb, command.mailbox) == ("UNKNOWN", b"UID XFOO", None)
