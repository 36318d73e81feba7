"""Body sections as values, and back."""

from __future__ import annotations

import pytest

from imap4proxy.wire.body_section import Section, section, section_binary
from imap4proxy.wire.fragments import Line
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.parts import joined
from imap4proxy.wire.scanner import Invalid, Scanner

DEPTH = Limits().section_depth

SECTIONS = [
    # octets, value, canonical form
    (b"[]", Section(), b"[]"),
    (b"[header]", Section((), "HEADER"), b"[HEADER]"),
    (b"[TEXT]", Section((), "TEXT"), b"[TEXT]"),
    (b"[1]", Section((1,)), b"[1]"),
    (b"[1.2.3]", Section((1, 2, 3)), b"[1.2.3]"),
    (b"[4294967295]", Section((4294967295,)), b"[4294967295]"),
    (b"[1.2.mime]", Section((1, 2), "MIME"), b"[1.2.MIME]"),
    (b"[1.HEADER]", Section((1,), "HEADER"), b"[1.HEADER]"),
    (b"[HEADER.FIELDS (date)]", Section((), "HEADER.FIELDS", (b"date",)),
     b"[HEADER.FIELDS (date)]"),
    (b'[2.HEADER.FIELDS.NOT ("To" x-a)]', Section((2,), "HEADER.FIELDS.NOT", (b"To", b"x-a")),
     b"[2.HEADER.FIELDS.NOT (To x-a)]"),
    (b"[" + b".".join([b"1"] * DEPTH) + b"]", Section((1,) * DEPTH), None),
]
INVALID = [
    b"", b"[", b"[0]", b"[01]", b"[1.]", b"[1.0]", b"[1..2]", b"[.1]", b"[1 ]", b"[MIME]", b"[FOO]",
    b"[4294967296]", b"[1.HEADERS]", b"[HEADER.FIELDS]", b"[HEADER.FIELDS ()]", b"[HEADER.]",
    b"[HEADER.FIELDS (a])]", b"[HEADER.FIELDS (a[b)]", b'[HEADER.FIELDS ("a] b")]',
    b"[HEADER.FIELDS (a ]", b"[HEADER.FIELDS(a)]", b"[TEXT (a)]", b"[HEADER 1]", b"[1.TEXT.2]",
    b"[" + b".".join([b"1"] * (DEPTH + 1)) + b"]", b"[" + b"1." * 1000 + b"1]",
]


def scanner(octets: bytes) -> Scanner:
    return Scanner((Line(octets),), (), Limits())


@pytest.mark.parametrize("octets, value, canonical", SECTIONS)
def test_section(octets: bytes, value: Section, canonical: bytes | None) -> None:
    scan = scanner(octets)
    assert section(scan) == value
    assert scan.ended
    assert b"".join(map(bytes, joined(value.parts))) == (canonical or octets)


@pytest.mark.parametrize("octets", INVALID)
def test_invalid_section(octets: bytes) -> None:
    with pytest.raises(Invalid):
        section(scanner(octets))


@pytest.mark.parametrize("octets, value", [(b"[]", Section()), (b"[1.2]", Section((1, 2)))])
def test_section_binary(octets: bytes, value: Section) -> None:
    assert section_binary(scanner(octets)) == value


@pytest.mark.parametrize("octets", [b"[1.MIME]", b"[TEXT]", b"[1.]", b"[1"])
def test_invalid_section_binary(octets: bytes) -> None:
    with pytest.raises(Invalid):
        section_binary(scanner(octets))
