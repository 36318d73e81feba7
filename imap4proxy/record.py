"""record - what is left of a session: SESSION-END, the stats record, and the process title.

The octets of SESSION-END are those of IMAP that the engine saw or let pass; those
of the stats record are what the connections carried, inside TLS.  The record's
words are those of Kernun's proxies: CIN goes to the client and SIN comes from the
server; STATUS says whether the policy let the session be, RESULT how it ended.
"""

from __future__ import annotations

import socket
from functools import lru_cache
from typing import Mapping

from kernun_common.errors import Side
from kernun_common.log.sinks import Log
from kernun_common.log.stats import ProxyEvent
from kernun_common.netio.conn import Conn

from . import messages
from .engine.actions import Result
from .engine.conversation import Conversation
from .engine.engine import Engine
from .engine.events import Accepted

OUTCOMES = {
    Result.ACCEPTED: ("ACCEPTED", "OK"),
    Result.REJECTED: ("REJECTED", "ABORTED"),
    Result.FAILED: ("ACCEPTED", "FAILED"),
}


def write(
    log: Log,
    engine: Engine,
    accepted: Accepted,
    conns: Mapping[Side, Conn],
    seconds: float,
) -> None:
    """SESSION-END and the stats record of a session that is over."""
    conversation = engine.conversation
    result = conversation.result or Result.FAILED
    log.write_fields(
        messages.SESSION_END,
        {
            "client": accepted.client,
            "server": conversation.server and conversation.server.server,
            "transp": accepted.transparent,
            "user": conversation.user,
            "commands": conversation.commands,
            "in": conversation.octets_in,
            "out": conversation.octets_out,
            "time": seconds,
            "result": result.value,
        },
    )
    log.stats(messages.PROXY_EVENT, _stats(conversation, accepted, conns, seconds, result))


def _stats(
    conversation: Conversation,
    accepted: Accepted,
    conns: Mapping[Side, Conn],
    seconds: float,
    result: Result,
) -> Mapping[str, object]:
    client, server = conns[Side.CLIENT], conns.get(Side.SERVER)
    connected, names = conversation.server, accepted.client_names
    acls = (conversation.session_acl, conversation.command_acl)
    status, outcome = OUTCOMES[result]
    return ProxyEvent(
        client=accepted.client,
        server=connected.server if connected else None,
        client_name=names[0] if names else None,
        server_name=connected.host if connected else None,
        server_port_name=service_name(connected.server.port) if connected else None,
        user=conversation.user,
        client_in=client.octets_out,
        client_out=client.octets_in,
        server_in=server.octets_in if server else 0,
        server_out=server.octets_out if server else 0,
        duration=seconds,
        status=status,
        result=outcome,
        rule="/".join(acl.name for acl in acls if acl is not None) or None,
    ).fields()


@lru_cache(maxsize=None)  # main asks in the parent: children may not have the system's table
def service_name(port: int) -> str:
    """The service of a TCP port, or the number where it has no name."""
    try:
        return socket.getservbyport(port, "tcp")
    except OSError:
        return str(port)


def title(engine: Engine, accepted: Accepted) -> str:
    """`child: 10.1.2.3 -> mail:143 alice IDLE`"""
    conversation = engine.conversation
    words = ["child:", accepted.client.host]
    if conversation.server is not None:
        words += ["->", f"{conversation.server.host}:{conversation.server.server.port}"]
    if conversation.user is not None:
        words.append(_printable(conversation.user))
    words.append(conversation.activity)
    return " ".join(words)


@lru_cache(maxsize=8)
def _printable(name: bytes) -> str:
    """A name that a client chose, for ps(1)."""
    return "".join(chr(octet) if 32 < octet < 127 else "?" for octet in name)
