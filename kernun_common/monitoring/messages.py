"""messages - what the log says of monitoring."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

_SEE = ("monitoring(5)", "monitoring(7)")

HELPER_DIED = Message(
    "MNTR-680",
    Severity.ERROR,
    "MONITOR-HELPER-DIED PID=%(pid)s BY=%(by)s",
    "The process that publishes what the sessions do ended by itself or was killed; another one"
    " follows.  No session is concerned.  BY is a signal or an exit status.",
    see=_SEE,
)
HELPER_FAILED = Message(
    "MNTR-681",
    Severity.ERROR,
    "MONITOR-HELPER-FAILED REASON=%(reason)s",
    "The process that publishes what the sessions do could not be started; the parent tries again.",
    see=_SEE,
)
STARTED = Message(
    "MNTR-780",
    Severity.OPERATIONAL,
    "MONITOR-STARTED PID=%(pid)s FILE=%(file)s",
    "The process that publishes what the sessions do was started; FILE is where kernun-monitor(1)"
    " finds it.",
    see=_SEE + ("kernun-monitor(1)",),
)
HTTP_REQUEST = Message(
    "MNTR-740",
    Severity.DEBUG,
    "HTTP-REQUEST FROM=%(from)s TARGET=%(target)s STATUS=%(status)s",
    "A client asked over HTTP how the proxy is.  TARGET is missing where the request could not be"
    " understood.",
    see=_SEE,
)
NO_COMM_DIR = Message(
    "MNTR-810",
    Severity.WARNING,
    "NO-COMM-DIR DIR=%(dir)s REASON=%(reason)s",
    "The folder that is the default of comm-dir is not there and cannot be made, or no file can be"
    " made in it; so kernun-monitor(1) will not see this proxy.  Everything else works.  Where"
    " comm-dir is written in the configuration this is an error, and the proxy does not start.",
    see=_SEE + ("kernun-monitor(1)",),
)
NOT_PUBLISHED = Message(
    "MNTR-811",
    Severity.WARNING,
    "NOT-PUBLISHED FILE=%(file)s REASON=%(reason)s",
    "The file for kernun-monitor(1) could not be written; it is tried again after every interval."
    "  Written once until it can be written again.",
    see=_SEE + ("kernun-monitor(1)",),
)
HTTP_REFUSED = Message(
    "MNTR-812",
    Severity.WARNING,
    "HTTP-REFUSED FROM=%(from)s",
    "A client that is not in the set of the item http asked over HTTP, and was told 403.",
    see=_SEE,
)
