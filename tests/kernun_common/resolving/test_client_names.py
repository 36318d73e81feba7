from ipaddress import ip_address

import pytest

from kernun_common.errors import Unavailable
from kernun_common.resolving import client_names
from kernun_common.resolving.client_names import NO_ANSWER_TTL, ClientNames
from kernun_common.resolving.query import Answer
from kernun_common.resolving.section import Resolver
from tests.support.lines import Lines

CLIENT = ip_address("192.0.2.7")
ONE, NONE = Answer(("pc.example.org",), 60.0), Answer((), 60.0)
NO = Unavailable("no answer")


class Results:
    """A resolver that has these answers, one after the other."""

    def __init__(self, *results, **items):
        self.section = Resolver(server=(), **items)
        self.results = list(results)
        self.deadlines = []

    def names(self, of, deadline):
        self.deadlines.append(deadline)
        result = self.results.pop(0)
        if isinstance(result, Unavailable):
            raise result
        return result
        yield


@pytest.fixture
def now(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(client_names.time, "monotonic", lambda: now[0])
    return now


def never(*want):
    raise AssertionError("nothing is waited for here")


CASES = [
    # what the look-up gives, the names, what is logged, how long it is good
    (ONE, ("pc.example.org",), "RESL-731-D CLIENT-NAMES CLIENT=192.0.2.7 NAMES=pc.example.org", 60),
    (NONE, (), 'RESL-731-D CLIENT-NAMES CLIENT=192.0.2.7 NAMES=""', 60),
    (
        NO,
        None,
        'RESL-813-W CLIENT-UNNAMED CLIENT=192.0.2.7 REASON="no answer"',
        NO_ANSWER_TTL,
    ),
]


@pytest.mark.parametrize("result, found, line, seconds", CASES)
def test_names(now, result, found, line, seconds):
    lines, resolver = Lines(), Results(result, NONE)
    lines.log.level = 7
    names = ClientNames(resolver, lines.log)
    assert names.of(CLIENT, never) == found
    assert lines.lines == [line]
    now[0] += seconds - 0.1
    assert names.of(CLIENT, never) == found
    assert len(resolver.results) == 1
    now[0] += 0.1
    assert names.of(CLIENT, never) == ()


def test_total_timeout_bounds_it(now):
    resolver = Results(ONE, total_timeout=7.0)
    ClientNames(resolver, Lines().log).of(CLIENT, never)
    assert resolver.deadlines == [now[0] + 7.0]


@pytest.mark.parametrize("size, asked", [(2, 2), (1, 4), (0, 4)])
def test_cache_size(now, size, asked):
    resolver = Results(*[ONE] * 4, cache_size=size)
    names = ClientNames(resolver, Lines().log)
    for _ in range(2):
        for number in range(2):
            names.of(CLIENT + number, never)
    assert len(resolver.deadlines) == asked
