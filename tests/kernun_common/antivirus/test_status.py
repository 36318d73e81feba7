"""status: names of viruses are one printable line."""

import pytest

from kernun_common.antivirus.status import LONGEST_NAME, virus_name

NAMES = [
    (b"Eicar-Test-Signature", "Eicar-Test-Signature"),
    (b" Eicar \r\n", "Eicar"),
    (b"a\r\nSubject: x", "a??Subject: x"),
    (b"\x1b[1m\0", "?[1m?"),
    ("Šárka".encode(), "????rka"),
    (b"", None),
    (b" ", None),
    (b"x" * 1000, "x" * LONGEST_NAME),
]


@pytest.mark.parametrize("octets, name", NAMES)
def test_name(octets, name):
    assert virus_name(octets) == name


def test_every_octet():
    for octet in range(256):
        name = virus_name(b"<%c>" % octet)
        assert name is not None and name.isprintable() and name.isascii() and len(name) == 3
