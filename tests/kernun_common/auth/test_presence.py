"""presence: who is there, signs of life, and stores that are broken."""

import math
import time

from kernun_common.auth.presence import NOBODY, Users
from kernun_common.auth.section import StorePlace
from kernun_common.auth.store import Store
from kernun_common.auth.user import User
from tests.support.logins import ADDRESS, OTHER, Lines, desk


def users(path, log, **items):
    section = desk(StorePlace(str(path)), **items)
    Store(section, log).enter(ADDRESS, User("alice", ("staff",)), {})
    return Users(section, log)


def test_nobody(tmp_path):
    assert users(tmp_path / "logins", Lines()).of(OTHER, {}) is NOBODY
    assert (NOBODY.user, NOBODY.due) == (None, math.inf)
    NOBODY.show()


def test_a_session_keeps_the_login(tmp_path, monkeypatch):
    there = users(tmp_path / "logins", Lines())
    presence, now = there.of(ADDRESS, {}), time.time()
    assert presence.user == User("alice", ("staff",))
    assert presence.due <= time.monotonic()
    for later in (800, 1600, 2400):
        monkeypatch.setattr(time, "time", lambda: now + later)
        presence.show()
        assert time.monotonic() < presence.due <= time.monotonic() + there.pause
    assert there.of(ADDRESS, {}).user == presence.user
    monkeypatch.setattr(time, "time", lambda: now + 3400)
    assert there.of(ADDRESS, {}) is NOBODY


def test_several_signs_within_idle_timeout(tmp_path):
    assert users(tmp_path / "a", Lines(), idle_timeout=3.0).pause == 1.0
    assert users(tmp_path / "b", Lines(), idle_timeout=86400.0).pause == 60.0


def test_a_broken_store(tmp_path):
    log = Lines()
    there = users(tmp_path / "logins", log)
    presence = there.of(ADDRESS, {})
    for file in tmp_path.iterdir():
        file.write_bytes(b"no database" * 1000)
    assert there.of(ADDRESS, {}) is NOBODY
    presence.show()
    assert log.identifications == ["AUTH-810", "AUTH-810"]
