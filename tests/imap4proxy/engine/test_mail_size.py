"""What a literal in a FETCH response is of, how far it reaches, and how it is taken out."""

import pytest

from imap4proxy.engine.mail_size import extent, without_item
from tests.support.rehearsal import transcripts

test_transcript = transcripts("mail_size")

EXTENTS = [
    (b"* 1 FETCH (BODY[] {100}\r\n", 100, 100),
    (b"* 1 FETCH (UID 5 BODY[]<1000> {100}\r\n", 100, 1100),
    (b"* 1 FETCH (UID 5 body[1.2.MIME] {9}\r\n", 9, 9),
    (b'* 1 FETCH (BODY[HEADER.FIELDS ("a]b" Date)] {9}\r\n', 9, 9),
    (b"* 1 FETCH (RFC822 {7}\r\n", 7, 7),
    (b"* 1 FETCH (RFC822.TEXT {7}\r\n", 7, 7),
    (b"* 1 FETCH (BINARY[1] ~{7}\r\n", 7, 7),
    (b'* 1 FETCH (ENVELOPE ("date" {7}\r\n', 7, 0),
    (b"* 1 FETCH (X-GM-LABELS ({7}\r\n", 7, 0),
    (b"* 1 FETCH (NOBODY[] {7}\r\n", 7, 0),
]


@pytest.mark.parametrize("octets, literal, reach", EXTENTS)
def test_extent(octets, literal, reach):
    assert extent(octets, literal) == reach


CUTS = [
    (b"* 1 FETCH (UID 5 BODY[] {100}\r\n", b"* 1 FETCH (UID 5", False),
    (b"* 1 FETCH (BODY[] {100}\r\n", b"* 1 FETCH (", True),
    (b" BODY[2] {100}\r\n", b"", False),
]


@pytest.mark.parametrize("octets, rest, first", CUTS)
def test_without_item(octets, rest, first):
    assert without_item(octets) == (rest, first)
