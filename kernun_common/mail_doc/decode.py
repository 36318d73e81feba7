"""decode - the document in a part, decoded in a stream.

    for octets in decoded(octets, part.body, part.encoding)    in pieces of bounded size
    READINGS["base64"]      the ways to read its data; the first is the usual one

An encoding that nobody knows leaves the octets as they are (RFC 2045 section 6.4), as do
7bit, 8bit and binary.  Any octets can be decoded; memory does not grow with them.
"""

from __future__ import annotations

from typing import Callable, Dict, Iterable, Iterator, Tuple

from . import base64_text, binhex, quoted_printable, uuencode, yenc
from .octets import Octets, Span, chunks

Decoder = Callable[[Iterable[bytes]], Iterator[bytes]]

_BASE64 = (base64_text.tolerant, base64_text.until_padding, base64_text.until_junk)
_UUENCODE = (uuencode.decoded, uuencode.loosely, uuencode.masked)
_YENC = (yenc.decoded,)
_BINHEX = (binhex.decoded,)

READINGS: Dict[str, Tuple[Decoder, ...]] = {
    "base64": _BASE64,
    "quoted-printable": (quoted_printable.decoded,),
    "x-uuencode": _UUENCODE,
    "x-uue": _UUENCODE,
    "uuencode": _UUENCODE,
    "uue": _UUENCODE,
    "x-yencode": _YENC,
    "x-yenc": _YENC,
    "yenc": _YENC,
    "x-binhex": _BINHEX,
    "x-binhex40": _BINHEX,
    "mac-binhex40": _BINHEX,
    "binhex": _BINHEX,
}


def decoded(octets: Octets, span: Span, encoding: str) -> Iterator[bytes]:
    """The octets of the span, which are in this encoding (in lower case), in its usual reading.

    In chunks, none of which is empty.
    """
    readings = READINGS.get(encoding)
    body = chunks(octets, span)
    return filter(None, readings[0](body)) if readings else body
