"""apply: what tc is told, and what becomes of its answers.

The kernel is made up here; tests/system/test_traffic_shaping.py has the real one.
"""

import json
import os
from contextlib import contextmanager

import pytest

from kernun_common.configuration.types import Exact, StrSet
from kernun_common.errors import Unavailable
from kernun_common.netio.shape import UNSHAPED, Shape
from kernun_common.traffic_shaping import apply
from kernun_common.traffic_shaping.apply import Shaping
from kernun_common.traffic_shaping.section import Queue
from tests.support.lines import Lines


class Kernel:
    """Disciplines and classes by device, changed by what `tc -batch -` is told."""

    def __init__(self, monkeypatch):
        self.roots = {"a": ["noqueue", "0:"], "b": ["mq", "0:"]}
        self.classes = {"a": {}, "b": {}}  # parents by number
        self.failing = None
        self.busy = False  # somebody else has the lock
        monkeypatch.setattr(apply, "find", lambda program: None)
        monkeypatch.setattr(apply, "run", self.run)
        monkeypatch.setattr(apply, "locked", self.locked)

    @contextmanager
    def locked(self):
        if self.busy:
            raise Unavailable("it is locked")
        yield

    def run(self, command, text=""):
        if command == ["tc", "-j", "qdisc", "show"]:
            shown = [
                {"dev": device, "kind": kind, "handle": handle, "root": True}
                for device, (kind, handle) in self.roots.items()
            ]
            return json.dumps([*shown, {"dev": "a", "kind": "ingress", "handle": "ffff:"}])
        if command[:3] == ["tc", "class", "show"]:
            classes = self.classes[command[-1]].items()
            above = ((number, f"parent {it}" if it else "root") for number, it in classes)
            return "".join(f"class htb {number} {it} rate 1Kbit\n" for number, it in above)
        for line in text.splitlines():
            if self.failing is not None and self.failing in line:
                raise Unavailable("tc: Operation not permitted")
            self.obey(*line.split())
        return ""

    def obey(self, what, verb, _, device, *words):
        named = dict(zip(words[::2], words[1::2]))
        classes = self.classes[device]
        if what == "qdisc":
            classes.clear()
            self.roots[device] = ["htb", words[2]] if verb == "add" else ["noqueue", "0:"]
        elif verb == "del":
            assert named["classid"] not in classes.values(), "it is in use"
            del classes[named["classid"]]
        else:
            parent = named["parent"]
            classes[named["classid"]] = None if parent.endswith(":") else parent

    @property
    def state(self):
        return {device: (*self.roots[device], dict(self.classes[device])) for device in "ab"}


@pytest.fixture
def kernel(monkeypatch):
    return Kernel(monkeypatch)


def queue(name, devices, **items):
    items = {"bandwidth": 8000, **items}
    return Queue(name=name, dev=StrSet(tuple(map(Exact, devices))), **items)


A, B, BOTH = queue("A", "a"), queue("B", "b"), queue("BOTH", "ab")


def install(shaping, queues, lines):
    with shaping.installed(queues, lines.log):
        pass


def test_from_the_first_to_the_last(kernel):
    before, shaping, lines = kernel.state, Shaping("p", "N", "linux"), Lines()
    install(shaping, [A, BOTH], lines)
    assert [kernel.roots[device] for device in "ab"] == [["htb", "494d:"]] * 2
    assert [len(kernel.classes[device]) for device in "ab"] == [3, 2]
    install(shaping, [B], lines)  # sessions may still need the others
    assert [len(kernel.classes[device]) for device in "ab"] == [3, 3]
    shaping.remove()
    before["b"] = ("noqueue", "0:", {})  # as the kernel made up here has it
    assert kernel.state == before
    told = [line.split()[0] for line in lines.lines]
    assert told == ["NETL-740-K"] * 3 + ["NETL-741-K"]


def test_what_a_killed_parent_left(kernel):
    before, lines = kernel.state, Lines()
    install(Shaping("p", "N", "linux"), [A, B], lines)
    second = Shaping("p", "N", "linux")
    install(second, [A], lines)
    assert kernel.roots["b"] == ["noqueue", "0:"] and len(kernel.classes["a"]) == 2
    install(Shaping("p", "N", "linux"), [], lines)
    before["b"] = ("noqueue", "0:", {})
    assert kernel.state == before


def test_another_proxy_keeps_its_classes(kernel):
    lines, other = Lines(), Shaping("p", "OTHER", "linux")
    install(other, [A], lines)
    before, shaping = kernel.state, Shaping("p", "N", "linux")
    install(shaping, [A], lines)
    assert shaping.shape(A) != other.shape(A)
    shaping.remove()
    assert kernel.state == before


FAILING = ["qdisc add", "class replace dev b"]


@pytest.mark.parametrize("failing", FAILING)
def test_a_failure_changes_nothing(kernel, failing):
    lines, shaping = Lines(), Shaping("p", "N", "linux")
    install(shaping, [A], lines)
    before, kernel.failing = kernel.state, failing
    with pytest.raises(Unavailable):
        install(shaping, [A, B], lines)
    assert kernel.state["a"] == before["a"]
    assert kernel.classes["b"] == {}


def test_what_fails_behind_it_undoes_it(kernel):
    lines, shaping = Lines(), Shaping("p", "N", "linux")
    with pytest.raises(ZeroDivisionError):
        with shaping.installed([A], lines.log):
            1 / 0
    assert kernel.state["a"] == ("noqueue", "0:", {})
    shaping.remove()
    assert [line.split()[0] for line in lines.lines] == ["NETL-740-K"]


def test_a_device_that_has_gone_is_forgotten(kernel):
    lines, shaping = Lines(), Shaping("p", "N", "linux")
    install(shaping, [A, BOTH], lines)
    del kernel.roots["b"]
    kernel.classes["b"].clear()
    with pytest.raises(Unavailable, match="there is no device b"):
        install(shaping, [A, BOTH], lines)
    before = dict(kernel.classes["a"])
    install(shaping, [A], lines)
    assert kernel.classes["a"] == before  # sessions may still need BOTH there
    with pytest.raises(Unavailable, match="not permitted"):
        kernel.failing = "class replace"
        install(shaping, [A], lines)
    kernel.failing = None
    kernel.roots["b"] = ["noqueue", "0:"]
    install(shaping, [A], lines)
    assert kernel.classes["b"] == {}
    shaping.remove()
    assert kernel.state["a"] == ("noqueue", "0:", {})


def test_a_device_that_is_somebody_elses_now_is_forgotten(kernel):
    lines, shaping = Lines(), Shaping("p", "N", "linux")
    install(shaping, [A, B], lines)
    kernel.roots["b"], kernel.classes["b"] = ["htb", "1:"], {"1:1": None}
    install(shaping, [A], lines)
    install(shaping, [A, queue("C", "b", parent="1:1")], lines)
    assert len(kernel.classes["b"]) == 3
    install(shaping, [A, queue("D", "b", parent="1:")], lines)  # C had another parent
    assert len(kernel.classes["b"]) == 3
    shaping.remove()
    assert kernel.state["b"] == ("htb", "1:", {"1:1": None})


def test_without_queues_nobody_waits_for_the_lock(kernel):
    kernel.busy = True
    before, shaping, lines = kernel.state, Shaping("p", "N", "linux"), Lines()
    install(shaping, [], lines)
    shaping.remove()
    assert kernel.state == before and lines.lines == []
    with pytest.raises(Unavailable, match="it is locked"):
        install(shaping, [A], lines)
    assert kernel.state == before


def test_a_reload_without_queues_touches_nothing(kernel):
    lines, shaping = Lines(), Shaping("p", "N", "linux")
    install(shaping, [A], lines)
    before, kernel.busy = kernel.state, True
    install(shaping, [], lines)
    assert kernel.state == before
    kernel.busy = False
    shaping.remove()
    assert kernel.classes["a"] == {}


def test_what_is_left_and_cannot_be_removed_is_told(kernel):
    lines = Lines()
    install(Shaping("p", "N", "linux"), [A], lines)
    kernel.busy = True
    install(Shaping("p", "N", "linux"), [], lines)
    assert "NETL-640-E NOT-REMOVED" in lines.lines[-1] and "it is locked" in lines.lines[-1]


BAD = [
    # root of a, its classes, queues, the complaint
    (["fq", "8001:"], {}, [A], "a has a queueing discipline of somebody else: fq 8001:"),
    (["htb", "1:"], {}, [A], "a has a queueing discipline of somebody else: htb 1:"),
    (["htb", "1:"], {"1:1": None}, [queue("A", "a", parent="1:2")], "a has no HTB with the class"),
    (["noqueue", "0:"], {}, [queue("A", ["x"])], "there is no device x"),
    (["htb", "1:"], {}, [queue("A", "a", parent="1:"), B, queue("C", "b", parent="1:")],
     "the queues on b must have the same parent"),
]  # fmt: skip


@pytest.mark.parametrize("root, classes, queues, words", BAD)
def test_bad(kernel, root, classes, queues, words):
    kernel.roots["a"], kernel.classes["a"] = root, classes
    before, shaping, lines = kernel.state, Shaping("p", "N", "linux"), Lines()
    assert words in shaping.complaint(queues)
    with pytest.raises(Unavailable) as caught:
        install(shaping, queues, lines)
    assert words in caught.value.what and kernel.state == before and lines.lines == []


def test_below_somebody_else(kernel):
    kernel.roots["a"], kernel.classes["a"] = ["htb", "1:"], {"1:1": None}
    before, shaping = kernel.state, Shaping("p", "N", "linux")
    below = queue("A", "a", parent="1:1")
    install(shaping, [below], Lines())
    priority = shaping.shape(below).priority
    assert priority >> 16 == 1 and f"1:{priority & 0xffff:x}" in kernel.classes["a"]
    shaping.remove()
    assert kernel.state == before


def test_shapes(kernel):
    shaping = Shaping("p", "N", "linux")
    install(shaping, [A], Lines())
    [number] = [it for it, above in kernel.classes["a"].items() if above is not None]
    expected = 0x494D << 16 | int(number.partition(":")[2], 16)
    assert shaping.shape(A) == Shape(expected, 1000)
    assert shaping.shape(queue("A", "a", ceiling=16000)).pacing == 2000
    assert shaping.shape(queue("A", "a", per_session=4000)).pacing == 500
    assert shaping.shape(Queue(name="S", per_session=80000)) == Shape(None, 10000)
    assert shaping.shape(None) == UNSHAPED


SINGLE = Queue(name="S", per_session=80000)


@pytest.mark.parametrize("one", [A, SINGLE])
def test_elsewhere(kernel, one):
    """A queue without effect is an error, also where it needs no class."""
    shaping, lines = Shaping("p", "N", "freebsd14"), Lines()
    assert "Linux only" in shaping.complaint([one])
    with pytest.raises(Unavailable, match="Linux only"):
        install(shaping, [one], lines)
    install(shaping, [], lines)
    assert shaping.complaint([]) is None and lines.lines == []


def test_a_queue_that_needs_no_class(kernel):
    before, shaping = kernel.state, Shaping("p", "N", "linux")
    assert shaping.complaint([SINGLE]) is None
    install(shaping, [SINGLE], Lines())
    assert kernel.state == before


def test_a_helper_removes_them(kernel):
    lines, shaping = Lines(), Shaping("p", "N", "linux")
    install(shaping, [A], lines)
    shaping.delegate()
    shaping.remove()
    assert kernel.roots["a"][0] == "htb"
    read, write = os.pipe()
    os.close(write)
    shaping.keep(read)
    os.close(read)
    assert kernel.roots["a"][0] == "noqueue"
