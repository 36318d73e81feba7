"""data - the pieces in which a reader gives what a server sends, but for status responses.

    for piece in pieces: match type(piece): Status (status.py), Capability, Continuation, Data

Valid when they exist, in the octets to pass on.  `lenient` names what the server
was forgiven.  See also: response_reader.py, which makes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from .leniencies import Leniency

Forgiven = tuple[Leniency, ...]


@dataclass(frozen=True, slots=True)
class Capability:
    """`* CAPABILITY ...`; the words as the server spells them."""

    words: tuple[bytes, ...]
    lenient: Forgiven = ()


@dataclass(frozen=True, slots=True)
class Continuation:
    """`+ text`; whether one is due is not known here."""

    text: bytes
    lenient: Forgiven = ()


@dataclass(frozen=True, slots=True)
class Data:
    """A part of an untagged response that carries data, or several whole responses.

    `kind` is its name in upper case (FETCH, LIST, ...), UNKNOWN if the proxy has
    no grammar for it; `number` what stands before the name.  If the octets end by
    announcing a literal (always with the name of the FETCH item that it belongs
    to), `literal` is its size: those octets come next, by take() and passed().  Of
    an item that holds a mail's content, `item` is the name as it stands before the
    header, with its blank: `BODY[1]<0> `.

    Consecutive FETCH responses without literals come in one piece: `count` of
    them, `number` of the first.

    Where literals flow (`flows`), such a row goes over the literals of mails, too:
    `octets` may hold some, end within one, or begin there.  If only those of headers
    do, nothing in it shows more of a mail.
    """

    kind: str
    number: int | None
    octets: bytes
    first: bool
    last: bool
    literal: int = 0
    lenient: Forgiven = ()
    count: int = 1
    item: bytes = b""
    flows: bool = False
