"""parameters - the values of Content-Type, Content-Disposition and their like, as they are shown.

    content_type(b'Text/HTML; charset="utf-8"')
        -> Media(b"Text", b"HTML", ((b"charset", b"utf-8"),))
    disposition(b"attachment; filename=a.txt")
        -> Disposition(b"attachment", ((b"filename", b"a.txt"),))
    encoding(b"Base64")     -> b"Base64", None: it is none
    languages(b"en, cs")    -> (b"en", b"cs")

Values are lines ended by LF, as fields.py gives them.  A parameter in pieces is joined,
and stands behind those that are whole: `filename*0*=utf-8''a; filename*1=b` is shown as
`filename*` with the value utf-8''ab, percent signs and all.  Where a piece is missing
they are shown one by one.  What cannot be read is stepped over to the next semicolon.
Behind MOST of both nothing is read.
Sources: RFC 2045 section 5.1, RFC 2183, RFC 2231 section 3 and 4, RFC 3282.
"""

from __future__ import annotations

import re
from typing import Callable, Iterable, List, NamedTuple, Tuple

from .lexer import Broken, Lexer

Parameter = Tuple[bytes, bytes]

MOST = 128  # parameters of a field, and octets that are stepped over; Dovecot has as many
_NUMBERS = 2**32  # of pieces; a larger one starts again at 0
_DIGITS = 32  # those before them make no difference: 10**32 is a multiple of 2**32
_BROKEN_VALUE = re.compile(rb"[^; \t\r\n]*")  # as in name==?utf-8?b?...?=
_PIECE = re.compile(rb"([^*]*)\*([0-9]*)(\*?)")


class Media(NamedTuple):
    """`type` and `subtype` as written; both empty where the field is none."""

    type: bytes
    subtype: bytes
    parameters: Tuple[Parameter, ...] = ()

    def is_a(self, type: bytes, subtype: bytes | None = None) -> bool:
        """Is it of this type, and of this subtype if one is given?"""
        return self.type.lower() == type and subtype in (None, self.subtype.lower())


class Disposition(NamedTuple):
    name: bytes
    parameters: Tuple[Parameter, ...]


class _Piece(NamedTuple):
    """name*number*=value; `extended` is the asterisk behind the number."""

    name: bytes
    number: int
    extended: bool
    value: bytes


def content_type(value: bytes) -> Media:
    lexer = Lexer(value)
    out: List[bytes] = []
    try:
        subtype = _media(lexer, out)
    except Broken:
        return Media(b"".join(out), b"")
    return Media(out[0], subtype, _parameters(lexer))


def _media(lexer: Lexer, out: List[bytes]) -> bytes:
    """type "/" subtype, which a semicolon must follow; the type is in `out` if that alone stands"""
    if not lexer.cfws():
        raise Broken("type expected")
    more = lexer.token(out)
    if not (more and out[0]):
        raise Broken("subtype expected")
    found: List[bytes] = []
    try:
        _step(lexer, b"/")
        lexer.token(found)
        if not found[0] or lexer.more and not lexer.is_at(b";"):
            raise Broken("semicolon expected")
    except Broken:
        out.clear()
        raise
    return found[0]


def _step(lexer: Lexer, octet: bytes) -> None:
    """Over `octet`, with something behind it."""
    if not lexer.is_at(octet):
        raise Broken("another octet expected")
    lexer.at += 1
    if not lexer.cfws():
        raise Broken("more expected")


def disposition(value: bytes) -> Disposition | None:
    lexer = Lexer(value)
    out: List[bytes] = []
    if _quietly(lexer.cfws) and not _quietly(lambda: lexer.token(out)):
        return None
    return Disposition(b"".join(out), _parameters(lexer))


def encoding(value: bytes) -> bytes | None:
    """Of Content-Transfer-Encoding: one word and nothing behind it."""
    lexer = Lexer(value)
    out: List[bytes] = []
    whole = _quietly(lexer.cfws) and _quietly(lambda: lexer.token(out))
    return out[0] if whole and not lexer.more and out and out[0] else None


def languages(value: bytes) -> Tuple[bytes, ...]:
    lexer = Lexer(value)
    found: List[bytes] = []
    out: List[bytes] = []
    _quietly(lexer.cfws)
    while _quietly(lambda: lexer.atom(out)):
        found = out.copy()
        if not lexer.is_at(b","):
            break
        lexer.at += 1
        _quietly(lexer.cfws)
    return tuple(found)


def _quietly(element: Callable[[], bool]) -> bool:
    """Is the element whole?"""
    try:
        element()
    except Broken:
        return False
    return True


# --- parameters --------------------------------------------------------------------------------


def _parameters(lexer: Lexer) -> Tuple[Parameter, ...]:
    """ *(";" attribute "=" value), to the end of the field"""
    whole: List[Parameter] = []
    pieces: List[_Piece] = []
    tried = 0
    while lexer.more and tried < MOST:
        tried += 1
        try:
            name, value = _parameter(lexer)
        except Broken:
            tried += _skip(lexer)
            continue
        piece = _PIECE.fullmatch(name)
        if piece is None:
            whole.append((name, value))
        else:
            number = int(piece[2][-_DIGITS:] or 0) % _NUMBERS
            extended = not piece[2] or bool(piece[3])
            pieces.append(_Piece(piece[1], number, extended, value))
    return (*whole, *_joined(pieces))


def _skip(lexer: Lexer) -> int:
    """To the next semicolon; how many octets lie between."""
    start = lexer.at + 1
    found = lexer.text.find(b";", start)
    lexer.at = lexer.end if found < 0 else found
    return lexer.at - start


def _parameter(lexer: Lexer) -> Parameter:
    """ ";" attribute "=" value"""
    name: List[bytes] = []
    _step(lexer, b";")
    if not lexer.token(name) or not lexer.is_at(b"="):
        raise Broken("value expected")
    lexer.at += 1
    value: List[bytes] = []
    if lexer.cfws():
        _value(lexer, value)
    return name[0], b"".join(value)


def _value(lexer: Lexer, out: List[bytes]) -> None:
    """token / quoted-string, or an encoded word where none may stand"""
    if lexer.is_at(b'"'):
        lexer.quoted_string(out)
    elif lexer.is_at(b"="):
        found = _BROKEN_VALUE.match(lexer.text, lexer.at)
        assert found is not None
        out.append(found[0])
        lexer.at = found.end()
    else:
        lexer.token(out)


# --- RFC 2231: parameters in pieces ------------------------------------------------------------


def _joined(pieces: Iterable[_Piece]) -> Iterable[Parameter]:
    run: List[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece[:2]):
        if run and run[0].name.lower() != piece.name.lower():
            yield from _of_one_name(run)
            run = []
        run.append(piece)
    if run:
        yield from _of_one_name(run)


def _of_one_name(run: List[_Piece]) -> Iterable[Parameter]:
    """As one parameter, if none is missing."""
    if [piece.number for piece in run] != list(range(len(run))):
        for piece in run:
            yield b"%b*%d%b" % (piece.name, piece.number, b"*" * piece.extended), piece.value
        return
    if not any(piece.extended for piece in run):
        yield run[0].name, b"".join(piece.value for piece in run)
        return
    values = [
        piece.value if piece.extended else piece.value.replace(b"%", b"%25") for piece in run
    ]
    charset = b"" if run[0].extended else b"''"
    yield run[0].name + b"*", charset + b"".join(values)
