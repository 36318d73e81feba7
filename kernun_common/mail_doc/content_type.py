"""content_type - the value of a Content-Type, or Content-Disposition; RFC 2045, RFC 2183, RFC 2231.

    parse(b' text/Plain; charset="utf-8" (a comment)')
        -> ContentType("text", "plain", (("charset", b"utf-8"),))
    .joined     the parameters, the pieces of RFC 2231 put together
    .first("boundary")

Any octets have a value.  What is broken is read as Dovecot reads it, since its answers
are what a client gets for a mail that nobody changed; that they can be read otherwise is
for ambiguity.py to see.  Takes time linear in the octets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Dict, Iterable, List, Tuple

from .remembered import remembered
from .scanner import TOKEN, Scanner

Parameter = Tuple[str, bytes]

_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*+)("?)', re.S)
_BARE = re.compile(rb"[^; \t\r\n]*")
_ESCAPED = re.compile(rb"\\(.)|\r?\n", re.S)
_PIECE = re.compile(r"([^*]+)\*([0-9]{1,6})(\*?)")


@dataclass(frozen=True)
class ContentType:
    """Type, subtype and the names of parameters in lower case; values without their quotes.

    `written`: type and subtype as they stand there.  Both are empty where the value has none.
    """

    type: str = "text"
    subtype: str = "plain"
    parameters: Tuple[Parameter, ...] = ()
    written: Tuple[bytes, bytes] = (b"text", b"plain")

    @property
    def name(self) -> str:
        return f"{self.type}/{self.subtype}"

    @cached_property
    def joined(self) -> Tuple[Parameter, ...]:
        """RFC 2231 section 3: name*0, name*1 .. as one, called name, or name* if it is encoded."""
        return tuple(_joined(self.parameters))

    def all(self, name: str) -> Tuple[bytes, ...]:
        """The values of the parameters of this name, after joining."""
        return tuple(value for found, value in self.joined if found == name)

    def first(self, name: str) -> bytes | None:
        """The value of the first parameter of this name, after joining."""
        return next((value for found, value in self.joined if found == name), None)


@remembered
def parse(value: bytes) -> ContentType:
    """`value`: octets behind the colon, folds and all."""
    scanner = Scanner(value)
    scanner.skip()
    kind, complete = _kind(scanner)
    parameters = tuple(_parameters(scanner)) if complete else ()
    main, slash, sub = kind.partition(b"/")
    return ContentType(_lower(main), _lower(sub), parameters, (main, sub))


@remembered
def disposition(value: bytes) -> ContentType:
    """A Content-Disposition: its type is `type`, the subtype is empty."""
    scanner = Scanner(value)
    scanner.skip()
    token = scanner.take(TOKEN)
    word = token[0] if token else b""
    scanner.skip()
    return ContentType(_lower(word), "", tuple(_parameters(scanner)), (word, b""))


def _lower(octets: bytes) -> str:
    return octets.decode("latin-1").lower()


def _kind(scanner: Scanner) -> Tuple[bytes, bool]:
    """type "/" subtype; whether parameters may follow."""
    main = scanner.take(TOKEN)
    scanner.skip()
    if main is None or not scanner.takes(b"/"):
        return main[0] if main and scanner.over else b"", False
    scanner.skip()
    sub = scanner.take(TOKEN)
    if sub is None:
        return b"", False
    scanner.skip()
    complete = scanner.over or scanner.value.startswith(b";", scanner.at)
    return (main[0] + b"/" + sub[0], True) if complete else (b"", False)


def _parameters(scanner: Scanner) -> Iterable[Parameter]:
    """Those that can be read; what cannot be is stepped over, octet by octet."""
    while not scanner.over:
        if not scanner.takes(b";"):
            scanner.at += 1
            continue
        scanner.skip()
        name = scanner.take(TOKEN)
        if name is None:
            continue
        scanner.skip()
        if scanner.takes(b"="):
            scanner.skip()
            yield _lower(name[0]), _value(scanner)
            scanner.skip()


def _value(scanner: Scanner) -> bytes:
    quoted = scanner.take(_QUOTED)
    if quoted:
        return unquoted(quoted[1])
    bare = scanner.take(_BARE)
    return bare[0] if bare else b""


def unquoted(octets: bytes) -> bytes:
    """The inside of a quoted string, without backslashes and line ends."""
    return _ESCAPED.sub(lambda match: match[1] or b"", octets)


def _joined(parameters: Iterable[Parameter]) -> Iterable[Parameter]:
    """The plain ones in their order, then the joined ones in the order of their names."""
    pieces: Dict[str, List[Tuple[int, bool, bytes]]] = {}
    for name, value in parameters:
        match = _PIECE.fullmatch(name)
        if match:
            pieces.setdefault(match[1], []).append((int(match[2]), bool(match[3]), value))
        else:
            yield name, value
    for name in sorted(pieces):
        yield from _whole(name, sorted(pieces[name], key=lambda piece: piece[0]))


def _whole(name: str, pieces: List[Tuple[int, bool, bytes]]) -> Iterable[Parameter]:
    """One parameter of its pieces; themselves where one of them is missing or there twice."""
    encoded = any(star for _, star, _ in pieces)
    if [number for number, _, _ in pieces] != list(range(len(pieces))):
        for number, star, value in pieces:
            yield f"{name}*{number}{'*' * star}", value
    elif encoded:
        head = b"" if pieces[0][1] else b"''"
        yield name + "*", head + b"".join(v if star else _escaped(v) for _, star, v in pieces)
    else:
        yield name, b"".join(value for _, _, value in pieces)


def _escaped(value: bytes) -> bytes:
    """RFC 2231 section 4: what would not stand for itself in an encoded value."""
    return re.sub(rb"[^A-Za-z0-9._-]", lambda match: b"%%%02X" % ord(match[0]), value)
