from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.encoded_word import decode, encode
from kernun_common.mail_doc.header import unfolded
from kernun_common.mail_doc.subject import added, with_text

CASES = [
    # value, text, suffix, field
    (b" Hello\r\n", "[SPAM] ", False, b"Subject: [SPAM] Hello\r\n"),
    (b" Hello\r\n", "[SPAM]", False, b"Subject: [SPAM]Hello\r\n"),
    (b" Hello\r\n", " (spam)", True, b"Subject: Hello (spam)\r\n"),
    (b" a\r\n b\r\n", "[X] ", False, b"Subject: [X] a\r\n b\r\n"),
    (b" =?utf-8?q?=FF?=\r\n", "[X] ", False, b"Subject: [X] =?utf-8?q?=FF?=\r\n"),
    (b" =?utf-8?q?a?=\r\n", "[X]", False, b"Subject: =?utf-8?q?=5BX=5Da?=\r\n"),
    (b" =?utf-8?q?a?=\r\n", "[X]", True, b"Subject: =?utf-8?q?a=5BX=5D?=\r\n"),
    (b" Hello\r\n", "Pozor: č ", False, b"Subject: =?utf-8?b?UG96b3I6IMSNIEhlbGxv?=\r\n"),
    (b" Hello\r\n", "=?x", False, b"Subject: =?utf-8?q?=3D=3FxHello?=\r\n"),
    (b"\r\n", "[X] ", False, b"Subject: [X]\r\n"),
    (b" [SPAM] Hello\r\n", "[SPAM] ", False, None),
    (b" =?utf-8?q?=5BSPAM=5D?= Hello\r\n", "[SPAM] ", False, None),
    (b" [SPAM]\r\n Hello\r\n", "[SPAM] ", False, None),
    (b" Hello (spam)\r\n", " (spam)", True, None),
    (b" [SPAM]\r\n", "[SPAM] ", False, None),
]


@pytest.mark.parametrize("value, text, suffix, written", CASES)
def test_with_text(value, text, suffix, written):
    assert with_text(value, text, suffix) == written


@pytest.mark.parametrize("text, written", [
    ("[X] ", b"Subject: [X]\r\n"),
    ("č", b"Subject: =?utf-8?b?xI0=?=\r\n"),
])
def test_added(text, written):
    assert added(text) == written


PRINTED = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs", "Cf", "Cn", "Co"])
TEXTS = st.text(PRINTED | st.just(" "), min_size=1, max_size=80).filter(str.strip)


def shown(field):
    assert field.startswith(b"Subject: ") and field.endswith(b"\r\n")
    return decode(unfolded(field[9:-2])).strip()


@given(TEXTS, TEXTS, st.booleans(), st.booleans())
def test_a_reader_shows_both_and_a_second_time_changes_nothing(subject, text, suffix, encoded):
    value = b" " + (encode(subject) if encoded else subject.encode()) + b"\r\n"
    field = with_text(value, text, suffix)
    if field is None:
        before = decode(value).strip()
        assert before.endswith(text.strip()) if suffix else before.startswith(text.strip())
        return
    bare = decode(value.strip()).strip()
    assert shown(field) == (bare + text if suffix else text + bare).strip()
    assert with_text(field[8:], text, suffix) is None


@given(st.binary(max_size=200).filter(lambda value: b"\n" not in value), TEXTS, st.booleans())
def test_any_octets(value, text, suffix):
    field = with_text(value + b"\r\n", text, suffix)
    assert field is None or with_text(field[8:], text, suffix) is None


def test_a_long_line_is_folded():
    field = with_text(b" " + b"x" * 950, "[" + "y" * 60 + "] ", False)
    assert max(map(len, field.split(b"\r\n"))) <= 998
