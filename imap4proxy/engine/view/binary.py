"""binary - the documents of a mail without their transfer encoding, for BINARY[...].

    documents = Documents(octets)
    documents.pieces(part, with_header=False)
        -> pieces (pieces.py): spans, and streams of what is decoded
    Refused("UNKNOWN-CTE")      raised: nobody knows how it is encoded, or in two ways
    Refused("PARSE")            ... what is there is not in that encoding

The length of a stream is known: the document is read once for it, 64 KiB at a time, and
what has been learned (where each 64 KiB of it begin) is kept, so that a client that reads
it in partials costs no more than one that takes it whole.  Nothing that is not strictly in
its encoding is decoded, since two programs could decode it in two ways.

A multipart, or a whole mail, is given with all that is in it decoded, and headers that say so.
Sources: RFC 3516, RFC 2045 section 6.7 and 6.8.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, a2b_qp
from bisect import bisect_right
from typing import Callable, Dict, Iterator, List, NamedTuple, Tuple

from kernun_common.mail_doc.octets import CHUNK, Octets, Span
from kernun_common.mail_doc.structure import Part

from . import parameters
from .fields import value
from .pieces import Piece, Stream

UNKNOWN_ENCODING = "UNKNOWN-CTE"
NOT_IN_ENCODING = "PARSE"

_FIELD = "content-transfer-encoding"
_DECODED_FIELD = b"Content-Transfer-Encoding: binary\r\n"
_IDENTITY = frozenset({b"7bit", b"8bit", b"binary"})

_BLANKS = b" \t\r\n"
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_QUARTET = 4
_PADDING = (0, 0, 2, 1)  # signs of equality behind so many letters of the last quartet

_NOT_QUOTED_PRINTABLE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n)|\r(?!\n)")
_BLANKS_AT_END = re.compile(rb"(?<![ \t])[ \t]+(?=\r?\n)")
_BARE_LF = re.compile(rb"(?<!\r)\n")
_BEGUN = re.compile(rb"(?:=[0-9A-Fa-f]?|[ \t\r]+|=[ \t]+\r?)\Z")
_LONGEST_LINE = 76  # RFC 2045 section 6.7

_Split = Callable[[Octets, Span], Iterator[Tuple[Span, bytes]]]
_Encoding = Tuple[_Split, Callable[[bytes], bytes]]


class Refused(ValueError):
    """`code` is that of the tagged NO."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Chunk(NamedTuple):
    """`offset` of what it decodes to; `before`: octets in front of it that belong to its first."""

    offset: int
    span: Span
    before: bytes = b""


class Document:
    """The decoded body of a part; Refused if that cannot be had.  `stream` gives its octets."""

    def __init__(self, octets: Octets, body: Span, encoding: bytes) -> None:
        self._octets = octets
        self._chunks: List[_Chunk] = []
        split, self._decode = _ENCODINGS[encoding]
        at = 0
        for span, before in split(octets, body):
            self._chunks.append(_Chunk(at, span, before))
            at += len(self._decoded(self._chunks[-1]))
        self.stream = Stream(at, self._begin)
        self._offsets = [chunk.offset for chunk in self._chunks]

    def _decoded(self, chunk: _Chunk) -> bytes:
        return self._decode(chunk.before + chunk.span.of(self._octets))

    def _begin(self, offset: int) -> Iterator[bytes]:
        first = bisect_right(self._offsets, offset) - 1
        for chunk in self._chunks[max(first, 0):]:
            decoded = self._decoded(chunk)[max(offset - chunk.offset, 0):]
            if decoded:
                yield decoded


class Documents:
    """All that have been decoded of one mail."""

    def __init__(self, octets: Octets) -> None:
        self._octets = octets
        self._known: Dict[Span, Document] = {}

    def pieces(self, part: Part, with_header: bool) -> List[Piece]:
        """The body of `part` decoded, behind its header if that is wanted.

        As it stands, header and all, where nothing is encoded.
        """
        found = list(self._pieces(part, with_header))
        if any(isinstance(piece, Stream) for piece in found):
            return found
        return [part.span if with_header else part.body]

    def _pieces(self, part: Part, with_header: bool) -> Iterator[Piece]:
        encoding = _encoding(self._octets, part)
        is_decoded = encoding not in _IDENTITY
        if with_header:
            yield from _header(part) if is_decoded else (part.header,)
        if part.children:
            yield from self._children(part)
        elif is_decoded and part.body.size:
            yield self._document(part, encoding)
        else:
            yield part.body

    def _children(self, part: Part) -> Iterator[Piece]:
        at = part.body.start
        for child in part.children:
            yield Span(at, child.header.start)
            yield from self._pieces(child, with_header=True)
            at = child.body.end
        yield Span(at, part.body.end)

    def _document(self, part: Part, encoding: bytes) -> Stream:
        if part.body not in self._known:
            self._known[part.body] = Document(self._octets, part.body, encoding)
        return self._known[part.body].stream


def _encoding(octets: Octets, part: Part) -> bytes:
    """Of a part; Refused where it is not one that everybody reads as the same."""
    found = {
        (parameters.encoding(value(octets, field)) or b"").lower()
        for field in part.fields
        if field.key == _FIELD
    }
    encoding = found.pop() if found else b"7bit"
    if found or encoding not in _IDENTITY and encoding not in _ENCODINGS:
        raise Refused(UNKNOWN_ENCODING)
    return encoding


def _header(part: Part) -> Iterator[Piece]:
    """Of a part that is decoded."""
    at = part.header.start
    for field in part.fields:
        if field.key == _FIELD:
            yield Span(at, field.span.start)
            at = field.span.end
    last = part.fields[-1].span.end
    yield Span(at, last)
    yield _DECODED_FIELD
    yield Span(last, part.header.end)


# --- base64 ------------------------------------------------------------------------------------


def _base64(octets: Octets, body: Span) -> Iterator[Tuple[Span, bytes]]:
    """Chunks that decode by themselves, each with the begun quartet of the one before."""
    before, letters, padding = b"", 0, 0
    for start in range(body.start, body.end, CHUNK):
        span = Span(start, min(start + CHUNK, body.end))
        text = span.of(octets).translate(None, _BLANKS)
        plain, equals, behind = text.partition(b"=")
        if plain.translate(None, _BASE64) or behind.strip(b"=") or padding and plain:
            raise Refused(NOT_IN_ENCODING)
        letters += len(plain)
        padding += len(equals) + len(behind)
        if padding > _PADDING[letters % _QUARTET]:
            raise Refused(NOT_IN_ENCODING)
        yield span, before
        before = (before + text)[(len(before) + len(text)) // _QUARTET * _QUARTET:]
    if before:
        raise Refused(NOT_IN_ENCODING)


def _from_base64(octets: bytes) -> bytes:
    """The whole quartets."""
    text = octets.translate(None, _BLANKS)
    return a2b_base64(text[: len(text) // _QUARTET * _QUARTET])


# --- quoted-printable --------------------------------------------------------------------------


def _quoted_printable(octets: Octets, body: Span) -> Iterator[Tuple[Span, bytes]]:
    """Chunks of whole lines; a line longer than that is cut where nothing is begun."""
    at, end = body.start, _text_end(octets, body)
    while at < end:
        span = Span(at, end if end - at <= CHUNK else _safe_end(octets, at))
        if _NOT_QUOTED_PRINTABLE.search(span.of(octets)):
            raise Refused(NOT_IN_ENCODING)
        yield span, b""
        at = span.end


def _text_end(octets: Octets, body: Span) -> int:
    """Without blanks at the end of the last line, and without the = that says it is not ended."""
    tail = octets[max(body.start, body.end - CHUNK) : body.end]
    return body.end - len(tail) + len(tail.rstrip(b" \t").removesuffix(b"="))


def _safe_end(octets: Octets, at: int) -> int:
    """Where the chunk that begins at `at` may end."""
    text = octets[at : at + CHUNK]
    line_end = text.rfind(b"\n")
    if line_end >= 0:
        return at + line_end + 1
    tail = text[-_LONGEST_LINE:]
    begun = _BEGUN.search(tail)
    if begun is None:
        return at + len(text)
    if not begun.start():
        raise Refused(NOT_IN_ENCODING)
    return at + len(text) - len(tail) + begun.start()


def _from_quoted_printable(octets: bytes) -> bytes:
    """With CRLF behind each line, and no blanks before it."""
    return a2b_qp(_BARE_LF.sub(b"\r\n", _BLANKS_AT_END.sub(b"", octets)))


_ENCODINGS: Dict[bytes, _Encoding] = {
    b"base64": (_base64, _from_base64),
    b"quoted-printable": (_quoted_printable, _from_quoted_printable),
}
