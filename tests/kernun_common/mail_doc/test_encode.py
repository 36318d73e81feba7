from __future__ import annotations

import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.encode import base64_chunks, quoted_printable, suitable


@given(st.lists(st.binary(max_size=200)))
def test_base64(chunks):
    written = b"".join(base64_chunks(chunks))
    assert binascii.a2b_base64(written) == b"".join(chunks)
    lines = written.split(b"\r\n")
    assert all(len(line) == 76 for line in lines[:-1]) and len(lines[-1]) <= 76


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_quoted_printable(octets):
    text = octets.replace(b"\r", b"").replace(b"\n", b"\r\n")
    written = quoted_printable(text)
    assert quopri.decodestring(written) == text
    assert all(len(line) <= 76 for line in written.split(b"\r\n"))
    assert written.isascii() and written.count(b"\n") == written.count(b"\r\n")


@pytest.mark.parametrize("octets, name", [
    (b"plain text\r\n", "quoted-printable"),
    ("žluťoučký kůň".encode() * 10, "base64"),
    (bytes(range(128, 256)), "base64"),
    (b"", "quoted-printable"),
])
def test_suitable(octets, name):
    encoding, written = suitable(octets)
    decode = binascii.a2b_base64 if encoding == "base64" else quopri.decodestring
    assert (encoding, decode(written)) == (name, octets)
