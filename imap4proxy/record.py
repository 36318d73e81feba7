"""record - a session as others see it: process title, monitoring, SESSION-END, stats record.

The octets of SESSION-END are those of IMAP that the engine saw or let pass; those
of the stats record are what the connections carried, inside TLS.  The record's
words are those of Kernun's proxies: CIN goes to the client and SIN comes from the
server; STATUS says whether the policy let the session be, RESULT how it ended.  A
balancer that looks whether the proxy is well leaves no record.
"""

from __future__ import annotations

import socket
from functools import lru_cache
from typing import List, Mapping, Tuple

from kernun_common.acl.section import Acl
from kernun_common.errors import Side
from kernun_common.log.sinks import Log
from kernun_common.log.stats import ProxyEvent
from kernun_common.monitoring.record import Live, Record
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
    if accepted.probe:
        return
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


def shown(engine: Engine, accepted: Accepted, tls: Mapping[Side, str]) -> Record:
    """For monitoring; `tls` is version and cipher of the sides that have it."""
    conversation = engine.conversation
    server, state = conversation.server, conversation.state.value
    return Record(
        client=str(accepted.client),
        server=str(server.server) if server is not None else "",
        host=server.host if server is not None else "",
        user=_text(conversation.user),
        state=state,
        command=conversation.activity if conversation.activity != state else "",
        data=_text(conversation.mailbox),
        client_tls=tls.get(Side.CLIENT, ""),
        server_tls=tls.get(Side.SERVER, ""),
        acls=acls(conversation),
    )


def acls(conversation: Conversation) -> Tuple[str, ...]:
    """The names of the ACLs selected, phase by phase; empty where a phase selected none."""
    facts = conversation.facts
    chosen: List[Acl | None] = []
    if facts is not None:
        chosen.append(conversation.session_acl)
        if facts.server is not None:
            chosen.append(conversation.command_acl)
    return tuple(acl.name if acl is not None else "" for acl in chosen)


def live(engine: Engine, conns: Mapping[Side, Conn]) -> Live:
    """What has passed so far."""
    client, server = conns[Side.CLIENT], conns.get(Side.SERVER)
    return Live(
        from_client=client.octets_in,
        to_client=client.octets_out,
        from_server=server.octets_in if server is not None else 0,
        to_server=server.octets_out if server is not None else 0,
        commands=engine.conversation.commands,
    )


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


def _text(octets: bytes | None) -> str:
    return "" if octets is None else octets.decode("utf-8", "replace")


@lru_cache(maxsize=8)
def _printable(name: bytes) -> str:
    """A name that a client chose, for ps(1)."""
    return "".join(chr(octet) if 32 < octet < 127 else "?" for octet in name)
