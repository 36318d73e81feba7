"""yEnc, with everything that is escaped in it."""

import pytest

from kernun_common.mail_doc.yenc import BEGIN, decoded


def encoded(octets, line=128):
    data = b"".join(
        b"=%c" % ((octet + 42 + 64) & 255)
        if (octet + 42) & 255 in b"\0\r\n="
        else b"%c" % ((octet + 42) & 255)
        for octet in octets
    )
    return b"=ybegin line=128 size=%d name=a.bin\r\n" % len(octets) + data + b"\r\n=yend size=1\r\n"


ALL = bytes(range(256)) * 2
CASES = [
    (b"", b""),
    (b"text\r\n", b""),
    (encoded(b"abc"), b"abc"),
    (encoded(ALL), ALL),
    (b"text\r\n" + encoded(ALL) + b"text\r\n" + encoded(b"more") + b"text", ALL + b"more"),
    (encoded(b"abc").replace(b"\r\n=yend size=1\r\n", b""), b"abc"),
    (encoded(b"abc").replace(b"a.bin\r\n", b"a.bin\r\n=ypart begin=1 end=3\r\n"), b"abc"),
]


@pytest.mark.parametrize("data, expected", CASES)
def test_decoded(data, expected):
    for cut in range(len(data) + 1):
        assert b"".join(decoded([data[:cut], data[cut:]])) == expected


@pytest.mark.parametrize(
    "line, name",
    [
        (b"=ybegin line=128 size=9 name=a b.exe\r\n", b"a b.exe"),
        (b"=ybegin part=1 total=2 line=128 size=9 name=x", b"x"),
        (b"=ybegin of a text", None),
    ],
)
def test_begin(line, name):
    match = BEGIN.match(line)
    assert (match and match[1]) == name
