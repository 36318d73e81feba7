"""The structure of a mail that nobody changed is the one that Dovecot tells of it.

Rows: tests/corpus.  Compared are the tree with its types, encodings, sizes and lines, and the
octets of every part by its number: BODY[n], BODY[n.MIME], BODY[n.HEADER], BODY[n.TEXT].
"""

from __future__ import annotations

import imaplib
from typing import Iterator, Tuple

import pytest

from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.structure import Part
from tests.corpus.odd_mails import ODD_MAILS
from tests.support.body_structure import Leaf, Mail, Many, Tree, fetch_section, read
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.ports import HOST

NAMES = list(ODD_MAILS)


@pytest.fixture(scope="module")
def connection() -> Iterator[imaplib.IMAP4]:
    with Dovecot() as server:
        server.fill("alice", list(ODD_MAILS.values()))
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


@pytest.mark.parametrize("number, name", enumerate(NAMES, 1), ids=NAMES)
def test_structure(connection: imaplib.IMAP4, number: int, name: str) -> None:
    told = read(connection, number)
    structure = parse(told.octets)
    assert as_told(structure.root) == told.tree
    for part in structure.parts():
        for section, octets in sections(told.octets, part):
            assert (section, octets) == (section, fetch_section(connection, number, section))
