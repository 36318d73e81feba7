"""in_file - the verdict-cache in an SQLite file, which processes share.

    kept = InFile(path, max_age, max_entries)
    kept.get(key, resolution)  ->  octets, or None
    kept.put(key, octets, resolution)

as in_redis.py, but for names, of which there are none.

The file is opened when it is first used, in each process anew: SQLite's connections
do not survive a fork.  It is written ahead (WAL), so that those who read wait for
nobody; who cannot write soon gives up.  Unavailable: the file cannot be used, and
why; it is opened again the next time.

In another root SQLite looks in vain for /dev/urandom when it makes the file, and takes the
time and the process for the nonces of its journal, which is good enough.

Old entries go when new ones come: every PURGE-th entry of a process removes what is
too old or too many.
"""

from __future__ import annotations

import os
import sqlite3
import time
from typing import Callable, Optional, TypeVar

from kernun_common.acl.facts import Resolution

from ..errors import Unavailable

BUSY_SECONDS = 0.2  # how long another process may write
PURGE = 64  # entries

_OPEN = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS verdicts (key BLOB PRIMARY KEY, verdict BLOB, time REAL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS times ON verdicts (time);
"""
_GET = "SELECT verdict FROM verdicts WHERE key = ? AND time BETWEEN ? AND ?"
_PUT = "INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?)"
_PURGE_OLD = "DELETE FROM verdicts WHERE time < ?"
_PURGE_MANY = """
DELETE FROM verdicts WHERE key IN (
    SELECT key FROM verdicts ORDER BY time DESC LIMIT -1 OFFSET ?
)
"""

T = TypeVar("T")


class InFile:
    """See the file's first lines; `max_age` in seconds."""

    def __init__(self, path: str, max_age: float, max_entries: int) -> None:
        self._path = path
        self._max_age = max_age
        self._max_entries = max_entries
        self._connection: Optional[sqlite3.Connection] = None
        self._pid = 0
        self._puts = 0

    def get(self, key: bytes, resolution: Resolution) -> Optional[bytes]:
        now = time.time()
        row = self._do(lambda it: it.execute(_GET, (key, now - self._max_age, now)).fetchone())
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def put(self, key: bytes, octets: bytes, resolution: Resolution) -> None:
        now = time.time()
        self._do(lambda it: it.execute(_PUT, (key, octets, now)))
        self._puts += 1
        if self._puts % PURGE == 1:
            self._do(lambda it: it.execute(_PURGE_OLD, (now - self._max_age,)))
            self._do(lambda it: it.execute(_PURGE_MANY, (self._max_entries,)))

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return work(self._opened())
        except sqlite3.Error as failure:
            self.close()
            raise Unavailable(f"{self._path}: {failure}") from failure

    def _opened(self) -> sqlite3.Connection:
        """The connection of this process; one of before the fork is left alone."""
        if self._connection is None or self._pid != os.getpid():
            self._pid = os.getpid()
            self._connection = sqlite3.connect(
                self._path, timeout=BUSY_SECONDS, isolation_level=None
            )
            self._connection.executescript(_OPEN)
        return self._connection

    def close(self) -> None:
        if self._connection is not None and self._pid == os.getpid():
            self._connection.close()
        self._connection = None
