"""in_redis: entries in a real server, their age and number, shared by two proxies."""

import time

import pytest

from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import Unavailable, Where
from kernun_common.redis_store.client import Client
from kernun_common.redis_store.section import Redis
from kernun_common.verdict_cache.in_redis import InRedis
from tests.support.checking import at
from tests.support.ports import free_ports
from tests.support.waiting import wait_until

DAY = 86400.0


@pytest.fixture
def kept(redis_server, request):
    """Makes one with keys of the test's own."""
    def make(max_age=DAY, max_entries=100, place=at(redis_server.port)):
        redis = Redis(place, prefix=f"{request.node.name}:")
        return InRedis(Client(redis, Where("f", 1, 1), 10.0), max_age, max_entries)

    return make


def numbers(kept, count):
    return [number for number in range(count) if kept.get(b"%d" % number, {}) is not None]


def test_there_and_back(kept):
    one, other = kept(), kept()
    assert one.get(b"key", {}) is None
    one.put(b"key", b"free", {})
    assert other.get(b"key", {}) == b"free"
    other.put(b"key", b"found \0\xff", {})
    assert one.get(b"key", {}) == b"found \0\xff"


def test_names(kept, redis_server):
    named = kept(place=Sock(Host(name="r.example"), redis_server.port))
    resolution = {"r.example": (at(1).host.address,)}
    named.put(b"key", b"free", resolution)
    assert named.get(b"key", resolution) == b"free"
    with pytest.raises(Unavailable):
        named.get(b"key", {})


def test_age(kept):
    short = kept(max_age=0.05)
    short.put(b"key", b"free", {})
    wait_until(lambda: short.get(b"key", {}) is None, "the entry to go")


def test_the_newest_entries_stay(kept, redis_server, monkeypatch, request):
    now, few = time.time(), kept(max_entries=3)
    for number in range(9):
        monkeypatch.setattr(time, "time", lambda: now + number)
        few.put(b"%d" % number, b"free", {})
    assert numbers(few, 9) == [6, 7, 8]
    names = redis_server.look().keys(f"{request.node.name}:*")
    assert len(names) == 3 + 1  # and the index


def test_the_index_loses_what_is_too_old(kept, redis_server, monkeypatch, request):
    now, some = time.time(), kept(max_age=10.0)
    for later in (0, 1, 12):
        monkeypatch.setattr(time, "time", lambda: now + later)
        some.put(b"%d" % later, b"free", {})
    assert redis_server.look().zcard(f"{request.node.name}:verdicts") == 1


def test_a_server_that_is_not_there(kept):
    lost = kept(place=at(free_ports(1)[0]))
    for work in (lambda: lost.get(b"key", {}), lambda: lost.put(b"key", b"free", {})):
        with pytest.raises(Unavailable):
            work()


def test_somebody_elses_value(kept, redis_server, request):
    name = f"{request.node.name}:verdict:{b'key'.hex()}"
    redis_server.look().lpush(name, "a list")
    with pytest.raises(Unavailable):
        kept().get(b"key", {})
