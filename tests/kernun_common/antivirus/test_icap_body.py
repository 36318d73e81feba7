"""icap_body: mails that come back as they were, or changed, at every cut."""

import pytest

from kernun_common.antivirus.icap_body import LONGEST_HEAD, Body
from kernun_common.errors import Unavailable
from tests.support.cuts import every_cut

MAIL = [b"abc", b"defg", b"h"]
OK = b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\n"
FORBIDDEN = b"HTTP/1.0 403 Forbidden\r\n\r\n"


def fed(parts, head=OK, mail=MAIL, fields=None):
    if fields is None:
        fields = {b"encapsulated": b"res-hdr=0, res-body=%d" % len(head)}
    body = Body(fields, iter(mail))
    for part in parts:
        body.feed(part)
    return body.unchanged


BODIES = [
    (OK, b"8\r\nabcdefgh\r\n0\r\n\r\n", True),
    (OK, b"1\r\na\r\n3;x=y\r\nbcd\r\n04 \r\nefgh\r\n0\r\n\r\n", True),
    (OK, b"1\r\na\r\n7\r\nbcdefgh\r\n0; ieof\r\n\r\n", True),
    (OK, b"7\r\nabcdefg\r\n0\r\n\r\n", False),
    (OK, b"0\r\n\r\n", False),
    (OK, b"9\r\nabcdefghi\r\n0\r\n\r\n", False),
    (OK, b"8\r\nabcdefgX\r\n0\r\n\r\n", False),
    (OK, b"8\r\nXbcdefgh\r\n", False),  # told at once
    (FORBIDDEN, b"8\r\nabcdefgh\r\n0\r\n\r\n", False),
    (b"HTTP/1.1 2000\r\n\r\n", b"8\r\nabcdefgh\r\n0\r\n\r\n", False),
    (OK, b"8\r\nabcdefgh\r\n", None),
    (OK, b"", None),
]


@pytest.mark.parametrize("head, body, unchanged", BODIES)
def test_body_at_every_cut(head, body, unchanged):
    for parts in every_cut(head + body):
        assert fed(parts, head) is unchanged


def test_what_stands_behind_the_head_is_none_of_it():
    """The service says that the body begins within `HTTP/1.1 200 OK`."""
    for parts in every_cut(OK + b"8\r\nabcdefgh\r\n"):
        assert fed(parts, b"HTTP/1.1 ") is False


def test_an_empty_mail():
    assert fed([OK + b"0\r\n\r\n"], mail=[]) is True
    assert fed([OK + b"1\r\na\r\n"], mail=[]) is False


@pytest.mark.parametrize(
    "value", [None, b"", b"null-body=0", b"res-hdr=0, null-body=30", b"req-hdr=0, res-body=3"]
)
def test_no_body(value):
    fields = {} if value is None else {b"encapsulated": value}
    assert fed([OK], fields=fields) is False


NONSENSE = [
    OK + b"3\r\nabc\r\n-1\r\n",
    OK + b"x\r\n",
    OK + b"\r\n",
    OK + b"1\r\nabc\r\n",
    OK + b"1" * 2000,
    OK + b"3;" + b"x" * 2000 + b"\r\nabc\r\n",
    OK + b"f" * 16 + b"\r\n",
]


@pytest.mark.parametrize("octets", NONSENSE)
def test_nonsense(octets):
    with pytest.raises(Unavailable):
        fed([octets])


def test_a_head_that_is_too_long():
    with pytest.raises(Unavailable):
        fed([], fields={b"encapsulated": b"res-hdr=0, res-body=%d" % (LONGEST_HEAD + 1)})
