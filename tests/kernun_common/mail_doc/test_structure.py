"""Ways through a structure."""

import pytest

from kernun_common.mail_doc.mime import parse

INNER = (
    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n"
    b"--i\r\n\r\none\r\n--i\r\n\r\ntwo\r\n--i--"
)
BODY = (
    b"--o\r\n\r\ntext\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n" + INNER + b"\r\n"
    b"--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nbody\r\n--o--\r\n"
)
MAIL = b"Content-Type: multipart/mixed; boundary=o\r\n\r\n" + BODY
STRUCTURE = parse(MAIL)


def test_parts_come_depth_first():
    numbers = [part.number for part in STRUCTURE.parts()]
    assert numbers == [(), (1,), (2,), (2,), (2, 1), (2, 2), (3,), (3,)]


def test_leaves():
    addresses = [part.address for part in STRUCTURE.leaves()]
    assert addresses == [(1,), (2, 1), (2, 2), (3, 1)]


@pytest.mark.parametrize(
    "number, body",
    [((), BODY), ((1,), b"text"), ((2,), INNER + b"\r\n"), ((2, 2), b"two"), ((3, 1), b"body")],
)
def test_part(number, body):
    part = STRUCTURE.part(number)
    assert part.body.of(MAIL) == body
    assert part.span.start <= part.header.end == part.body.start <= part.span.end


def test_no_such_part():
    assert STRUCTURE.part((1, 1)) is None


def test_the_only_part_of_a_mail():
    root = parse(b"\r\ntext").root
    assert (root.address, root.is_leaf) == ((1,), True)
