"""messages - what netio may log."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

SEE = ("netio(5)", "netio(7)")
_DATA = (
    "DATA are as many of them as log-limit permits.  Until the client is authenticated, size and"
    " data stand as ***."
)
_UNSEEN = "DATA is <NULL> for octets of a literal that pass without being looked at."

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
PROXY_HEADER = Message(
    "NETL-812",
    Severity.WARNING,
    "PROXY-HEADER PEER=%(peer)s AT=%(at)s REASON=%(reason)s",
    "A host behind proxy-protocol connected, but no valid PROXY header came from it in time.  The"
    " connection was closed: nobody knows whose it is.",
    see=SEE + ("auth(5)", "listen-on(5)"),
)
NOT_SET_UP = Message(
    "NETL-813",
    Severity.WARNING,
    "NOT-SET-UP PEER=%(peer)s REASON=%(reason)s",
    "A client's connection could not be made ready, mostly because the client had gone.  It was"
    " closed.",
    see=SEE,
)
PROXIED = Message(
    "NETL-731",
    Severity.DEBUG,
    "PROXIED PEER=%(peer)s CLIENT=%(client)s TO=%(to)s",
    "A host behind proxy-protocol connected for a client; CLIENT and TO are what its PROXY header"
    " says, and count for all that follows.",
    see=SEE + ("auth(5)", "listen-on(5)"),
)
DATA_TO_CLIENT = Message(
    "NETL-910",
    Severity.FULL,
    "DATA TO=CLIENT SIZE=%(size)s DATA=%(data)s",
    f"Octets sent to the client, inside TLS.  {_DATA}  {_UNSEEN}",
    see=SEE,
)
DATA_TO_SERVER = Message(
    "NETL-911",
    Severity.FULL,
    "DATA TO=SERVER SIZE=%(size)s DATA=%(data)s",
    f"Octets sent to the server, inside TLS.  {_DATA}  {_UNSEEN}",
    see=SEE,
)
DATA_FROM_SERVER = Message(
    "NETL-912",
    Severity.FULL,
    "DATA FROM=SERVER SIZE=%(size)s DATA=%(data)s",
    f"Octets that have come from the server, inside TLS.  {_DATA}",
    see=SEE,
)
CONNECTED = Message(
    "NETL-730",
    Severity.DEBUG,
    "CONNECTED TO=%(to)s OWN=%(own)s",
    "The connection to the server stands; OWN is the proxy's end of it.",
    see=SEE,
)
