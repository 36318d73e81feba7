"""messages - what a program logs of its beginning and its end."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

_SEE = ("application(5)", "imap4-proxy(8)")

PROXY_DIED = Message(
    "APPL-640",
    Severity.ERROR,
    "PROXY-DIED NAME=%(name)s PID=%(pid)s BY=%(by)s",
    "The parent of one of several proxies ended though nobody told it to, and its children with"
    " it.  The others go on; only a restart brings it back.",
    see=_SEE,
)
CONFIGURATION_WARNING = Message(
    "APPL-810",
    Severity.WARNING,
    "CONFIGURATION-WARNING AT=%(at)s TEXT=%(text)s",
    "The configuration is valid, but the program suspects that it does not say what it should.",
    see=_SEE + ("configuration(7)",),
)
CONFIGURATION_READ = Message(
    "APPL-740",
    Severity.DEBUG,
    "CONFIGURATION-READ FILE=%(file)s PROXIES=%(proxies)s",
    "The configuration has been read and is valid.",
    see=_SEE + ("configuration(7)",),
)
READING_CONFIGURATION = Message(
    "APPL-741",
    Severity.DEBUG,
    "READING-CONFIGURATION FILE=%(file)s",
    "The configuration is being read.",
    see=_SEE + ("configuration(7)",),
)
PID_FILE = Message(
    "APPL-641",
    Severity.ERROR,
    "PID-FILE FILE=%(file)s REASON=%(reason)s",
    "The pid file, for which there was room when the program was called, could not be written; the"
    " proxy ends with exit status 1.",
    see=_SEE,
)
