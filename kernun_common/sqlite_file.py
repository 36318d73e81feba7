"""sqlite_file - an SQLite file that processes share.

    file = SqliteFile(path, "CREATE TABLE IF NOT EXISTS ...;", busy_seconds)
    rows = file.do(lambda it: it.execute("SELECT ...").fetchall())

The file is opened when it is first used, in each process anew: SQLite's connections
do not survive a fork.  It is written ahead (WAL), so that those who read wait for
nobody; who cannot write within `busy_seconds` gives up.  Unavailable: the file cannot be
used, and why; it is opened again the next time.

Threads may use it one at a time.
"""

from __future__ import annotations

import os
import sqlite3
from typing import Callable, Optional, TypeVar

from .errors import Unavailable

_PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"

T = TypeVar("T")


class SqliteFile:
    """See the file's first lines; `script` makes what is not there yet."""

    def __init__(self, path: str, script: str, busy_seconds: float) -> None:
        self._path = path
        self._script = script
        self._busy_seconds = busy_seconds
        self._connection: Optional[sqlite3.Connection] = None
        self._pid = 0

    def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns; every statement of it is a transaction unless it begins one."""
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
                self._path,
                timeout=self._busy_seconds,
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.executescript(_PRAGMAS + self._script)
        return self._connection

    def close(self) -> None:
        if self._connection is not None and self._pid == os.getpid():
            self._connection.close()
        self._connection = None
