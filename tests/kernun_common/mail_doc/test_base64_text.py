"""base64, whole and broken, cut everywhere."""

import base64
import binascii
import os

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.mail_doc import base64_text
from kernun_common.mail_doc.base64_text import tolerant, until_junk, until_padding

CASES = [
    # data, tolerant, until padding, until junk
    (b"", b"", b"", b""),
    (b"QUJD", b"ABC", b"ABC", b"ABC"),
    (b"QUI=", b"AB", b"AB", b"AB"),
    (b"QQ==", b"A", b"A", b"A"),
    (b"QQ", b"A", b"A", b"A"),
    (b"Q", b"", b"", b""),
    (b"QUJDR", b"ABC", b"ABC", b"ABC"),
    (b"QU\r\nJD\r\n", b"ABC", b"ABC", b"ABC"),
    (b"QUI=QUJD", b"ABABC", b"AB", b"ABABC"),
    (b"QQ==\r\nQUI=\r\n", b"AAB", b"A", b"AAB"),
    (b"====QUJD", b"ABC", b"", b"ABC"),
    (b"QU!JD", b"ABC", b"ABC", b"A"),
    (b"QUJD\r\n-- \r\nQUJD", b"ABCABC", b"ABCABC", b"ABC"),
    (b"\x00Q\xffU.J_D-", b"ABC", b"ABC", b""),
]


@pytest.mark.parametrize("data, whole, padded, clean", CASES)
def test_readings(data, whole, padded, clean):
    for cut in range(len(data) + 1):
        for read, octets in zip((tolerant, until_padding, until_junk), (whole, padded, clean)):
            assert b"".join(read([data[:cut], data[cut:]])) == octets


@given(some.binary(max_size=300), some.integers(1, 80))
def test_what_is_whole_is_read_in_one_way(octets, size):
    data = base64.encodebytes(octets).replace(b"\n", b"\r\n")
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    for read in (tolerant, until_padding, until_junk):
        assert b"".join(read(pieces)) == octets


def test_pieces_are_as_large_as_the_chunks():
    data = base64.b64encode(os.urandom(300000))
    pieces = [data[at : at + 1000] for at in range(0, len(data), 1000)]
    assert max(map(len, tolerant(pieces))) <= 1000


@given(some.text(base64_text.ALPHABET.decode(), max_size=300))
def test_digits_are_read_as_the_standard_library_reads_them(text):
    """Also bits behind the last octet, which stand for nothing."""
    digits = text.encode()
    whole = digits[:-1] if len(digits) % 4 == 1 else digits
    expected = binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
    assert b"".join(tolerant([digits])) == expected
