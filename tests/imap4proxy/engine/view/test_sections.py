"""Sections: which part, and what of it."""

from __future__ import annotations

import pytest

from imap4proxy.engine.view.pieces import chunks
from imap4proxy.engine.view.sections import find, pieces
from imap4proxy.wire.body_section import Section
from kernun_common.mail_doc.mime import parse

INNER = b"Subject: inner\r\nTo: x\r\n\r\ninner body"
MAIL = (
    b"Subject: outer\r\nContent-Type: multipart/mixed; boundary=b\r\nsubject: again\r\n\r\n"
    b"--b\r\nX: 1\r\n\r\nfirst\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + INNER + b"\r\n"
    b"--b--\r\n"
)
HEADER, _, TEXT = MAIL.partition(b"\r\n\r\n")
SIMPLE = b"Subject: s\r\n folded\r\nno colon\r\nTo: t\r\n\r\ntext\r\n"
FORWARD = b"Content-Type: message/rfc822\r\n\r\n" + SIMPLE
WITHOUT_END = b"Subject: s\r\nTo: t"

CASES = [
    # mail, section, octets
    (MAIL, Section(), MAIL),
    (MAIL, Section((), "HEADER"), HEADER + b"\r\n\r\n"),
    (MAIL, Section((), "TEXT"), TEXT),
    (MAIL, Section((1,)), b"first"),
    (MAIL, Section((1,), "MIME"), b"X: 1\r\n\r\n"),
    (MAIL, Section((1,), "HEADER"), b""),
    (MAIL, Section((1, 1)), b"first"),
    (MAIL, Section((1, 2)), b""),
    (MAIL, Section((1, 1, 1)), b""),
    (MAIL, Section((2,)), INNER),
    (MAIL, Section((2,), "HEADER"), INNER.partition(b"inner body")[0]),
    (MAIL, Section((2,), "TEXT"), b"inner body"),
    (MAIL, Section((2, 1)), b"inner body"),
    (MAIL, Section((2, 1), "MIME"), INNER.partition(b"inner body")[0]),
    (MAIL, Section((2,), "HEADER.FIELDS", (b"to",)), b"To: x\r\n\r\n"),
    (MAIL, Section((3,)), b""),
    (MAIL, Section((4294967295,)), b""),
    (MAIL, Section((), "HEADER.FIELDS", (b"SUBJECT",)),
     b"Subject: outer\r\nsubject: again\r\n\r\n"),
    (MAIL, Section((), "HEADER.FIELDS.NOT", (b"SUBJECT",)),
     b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"),
    (SIMPLE, Section((1,)), b"text\r\n"),
    (SIMPLE, Section((1,), "MIME"), SIMPLE.removesuffix(b"text\r\n")),
    (SIMPLE, Section((), "HEADER.FIELDS", (b"Subject",)), b"Subject: s\r\n folded\r\n\r\n"),
    (SIMPLE, Section((), "HEADER.FIELDS.NOT", (b"Subject",)), b"no colon\r\nTo: t\r\n\r\n"),
    (SIMPLE, Section((), "HEADER.FIELDS", (b"X",)), b"\r\n"),
    (FORWARD, Section((1,)), SIMPLE),
    (FORWARD, Section((1, 1)), b"text\r\n"),
    (FORWARD, Section((1,), "TEXT"), b"text\r\n"),
    (WITHOUT_END, Section((), "HEADER"), WITHOUT_END),
    (WITHOUT_END, Section((), "HEADER.FIELDS", (b"To",)), b"To: t\r\n"),
    (WITHOUT_END, Section((), "HEADER.FIELDS", (b"Subject",)), b"Subject: s\r\n\r\n"),
    (WITHOUT_END, Section((1,)), b""),
]  # fmt: skip


@pytest.mark.parametrize("octets, section, expected", CASES)
def test_section(octets, section, expected):
    found = pieces(octets, parse(octets).root, section)
    assert b"".join(chunks(octets, found)) == expected


def test_find():
    root = parse(MAIL).root
    assert find(MAIL, root, ()) is root
    assert find(MAIL, root, (1,)) is root.children[0]
    assert find(MAIL, root, (2, 1)) is root.children[1].children[0]
    assert find(MAIL, root, (3,)) is None
