"""messages - what netio may log."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

SEE = ("netio(5)", "netio(7)")

CONNECT_FAILED = Message(
    "NETL-810",
    Severity.WARNING,
    "CONNECT-FAILED REASON=%(reason)s",
    "A server, or one of its addresses, could not be reached; the next one is tried, if there is"
    " any.  REASON begins with the name or address.",
    see=SEE,
)
SOURCE_FAILED = Message(
    "NETL-811",
    Severity.WARNING,
    "SOURCE-FAILED ADDRESS=%(address)s SERVER=%(server)s REASON=%(reason)s",
    "A source-address could not be given to a connection; the system chooses an address for it.",
    see=SEE + ("source-address(5)",),
)
CONNECTED = Message(
    "NETL-730",
    Severity.DEBUG,
    "CONNECTED TO=%(to)s OWN=%(own)s",
    "The connection to the server stands; OWN is the proxy's end of it.",
    see=SEE,
)
