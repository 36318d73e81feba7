"""in_redis: logins in a real server, their times and number, shared by two proxies."""

import pytest

from kernun_common.auth.in_redis import InRedis
from kernun_common.errors import Unavailable, Where
from kernun_common.redis_store.client import Client
from kernun_common.redis_store.section import Redis
from tests.support.checking import at
from tests.support.logins import ADDRESS, OTHER, login
from tests.support.ports import free_ports
from tests.support.waiting import wait_until


@pytest.fixture
def make(redis_server, request):
    """Makes one with keys of the test's own."""
    def made(idle=100.0, most=100.0, port=redis_server.port):
        redis = Redis(at(port), prefix=f"{request.node.name}:")
        return InRedis(Client(redis, Where("f", 1, 1), 10.0), idle, most)

    return made


def test_proxies_share_it(make):
    one, other = make(), make()
    assert one.find(ADDRESS, {}) is None
    alice = login("alice")
    assert one.add(alice, 1, {})
    assert other.find(ADDRESS, {}) == (alice, True)
    assert other.all({}) == [(alice, True)]


def test_number(make):
    kept = make()
    assert kept.add(login("alice"), 1, {})
    assert not kept.add(login("bob", OTHER), 1, {})
    assert kept.add(login("carol"), 1, {})  # in the place of alice
    assert [found.login.user.name for found in kept.all({})] == ["carol"]


@pytest.mark.parametrize("times", [{"idle": 0.05}, {"most": 0.05}])
def test_times(make, times):
    kept = make(**times)
    alice = login("alice")
    kept.add(alice, 1, {})
    wait_until(lambda: not kept.find(ADDRESS, {}).valid, "the time to run out")
    assert kept.all({}) == [(alice, False)]


def test_touched_is_not_idle(make):
    kept = make(idle=0.05)
    alice = login("alice")
    kept.add(alice, 1, {})
    wait_until(lambda: not kept.find(ADDRESS, {}).valid, "the time to run out")
    make().touch(alice, {})
    assert kept.find(ADDRESS, {}) == (alice, True)


def test_only_the_same_login_is_touched_and_removed(make):
    kept = make()
    former, present = login("alice"), login("alice")
    kept.add(former, 1, {})
    kept.add(present, 1, {})
    assert not kept.remove(former, {})
    assert kept.find(ADDRESS, {}) == (present, True)
    assert kept.remove(present, {})
    assert not kept.remove(present, {})
    kept.touch(present, {})
    assert (kept.find(ADDRESS, {}), kept.all({})) == (None, [])


def test_what_is_no_login(make, redis_server, request):
    kept = make()
    kept.add(login("alice"), 1, {})
    redis_server.look().set(f"{request.node.name}:login:{ADDRESS}", "alice")
    for work in (lambda: kept.find(ADDRESS, {}), lambda: kept.all({})):
        with pytest.raises(Unavailable, match="no login"):
            work()


def test_a_server_that_is_not_there(make):
    lost = make(port=free_ports(1)[0])
    alice = login("alice")
    for work in (
        lambda: lost.find(ADDRESS, {}),
        lambda: lost.add(alice, 1, {}),
        lambda: lost.touch(alice, {}),
        lambda: lost.remove(alice, {}),
        lambda: lost.all({}),
    ):
        with pytest.raises(Unavailable):
            work()
