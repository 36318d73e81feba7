from __future__ import annotations

import email

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.pieces import Slack, chunks_of
from kernun_common.mail_doc.replacement import NewDocument, encoded


def written(document, last_line_end=True):
    fields = b"".join(name + b": " + value + b"\r\n" for name, value in document.fields())
    return fields + b"\r\n" + b"".join(chunks_of(b"", document.body(last_line_end)))


@pytest.mark.parametrize("document, disposition", [
    (NewDocument("text/plain", "Removed."), "inline"),
    (NewDocument("text/html", "<p>žluťoučký kůň</p>\n"), "inline"),
    (NewDocument("text/plain", "x" * 200, "note ž.txt"), "attachment"),
    (NewDocument("application/x-note", "a\r\n\r\nb\r"), "attachment"),
])
def test_python_reads_it(document, disposition):
    mail = email.message_from_bytes(written(document))
    assert mail.get_content_type() == document.type
    assert mail.get_filename() == document.filename
    assert mail.get_content_disposition() == ("attachment" if document.filename else "inline")
    text = mail.get_payload(decode=True).decode()
    assert text.split() == document.text.split()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text(text):
    octets = written(NewDocument("text/plain", text))
    body = octets.partition(b"\r\n\r\n")[2]
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    assert body.isascii() and body.endswith(b"\r\n")
    read = email.message_from_bytes(octets).get_payload(decode=True).decode()
    lines = text.rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n")
    assert read.rstrip("\r\n") == lines.replace("\n", "\r\n").rstrip("\r\n")


ENCODED = [
    ("Kůň", "text/plain", "utf-8", "Kůň".encode()),
    ("Kůň", "text/plain", "iso-8859-2", b"K\xf9\xf2"),
    ("Kůň Ω", "text/plain", "us-ascii", b"Kun ?"),
    ("u\u030a q\u030a", "text/plain", "iso-8859-2", b"\xf9 q"),
    ("š ő\u2026 ñ", "text/plain", "windows-1250", b"\x9a \xf5\x85 n"),
    ("Kůň", "text/html", "us-ascii", b"K&#367;&#328;"),
]


@pytest.mark.parametrize("text, kind, charset, octets", ENCODED)
def test_encoded(text, kind, charset, octets):
    assert encoded(text, kind, charset) == octets


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-2", "windows-1250"])
def test_character_set(charset):
    document = NewDocument("text/plain", "žluťoučký kůň", None, charset)
    mail = email.message_from_bytes(written(document))
    assert mail.get_content_charset() == charset
    assert mail.get_payload(decode=True).decode(charset).rstrip() == "žluťoučký kůň"


def test_other_types_are_utf_8():
    document = NewDocument("application/x-note", "kůň", charset="iso-8859-2")
    mail = email.message_from_bytes(written(document))
    assert mail.get_content_charset() is None
    assert mail.get_payload(decode=True).decode().rstrip() == "kůň"


def test_a_part_has_no_line_end_of_its_own():
    assert written(NewDocument("text/plain", "x"), False).endswith(b"\r\n\r\nx")


@pytest.mark.parametrize("text", ["x", "x" * 70, "x" * 76, "a\n" + "b" * 75, ""])
def test_there_is_room_behind_the_last_line(text):
    pieces = NewDocument("text/plain", text).body(True)
    place = pieces.index(Slack())
    before = b"".join(piece for piece in pieces[:place])
    assert len(before.rpartition(b"\n")[2]) <= 75
