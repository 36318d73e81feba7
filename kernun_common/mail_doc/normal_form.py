"""normal_form - a part written anew so that every mail program reads it in the same way.

    normalize(rewriting, octets, part)
    encode_anew(rewriting, octets, part)        only its transfer encoding

One Content-Type, one transfer encoding, one Content-Disposition, in the plainest form; a document
is decoded and encoded anew; a multipart gets a boundary that occurs nowhere else, and nothing
before its first part or behind its last one.  Where a part can be read as encoded or not, it is
decoded, as a mail program that shows more would do.  Data of uuencode, yEnc and BinHex within a
text is text: a blank before its first line keeps programs from taking it for a file.

See also: correction.py.
"""

from __future__ import annotations

import hashlib
import re
from typing import Dict, Iterable, Iterator, List, Tuple

from . import content_type, uuencode_in_text
from .decode import READINGS, decoded
from .encode import BASE64, CRLF, QUOTED_PRINTABLE, base64_chunks, quoted_printable_chunks
from .file_name import file_names
from .header_correction import is_signature, mime_value
from .header_draft import Entry, HeaderDraft
from .octets import Octets, Span, chunks
from .parameter import parameter
from .pieces import Edit, Made
from .replacement import HeaderField
from .rewrite import Rewriting
from .structure import Part

_BLANK_LINE = re.compile(rb"(?<=\n)[ \t]+(?:\r?\n|\Z)")
_ENCODINGS = re.compile(r"[a-z0-9-]+")
_OTHER_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)|\0")
_FILE_BEGINS = re.compile(
    rb"^(?:(?P<uuencode>"
    + uuencode_in_text.PATTERN
    + rb")|(?==ybegin |\(This file must be converted with BinHex))",
    re.M | re.I,
)
_TEXTS = ("text", "message")


def is_ascii(octets: Octets, span: Span) -> bool:
    """Are all octets below 128?"""
    return _all_ascii(chunks(octets, span))


def _all_ascii(document: Iterable[bytes]) -> bool:
    return all(chunk.isascii() for chunk in document)


def encode_anew(rewriting: Rewriting, octets: Octets, part: Part) -> None:
    """The document in quoted-printable, or base64 if it is no text."""
    encoding, made = _encoded(octets, part, part.encoding, part.content_type.type)
    rewriting.header(part).replace(b"Content-Transfer-Encoding", encoding.encode("ascii"))
    rewriting.set_body(part, (made, *_line_end(rewriting, part)))


def normalize(rewriting: Rewriting, octets: Octets, part: Part) -> None:
    """See the file's first lines."""
    _drop_blank_lines(rewriting.header(part), octets)
    if part.is_multipart and part.children:
        _normalize_multipart(rewriting, octets, part)
    elif part.children:
        _normalize_mail_holder(rewriting, octets, part)
    else:
        _normalize_document(rewriting, octets, part)


def _drop_blank_lines(header: HeaderDraft, octets: Octets) -> None:
    """A line of blanks within a field: some programs take it for the end of the header."""
    entries = header.entries
    for at, entry in enumerate(entries):
        written = entry.piece if isinstance(entry.piece, bytes) else entry.piece.of(octets)
        if _BLANK_LINE.search(written) and not is_signature(entry.key):
            entries[at] = Entry(entry.key, _BLANK_LINE.sub(b"", written))
    header.set_all(entries)


def _normalize_document(rewriting: Rewriting, octets: Octets, part: Part) -> None:
    kind = part.content_type
    name, parameters = kind.name, kind.joined
    if not kind.type or not kind.subtype or kind.type == "multipart":
        name, parameters = "text/plain", ()
    encoding, made = _encoded(octets, part, _encoding(octets, part), name.partition("/")[0])
    fields: List[HeaderField] = [
        (b"Content-Type", mime_value(name, _first_of_each(parameters, file_names(octets, part)))),
        (b"Content-Transfer-Encoding", encoding.encode("ascii")),
        *_disposition(octets, part),
    ]
    rewriting.set_mime_fields(part, fields)
    rewriting.set_body(part, (made, *_line_end(rewriting, part)))


def _first_of_each(
    parameters: Iterable[content_type.Parameter], names: Tuple[str, ...]
) -> Tuple[content_type.Parameter, ...]:
    """Each parameter once; the name of a file stands in Content-Disposition alone."""
    found: Dict[str, content_type.Parameter] = {}
    for name, value in parameters:
        bare = name.rstrip("*").partition("*")[0]
        if bare not in ("name", "filename", "boundary"):
            found.setdefault(bare, (name if name.endswith("*") else bare, value))
    return tuple(found.values())


def _disposition(octets: Octets, part: Part) -> Iterator[HeaderField]:
    names = file_names(octets, part)
    values = [
        content_type.disposition(field.value.of(octets)).type
        for field in part.fields
        if field.key == "content-disposition"
    ]
    if names or values:
        kind = b"inline" if "inline" in values[:1] else b"attachment"
        name = b"; " + parameter("filename", names[0]) if names else b""
        yield b"Content-Disposition", kind + name


def _encoding(octets: Octets, part: Part) -> str:
    """In force; or one that a program which reads loosely finds in a field."""
    if part.encoding in READINGS:
        return part.encoding
    for field in part.fields:
        if field.key == "content-transfer-encoding":
            words = _ENCODINGS.findall(field.value.of(octets).decode("latin-1").lower())
            known = [word for word in words if word in READINGS]
            if known:
                return str(known[0])
    return part.encoding


def _encoded(octets: Octets, part: Part, encoding: str, kind: str) -> Tuple[str, Made]:
    """The document in its new encoding."""

    def document() -> Iterator[bytes]:
        return decoded(octets, part.body, encoding)

    if kind not in _TEXTS or _has_other_line_ends(document()):
        return BASE64, Made(lambda: base64_chunks(document()))
    if kind == "message":  # RFC 2046 section 5.2, RFC 3464 section 2.1: it is not encoded
        identity = "7bit" if _all_ascii(document()) else "8bit"
        return identity, Made(lambda: _harmless(document()))
    return QUOTED_PRINTABLE, Made(lambda: quoted_printable_chunks(_harmless(document())))


def _has_other_line_ends(document: Iterable[bytes]) -> bool:
    """Would a text in quoted-printable be another one?"""
    left = b""
    for chunk in document:
        text = left + chunk
        left = b"\r" if text.endswith(b"\r") else b""
        if _OTHER_LINE_END.search(text[: len(text) - len(left)]):
            return True
    return bool(left)


def _harmless(document: Iterable[bytes]) -> Iterator[bytes]:
    """Some lines are held, so that what is behind a line tells whether it begins a file."""
    left = b""
    for chunk in document:
        text = left + chunk
        cut = _held(text)
        yield from _set_off(text, cut)
        left = text[cut:]
    yield from _set_off(left + b"\n", len(left))


def _held(text: bytes) -> int:
    """Where the last lines begin: those that uuencode_in_text looks at, and one without an end."""
    cut = text.rfind(b"\n") + 1
    for _ in range(uuencode_in_text.LINES_BEHIND):
        cut = text.rfind(b"\n", 0, max(0, cut - 1)) + 1
    return cut if len(text) - cut <= 1 << 20 else len(text)  # these are no lines of text


def _set_off(text: bytes, end: int) -> Iterator[bytes]:
    """Up to there, with a blank before the first line of each file."""
    at = 0
    for match in _FILE_BEGINS.finditer(text, 0, end):
        start = match.start()
        if not match["uuencode"] or uuencode_in_text.begins(text, start):
            yield text[at:start] + b" "
            at = start
    yield text[at:end]


def _line_end(rewriting: Rewriting, part: Part) -> Tuple[bytes, ...]:
    return (CRLF,) if rewriting.needs_line_end(part) else ()


def _normalize_mail_holder(rewriting: Rewriting, octets: Octets, part: Part) -> None:
    """RFC 2046 section 5.2.1 allows no encoding here; what has one is decoded, and read anew."""
    encoding = _encoding(octets, part)
    rewriting.set_mime_fields(part, [(b"Content-Type", b"message/rfc822")])
    if encoding in READINGS:
        rewriting.set_body(part, (Made(lambda: decoded(octets, part.body, encoding)),))


def _normalize_multipart(rewriting: Rewriting, octets: Octets, part: Part) -> None:
    boundary = _new_boundary(octets, part)
    value = b'multipart/%s; boundary="%s"' % (_token(part.content_type.subtype), boundary)
    for parameter_ in part.content_type.joined:
        if parameter_[0] in ("type", "start", "protocol", "micalg", "report-type"):
            value += b"; " + mime_value("", (parameter_,)).removeprefix(b"; ")
    rewriting.set_mime_fields(part, [(b"Content-Type", value)])
    at, end = part.body
    for number, child in enumerate(part.children):
        delimiter = b"--" + boundary + CRLF
        start = min(child.span.start, end)  # one without octets may lie behind
        rewriting.add(Edit(Span(at, start), (CRLF * bool(number) + delimiter,)))
        at = min(child.span.end, end)
    last = CRLF + b"--" + boundary + b"--"
    rewriting.add(Edit(Span(at, end), (last, *_line_end(rewriting, part))))


def _token(subtype: str) -> bytes:
    return subtype.encode("ascii", "replace").replace(b"?", b"_")


def _new_boundary(octets: Octets, part: Part) -> bytes:
    """The same each time for the same mail, and no octets of it."""
    seed = b"%d %d" % part.span
    while True:
        boundary = b"=_" + hashlib.blake2s(seed, digest_size=12).hexdigest().encode("ascii")
        if octets.find(boundary) < 0:
            return boundary
        seed = boundary
