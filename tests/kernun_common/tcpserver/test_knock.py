"""knock: who waits is woken, one knock each; none too many."""

import select

import pytest

from kernun_common.tcpserver.knock import Knock


@pytest.fixture
def knock():
    one = Knock()
    yield one
    one._in.close()
    one._out.close()


def wakes(knock):
    return bool(select.select([knock.fd], [], [], 0)[0])


def test_as_often_as_somebody_knocked(knock):
    assert not wakes(knock)
    for _ in range(2):
        knock.give()
    for _ in range(2):
        assert wakes(knock)
        knock.take()
    assert not wakes(knock)


def test_another_one_was_faster(knock):
    knock.take()
    assert not wakes(knock)


def test_more_knocks_than_the_line_holds(knock):
    for _ in range(100_000):
        knock.give()
    assert wakes(knock)
