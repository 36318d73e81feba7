"""ENVELOPE: its ten values, and which fields they come from."""

from __future__ import annotations

import pytest

from imap4proxy.engine.view.envelope import envelope
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse

from ....support.fetch_values import value

A = [None, None, b"a", b"x"]
B = [None, None, b"b", b"x"]

CASES = [
    (b"", [None] * 10),
    (b"Date: d\nSubject:  s  t \nMessage-ID: <m>\nIn-Reply-To: <r>\n",
     [b"d", b"s t", None, None, None, None, None, None, b"<r>", b"<m>"]),
    (b"From: a@x\n", [None, None, [A], [A], [A], None, None, None, None, None]),
    (b"From: a@x\nSender: b@x\nReply-To:\n",
     [None, None, [A], [B], [A], None, None, None, None, None]),
    (b"To: a@x\nCC: b@x\nBcc: a@x\nto: b@x\n",
     [None, None, None, None, None, [A, B], [B], [A], None, None]),
    (b"Subject: 1\nSubject: 2\nDate :  3\nDate: 4\n", [b"4", b"2", *[None] * 8]),
    (b'Subject: \xe9\nFrom: "\xe9" <a@x>\n',
     [None, b"\xe9", *[[[b"\xe9", *A[1:]]]] * 3, None, None, None, None, None]),
    (b"Resent-To: a@x\nX: y\n", [None] * 10),
]  # fmt: skip


def shown(octets):
    written = envelope(octets, parse(octets).root.fields)
    found, end = value(written, 0)
    assert end == len(written)
    return found


@pytest.mark.parametrize("header, expected", CASES)
def test_envelope(header, expected):
    assert shown(header.replace(b"\n", b"\r\n") + b"\r\n") == expected


def test_many_addresses():
    octets = b"To: " + b",\r\n ".join(b"a%d@x" % at for at in range(100_000)) + b"\r\n\r\n"
    written = envelope(octets, parse(octets, Limits(headers=len(octets))).root.fields)
    to = b"".join(b'(NIL NIL "a%d" "x")' % at for at in range(100_000))
    assert written == b"(NIL NIL NIL NIL NIL (%b) NIL NIL NIL NIL)" % to
