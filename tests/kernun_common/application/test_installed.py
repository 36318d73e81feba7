"""installed: rules and classes together, or neither."""

from contextlib import contextmanager
from functools import partial

import pytest

from kernun_common.application import installed
from kernun_common.application.installed import Installed, complaints
from kernun_common.application.section import Application
from kernun_common.configuration.schema import section as section_of
from kernun_common.configuration.types import Exact, StrSet
from kernun_common.errors import ConfigurationError, Unavailable
from kernun_common.tcpserver.section import ListenOn
from kernun_common.traffic_shaping.apply import Shaping
from kernun_common.traffic_shaping.section import Altq, Queue, WithAltq
from kernun_common.transparency.redirect import Rules
from kernun_common.transparency.section import SourceAddress, WithSourceAddress
from tests.support.lines import Lines


@section_of("app", "A proxy.", named=True)
class App(WithAltq, Application):
    pass


@section_of("app", "Another one.", named=True)
class Client(WithSourceAddress, Application):
    pass


class Part:
    """Rules and Shaping in one: it tells what it was asked for."""

    calls: list = []
    failing = None
    wanted: object = None
    fds = [7]

    def __init__(self, program, name):
        pass

    def complaint(self, wanted):
        Part.wanted = wanted
        return self.failing

    def install(self, redirections, client_sources, log):
        self.calls.append("rules")
        if self.failing:
            raise Unavailable(self.failing)

    @contextmanager
    def installed(self, queues, log):
        Part.wanted = queues
        self.calls.append("classes")
        try:
            yield
        except BaseException:
            self.calls.append("undone")
            raise

    def original_dst(self, sock):
        return f"where {sock} wanted to go"

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
SINGLE = Queue(name="S", per_session=1000)


def section(singleproc=False, queue=QUEUE):
    listen_on = ListenOn(non_transparent=())
    return App(name="A", listen_on=listen_on, altq=Altq(queue), singleproc=singleproc)


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


def test_a_queue_for_each_session_is_looked_at_too(part, monkeypatch):
    """Some systems cannot have it."""
    only = section(queue=SINGLE)
    Installed("p", "A").install(only, [], Lines().log)
    assert part.wanted == (SINGLE,)
    monkeypatch.setattr(part, "failing", "not here")
    [error] = complaints(only)
    assert part.wanted == (SINGLE,) and error.text == f"{installed.CLASSES}: not here"
    assert Installed("p", "A").helpers(section(True, SINGLE)) == ()


@pytest.mark.parametrize("queue", [QUEUE, SINGLE])
def test_no_queues_on_freebsd(monkeypatch, queue):
    monkeypatch.setattr(installed, "Shaping", partial(Shaping, platform="freebsd14"))
    text = f"{installed.CLASSES}: queues are possible on Linux only"
    [error] = complaints(section(queue=queue))
    with pytest.raises(ConfigurationError) as caught:
        Installed("p", "A").install(section(queue=queue), [], Lines().log)
    assert error.text == caught.value.text == text
    assert error.where == caught.value.where == queue.where


def test_no_addresses_of_clients_on_freebsd(monkeypatch):
    monkeypatch.setattr(installed, "Rules", partial(Rules, platform="freebsd14"))
    monkeypatch.setattr("kernun_common.transparency.pf.find", lambda program: None)
    it = Client(name="A", listen_on=ListenOn(), source_address=SourceAddress(client=True))
    [error] = complaints(it)
    with pytest.raises(ConfigurationError) as caught:
        Installed("p", "A").install(it, [], Lines().log)
    assert error.text == caught.value.text
    assert error.text.endswith("source-address client is not possible with pf")


def test_the_packet_filter_knows_the_original_destination(part):
    it = Installed("p", "A")
    assert (it.original_dst("he"), it.fds) == ("where he wanted to go", [7])


@pytest.mark.parametrize("singleproc", [False, True])
def test_a_single_process_needs_a_helper(part, singleproc):
    assert len(Installed("p", "A").helpers(section(singleproc))) == singleproc
