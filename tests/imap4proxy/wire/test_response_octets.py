"""What has come: octets in any pieces, literals taken or passed, and the bounds before login."""

import pytest

from imap4proxy.wire.response_limits import ResponseLimits
from imap4proxy.wire.response_octets import ResponseOctets
from kernun_common.errors import PeerError

LIMITS = ResponseLimits(line_before_login=20, literal_before_login=10)


@pytest.fixture
def reader():
    return ResponseOctets(LIMITS)


def test_what_has_come(reader):
    for octets in (b"ab", b"cd", b"e"):
        reader.feed(octets)
    reader._owe(4)
    assert reader.buffered == 5
    assert reader.take(3) == b"abc" and reader.take(9) == b"d" and reader.take(9) == b""
    reader.feed(b"fg")
    assert reader.buffered == 3


def test_what_goes_past(reader):
    reader._owe(5)
    reader.passed(3)
    reader.feed(b"abc")
    assert reader.take(9) == b"ab"


@pytest.mark.parametrize("cut", range(1, 7))
def test_the_end_of_a_line(reader, cut):
    line = b"* 5 x\r\n"
    reader.feed(line[:cut])
    ends = [reader._line_end()]
    reader.feed(line[cut:] + b"+ ")
    assert [*ends, reader._line_end()] == [0, 7]


def test_bounds_before_login(reader):
    reader.feed(b"x" * 20)
    assert reader._line_end() == 0 and reader._owe(10) == 10
    with pytest.raises(PeerError):
        reader._owe(11)
    reader.feed(b"x")
    with pytest.raises(PeerError):
        reader._line_end()
    reader.authenticated = True
    assert reader._line_end() == 0 and reader._owe(11) == 11
