"""opening - the way to the server: connect, TLS, greeting, capabilities.

    Connect -> [TLS at once] -> greeting -> [STARTTLS -> TLS] -> [CAPABILITY] -> open

Nothing that the server says before TLS reaches the client.  Where the proxy has
greeted by itself (STARTTLS towards the client) the server's greeting is
consumed; behind a server's STARTTLS the greeting is the proxy's own, with the
capabilities asked inside TLS.  Spec 2.1, steps 4 to 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernun_common.acl.data_matching import certificate_matches
from kernun_common.errors import PeerError, Side
from kernun_common.tls.certificate import Certificate

from .. import messages
from ..section import ServerTls
from ..section.transfer import Direction
from ..texts import Text
from ..wire.status import Code, Status, encode, without_code
from . import client_address, phases
from .actions import Connect, Result, Secure
from .capability import words_of
from .conversation import Conversation
from .events import Connected, Timer
from .states import State

if TYPE_CHECKING:
    from .server_lane import ServerLane


class Opening:
    def __init__(self, conversation: Conversation, lane: ServerLane) -> None:
        self._conversation = conversation
        self._lane = lane
        self._tls_done = False

    # --- phase two, connect ------------------------------------------------------------------

    def begin(self, certificate: Certificate | None) -> None:
        """Choose the command-acl and connect, or say BYE."""
        conversation = self._conversation
        accepted = phases.command(conversation, certificate)
        acl = conversation.command_acl
        if acl is None or not accepted:
            text = acl.deny_text if acl is not None else None
            words = text.encode() if text else conversation.text(Text.DENIED)
            conversation.say_bye(words, Result.REJECTED, "denied by command-acl")
            return
        if acl.idle_timeout is not None:
            conversation.arm(Timer.IDLE, acl.idle_timeout)
        if acl.max_time is not None:
            elapsed = conversation.now - conversation.started
            conversation.arm(Timer.MAX_TIME, max(0.0, acl.max_time - elapsed))
        session_acl = conversation.session_acl
        assert session_acl is not None
        tls_ended = session_acl.client_ssl_params is not None or acl.server_ssl_params is not None
        conversation.offer.restrict(acl.capabilities, tls_ended, acl.scans_any)
        self._lane.intake.scans = acl.scans(Direction.DOWNLOAD)
        if acl.altq is not None:
            phases.shape(conversation, Side.CLIENT)
        sources = phases.sources(conversation)
        conversation.outbox.add(Connect(phases.candidates(conversation), sources))

    @property
    def _tls(self) -> ServerTls | None:
        acl = self._conversation.command_acl
        return acl.server_ssl_params if acl is not None else None

    def on_connected(self, event: Connected) -> None:
        self._conversation.server = event
        phases.shape(self._conversation, Side.SERVER)
        header = client_address.header(self._conversation)
        if header is not None:
            self._conversation.outbox.to_server(header)
        if self._tls is not None and not self._tls.starttls:
            self._secure()

    def on_unreachable(self, reason: str) -> None:
        self._conversation.log(messages.SERVER_UNREACHABLE, reason=reason)
        self._conversation.bye(Text.SERVER_UNREACHABLE, Result.FAILED, "server unreachable")

    # --- TLS ---------------------------------------------------------------------------------

    def _secure(self) -> None:
        tls, server = self._tls, self._conversation.server
        assert tls is not None and server is not None
        self._conversation.outbox.add(Secure(Side.SERVER, tls.params, server.host))

    def on_secured(self, certificate: Certificate | None) -> None:
        self._tls_done = True
        acl = self._conversation.command_acl
        assert acl is not None
        match = acl.server_cert_match
        if match is not None and not certificate_matches(match, certificate):
            self.on_insecure("the certificate does not match server-cert-match")
        elif self._tls is not None and self._tls.starttls:
            self._conversation.offer.forget()
            self._lane.ask_capability(self._greet)

    def on_insecure(self, reason: str) -> None:
        self._conversation.log(messages.TLS_FAILED, side=Side.SERVER.value, reason=reason)
        self._conversation.bye(Text.SERVER_TLS_FAILED, Result.FAILED, "TLS to the server failed")

    # --- greeting ----------------------------------------------------------------------------

    def on_greeting(self, status: Status) -> None:
        """The server's first response: OK, PREAUTH or BYE (RFC 3501 section 7.1)."""
        conversation = self._conversation
        if status.tag is not None or status.condition not in (b"OK", b"PREAUTH", b"BYE"):
            raise PeerError(Side.SERVER, "a greeting that is none")
        if status.condition == b"BYE":
            conversation.log(messages.SERVER_BYE, text=status.text)
            self._pass_bye(status)
        elif self._tls is not None and not self._tls_done:
            self._start_tls(status)
        elif conversation.greeted and status.condition == b"PREAUTH":
            conversation.bye(Text.SERVER_INVALID, Result.FAILED, "PREAUTH behind STARTTLS")
        else:
            self._pass_greeting(status)

    def _pass_greeting(self, status: Status) -> None:
        conversation, lane = self._conversation, self._lane
        words = words_of(status.code)
        if not conversation.greeted:
            conversation.greet(encode(lane.statuses.filtered(self._with_own_text(status))))
        elif words is not None:
            conversation.offer.learn(words)
        if status.condition == b"PREAUTH":
            conversation.state = State.AUTHENTICATED
            lane.authenticated()
        if words is None:
            lane.ask_capability(self._open)
        else:
            self._open()

    def _pass_bye(self, status: Status) -> None:
        """The server's own words; but anybody could have said them before STARTTLS."""
        text = without_code(status).text
        if self._tls is not None and not self._tls_done:
            text = self._conversation.text(Text.SERVER_CLOSED)
        self._conversation.say_bye(text, Result.FAILED, "the server said BYE")

    def _with_own_text(self, status: Status) -> Status:
        acl = self._conversation.command_acl
        if acl is None or acl.greeting is None:
            return status
        return Status(status.tag, status.condition, status.code, acl.greeting.encode())

    def _greet(self) -> None:
        """Greet in the server's stead, behind its STARTTLS; or nothing, if that was done."""
        conversation = self._conversation
        acl = conversation.command_acl
        assert acl is not None
        if not conversation.greeted:
            text = acl.greeting.encode() if acl.greeting else conversation.text(Text.READY)
            words = b" ".join(conversation.offer.client_words)
            code = Code(b"CAPABILITY", words) if words else None  # the server may refuse to tell
            conversation.greet(encode(Status(None, b"OK", code, text)))
        self._open()

    def _open(self) -> None:
        identification = client_address.identification(self._conversation)
        if identification is None:
            self._lane.open = True
        else:
            self._lane.ask("ID", identification, self._on_identified)

    def _on_identified(self, status: Status) -> None:
        self._lane.open = True

    # --- STARTTLS towards the server ---------------------------------------------------------

    def _start_tls(self, greeting: Status) -> None:
        words = words_of(greeting.code)
        if greeting.condition == b"PREAUTH":
            self._no_starttls("the greeting is PREAUTH")
        elif words is None:
            self._lane.ask_capability(self._give_starttls)
        else:
            self._conversation.offer.learn(words)
            self._give_starttls()

    def _give_starttls(self) -> None:
        if self._conversation.offer.server_has(b"STARTTLS"):
            self._lane.ask("STARTTLS", b"STARTTLS", self._on_starttls)
        else:
            self._no_starttls("it is not offered")

    def _on_starttls(self, status: Status) -> None:
        if status.condition != b"OK":
            self._no_starttls("it was refused")
        elif self._lane.buffered:
            self._no_starttls("octets came behind the OK")
        else:
            self._secure()

    def _no_starttls(self, reason: str) -> None:
        self._conversation.log(messages.STARTTLS_REFUSED, reason=reason)
        self._conversation.bye(Text.SERVER_TLS_FAILED, Result.FAILED, "no STARTTLS at the server")
