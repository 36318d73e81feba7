"""Mails: their structure, within the limits, and the documents of a clear one as Python's email
reads them."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import Message
from typing import Iterator, List, Sequence, Tuple

from kernun_common.content import Content
from kernun_common.errors import Unavailable
from kernun_common.mail_doc.decode import decoded
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.readings import readings
from kernun_common.mail_doc.structure import Structure
from tests.kernun_common.mail_doc.test_mime import check as check_spans

from ..target import Target, same

LIMITS = Limits(parts=20, depth=5, headers=3000)
FORWARD = "message/rfc822"

Document = Tuple[str, bytes]


def _check_limits(structure: Structure) -> None:
    assert len(list(structure.parts())) <= LIMITS.parts
    assert structure.status == ("invalid" if structure.exceeded else "valid")


def check(octets: bytes) -> None:
    structure = parse(octets, LIMITS)
    root = structure.root
    assert root.header.start == 0 and root.body.end == len(octets)
    check_spans(octets, root)
    _check_limits(structure)
    same(parse(octets, LIMITS), structure, "read twice")
    for content in readings(octets, structure, LIMITS):
        _check_reading(content)
    if not structure.ambiguities and not structure.exceeded:
        _check_email(octets, structure)


def _check_reading(content: Content) -> None:
    """One beyond the limits says so in place of octets."""
    try:
        assert all(content.pieces())
    except Unavailable as why:
        assert content.size is None and str(why).startswith(f"{content.name}: ")


# --- another reader ----------------------------------------------------------------------------


def _check_email(octets: bytes, structure: Structure) -> None:
    """A mail that we say can be read in one way only."""
    message = message_from_bytes(octets, policy=policy.compat32)
    if _is_beyond_email(octets, structure, message):
        return
    same(list(_ours(octets, structure)), list(_theirs(message)), "Python's email")


# Python's decoder of quoted-printable differs from RFC 2045 section 6.7 in blanks at the end of a
# line, and in what is no escape.
_ODD_QUOTED = re.compile(rb"[ \t]\r?\n|=(?![0-9A-Fa-f]{2}|\r?\n)")


def _is_beyond_email(octets: bytes, structure: Structure, message: Message) -> bool:
    """What email does not read, or guesses, as it says itself."""
    quoted = any(part.encoding == "quoted-printable" for part in structure.leaves())
    guessed = any(part.defects for part in message.walk())
    return guessed or quoted and _ODD_QUOTED.search(octets) is not None


def _ours(octets: bytes, structure: Structure) -> Iterator[Document]:
    for part in structure.leaves():
        document = b"".join(decoded(octets, part.body, part.encoding))
        yield ascii_of(part.content_type.name), _unix(document)


def _theirs(message: Message) -> Iterator[Document]:
    if message.get_content_maintype() == "multipart" or message.get_content_type() == FORWARD:
        parts = message.get_payload()
        if isinstance(parts, list):
            for part in parts:
                yield from _theirs(part)
            return
    if message.is_multipart():  # message/delivery-status: email looks into it
        document = b"".join(part.as_bytes() for part in message.get_payload())
    else:
        document = message.get_payload(decode=True)
    yield ascii_of(message.get_content_type()), _unix(document)


def ascii_of(text: str) -> str:
    """email shows other octets in its own way."""
    return re.sub(r"[^\x00-\x7f]+", "?", text)


def _unix(document: bytes) -> bytes:
    """Line ends at the end, and a = there, belong to the document or to what is around it."""
    return document.replace(b"\r\n", b"\n").rstrip(b"\n=")


def mails() -> List[bytes]:
    """Those of the corpus, and made-up ones, that are short."""
    from tests.corpus.clear_mails import CLEAR_MAILS
    from tests.corpus.odd_mails import ODD_MAILS
    from tests.corpus.two_readings import TWO_READINGS
    from tests.support.shown_mails import SHOWN_MAILS

    found = [*CLEAR_MAILS.values(), *ODD_MAILS.values()]
    found += [mail for _, mail, _ in TWO_READINGS]
    found += [mail for _, mail in SHOWN_MAILS]
    return [mail for mail in dict.fromkeys(found) if len(mail) <= 3000]


def _seeds() -> Sequence[bytes]:
    return mails()


WORDS = (
    b"--b\r\n", b"--b--\r\n", b"--b", b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\0", b"\xe9", b" ",
    b"\t",
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: message/rfc822\r\n",
    b"Content-Type: text/html; charset=x\r\n", b"MIME-Version: 1.0\r\n", b'boundary="b"',
    b"boundary*0=b",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"=\r\n",
    b"YWJj\r\n", b"=41", b"begin 644 a\r\n", b"begin 6 a\r\n", b"#86)C\r\n",
    b"Content-Disposition: attachment; filename=f\r\n",
    b";", b'"',
    b"(", b")", b"=?utf-8?q?a?=", b"filename*=utf-8''a", b"From: a@b (c)\r\n", b"To: <a@b>, ",
    b"\\",
    b"multipart/digest; boundary=b", b"Content-Type: ",
)  # fmt: skip

TARGET = Target(check, _seeds, WORDS, rounds=500, longest=3000, work=lambda octets: parse(octets))
