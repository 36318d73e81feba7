"""notes_in_redis: what pages share, how long it is kept, and a server that cannot be had."""

import pytest

from kernun_common.auth import notes_in_redis as module
from kernun_common.auth.notes import Pending
from kernun_common.auth.notes_in_redis import InRedis
from kernun_common.errors import Unavailable, Where
from kernun_common.redis_store.client import Client
from kernun_common.redis_store.section import Redis
from tests.support.checking import at
from tests.support.logins import ADDRESS
from tests.support.ports import free_ports
from tests.support.waiting import wait_until

ASKED = Pending(ADDRESS, "alice", b"state")
KEYS = ("address:192.0.2.7", "user:alice")


@pytest.fixture
def make(redis_server, request):
    """Makes one with keys of the test's own."""
    def made(port=redis_server.port):
        redis = Redis(at(port), prefix=f"{request.node.name}:")
        return InRedis(Client(redis, Where("f", 1, 1), 10.0))

    return made


def test_pages_share_them(make):
    one, other = make(), make()
    assert one.key({}) == other.key({})
    assert other.take(one.put(ASKED, {}), {}) == ASKED
    for page in (one, other, one, other, one):
        assert page.begin(KEYS, {})
    assert one.begin(KEYS, {}) is other.begin(KEYS, {}) is None


def test_times(make, redis_server, request, monkeypatch):
    """Nothing is kept for ever but the key."""
    for name, seconds in (("WITHIN", 0.1), ("LASTS", 0.1), ("CHALLENGE_SECONDS", 0.05)):
        monkeypatch.setattr(module, name, seconds)
    notes = make()
    for _ in range(6):
        notes.begin(KEYS, {})
    wait_until(lambda: notes.begin(KEYS, {}), "the lock to be over")
    notes.put(ASKED, {})
    notes.key({})
    kept = redis_server.look()
    mine = f"{request.node.name}:"
    wait_until(lambda: kept.keys(f"{mine}*") == [f"{mine}form-key".encode()], "all to be over")


def test_old_failures_do_not_count(make, redis_server, request):
    kept, notes = redis_server.look(), make()
    seconds, _ = kept.time()
    old = {f"attempt {number}": (seconds - 61) * 1000 for number in range(4)}
    kept.zadd(f"{request.node.name}:failures:{KEYS[0]}", old)
    assert all(notes.begin(KEYS, {}) for _ in range(5))
    assert notes.begin(KEYS, {}) is None


def test_what_is_no_challenge(make, redis_server, request):
    redis_server.look().set(f"{request.node.name}:challenge:x", "what?")
    with pytest.raises(Unavailable, match="no challenge"):
        make().take("x", {})


def test_a_server_that_is_not_there(make):
    lost = make(free_ports(1)[0])
    for work in (
        lambda: lost.key({}),
        lambda: lost.begin(KEYS, {}),
        lambda: lost.pardon(KEYS, "x", {}),
        lambda: lost.put(ASKED, {}),
        lambda: lost.take("x", {}),
    ):
        with pytest.raises(Unavailable):
            work()
