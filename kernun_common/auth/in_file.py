"""in_file - logins in an SQLite file, which processes share.

    kept = InFile(path, idle_timeout, max_time)
    kept.find(address, resolution)          Found(login, valid), or None
    kept.add(login, most, resolution)       False: there are `most` others already
    kept.touch(login, resolution)           it is not idle
    kept.remove(login, resolution)          True: it was there still, and is no more
    kept.all(resolution)                    each of them as Found

as in_redis.py, but for names, of which there are none.  Times are those of this machine's
clock; a login that comes to lie in the future, because the clock was set back, has run out.
Unavailable: the file cannot be used, and why; see also ../sqlite_file.py.
"""

from __future__ import annotations

import sqlite3
import time
from typing import List, NamedTuple, Optional

from kernun_common.acl.facts import Resolution

from ..errors import Unavailable
from ..sockaddr import Address
from ..sqlite_file import SqliteFile
from .user import Login

BUSY_SECONDS = 2.0  # how long others may write
STEP = 60.0  # seconds by which the clock may be set back: of more, nobody knows how old a login is

_OPEN = """
CREATE TABLE IF NOT EXISTS logins (
    address TEXT PRIMARY KEY, identification TEXT, login TEXT, since REAL, active REAL
) WITHOUT ROWID;
"""
_ALL = "SELECT login, since, active FROM logins"
_FIND = f"{_ALL} WHERE address = ?"
_OTHERS = "SELECT count(*) FROM logins WHERE address != ?"
_ADD = "INSERT OR REPLACE INTO logins VALUES (?, ?, ?, ?, ?)"
_TOUCH = "UPDATE logins SET active = ? WHERE address = ? AND identification = ?"
_REMOVE = "DELETE FROM logins WHERE address = ? AND identification = ?"


class Found(NamedTuple):
    """A login that is kept; not `valid`: one of its times has run out."""

    login: Login
    valid: bool


class InFile:
    """See the file's first lines; times in seconds."""

    def __init__(self, path: str, idle_timeout: float, max_time: float) -> None:
        self._file = SqliteFile(path, _OPEN, BUSY_SECONDS)
        self._idle_timeout = idle_timeout
        self._max_time = max_time

    def find(self, address: Address, resolution: Resolution) -> Optional[Found]:
        row = self._file.do(lambda it: it.execute(_FIND, (str(address),)).fetchone())
        return None if row is None else self._found(row)

    def all(self, resolution: Resolution) -> List[Found]:
        return [self._found(row) for row in self._file.do(lambda it: it.execute(_ALL).fetchall())]

    def add(self, login: Login, most: int, resolution: Resolution) -> bool:
        return self._file.do(lambda it: self._add(it, login, most))

    def touch(self, login: Login, resolution: Resolution) -> None:
        words = (time.time(), str(login.address), login.identification)
        self._file.do(lambda it: it.execute(_TOUCH, words))

    def remove(self, login: Login, resolution: Resolution) -> bool:
        words = (str(login.address), login.identification)
        return self._file.do(lambda it: it.execute(_REMOVE, words).rowcount) > 0

    def _found(self, row: sqlite3.Row) -> Found:
        text, since, active = row
        now = time.time()
        valid = -STEP <= now - since < self._max_time and -STEP <= now - active < self._idle_timeout
        try:
            return Found(Login.read(text), valid)
        except ValueError as failure:
            raise Unavailable(f"what is kept is no login: {failure}") from failure

    @staticmethod
    def _add(connection: sqlite3.Connection, login: Login, most: int) -> bool:
        address = str(login.address)
        connection.execute("BEGIN IMMEDIATE")
        with connection:  # commits, or takes all back
            [others] = connection.execute(_OTHERS, (address,)).fetchone()
            if others >= most:
                return False
            words = (address, login.identification, login.write(), login.since, time.time())
            connection.execute(_ADD, words)
        return True
