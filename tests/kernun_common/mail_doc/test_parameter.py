from __future__ import annotations

import email

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.parameter import parameter, written


@pytest.mark.parametrize("value, octets", [
    ("a.txt", b"filename=a.txt"),
    ("a b.txt", b'filename="a b.txt"'),
    ('a"b\\c', b'filename="a\\"b\\\\c"'),
    ("žluť.txt", b"filename*=utf-8''%C5%BElu%C5%A5.txt"),
    ("", b'filename=""'),
])
def test_parameter(value, octets):
    assert parameter("filename", value) == octets


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300))
def test_python_reads_what_was_written(value):
    octets = b"Content-Disposition: attachment; " + parameter("filename", value) + b"\r\n\r\n"
    assert email.message_from_bytes(octets).get_filename() == value.strip()


@pytest.mark.parametrize("code", range(256))
def test_every_octet_can_be_written(code):
    octet = bytes([code])
    value = written("name", octet)
    assert b"\r" not in value and b"\n" not in value and b"\0" not in value
    if code >= 32 and code != 127:
        assert octet in value
