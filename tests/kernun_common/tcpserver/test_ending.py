"""ending: after the sessions, at once, and what is killed in the end."""

import time
from signal import SIGKILL

import pytest

from kernun_common.tcpserver.crews import Crews
from kernun_common.tcpserver.ending import Ending
from kernun_common.tcpserver.storm import COULD_NOT_BEGIN
from tests.support.some_crews import SomeCrew


class Scene:
    def __init__(self):
        self.crew = SomeCrew(busy=3)
        self.crews = Crews(self.crew)
        self.ending = Ending(self.crews, lambda: self.crew.done.append("withdraw"))


@pytest.fixture
def scene():
    return Scene()


def test_finish(scene):
    scene.ending.finish()
    scene.ending.finish()
    assert scene.crew.done == ["withdraw", "retire"] and scene.ending.begun
    assert not scene.ending.over
    scene.crew.gone = True
    assert scene.ending.over and scene.ending.status == 0


def test_a_crew_that_is_gone_is_no_end(scene):
    scene.crew.gone = True
    assert not scene.ending.over


def test_stop_behind_finish(scene):
    scene.ending.finish()
    scene.ending.stop()
    scene.ending.stop()
    scene.ending.finish()
    assert scene.crew.done == ["withdraw", "retire", "stop"]
    assert [line.split("-")[1] for line in scene.crew.lines.lines] == ["710", "711"]


def test_those_that_stay_are_killed(scene):
    now = time.monotonic()
    scene.ending.stop()
    scene.ending.hasten(now + 8)
    assert SIGKILL not in scene.crew.done and not scene.ending.killed
    scene.ending.hasten(now + 9.5)
    scene.ending.hasten(now + 10)
    assert scene.crew.done.count(SIGKILL) == 1 and scene.ending.killed


def test_nobody_is_killed_for_a_session(scene):
    scene.ending.finish()
    scene.ending.hasten(time.monotonic() + 10**6)
    assert SIGKILL not in scene.crew.done


def test_give_up(scene):
    scene.ending.give_up()
    assert scene.ending.status == COULD_NOT_BEGIN and scene.crew.done == ["withdraw", "stop"]
