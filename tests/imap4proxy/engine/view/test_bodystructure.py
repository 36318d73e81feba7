"""BODY and BODYSTRUCTURE; tests/system/test_view.py compares many more with Dovecot's."""

from __future__ import annotations

import pytest

from imap4proxy.engine.view.bodystructure import bodystructure
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse

EMPTY = b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL)'
NO_ENVELOPE = b"(" + b" ".join([b"NIL"] * 10) + b")"

CASES = [
    # header and body, BODYSTRUCTURE
    (b"\n", EMPTY),
    (b"Content-Type: text/html; charset=utf-8\n\na\nb\n",
     b'("text" "html" ("charset" "utf-8") NIL NIL "7bit" 6 2 NIL NIL NIL NIL)'),
    (b"Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-ID: <i>\n"
     b"Content-Description: d\nContent-MD5: m\nContent-Language: en\nContent-Location: l\n"
     b"Content-Disposition: inline; x=y\n\nYQ==\n",
     b'("image" "png" NIL "<i>" "d" "base64" 6 "m" ("inline" ("x" "y")) ("en") "l")'),
    (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\na\n--b--\n",
     b'(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 0 NIL NIL NIL NIL)'
     b' "mixed" ("boundary" "b") NIL NIL NIL)'),
    (b"Content-Type: multipart/x\n\n", b"(" + EMPTY + b' "x" NIL NIL NIL NIL)'),
    (b"Content-Type: multipart\n\n",
     b'("application" "octet-stream" NIL NIL NIL "7bit" 0 NIL NIL NIL NIL)'),
    (b"Content-Type: message/RFC822\n\n\n",
     b'("message" "rfc822" NIL NIL NIL "7bit" 2 ' + NO_ENVELOPE + b" " + EMPTY
     + b" 1 NIL NIL NIL NIL)"),
    (b"Content-Type: junk\n\n", b'("junk" "" NIL NIL NIL "7bit" 0 NIL NIL NIL NIL)'),
]  # fmt: skip


def crlf(octets):
    return octets.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("mail, expected", CASES)
def test_bodystructure(mail, expected):
    octets = crlf(mail)
    assert bodystructure(octets, parse(octets).root, extended=True) == expected


def test_body():
    octets = crlf(b"Content-Type: multipart/x\n\n")
    assert bodystructure(octets, parse(octets).root, extended=False) == (
        b'(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0) "x")'
    )


def test_many_parts():
    mail = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\na\n" * 1000 + b"--b--\n"
    octets = crlf(mail)
    written = bodystructure(octets, parse(octets, Limits(parts=2000)).root, extended=True)
    assert written.count(b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 0 ') == 1000


def test_deep_mail():
    octets = crlf(b"Content-Type: message/rfc822\n\n" * 150 + b"\n")
    written = bodystructure(octets, parse(octets, Limits(depth=200)).root, extended=True)
    assert written.count(b'"message" "rfc822"') == 150
    assert written.count(b"(") == written.count(b")")


def test_a_message_that_was_not_looked_into_is_of_unknown_type():
    octets = crlf(b"Content-Type: message/rfc822\n\nSubject: s\n\n")
    structure = parse(octets, Limits(parts=1))
    assert structure.exceeded == "parts"
    assert bodystructure(octets, structure.root, extended=False) == (
        b'("application" "octet-stream" NIL NIL NIL "7bit" 14)'
    )
