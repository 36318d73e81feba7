r"""status - status responses: OK, NO, BAD, PREAUTH, BYE, with a tag or without.

    read(buffer, at, limits)   -> (Status(tag, condition, code, text), end), None: more octets
    encode(status, tag)        -> octets, with CRLF
    without_code(status)       -> its text alone

    response = ("*" / tag) SP condition SP ["[" code "]" SP] text CRLF

A literal can stand only within the code, never in the text: `* OK see {5}` is a
text.  A text that begins with "[" must begin with a code.  Where the end of the code
could be read in two ways, at a "]" in a string or a list, no literal may follow:
both ways then end the response at the same octet.  Held whole, bounded whole.

PeerError: it is no status response, or over a bound.
Sources: RFC 3501 sections 7.1 and 9, RFC 5530.  See also: codes.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Match

from kernun_common.errors import PeerError, Side

from . import abnf, codes
from .abnf import octets
from .capability_data import words
from .data import Forgiven
from .leniencies import Leniency
from .response_limits import ResponseLimits
from .tokens import announced, as_literal, is_utf8

CONDITIONS = frozenset({b"OK", b"NO", b"BAD", b"PREAUTH", b"BYE"})
TAGGED = frozenset({b"OK", b"NO", b"BAD"})


@dataclass(frozen=True, slots=True)
class Code:
    """A response code; `name` in upper case, `argument` as it was sent, b"" without one."""

    name: bytes
    argument: bytes = b""


@dataclass(frozen=True, slots=True)
class Status:
    """`tag` None: untagged.  `condition` in upper case.  `text` without the code."""

    tag: bytes | None
    condition: bytes
    code: Code | None
    text: bytes
    lenient: Forgiven = ()


def encode(status: Status, tag: bytes | None = None) -> bytes:
    """The response as it is sent, under `tag` or under its own."""
    tag = tag or status.tag or b"*"
    code = status.code
    if code is None:
        return b"%s %s %s\r\n" % (tag, status.condition, status.text)
    inside = code.name + b" " + code.argument if code.argument else code.name
    return b"%s %s [%s] %s\r\n" % (tag, status.condition, inside, status.text)


def without_code(status: Status) -> Status:
    """`status` without its code, and without what could then be read as one: [A x] [B y] text."""
    return Status(status.tag, status.condition, None, status.text.lstrip(b" ["), status.lenient)


# The argument of a code: balanced, and no "]" but in a quoted string or a list.  A
# literal is cut out before it is looked at, and _HOLE stands in its place.
_HOLE = b"\x00"
_LEVELS = 4  # of lists in an argument; BADCHARSET and INPROGRESS have one
_LISTED = octets(bytes(o for o in abnf.CHAR if o not in b'\r\n"(){') + _HOLE)
_OPEN = b"[" + octets(bytes(o for o in abnf.CHAR if o not in b'\r\n]"(){') + _HOLE) + b"]++"
_QUOTED = rb'"(?:[^"\\\r\n\x00]|\\["\\])*"'
_UNMISTAKABLE = rb'"(?:[^]"\\\r\n\x00]|\\["\\])*"'


def _balanced() -> bytes:
    item = b"[" + _LISTED + b"]++|" + _QUOTED
    inside = b"(?:" + item + b")*"
    for _ in range(1, _LEVELS):
        inside = b"(?:" + item + rb"|\(" + inside + rb"\))*"
    return b"(?:" + _OPEN + b"|" + _QUOTED + rb"|\(" + inside + rb"\))*"


_HEAD = rb"(?:\*|([" + abnf.TAG_CHAR + rb"]++)) ([A-Za-z]{2,7})"
_NAME = rb"\[([" + abnf.ATOM_CHAR + b"]++)"
_STATUS = re.compile(
    _HEAD + b"(?: (?:" + _NAME + b"(?: (" + _balanced() + rb"))?\](?: |(?=\r))|(?!\[))"
    rb"([^\r\n\x00]*+))?\r\n"
)
_UP_TO_LITERAL = re.compile(
    _HEAD + b" " + _NAME + b" (?:" + _OPEN + b"|" + _UNMISTAKABLE + rb"|[()])*(?<=[ (])(?=\{)"
)
_QUOTED_STRING = re.compile(_QUOTED)


def read(
    buffer: bytes, at: int, limits: ResponseLimits, utf8: bool = False
) -> tuple[Status, int] | None:
    """The status response at `at`, whose first CRLF has come, and where it ends."""
    found = _STATUS.match(buffer, at)
    if found is not None:
        return _status(found, [], limits, utf8), found.end()
    cut = _cut_literals(buffer, at, limits)
    if cut is None:
        return None
    text, literals, end = cut
    found = _STATUS.fullmatch(text)
    if found is None:
        raise PeerError(Side.SERVER, "not a valid status response")
    return _status(found, literals, limits, utf8), end


_Cut = tuple[bytes, list[bytes], int]


def _cut_literals(buffer: bytes, at: int, limits: ResponseLimits) -> _Cut | None:
    """The response with holes, what was cut out (headers included), where it ends."""
    text, bound = b"", at + limits.status
    literals: list[bytes] = []
    while len(literals) <= limits.code_literals:
        end = buffer.find(b"\r\n", at, bound) + 2
        if end < 2:
            return _more(len(buffer) < bound)
        text += buffer[at:end]
        found = _UP_TO_LITERAL.match(text)
        literal = announced(text, found.end()) if found else None
        if found is None or literal is None:
            return text, literals, end
        at = end + literal[0]
        if at > len(buffer):
            return _more(at <= bound)
        literals.append(text[found.end():] + buffer[end:at])
        text = text[:found.end()] + _HOLE
    raise PeerError(Side.SERVER, "too many literals in a response code")


def _more(allowed: bool) -> _Cut | None:
    if allowed:
        return None
    raise PeerError(Side.SERVER, "a status response too long")


def _status(
    found: Match[bytes], literals: list[bytes], limits: ResponseLimits, utf8: bool
) -> Status:
    tag, condition, name, argument, text = found.groups(b"")
    condition = condition.upper()
    if condition not in (TAGGED if tag else CONDITIONS) or len(tag) > limits.tag:
        raise PeerError(Side.SERVER, "not a status response")
    code, lenient = _code(name, argument, literals, limits, utf8) if name else (None, ())
    if not text:
        lenient += (Leniency.EMPTY_TEXT,)
    elif not is_text(text, utf8):
        lenient += (Leniency.EIGHT_BIT_TEXT,)
    status = Status(tag or None, condition, code, text, lenient)
    if Leniency.EIGHT_BIT_STRING in lenient:
        _check_put_right(status, limits, utf8)
    return status


def _check_put_right(status: Status, limits: ResponseLimits, utf8: bool) -> None:
    """A string was made a literal: may one stand there, and is nothing too long now?"""
    octets = encode(status)
    again = read(octets, 0, limits, utf8)
    if again is None or again[1] != len(octets) or again[0].code != status.code:
        raise PeerError(Side.SERVER, "8-bit octets in a response code")


def is_text(value: bytes, utf8: bool) -> bool:
    """May it stand in a text?  (Control characters may.)"""
    return value.isascii() or utf8 and is_utf8(value)


def _code(
    name: bytes, argument: bytes, literals: list[bytes], limits: ResponseLimits, utf8: bool
) -> tuple[Code, Forgiven]:
    if argument.count(_HOLE) != len(literals):
        raise PeerError(Side.SERVER, "a NUL in a response code")
    name = name.upper()
    if name == b"CAPABILITY":
        known, lenient = words(argument, limits)
        return Code(name, b" ".join(known)), lenient
    lenient = () if codes.expected(name, argument) else (Leniency.UNKNOWN_CODE,)
    if not is_text(argument, utf8):
        argument = _QUOTED_STRING.sub(_put_right, argument)
        lenient += (Leniency.EIGHT_BIT_STRING,)
    if literals:
        argument = _filled(argument, literals)
    return Code(name, argument), lenient


def _put_right(quoted: Match[bytes]) -> bytes:
    return quoted[0] if quoted[0].isascii() else as_literal(quoted[0])


def _filled(argument: bytes, literals: list[bytes]) -> bytes:
    """`argument` with the literals in their holes."""
    parts = argument.split(_HOLE)
    return parts[0] + b"".join(map(bytes.__add__, literals, parts[1:]))
