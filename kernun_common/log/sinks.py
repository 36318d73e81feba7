"""sinks - the log as the rest of the program has it.

    log = Log(debug=output, stats=output)
    log.write(messages.SPLICED, octets=n)            fields by keyword ...
    log.write_fields(messages.SESSION_START, {...})  ... or in a mapping, where their names are not
    log.enabled(messages.DATA)                       worth asking where the fields cost something
    log.level = 7
    log.stats(messages.PROXY_EVENT, fields)          to the stats log, under the level of its own

Who writes many lines, and waits in between, has them sent together:

    with log.gathering():
        wait at most until log.due; if that is reached: log.flush()

A line then waits LINGER seconds at most, or until some KiB are together; one of
severity W, E or C takes what waits along at once.  A line's time is that of its event.

`opening.open_log` makes one of the configuration; `to_standard_error` serves until
that has been read.  Made by the parent and inherited over fork.  Where lines go to
files, the parent has to care for their helper:

    log.fds                                          for the daemon not to close
    log.start_helper()                               when it is a daemon, before its children
    log.helper_pid                                   if that is reaped: start_helper() again
    log.reopen()                                     SIGWINCH
    log.close()                                      when all children are gone
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from typing import Callable, Iterator, Mapping, Optional

from . import messages
from .helper import Helper
from .message import DATA_LIMIT, LEVELS, Message
from .outputs import Output, StandardError

LOWEST, HIGHEST = LEVELS["error"], LEVELS["full"]
GRAVE = LEVELS["warning"]  # such a line does not wait
LINGER = 0.1  # seconds: whoever follows the log does not notice


class Log:
    """The debug log and the stats log of one process; nothing it does fails or blocks for long."""

    def __init__(
        self,
        debug: Output,
        stats: Output,
        level: int = LEVELS["normal"],
        stats_level: int = LEVELS["normal"],
        data_limit: int = DATA_LIMIT,
        stats_data_limit: int = DATA_LIMIT,
        helper: Optional[Helper] = None,
    ) -> None:
        self._debug = debug
        self._stats = stats
        self.level = level
        self._stats_level = stats_level
        self.data_limit = data_limit
        self._stats_data_limit = stats_data_limit
        self._helper = helper
        self.tally: Optional[Callable[[Message], None]] = None  # is told of grave lines
        self._gathers = False
        self.due = math.inf  # by this moment of time.monotonic() what waits has to be flushed

    def enabled(self, message: Message) -> bool:
        return message.dbglev <= self.level

    def write(self, message: Message, /, **fields: object) -> None:
        self.write_fields(message, fields)

    def write_fields(
        self, message: Message, fields: Mapping[str, object], limit: Optional[int] = None
    ) -> None:
        """To the debug log, if its level shows it; KeyError where a field is missing.

        `limit` stands instead of data-limit.
        """
        if message.dbglev <= self.level:
            if message.dbglev <= GRAVE and self.tally is not None:
                self.tally(message)
            self._debug.put(message, fields, self.data_limit if limit is None else limit)
            if self._gathers:
                self._wait_with(message)

    def stats(self, message: Message, fields: Mapping[str, object]) -> None:
        if message.dbglev <= self._stats_level:
            self._stats.put(message, fields, self._stats_data_limit)
            if self._gathers:
                self._wait_with(message)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Lines to files may wait for each other; none is left behind at the end."""
        outputs = (self._debug, self._stats)
        self._gathers = any([output.gather() for output in outputs])
        try:
            yield
        finally:
            self._gathers = False
            self.due = math.inf
            for output in outputs:
                output.stop_gathering()

    def _wait_with(self, message: Message) -> None:
        if message.dbglev <= GRAVE:
            self.flush()
        elif self.due == math.inf:
            self.due = time.monotonic() + LINGER

    def flush(self) -> None:
        """Send what waits."""
        self.due = math.inf
        self._debug.flush()
        self._stats.flush()

    def raise_level(self) -> None:
        """One step more verbose; SIGUSR1."""
        self.level = min(self.level + 1, HIGHEST)

    def lower_level(self) -> None:
        """One step less verbose; SIGUSR2."""
        self.level = max(self.level - 1, LOWEST)

    @property
    def fds(self) -> list[int]:
        """File descriptors that a daemon must keep open."""
        return [*self._debug.fds, *self._stats.fds, *(self._helper.fds if self._helper else [])]

    @property
    def helper_pid(self) -> Optional[int]:
        return self._helper.pid if self._helper else None

    def start_helper(self, title: Optional[Callable[[], None]] = None) -> None:
        """Fork the helper if lines go to files, again if it died; `title` is called in it.

        OSError: a file cannot be opened, or no process can be had.  Lines written
        before are kept for it.
        """
        if self._helper is None:
            return
        if self._helper.pid is not None:
            self.write(messages.HELPER_DIED, pid=self._helper.pid)
        self.write(messages.HELPER_STARTED, pid=self._helper.start(title))

    def reopen(self) -> None:
        """Have the log files opened anew, after they were moved away."""
        if self._helper:
            self._helper.reopen()

    def close(self) -> None:
        """In the parent only, after the last line: let the helper finish and reap it."""
        if self._helper:
            self._helper.close()


def to_standard_error(program: str, level: int = LEVELS["normal"]) -> Log:
    """The log that the program has until its configuration has been read."""
    output = StandardError(program)
    return Log(output, output, level)
