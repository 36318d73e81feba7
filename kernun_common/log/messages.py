"""messages - what the log says of itself."""

from __future__ import annotations

from .message import Message, Severity

LINES_LOST = Message(
    "APPL-880",
    Severity.WARNING,
    "LOG-LINES-LOST COUNT=%(count)s",
    "So many lines of this process could not be written: syslog did not take them, the log helper"
    " did not keep up, or the disk was full.  Written with the first line that could be written"
    " again.",
    see=("logging(7)",),
)
HELPER_STARTED = Message(
    "APPL-780",
    Severity.OPERATIONAL,
    "LOG-HELPER-STARTED PID=%(pid)s",
    "The process that writes, rotates and reopens the log files was started.",
    see=("logging(7)",),
)
HELPER_DIED = Message(
    "APPL-680",
    Severity.ERROR,
    "LOG-HELPER-DIED PID=%(pid)s",
    "The process that writes the log files ended by itself or was killed; another one follows."
    "  Lines that it had not read yet are kept for its successor.",
    see=("logging(7)",),
)
