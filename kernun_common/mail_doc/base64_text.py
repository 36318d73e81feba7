"""base64_text - base64 in a stream; RFC 2045 section 6.8.

    for octets in tolerant(chunks)         leaves out what is no base64; goes on behind padding
    for octets in until_padding(chunks)    ... and it ends at the first padding
    for octets in until_junk(chunks)       it ends at the first octet that may not stand there

Three ways in which mail programs read what is broken; of what is not, they give the same.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator

from pybase64 import b64decode

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_JUNK = bytes(set(range(256)) - set(ALPHABET + b"="))
_FORBIDDEN = re.compile(rb"[^A-Za-z0-9+/= \t\r\n]")


def tolerant(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Any octets; each run of base64 between paddings is decoded by itself."""
    rest = b""
    for chunk in chunks:
        *runs, rest = (rest + chunk.translate(None, _JUNK)).split(b"=")
        whole = len(rest) & ~3
        octets = b"".join(map(_decoded, runs)) + _decoded(rest[:whole])
        rest = rest[whole:]
        if octets:
            yield octets
    if len(rest) > 1:
        yield _decoded(rest)


def _decoded(run: bytes) -> bytes:
    """A run without padding; one octet too many stands for nothing."""
    over = len(run) % 4
    if over == 1:
        run = run[:-1]
    return b64decode(run + b"=" * (-len(run) % 4), validate=True)


def until_padding(chunks: Iterable[bytes]) -> Iterator[bytes]:
    return tolerant(_up_to(re.compile(b"="), chunks))


def until_junk(chunks: Iterable[bytes]) -> Iterator[bytes]:
    return tolerant(_up_to(_FORBIDDEN, chunks))


def _up_to(end: re.Pattern[bytes], chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        found = end.search(chunk)
        if found:
            yield chunk[: found.start()]
            return
        yield chunk
