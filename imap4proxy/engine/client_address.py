"""client_address - tells the server who the client is: send-client-address.

    header(conversation)            the PROXY header, for proxy-v1 and proxy-v2
    identification(conversation)    an ID command, for id, where the server offers ID

None where the command-acl does not ask for it.  A server must be told to believe
either (Dovecot: haproxy_trusted_networks, login_trusted_networks); what a client
itself says of the kind is removed (../wire/idfields.py).
"""

from __future__ import annotations

from typing import Callable, Dict

from kernun_common.netio.proxy_protocol import encode_v1, encode_v2
from kernun_common.sockaddr import Sockaddr

from .conversation import Conversation

_HEADERS: Dict[str, Callable[[Sockaddr, Sockaddr], bytes]] = {
    "proxy-v1": encode_v1,
    "proxy-v2": encode_v2,
}


def header(conversation: Conversation) -> bytes | None:
    """What is sent before anything else, before TLS too."""
    facts, encode = conversation.facts, _HEADERS.get(_wanted(conversation))
    return encode(facts.client, facts.to) if encode is not None and facts is not None else None


def identification(conversation: Conversation) -> bytes | None:
    """`ID (...)` without tag and CRLF; RFC 2971."""
    facts = conversation.facts
    if facts is None or _wanted(conversation) != "id" or not conversation.offer.server_has(b"ID"):
        return None
    fields = {
        "x-originating-ip": facts.client.host,
        "x-originating-port": facts.client.port,
        "x-connected-ip": facts.to.host,
        "x-connected-port": facts.to.port,
    }
    words = " ".join(f'"{name}" "{value}"' for name, value in fields.items())
    return f"ID ({words})".encode("ascii")


def _wanted(conversation: Conversation) -> str:
    acl = conversation.command_acl
    return (acl.send_client_address or "") if acl is not None else ""
