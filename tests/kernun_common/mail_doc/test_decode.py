"""Documents of parts, by their encodings."""

from __future__ import annotations

import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc import octets as places
from kernun_common.mail_doc.decode import READINGS, decoded
from kernun_common.mail_doc.encode import base64_chunks, quoted_printable
from kernun_common.mail_doc.octets import Span


def decode(octets, encoding):
    return b"".join(decoded(octets, Span(0, len(octets)), encoding))


CASES = [
    (b"dGV4dA==", "base64", b"text"),
    (b"dGV4\r\ndA==\r\n", "base64", b"text"),
    (b"dGV4dA", "base64", b"text"),
    (b"dGV4dAA", "base64", b"text\0"),
    (b"dGV4d", "base64", b"tex"),
    (b"dGV4dA==dGV4dA==", "base64", b"texttext"),
    (b"d!G?V4~dA==", "base64", b"text"),
    (b"", "base64", b""),
    (b"=", "base64", b""),
    (b"a=3Db=\r\nc", "quoted-printable", b"a=bc"),
    (b"a=\nc", "quoted-printable", b"ac"),
    (b"a=3", "quoted-printable", b"a=3"),
    (b"a=c3=A1", "quoted-printable", b"a\xc3\xa1"),
    (b"a=3D", "7bit", b"a=3D"),
    (b"a=3D", "x-unknown", b"a=3D"),
    (b"\xff\r\n", "8bit", b"\xff\r\n"),
    (b"\x00\n", "binary", b"\x00\n"),
    (b"begin 644 a\n#86)C\nend\n", "x-uuencode", b"abc"),
    (b"=ybegin line=128 size=1 name=a\r\n\x8b\x8c\r\n=yend\r\n", "yenc", b"ab"),
    (b"nothing", "mac-binhex40", b""),
]


@pytest.mark.parametrize("octets, encoding, document", CASES)
def test_decode(octets, encoding, document):
    assert decode(octets, encoding) == document


@given(st.binary(max_size=300), st.integers(1, 7))
def test_in_pieces_of_any_size(octets, size):
    cut = [octets[n : n + size] for n in range(0, len(octets), size)]
    written = b"\r\n".join(binascii.b2a_base64(part, newline=False) for part in cut)
    assert decode(written, "base64") == octets
    assert decode(b"".join(base64_chunks(cut)), "base64") == octets


@given(st.binary(max_size=200), st.integers(1, 9), st.sampled_from(["base64", "quoted-printable"]))
def test_chunks_make_no_difference(octets, size, encoding):
    whole = decode(octets, encoding)
    default = places.chunks.__defaults__
    places.chunks.__defaults__ = (size,)
    try:
        assert decode(octets, encoding) == whole
    finally:
        places.chunks.__defaults__ = default


@given(st.binary(max_size=300))
def test_quoted_printable_is_what_it_was(octets):
    text = octets.replace(b"\r", b"").replace(b"\n", b"\r\n")
    written = quoted_printable(text)
    assert decode(written, "quoted-printable") == text == quopri.decodestring(written)


BEGINNINGS = [b"", b"begin 644 a\n", b"=ybegin line=1 size=1 name=a\n", b"\n:"]


@given(
    st.sampled_from(sorted(READINGS)),
    st.sampled_from(BEGINNINGS),
    st.binary() | st.text("=\r\n A0:#!`").map(str.encode),
)
def test_any_octets_can_be_decoded(encoding, beginning, octets):
    for read in READINGS[encoding]:
        whole = b"".join(read([beginning + octets]))
        assert b"".join(read([beginning, octets[:3], octets[3:]])) == whole
