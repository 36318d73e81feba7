"""yenc - yEnc in a stream; the draft of version 1.3 (2002).

    for octets in decoded(chunks)     the parts in it, one behind the other

A part goes from a line `=ybegin` (and `=ypart`) to a line `=yend`, or to where the stream ends.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator

from .text_lines import lines

BEGIN = re.compile(rb"=ybegin +(?:[a-z]+=[0-9]+ +)*name=([^\r\n]*)")
_SHIFTED = bytes((octet - 42) & 255 for octet in range(256))
_ESCAPED = bytes((octet - 42 - 64) & 255 for octet in range(256))
_ESCAPE = re.compile(rb"=(.?)", re.S)


def decoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Any octets; nothing where no part begins."""
    inside = False
    for line in lines(chunks):
        if line.startswith((b"=ybegin ", b"=yend")):
            inside = line.startswith(b"=ybegin ")
        elif inside and not line.startswith(b"=ypart ") and line:
            yield _line(line)


def _line(line: bytes) -> bytes:
    pieces = _ESCAPE.split(line)  # what stands for itself and what was escaped, by turns
    return b"".join(
        piece.translate(_ESCAPED if at % 2 else _SHIFTED) for at, piece in enumerate(pieces)
    )
