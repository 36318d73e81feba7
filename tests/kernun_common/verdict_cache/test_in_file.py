"""in_file: entries across processes, their age and number, and files that are broken."""

import os
import sqlite3
import time

import pytest

from kernun_common.errors import Unavailable
from kernun_common.verdict_cache import in_file
from kernun_common.verdict_cache.in_file import InFile
from tests.support.children import in_child

DAY = 86400.0


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "verdicts")


def numbers(kept, count):
    """Which of so many keys are there."""
    return [at for at in range(count) if kept.get(b"%d" % at, {}) is not None]


def test_there_and_back(path):
    kept = InFile(path, DAY, 10)
    assert kept.get(b"key", {}) is None
    kept.put(b"key", b"free", {})
    assert kept.get(b"key", {}) == b"free"
    kept.put(b"key", b"found \x00\xff", {})
    assert InFile(path, DAY, 10).get(b"key", {}) == b"found \x00\xff"


def test_age(path, monkeypatch):
    now = time.time()
    kept = InFile(path, 10.0, 10)
    kept.put(b"key", b"free", {})
    for later, there in ((9.0, True), (11.0, False), (-100.0, False)):
        monkeypatch.setattr(time, "time", lambda: now + later)
        assert (kept.get(b"key", {}) is not None) is there


def test_old_entries_go(path, monkeypatch):
    monkeypatch.setattr(in_file, "PURGE", 2)
    now = time.time()
    kept = InFile(path, 10.0, 100)
    kept.put(b"0", b"free", {})
    monkeypatch.setattr(time, "time", lambda: now + 11)
    for at in range(1, 3):
        kept.put(b"%d" % at, b"free", {})
    with sqlite3.connect(path) as look:
        assert [row[0] for row in look.execute("SELECT key FROM verdicts ORDER BY key")] == [
            b"1", b"2"
        ]


def test_the_newest_entries_stay(path, monkeypatch):
    monkeypatch.setattr(in_file, "PURGE", 2)
    now, kept = time.time(), InFile(path, DAY, 3)
    for at in range(9):
        monkeypatch.setattr(time, "time", lambda: now + at)
        kept.put(b"%d" % at, b"free", {})
    assert numbers(kept, 9) == [6, 7, 8]


def test_a_child_has_a_connection_of_its_own(path):
    kept = InFile(path, DAY, 10)
    kept.put(b"parent", b"free", {})

    def child():
        kept.put(b"child", kept.get(b"parent", {}), {})

    assert in_child(child) == 0
    assert kept.get(b"child", {}) == b"free"


def test_many_write_at_the_same_time(path, monkeypatch):
    monkeypatch.setattr(in_file, "BUSY_SECONDS", 30.0)
    InFile(path, DAY, 1000).put(b"first", b"free", {})

    def child(number):
        kept = InFile(path, DAY, 1000)
        for at in range(20):
            kept.put(b"%d" % (100 * number + at), b"free", {})

    assert in_child(*(lambda number=number: child(number) for number in range(4))) == 0
    assert len(numbers(InFile(path, DAY, 1000), 400)) == 80


def test_another_root(tmp_path):
    """Nothing but the file and its folder is there."""
    kept = InFile("/verdicts", DAY, 10)

    def child():
        os.chroot(tmp_path)
        kept.put(b"key", b"free", {})
        assert kept.get(b"key", {}) == b"free"

    assert in_child(child) == 0
    assert InFile(str(tmp_path / "verdicts"), DAY, 10).get(b"key", {}) == b"free"


BROKEN = [
    lambda path: os.mkdir(path),
    lambda path: os.symlink("/nowhere/verdicts", path),
    lambda path: open(path, "wb").write(b"no database" * 1000),
    lambda path: sqlite3.connect(path).execute("CREATE TABLE verdicts (other)"),
]


@pytest.mark.parametrize("spoil", BROKEN)
def test_broken(path, spoil):
    spoil(path)
    kept = InFile(path, DAY, 10)
    for _ in range(2):
        with pytest.raises(Unavailable) as failure:
            kept.get(b"key", {})
        assert failure.value.what.startswith(f"{path}: ")
        with pytest.raises(Unavailable):
            kept.put(b"key", b"free", {})


def test_broken_meanwhile_and_whole_again(path):
    kept = InFile(path, DAY, 10)
    kept.put(b"key", b"free", {})
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE verdicts")
    with pytest.raises(Unavailable):
        kept.get(b"key", {})
    kept.put(b"key", b"free", {})
    assert kept.get(b"key", {}) == b"free"


def test_locked_for_long(path, monkeypatch):
    monkeypatch.setattr(in_file, "BUSY_SECONDS", 0.01)
    kept = InFile(path, DAY, 10)
    kept.put(b"key", b"free", {})
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert kept.get(b"key", {}) == b"free"  # who reads waits for nobody
    with pytest.raises(Unavailable):
        kept.put(b"other", b"free", {})
    other.close()


def test_somebody_elses_value(path):
    kept = InFile(path, DAY, 10)
    kept.put(b"key", b"free", {})
    with sqlite3.connect(path) as other:
        other.execute("UPDATE verdicts SET verdict = 7")
    assert kept.get(b"key", {}) is None
