"""crews: which is in force, which comes, which leave."""

from signal import SIGUSR1

import pytest

from kernun_common.tcpserver.crews import Crews
from tests.support.some_crews import SomeCrew


@pytest.fixture
def two():
    """One in force, and one that comes."""
    first, second = SomeCrew("ONE", busy=2), SomeCrew("TWO", ready=False, busy=1)
    crews = Crews(first)
    crews.arrived(0.0)
    crews.coming = second
    return crews, first, second


def test_the_first_is_in_force_when_it_is_ready():
    first = SomeCrew(ready=False)
    crews = Crews(first)
    assert crews.arrived(0.0) is None and not crews.in_force and crews.newcomer is None
    first.ready = True
    assert crews.arrived(0.0) is first and crews.in_force
    assert crews.arrived(0.0) is None and first.done == ["start helpers"] * 2
    assert list(crews) == [first]


def test_one_that_comes_is_among_them(two):
    crews, first, second = two
    assert list(crews) == [first, second] and crews.newcomer is second and crews.in_force
    assert (crews.children, crews.busy, crews.old_children) == (3, 3, 0)


def test_another_one_takes_its_place(two):
    crews, first, second = two
    second.ready = True
    assert crews.replace(crews.arrived(0.0)) is first
    assert crews.current is second and list(crews) == [second, first]
    assert (crews.old_children, crews.old_boards) == (2, ["ONE"])
    crews.drop_gone()
    assert first in crews
    first.gone = True
    crews.drop_gone()
    assert list(crews) == [second] and not crews.gone
    second.gone = True
    assert crews.gone


def test_all_are_told(two):
    crews, first, second = two
    for crew in (first, second):
        crew.done.clear()
    crews.signal(SIGUSR1)
    crews.retire()
    crews.stop()
    crews.forget()
    assert first.done == second.done == [SIGUSR1, "retire", "stop", "forget"]


def test_bury(two):
    crews, first, second = two
    second.deaths = {7: "death"}
    assert list(crews.bury(8, 0, 0.0)) == [] and list(crews.bury(7, 0, 0.0)) == ["death"]
