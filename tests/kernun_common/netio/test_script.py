"""script: what arrives is kept together, within a limit, until the server ends."""

import pytest

from kernun_common.errors import Unavailable
from kernun_common.netio.script import CLOSED, TOO_LONG, more_in, put
from tests.support.scripted import play


def line(most=10):
    buffer = bytearray()
    put((yield b"ask"), buffer, most)
    while b"\n" not in buffer:
        yield from more_in(buffer, most)
    return bytes(buffer)


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("arrivals", [[b"abc\n"], [b"a", b"bc", b"\n"]])
def test_an_answer(arrivals, early):
    assert play(line(), arrivals, early) == (b"abc\n", [b"ask"])


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize(
    "arrivals, words", [([], CLOSED), ([b"abc"], CLOSED), ([b"x" * 6, b"x" * 5], TOO_LONG)]
)
def test_no_answer(arrivals, words, early):
    with pytest.raises(Unavailable) as failure:
        play(line(), arrivals, early)
    assert failure.value.what == words
