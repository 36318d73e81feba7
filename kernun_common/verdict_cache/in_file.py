"""in_file - the verdict-cache in an SQLite file, which processes share.

    kept = InFile(path, max_age, max_entries)
    kept.get(key, resolution)  ->  octets, or None
    kept.put(key, octets, resolution)

as in_redis.py, but for names, of which there are none.  Unavailable: the file cannot be
used, and why; see also ../sqlite_file.py.

In another root SQLite looks in vain for /dev/urandom when it makes the file, and takes the
time and the process for the nonces of its journal, which is good enough.

Old entries go when new ones come: every PURGE-th entry of a process removes what is
too old or too many.
"""

from __future__ import annotations

import time
from typing import Optional

from kernun_common.acl.facts import Resolution

from ..sqlite_file import SqliteFile

BUSY_SECONDS = 0.2  # how long another process may write
PURGE = 64  # entries

_OPEN = """
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


class InFile:
    """See the file's first lines; `max_age` in seconds."""

    def __init__(self, path: str, max_age: float, max_entries: int) -> None:
        self._file = SqliteFile(path, _OPEN, BUSY_SECONDS)
        self._max_age = max_age
        self._max_entries = max_entries
        self._puts = 0

    def get(self, key: bytes, resolution: Resolution) -> Optional[bytes]:
        now = time.time()
        row = self._file.do(
            lambda it: it.execute(_GET, (key, now - self._max_age, now)).fetchone()
        )
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def put(self, key: bytes, octets: bytes, resolution: Resolution) -> None:
        now = time.time()
        self._file.do(lambda it: it.execute(_PUT, (key, octets, now)))
        self._puts += 1
        if self._puts % PURGE == 1:
            self._file.do(lambda it: it.execute(_PURGE_OLD, (now - self._max_age,)))
            self._file.do(lambda it: it.execute(_PURGE_MANY, (self._max_entries,)))
