"""messages - what is logged of the queues of a proxy."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

_SEE = ("traffic-shaping(5)", "traffic-shaping(7)")

NOT_REMOVED = Message(
    "NETL-640",
    Severity.ERROR,
    "NOT-REMOVED CLASS=%(number)s REASON=%(reason)s",
    "The classes of the proxy's queues could not be removed from the devices: it ends, or a parent"
    " that was killed had left them and no queue has a bandwidth any more.  The next start replaces"
    " or removes them.",
    see=_SEE,
)
INSTALLED = Message(
    "NETL-740",
    Severity.OPERATIONAL,
    "INSTALLED CLASS=%(number)s QUEUE=%(queue)s ON=%(devices)s RATE=%(rate)s CEILING=%(ceiling)s",
    "A queue has its class on these devices; rates in bits a second.  CLASS is the number by which"
    " tc(8) shows it.",
    see=_SEE,
)
REMOVED = Message(
    "NETL-741",
    Severity.OPERATIONAL,
    "REMOVED CLASS=%(number)s",
    "The class of the proxy, and those of its queues in it, are no longer there.",
    see=_SEE,
)
UNSHAPED = Message(
    "NETL-840",
    Severity.WARNING,
    "UNSHAPED QUEUE=%(queue)s REASON=%(reason)s",
    "A connection could not be led to its queue; the session goes on without.",
    see=_SEE,
)
