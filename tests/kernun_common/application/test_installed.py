"""installed: rules and classes together, or neither."""

from contextlib import contextmanager

import pytest

from kernun_common.application import installed
from kernun_common.application.installed import Installed, complaints
from kernun_common.application.section import Application
from kernun_common.configuration.schema import section as section_of
from kernun_common.configuration.types import Exact, StrSet
from kernun_common.errors import ConfigurationError, Unavailable
from kernun_common.tcpserver.section import ListenOn
from kernun_common.traffic_shaping.section import Altq, Queue, WithAltq
from tests.support.lines import Lines


@section_of("app", "A proxy.", named=True)
class App(WithAltq, Application):
    pass


class Part:
    """Rules and Shaping in one: it tells what it was asked for."""

    calls: list = []
    failing = None

    def __init__(self, program, name):
        pass

    def complaint(self, wanted):
        return self.failing

    def install(self, redirections, client_sources, log):
        self.calls.append("rules")
        if self.failing:
            raise Unavailable(self.failing)

    @contextmanager
    def installed(self, queues, log):
        self.calls.append("classes")
        try:
            yield
        except BaseException:
            self.calls.append("undone")
            raise

    def withdraw(self):
        self.calls.append("withdraw")

    def remove(self):
        self.calls.append("remove")


@pytest.fixture
def part(monkeypatch):
    monkeypatch.setattr(Part, "calls", [])
    monkeypatch.setattr(Part, "failing", None)
    monkeypatch.setattr(installed, "Rules", Part)
    monkeypatch.setattr(installed, "Shaping", Part)
    return Part


QUEUE = Queue(name="Q", bandwidth=1000, dev=StrSet((Exact("a"),)))


def section(singleproc=False):
    listen_on = ListenOn(non_transparent=())
    return App(name="A", listen_on=listen_on, altq=Altq(QUEUE), singleproc=singleproc)


def test_life(part):
    it = Installed("p", "A")
    it.install(section(), [], Lines().log)
    it.withdraw()
    it.remove()
    assert part.calls == ["classes", "rules", "withdraw", "remove", "remove"]


def test_both_or_none(part, monkeypatch):
    monkeypatch.setattr(part, "failing", "no nft")
    with pytest.raises(ConfigurationError) as caught:
        Installed("p", "A").install(section(), [], Lines().log)
    assert part.calls == ["classes", "rules", "undone"]
    assert caught.value.text == f"{installed.RULES}: no nft"


def test_complaints(part, monkeypatch):
    assert list(complaints(section())) == []
    monkeypatch.setattr(part, "failing", "no tc")
    [error] = complaints(section())
    assert error.text == f"{installed.CLASSES}: no tc"


@pytest.mark.parametrize("singleproc", [False, True])
def test_a_single_process_needs_a_helper(part, singleproc):
    assert len(Installed("p", "A").helpers(section(singleproc))) == singleproc
