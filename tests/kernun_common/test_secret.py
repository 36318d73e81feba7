"""secret: its octets show nowhere but where they are asked for by name."""

import traceback

import pytest

from kernun_common.secret import Secret

OCTETS = b"hunter2"


@pytest.mark.parametrize("show", [str, repr, "{}".format, "%s".__mod__, "{!r:>20}".format, ascii])
def test_no_text_shows_it(show):
    text = show(Secret(OCTETS))
    assert "***" in text and "hunter2" not in text


def test_no_traceback_shows_it():
    try:
        raise ValueError(Secret(OCTETS))
    except ValueError as error:
        shown = "".join(traceback.format_exception(error))
    assert "***" in shown and "hunter2" not in shown


def test_reveal():
    assert Secret(OCTETS).reveal() == OCTETS


def test_compares_by_value():
    assert Secret(OCTETS) == Secret(b"hunter2") != Secret(b"hunter3")
    assert len({Secret(OCTETS), Secret(b"hunter2"), Secret(b"")}) == 2
    assert Secret(OCTETS) != OCTETS
