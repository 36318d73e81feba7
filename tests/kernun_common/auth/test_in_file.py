"""in_file: logins across processes, their times and number."""

import sqlite3
import time

import pytest

from kernun_common.auth.in_file import InFile
from kernun_common.errors import Unavailable
from tests.support.children import in_child
from tests.support.logins import ADDRESS, OTHER, login


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "logins")


@pytest.fixture
def later(monkeypatch):
    now = time.time()
    return lambda seconds: monkeypatch.setattr(time, "time", lambda: now + seconds)


def test_processes_share_it(path):
    kept = InFile(path, 10.0, 100.0)
    assert kept.find(ADDRESS, {}) is None
    alice = login("alice")
    assert in_child(lambda: InFile(path, 10.0, 100.0).add(alice, 1, {})) == 0
    assert kept.find(ADDRESS, {}) == (alice, True)


def test_number(path):
    kept = InFile(path, 10.0, 100.0)
    assert kept.add(login("alice"), 1, {})
    assert not kept.add(login("bob", OTHER), 1, {})
    assert kept.add(login("carol"), 1, {})  # in the place of alice
    assert [found.login.user.name for found in kept.all({})] == ["carol"]


def test_a_clock_that_is_set_back(path, later):
    """A login would live on by what the clock was set back."""
    kept = InFile(path, 10.0, 100.0)
    alice = login("alice")
    kept.add(alice, 1, {})
    for seconds, valid in ((-1.0, True), (-59.0, True), (-61.0, False), (-86400.0, False)):
        later(seconds)
        assert kept.find(ADDRESS, {}) == (alice, valid)
        assert [found.valid for found in kept.all({})] == [valid]
    kept.touch(alice, {})  # by its session; it counts as of now, but the login does not
    assert kept.find(ADDRESS, {}) == (alice, False)


def test_times(path, later):
    kept = InFile(path, 10.0, 25.0)
    alice = login("alice")
    kept.add(alice, 1, {})
    for seconds, valid in ((9.0, True), (18.0, True), (24.0, True), (26.0, False)):
        later(seconds)
        assert kept.find(ADDRESS, {}) == (alice, valid)
        kept.touch(alice, {})
    kept.add(login("bob"), 1, {})
    later(40.0)
    assert not kept.find(ADDRESS, {}).valid


def test_only_the_same_login_is_touched_and_removed(path):
    kept = InFile(path, 10.0, 100.0)
    former, present = login("alice", since=time.time() - 50), login("alice")
    kept.add(former, 1, {})
    kept.add(present, 1, {})
    assert not kept.remove(former, {})
    assert kept.find(ADDRESS, {}) == (present, True)
    assert kept.remove(present, {})
    assert not kept.remove(present, {})
    kept.touch(present, {})
    assert kept.find(ADDRESS, {}) is None


def test_what_is_no_login(path):
    kept = InFile(path, 10.0, 100.0)
    kept.add(login("alice"), 1, {})
    with sqlite3.connect(path) as look:
        look.execute("UPDATE logins SET login = 'alice'")
    look.close()
    for work in (lambda: kept.find(ADDRESS, {}), lambda: kept.all({})):
        with pytest.raises(Unavailable, match="no login"):
            work()
