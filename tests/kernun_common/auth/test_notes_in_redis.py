"""notes_in_redis: what pages share, how long it is kept, and a server that cannot be had."""

import threading
from collections import Counter

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


def test_what_is_kept_is_bounded(make, redis_server, request, monkeypatch):
    """However many pages keep it at the same time; what one forgets leaves nothing behind."""
    monkeypatch.setattr(module, "CHALLENGES", 10)
    monkeypatch.setattr(module, "KEYS", 10)

    def fill(page, name):
        for number in range(100):
            page.put(ASKED, {})
            for _ in range(5):
                page.begin([f"user:{name}-{number}"], {})

    pages = [threading.Thread(target=fill, args=(make(), name)) for name in "abcd"]
    for page in pages:
        page.start()
    for page in pages:
        page.join()
    kept, mine = redis_server.look(), f"{request.node.name}:"
    assert kept.hlen(f"{mine}challenges") == kept.zcard(f"{mine}asked") == 10
    kinds = Counter(key.decode().removeprefix(mine).split(":")[0] for key in kept.keys(f"{mine}*"))
    assert kinds == {"challenges": 1, "asked": 1, "tried": 1, "failures": 10, "locked": 10}


def test_names_that_the_server_has_evicted_leave_nothing(make, redis_server, request):
    """As with maxmemory, by which it may take one key and not the other."""
    page, kept, mine = make(), redis_server.look(), f"{request.node.name}:"
    for _ in range(5):
        page.put(ASKED, {})
    kept.delete(f"{mine}asked")
    name = page.put(ASKED, {})
    assert kept.hlen(f"{mine}challenges") == kept.zcard(f"{mine}asked") == 1
    assert page.take(name, {}) == ASKED


def test_a_challenge_that_is_too_old(make, redis_server, request):
    """Though others, which came later, are still kept."""
    kept, notes = redis_server.look(), make()
    name, other = notes.put(ASKED, {}), notes.put(ASKED, {})
    kept.zincrby(f"{request.node.name}:asked", -120_000_000, name)
    assert notes.take(name, {}) is None
    assert notes.take(other, {}) == ASKED


def test_old_failures_do_not_count(make, redis_server, request):
    kept, notes = redis_server.look(), make()
    seconds, _ = kept.time()
    old = {f"attempt {number}": (seconds - 61) * 1000 for number in range(4)}
    kept.zadd(f"{request.node.name}:failures:{KEYS[0]}", old)
    assert all(notes.begin(KEYS, {}) for _ in range(5))
    assert notes.begin(KEYS, {}) is None


def test_what_is_no_challenge(make, redis_server, request):
    notes = make()
    name = notes.put(ASKED, {})
    redis_server.look().hset(f"{request.node.name}:challenges", name, "what?")
    with pytest.raises(Unavailable, match="no challenge"):
        notes.take(name, {})


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
