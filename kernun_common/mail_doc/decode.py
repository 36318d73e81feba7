"""decode - the octets of a document, its transfer encoding taken off; RFC 2045 section 6.

    for chunk in decoded(octets, part.body, part.encoding): ...

In a stream: a document may be larger than memory.  Any octets can be decoded: what has no meaning
in an encoding is passed over, as mail programs do.  An encoding that is not known is none.
See also: encode.py, transfer_encoding.py.
"""

from __future__ import annotations

import binascii
import re
from typing import Iterable, Iterator

from .octets import Octets, Span, chunks

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDED = re.compile(rb"=+")


def decoded(octets: Octets, span: Span, encoding: str) -> Iterator[bytes]:
    """The document in chunks, none of which is empty."""
    decoder = {"base64": _base64, "quoted-printable": _quoted_printable}.get(encoding)
    body = chunks(octets, span)
    return filter(None, decoder(body) if decoder else body)


def _base64(body: Iterable[bytes]) -> Iterator[bytes]:
    """Digits behind padding go on: there are programs that join two documents in this way."""
    left = b""
    for chunk in body:
        digits = left + _NOT_BASE64.sub(b"", chunk)
        runs = _PADDED.split(digits)
        for run in runs[:-1]:
            yield _digits(run)
        whole = len(runs[-1]) // 4 * 4
        yield binascii.a2b_base64(runs[-1][:whole])
        left = runs[-1][whole:]
    yield _digits(left)


def _digits(run: bytes) -> bytes:
    """As many octets as the digits hold."""
    whole = run[:-1] if len(run) % 4 == 1 else run  # one digit is no octet
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _quoted_printable(body: Iterable[bytes]) -> Iterator[bytes]:
    """An escape has three octets: one that is cut by the end of a chunk waits for the next."""
    left = b""
    for chunk in body:
        text = left + chunk
        escape = text.rfind(b"=", len(text) - 2)
        cut = len(text) if escape < 0 else escape
        yield binascii.a2b_qp(text[:cut])
        left = text[cut:]
    yield binascii.a2b_qp(left)
