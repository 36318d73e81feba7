"""header_correction - header fields that violate RFC 5322 or RFC 2045, and what they should be.

    for check in HEADER_CHECKS:
        check.violated(octets, field, rules)
        check.corrected(octets of the field, rules)     the field; empty where it is taken out

`item` is that of the section mail-filter, `action` what it says.  See also: correction.py.
"""

from __future__ import annotations

import re
from typing import Callable, List, NamedTuple, Tuple

from . import content_type, encoded_word
from .encode import CRLF
from .header import Field, unfolded
from .header_draft import field as written_field
from .octets import Octets
from .parameter import characters, parameter, written
from .rules import Rules

_NAME = re.compile(rb"[!-9;-~]+")  # RFC 5322 section 3.6.8, ftext
_HIGH = re.compile(rb"[\x80-\xff]")

_SIGNATURES = ("dkim-", "arc-")
_MIME_FIELDS = ("content-type", "content-disposition")
_ADDRESSES = ("from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-to")

_QUOTED = rb'"(?:[^"\\]|\\.)*+"?'
# The value of `name` or `filename` that is not quoted, up to where a careless reader sees its end.
_FILE_NAME = re.compile(
    _QUOTED + rb'|(?P<name>;[ \t\r\n]*+(?:file)?name=)(?P<value>[^"; \t\r\n][^";]*+)', re.I | re.S
)
_BLANK_INSIDE = re.compile(rb"[ \t\r\n]")
_MISSING_SEMICOLON = re.compile(rb"[ \t\r\n][!#-'*+.0-9A-Z^_`a-z{|}~-]+=")

_PHRASE = re.compile(_QUOTED + rb'|<[^>]*+>?|[^\s"<>(),;:@]++(?:[ \t]++[^\s"<>(),;:@]++)*+', re.S)
_ESCAPE = re.compile(rb'^"|\\(.)|"$', re.S)
_HIGH_WORDS = re.compile(rb"[^ \t]*[\x80-\xff](?:.*[\x80-\xff])?[^ \t]*", re.S)


def is_signature(key: str) -> bool:
    """Is it a field that signs the mail?  Such a one is never changed."""
    return key.startswith(_SIGNATURES)


class Check(NamedTuple):
    """One way in which a field may be wrong."""

    item: str
    action: Callable[[Rules], str]
    violated: Callable[[Octets, Field, Rules], bool]
    corrected: Callable[[bytes, Rules], bytes]


def _is_no_field(octets: Octets, field: Field, rules: Rules) -> bool:
    """Blanks before the colon count: there are programs for which the header ends there."""
    start = field.span.start
    colon = start + len(field.name)
    return _NAME.fullmatch(field.name) is None or octets[colon : colon + 1] != b":"


def _named(octets: bytes, rules: Rules) -> bytes:
    """Without blanks before the colon; nothing where the name is none."""
    name, _, value = octets.partition(b":")
    bare = name.rstrip(b" \t")
    return bare + b":" + value if _NAME.fullmatch(bare) else b""


def _is_long(octets: Octets, field: Field, rules: Rules) -> bool:
    size = rules.max_header_line.size
    if field.span.size <= size:
        return False
    return any(len(line) > size for line in field.span.of(octets).split(CRLF))


def _cut(octets: bytes, rules: Rules) -> bytes:
    size = rules.max_header_line.size
    return CRLF.join(line[:size] for line in octets.split(CRLF))


def _has_high(octets: Octets, field: Field, rules: Rules) -> bool:
    return not field.span.of(octets).isascii()


def _encoded(octets: bytes, rules: Rules) -> bytes:
    """The field in ASCII, but for addresses, which have no such form."""
    name, _, value = octets.partition(b":")
    key = name.decode("latin-1").strip().lower()
    bare = unfolded(value).strip()
    if key in _MIME_FIELDS:
        return written_field(name, _mime_value(key, bare))
    if key in _ADDRESSES:
        return written_field(name, _PHRASE.sub(_encoded_phrase, bare))
    return written_field(name, _HIGH_WORDS.sub(_encoded_words, bare))


def _encoded_phrase(match: re.Match[bytes]) -> bytes:
    phrase = match[0]
    if phrase.startswith(b"<") or not _HIGH.search(phrase):
        return phrase
    return encoded_word.encode(encoded_word.decode(_ESCAPE.sub(rb"\1", phrase)))


def _encoded_words(match: re.Match[bytes]) -> bytes:
    return encoded_word.encode(encoded_word.decode(match[0]))


def _mime_value(key: str, value: bytes) -> bytes:
    if key == "content-type":
        parsed = content_type.parse(value)
        kind = parsed.name if parsed.type else "application/octet-stream"
    else:
        parsed = content_type.disposition(value)
        kind = parsed.type or "attachment"
    return mime_value(kind, parsed.joined)


def mime_value(kind: str, parameters: Tuple[content_type.Parameter, ...]) -> bytes:
    """Of a Content-Type or Content-Disposition, in a form that all programs read alike."""
    pieces: List[bytes] = [kind.encode("ascii", "replace")]
    for name, value in parameters:
        if name.endswith("*") or not value.isascii():
            pieces.append(parameter(name.rstrip("*"), characters(name, value)))
        else:
            pieces.append(written(name, value))
    return b"; ".join(pieces)


def _needs_quotes(octets: Octets, field: Field, rules: Rules) -> bool:
    if field.key not in _MIME_FIELDS:
        return False
    value = b";" + field.value.of(octets)
    return any(_is_unquoted(match) for match in _FILE_NAME.finditer(value))


def _is_unquoted(match: re.Match[bytes]) -> bool:
    value = (match["value"] or b"").rstrip()
    return bool(_BLANK_INSIDE.search(value)) and not _MISSING_SEMICOLON.search(value)


def _quoted(octets: bytes, rules: Rules) -> bytes:
    return _FILE_NAME.sub(_quote, octets)


def _quote(match: re.Match[bytes]) -> bytes:
    if not _is_unquoted(match):
        return match[0]
    value = match["value"]
    bare = value.rstrip()
    escaped = unfolded(bare).replace(b"\\", b"\\\\")
    return match["name"] + b'"' + escaped + b'"' + value[len(bare) :]


HEADER_CHECKS = (
    Check("invalid-header", lambda rules: rules.invalid_header, _is_no_field, _named),
    Check("max-header-line", lambda rules: rules.max_header_line.action, _is_long, _cut),
    Check(
        "correct-quoting",
        lambda rules: "correct" if rules.correct_quoting else "pass",
        _needs_quotes,
        _quoted,
    ),
    Check("header-8bit-chars", lambda rules: rules.header_8bit_chars, _has_high, _encoded),
)
