"""bodystructure - BODY and BODYSTRUCTURE: the parts of a mail, their kinds and sizes.

    bodystructure(octets, structure.root, extended=True)
        -> b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 12 1 NIL NIL NIL NIL)'

Sizes and lines are those of BODY[n].  Types and names are spelled as in the mail; a text
without a charset gets us-ascii.  A multipart without parts is shown with an empty text,
since the grammar wants one; a message/rfc822 that has not been looked into, and a
multipart that is none, as application/octet-stream.

Source: RFC 3501 section 7.4.2 and 9 (body).  See also: content.py, envelope.py.
"""

from __future__ import annotations

from typing import Callable, Dict, Iterable, Iterator, List, Tuple, Union

from kernun_common.mail_doc.octets import Octets
from kernun_common.mail_doc.structure import Part

from .content import Content, Shape
from .envelope import envelope
from .fields import NIL, nstring, string
from .parameters import Disposition, Media, Parameter

_CHARSET = b"charset"
_DEFAULT_CHARSET: Parameter = (_CHARSET, b"us-ascii")
_DEFAULT_ENCODING = b"7bit"
_TEXT = Media(b"text", b"plain")
_MESSAGE = Media(b"message", b"rfc822")
_UNKNOWN = Media(b"application", b"octet-stream")
_NO_PARTS = b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0'  # and no bracket yet
_NO_EXTENSION = b" NIL NIL NIL NIL"

_Piece = Union[bytes, Part]


def bodystructure(octets: Octets, part: Part, extended: bool) -> bytes:
    """`extended`: BODYSTRUCTURE, else BODY.  Without recursion, however deep the mail is."""
    out: List[bytes] = []
    left: List[_Piece] = [part]
    while left:
        piece = left.pop()
        if isinstance(piece, bytes):
            out.append(piece)
        else:
            content = Content.of(octets, piece)
            write = _SHAPES[content.shape]
            left.append(b")")
            left.extend(reversed(list(write(octets, content, extended))))
            left.append(b"(")
    return b"".join(out)


def _multipart(octets: Octets, content: Content, extended: bool) -> Iterator[_Piece]:
    """body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]"""
    media = content.media
    if media is None or not media.is_a(b"multipart"):
        media = Media(*content.part.content_type.written)
    if content.part.children:
        yield from content.part.children
    else:
        yield _NO_PARTS + _NO_EXTENSION * extended + b")"
    yield b" " + string(media.subtype)
    if extended:
        yield b" " + _parameters(media.parameters)
        yield _common_extension(content)


def _message(octets: Octets, content: Content, extended: bool) -> Iterator[_Piece]:
    """body-type-msg = media-message SP body-fields SP envelope SP body SP body-fld-lines"""
    mail = content.part.children[0]
    yield _basic(_MESSAGE, _given(content.media), content)
    yield b" " + envelope(octets, mail.fields) + b" "
    yield mail
    yield b" %d" % content.part.lines
    yield from _single_extension(content, extended)


def _leaf(octets: Octets, content: Content, extended: bool) -> Iterator[_Piece]:
    """body-type-text, which has its lines, or body-type-basic"""
    media = content.media or _TEXT
    given = _given(content.media)
    if content.part.content_type.name == "message/rfc822" or _is_composite(media):
        media = _UNKNOWN
    if media.is_a(b"text"):
        if not any(name.lower() == _CHARSET for name, _ in given):
            given = (*given, _DEFAULT_CHARSET)
        yield _basic(media, given, content) + b" %d" % content.part.lines
    else:
        yield _basic(media, given, content)
    yield from _single_extension(content, extended)


_SHAPES: Dict[Shape, Callable[[Octets, Content, bool], Iterator[_Piece]]] = {
    Shape.MULTIPART: _multipart,
    Shape.MESSAGE: _message,
    Shape.LEAF: _leaf,
}


def _given(media: Media | None) -> Tuple[Parameter, ...]:
    return media.parameters if media else ()


def _is_composite(media: Media) -> bool:
    return media.is_a(b"multipart") or media.is_a(b"message", b"rfc822")


def _basic(media: Media, given: Iterable[Parameter], content: Content) -> bytes:
    """media-basic SP body-fields"""
    values = (
        string(media.type),
        string(media.subtype),
        _parameters(given),
        nstring(content.text("id")),
        nstring(content.text("description")),
        string(content.encoding or _DEFAULT_ENCODING),
        b"%d" % content.part.body.size,
    )
    return b" ".join(values)


def _single_extension(content: Content, extended: bool) -> Iterator[bytes]:
    """body-ext-1part"""
    if extended:
        yield b" " + nstring(content.text("md5"))
        yield _common_extension(content)


def _common_extension(content: Content) -> bytes:
    """SP body-fld-dsp SP body-fld-lang SP body-fld-loc"""
    languages = b" ".join(map(string, content.languages))
    return b" %b %b %b" % (
        _disposition(content.disposition),
        b"(%b)" % languages if languages else NIL,
        nstring(content.text("location")),
    )


def _disposition(disposition: Disposition | None) -> bytes:
    if disposition is None:
        return NIL
    return b"(%b %b)" % (string(disposition.name), _parameters(disposition.parameters))


def _parameters(given: Iterable[Parameter]) -> bytes:
    """body-fld-param"""
    written = b" ".join(string(text) for parameter in given for text in parameter)
    return b"(%b)" % written if written else NIL
