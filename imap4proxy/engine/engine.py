"""engine - the proxy as a state machine: one event in, the actions that follow out.

    engine = Engine(proxy, catalogues)
    for action in engine.feed(event, now): ...

It puts the parts together and decides only who gets an event: phases.py admits,
starttls.py talks before TLS, opening.py goes to the server, the lanes carry
commands and responses.  Whatever a peer breaks ends here, as a PeerError.
See also: events.py, actions.py, ../session.py.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping

from kernun_common.acl.data_matching import certificate_matches
from kernun_common.errors import PeerError, Side

from .. import messages
from ..section import Imap4Proxy
from ..texts import Catalogue, Text
from . import phases
from .actions import Action, Result, Secure
from .client_lane import ClientLane
from .command_time import CommandTime
from .conversation import Conversation
from .events import (
    Accepted,
    Checked,
    Closed,
    Connected,
    Event,
    Expired,
    Insecure,
    Quarantined,
    Received,
    Reserved,
    Secured,
    Stopped,
    Stored,
    Timer,
    Unreachable,
)
from .mail_transfer.examination import Examination
from .mail_transfer.workshop import Workshop
from .opening import Opening
from .processing import Tools as ProcessingTools
from .server_lane import ServerLane
from .starttls import ClientDialogue

# What the client is told when a timer runs out, by the side whose silence it was.
_TIMEOUT_TEXTS = {
    (Timer.IDLE, Side.CLIENT): Text.IDLE_TOO_LONG,
    (Timer.RECV, Side.SERVER): Text.SERVER_SILENT,
    (Timer.MAX_TIME, Side.CLIENT): Text.LIMIT_EXCEEDED,
}


class Engine:
    def __init__(
        self, proxy: Imap4Proxy, catalogues: Mapping[str, Catalogue], tools: ProcessingTools
    ) -> None:
        """`catalogues`: the texts by language (`nls`); `tools`: what mails are processed with."""
        self.conversation = Conversation(proxy, catalogues)
        self._server = ServerLane(self.conversation)
        examination = Examination(self.conversation, self._server.outcomes, tools)
        self._workshop = Workshop(self.conversation, self._server, examination)
        self._client = ClientLane(self.conversation, self._server, self._workshop)
        self._opening = Opening(self.conversation, self._server)
        self._server.on_greeting = self._opening.on_greeting
        self._command_time = CommandTime(self.conversation)
        self._on: Dict[Any, Callable[[Any], None]] = {
            Received: self._on_received,
            Accepted: self._on_accepted,
            Closed: self._on_closed,
            Connected: self._opening.on_connected,
            Unreachable: lambda event: self._opening.on_unreachable(event.reason),
            Secured: self._on_secured,
            Insecure: self._on_insecure,
            Expired: self._on_expired,
            Stopped: self._on_stopped,
            **dict.fromkeys((Reserved, Stored, Checked, Quarantined), self._on_outcome),
        }

    def feed(self, event: Event, now: float) -> List[Action]:
        """What follows from `event`; `now` in seconds of a monotonic clock."""
        conversation = self.conversation
        conversation.now = now
        if conversation.over:
            return []
        try:
            self._on[type(event)](event)
            self._client.pump()
        except PeerError as error:
            self._on_peer_error(error)
        self._watch_command()
        if conversation.client_gone:
            self._client.end_if_gone()
        return conversation.outbox.drain()

    def reading(self, side: Side) -> bool:
        """Should octets of `side` be read now?"""
        if side is Side.SERVER:
            return self.conversation.server is not None and not self._server.outcomes.stops_server
        return not self.conversation.client_gone and self._client.hears

    def midway(self, side: Side) -> bool:
        """Must `side` go on?  Then recv-timeout bounds its silence.

        Inside a line or a literal; and of a server, from the start until commands may be given:
        what it is asked then needs no thinking.
        """
        if side is Side.CLIENT:
            return self._client.midway
        return self._server.reader.midway or not self._server.open

    def flows(self, side: Side) -> bool:
        """Is `side` in a literal that comes through here unseen?  Then better much at once."""
        return side is Side.SERVER and self._server.reader.flowing

    # --- octets ------------------------------------------------------------------------------

    def _on_received(self, event: Received) -> None:
        if not self.conversation.count(event.side, len(event.octets)):
            return
        lane = self._client if event.side is Side.CLIENT else self._server
        lane.reader.feed(event.octets)
        if lane is self._server:
            lane.pump()
        else:
            self._client.literals.streaming = False

    def _on_outcome(self, event: Event) -> None:
        """Of an action that has taken its time; what came meanwhile is worked on behind it."""
        self._server.outcomes.on_event(event)
        self._server.pump()

    def _watch_command(self) -> None:
        """command-timeout runs while a command has begun and is not complete, literals apart."""
        lane, reader = self._client, self._client.reader
        if not (reader.midway or self._command_time.runs):
            return  # as most often
        in_literal = reader.in_literal or lane.literals.streaming
        begun = reader.midway and not in_literal and not lane.held
        self._command_time.watch(begun, lane.number)

    # --- opening -----------------------------------------------------------------------------

    def _on_accepted(self, event: Accepted) -> None:
        conversation = self.conversation
        conversation.started = conversation.now
        conversation.log(
            messages.SESSION_START,
            **{"from": event.client},
            to=event.to,
            transp=event.transparent,
        )
        if not phases.admit(conversation, event):
            conversation.finish(Result.REJECTED, "denied by session-acl")
            return
        acl = conversation.session_acl
        assert acl is not None
        conversation.arm(Timer.IDLE, acl.idle_timeout or conversation.proxy.idle_timeout)
        phases.shape(conversation, Side.CLIENT)
        tls = acl.client_ssl_params
        if tls is None:
            self._opening.begin(None)
        elif tls.starttls:
            dialogue = ClientDialogue(conversation, tls, lambda: self._client.reader.buffered)
            self._client.talk(dialogue, lambda: self._opening.begin(None))
        else:
            conversation.outbox.add(Secure(Side.CLIENT, tls.params))

    def _on_secured(self, event: Secured) -> None:
        conversation = self.conversation
        certificate = event.certificate
        conversation.log(
            messages.TLS_READY,
            side=event.side.value,
            version=event.version,
            cipher=event.cipher,
            cert=certificate and certificate.subject,
        )
        if event.side is Side.SERVER:
            self._opening.on_secured(certificate)
            return
        acl = conversation.session_acl
        assert acl is not None
        match = acl.client_cert_match
        if match is not None and not certificate_matches(match, certificate):
            self._on_insecure(Insecure(Side.CLIENT, "no match with client-cert-match"))
            return
        self._client.dialogue = None
        self._opening.begin(certificate)

    def _on_insecure(self, event: Insecure) -> None:
        if event.side is Side.SERVER:
            self._opening.on_insecure(event.reason)
            return
        self.conversation.log(messages.TLS_FAILED, side=event.side.value, reason=event.reason)
        self.conversation.finish(Result.FAILED, "TLS with the client failed")

    # --- the end -----------------------------------------------------------------------------

    def _on_closed(self, event: Closed) -> None:
        if event.side is Side.CLIENT:
            self._client.on_closed(event.deaf, event.failure)
        else:
            self._server.on_closed(event.failure)

    def _on_peer_error(self, error: PeerError) -> None:
        conversation = self.conversation
        if error.side is Side.CLIENT:
            conversation.log(messages.CLIENT_INVALID, reason=error.reason)
            conversation.bye(Text.PROTOCOL_BROKEN, Result.FAILED, "the client broke the protocol")
        else:
            conversation.log(messages.SERVER_INVALID, reason=error.reason)
            conversation.bye(Text.SERVER_INVALID, Result.FAILED, "the server broke the protocol")

    def _on_expired(self, event: Expired) -> None:
        conversation = self.conversation
        if event.timer is Timer.PROGRESS:
            self._workshop.progress.on_expired()
            return
        if event.timer is Timer.MAX_TIME:
            conversation.exceeded(event.timer.value)
            return
        conversation.log(messages.TIMED_OUT, item=event.timer.value, side=event.side.value)
        if event.timer is Timer.SEND and event.side is Side.CLIENT:
            conversation.finish(Result.FAILED, event.timer.value, reset=True)
            return
        text = _TIMEOUT_TEXTS.get((event.timer, event.side), Text.TOO_SLOW)
        conversation.bye(text, Result.FAILED, event.timer.value)

    def _on_stopped(self, event: Stopped) -> None:
        self.conversation.bye(Text.SHUTTING_DOWN, Result.ACCEPTED, "the proxy is shutting down")
