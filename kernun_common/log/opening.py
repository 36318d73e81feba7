"""opening - the log that a configuration asks for.

    log = open_log("imap4-proxy", proxy.log_debug, proxy.log_stats, foreground=proxy.nodaemon)

OSError: a log file cannot be opened, or syslog not be reached where that is to end
the proxy; its `filename` tells which.  Both logs may go to one file.
"""

from __future__ import annotations

import errno
import os
from typing import Optional

from .helper import Helper
from .log_file import LogFile, Rotation
from .outputs import File, Output, StandardError, Syslog
from .section import KEPT, LogSection
from .sinks import Log

DEFAULT_FACILITY = "daemon"
DEVICE = "/dev/log"


def open_log(program: str, debug: LogSection, stats: LogSection, foreground: bool) -> Log:
    """`foreground`: what goes nowhere else goes to standard error instead of syslog."""
    opening = _Opening(program, (debug, stats), foreground)
    return Log(
        opening.output(debug),
        opening.output(stats),
        debug.level,
        stats.level,
        debug.data_limit,
        stats.data_limit,
        opening.helper,
    )


class _Opening:
    """The files of all sections, each opened once, their helper, and an output for each section."""

    def __init__(
        self, program: str, sections: tuple[LogSection, LogSection], foreground: bool
    ) -> None:
        self._program = program
        self._foreground = foreground
        self._files: dict[str, LogFile] = {}
        for section in sections:
            if section.file is not None and section.file not in self._files:
                self._files[section.file] = LogFile(section.file, _rotation(section))
        wanted = self._files or any(section.syslog_failure == "stop" for section in sections)
        self.helper = self._make_helper(sections[0]) if wanted else None

    def _make_helper(self, section: LogSection) -> Helper:
        teller = StandardError(self._program, section.format == "json")
        return Helper(list(self._files.values()), lambda count: teller.lost_line(count) + b"\n")

    def output(self, section: LogSection) -> Output:
        if section.file is not None and section.syslog_failure != "file":
            return self._file(section)
        if self._foreground and not section.to_syslog:
            return StandardError(self._program, section.format == "json")
        return self._syslog(section)

    def _file(self, section: LogSection) -> File:
        assert self.helper is not None and section.file is not None
        number = list(self._files).index(section.file)
        return File(self._program, self.helper, number, section.format == "json")

    def _syslog(self, section: LogSection) -> Syslog:
        facility = section.facility or DEFAULT_FACILITY
        syslog = Syslog(self._program, facility, section.format == "json", path=DEVICE)
        helper = self.helper
        if section.syslog_failure == "file":
            syslog.on_failure = self._file(section).put
        elif section.syslog_failure == "stop":
            assert helper is not None
            if not syslog.connect():
                raise OSError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED), DEVICE)
            syslog.on_failure = lambda *message: helper.stop_parent()
        return syslog


def _rotation(section: LogSection) -> Optional[Rotation]:
    if section.rotate is None:
        return None
    size, kept = section.rotate
    return Rotation(size, KEPT if kept is None else kept)
