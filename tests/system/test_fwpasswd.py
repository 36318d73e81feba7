"""kernun-fwpasswd: several at the same time, and a password file behind a symbolic link."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Iterator

import pytest

from kernun_common.auth.passwd import Entry, PasswordFile, hashed
from kernun_common.auth.user import User
from kernun_common.secret import Secret
from tests.support.proxy import ROOT
from tests.support.waiting import wait_until

PROMPT = b"New password: "


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """In a folder of its own; alice is of staff."""
    (tmp_path / "real").mkdir()
    path = tmp_path / "real" / "passwd"
    path.write_text(Entry("alice", hashed(Secret(b"old")), ("staff",)).write() + "\n")
    return path


class Program:
    """The real program; without -i it asks on its standard error, as it has no terminal."""

    def __init__(self, *words: object, given: bytes = b"") -> None:
        command = [sys.executable, "-m", "kernun_common.auth.fwpasswd", *map(str, words)]
        self.popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        if given:
            self.give(given)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *args: object) -> None:
        self.popen.kill()
        self.popen.communicate()

    def give(self, octets: bytes) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(octets)
        self.popen.stdin.flush()

    def wait_for_prompt(self) -> None:
        assert self.popen.stderr is not None
        told = b""
        while not told.endswith(PROMPT):
            octet = self.popen.stderr.read(1)
            assert octet, told
            told += octet

    def wait_for_lock(self) -> None:
        """Until it waits for one, or has ended without."""
        waits = re.compile(rf"-> FLOCK +ADVISORY +WRITE {self.popen.pid} ")
        wait_until(
            lambda: waits.search(Path("/proc/locks").read_text()) or self.popen.poll() is not None,
            "a process that waits or ends",
        )

    def status(self) -> int:
        return self.popen.wait(60)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """As another kernun-fwpasswd does it."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def alice(path: Path, password: bytes) -> object:
    return PasswordFile(str(path)).check("alice", Secret(password), {})


def test_groups_change_while_somebody_types(path: Path) -> None:
    with Program(path, "alice") as asking:
        asking.wait_for_prompt()
        with Program("-g", "sales", path, "alice") as other:
            assert other.status() == 0
        asking.give(b"new\nnew\n")
        assert asking.status() == 0
    assert alice(path, b"new") == User("alice", ("sales",))


def test_two_at_the_same_time(path: Path) -> None:
    """Both have looked at what there is; whichever writes first, the other's change stays."""
    with ExitStack() as stack:
        with locked(path.parent):
            one = stack.enter_context(Program("-g", "sales", path, "alice"))
            two = stack.enter_context(Program("-i", path, "alice", given=b"new\n"))
            one.wait_for_lock()
            two.wait_for_lock()
        assert (one.status(), two.status()) == (0, 0)
    assert alice(path, b"new") == User("alice", ("sales",))


def test_a_user_who_goes_meanwhile(path: Path) -> None:
    with ExitStack() as stack:
        with locked(path.parent):
            program = stack.enter_context(Program("-g", "sales", path, "alice"))
            program.wait_for_lock()
            path.write_text("")
        assert program.status() == 1
    assert path.read_text() == ""


def test_behind_a_link(path: Path, tmp_path: Path) -> None:
    """It waits for those who write the file by its own name."""
    link = tmp_path / "link"
    link.symlink_to(path)
    with ExitStack() as stack:
        with locked(path.parent):
            program = stack.enter_context(Program("-i", link, "alice", given=b"new\n"))
            program.wait_for_lock()
            assert program.popen.poll() is None
        assert program.status() == 0
    assert link.is_symlink()
    assert alice(path, b"new") == User("alice", ("staff",))
