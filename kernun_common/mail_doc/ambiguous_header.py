"""ambiguous_header - where programs can read the header of a part in different ways.

    for name, span in header_checks(octets, part)

`name` is one of ambiguity_names.py; the span is the field, or what is wrong of it.
What is not a MIME field is not looked at, but for what could end the header.
"""

from __future__ import annotations

import re
from typing import Callable, Dict, Iterator, List, Tuple
from urllib.parse import unquote_to_bytes

from . import content_type, encoded_word, transfer_encoding
from .content_type import ContentType
from .decode import READINGS
from .header import Field, named, unfolded
from .octets import Octets, Span
from .structure import Part

Found = Iterator[Tuple[str, Span]]
Check = Callable[[Octets, Part], Found]

_MIME = {
    "content-type": "type",
    "content-transfer-encoding": "encoding",
    "content-disposition": "disposition",
}
_WORD = rb"[^\x00-\x20()<>@,;:\\\"/\[\]?=\x7f]++"
_PARAMETERS = rb"(?:\s*+;(?:\s*+" + _WORD + rb"=(?:\"(?:[^\"\\]|\\.)*+\"|[^\s\"(),;]++))?+)*+\s*+"
_SYNTAX = {
    "type": re.compile(rb"\s*+" + _WORD + rb"/" + _WORD + _PARAMETERS, re.S),
    "disposition": re.compile(rb"\s*+" + _WORD + _PARAMETERS, re.S),
}
_OUTSIDE_QUOTES = re.compile(rb"\"(?:[^\"\\]|\\.)*+\"?", re.S)
_QUOTED_FOLD = re.compile(rb"\"[^\"\r\n]*+\r?\n")
_ENCODED_WORD = rb"=\?[^?\s\"]++\?[QqBb]\?[^?\s\"]*+\?="
_ENCODED_WORDS = re.compile(b'"' + _ENCODED_WORD + rb"(?:\r?\n[ \t]+" + _ENCODED_WORD + b')*+"')
_ENCODING = re.compile(rb"[ \t]?[!-~]+")
_DECISIVE = re.compile(r"(boundary|charset|id|number|total|access-type)\*[0-9*]*")
_PIECE = re.compile(r"([^*]+)\*[0-9]+\*?")
_NAME = re.compile(r"(?:file)?name\*?")
_BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")  # RFC 2046
_BLANK_LINE = re.compile(rb"\n[ \t]+\r?(?=\n)")


def header_checks(octets: Octets, part: Part) -> Found:
    """All checks, one after the other."""
    for check in _CHECKS:
        yield from check(octets, part)


def _fields(part: Part) -> Iterator[Tuple[str, Field]]:
    return ((_MIME[field.key], field) for field in part.fields if field.key in _MIME)


def _values(octets: Octets, part: Part) -> Iterator[Tuple[Field, ContentType]]:
    """Content-Type and Content-Disposition."""
    for kind, field in _fields(part):
        if kind != "encoding":
            read = content_type.parse if kind == "type" else content_type.disposition
            yield field, read(field.value.of(octets))


def _repeated(octets: Octets, part: Part) -> Found:
    for key, kind in _MIME.items():
        for field in named(part.fields, key)[1:2]:
            yield f"repeated-{kind}", field.span


def _field_name(octets: Octets, part: Part) -> Found:
    for _, field in _fields(part):
        if field.span.start + len(field.name) + 1 != field.value.start:
            yield "field-name", field.span


def _syntax(octets: Octets, part: Part) -> Found:
    for kind, field in _fields(part):
        value = field.value.of(octets)
        if kind != "encoding" and not _SYNTAX[kind].fullmatch(value):
            is_comment = b"(" in _OUTSIDE_QUOTES.sub(b"", value)
            yield "comment" if is_comment else f"{kind}-syntax", field.span


def _encoding(octets: Octets, part: Part) -> Found:
    for kind, field in _fields(part):
        if kind != "encoding":
            continue
        value = field.value.of(octets)
        name = transfer_encoding.parse(value)
        if not _ENCODING.fullmatch(value) or name != value.strip().decode("latin-1").lower():
            yield "encoding-syntax", field.span
        elif name not in READINGS and name not in transfer_encoding.IDENTITY:
            yield "encoding-unknown", field.span
        elif name in READINGS and part.encoding not in READINGS:
            yield "encoding-without-mime", field.span


def _repeated_parameter(octets: Octets, part: Part) -> Found:
    for field, value in _values(octets, part):
        names = [name for name, _ in value.joined]
        if len(set(names)) < len(names):
            yield "repeated-parameter", field.span


def _pieces(octets: Octets, part: Part) -> Found:
    for field, value in _values(octets, part):
        if any(_PIECE.fullmatch(name) for name, _ in value.joined):
            yield "parameter-pieces", field.span


def _encoded_parameter(octets: Octets, part: Part) -> Found:
    for field, value in _values(octets, part):
        if any(_DECISIVE.fullmatch(name) for name, _ in value.parameters):
            yield "encoded-parameter", field.span


def _folded(octets: Octets, part: Part) -> Found:
    for _, field in _fields(part):
        if _QUOTED_FOLD.search(_unquoted_pairs(field.value.of(octets))):
            yield "folded-parameter", field.span


def _unquoted_pairs(value: bytes) -> bytes:
    """Each quoted string without what is in it, but for its line ends.

    A fold between two encoded words stands for nothing; long names of files are written so.
    """

    def without(match: re.Match[bytes]) -> bytes:
        folded = b"\n" in match[0] and not _ENCODED_WORDS.fullmatch(match[0])
        return b'"\n"' if folded else b""

    return _OUTSIDE_QUOTES.sub(without, value)


def _file_names(octets: Octets, part: Part) -> Found:
    """One name in several forms is one; so is one name in both fields."""
    names: Dict[str, Field] = {}
    for field, value in _values(octets, part):
        for name, octets_ in value.joined:
            if _NAME.fullmatch(name):
                names.setdefault(_characters(name, octets_).strip(), field)
    for field in list(names.values())[1:2]:
        yield "file-names", field.span


def _characters(name: str, value: bytes) -> str:
    """Of a value by RFC 2231 section 4, or by RFC 2047 as many programs write it."""
    if not name.endswith("*"):
        return encoded_word.decode(unfolded(value))
    charset, _, rest = value.partition(b"'")
    text = rest.partition(b"'")[2] or value
    return encoded_word.characters(unquote_to_bytes(text), charset.decode("latin-1"))


def _encoded_structure(octets: Octets, part: Part) -> Found:
    if part.encoding in READINGS:
        span = named(part.fields, "content-transfer-encoding")[0].span
        if part.is_multipart:
            yield "encoded-multipart", span
        elif part.children:
            yield "encoded-message", span


def _boundary(octets: Octets, part: Part) -> Found:
    whole = part.content_type.first("boundary")
    if part.boundary is not None and not _BOUNDARY.fullmatch(whole or b""):
        yield "boundary-syntax", named(part.fields, "content-type")[0].span


def _no_fields(octets: Octets, part: Part) -> Found:
    """What some programs take for the end of the header."""
    fields: List[Field] = [field for field in part.fields if not field.name]
    for field in fields[:1]:
        yield "line-without-colon", field.span
    for field in part.fields[:1]:
        if field.name.startswith((b" ", b"\t")):
            yield "fold-first", field.span
    blank = _BLANK_LINE.search(octets, part.header.start, part.header.end)
    if blank:
        yield "blank-line", Span(blank.start() + 1, blank.end())


_SPECIAL = {
    "message/partial": "message-partial",
    "message/external-body": "message-external-body",
    "application/ms-tnef": "tnef",
    "application/vnd.ms-tnef": "tnef",
}


def _special(octets: Octets, part: Part) -> Found:
    name = _SPECIAL.get(part.content_type.name)
    if name:
        yield name, part.header


_CHECKS: Tuple[Check, ...] = (
    _repeated,
    _field_name,
    _syntax,
    _encoding,
    _repeated_parameter,
    _pieces,
    _encoded_parameter,
    _folded,
    _file_names,
    _encoded_structure,
    _boundary,
    _no_fields,
    _special,
)
