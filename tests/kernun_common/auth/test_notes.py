"""notes: the same rules in the process and in a real Redis server."""

import pytest

from kernun_common.auth import lockout
from kernun_common.auth import notes_in_redis as in_redis
from kernun_common.auth.notes import CHALLENGES, InProcess, Pending, notes_of
from kernun_common.auth.notes_in_redis import InRedis
from kernun_common.auth.section import StorePlace
from kernun_common.errors import Where
from kernun_common.redis_store.client import Client
from kernun_common.redis_store.section import Redis
from tests.support.checking import at
from tests.support.logins import ADDRESS, OTHER, desk

ASKED = Pending(ADDRESS, "žofie", b"\0\xff")
KEYS = ("address:192.0.2.7", "user:alice")


@pytest.fixture(params=["process", "redis"])
def notes(request):
    if request.param == "process":
        return InProcess()
    server = request.getfixturevalue("redis_server")
    redis = Redis(at(server.port), prefix=f"{request.node.name}:")
    return InRedis(Client(redis, Where("f", 1, 1), 10.0))


def test_five_failures_lock_either_key(notes):
    assert all(notes.begin(KEYS, {}) for _ in range(5))
    assert notes.begin(KEYS, {}) is None
    assert notes.begin(("address:192.0.2.8", KEYS[1]), {}) is None
    assert notes.begin((KEYS[0], "user:bob"), {}) is None
    assert notes.begin(("address:192.0.2.8", "user:bob"), {})


def test_pardon(notes):
    """What succeeds does not count, even if it was the one that locked."""
    for _ in range(4):
        notes.begin(KEYS, {})
    last = notes.begin(KEYS, {})
    assert notes.begin(KEYS, {}) is None
    notes.pardon(KEYS, last, {})
    again = notes.begin(KEYS, {})
    notes.pardon(KEYS, last, {})  # it has been
    assert again and notes.begin(KEYS, {}) is None


def test_challenges(notes):
    names = [notes.put(pending, {}) for pending in (ASKED, ASKED._replace(address=OTHER))]
    assert names[0] != names[1]
    assert notes.take(names[0], {}) == ASKED
    assert notes.take(names[0], {}) is None
    assert notes.take("other", {}) is None
    assert notes.take(names[1], {}) == ASKED._replace(address=OTHER)


def test_of_too_many_challenges_the_oldest_is_forgotten(notes):
    names = [notes.put(ASKED, {}) for _ in range(CHALLENGES)]
    assert notes.take(names[0], {}) == ASKED
    names += [notes.put(ASKED, {}) for _ in range(3)]
    assert notes.take(names[1], {}) is notes.take(names[2], {}) is None
    assert notes.take(names[3], {}) == notes.take(names[-1], {}) == ASKED


def test_of_too_many_keys_the_one_left_alone_longest_is_forgotten(notes, monkeypatch):
    for module in (lockout, in_redis):
        monkeypatch.setattr(module, "KEYS", 10)
    fives = ["user:alice", "user:bob"]
    for user in fives:
        assert all(notes.begin([user], {}) for _ in range(5))
    for number in range(8):
        notes.begin([f"user:{number}"], {})
    assert notes.begin(fives[:1], {}) is None  # which leaves no trace
    notes.begin(["user:8"], {})
    assert notes.begin(fives[1:], {}) is None
    assert notes.begin(fives[:1], {})


def test_who_is_locked_makes_nobody_else_forgotten(notes, monkeypatch):
    for module in (lockout, in_redis):
        monkeypatch.setattr(module, "KEYS", 10)
    for key in ("user:alice", "address:192.0.2.7"):
        assert all(notes.begin([key], {}) for _ in range(5))
    flood = ([f"user:{number}", "address:192.0.2.7"] for number in range(20))
    assert not any(notes.begin(keys, {}) for keys in flood)
    assert notes.begin(["user:alice"], {}) is None


def test_key(notes):
    assert notes.key({}) == notes.key({})
    assert len(notes.key({})) == 32
    assert notes.key({}) != InProcess().key({})


@pytest.mark.parametrize("text", ["", "{}", '["here", "a", ""]', '["192.0.2.7", "a", "x"]', "[1]"])
def test_no_challenge(text):
    with pytest.raises(ValueError):
        Pending.read(text)


def test_where_they_are(tmp_path):
    assert isinstance(notes_of(desk(StorePlace(str(tmp_path / "logins")))), InProcess)
    assert isinstance(notes_of(desk(StorePlace(sock=at(1)))), InRedis)
