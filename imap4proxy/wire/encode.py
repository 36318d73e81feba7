"""encode - a command as octets for the server, under a tag of our own.

    encode_command(command, b"p7", LiteralMode.PLUS, utf8=False)  ->  [Chunk(octets, wait)]
    shown(command)                                                ->  octets for a log

One spelling for everything: verbs and keywords in upper case, a string as an atom
where it is one, else quoted, else as a literal.  Behind a chunk with `wait` the
server's continuation request is due.  The only place that reveals a Secret beside
the relay of SASL answers.  APPEND is written by append.py, piece by piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Callable, Dict, List, Union

from kernun_common.secret import Secret

from . import strings
from .command import Command
from .fragments import Literal, header
from .parts import Astring, Binary, Mailbox, Part, Pattern, String

LONGEST_QUOTED = 1024  # octets; longer strings go as literals, which no server bounds by its lines
LITERAL_MINUS = 4096   # octets of a non-synchronizing literal; RFC 7888 section 5


class LiteralMode(Enum):
    """Which literals the server takes without being asked; the value is the capability."""

    NONE = b""
    MINUS = b"LITERAL-"
    PLUS = b"LITERAL+"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Octets to send; `wait`: the next chunk only when the server asks for it."""

    octets: Union[bytes, memoryview]
    wait: bool = False

    def __repr__(self) -> str:
        return f"Chunk({len(self.octets)} octets, {self.wait})"


def encode_command(
    command: Command, tag: bytes, literals: LiteralMode, utf8: bool
) -> List[Chunk]:
    """`command` in chunks.  `utf8`: the server takes UTF-8 in quoted strings."""
    if not command.parts:
        return [Chunk(tag + b" " + command.verb + b"\r\n")]
    chunks: List[Chunk] = []
    octets = [tag, b" ", command.verb]
    for part in command.parts:
        if type(part) is bytes:
            octets.append(part)
            continue
        value = part.reveal() if isinstance(part, Secret) else part
        inline = _FORMS[type(part)](value, utf8)
        if inline is not None:
            octets.append(inline)
            continue
        literal = _literal(part, len(value), literals)
        octets.append(header(literal))
        if literal.synchronizing:
            chunks.append(Chunk(b"".join(octets), True))
            octets = []
        octets.append(bytes(value))
    octets.append(b"\r\n")
    chunks.append(Chunk(b"".join(octets)))
    return chunks


def shown(command: Command) -> bytes:
    """`command` in one piece for a log: without its tag and CRLF, secrets as ***."""
    octets = [command.verb]
    for part in command.parts:
        octets.append(b"***" if isinstance(part, Secret) else _shown(part))
    return b"".join(octets)


def _shown(part: bytes) -> bytes:
    return part if type(part) is bytes else _FORMS[type(part)](part, True) or b"{%d}" % len(part)


def at_once(mode: LiteralMode, size: int) -> bool:
    """Does the server take a literal of `size` octets without being asked?"""
    return mode is LiteralMode.PLUS or mode is LiteralMode.MINUS and size <= LITERAL_MINUS


def _literal(part: Part, size: int, mode: LiteralMode) -> Literal:
    return Literal(size, not at_once(mode, size), isinstance(part, Binary))


# --- forms within a line; None: only a literal holds the value ---------------------------------


def _quoted(value: bytes, utf8: bool) -> bytes | None:
    return strings.quoted(value) if strings.holds(value, utf8) else None


def _string(value: bytes, utf8: bool) -> bytes | None:
    return _quoted(value, utf8) if len(value) <= LONGEST_QUOTED else None


def _astring(value: bytes, utf8: bool) -> bytes | None:
    return bytes(value) if strings.is_astring(value) else _string(value, utf8)


def _mailbox(value: bytes, utf8: bool) -> bytes | None:
    return bytes(value) if strings.is_astring(value) else _quoted(value, utf8)


def _pattern(value: bytes, utf8: bool) -> bytes | None:
    return bytes(value) if strings.is_pattern(value) else _quoted(value, utf8)


def _binary(value: bytes, utf8: bool) -> bytes | None:
    return None


_FORMS: Dict[type, Callable[[bytes, bool], "bytes | None"]] = {
    Astring: _astring,
    String: _string,
    Mailbox: _mailbox,
    Pattern: _pattern,
    Binary: _binary,
    Secret: _astring,
}
