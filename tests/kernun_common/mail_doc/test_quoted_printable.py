"""quoted-printable, whole and broken, cut everywhere."""

import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.mail_doc.quoted_printable import decoded

CASES = [
    (b"", b""),
    (b"abc", b"abc"),
    (b"=41=62=C3=a9", b"Ab\xc3\xa9"),
    (b"a=\r\nb", b"ab"),
    (b"a=\nb", b"ab"),
    (b"a= \t\r\nb", b"ab"),
    (b"a \t\r\nb", b"a\r\nb"),
    (b"a \tb", b"a \tb"),
    (b"a=20\r\n", b"a \r\n"),
    (b"a==41", b"a=A"),
    (b"a=4", b"a=4"),
    (b"a=", b"a="),
    (b"a=4x=\rb", b"a=4x=\rb"),
    (b"=0D=0A=3D", b"\r\n="),
    (b"\x00\xff=00", b"\x00\xff\x00"),
]


@pytest.mark.parametrize("data, expected", CASES)
def test_decoded(data, expected):
    for cut in range(len(data) + 1):
        assert b"".join(decoded([data[:cut], data[cut:]])) == expected
    assert b"".join(decoded([data[at : at + 1] for at in range(len(data))])) == expected


@given(some.binary(max_size=300), some.integers(1, 80))
def test_what_is_whole(octets, size):
    data = quopri.encodestring(octets.replace(b"\n", b""), quotetabs=True)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert b"".join(decoded(pieces)) == octets.replace(b"\n", b"")


def test_a_line_of_blanks_is_not_kept():
    pieces = decoded([b" " * 60000] * 100)
    assert max(map(len, pieces)) < 200000
