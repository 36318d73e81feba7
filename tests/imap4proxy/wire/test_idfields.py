"""ID: its fields, and those that a client may not send on."""

from __future__ import annotations

import pytest

from imap4proxy.wire.idfields import Field, Id, clean
from imap4proxy.wire.limits import Limits

from ...support.command_reading import check_malformed, check_written, command_of

MOST = Limits().id_fields

WRITTEN = [
    # octets, fields, canonical form
    (b"id nil", None, b"ID NIL"),
    (b"ID ()", None, b"ID NIL"),
    (b'ID ("name" "imap.c" "version" NIL)', ((b"name", b"imap.c"), (b"version", None)),
     b'ID ("name" "imap.c" "version" NIL)'),
    (b'ID ("name" {24+}\r\nMozilla "Thunder" 16.0.0)', ((b"name", b'Mozilla "Thunder" 16.0.0'),),
     b'ID ("name" "Mozilla \\"Thunder\\" 16.0.0")'),
    (b'ID ({4}\r\nname {3}\r\na\r\n)', ((b"name", b"a\r\n"),), b'ID ("name" {3+}\r\na\r\n)'),
    (b"ID (" + b" ".join([b'"a" "b"'] * MOST) + b")", ((b"a", b"b"),) * MOST, None),
]
MALFORMED = [
    b"ID", b"ID ", b"ID x", b'ID "name"', b"ID (name x)", b'ID ("name")', b'ID ("name" x)',
    b'ID ("name" "x"', b'ID ("name" "x" )', b'ID ( "name" "x")', b'ID ("name"  "x")',
    b'ID (NIL "x")',
    b'ID ("name" ("x"))', b"ID NIL NIL", b'ID ("name" ~{1+}\r\nx)', b'ID ("a" "b\0")',
    b"ID (" + b" ".join([b'"a" "b"'] * (MOST + 1)) + b")",
]


@pytest.mark.parametrize("octets, fields, canonical", WRITTEN)
def test_written(octets: bytes, fields: tuple[Field, ...] | None, canonical: bytes | None) -> None:
    command = command_of(b"a1 " + octets + b"\r\n")
    assert command == Id(b"a1", fields)
    check_written(b"a1 " + octets + b"\r\n", canonical or octets, b"ID")


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")


FORGED = [
    (None, None),
    (((b"name", b"x"),), ((b"name", b"x"),)),
    (((b"X-Originating-IP", b"192.0.2.1"), (b"name", None)), ((b"name", None),)),
    (((b"x-connected-port", b"1"), (b"x-proxy-ttl", b"2"), (b"x-forward-a", b"3"),
      (b"x-session-id", b"4")), None),
    (((b"x-originating", b"1"), (b"ax-proxy-", b"2")), ((b"x-originating", b"1"), (b"ax-proxy-",
     b"2"))),
]


@pytest.mark.parametrize("fields, kept", FORGED)
def test_clean(fields: tuple[Field, ...] | None, kept: tuple[Field, ...] | None) -> None:
    assert clean(Id(b"a1", fields)) == Id(b"a1", kept)
