"""opening - the log that a configuration asks for.

    log = open_log("imap4-proxy", proxy.log_debug, proxy.log_stats, foreground=proxy.nodaemon)

OSError: a log file cannot be opened.  Both logs may go to one file.
"""

from __future__ import annotations

from typing import Optional

from .helper import Helper
from .log_file import LogFile, Rotation
from .outputs import File, Output, StandardError, Syslog
from .section import KEPT, LogSection
from .sinks import Log

DEFAULT_FACILITY = "daemon"


def open_log(program: str, debug: LogSection, stats: LogSection, foreground: bool) -> Log:
    """`foreground`: what goes nowhere else goes to standard error instead of syslog."""
    files = _open_files(debug, stats)
    helper = Helper(list(files.values()), StandardError(program).lost_line) if files else None
    paths = list(files)

    def output(section: LogSection) -> Output:
        if section.file is not None and helper is not None:
            return File(program, helper, paths.index(section.file))
        if section.facility is None and foreground:
            return StandardError(program)
        return Syslog(program, section.facility or DEFAULT_FACILITY)

    return Log(
        output(debug),
        output(stats),
        debug.level,
        stats.level,
        debug.data_limit,
        stats.data_limit,
        helper,
    )


def _open_files(*sections: LogSection) -> dict[str, LogFile]:
    """By path, each opened once."""
    files: dict[str, LogFile] = {}
    for section in sections:
        if section.file is not None and section.file not in files:
            files[section.file] = LogFile(section.file, _rotation(section))
    return files


def _rotation(section: LogSection) -> Optional[Rotation]:
    if section.rotate is None:
        return None
    size, kept = section.rotate
    return Rotation(size, KEPT if kept is None else kept)
