"""phases - the first two layers of acl: who may be here, and what the session may do.

Phase one before an octet is exchanged, phase two behind the client's TLS; each
is asked once, logs its outcome, and says nothing else.  access-control(7).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Tuple

from kernun_common.acl.choose import Choice, choose
from kernun_common.acl.facts import Facts, Server
from kernun_common.acl.messages import ACL_PASSED_BY
from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import Side
from kernun_common.netio.sources import Sources
from kernun_common.tls.certificate import Certificate
from kernun_common.traffic_shaping.section import Queue
from kernun_common.transparency.source_address import sources_of

from .. import messages
from .actions import Result, Shape
from .conversation import Conversation
from .events import Accepted


def facts_of(event: Accepted) -> Facts:
    """What phase one knows."""
    return Facts(
        client=event.client,
        to=event.to,
        transparent=event.transparent,
        client_names=event.client_names,
        when=event.when,
        user=event.user.name if event.user is not None else None,
        groups=frozenset(event.user.groups) if event.user is not None else frozenset(),
        resolution=event.resolution,
    )


def admit(conversation: Conversation, event: Accepted) -> bool:
    """Phase one: choose the session-acl; False if the client is not admitted."""
    facts = facts_of(event)
    choice = choose(conversation.proxy.session_acl, facts)
    acl = conversation.session_acl = choice.acl
    conversation.facts = facts
    _log_passed_by(conversation, choice)
    conversation.log(
        messages.ACL_PHASE_1,
        **{"from": event.client},
        to=event.to,
        transp=event.transparent,
        user=facts.user,
        name=acl and acl.name,
        result=_outcome(choice.accepted),
    )
    if acl is None or not choice.accepted:
        return False
    if not acl.plug_to and not event.transparent:
        conversation.log(messages.NO_SERVER, acl=acl.name)
        return False
    conversation.speak(acl.language)
    return True


def candidates(conversation: Conversation) -> Tuple[Sock, ...]:
    """Where the server may be: the plug-to rows, else the original destination."""
    acl, facts = conversation.session_acl, conversation.facts
    assert acl is not None and facts is not None
    if acl.plug_to:
        return acl.plug_to
    return (Sock(Host(address=facts.to.address), facts.to.port),)


def sources(conversation: Conversation) -> Sources:
    """From which addresses it is connected to."""
    acl, facts = conversation.session_acl, conversation.facts
    assert acl is not None and facts is not None
    row = acl.source_address or conversation.proxy.source_address
    return sources_of(row, facts.client.address, facts.resolution)


def queue(conversation: Conversation, side: Side) -> Queue | None:
    """By way of which queue that side's octets leave now."""
    acls = (conversation.command_acl, conversation.session_acl)
    rows = [acl.altq for acl in acls if acl is not None and acl.altq is not None]
    queues = [row.to_client if side is Side.CLIENT else row.to_server for row in rows]
    return next(filter(None, queues), None)


def shape(conversation: Conversation, side: Side) -> None:
    """Lead them there."""
    chosen = queue(conversation, side)
    if chosen is not None:
        conversation.outbox.add(Shape(side, chosen))


def command(conversation: Conversation, certificate: Certificate | None) -> bool:
    """Phase two: choose the command-acl; False if the session is denied."""
    session_acl, facts = conversation.session_acl, conversation.facts
    assert session_acl is not None and facts is not None
    server = Server.of(candidates(conversation)[0])
    facts = conversation.facts = replace(
        facts, certificate=certificate, server=server, parent=session_acl.name
    )
    choice = choose(conversation.proxy.command_acl, facts)
    acl = conversation.command_acl = choice.acl
    _log_passed_by(conversation, choice)
    conversation.log(
        messages.ACL_PHASE_2,
        server=server,
        cert=certificate and certificate.subject,
        parent=session_acl.name,
        name=acl and acl.name,
        result=_outcome(choice.accepted),
    )
    if acl is not None:
        conversation.speak(acl.language)
    return choice.accepted


def _log_passed_by(conversation: Conversation, choice: Choice[Any]) -> None:
    for miss in choice.trail:  # its text is only made where the log wants it
        conversation.log(ACL_PASSED_BY, name=miss.acl.name, reason=miss)


def _outcome(accepted: bool) -> str:
    result = Result.ACCEPTED if accepted else Result.REJECTED
    return str(result.value)
