"""messages - what is logged of the packet filter, and of clients who were not redirected."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

_SEE = ("listen-on(5)", "transparency(7)")

NOT_REMOVED = Message(
    "NATT-610",
    Severity.ERROR,
    "NOT-REMOVED TABLE=%(table)s REASON=%(reason)s",
    "Rules of the proxy could not be removed from the packet filter: it ends, or a parent that was"
    " killed had left them and the configuration has no such rows now.  The next start replaces"
    " or removes them.  Clients are redirected meanwhile to ports where nobody listens.",
    see=_SEE,
)
INSTALLED = Message(
    "NATT-710",
    Severity.OPERATIONAL,
    "INSTALLED TABLE=%(table)s REDIRECTIONS=%(redirections)s MARK=%(mark)s",
    "The packet filter redirects clients to the proxy, by so many rules; where the proxy connects"
    " from addresses of clients, MARK is the mark of what servers send back.",
    see=_SEE + ("source-address(5)",),
)
REMOVED = Message(
    "NATT-711",
    Severity.OPERATIONAL,
    "REMOVED TABLE=%(table)s",
    "The packet filter no longer redirects clients to the proxy.",
    see=_SEE,
)
LOOP = Message(
    "NATT-810",
    Severity.WARNING,
    "LOOP CLIENT=%(client)s AT=%(at)s",
    "A client connected to a port to which clients are redirected, but was not redirected itself;"
    " the proxy would have connected to itself.  The connection was closed.",
    see=_SEE,
)
