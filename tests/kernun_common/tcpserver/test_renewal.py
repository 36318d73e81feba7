"""renewal: what comes into force, and when."""

import pytest

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.errors import ConfigurationError
from kernun_common.tcpserver.crews import Crews
from kernun_common.tcpserver.renewal import Renewal
from tests.support.some_crews import SomeCrew


class Scene:
    """What happens, in its order, is in `done`."""

    def __init__(self):
        self.done = []
        self.first = SomeCrew("ONE")
        self.next = SomeCrew("TWO", ready=False)
        self.crews = Crews(self.first)
        self.bad = False
        self.renewal = Renewal(
            self.crews,
            self.renew,
            self,
            self,
            lambda service: self.next,
            lambda: self.done.append(f"begin {self.crews.current.service.name}"),
        )

    def renew(self, service):
        if self.bad:
            raise ConfigurationErrors([ConfigurationError(None, "bad")])
        return self.next.service

    def use(self, log, title):
        self.done.append("use log")

    def ready(self):
        self.done.append("ready")

    def reloading(self):
        self.done.append("reloading")


@pytest.fixture
def scene():
    one = Scene()
    one.renewal.start()
    return one


def test_start(scene):
    assert scene.done == ["use log", "begin ONE", "ready"]


def test_reload(scene):
    scene.done.clear()
    scene.renewal.reload()
    assert scene.done == ["reloading", "use log"] and scene.crews.current is scene.first
    scene.next.ready = True
    scene.renewal.cycle(1.0)
    assert scene.done[2:] == ["begin TWO", "ready"] and scene.crews.current is scene.next
    assert scene.first.done[-2:] == ["retire", "close"]


def test_a_bad_configuration(scene):
    scene.done.clear()
    scene.bad = True
    scene.renewal.reload()
    assert scene.done == ["reloading", "ready"]
    assert scene.crews.current is scene.first and scene.crews.coming is None
    assert "bad" in scene.first.lines.lines[-1]


def test_a_reload_while_one_is_under_way_comes_behind_it(scene):
    scene.renewal.reload()
    scene.renewal.reload()
    scene.done.clear()
    scene.next.ready = True
    second, scene.next = scene.next, SomeCrew("THREE")
    scene.renewal.cycle(1.0)
    assert scene.done == ["begin TWO", "ready", "reloading", "use log", "begin THREE", "ready"]
    assert "retire" in second.done


def test_what_comes_never_will(scene):
    scene.renewal.abandon()
    assert scene.first.done.count("close") == 0
    scene.renewal.reload()
    scene.renewal.abandon()
    assert scene.next.done[-1] == "close" and "close" not in scene.first.done
