"""texts - every text that the proxy itself says to a client.

    catalogue.octets(Text.NOT_PERMITTED)  ->  b"Command not permitted"
    charset_of("CZ-WINDOWS-1250")  ->  "windows-1250"      of documents in that language

The English text is the identification of its translation in locale/*.po.  A
line of IMAP is ASCII unless the client enabled UTF-8, so a catalogue gives the
ASCII form: letters lose their marks.
See also: language in imap4-proxy.cfg(5), locale/.
"""

from __future__ import annotations

import unicodedata
from enum import Enum
from typing import Mapping


class Text(Enum):
    """A text; the value is its English form."""

    READY = "IMAP4 proxy ready"
    COMPLETED = "%s completed"
    LOGGING_OUT = "Logging out"
    BEGIN_TLS = "Begin TLS negotiation now"
    TLS_FIRST = "TLS is needed: use STARTTLS first"
    NO_TLS_NOW = "STARTTLS is not possible now"
    GO_ON = "Ready for the literal"
    NOT_PERMITTED = "Command not permitted"
    MECHANISM_NOT_PERMITTED = "Authentication mechanism not permitted"
    NOT_IN_THIS_STATE = "Command not possible in this state"
    UNKNOWN_COMMAND = "Unknown command"
    TAG_IN_USE = "Tag is in use"
    INVALID = "Invalid command: %s"
    EXPECTED_DONE = "Expected DONE"
    MAIL_TOO_LARGE = "The mail is larger than the policy permits"
    MAIL_DENIED = "The mail is rejected by the policy"
    MAILS_REMOVED = "Mails were removed meanwhile"
    MAIL_UNSTABLE = "The mail cannot be shown again"
    NOT_DECODED = "The part cannot be decoded"
    BINARY_NOT_PERMITTED = "A binary literal is not possible here"
    NO_ROOM = "There is no room to check the mail"
    CHECKING = "Mail is being checked"
    TOO_MANY_INVALID = "Too many invalid commands"
    PROTOCOL_BROKEN = "Protocol error"
    DENIED = "Access denied"
    SERVER_UNREACHABLE = "The mail server cannot be reached"
    SERVER_TLS_FAILED = "No secure connection to the mail server"
    SERVER_INVALID = "The mail server broke the protocol"
    SERVER_CLOSED = "The mail server closed the connection"
    SERVER_SILENT = "The mail server does not answer"
    LIMIT_EXCEEDED = "A limit of the session is exceeded"
    IDLE_TOO_LONG = "The session was idle for too long"
    TOO_SLOW = "Timeout"
    SHUTTING_DOWN = "The proxy is shutting down"


class Catalogue:
    """The texts of one language."""

    def __init__(self, translations: Mapping[str, str], utf8: bool = True) -> None:
        """`translations`: English text to its translation; a missing one stays English.

        `utf8`: may a line be UTF-8 where the client enabled it?
        """
        texts = {text: translations.get(text.value) or text.value for text in Text}
        self._ascii = {text: _ascii(words) for text, words in texts.items()}
        self._texts = texts if utf8 else self._ascii

    def octets(self, text: Text, *values: str, utf8: bool = False) -> bytes:
        """`text` for a line of IMAP; in ASCII unless the client enabled UTF-8."""
        words = (self._texts if utf8 else self._ascii)[text]
        line = words % values if values else words
        return line.encode("utf-8" if utf8 else "ascii", "replace")


_CHARSETS = {
    "CZ-ASCII": "us-ascii",
    "CZ-ISO-8859-2": "iso-8859-2",
    "CZ-WINDOWS-1250": "windows-1250",
}


def charset_of(language: str) -> str:
    """The character set, by its name in a mail, of documents that are made in a language (nls)."""
    return _CHARSETS.get(language, "utf-8")


def _ascii(words: str) -> str:
    decomposed = unicodedata.normalize("NFKD", words)
    return decomposed.encode("ascii", "ignore").decode("ascii")


ENGLISH = Catalogue({})
