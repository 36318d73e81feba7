"""messages - RESL, what is logged of names and addresses."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

_SEE = ("resolving(5)", "resolving(7)")

NAME_CHANGED = Message(
    "RESL-710",
    Severity.OPERATIONAL,
    "NAME-CHANGED NAME=%(name)s ADDRESSES=%(addresses)s",
    "A name in the configuration stands for other addresses than before; the sessions that begin"
    " from now on see that.",
    see=_SEE,
)
NAME_RESOLVED = Message(
    "RESL-730",
    Severity.DEBUG,
    "NAME-RESOLVED NAME=%(name)s ADDRESSES=%(addresses)s TTL=%(ttl)s",
    "A name in the configuration was looked up. TTL is how many seconds the answer is good for.",
    see=_SEE,
)
CLIENT_NAMES = Message(
    "RESL-731",
    Severity.DEBUG,
    "CLIENT-NAMES CLIENT=%(client)s NAMES=%(names)s",
    "The names of a client that lead back to its address; empty if it has none.",
    see=_SEE + ("host-matching(7)",),
)
NAME_UNRESOLVED = Message(
    "RESL-810",
    Severity.WARNING,
    "NAME-UNRESOLVED NAME=%(name)s REASON=%(reason)s ADDRESSES=%(addresses)s",
    "A name in the configuration could not be looked up. Until that succeeds it stands for the"
    " ADDRESSES that it had before; if there are none, no condition with that name holds, and no"
    " server of that name can be reached. It is tried again soon; this is not written again until"
    " it has succeeded.",
    see=_SEE,
)
NAME_WITHOUT_ADDRESS = Message(
    "RESL-811",
    Severity.WARNING,
    "NAME-WITHOUT-ADDRESS NAME=%(name)s",
    "There is no such name as one in the configuration, or it has no address. No condition with"
    " that name holds, and no server of that name can be reached.",
    see=_SEE,
)
TOO_MANY_ADDRESSES = Message(
    "RESL-812",
    Severity.WARNING,
    "TOO-MANY-ADDRESSES NAME=%(name)s NUMBER=%(number)s LIMIT=%(limit)s",
    "A name in the configuration stands for more addresses than are kept of a name; only the first"
    " ones count.",
    see=_SEE,
)
CLIENT_UNNAMED = Message(
    "RESL-813",
    Severity.WARNING,
    "CLIENT-UNNAMED CLIENT=%(client)s REASON=%(reason)s",
    "An ACL asks for the names of a client, and they could not be looked up. No glob and no regular"
    " expression in `from` holds for it, not even under an exclamation mark.",
    see=_SEE + ("host-matching(7)",),
)
