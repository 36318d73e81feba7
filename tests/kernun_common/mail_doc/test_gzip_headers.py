from __future__ import annotations

import gzip
import io

import pytest

from kernun_common.mail_doc.gzip_headers import LONGEST, MAGIC_SIZE, is_gzip, read

EXTRA, NAME, COMMENT = 4, 8, 16


def head(flags=0, fields=b""):
    return b"\x1f\x8b\x08" + bytes([flags]) + bytes(6) + fields


HEADERS = [
    # the header, the name in it
    (head(), b""),
    (head(NAME, b"a.txt\0"), b"a.txt"),
    (head(NAME, b"\0"), b""),
    (head(COMMENT, b"not a name\0"), b""),
    (head(NAME | COMMENT, b"a.txt\0a comment\0"), b"a.txt"),
    (head(EXTRA, b"\3\0abc"), b""),
    (head(EXTRA | NAME | COMMENT, b"\3\0a\0ca.txt\0more\0"), b"a.txt"),
    (head(EXTRA | NAME, b"\0\1" + bytes(256) + b"a.txt\0"), b"a.txt"),
]


@pytest.mark.parametrize("octets, name", HEADERS)
def test_read(octets, name):
    header = read(octets + b"deflated\0")
    assert header == (octets, name) == read(octets)
    assert read(octets[:-1]) is None


@pytest.mark.parametrize("octets", [
    head(EXTRA, b"\xff\xff" + bytes(600)), head(NAME, b"a" * 600), b"", head()[:3],
    head(NAME | COMMENT, b"a\0" + b"b" * 600),
])  # fmt: skip
def test_a_header_that_is_too_long_or_cut_off(octets):
    assert read(octets[:LONGEST]) is None


def test_what_the_library_makes():
    made = io.BytesIO()
    with gzip.GzipFile("b.txt", "wb", fileobj=made):
        pass
    header = read(made.getvalue())
    assert header is not None and header.name == b"b.txt"


def test_is_gzip():
    assert is_gzip(head()[:MAGIC_SIZE])
    assert not is_gzip(head()[: MAGIC_SIZE - 1]) and not is_gzip(b"." + head())
