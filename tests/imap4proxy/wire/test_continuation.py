"""Continuation requests: their text, what is forgiven, what is none."""

import pytest

from imap4proxy.wire.continuation import read
from imap4proxy.wire.data import Continuation
from imap4proxy.wire.leniencies import Leniency
from kernun_common.errors import PeerError

ODD = Continuation(b"\xe9", (Leniency.EIGHT_BIT_TEXT,))

LINES = [
    (b"+ \r\n", Continuation(b"")),
    (b"+ idling\r\n", Continuation(b"idling")),
    (b"+  x {5}\r\n", Continuation(b" x {5}")),
    (b"+\r\n", Continuation(b"", (Leniency.BARE_PLUS,))),
    (b"+ \xe9\r\n", ODD),
    (b"+x\r\n", None),
    (b"+ a\rb\r\n", None),
    (b"+ a\x00b\r\n", None),
]


@pytest.mark.parametrize("line, expected", LINES)
def test_a_line(line, expected):
    if expected is None:
        with pytest.raises(PeerError):
            read(line, 0, False)
    else:
        assert read(b"* OK x\r\n" + line + b"* OK", 8, False) == expected


def test_utf8_where_it_was_enabled():
    assert read("+ \u017e\r\n".encode(), 0, True).lenient == ()
