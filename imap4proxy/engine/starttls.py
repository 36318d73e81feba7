"""starttls - the talk with the client before STARTTLS, which the proxy leads by itself.

With `client-ssl-params NAME command` the proxy greets, and answers CAPABILITY,
NOOP, ID, LOGOUT and STARTTLS; the server is not connected yet.  It is behind the
handshake or, with `optional`, behind the first other command, which then goes
its ordinary way.  Spec 2.1, step 3.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Union

from kernun_common.errors import PeerError, Side

from ..section import ClientTls
from ..texts import Text
from ..wire.commands import Announced, Command
from .actions import Result, Secure
from .conversation import Conversation
from .refusal import TLS_FIRST

OFFER = b"IMAP4rev1 ID SASL-IR LITERAL+ STARTTLS"


class ClientDialogue:
    def __init__(self, conversation: Conversation, tls: ClientTls, buffered: Callable[[], int]):
        """`buffered` tells how many octets of the client came behind the command at hand."""
        self._conversation = conversation
        self._tls = tls
        self._buffered = buffered
        self._offer = OFFER if tls.optional else OFFER + b" LOGINDISABLED"
        self._answers: Dict[str, Callable[[Any], None]] = {
            "CAPABILITY": self._capability,
            "NOOP": self._completed,
            "ID": self._id,
            "LOGOUT": self._logout,
            "STARTTLS": self._starttls,
        }

    def greet(self) -> None:
        conversation = self._conversation
        text = conversation.text(Text.READY)
        conversation.greet(b"* OK [CAPABILITY " + self._offer + b"] " + text + b"\r\n")

    def hears(self, name: str) -> bool:
        """May the client send its literals, or would that be a password in the clear?"""
        return self._tls.optional or name in self._answers

    def answers(self, command: Union[Command, Announced]) -> bool:
        """Answer `command`; False if it is the one that begins a session without TLS.

        Of an APPEND its first mail is announced, before the command is complete.
        """
        answer = self._answers.get(command.name)
        if answer is not None:
            self._conversation.commands += 1
            answer(command)
        elif self._tls.optional:
            return False
        else:
            self._conversation.refuse(command.tag, command.name, TLS_FIRST)
        return True

    def _capability(self, command: Command) -> None:
        self._conversation.tell(b"* CAPABILITY " + self._offer)
        self._completed(command)

    def _id(self, command: Command) -> None:
        self._conversation.tell(b"* ID NIL")
        self._completed(command)

    def _logout(self, command: Command) -> None:
        conversation = self._conversation
        conversation.tell(b"* BYE " + conversation.text(Text.LOGGING_OUT))
        self._completed(command)
        conversation.finish(Result.ACCEPTED, "logout")

    def _starttls(self, command: Command) -> None:
        conversation = self._conversation
        if self._buffered():
            conversation.tell(
                command.tag + b" BAD " + conversation.text(Text.INVALID, "octets behind STARTTLS")
            )
            raise PeerError(Side.CLIENT, "octets behind STARTTLS")
        conversation.tell(command.tag + b" OK " + conversation.text(Text.BEGIN_TLS))
        conversation.outbox.add(Secure(Side.CLIENT, self._tls.params))

    def _completed(self, command: Command) -> None:
        text = self._conversation.text(Text.COMPLETED, command.name)
        self._conversation.tell(command.tag + b" OK " + text)
