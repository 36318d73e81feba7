from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.engine.processing.msgid import LONGEST, msgid
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse


def of(header):
    octets = header + b"\r\n\r\nbody"
    return msgid(octets, parse(octets, Limits()).root)


@pytest.mark.parametrize("header, found", [
    (b"Message-ID: <a.1@example.org>", "a.1@example.org"),
    (b"message-id:\r\n <a@b>", "a@b"),
    (b"Message-ID: <../../etc/passwd>", "_.._etc_passwd"),
    (b"Message-ID: <-rf@x>", "rf@x"),
    (b"Message-ID: <a b\"\r@\xff>", "a_b_@_"),
    (b"Message-ID: <" + b"x" * 9999 + b">", "x" * LONGEST),
    (b"Message-ID: <a>\r\nMessage-ID: <b>", "a"),
])
def test_msgid(header, found):
    assert of(header) == found


NONE = [b"Subject: x", b"Message-ID:", b"Message-ID: <>", b"Message-ID: <@>"]


@pytest.mark.parametrize("header", NONE)
def test_without_one_it_is_a_hash(header):
    assert of(header) == of(header) != of(header + b"\r\nX: y")
    assert of(header).startswith("no-id-") and len(of(header)) == 22


@given(st.binary(max_size=300))
def test_any_octets_are_fit_for_log_line_and_file(value):
    found = of(b"Message-ID: " + value)
    assert 0 < len(found) <= LONGEST and found.isascii() and found.isprintable()
    assert not set(found) & set("/\\\"% \0") and found[0] not in ".-"
