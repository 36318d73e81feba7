"""sqlite_file: one connection a process, what cannot be used, and what is begun."""

import sqlite3

import pytest

from kernun_common.errors import Unavailable
from kernun_common.sqlite_file import SqliteFile
from tests.support.children import in_child

TABLE = "CREATE TABLE IF NOT EXISTS words (word TEXT);"


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "file")


def words(file):
    return [row[0] for row in file.do(lambda it: it.execute("SELECT word FROM words").fetchall())]


def put(file, word):
    file.do(lambda it: it.execute("INSERT INTO words VALUES (?)", (word,)))


def test_processes_share_it(path):
    file = SqliteFile(path, TABLE, 1.0)
    put(file, "parent")
    in_child(lambda: put(file, "child"))
    put(file, "parent again")
    assert words(file) == ["parent", "child", "parent again"]
    file.close()
    assert len(words(file)) == 3


def test_who_cannot_write_gives_up_and_tries_again(path):
    file = SqliteFile(path, TABLE, 0.01)
    put(file, "first")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        put(file, "second")
    assert words(file) == ["first"]  # who reads waits for nobody
    other.execute("COMMIT")
    put(file, "third")
    other.close()
    assert words(file) == ["first", "third"]


@pytest.mark.parametrize("octets", [b"no database" * 1000, None])
def test_not_to_be_used(tmp_path, octets):
    path = tmp_path / "nowhere" / "file" if octets is None else tmp_path / "file"
    if octets is not None:
        path.write_bytes(octets)
    with pytest.raises(Unavailable, match=str(path)):
        words(SqliteFile(str(path), TABLE, 0.1))
