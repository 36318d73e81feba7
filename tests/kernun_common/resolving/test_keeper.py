"""The keeper with a resolver and a clock of the test: what it publishes, logs and asks."""

from ipaddress import ip_address
from types import SimpleNamespace

import pytest

from kernun_common.errors import Unavailable
from kernun_common.resolving import keeper as keeping
from kernun_common.resolving.keeper import RETRY, Keeper
from kernun_common.resolving.query import Answer
from kernun_common.resolving.section import Resolver
from kernun_common.resolving.table import MOST_ADDRESSES, Table
from tests.support.lines import Lines

A, B = ip_address("192.0.2.1"), ip_address("192.0.2.2")
REFRESH = 300.0
NO = Unavailable("no answer")


class World:
    """Each turn of the keeper's loop, in simulated time."""

    def __init__(self, monkeypatch, names, answers, known=None, published=None):
        """`answers`: for each name what comes of one look-up after the other."""
        self.now = 1000.0
        self.asked = []
        self.read = []  # what can be read, and when, after each turn
        self._answers = {name: list(results) for name, results in answers.items()}
        self.lines = Lines()
        self.table = Table(names, known or {})
        monkeypatch.setattr(keeping.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(keeping, "Together", lambda: self)
        self.stopped = False
        self._started = []
        resolver = SimpleNamespace(section=Resolver(server=()))
        self.keeper = Keeper(self.table, resolver, REFRESH, self.lines.log)
        if published is not None:
            self.table.publish(published)
        self.keeper.keep(-1)

    def start(self, name, begin):
        self._started.append(name)

    def wait(self, until, stop_fd):
        if not self._started:
            known = dict(self.table.read()) if self.table.is_published() else None
            self.read.append((self.now - 1000, known))
            self.now = until
            return []
        name = self._started.pop(0)
        self.asked.append((self.now - 1000, name))
        if not self._answers[name]:
            self.stopped = True
            return []
        return [(name, self._answers[name].pop(0))]

    def close(self):
        pass


def told(world, *identifications):
    return [line for line in world.lines.lines if line.startswith(identifications)]


@pytest.fixture
def world(monkeypatch):
    return lambda *args, **more: World(monkeypatch, *args, **more)


def test_first_all_names_are_asked_for_then_it_is_published(world):
    it = world(["a", "b"], {"a": [Answer((A,), 60)], "b": [NO]})
    assert it.asked[:2] == [(0, "a"), (0, "b")]
    assert it.read[0] == (0, {"a": (A,)})


def test_no_name_is_published_before_all_have_been_asked_for(world):
    it = world(["a", "b"], {"a": [Answer((A,), 60)], "b": []})
    assert not it.table.is_published()


DUE = [
    # the answer, when the next look-up comes
    (Answer((A,), 60), REFRESH),
    (Answer((A,), 1000), 1000),
    (Answer((), 1000), 1000),
    (NO, RETRY),
]


@pytest.mark.parametrize("result, seconds", DUE)
def test_again_after_the_later_of_refresh_and_ttl(world, result, seconds):
    it = world(["a"], {"a": [result]})
    assert it.asked == [(0, "a"), (seconds, "a")]


def test_a_change(world):
    it = world(["a"], {"a": [Answer((A,), 60), Answer((B,), 60), Answer((), 60)]})
    assert [read for _, read in it.read] == [{"a": (A,)}, {"a": (B,)}, {"a": ()}]
    assert told(it, "RESL-710", "RESL-811") == [
        "RESL-710-K NAME-CHANGED NAME=a ADDRESSES=[192.0.2.2]",
        'RESL-710-K NAME-CHANGED NAME=a ADDRESSES=""',
        "RESL-811-W NAME-WITHOUT-ADDRESS NAME=a",
    ]


def test_another_order_is_published_and_not_told_of(world):
    it = world(["a"], {"a": [Answer((A, B), 60), Answer((B, A), 60)]})
    assert [read for _, read in it.read] == [{"a": (A, B)}, {"a": (B, A)}]
    assert told(it, "RESL-710") == []


def test_no_answer_leaves_what_was(world):
    it = world(["a"], {"a": [Answer((A,), 60), NO, NO, Answer((A,), 60), NO]})
    assert [read for _, read in it.read] == [{"a": (A,)}] * 5
    unresolved = 'RESL-810-W NAME-UNRESOLVED NAME=a REASON="no answer" ADDRESSES=[192.0.2.1]'
    assert told(it, "RESL-8") == [unresolved, unresolved]


def test_what_another_has_published_who_died_stays(world):
    """The parent has made the keeper before, and does not know of it."""
    it = world(["a", "b"], {"a": [NO], "b": [Answer((B,), 60)]}, published={"a": (A,)})
    assert it.read[0] == (0, {"a": (A,), "b": (B,)})


def test_what_was_known_under_the_configuration_before_stays(world):
    it = world(["a"], {"a": [NO]}, known={"a": (A,)})
    assert it.read[0] == (0, {"a": (A,)})


def test_too_many_addresses(world):
    many = tuple(A + number for number in range(MOST_ADDRESSES + 1))
    it = world(["a"], {"a": [Answer(many, 60)]})
    assert it.read[0] == (0, {"a": many[:-1]})
    assert told(it, "RESL-812") == [
        "RESL-812-W TOO-MANY-ADDRESSES NAME=a NUMBER=257 LIMIT=256"
    ]
