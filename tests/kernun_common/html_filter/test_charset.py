import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.html_filter.charset import Encoding, Escape, choose

META = b'<meta charset="iso-8859-2">'

CHOICES = [
    # octets, charset of the Content-Type, encoding
    (b"x", None, "windows-1252"),
    (b"x", "utf-8", "utf-8"),
    (b"x", " UTF8 ", "utf-8"),
    (b"x", "iso-8859-1", "windows-1252"),
    (b"x", "us-ascii", "windows-1252"),
    (b"x", "utf-7", "windows-1252"),
    (b"x", "no such thing", "windows-1252"),
    (META, None, "iso-8859-2"),
    (META, "utf-8", "utf-8"),
    (META, "utf-7", "iso-8859-2"),
    (b"<meta http-equiv=content-type content='text/html; charset=koi8-r'>", None, "koi8-r"),
    (b"<meta charset=utf-16>", None, "utf-8"),
    (b"<meta charset=utf-7>", None, "windows-1252"),
    (b" " * 1024 + META, None, "windows-1252"),
    (codecs.BOM_UTF8 + META, "koi8-r", "utf-8"),
    (codecs.BOM_UTF16_LE + b"x\0", "utf-8", "utf-16le"),
    (codecs.BOM_UTF16_BE + b"\0x", None, "utf-16be"),
    (b"x", "utf-16", "utf-16le"),
    (b"x", "hz-gb-2312", "replacement"),
]


@pytest.mark.parametrize("octets, charset, name", CHOICES)
def test_choose(octets, charset, name):
    assert choose(octets, charset).name == name


ENCODED = [
    # encoding, text, way, octets
    ("utf-8", "č", Escape.MARKUP, "č".encode()),
    ("iso-8859-2", "č€", Escape.MARKUP, b"\xe8&#8364;"),
    ("windows-1252", "č", Escape.STYLE, b"\\10d "),
    ("windows-1252", "č", Escape.SCRIPT, b"\\u010d"),
    ("windows-1252", "\U0001f600", Escape.SCRIPT, b"\\ud83d\\ude00"),
    ("windows-1252", "č", Escape.DROP, b""),
    ("iso-2022-jp", "日", Escape.MARKUP, b"&#26085;"),
    ("gb18030", "日", Escape.MARKUP, b"&#26085;"),
    ("replacement", "日", Escape.MARKUP, b"&#26085;"),
    ("utf-16le", "č", Escape.MARKUP, b"\x0d\x01"),
]


@pytest.mark.parametrize("name, text, way, octets", ENCODED)
def test_encode(name, text, way, octets):
    assert Encoding(name).encode([(text, way)]) == octets


def test_mark_is_kept():
    encoding = choose(codecs.BOM_UTF16_BE + b"\x01\x0d", None)
    assert encoding.decode(codecs.BOM_UTF16_BE + b"\x01\x0d") == "č"
    assert encoding.encode([("č", Escape.MARKUP)]) == codecs.BOM_UTF16_BE + b"\x01\x0d"


NAMES = st.sampled_from(
    ("utf-8", "windows-1250", "shift_jis", "gbk", "euc-kr", "iso-2022-jp", "utf-16", "big5", None)
)


@given(st.binary(max_size=200), NAMES)
def test_any_octets(octets, name):
    encoding = choose(octets, name)
    text = encoding.decode(octets)
    encoding.encode((text, way) for way in Escape)
