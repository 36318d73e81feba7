"""section - log(5): what the administrator may write about logs.

    log-debug { facility mail; level debug; }
    log-stats { file "/var/log/imap4-proxy/stats"; rotate 100M 10; }

See also: logging(7), opening.py.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple, Optional, Tuple

from kernun_common.configuration.schema import Section, item, section

from .format import FACILITIES

KEPT = 5  # files put aside, where rotate names no number


class Rotate(NamedTuple):
    """When a file is put aside, and how many of those are kept."""

    size: int
    kept: Optional[int]


def _positive(rotate: Rotate) -> Optional[str]:
    if rotate.size == 0 or rotate.kept == 0:
        return "neither the size nor the number may be zero"
    return None


@section("log", "Where a log goes and how much it holds.")
class LogSection(Section):
    """What log-debug and log-stats have in common."""

    level: int = item(
        "dbglev",
        default="normal",
        text="Messages of this level and below are written; a signal moves the level of log-debug.",
    )
    facility: Optional[str] = item(
        "|".join(FACILITIES),
        text="Write to syslog under this facility; daemon where neither this nor a file is given,"
        " but standard error with nodaemon.",
    )
    file: Optional[str] = item("path", text="Append to this file instead of syslog.")
    syslog_failure: str = item(
        "ignore|file|stop",
        default="ignore",
        text="What becomes of a message that the syslog daemon does not take: it is lost and"
        " counted; it goes to the file given, to which nothing else goes then; or the proxy ends,"
        " and does not start without a syslog daemon.",
    )
    rotate: Optional[Rotate] = item(
        "<size> size [<kept> uint16]",
        into=Rotate,
        check=_positive,
        text="Put the file aside before it grows over this size, as FILE.1, FILE.2 and so on,"
        f" and keep so many of these (otherwise {KEPT}).",
    )
    data_limit: int = item(
        "size",
        default="4096",
        text="Of one value in a message at most so many octets are written, and three dots behind"
        " them.",
    )

    format: str = item(
        "text|json",
        default="text",
        text="Lines as logging(7) tells, or one object of JSON a line: time, host, program, pid,"
        " id, severity, text, and the values of the message by their names in fields.",
    )

    @property
    def to_syslog(self) -> bool:
        """Does this section ask for syslog, rather than leave it to the default?"""
        return self.facility is not None or self.syslog_failure != "ignore"

    def complaints(self) -> Iterable[Tuple[str, str]]:
        if self.syslog_failure == "file":
            if self.file is None:
                yield "syslog_failure", "syslog-failure file needs file"
        elif self.file is not None and self.to_syslog:
            attribute = "syslog_failure" if self.facility is None else "facility"
            yield attribute, "syslog and file exclude each other, but for syslog-failure file"
        if self.rotate is not None and self.file is None:
            yield "rotate", "rotate needs file"


@section("log-debug", "The log of everything but the stats records.")
class LogDebug(LogSection):
    """The debug log."""


@section("log-stats", "The log of the stats records, one a session.")
class LogStats(LogSection):
    """The stats log."""
