"""fwpasswd: what becomes of the file, and what is refused."""

import io
import os
import stat

import pytest

from kernun_common.auth import fwpasswd
from kernun_common.auth.passwd import PasswordFile
from kernun_common.auth.user import Denied, User
from kernun_common.secret import Secret


@pytest.fixture
def path(tmp_path):
    return tmp_path / "passwd"


@pytest.fixture
def run(path, monkeypatch):
    def ran(*options, user="alice", given="secret\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        return fwpasswd.main([*options, str(path), user])

    return ran


def check(path, user="alice", password=b"secret"):
    return PasswordFile(str(path)).check(user, Secret(password), {})


def test_a_life(run, path):
    assert run("-c", "-i", "-g", "staff,sales") == 0
    assert check(path) == User("alice", ("staff", "sales"))
    assert run("-i", user="bob", given="builder") == 0
    assert check(path, "bob", b"builder") == User("bob")
    assert run("-i", given="other\n") == 0
    assert check(path, password=b"other") == User("alice", ("staff", "sales"))
    assert run("-g", "") == 0  # the password stays, nobody is asked for it
    assert check(path, password=b"other") == User("alice")
    assert run("-d") == 0
    assert check(path, password=b"other") == Denied("no such user")
    assert check(path, "bob", b"builder") == User("bob")


def test_other_lines_and_the_mode_stay(run, path):
    path.write_text("# ours\n\nodd line\nalice:*:staff\nbob:*\n")
    path.chmod(0o640)
    assert run("-i") == 0
    *others, own = path.read_text().splitlines()
    assert others == ["# ours", "", "odd line", "bob:*"]
    assert own.startswith("alice:$argon2id$") and own.endswith(":staff")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(path.parent) == ["passwd"]


def test_nobody_else_may_read_a_new_one(run, path):
    assert run("-c", "-i") == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_asked_twice(run, path, monkeypatch):
    answers = iter(["one", "other", "same", "same"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    assert run("-c") == 1
    assert not path.exists()
    assert run("-c") == 0
    assert check(path, password=b"same") == User("alice")


def test_what_changes_while_somebody_types_stays(run, path, monkeypatch):
    path.write_text("alice:*:staff\n")

    def asked(prompt):
        path.write_text("alice:*:sales\nbob:*\n")
        return "secret"

    monkeypatch.setattr("getpass.getpass", asked)
    assert run() == 0
    assert check(path) == User("alice", ("sales",))
    assert path.read_text().startswith("bob:*\n")


def test_a_link_stays(run, path):
    real = path.parent / "real"
    real.mkdir()
    path.symlink_to(real / "passwd")
    assert run("-c", "-i") == 0
    assert path.is_symlink() and check(real / "passwd") == User("alice")


FAILURES = [
    (("-i",), "", "there is no such file"),
    (("-c", "-i"), "\n", "empty"),
]


@pytest.mark.parametrize("options, given, words", FAILURES)
def test_failures(run, path, capsys, options, given, words):
    assert run(*options, given=given) == 1
    assert words in capsys.readouterr().err
    assert not path.exists()


def test_nobody_to_delete(run, path):
    path.write_text("bob:*\n")
    assert run("-d") == 1
    assert path.read_text() == "bob:*\n"


WRONG = [
    (("-c", "-d"), "alice"), (("-d", "-g", "a"), "alice"), (("-c",), "a:b"), (("-c",), "#a"),
    (("-c",), ""), (("-c",), "a\nb"), (("-c", "-g", "a:b"), "alice"), (("-x",), "alice"),
]


@pytest.mark.parametrize("options, user", WRONG)
def test_used_wrongly(run, path, options, user):
    with pytest.raises(SystemExit) as ended:
        run(*options, user=user)
    assert ended.value.code == 2 and not path.exists()
