"""errors: each says whose fault it is, in words for the log."""

import pytest

from kernun_common.errors import (
    ConfigurationError,
    PeerClosed,
    PeerError,
    Side,
    Timeout,
    Unavailable,
    Where,
)

ERRORS = [
    # error, text
    (ConfigurationError(Where("a.cfg", 3, 7), "unknown item"), "a.cfg:3:7: unknown item"),
    (PeerError(Side.SERVER, "no tag"), "no tag"),
    (PeerClosed(Side.CLIENT), "client-conn"),
    (PeerClosed(Side.SERVER, "Connection timed out"), "server-conn: Connection timed out"),
    (Timeout(Side.SERVER, "recv-timeout"), "server-conn recv-timeout"),
    (Unavailable("imap.example.org"), "imap.example.org"),
]


@pytest.mark.parametrize("error, text", ERRORS, ids=lambda value: type(value).__name__)
def test_text(error, text):
    assert str(error) == text


def test_an_error_is_one_line_whatever_it_quotes():
    error = ConfigurationError(Where("a.cfg", 3, 7), "cannot read /etc/a\nb\x1b[1m\x85: none")
    assert error.text == r"cannot read /etc/a\x0ab\x1b[1m\x85: none"
    assert str(error) == f"a.cfg:3:7: {error.text}"


def test_none_catches_another():
    kinds = [type(error) for error, _ in ERRORS]
    assert [[issubclass(one, other) for other in kinds] for one in kinds] == [
        [one is other for other in kinds] for one in kinds
    ]


def test_sides():
    assert Side.CLIENT.other is Side.SERVER and Side.SERVER.other is Side.CLIENT
    assert PeerClosed(Side.CLIENT).side is Timeout(Side.CLIENT, "x").side is Side.CLIENT
