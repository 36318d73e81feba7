"""store: limits, what is logged of the end of a login, and once."""

import time

import pytest

from kernun_common.auth.section import StorePlace
from kernun_common.auth.store import Store
from kernun_common.auth.user import User
from kernun_common.errors import ConfigurationError
from tests.support.logins import ADDRESS, OTHER, Lines, desk

ALICE, BOB = User("alice", ("staff", "sales")), User("bob")


@pytest.fixture
def log():
    return Lines()


@pytest.fixture
def make(tmp_path, log):
    return lambda **items: Store(desk(StorePlace(str(tmp_path / "logins")), **items), log)


def test_there_and_gone(make, log):
    store = make()
    assert store.find(ADDRESS, {}) is None
    assert store.enter(ADDRESS, ALICE, {}) is None
    assert store.find(ADDRESS, {}).user == ALICE
    assert [it.user.name for it in store.all({})] == ["alice"]
    assert store.leave(ADDRESS, "by the user", {})
    assert not store.leave(ADDRESS, "by the user", {})
    assert log.results == ["alice LOGOUT by the user"]


def test_anew(make, log):
    store = make()
    store.enter(ADDRESS, ALICE, {})
    store.enter(ADDRESS, BOB, {})
    assert store.find(ADDRESS, {}).user == BOB
    assert log.results == ["alice LOGOUT logged in anew"]


LIMITS = [
    ({"max_user": 5}, None),
    ({"max_user": 4}, "max-user"),
    ({"max_groups": 11}, None),
    ({"max_groups": 10}, "max-groups"),
]


@pytest.mark.parametrize("items, reason", LIMITS)
def test_lengths(make, items, reason):
    assert make(**items).enter(ADDRESS, ALICE, {}) == reason


def test_lengths_are_octets(make):
    assert make(max_user=3).enter(ADDRESS, User("žo"), {}) is None
    assert make(max_user=3).enter(ADDRESS, User("žož"), {}) == "max-user"


def test_max_sessions(make, log, monkeypatch):
    """Those whose time has run out do not count."""
    store = make(max_sessions=1)
    now = time.time()
    assert store.enter(ADDRESS, ALICE, {}) is None
    assert store.enter(OTHER, BOB, {}) == "max-sessions"
    monkeypatch.setattr(time, "time", lambda: now + 901)
    assert store.enter(OTHER, BOB, {}) is None
    assert log.results == ["alice TIMEOUT"]


def test_a_timeout_is_told_once(make, log, monkeypatch):
    one, other = make(), make()
    now = time.time()
    one.enter(ADDRESS, ALICE, {})
    monkeypatch.setattr(time, "time", lambda: now + 901)
    assert one.all({}) == []
    assert (one.find(ADDRESS, {}), other.find(ADDRESS, {})) == (None, None)
    other.sweep({})
    assert log.results == ["alice TIMEOUT"]


def test_chroot(tmp_path, log):
    section = desk(StorePlace(str(tmp_path / "logins")))
    with pytest.raises(ConfigurationError, match="below chroot-dir"):
        Store(section, log, str(tmp_path / "jail"))
    Store(section, log, str(tmp_path))
