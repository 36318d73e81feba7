"""The structure of a mail that nobody changed is the one that Dovecot tells of it.

Rows: tests/corpus, and mails that are put together by chance.  Compared are the tree with its
types, encodings, sizes and lines, and the octets of every part by its number: BODY[n],
BODY[n.MIME], BODY[n.HEADER], BODY[n.TEXT].
"""

from __future__ import annotations

import imaplib
import random
from typing import Iterator, Tuple

import pytest

from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.structure import Part
from tests.corpus.odd_mails import ODD_MAILS
from tests.support.body_structure import Leaf, Mail, Many, Tree, fetch_section, read
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.ports import HOST

NAMES = list(ODD_MAILS)
PIECES = [
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n",
    b"Content-Type: multipart/mixed; boundary=bc\r\n\r\n",
    b"Content-Type: multipart/digest; boundary=c\r\n\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Type: text/html\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"MIME-Version: 1.0\r\n",
    *(b"--b\r\n", b"--bc\r\n", b"--c\r\n", b"--b--\r\n", b"--bc--\r\n", b"--c--\r\n", b"--b"),
    *(b"\r\n", b"x\r\n", b"x: y\r\n"),
]


def random_mails(count: int) -> Iterator[bytes]:
    """Always the same ones; of few pieces, so that they meet in all ways."""
    rnd = random.Random(count)
    for _ in range(count):
        yield b"From: a\r\n" + b"".join(rnd.choices(PIECES, k=rnd.randrange(2, 16)))


RANDOM = list(random_mails(300))


@pytest.fixture(scope="module")
def connection() -> Iterator[imaplib.IMAP4]:
    with Dovecot() as server:
        server.fill("alice", [*ODD_MAILS.values(), *RANDOM])
        with imaplib.IMAP4(HOST, server.port) as connection:
            connection.login("alice", PASSWORD)
            connection.select(readonly=True)
            yield connection


def as_told(part: Part) -> Tree:
    """What BODY has to say of a part."""
    kind = part.content_type
    if part.is_multipart:
        empty = [Leaf("text", "plain", "7bit", 0, 0)]  # for want of a part, as the grammar has it
        return Many(kind.subtype, [as_told(child) for child in part.children] or empty)
    if kind.name == "message/rfc822":
        return Mail(part.body.size, part.lines, as_told(part.children[0]))
    lines = part.lines if kind.type == "text" else None
    return Leaf(kind.type, kind.subtype, part.encoding, part.body.size, lines)


def sections(octets: bytes, part: Part) -> Iterator[Tuple[str, bytes]]:
    """Names of body sections, and what is in them."""
    number = ".".join(map(str, part.number))
    prefix = f"{number}." if number else ""
    if part.is_mail:
        yield f"{prefix}HEADER", part.header.of(octets)
        yield f"{prefix}TEXT", part.body.of(octets)
    else:
        yield f"{prefix}MIME", part.header.of(octets)
    if not (part.is_mail and part.is_multipart):  # else its number is that of its holder
        yield ".".join(map(str, part.address)), part.body.of(octets)


def compare(connection: imaplib.IMAP4, number: int) -> None:
    told = read(connection, number)
    structure = parse(told.octets)
    assert as_told(structure.root) == told.tree
    for part in structure.parts():
        for section, octets in sections(told.octets, part):
            assert (section, octets) == (section, fetch_section(connection, number, section))


@pytest.mark.parametrize("number, name", list(enumerate(NAMES, 1)), ids=NAMES)
def test_structure(connection: imaplib.IMAP4, number: int, name: str) -> None:
    compare(connection, number)


def test_random_mails(connection: imaplib.IMAP4) -> None:
    for number in range(len(NAMES) + 1, len(NAMES) + len(RANDOM) + 1):
        compare(connection, number)
