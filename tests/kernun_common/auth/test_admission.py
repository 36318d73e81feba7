"""admission: every outcome, and what is logged of it."""

import pytest

from kernun_common.auth import notes as notes_module
from kernun_common.auth.admission import Admission, Result
from kernun_common.auth.notes import InProcess
from kernun_common.auth.section import StorePlace
from kernun_common.auth.store import Store
from kernun_common.auth.user import Challenge, Denied, User
from kernun_common.errors import Unavailable
from kernun_common.secret import Secret
from kernun_common.sockaddr import address
from tests.support.logins import ADDRESS, OTHER, Lines, desk

PASSWORD = Secret(b"secret")


class Backend:
    """Says what it was told to say."""

    def __init__(self):
        self.verdict = User("alice", ("staff",))
        self.asked = []

    def check(self, name, password, resolution):
        return self._say(name, password.reveal())

    def respond(self, name, answer, state, resolution):
        return self._say(name, answer.reveal(), state)

    def _say(self, *what):
        self.asked.append(what)
        if isinstance(self.verdict, Exception):
            raise self.verdict
        return self.verdict


class Stage:
    def __init__(self, folder, **items):
        self.log, self.backend = Lines(), Backend()
        store = Store(desk(StorePlace(str(folder / "logins")), **items), self.log)
        self.admission = Admission(store, self.backend, self.log, "DESK", InProcess())

    def login(self, name="alice", at=ADDRESS):
        return self.admission.login(at, name, PASSWORD, {})


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


def test_in_and_out(stage):
    assert stage.login().result is Result.ACCEPTED
    assert stage.admission.user(ADDRESS, {}).user.name == "alice"
    assert stage.admission.logout(ADDRESS, {})
    assert stage.admission.user(ADDRESS, {}) is None
    assert not stage.admission.logout(ADDRESS, {})
    assert stage.log.results == ["alice ACCEPTED", "alice LOGOUT by the user"]


def test_denied_until_locked(stage):
    stage.backend.verdict = Denied("wrong password")
    assert [stage.login().result for _ in range(6)] == [Result.DENIED] * 5 + [Result.LOCKED]
    assert len(stage.backend.asked) == 5
    assert stage.log.results[-2:] == ["alice DENIED wrong password", "alice DENIED locked"]
    assert stage.login("bob").result is Result.LOCKED  # by the address
    assert stage.login("alice", OTHER).result is Result.LOCKED  # by the user
    assert stage.login("bob", OTHER).result is Result.DENIED


SPELLINGS = ["alice", "Alice", " ALICE", "aLiCe ", "\uff21lice", "alice"]


def test_a_user_is_locked_however_written(stage):
    stage.backend.verdict = Denied("wrong password")
    results = [
        stage.login(name, address(f"192.0.2.{number}")).result
        for number, name in enumerate(SPELLINGS)
    ]
    assert results == [Result.DENIED] * 5 + [Result.LOCKED]


def test_what_cannot_be_told_locks_nobody(stage):
    stage.backend.verdict = Unavailable("no answer")
    assert {stage.login().result for _ in range(9)} == {Result.UNAVAILABLE}
    assert stage.log.identifications[:2] == ["AUTH-811", "AUTH-710"]
    stage.backend.verdict = User("alice")
    assert stage.login().result is Result.ACCEPTED


def test_limits_of_the_store(tmp_path):
    stage = Stage(tmp_path, max_user=4)
    assert stage.login().result is Result.FULL
    assert stage.log.results == ["alice DENIED max-user"]


def test_challenge(stage):
    stage.backend.verdict = Challenge("Your code?", b"state")
    outcome = stage.login()
    assert (outcome.result, outcome.text) == (Result.CHALLENGE, "Your code?")
    stage.backend.verdict = User("alice")
    answer = Secret(b"123456")
    said = stage.admission.respond(ADDRESS, outcome.challenge, answer, {})
    assert said.result is Result.ACCEPTED
    assert stage.backend.asked == [("alice", b"secret"), ("alice", b"123456", b"state")]
    assert stage.log.results == ["alice CHALLENGE", "alice ACCEPTED"]
    again = stage.admission.respond(ADDRESS, outcome.challenge, answer, {})
    assert again.result is Result.DENIED


def test_challenges_of_others_and_old_ones(stage, monkeypatch):
    stage.backend.verdict = Challenge("Your code?", b"state")
    challenges = [stage.login().challenge for _ in range(2)]
    assert stage.admission.respond(OTHER, challenges[0], PASSWORD, {}).result is Result.DENIED
    late = notes_module.time.monotonic() + 1000
    monkeypatch.setattr(notes_module.time, "monotonic", lambda: late)
    assert stage.admission.respond(ADDRESS, challenges[1], PASSWORD, {}).result is Result.DENIED
    assert len(stage.backend.asked) == 2


def test_challenges_are_bounded(stage, monkeypatch):
    monkeypatch.setattr(notes_module, "CHALLENGES", 2)
    stage.backend.verdict = Challenge("Your code?", b"")
    first = [stage.login().challenge for _ in range(3)][0]
    assert stage.admission.respond(ADDRESS, first, PASSWORD, {}).result is Result.DENIED


def test_a_name_is_bounded(stage):
    stage.backend.verdict = Denied("no such user")
    stage.login("x" * 5000)
    assert len(stage.backend.asked[0][0]) == 255
