from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.header import fields
from kernun_common.mail_doc.header_correction import HEADER_CHECKS
from kernun_common.mail_doc.octets import Span
from tests.support.mail_sections import mail_filter

RULES = mail_filter("header-8bit-chars encode; max-header-line 1000 cut;")
CHECKS = {check.item: check for check in HEADER_CHECKS}


def corrected(item, octets):
    """The field after this check; None where nothing is wrong with it."""
    check = CHECKS[item]
    (found,) = fields(octets, Span(0, len(octets)))
    return check.corrected(octets, RULES) if check.violated(octets, found, RULES) else None


CASES = [
    ("invalid-header", b"Subject: a\r\n", None),
    ("invalid-header", b"Subject : a\r\n", b"Subject: a\r\n"),
    ("invalid-header", b"X\t :a\r\n b\r\n", b"X:a\r\n b\r\n"),
    ("invalid-header", b": a\r\n", b""),
    ("invalid-header", b"no field\r\n", b""),
    ("invalid-header", b"From al Mon Jan\r\n", b""),
    ("invalid-header", b"a b: c\r\n", b""),
    ("invalid-header", b"\xc4\x8d: c\r\n", b""),
    ("max-header-line", b"X: " + b"x" * 997 + b"\r\n", None),
    ("max-header-line", b"X: " + b"x" * 998 + b"\r\n", b"X: " + b"x" * 997 + b"\r\n"),
    ("max-header-line", b"X: " + b"x" * 900 + b"\r\n " + b"y" * 900 + b"\r\n", None),
    ("header-8bit-chars", b"Subject: a\r\n", None),
    ("header-8bit-chars", b"Subject: a \xc4\x8d b\r\n", b"Subject: a =?utf-8?b?xI0=?= b\r\n"),
    (
        "header-8bit-chars",
        b"Subject: a\xc3\xa1 b \xc3\xa1c d\r\n",
        b"Subject: =?utf-8?b?YcOhIGIgw6Fj?= d\r\n",
    ),
    (
        "header-8bit-chars",
        b'From: "Ji\xc5\x99\xc3\xad" <j@example.org>\r\n',
        b"From: =?utf-8?b?SmnFmcOt?= <j@example.org>\r\n",
    ),
    (
        "header-8bit-chars",
        b"To: Ji\xc5\x99\xc3\xad N <j@example.org>, b@c\r\n",
        b"To: =?utf-8?b?SmnFmcOtIE4=?= <j@example.org>, b@c\r\n",
    ),
    (
        "header-8bit-chars",
        b'Content-Disposition: attachment; filename="\xc4\x8d.txt"\r\n',
        b"Content-Disposition: attachment; filename*=utf-8''%C4%8D.txt\r\n",
    ),
    (
        "header-8bit-chars",
        b'Content-Type: a/b; charset=utf-8; name="\xe8"\r\n',
        b"Content-Type: a/b; charset=utf-8; name*=utf-8''%C3%A8\r\n",
    ),
    ("correct-quoting", b"Content-Type: a/b; name=a.txt\r\n", None),
    ("correct-quoting", b'Content-Type: a/b; name="a b.txt"\r\n', None),
    (
        "correct-quoting",
        b"Content-Type: a/b; name=a b.txt\r\n",
        b'Content-Type: a/b; name="a b.txt"\r\n',
    ),
    (
        "correct-quoting",
        b"Content-Disposition: attachment; filename=a b.exe ; size=1\r\n",
        b'Content-Disposition: attachment; filename="a b.exe" ; size=1\r\n',
    ),
    (
        "correct-quoting",
        b"Content-Disposition: attachment;\r\n\tfilename=a\r\n b.exe\r\n",
        b'Content-Disposition: attachment;\r\n\tfilename="a b.exe"\r\n',
    ),
    ("correct-quoting", b"Content-Type: text/plain; name=a charset=utf-8\r\n", None),
    ("correct-quoting", b'Content-Type: a/b; x="; name=a b"\r\n', None),
    ("correct-quoting", b"Subject: x; name=a b\r\n", None),
]


@pytest.mark.parametrize("item, octets, then", CASES)
def test_check(item, octets, then):
    assert corrected(item, octets) == then
    if then:
        assert corrected(item, then) is None


NAMES = st.sampled_from([b"Subject", b"From", b"To", b"Content-Type", b"Content-Disposition", b"X"])
PIECES = st.lists(
    st.sampled_from([b'"', b"\xc4\x8d", b"a", b" ", b"<", b">", b";", b"=", b"name", b"/", b"\\"])
).map(b"".join)


@given(NAMES, PIECES, st.sampled_from(sorted(CHECKS)))
def test_a_second_time_changes_nothing(name, value, item):
    octets = name + b": " + value + b"\r\n"
    then = corrected(item, octets)
    if then and item != "header-8bit-chars":  # that leaves addresses alone
        assert corrected(item, then) is None
    assert then is None or not then or then.endswith(b"\r\n") and then.startswith(name + b":")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_python_reads_the_same_subject(text):
    octets = b"Subject: " + text.strip().encode() + b"\r\n"
    then = corrected("header-8bit-chars", octets)
    if then is not None:
        assert then.isascii()
        read = email.message_from_bytes(then, policy=email.policy.default)["subject"]
        assert read.split() == text.split()
