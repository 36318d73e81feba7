"""The pieces are values: equal by content, unchangeable."""

from dataclasses import FrozenInstanceError

import pytest

from imap4proxy.wire.data import Capability, Continuation, Data

PIECES = [
    (Capability, ((b"IDLE",),)),
    (Continuation, (b"text",)),
    (Data, ("EXISTS", 5, b"* 5 EXISTS\r\n", True, True)),
]


@pytest.mark.parametrize("kind, values", PIECES)
def test_value(kind, values):
    piece = kind(*values)
    assert piece == kind(*values) and piece.lenient == ()
    with pytest.raises(FrozenInstanceError):
        piece.lenient = ()


def test_defaults():
    data = Data("SEARCH", None, b"* SEARCH", True, False)
    assert (data.literal, data.count) == (0, 1)
